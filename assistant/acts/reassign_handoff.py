"""Who else is to have it: another person, or another function?"""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.handing import (
    OfHandoff,
    did,
    held,
    holder,
    in_hand,
    in_the_way,
    not_of_either,
    receiver_meant,
    renewing,
)
from assistant.deciding import LONGEST_NAME, Outcome, Records, Refused, cleaned
from assistant.handoffs.functions import Functions
from assistant.people import people_of
from assistant.policy import Policy
from assistant.policy.model import near
from assistant.viewer import Viewer
from storage.records import Handoff

NAME = "reassign_handoff"
HELP = "Give a handoff to another person or function: it is open again, for them."
_KIND = "handoff.reassigned"


@dataclass(frozen=True, slots=True)
class Wish(OfHandoff):
    """Give it to ``receiver`` (whatever ``person_meant`` reads), or to all of ``to_function``.

    Where only one is given: the person within the same function; nobody by name within the other.
    """

    to_function: str | None = None
    receiver: str | None = None
    why: str = ""
    via: str = ""


def objects(wish: Wish) -> tuple[str, ...]:
    """The handoff, and what it is about."""
    return held(wish)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Give it to them, for either side, while it is with its receiver."""
    handoff = in_hand(records, wish, who, policy)
    if isinstance(handoff, Refused):
        return handoff
    refused = not_of_either(handoff, records, who, policy, "give this to somebody else")
    refused = refused or in_the_way(handoff, _KIND, wish, who, policy, now)
    if refused:
        return refused
    settled = _settled(handoff, wish, who, policy)
    if isinstance(settled, Refused):
        return settled
    data = {"to": settled[0], "receiver": settled[1], "why": cleaned(wish.why), "via": wish.via}
    data |= renewing(handoff, wish)
    return (did(handoff, _KIND, who, now, data),)


def _settled(handoff: Handoff, wish: Wish, who: Viewer, policy: Policy) -> tuple[str, str | None] | Refused:
    """The function and the person who have it from now on."""
    functions = Functions(policy)
    words = (wish.to_function or "").strip()[:LONGEST_NAME]
    to_function = functions.meant(words) if words else handoff.to_function
    if to_function is None:
        said = cleaned(words, LONGEST_NAME)
        hint = near(said.casefold(), functions.keys) or "."
        return Refused(f'I know no function "{said}"{hint} There are {functions.listed(functions.keys)}.')
    receiver = receiver_meant(wish.receiver, handoff.about, who, policy)
    if isinstance(receiver, Refused):
        return receiver
    if not words and receiver is None:
        return Refused("Say who is to have it: a person, or a function.")
    same = receiver is handoff.receiver is None or people_of(policy).same(receiver, handoff.receiver)
    if to_function == handoff.to_function and same:
        return Refused(f"It is with {holder(handoff, policy)} already.")
    if to_function == handoff.from_function and receiver is None:
        return Refused(f"It comes from {functions.name(to_function)}: name the person who is to have it.")
    return to_function, receiver
