"""When does nothing more go into a release? The scope freeze: a state of the release, never a blocker."""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.authority import release_to_decide
from assistant.deciding import Outcome, Records, Refused, cleaned, decided
from assistant.policy import Policy
from assistant.viewer import Viewer

NAME = "freeze_scope"
HELP = "Freeze a release's scope, or open it again."


@dataclass(frozen=True, slots=True)
class Wish:
    """Freeze (or open) the scope of ``release``, an object name."""

    release: str
    frozen: bool = True
    why: str = ""


def objects(wish: Wish) -> tuple[str, ...]:
    """The release."""
    return (wish.release,)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Freeze or open it; opening again needs a reason."""
    release = release_to_decide(records, wish.release, who, policy)
    if isinstance(release, Refused):
        return release
    if wish.frozen == bool(release.scope_frozen_at):
        return Refused(f"The scope of {release.name} is {'frozen' if wish.frozen else 'open'} already.")
    why = cleaned(wish.why)
    if not wish.frozen and not why:
        return Refused(f"Say why the scope of {release.name} opens again.")
    kind = "release.scope_frozen" if wish.frozen else "release.scope_unfrozen"
    return (decided(wish.release, kind, who, now, {"why": why}),)
