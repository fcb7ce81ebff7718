"""What is a ticket (an issue), after all that happened to it?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.naming import subject_of
from storage.records import Folded, KnownEvent, Ticket, TurnKind
from storage.state.bots import Crowd, types_of
from storage.state.corrections import corrected
from storage.state.hints import hints
from storage.state.linked import waited_for
from storage.state.rules import FoldRules
from storage.state.snapshots import latest
from storage.state.stated import each, instant, whole, word, words
from storage.state.turns import Move, Turns

_GONE = {"ticket.deleted": "deleted", "ticket.transferred": "transferred"}


@dataclass(slots=True)
class _Life:
    """When a ticket was closed and reopened, and the turns that makes."""

    turns: Turns
    closed_at: datetime | None = None
    reopened_at: datetime | None = None


def fold_ticket(object_name: str, events: Sequence[KnownEvent], rules: FoldRules) -> Folded:
    """Fold a ticket's events, ordered; without any snapshot there is no record.

    It has one kind of turn, from opened or reopened to closed: the assignees' move. A deleted or transferred ticket
    is closed for that reason. One of Jira's follows what is told of it, and of what it waits for, by number alone.
    """
    heard = [event for event in events if event.object == object_name]
    own = [event for event in heard if not event.kind.startswith("corrected.")]
    told = latest(own)
    if not told:
        return Folded(None)
    created = next((event.at for event in own if event.kind == "ticket.created"), None)
    opened_at = created or instant(told, "opened_at") or own[0].at
    movers = Crowd(rules, types_of(own, told)).people(words(told, "assignees"))
    life = _lived(own, opened_at, Move(TurnKind.OPEN, movers, 0))
    corrections = corrected([event for event in heard if event.kind.startswith("corrected.")])
    waits, follows = waited_for(own, events)
    status, status_at = _status(own)
    said = [event.data for event in own if event.kind == "ticket.commented"]
    repository, _, number = subject_of(object_name).rpartition("#")
    ticket = Ticket(
        object=object_name,
        repository=repository,
        number=whole(told, "number") or int(number),
        title=word(told, "title") or "",
        url=word(told, "url"),
        author=word(told, "author"),
        open=life.closed_at is None,
        opened_at=opened_at,
        last_event_at=max(own[-1].at, opened_at),
        closed_at=life.closed_at,
        closed_reason=_reason(own, told) if life.closed_at else None,
        reopened_at=life.reopened_at,
        labels=words(told, "labels"),
        milestone=word(told, "milestone"),
        assignees=words(told, "assignees"),
        depends_on=each([words(told, "depends_on"), *(words(data, "depends_on") for data in said), waits]),
        root_causes=each([words(told, "root_causes"), *(words(data, "root_causes") for data in said)]),
        corrections=corrections,
        move=life.turns.now(),
        type=word(told, "type"),
        status=status,
        status_at=status_at,
        part_of=words(told, "part_of"),
        versions=words(told, "versions"),
        priority=word(told, "priority"),
        names=words(told, "names"),
    )
    claims = hints(ticket.milestone, ticket.labels, corrections, versions=ticket.versions)
    return Folded(ticket, life.turns.all(), claims, follows)


def _status(own: Sequence[KnownEvent]) -> tuple[str | None, datetime | None]:
    """The newest status, and since when it is that."""
    status, since = None, None
    for event in own:
        snapshot: Mapping[str, Any] = event.data.get("snapshot") or {}
        told = word(event.data, "status") or word(snapshot, "status")
        if told and told != status:
            status, since = told, event.at
    return status, since


def _lived(own: Sequence[KnownEvent], opened_at: datetime, move: Move) -> _Life:
    life = _Life(Turns(opened_at))
    life.turns.stands(opened_at, move)
    for at, _, opens in sorted(step for event in own for step in _steps(event)):
        if life.closed_at is None and not opens:
            life.closed_at = max(at, opened_at)
            life.turns.ends(life.closed_at)
        elif life.closed_at is not None and opens:
            life.closed_at, life.reopened_at = None, at
            life.turns.stands(at, move)
    return life


def _steps(event: KnownEvent) -> Iterator[tuple[datetime, int, bool]]:
    """What the event says of open and closed, as (when, rank among those of one instant, open)."""
    snapshot: Mapping[str, Any] = event.data.get("snapshot") or {}
    if event.kind == "ticket.closed" or event.kind in _GONE:
        yield event.at, 1, False
    elif event.kind == "ticket.reopened":
        yield event.at, 2, True
    elif snapshot.get("open") is False:
        yield instant(snapshot, "closed_at") or event.at, 1, False
    elif snapshot.get("open") is True:
        yield event.at, 0, True


def _reason(own: Sequence[KnownEvent], told: Mapping[str, Any]) -> str | None:
    gone = next((_GONE[event.kind] for event in reversed(own) if event.kind in _GONE), None)
    return gone or word(told, "closed_reason")
