"""Which tickets hold it up: release-blocking bugs, open incidents, and work that has no ready change yet?

A hard gate stands whatever one person corrected: a source closes it or takes its label, or two people let it through.
"""

from collections.abc import Iterable
from dataclasses import replace

from assistant.blockers.blocker import Blocker, BlockerKind, NextAction, Owner
from assistant.incidents import commanders, in_production, may_see, services_of
from assistant.membership import closes, for_another, is_blocker, labelled
from assistant.situation import Situation
from assistant.subject import SubjectKind
from storage.naming import called, is_tracker
from storage.records import Change, ChangeState, Incident, Ticket, TurnKind


def of_tickets(situation: Situation) -> Iterable[Blocker]:
    """Release-blocking bugs, and members that no ready change stands for; each ticket once."""
    members = {ticket.object for ticket in situation.members.tickets}
    for ticket in situation.tickets.values():
        if not ticket.open or labelled(ticket, situation.policy.labels.incident):
            continue
        if is_blocker(ticket, situation.policy) and (ticket.object in members or _blocks(ticket, situation)):
            yield _of(ticket, situation, BlockerKind.BLOCKER_BUG, NextAction.FIX_BUG, _assigned(ticket, situation))
        elif ticket.object in members and not ticket.corrections.shipped_at and not _stands_for(ticket, situation):
            if others := _waits_for(ticket, situation):
                yield _dependency(ticket, others, situation)
                continue
            begun = any(ticket.object in closes(change) for change in situation.changes.values())
            action = NextAction.FINISH if begun else NextAction.START
            yield _of(ticket, situation, BlockerKind.IN_PROGRESS, action, _assigned(ticket, situation))


def of_incidents(situation: Situation) -> Iterable[Blocker]:
    """Open incidents on a service of the subject; its own change that closes one is not held up by it."""
    policy = situation.policy
    for incident in situation.facts.incidents:
        stands = incident.open and in_production(incident, policy) and may_see(incident, situation.viewer, policy)
        if stands and _on_service(incident, situation) and not _mends(incident, situation):
            owners = situation.owners((incident.corrections.owner,)) or commanders(incident, situation.people)
            yield _of(incident, situation, BlockerKind.INCIDENT_OPEN, NextAction.RESOLVE_INCIDENT, owners)


def _waits_for(ticket: Ticket, situation: Situation) -> list[Ticket]:
    """The open tickets that it waits for, as its source says and nobody took back; what may not be seen is not told."""
    told = (situation.ticket(name) for name in ticket.depends_on if name not in ticket.corrections.not_linked)
    return [other for other in told if other is not None and other.open and other.object != ticket.object]


def _dependency(ticket: Ticket, others: list[Ticket], situation: Situation) -> Blocker:
    """The move is the others'."""
    owners = tuple(dict.fromkeys(owner for other in others for owner in _assigned(other, situation)))
    blocker = _of(ticket, situation, BlockerKind.DEPENDENCY, NextAction.LAND_DEPENDENCY, owners)
    names = tuple(other.object for other in others)
    detail = "; ".join(filter(None, [f"waits for {', '.join(map(called, names))}", _status(ticket)]))
    return replace(blocker, turn=TurnKind.OPEN.value, detail=detail, after=names)


def _assigned(ticket: Ticket, situation: Situation) -> tuple[Owner, ...]:
    return situation.owners((ticket.corrections.owner,)) or commanders(ticket, situation.people)


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


def _on_service(incident: Incident, situation: Situation) -> bool:
    """An incident is on the services that it names, else on those of its repository."""
    if situation.subject.kind is SubjectKind.WORKSPACE:
        return True
    ours = services_of(incident, situation.policy)
    named = {name.casefold() for name in (*incident.services, *ours)}
    services = {service.casefold() for service in situation.subject.services}
    if named and services:
        return bool(named & services)
    if incident.repository is not None:
        return situation.concerns(incident.repository)
    return any(situation.concerns(situation.policy.services[key].repository) for key in ours)


def _mends(incident: Incident, situation: Situation) -> bool:
    subject = situation.subject
    if subject.kind is not SubjectKind.CHANGE:
        return False
    closing = any(incident.object in closes(change) for change in situation.members.changes)
    return closing or incident.object == subject.object


def _of(
    thing: Ticket | Incident, situation: Situation, kind: BlockerKind, action: NextAction, owners: tuple[Owner, ...]
) -> Blocker:
    since = min(thing.reopened_at or thing.opened_at, situation.now)
    return Blocker(
        kind=kind,
        object=thing.object,
        subject=called(thing.object),
        title=thing.title,
        url=thing.url,
        owners=owners,
        waiting_since=since,
        waiting_hours=situation.waited(since, owners),
        next_action=action,
        turn="open" if kind is BlockerKind.IN_PROGRESS else kind.value,
        turn_began_at=since,
        repository=thing.repository,
        detail=_status(thing),
    )


def _status(thing: Ticket | Incident) -> str | None:
    """What its tracker calls where it stands: that may be far from what can be seen of it here."""
    told = isinstance(thing, Ticket) and thing.status and is_tracker(thing.repository)
    return f"Jira: {thing.status}" if told and isinstance(thing, Ticket) else None
