"""By which columns, hints and links is a record found again?

Everything here is read off one object's own record and events: what crosses objects is worked out when asked.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from storage.instants import FOREVER, stamp, stamp_or_none
from storage.naming import kind_of, subject_of, version_key
from storage.records import (
    Account,
    Attention,
    Branch,
    Change,
    ChangeState,
    Commit,
    Corrections,
    Deployment,
    DeploymentState,
    External,
    Folded,
    Freeze,
    Handoff,
    HandoffState,
    Hint,
    Incident,
    KnownEvent,
    Milestone,
    ObjectKind,
    Publication,
    Record,
    Release,
    Repository,
    Round,
    Subscription,
    Ticket,
    Train,
    TurnKind,
)
from storage.state.hints import hints

RECORDS: dict[str, type[Record]] = {
    ObjectKind.CHANGE: Change,
    ObjectKind.TICKET: Ticket,
    ObjectKind.MILESTONE: Milestone,
    ObjectKind.COMMIT: Commit,
    ObjectKind.BRANCH: Branch,
    ObjectKind.DEPLOYMENT: Deployment,
    ObjectKind.PUBLICATION: Publication,
    ObjectKind.RELEASE: Release,
    ObjectKind.FREEZE: Freeze,
    ObjectKind.TRAIN: Train,
    ObjectKind.ACCOUNT: Account,
    ObjectKind.REPOSITORY: Repository,
    ObjectKind.EXTERNAL: External,
    ObjectKind.INCIDENT: Incident,
    ObjectKind.SUBSCRIPTION: Subscription,
    ObjectKind.ATTENTION: Attention,
    ObjectKind.HANDOFF: Handoff,
    ObjectKind.ROUND: Round,
}
SEPARATOR = "\x1f"  # between the parts of a hint's name
LONGEST = 300  # characters of a title kept in a hint
IN_REPOSITORY = {"change", "ticket", "milestone", "commit", "branch", "publication", "repository"}
_LARGEST = 2**62
_ONE, _SEVERAL = {"author", "merged_by", "reviewer", "target"}, {"asked", "assignees"}  # data that names accounts
TAKEN = 30 * 24 * 60 * 60 * 1_000_000  # microseconds for which whoever took a review is looked for by it
_NOBODY_WAITS = (TurnKind.IN_PROGRESS, TurnKind.CHECKS_RUNNING)
LATE = 24 * 60 * 60 * 1_000_000  # microseconds after an object's end in which what it follows still speaks of it


class Place(NamedTuple):
    """When and where a record is looked for; None where its kind has no such thing."""

    open: bool
    began: datetime | None = None
    done: datetime | None = None
    landed: datetime | None = None
    branch: str | None = None
    sha: str | None = None
    environment: str | None = None


def place(record: Record) -> Place:
    """The columns of a record: open, when it began, was done and landed (merged, landed, deployed), and where."""
    return _PLACES[type(record)](record)


def _went_out(deployment: Deployment) -> datetime | None:
    """When it was out; one that is inactive now was out until a later one took its place."""
    if deployment.state is DeploymentState.SUCCEEDED:
        return deployment.finished_at or deployment.created_at
    return deployment.finished_at if deployment.state is DeploymentState.INACTIVE else None


_OPEN_HANDOFFS = {HandoffState.OPEN, HandoffState.ACKNOWLEDGED, HandoffState.RETURNED}
_PLACES: dict[type[Record], Callable[[Any], Place]] = {
    Change: lambda c: Place(
        c.state is ChangeState.OPEN, c.opened_at, c.merged_at or c.closed_at, c.merged_at, c.base, c.merge_sha
    ),
    Ticket: lambda t: Place(t.open, t.opened_at, None if t.open else t.closed_at),
    Milestone: lambda m: Place(m.open and not m.deleted, m.created_at, m.closed_at),
    Publication: lambda p: Place(not p.deleted, p.published_at),
    Commit: lambda c: Place(open=False, landed=c.landed_at, branch=c.landed_on, sha=c.sha),
    Branch: lambda b: Place(b.exists, b.pushed_at),
    Deployment: lambda d: Place(
        d.state in {DeploymentState.PENDING, DeploymentState.RUNNING}, d.created_at, d.finished_at,
        _went_out(d), sha=d.sha, environment=d.environment.casefold(),
    ),
    Release: lambda r: Place(r.ended is None and r.shipped_at is None, r.declared_at, r.shipped_at or r.ended_at),
    Freeze: lambda f: Place(f.lifted_at is None, f.begins_at, f.lifted_at or f.ends_at),
    Train: lambda t: Place(t.ended_at is None, done=t.ended_at),
    External: lambda e: Place(e.closed_at is None, e.began_at, e.closed_at),
    Incident: lambda i: Place(i.open, i.opened_at, i.closed_at),
    Subscription: lambda s: Place(s.ended_at is None, s.created_at, s.ended_at),
    Attention: lambda a: Place(open=True, began=a.last_at),
    Handoff: lambda h: Place(h.state in _OPEN_HANDOFFS, h.opened_at, None if h.state in _OPEN_HANDOFFS else h.state_at),
    Round: lambda r: Place(r.closed_at is None, r.opened_at, r.closed_at),
    Account: lambda _: Place(open=True),
    Repository: lambda _: Place(open=True),
}  # fmt: skip


def scope_of(object_name: str, record: Record | None = None) -> str | None:
    """The repository of an object, casefolded; None where it belongs to none.

    A deployment that only says its service is kept under the service: which repository that is, configuration says.
    """
    if isinstance(record, Deployment) and record.repository is None and record.service:
        return service_scope(record.service)
    repository = getattr(record, "repository", None)
    if repository is None and kind_of(object_name) in IN_REPOSITORY:
        repository = repository_in(object_name)
    return repository.casefold() if repository else None


def service_scope(service: str) -> str:
    """The scope of deployments that say a service and no repository."""
    return f"service:{service.casefold()}"


def repository_in(object_name: str) -> str:
    """The repository within the name of an object that belongs to one: ``acme/api`` of ``commit:acme/api@1f2e``."""
    owner, _, rest = subject_of(object_name).partition("/")
    for end, letter in enumerate(rest):
        if letter in "#@:":
            return f"{owner}/{rest[:end]}"
    return f"{owner}/{rest}"


def lock_of(object_name: str) -> str:
    """The key that whoever folds the object must hold: its repository, for a change is folded with its commits."""
    if kind_of(object_name) in IN_REPOSITORY:
        return repository_in(object_name).casefold()
    return object_name


def number_of(record: Record) -> int | None:
    """The number people call a change or ticket by."""
    number = getattr(record, "number", None) if isinstance(record, Change | Ticket) else None
    return number if number is not None and abs(number) < _LARGEST else None


def hints_of(folded: Folded) -> Iterator[Hint]:
    """The fold's hints, and the name that a milestone, a publication, a branch or a release goes by."""
    yield from folded.hints
    record = folded.record
    if isinstance(record, Milestone) and not record.deleted:
        yield Hint("milestone", version_key(record.title), record.title)
    if isinstance(record, Publication) and not record.deleted:
        yield Hint("published", version_key(record.tag), record.tag)
        if record.name and version_key(record.name) != version_key(record.tag):
            yield Hint("published", version_key(record.name), record.name)
    if isinstance(record, Branch) and record.exists:
        yield from hints(None, (), Corrections(), base=record.name)
    if isinstance(record, Release):
        yield Hint("declared", version_key(record.version), record.name)


def links_of(folded: Folded, events: Sequence[KnownEvent]) -> Iterator[tuple[str, str, int]]:
    """(relation, target, until when it matters) of one object's own words."""
    record = folded.record
    done = stamp_or_none(place(record).done) if record else None
    until = FOREVER if done is None else done
    yield from (("follows", target, until if done is None else done + LATE) for target in folded.follows)
    for relation in ("depends_on", "closes", "reverts"):
        yield from ((relation, target, until) for target in getattr(record, relation, ()))
    if isinstance(record, Ticket):
        yield from (("label", mark, until) for mark in dict.fromkeys(mark.casefold() for mark in record.marks))
        yield from (("part_of", target, FOREVER) for target in record.part_of)
    if isinstance(record, Account) and record.is_bot is not None:
        yield ("bot", "yes" if record.is_bot else "no", FOREVER)
    if isinstance(record, Change | Ticket):
        yield from (("party", party, FOREVER) for party in _parties(record, events))
    yield from (("mover", mover.casefold(), FOREVER) for mover in _movers(record))
    if isinstance(record, Change):
        scope = record.repository.casefold()
        yield from (("touches", f"{scope}:{folder}", until) for folder in record.folders)
        yield from (("worked", account, until) for account in _workers(record))
    if isinstance(record, Handoff) and record.state is not HandoffState.WITHDRAWN:
        yield ("about", record.about.casefold(), until)
    if isinstance(record, Round):
        yield ("about", record.release.casefold(), until)
    if isinstance(record, Attention):
        yield from (("took", mark.by.casefold(), stamp(mark.at) + TAKEN) for mark in record.taken)


def _movers(record: Record | None) -> set[str]:
    """Whose turn an open thing is: accounts, teams that were asked (``team/<slug>``), and who a person said it is.

    Nobody waits for a draft, nor for a machine.
    """
    if isinstance(record, Incident):
        return set(record.assignees) if record.open else set()
    if not isinstance(record, Change | Ticket) or record.move is None or record.move.kind in _NOBODY_WAITS:
        return set()
    movers = {*record.move.movers, *filter(None, [record.corrections.owner])}
    if isinstance(record, Change) and record.move.kind is TurnKind.REVIEW_PENDING:
        movers |= {f"team/{team}" for team in record.asked_teams}
    return movers


def _workers(change: Change) -> set[str]:
    """Who knows a change: its author and those who reviewed it; bots know nothing."""
    author = {change.author} if change.author and not change.author_is_bot else set()
    return author | {review.reviewer for review in change.reviews}


def _parties(record: Change | Ticket, events: Sequence[KnownEvent]) -> set[str]:
    """Every account that the object's record or events name, bots and all: whose say changes how it is folded."""
    named = {record.author, *record.assignees}
    for event in events:
        named.add(event.actor)
        for said in (event.data, event.data.get("snapshot")):
            if isinstance(said, dict):
                named.update(said[key] for key in _ONE & said.keys() if isinstance(said[key], str))
                named.update(name for key in _SEVERAL & said.keys() for name in said[key] if isinstance(name, str))
    return {name.casefold() for name in named if name and "/" in name}
