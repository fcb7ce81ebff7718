"""Which tickets hold it up: release-blocking bugs, open incidents, and work that has no ready change yet?

A hard gate stands whatever one person corrected: a source closes it or takes its label, or two people let it through.
"""

from collections.abc import Iterable
from dataclasses import replace

from assistant.blockers.blocker import Blocker, BlockerKind, NextAction
from assistant.membership import closes, for_another, is_blocker, labelled
from assistant.situation import Situation
from assistant.subject import SubjectKind
from storage.naming import subject_of
from storage.records import Change, ChangeState, Ticket

_SERVICE_LABELS = ("service:", "service/")


def of_tickets(situation: Situation) -> Iterable[Blocker]:
    """Release-blocking bugs, and members that no ready change stands for; each ticket once."""
    members = {ticket.object for ticket in situation.members.tickets}
    for ticket in situation.tickets.values():
        if not ticket.open or labelled(ticket, situation.policy.labels.incident):
            continue
        if is_blocker(ticket, situation.policy) and (ticket.object in members or _blocks(ticket, situation)):
            yield _of(ticket, situation, BlockerKind.BLOCKER_BUG, NextAction.FIX_BUG, "blocker_bug")
        elif ticket.object in members and not ticket.corrections.shipped_at and not _stands_for(ticket, situation):
            begun = any(ticket.object in closes(change) for change in situation.changes.values())
            action = NextAction.FINISH if begun else NextAction.START
            yield _of(ticket, situation, BlockerKind.IN_PROGRESS, action, "open")


def of_incidents(situation: Situation) -> Iterable[Blocker]:
    """Open incidents on a service of the subject; its own change that closes one is not held up by it."""
    for ticket in situation.facts.incidents:
        seen = ticket.open and situation.viewer.may_see(ticket.repository)
        if seen and _on_service(ticket, situation) and not _mends(ticket, situation):
            yield _of(ticket, situation, BlockerKind.INCIDENT_OPEN, NextAction.RESOLVE_INCIDENT, "incident_open")


def _blocks(ticket: Ticket, situation: Situation) -> bool:
    """Whether a release-blocking bug that names no release is in the way: one that names another is not."""
    if situation.subject.kind is SubjectKind.CHANGE:
        return False
    said = replace(ticket.corrections, releases=())
    by_its_source = replace(ticket, corrections=said)
    hints = situation.facts.hints
    return situation.concerns(ticket.repository) and not for_another(by_its_source, situation.subject, hints)


def _stands_for(ticket: Ticket, situation: Situation) -> list[Change]:
    """The changes that are the blocker in a ticket's place: open, ready and closing it."""
    return [
        change
        for change in situation.members.changes
        if change.state is ChangeState.OPEN and not change.draft and ticket.object in closes(change)
    ]


def _on_service(ticket: Ticket, situation: Situation) -> bool:
    """An incident is on the service that its label names, else on those of its repository."""
    named = {
        label.casefold().removeprefix(prefix).strip()
        for label in ticket.labels
        for prefix in _SERVICE_LABELS
        if label.casefold().startswith(prefix)
    }
    services = {service.casefold() for service in situation.subject.services}
    return bool(named & services) if named and services else situation.concerns(ticket.repository)


def _mends(ticket: Ticket, situation: Situation) -> bool:
    subject = situation.subject
    if subject.kind is not SubjectKind.CHANGE:
        return False
    return (
        any(ticket.object in closes(change) for change in situation.members.changes) or ticket.object == subject.object
    )


def _of(ticket: Ticket, situation: Situation, kind: BlockerKind, action: NextAction, turn: str) -> Blocker:
    owners = situation.owners((ticket.corrections.owner,), ticket.assignees)
    since = min(ticket.reopened_at or ticket.opened_at, situation.now)
    return Blocker(
        kind=kind,
        object=ticket.object,
        subject=subject_of(ticket.object),
        title=ticket.title,
        url=ticket.url,
        owners=owners,
        waiting_since=since,
        waiting_hours=situation.waited(since, owners),
        next_action=action,
        turn=turn,
        turn_began_at=since,
        repository=ticket.repository,
    )
