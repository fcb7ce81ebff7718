"""Are these two things really linked: this change closes that ticket, waits for that change, caused that incident?"""

import re
from dataclasses import dataclass
from datetime import datetime

from assistant.acts.authority import sees_release, unseen
from assistant.acts.correcting import corrected_incident, corrected_subject
from assistant.acts.waiving import candidates, found
from assistant.deciding import Outcome, Records, Refused, cleaned, decided, repository_of, spoken
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.naming import kind_of
from storage.records import ObjectKind

NAME = "correct_link"
HELP = "Say that a change, a ticket or an incident is linked to another thing, or that it is not."
_CAUSES = frozenset({ObjectKind.CHANGE, ObjectKind.COMMIT, ObjectKind.DEPLOYMENT, ObjectKind.RELEASE})
_COMMIT = re.compile(r"(?:commit:)?([\w.-]+/[\w.-]+@[0-9a-f]{7,64})", re.IGNORECASE)
_INCIDENT = re.compile(
    r"(?:https?://[\w.-]*pagerduty\.com/incidents/|pagerduty/)(?P<page>[\w-]+)|(?P<own>cdevents/\S+)"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """``subject`` and ``other`` are linked, or are not.

    Each is ``acme/api#101``, a commit ``acme/api@1f2e3d4``, an incident (``pagerduty/Q1``, its address) or an object's
    name. What an incident came from is a change, a commit, a deployment, or a whole release.
    """

    subject: str
    other: str
    linked: bool
    why: str


def objects(wish: Wish) -> tuple[str, ...]:
    """What the two may be."""
    return (*candidates(named(wish.subject)), *candidates(named(wish.other)))


def named(text: str) -> str:
    """The object's name of a commit or an incident as people write it; anything else as it is."""
    words = text.strip()
    if commit := _COMMIT.fullmatch(words):
        return f"commit:{commit[1]}"
    if incident := _INCIDENT.fullmatch(words):
        return f"incident:pagerduty/{incident['page']}" if incident["page"] else f"incident:{incident['own']}"
    return words


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Correct it; both must be known and visible. What an incident came from is kept with the incident."""
    one, two = named(wish.subject), named(wish.other)
    if kind_of(two) == ObjectKind.INCIDENT:
        one, two = two, one
    of = corrected_incident if kind_of(one) == ObjectKind.INCIDENT else corrected_subject
    known = of(records, one, wish.why, who, policy)
    if isinstance(known, Refused):
        return known
    subject, other = known[0], _other(records, two, who, policy)
    if isinstance(other, Refused):
        return other
    if other == subject:
        return Refused(f"{spoken(other)} can't be linked to itself.")
    if kind_of(subject) == ObjectKind.INCIDENT and kind_of(other) not in _CAUSES:
        return Refused("What an incident came from is a change, a commit, a deployment or a release.")
    data = {"linked" if wish.linked else "not_linked": other, "why": cleaned(wish.why)}
    return (decided(subject, "corrected.link", who, now, data, about=other),)


def _other(records: Records, name: str, who: Viewer, policy: Policy) -> str | Refused:
    """What something is linked to; of a commit and a release often nothing more is known than their names."""
    thing = found(records, name, who, policy)
    if not isinstance(thing, Refused):
        return thing[0]
    if kind_of(name) == ObjectKind.RELEASE and sees_release(name, who, policy):
        return name
    if kind_of(name) == ObjectKind.COMMIT and _COMMIT.fullmatch(name) and who.may_see(repository_of(name)):
        return name
    return unseen(spoken(name) if ":" in name else name)
