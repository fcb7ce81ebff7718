"""When does a digest stop coming for a while?"""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.authority import outsider
from assistant.deciding import Outcome, Records, Refused, cleaned, decided
from assistant.people import people_of
from assistant.persons import same_as_any
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.records import Subscription

NAME = "pause_subscription"
HELP = "Pause a digest."


@dataclass(frozen=True, slots=True)
class Wish:
    """Pause ``subscription`` (its object); ``why`` is shown where it is listed."""

    subscription: str
    why: str = ""


def objects(wish: Wish) -> tuple[str, ...]:
    """The subscription."""
    return (wish.subscription,)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Pause it, unless it is paused already."""
    found = standing(records, wish.subscription, who, policy)
    if isinstance(found, Refused):
        return found
    if found.paused_at:
        return ()
    return (decided(found.object, "subscription.paused", who, now, {"why": cleaned(wish.why)}),)


def standing(records: Records, subscription: str, who: Viewer, policy: Policy) -> Subscription | Refused:
    """The subscription, if it was not removed and this person may change it."""
    if refused := outsider(who):
        return refused
    found = records.get(subscription)
    if not isinstance(found, Subscription) or found.ended_at:
        return Refused("There is no such digest here any more.")
    return barred_from_it(found, who, policy) or found


def barred_from_it(found: Subscription | None, who: Viewer, policy: Policy) -> Refused | None:
    """Refuse whoever may not change it: direct messages are between their reader and who asked for them.

    The assistant itself may, where Slack takes nothing for them any more.
    """
    if found is None or found.channel or who.key.startswith("lastmile/"):
        return None
    if same_as_any(who.key, [key for key in (found.person, found.by) if key], policy):
        return None
    return Refused(f"Only {people_of(policy).name(found.person or found.by)} can change this: it goes to them alone.")
