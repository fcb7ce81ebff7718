"""Who gets what is handed off, by when is it usually due there, and who else will read it?

Asked of Slack just as it will be when it is brought there, so that whoever hands it off knows before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.handoffs.functions import Functions
from assistant.handoffs.pairs import usual_due
from assistant.handoffs.standing import Stand
from assistant.people import people_of
from digests.directory import CouldNotAsk
from digests.handoffs.reaching import CHANNEL, CLOSED, NOBODY, OUTSIDE, SHARED, UNKNOWN, UNSEEN, Lost, Place
from digests.handoffs.reaching import Reach as Finding
from storage.records import Handoff, HandoffState, ObjectKind

if TYPE_CHECKING:
    from datetime import datetime

    from assistant.desk import Desk
    from assistant.handoffs.pairs import Pair
    from commands.handing.form import Asks

PRIVATE, DIRECT = "channel", "direct"  # from what kind of conversation a text comes that not everybody reads
_WHERE = {PRIVATE: "a private channel", DIRECT: "a direct message"}
_ANYTHING = "service:"  # what it is about while nobody can tell: hidden from nobody inside
_LOST = {
    NOBODY: "Nobody is on duty for {function}, it has no channel and nobody leads it, so I can bring it to nobody.",
    UNKNOWN: "I can't tell who {name} is in Slack, so I can't bring it to them.",
    OUTSIDE: "{name} is a guest here, or their account is deactivated.",
    UNSEEN: "{name} may not see what it is about.",
    SHARED: "People of another company read the channel of {function}, so I don't post it there.",
    CLOSED: "I am not in the channel of {function}: type /invite @lastmile there.",
    CHANNEL: "Not all who read the channel of {function} may see what it is about, so I don't post it there.",
}


@dataclass(frozen=True, slots=True)
class Reach:
    """Who gets it, in a sentence, with their name; ``somebody`` is False where nobody would."""

    said: str
    somebody: bool = True
    name: str = ""


def reached(desk: "Desk", asks: "Asks", to: str, receiver: str, about: str = _ANYTHING) -> Reach:
    """Who gets what is handed to a function, or to the Slack user that was picked."""
    key = asks.people.key(receiver, asks.now) if receiver else None
    function = Functions(desk.policy).name(to)
    handoff = Handoff(
        f"{ObjectKind.HANDOFF}:-", "", to, asks.viewer.key, about, "", asks.now, asks.now, receiver=key
    )  # fmt: skip
    finding = Finding(desk.policy, people_of(desk.policy), asks.people, asks.now)
    try:
        found = finding.receiver(Stand(handoff, HandoffState.OPEN, asks.now))
    except CouldNotAsk:
        name = asks.people.name(key, asks.now) if key else function
        return Reach(f"I could not ask Slack about {name}. It is brought there as soon as I can.", name=name)
    if isinstance(found, Lost):
        name = asks.people.name(found.who, asks.now)
        said = _LOST.get(found.code, _LOST[NOBODY]).format(name=name, function=function)
        instead = f"Choose somebody else, or leave it to {function}." if receiver else "Choose somebody in person."
        return Reach(f"{said} {instead}", somebody=False)
    return _place(desk, asks, found, handoff)


def _place(desk: "Desk", asks: "Asks", found: Place, handoff: Handoff) -> Reach:
    functions = Functions(desk.policy)
    function = functions.name(handoff.to_function)
    if not found.personal:
        return Reach(f"It goes to the channel of {function}.", name=f"whoever reads the channel of {function}")
    name = asks.people.name(found.who, asks.now)
    if handoff.receiver:
        return Reach(f"{name} gets it by direct message.", name=name)
    duty = people_of(desk.policy).same(found.who, functions.on_duty(handoff.to_function, asks.now))
    how = f"on duty for {function} this week" if duty else f"who leads {function}"
    return Reach(f"{name}, {how}, gets it by direct message.", name=name)


def reads_it(desk: "Desk", asks: "Asks", was: Mapping[str, Any]) -> str:
    """Who will read a text that comes from where few can, said before it leaves there."""
    reader = reached(desk, asks, was["to"], was["receiver"]).name or "whoever takes it"
    return (
        f"This text is from {_WHERE.get(str(was['private']), _WHERE[PRIVATE])}. Once you hand it off, {reader} reads "
        "it, and so can everybody who may see what it is about. Leave out what should stay where it was written. "
        "The link opens only for those who are there."
    )


def due_of(desk: "Desk", asks: "Asks", pair: "Pair", to: str, receiver: str) -> "datetime":
    """By when a pair's usual time is over, in the working hours of whoever gets it."""
    key = asks.people.key(receiver, asks.now) if receiver else None
    return usual_due(pair, to, key, desk.policy, asks.now)
