"""Which release does a change or ticket really belong to?"""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.authority import sees_release, unseen
from assistant.acts.correcting import corrected_subject, kept_gate
from assistant.acts.waiving import candidates
from assistant.deciding import Outcome, Records, Refused, cleaned, decided, spoken
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.naming import kind_of

NAME = "correct_release"
HELP = "Say that a change or ticket belongs to a release, or that it does not."


@dataclass(frozen=True, slots=True)
class Wish:
    """``subject`` (``acme/api#101`` or an object name) belongs to ``release`` (an object name), or does not."""

    subject: str
    release: str
    belongs: bool
    why: str


def objects(wish: Wish) -> tuple[str, ...]:
    """What the subject may be."""
    return candidates(wish.subject)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Correct it."""
    subject = corrected_subject(records, wish.subject, wish.why, who, policy)
    if isinstance(subject, Refused):
        return subject
    if kind_of(wish.release) != "release" or not sees_release(wish.release, who, policy):
        return unseen(spoken(wish.release))
    if not wish.belongs and (refused := kept_gate(*subject, policy, now)):
        return refused
    data = {"release": wish.release, "belongs": wish.belongs, "why": cleaned(wish.why)}
    return (decided(subject[0], "corrected.release", who, now, data, about=wish.release),)
