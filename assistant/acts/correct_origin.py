"""Who really wrote it: people, AI, or both?"""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.correcting import corrected_subject
from assistant.acts.waiving import candidates
from assistant.deciding import Outcome, Records, Refused, cleaned, decided
from assistant.policy import Policy
from assistant.viewer import Viewer

NAME = "correct_origin"
HELP = "Say whether a change was really written by people, by AI, or by both."
ORIGINS = ("human_heavy", "mixed", "ai_heavy")


@dataclass(frozen=True, slots=True)
class Wish:
    """``subject`` (``acme/api#101`` or an object name) is of ``origin``, one of ORIGINS; None takes it back."""

    subject: str
    origin: str | None
    why: str


def objects(wish: Wish) -> tuple[str, ...]:
    """What the subject may be."""
    return candidates(wish.subject)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Correct it."""
    subject = corrected_subject(records, wish.subject, wish.why, who, policy)
    if isinstance(subject, Refused):
        return subject
    if wish.origin is not None and wish.origin not in ORIGINS:
        return Refused(f"The origin is one of {', '.join(ORIGINS)}.")
    return (decided(subject[0], "corrected.origin", who, now, {"origin": wish.origin, "why": cleaned(wish.why)}),)
