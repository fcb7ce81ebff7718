"""What was learnt since a moment, in the order in which it was?"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import msgspec

from storage.database import Session, holes
from storage.instants import instant, stamp
from storage.records import KnownEvent

_LEARNT = """
    SELECT id, identity, object, kind, at, known_at, source, actor, repository, data FROM event
    WHERE known_at >= ? AND (known_at > ? OR id > ?) AND kind IN ({}) AND counted = 1
    ORDER BY known_at, id LIMIT ?"""


class Learnt(NamedTuple):
    """A place in all that was learnt: when that was, and which of that instant."""

    at: datetime
    id: int = 0


def learnt(session: Session, after: Learnt, kinds: Iterable[str], most: int) -> tuple[tuple[Learnt, KnownEvent], ...]:
    """The events of these kinds after a place, each with its place; none without a kind."""
    wanted, since = tuple(dict.fromkeys(kinds)), stamp(after.at)
    if not wanted:
        return ()
    statement = _LEARNT.format(holes(len(wanted)))
    rows = session.all(statement, (since, since, after.id, *wanted, most))
    return tuple(
        (
            Learnt(instant(known_at), number),
            KnownEvent(
                identity, name, kind, instant(at), instant(known_at), source, actor, repository,
                msgspec.json.decode(data),
            ),
        )
        for number, identity, name, kind, at, known_at, source, actor, repository, data in rows
    )  # fmt: skip


def newest(session: Session) -> int:
    """A number that grows with whatever is learnt; costs next to nothing."""
    row = session.one("SELECT max(id) FROM event")
    return int(row[0] or 0) if row else 0
