"""Which changes and tickets are part of what was asked about, and where do the signs contradict each other?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.policy import Policy
from assistant.subject import Subject, SubjectKind
from assistant.viewer import Viewer
from storage.facts import Facts
from storage.naming import called, version_key
from storage.records import Change, ChangeState, Ticket, TurnKind

Item = Change | Ticket
_LEVELS = 2  # the stories of an epic, the tasks of a story
_WITH_DRAFTS = (SubjectKind.TEAM, SubjectKind.WORKSPACE)


@dataclass(frozen=True, slots=True)
class Members:
    """What belongs to a subject; abandoned changes never do. ``conflicts`` are sentences."""

    changes: tuple[Change, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    conflicts: tuple[str, ...] = ()


def members_of(subject: Subject, facts: Facts, policy: Policy, viewer: Viewer) -> Members:
    """Gather the members of a subject out of what was loaded, in the order of their names.

    Source: definitions, "What one can ask about". An open change that closes an open member ticket comes with it.
    """
    changes = [c for c in facts.changes if c.state is not ChangeState.ABANDONED and viewer.may_see(c.repository)]
    tickets = [t for t in facts.tickets if viewer.may_see(t.repository)]
    if subject.kind is SubjectKind.RELEASE:
        own_tickets = [t for t in tickets if _claimed(t, subject, facts.hints)]
        own = [c for c in changes if _claimed(c, subject, facts.hints)]
    elif subject.kind is SubjectKind.CHANGE:
        own_tickets = parts_of(subject.object, tickets)
        own = [c for c in changes if c.object == subject.object]
    else:
        own_tickets = [t for t in tickets if in_scope(t, subject) and is_blocker(t, policy)]
        own = [c for c in changes if in_scope(c, subject) and _next(c, subject)]
    linked = _closing(own_tickets, changes, subject)
    together = {change.object: change for change in (*own, *linked)}
    conflicts = _conflicts((*together.values(), *own_tickets), facts.hints) if subject.keys else ()
    return Members(
        tuple(sorted(together.values(), key=lambda change: change.object)),
        tuple(sorted(own_tickets, key=lambda ticket: ticket.object)),
        conflicts,
    )


def parts_of(whole: str | None, tickets: Sequence[Ticket]) -> list[Ticket]:
    """A ticket, the tickets that are parts of it, and the parts of those."""
    found = {ticket.object: ticket for ticket in tickets if ticket.object == whole}
    for _ in range(_LEVELS if found else 0):
        found |= {ticket.object: ticket for ticket in tickets if found.keys() & set(ticket.part_of)}
    return list(found.values())


def claims(item: Item, hints: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, str], ...]:
    """The releases an item says it is for: (what says so, the name as written)."""
    pairs = (hint.partition(":") for hint in hints.get(item.object, ()))
    return tuple((field, title) for field, _, title in pairs if field != "assigned")


def in_scope(item: Item, subject: Subject) -> bool:
    """Whether an item is in a repository of the subject."""
    if subject.repositories is None:
        return True
    return item.repository.casefold() in {name.casefold() for name in subject.repositories}


def is_blocker(ticket: Ticket, policy: Policy) -> bool:
    """Whether a ticket is a release blocker, by a label or its priority."""
    return labelled(ticket, policy.labels.blocker)


def labelled(ticket: Ticket, labels: Iterable[str]) -> bool:
    """Whether a ticket carries one of these labels, in any case; its kind and its priority count as labels."""
    wanted = {label.casefold() for label in labels}
    return any(mark.casefold() in wanted for mark in ticket.marks)


def for_another(item: Item, subject: Subject, hints: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether an item is claimed by some release, but not by this one."""
    said = any(belongs for _, belongs in item.corrections.releases)
    return (said or bool(claims(item, hints))) and not _claimed(item, subject, hints)


def _claimed(item: Item, subject: Subject, hints: Mapping[str, tuple[str, ...]]) -> bool:
    for release, belongs in item.corrections.releases:
        if subject.object and release.casefold() == subject.object.casefold():
            return belongs
    return in_scope(item, subject) and any(version_key(title) in subject.keys for _, title in claims(item, hints))


def _next(change: Change, subject: Subject) -> bool:
    """A team (and everybody) has its drafts in hand too; a service's or train's next is at least ready for review."""
    drafted = change.draft or (change.move is not None and change.move.kind is TurnKind.IN_PROGRESS)
    return subject.kind in _WITH_DRAFTS or change.state is ChangeState.MERGED or not drafted


def _closing(tickets: Iterable[Ticket], changes: Iterable[Change], subject: Subject) -> list[Change]:
    wanted = {ticket.object for ticket in tickets if ticket.open}
    out = [
        change
        for change in changes
        if change.state is ChangeState.OPEN and wanted & (closes(change) - set(change.corrections.not_linked))
    ]
    return [c for c in out if (subject.object, False) not in c.corrections.releases]


def closes(change: Change) -> set[str]:
    """The tickets that a change closes, as its text says or as a person linked them."""
    return {*change.closes, *(name for name in change.corrections.linked if name.startswith("ticket:"))}


def _conflicts(items: Iterable[Item], hints: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    found = []
    for item in items:
        said: dict[str, str] = {}
        for field, title in claims(item, hints):
            said.setdefault(version_key(title), f"{title} ({field})")
        if len(said) > 1 and not _meant(item, hints):
            found.append(f"{called(item.object)} is claimed by {' and '.join(said.values())}.")
    return tuple(sorted(found))


def _meant(item: Item, hints: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether an item is meant for several releases: Jira lets one say so."""
    return isinstance(item, Ticket) and {title for _, title in claims(item, hints)} <= set(item.versions)
