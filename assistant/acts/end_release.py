"""When is a release over without having shipped? Cancelled, or superseded by another."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from assistant.acts.authority import release_to_decide
from assistant.deciding import LONGEST_NAME, Outcome, Records, Refused, cleaned, decided
from assistant.policy import Policy
from assistant.viewer import Viewer

NAME = "end_release"
HELP = "Cancel a release, or say that another supersedes it."


@dataclass(frozen=True, slots=True)
class Wish:
    """End ``release`` (an object name); ``by`` is the release that supersedes it, as people call it."""

    release: str
    ending: Literal["cancelled", "superseded"]
    why: str
    by: str | None = None


def objects(wish: Wish) -> tuple[str, ...]:
    """The release."""
    return (wish.release,)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """End it; a reason is needed, or the name of what supersedes it."""
    release = release_to_decide(records, wish.release, who, policy)
    if isinstance(release, Refused):
        return release
    why, by = cleaned(wish.why), cleaned(wish.by, LONGEST_NAME)
    if not why and not (by and wish.ending == "superseded"):
        return Refused(f"Say why {release.name} is {wish.ending}.")
    return (decided(wish.release, "release.ended", who, now, {"as": wish.ending, "by": by or None, "why": why}),)
