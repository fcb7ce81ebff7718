"""Whose move is it really?"""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.correcting import corrected_incident, corrected_subject
from assistant.acts.waiving import candidates
from assistant.deciding import Outcome, Records, Refused, cleaned, decided
from assistant.people import people_of
from assistant.persons import person_meant
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.naming import kind_of
from storage.records import ObjectKind

NAME = "correct_owner"
HELP = "Say who really has the next move on a change, a ticket or an incident."


@dataclass(frozen=True, slots=True)
class Wish:
    """The next move on ``subject`` (``acme/api#101`` or an object name) is ``owner``'s; None takes it back."""

    subject: str
    owner: str | None
    why: str


def objects(wish: Wish) -> tuple[str, ...]:
    """What the subject may be."""
    return candidates(wish.subject)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Correct it; bots are nobody's owner."""
    of = corrected_incident if kind_of(wish.subject) == ObjectKind.INCIDENT else corrected_subject
    subject = of(records, wish.subject, wish.why, who, policy)
    if isinstance(subject, Refused):
        return subject
    owner = person_meant(wish.owner, who.key, policy) if wish.owner else None
    if isinstance(owner, Refused):
        return owner
    if owner and people_of(policy).is_bot(owner):
        return Refused("A bot can't own a next move. Name a person.")
    return (decided(subject[0], "corrected.owner", who, now, {"owner": owner, "why": cleaned(wish.why)}),)
