"""What was returned goes out again: what has changed?"""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.handing import OfHandoff, did, held, in_hand, in_the_way, not_sending
from assistant.deciding import Outcome, Records, Refused, cleaned
from assistant.policy import Policy
from assistant.viewer import Viewer

NAME = "resend_handoff"
HELP = "Send a handoff that was returned to you again."
_KIND = "handoff.resent"


@dataclass(frozen=True, slots=True)
class Wish(OfHandoff):
    """Send it again, saying what has changed."""

    why: str = ""
    via: str = ""


def objects(wish: Wish) -> tuple[str, ...]:
    """The handoff, and what it is about."""
    return held(wish)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Send it again, for its sender's side."""
    handoff = in_hand(records, wish, who, policy)
    if isinstance(handoff, Refused):
        return handoff
    refused = not_sending(handoff, records, who, policy, "send this again")
    refused = refused or in_the_way(handoff, _KIND, wish, who, policy, now)
    return refused or (did(handoff, _KIND, who, now, {"why": cleaned(wish.why), "via": wish.via}),)
