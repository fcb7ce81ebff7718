"""When is what was handed over wanted no more?"""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.handing import OfHandoff, did, held, in_hand, in_the_way, not_sending
from assistant.deciding import Outcome, Records, Refused, cleaned
from assistant.policy import Policy
from assistant.viewer import Viewer

NAME = "withdraw_handoff"
HELP = "Take a handoff back: nobody has to do it any more."
_KIND = "handoff.withdrawn"


@dataclass(frozen=True, slots=True)
class Wish(OfHandoff):
    """Take it back, for good."""

    why: str = ""
    via: str = ""


def objects(wish: Wish) -> tuple[str, ...]:
    """The handoff, and what it is about."""
    return held(wish)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Take it back, for its sender's side, while it is not done."""
    handoff = in_hand(records, wish, who, policy)
    if isinstance(handoff, Refused):
        return handoff
    refused = not_sending(handoff, records, who, policy, "withdraw this")
    refused = refused or in_the_way(handoff, _KIND, wish, who, policy, now)
    return refused or (did(handoff, _KIND, who, now, {"why": cleaned(wish.why), "via": wish.via}),)
