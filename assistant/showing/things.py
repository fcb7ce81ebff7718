"""How does a digest list one thing that waits, with its buttons?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from assistant.blockers.blocker import Blocker, BlockerKind, NextAction
from assistant.blocks import Block, actions, section
from assistant.mentioning import Naming, snoozed_until
from assistant.showing.handing import ACKNOWLEDGE, DONE, RESEND, RETURN, WITHDRAW, pressing
from assistant.showing.pressing import attending
from assistant.showing.sheet import Row
from assistant.telling import Reader
from assistant.words import Words
from storage.records import Attention

_ITEM = 900  # characters


@dataclass(frozen=True, slots=True)
class Page:
    """For whom things are listed, how their owners are named, and what people did about each of them."""

    reader: Reader
    naming: Naming
    attention: Mapping[str, Attention]


def row(blocker: Blocker, page: Page, offers: Sequence[str | Markup] = (), more: tuple[Block, ...] = ()) -> Row:
    """A thing with whose move it is and its buttons; ``offers`` are sentences of its own, ``more`` buttons."""
    known = page.attention.get(blocker.object)
    named = page.naming.of(blocker.owners, known, blocker.turn_began_at)
    said = Words("things", page.reader)("thing", blocker, named, snoozed_until(known, page.naming.now), offers)
    return Row(said, (section(said, None, _ITEM), *_buttons(blocker, more)), blocker.object)


def _buttons(blocker: Blocker, more: tuple[Block, ...]) -> tuple[Block, ...]:
    """What may be done about it where it is listed; a handoff is answered by its own buttons."""
    if blocker.kind is not BlockerKind.HANDOFF_OPEN:
        return attending(blocker.object, review=blocker.kind is BlockerKind.REVIEW_PENDING, more=more)
    own = [pressing(label, action, style, handoff=blocker.object) for label, action, style in _answers(blocker)]
    made = [*more, *(one for one in own if one)]
    return (actions(*made),) if made else ()


def _answers(blocker: Blocker) -> tuple[tuple[str, str, str | None], ...]:
    """The buttons of whoever has to move a handoff: its receiver, or its sender where it came back."""
    if blocker.next_action is NextAction.ANSWER_HANDOFF:
        return ("Send again…", RESEND, "primary"), ("Withdraw…", WITHDRAW, None)
    if blocker.next_action is NextAction.DO_HANDOFF:
        return ("Done…", DONE, "primary"), ("Return…", RETURN, None)
    return ("Acknowledge", ACKNOWLEDGE, "primary"), ("Done…", DONE, None), ("Return…", RETURN, None)
