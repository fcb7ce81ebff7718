"""How far did a backfill get, and when was a repository last brought up to date?

Both are events of the repository, so that answers can say "backfill 40% done" and the next run knows where to begin.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from storage.records import Event, KnownEvent

BACKFILLED = "repository.backfilled"
RECONCILED = "repository.reconciled"


@dataclass(frozen=True, slots=True)
class Mark:
    """A backfill from ``since`` on that began at ``began_at`` and has got ``done`` (0 to 1) of its work.

    It stands in ``stage``, with all that was updated before ``after`` read there; stage "" is before the first.
    """

    since: datetime
    began_at: datetime
    done: float = 0.0
    stage: str = ""
    after: datetime | None = None


def repository_object(name: str) -> str:
    """Name a repository's object: ``repository:acme/api``."""
    return f"repository:{name}"


def marked(repository: str, mark: Mark, at: datetime, *, private: bool | None, default_branch: str | None) -> Event:
    """The event that a backfill got so far."""
    subject = repository_object(repository)
    data = {
        "since": _stamp(mark.since),
        "began_at": _stamp(mark.began_at),
        "done": round(mark.done, 4),
        "stage": mark.stage,
        "after": _stamp(mark.after) if mark.after else None,
        "private": private,
        "default_branch": default_branch,
    }
    identity = f"{subject}|{BACKFILLED}|{data['began_at']}|{data['stage']}|{data['after']}|{data['done']}"
    return Event(identity, subject, BACKFILLED, at, "lastmile", repository=repository, data=data)


def reconciled(repository: str, since: datetime, began_at: datetime, at: datetime) -> Event:
    """The event that all updated from ``since`` to ``began_at`` was read."""
    subject = repository_object(repository)
    data = {"read_from": _stamp(since), "began_at": _stamp(began_at)}
    identity = f"{subject}|{RECONCILED}|{data['began_at']}"
    return Event(identity, subject, RECONCILED, at, "lastmile", repository=repository, data=data)


def last_mark(history: Sequence[KnownEvent]) -> Mark | None:
    """The furthest that the newest backfill got, from a repository's own events in any order; None without one."""
    found = [_mark(event) for event in history if event.kind == BACKFILLED]
    return max(found, key=lambda mark: (mark.began_at, mark.done), default=None)


def current_until(history: Sequence[KnownEvent]) -> datetime | None:
    """The instant up to which everything was read from the source itself, None where nothing was ever read to its end.

    ``history`` is a repository's own events.
    """
    times = [datetime.fromisoformat(event.data["began_at"]) for event in history if event.kind == RECONCILED]
    times += [mark.began_at for mark in map(_mark, (e for e in history if e.kind == BACKFILLED)) if mark.done >= 1]
    return max(times, default=None)


def _mark(event: KnownEvent) -> Mark:
    data = event.data
    after = data.get("after")
    return Mark(
        datetime.fromisoformat(data["since"]),
        datetime.fromisoformat(data["began_at"]),
        float(data["done"]),
        data["stage"],
        datetime.fromisoformat(after) if after else None,
    )


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
