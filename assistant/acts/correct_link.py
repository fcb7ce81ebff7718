"""Are these two things really linked: this change closes that ticket, waits for that change?"""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.correcting import corrected_subject
from assistant.acts.waiving import candidates, found
from assistant.deciding import Outcome, Records, Refused, cleaned, decided, spoken
from assistant.policy import Policy
from assistant.viewer import Viewer

NAME = "correct_link"
HELP = "Say that a change or ticket is linked to another, or that it is not."


@dataclass(frozen=True, slots=True)
class Wish:
    """``subject`` and ``other`` (``acme/api#101`` or object names) are linked, or are not."""

    subject: str
    other: str
    linked: bool
    why: str


def objects(wish: Wish) -> tuple[str, ...]:
    """What the two may be."""
    return (*candidates(wish.subject), *candidates(wish.other))


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Correct it; both must be known and visible."""
    subject = corrected_subject(records, wish.subject, wish.why, who, policy)
    if isinstance(subject, Refused):
        return subject
    other = found(records, wish.other, who, policy)
    if isinstance(other, Refused):
        return other
    if other[0] == subject[0]:
        return Refused(f"{spoken(other[0])} can't be linked to itself.")
    data = {"linked" if wish.linked else "not_linked": other[0], "why": cleaned(wish.why)}
    return (decided(subject[0], "corrected.link", who, now, data, about=other[0]),)
