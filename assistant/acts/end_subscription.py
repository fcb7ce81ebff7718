"""When does a digest not come any more?"""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.pause_subscription import standing
from assistant.deciding import Outcome, Records, Refused, decided
from assistant.policy import Policy
from assistant.viewer import Viewer

NAME = "end_subscription"
HELP = "Remove a digest."


@dataclass(frozen=True, slots=True)
class Wish:
    """Remove ``subscription`` (its object)."""

    subscription: str


def objects(wish: Wish) -> tuple[str, ...]:
    """The subscription."""
    return (wish.subscription,)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Remove it, for good."""
    found = standing(records, wish.subscription, who, policy)
    return found if isinstance(found, Refused) else (decided(found.object, "subscription.ended", who, now),)
