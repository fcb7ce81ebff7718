"""When does a paused digest come again?"""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.pause_subscription import standing
from assistant.deciding import Outcome, Records, Refused, decided
from assistant.policy import Policy
from assistant.viewer import Viewer

NAME = "resume_subscription"
HELP = "Let a paused digest come again."


@dataclass(frozen=True, slots=True)
class Wish:
    """Let ``subscription`` (its object) come again."""

    subscription: str


def objects(wish: Wish) -> tuple[str, ...]:
    """The subscription."""
    return (wish.subscription,)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Resume it from now on: what was missed in between does not come."""
    found = standing(records, wish.subscription, who, policy)
    if isinstance(found, Refused):
        return found
    return (decided(found.object, "subscription.resumed", who, now),) if found.paused_at else ()
