"""Why does it go back to whoever handed it over?"""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.handing import OfHandoff, did, held, in_hand, in_the_way, not_receiving, renewing
from assistant.deciding import Outcome, Records, Refused, cleaned
from assistant.policy import Policy
from assistant.viewer import Viewer

NAME = "return_handoff"
HELP = "Return a handoff to its sender, with what is missing or wrong."
_KIND = "handoff.returned"


@dataclass(frozen=True, slots=True)
class Wish(OfHandoff):
    """Return it; the reason is what its sender reads. ``signed``: though it was done then."""

    why: str
    via: str = ""


def objects(wish: Wish) -> tuple[str, ...]:
    """The handoff, and what it is about."""
    return held(wish)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Return it, for those who receive it."""
    handoff = in_hand(records, wish, who, policy)
    if isinstance(handoff, Refused):
        return handoff
    refused = not_receiving(handoff, who, policy, "return this")
    refused = refused or in_the_way(handoff, _KIND, wish, who, policy, now)
    if refused:
        return refused
    if not cleaned(wish.why):
        return Refused("Say why it goes back: what is missing, or wrong?")
    data = {"why": cleaned(wish.why), "via": wish.via, **renewing(handoff, wish)}
    return (did(handoff, _KIND, who, now, data),)
