"""How is a blocker let through, and when does that take two people?

Not an act but what accepting and deferring share. A hard gate (open incident, freeze, blocker bug) is only proposed
by the first person; a second one confirms by the same act. What counts as a hard gate comes from the records, never
from the wish.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from assistant.acts.authority import (
    barred,
    no_second,
    planned_release,
    sees_release,
    sees_service,
    unseen,
)
from assistant.deciding import Outcome, Records, Refused, cleaned, decided, repository_of, spoken, stamp
from assistant.handoffs.enabling import needed_for
from assistant.handoffs.seeing import may_see as may_see_handoff
from assistant.handoffs.standing import titled
from assistant.incidents import may_see
from assistant.matching import plain
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.naming import ENABLEMENT, kind_of, subject_of, ticket_meant
from storage.records import (
    HARD_GATES,
    AcceptedRisk,
    Change,
    ChangeState,
    Deployment,
    External,
    Freeze,
    Handoff,
    HandoffState,
    Incident,
    Record,
    Release,
    Ticket,
)

GRACE = timedelta(days=14)
_KINDS = frozenset({
    "change", "ticket", "incident", "deployment", "freeze", "external", "commit", "release", "handoff", ENABLEMENT
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Waiver:
    """What is asked: let ``blocker`` through for ``release``, or put it off ``to`` another release."""

    release: str
    blocker: str
    why: str
    expires_at: datetime | None
    to: str | None = None


def candidates(subject: str) -> tuple[str, ...]:
    """The objects that a subject may mean: ``acme/api#101`` is a change or a ticket; an object's name is itself.

    ``SHOP-12`` and its address are a ticket of Jira's.
    """
    if ticket := ticket_meant(subject):
        return (ticket,)
    if subject.partition(":")[0] in _KINDS:
        return (subject,)
    return (f"change:{subject}", f"ticket:{subject}")


def found(records: Records, subject: str, who: Viewer, policy: Policy) -> tuple[str, Record] | Refused:
    """The one object that a subject means and this person may see."""
    for name in candidates(subject):
        record = records.get(name)
        if record and _sees(name, record, who, policy):
            return name, record
    return unseen(spoken(subject) if ":" in subject else subject)


def blocker_of(
    records: Records, subject: str, release: str, who: Viewer, policy: Policy
) -> tuple[str, Record | None] | Refused:
    """The one thing of a release that is meant; what customers need of it has no record."""
    if kind_of(subject) != ENABLEMENT:
        return found(records, subject, who, policy)
    its, what = subject_of(subject).partition("/")[::2]
    if its != subject_of(release) or plain(what) not in {plain(one) for one in policy.enablement.all}:
        return unseen(f"{what or subject} as something that {spoken(release)} needs")
    return subject, None


def titled_as(name: str, record: Record | None, policy: Policy) -> str:
    """What a sentence calls a blocker: a handoff by its title, what customers need in words, else as people call it."""
    if isinstance(record, Handoff):
        return titled(record, policy)
    if kind_of(name) == ENABLEMENT:
        release, _, what = subject_of(name).partition("/")
        return needed_for(what, " ".join(release.rsplit("@", 1)))
    return spoken(name)


def waive(records: Records, waiver: Waiver, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Let the blocker through at once, propose it, or confirm another's proposal; or say who may."""
    release = planned_release(records, waiver.release, who, policy)
    if isinstance(release, Refused):
        return release
    blocker = blocker_of(records, waiver.blocker, waiver.release, who, policy)
    if isinstance(blocker, Refused):
        return blocker
    kind = _kind_of(blocker, policy, now)
    if kind is None:
        return Refused(f"{titled_as(*blocker, policy)} is closed, merged elsewhere or over: it blocks nothing.")
    standing = _standing(release, blocker[0], waiver.to, now) if kind in HARD_GATES else None
    refused = no_second(standing, who, policy) if standing else barred(release, who, policy)
    named = titled_as(*blocker, policy)
    data = _confirmation(standing, waiver, who) if standing else _waiver(release, (*blocker, named), kind, waiver, now)
    if refused:
        return refused
    if isinstance(data, Refused):
        return data
    proposed = kind in HARD_GATES and standing is None
    event = "risk.proposed" if proposed else "risk.deferred" if waiver.to else "risk.accepted"
    return (decided(waiver.release, event, who, now, data, about=blocker[0]),)


def blocking_kind(record: Record, policy: Policy, now: datetime) -> str | None:
    """The kind of blocker that a record is, by what is known of it; None when it can block nothing."""
    kind: str | None = None
    match record:
        case Freeze():
            kind = None if record.lifted_at or record.ends_at <= now else "freeze"
        case Ticket():
            kind = _ticket_kind(record, policy)
        case Change(state=ChangeState.OPEN):
            kind = record.move.kind.value if record.move else "in_progress"
        case Change(state=ChangeState.MERGED):
            kind = "awaiting_deploy"
        case External():
            kind = None if record.closed_at else "external"
        case Deployment():
            kind = "deploy_failed"
        case Incident():
            kind = "incident_open" if record.open else None
        case Handoff():  # one that is done may have turned stale, which its record does not know
            kind = "handoff_open" if record.gating and record.state is not HandoffState.WITHDRAWN else None
    return kind


def _kind_of(blocker: tuple[str, Record | None], policy: Policy, now: datetime) -> str | None:
    record = blocker[1]
    return "enablement_missing" if record is None else blocking_kind(record, policy, now)


def default_expiry(release: Release, now: datetime) -> datetime:
    """When a waiver ends that names no end: two weeks after the target, or from now where that is later."""
    return max(now, release.target or now) + GRACE


def _ticket_kind(ticket: Ticket, policy: Policy) -> str | None:
    if not ticket.open:
        return None
    labels = _folded(ticket.marks)
    if labels & _folded(policy.labels.incident):
        return "incident_open"
    return "blocker_bug" if labels & _folded(policy.labels.blocker) else "in_progress"


def _folded(labels: Iterable[str]) -> set[str]:
    return {label.casefold() for label in labels}


def _standing(release: Release, blocker: str, to: str | None, now: datetime) -> AcceptedRisk | None:
    """The proposal that this would confirm, unless it has run out."""
    for risk in release.waiting_second:
        if (risk.blocker, risk.deferred_to) == (blocker, to) and (risk.expires_at is None or risk.expires_at > now):
            return risk
    return None


def _confirmation(standing: AcceptedRisk, waiver: Waiver, who: Viewer) -> dict[str, Any]:
    """The proposal as it was made, its reason and its end, with the second person beside the first."""
    return {
        "blocker": standing.blocker,
        "kind": standing.kind,
        "to": waiver.to,
        "why": standing.reason,
        "expires_at": stamp(standing.expires_at) if standing.expires_at else None,
        "by": standing.by,
        "second": who.key,
        "comment": cleaned(waiver.why),
    }


def _waiver(
    release: Release, blocker: tuple[str, Record | None, str], kind: str, waiver: Waiver, now: datetime
) -> dict[str, Any] | Refused:
    name, record, called = blocker
    why = cleaned(waiver.why)
    if not why:
        return Refused(f"Say why {called} may pass: the reason is shown with the risk.")
    expires_at = waiver.expires_at or default_expiry(release, now)
    if expires_at <= now:
        return Refused("That end is already past: give the waiver a later one.")
    data = {"blocker": name, "kind": kind, "to": waiver.to, "why": why, "expires_at": stamp(expires_at)}
    return data if record is not None and not isinstance(record, Handoff) else {**data, "called": called}


def _sees(name: str, record: Record, who: Viewer, policy: Policy) -> bool:
    match record:
        case Freeze():
            return not record.services or any(sees_service(service, who, policy) for service in record.services)
        case External():
            return sees_release(record.release, who, policy)
        case Deployment():
            return who.may_see(record.repository)
        case Incident():
            return may_see(record, who, policy)
        case Handoff():
            return may_see_handoff(record, who, policy)
        case _:
            return who.may_see(repository_of(name))
