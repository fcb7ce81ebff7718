"""How does a list show one handoff, with the buttons of whose move it is?"""

from collections.abc import Iterator

from assistant.blocks import Block, actions, section
from assistant.handoffs.listing import Listed
from assistant.handoffs.standing import RECEIVERS
from assistant.mentioning import Naming
from assistant.showing.handing import (
    ACKNOWLEDGE,
    DONE,
    DUE,
    REASSIGN,
    RESEND,
    RETURN,
    SNOOZE,
    WITHDRAW,
    more,
    pressing,
    undoing,
)
from assistant.showing.sheet import Row
from assistant.telling import Reader
from assistant.words import Words
from storage.records import HandoffState
from storage.state.handoff import SIGNED

_ITEM = 1_100  # characters
_NEW = frozenset({HandoffState.OPEN, HandoffState.STALE})


def row(one: Listed, reader: Reader, naming: Naming) -> Row:
    """A handoff with whose move it is; below it what its reader may do now, everything else in a menu beside it."""
    said = Words("handed", reader)("handed", one, naming.of(one.stand.movers))
    menu = more(one.handoff.object, tuple(_others(one)))
    buttons = tuple(filter(None, _moves(one)))
    below = (actions(*buttons),) if buttons else ()
    return Row(said, (section(said, menu, _ITEM), *below), one.handoff.object)


def _moves(one: Listed) -> Iterator[Block | None]:
    """The buttons of the move that is due, for a reader who may make it."""
    name = one.handoff.object
    if one.receives and one.state in RECEIVERS:
        fresh = one.state in _NEW
        if fresh:
            yield pressing("Acknowledge", ACKNOWLEDGE, "primary", handoff=name)
        yield pressing("Done…", DONE, None if fresh else "primary", handoff=name)
        yield pressing("Return…", RETURN, handoff=name)
    if one.sends and one.state is HandoffState.RETURNED:
        yield pressing("Send again…", RESEND, "primary", handoff=name)
        yield pressing("Withdraw…", WITHDRAW, handoff=name)


def _others(one: Listed) -> Iterator[tuple[str, str]]:
    """What else this reader may do."""
    if one.state in SIGNED:
        yield from undoing(receives=one.receives, sends=one.sends)
    waits = one.state in RECEIVERS
    if waits and one.receives:
        yield SNOOZE, "Remind me tomorrow"
    if waits and (one.receives or one.sends):
        yield REASSIGN, "Pass it on…"
    if one.stand.open and one.sends:
        yield DUE, "Change the due time…"
    if waits and one.sends:
        yield WITHDRAW, "Withdraw it…"
