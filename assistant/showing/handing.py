"""Which buttons, forms and menus are about handoffs and rounds? Their names, which the commands listen to.

A button carries ``{"handoff": OBJECT}`` (or ``{"round": OBJECT, "function": KEY}``, ``{"release": OBJECT, ...}``).
"""

import json
from collections.abc import Sequence

from assistant.blocks import BUTTON_TEXT, BUTTON_VALUE, Block, button, plain
from assistant.words import escape

NEW, SHORTCUT = "handoff.new", "handoff.from_message"  # NEW carries {"about": WORDS} and what else is filled in
ACKNOWLEDGE, DONE, RETURN = "handoff.acknowledge", "handoff.done", "handoff.return"
RESEND, WITHDRAW, REASSIGN = "handoff.resend", "handoff.withdraw", "handoff.reassign"
DUE, SNOOZE, MORE = "handoff.due", "handoff.snooze", "handoff.more"
TAKE_BACK = "handoff.take_back"  # what was done is not: whoever receives it has it again
ANSWER, CLOSE, BLOCK, PASS_ON = "round.answer", "round.close", "round.block", "round.handoff"
PROVIDE = "enablement.provide"  # carries {"release": OBJECT, "what": WORDS}
_OPTION_VALUE, _OPTIONS = 150, 5  # of one entry of a menu, and entries


def pressing(label: str, action: str, style: str | None = None, **values: str | None) -> Block | None:
    """A button that carries these values; None where they are too long to be carried."""
    carried = json.dumps({key: value for key, value in values.items() if value is not None})
    return button(escape(label), action, carried, style) if len(carried) <= BUTTON_VALUE else None


def undoing(*, receives: bool, sends: bool) -> tuple[tuple[str, str], ...]:
    """What may be chosen of a handoff that is done: it is not after all."""
    theirs = ((TAKE_BACK, "Take it back"), (RETURN, "Return…")) if receives else ()
    return (*theirs, *(((RESEND, "Ask for it again…"),) if sends else ()))


def more(handoff: str, offered: Sequence[tuple[str, str]]) -> Block | None:
    """A menu of what else can be done, each (action, its label), under the action id MORE.

    An option's value is ``{"handoff": OBJECT, "do": ACTION}``, the action one of the names above; None where nothing
    is offered or the handoff's name is too long to be carried.
    """
    made = []
    for action, said in offered:
        value = json.dumps({"handoff": handoff, "do": action})
        if len(value) > _OPTION_VALUE:
            return None
        made.append({"text": plain(escape(said), BUTTON_TEXT), "value": value})
    return {"type": "overflow", "action_id": MORE, "options": made[:_OPTIONS]} if made else None
