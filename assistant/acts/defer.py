"""May this leave the release for a later one? A deferral: with a name, a reason and an end."""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.authority import sees_release, unseen
from assistant.acts.waiving import Waiver, candidates, waive
from assistant.deciding import Outcome, Records, Refused, spoken
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.naming import kind_of
from storage.records import Release

NAME = "defer"
HELP = "Put a blocker off to another release; a blocker bug needs a second person, who does the same."


@dataclass(frozen=True, slots=True)
class Wish:
    """Put ``blocker`` (``acme/api#101`` or an object name) off from ``release`` to the release ``to`` (object names).

    ``expires_at`` None: two weeks after the target, or from now.
    """

    release: str
    blocker: str
    to: str
    why: str
    expires_at: datetime | None = None


def objects(wish: Wish) -> tuple[str, ...]:
    """Both releases, and what the blocker may be."""
    return (wish.release, wish.to, *candidates(wish.blocker))


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Defer it, propose it (a blocker bug), or confirm another's proposal."""
    later = records.get(wish.to)
    if wish.to == wish.release or kind_of(wish.to) != "release":
        return Refused("Defer it to another release.")
    if not sees_release(wish.to, who, policy):
        return unseen(spoken(wish.to))
    if isinstance(later, Release) and (later.ended or later.shipped_at):
        return Refused(f"{later.name} is {later.ended or 'shipped'}: defer it to a release still to come.")
    outcome = waive(records, Waiver(wish.release, wish.blocker, wish.why, wish.expires_at, wish.to), who, policy, now)
    if not isinstance(outcome, Refused) and outcome[0].data["kind"] in {"incident_open", "freeze"}:
        return Refused("An incident or a freeze can't be put off to a later release. Accept it as a risk instead.")
    return outcome
