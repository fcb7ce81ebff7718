"""Is it out already, although no source said so? A change, a ticket, or a whole release."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.acts.authority import release_to_decide
from assistant.acts.correcting import corrected_subject, kept_gate
from assistant.acts.waiving import candidates
from assistant.deciding import Outcome, Records, Refused, cleaned, decided, stamp
from assistant.policy import Policy
from assistant.viewer import Viewer
from assistant.when import in_words
from storage.naming import kind_of

NAME = "correct_shipped"
HELP = "Say that a change, a ticket or a whole release was shipped already, or that it was not."


@dataclass(frozen=True, slots=True)
class Wish:
    """``subject`` (``acme/api#101`` or an object name) shipped ``at`` (None: now); ``shipped`` False takes it back."""

    subject: str
    why: str
    at: datetime | None = None
    shipped: bool = True


def objects(wish: Wish) -> tuple[str, ...]:
    """What the subject may be."""
    return candidates(wish.subject)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Correct it; for a whole release only its deciders may."""
    at = wish.at or now
    if wish.shipped and at > now:
        return Refused(f"{in_words(at, who.zone)} is still to come: nothing can have shipped then.")
    data: dict[str, Any] = {
        "shipped": wish.shipped,
        "at": stamp(at) if wish.shipped else None,
        "why": cleaned(wish.why),
    }
    if kind_of(wish.subject) == "release":
        return _whole_release(records, wish, who, policy, now, data)
    subject = corrected_subject(records, wish.subject, wish.why, who, policy)
    if isinstance(subject, Refused):
        return subject
    if wish.shipped and (refused := kept_gate(*subject, policy, now)):
        return refused
    return (decided(subject[0], "corrected.shipped", who, now, data),)


def _whole_release(  # noqa: PLR0913, PLR0917  # what ``decide`` has, and what it made of it
    records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime, data: dict[str, Any]
) -> Outcome:
    release = release_to_decide(records, wish.subject, who, policy)
    if isinstance(release, Refused):
        return release
    if not data["why"]:
        return Refused(f"Say why: the correction of {release.name} is kept with its reason.")
    return (decided(wish.subject, "release.shipped", who, now, data),)
