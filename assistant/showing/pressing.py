"""Which buttons go with a thing that is brought to somebody?"""

import json

from assistant.blocks import BUTTON_VALUE, Block, actions, button
from assistant.words import escape

ACKNOWLEDGE, DECLINE, TAKE = "attend.acknowledge", "attend.decline", "attend.take"
TOMORROW, NEXT_WEEK = "attend.snooze.tomorrow", "attend.snooze.week"
CORRECT_LINK = "incident.link"
_LONGEST = 500  # characters that each of five buttons carries: together they are part of one message
ATTENDING = frozenset({ACKNOWLEDGE, DECLINE, TAKE, TOMORROW, NEXT_WEEK})


def attending(about: str, *, review: bool = False, more: tuple[Block, ...] = ()) -> tuple[Block, ...]:
    """A row of buttons for the object ``about``: acknowledge, take the review, not mine, snooze; none if too long.

    ``more`` are buttons of the thing's own, which come first.
    """
    carried = json.dumps({"about": about})
    if len(carried) > _LONGEST:
        return ()
    made = [*more, button("Acknowledge", ACKNOWLEDGE, carried)]
    if review:
        made.append(button("Take the review", TAKE, carried))
    made.append(button("Not mine", DECLINE, carried))
    made.append(button("Snooze until tomorrow", TOMORROW, carried))
    made.append(button("Until next week", NEXT_WEEK, carried))
    return (actions(*made),)


def labelled(label: str, action: str, **values: str | None) -> Block | None:
    """A button of a thing's own; None where its values are too long to be carried."""
    carried = json.dumps(values)
    return button(escape(label), action, carried) if len(carried) <= BUTTON_VALUE else None
