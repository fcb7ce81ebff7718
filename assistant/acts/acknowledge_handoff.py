"""Who has seen what was handed over, and sees to it?"""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.handing import OfHandoff, did, held, in_hand, in_the_way, not_receiving, renewing, undone
from assistant.deciding import Outcome, Records, Refused
from assistant.policy import Policy
from assistant.viewer import Viewer

NAME = "acknowledge_handoff"
HELP = "Acknowledge a handoff: you have it, and see to it; or take back that it is done."
_KIND = "handoff.acknowledged"


@dataclass(frozen=True, slots=True)
class Wish(OfHandoff):
    """Acknowledge it; ``signed``: take back that it was done then."""

    via: str = ""


def objects(wish: Wish) -> tuple[str, ...]:
    """The handoff, and what it is about."""
    return held(wish)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Acknowledge it, for those who receive it; the first wins."""
    handoff = in_hand(records, wish, who, policy)
    if isinstance(handoff, Refused):
        return handoff
    refused = not_receiving(handoff, who, policy, "acknowledge this")
    refused = refused or in_the_way(handoff, _KIND, wish, who, policy, now)
    data = {"via": wish.via, "undone": undone(handoff, wish), **renewing(handoff, wish)}
    return refused or (did(handoff, _KIND, who, now, data),)
