"""How do folded states get into their tables, touching no more rows than changed?"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from storage.cleaning import clean, clean_or_none, encode
from storage.database import Row, Session
from storage.indexing import LONGEST, SEPARATOR, hints_of, links_of, number_of, place, scope_of
from storage.instants import stamp, stamp_or_none
from storage.naming import kind_of
from storage.records import Folded, KnownEvent

TABLES = ("state", "turn", "hint", "link")


class Fresh(NamedTuple):
    """What folding one object gave, with its own events."""

    object: str
    folded: Folded
    events: Sequence[KnownEvent]


class Kept(NamedTuple):
    """A table with several rows an object: its columns after ``object``, of which the first ``keys`` are its key."""

    table: str
    columns: tuple[str, ...]
    keys: int


_KEPT = (
    Kept("turn", ("place", "kind", "scope", "began_at", "ended_at", "cleared_at"), 1),
    Kept("hint", ("name", "key", "field", "title", "scope"), 1),
    Kept("link", ("relation", "target", "until"), 2),
)
_STATE = (
    "object", "kind", "scope", "number", "open", "claimed", "began_at", "done_at", "landed_at", "branch", "sha",
    "environment", "record",
)  # fmt: skip


class States:
    """The four tables of folded states: the live ones, or those that a rebuild fills beside them (``suffix``)."""

    def __init__(self, suffix: str = "") -> None:
        self.suffix = suffix
        self._state = _upsert(f"state{suffix}", _STATE, 1)
        self._delete_state = f"DELETE FROM state{suffix} WHERE object = ?"
        self._kept = [_Differing(kept, suffix) for kept in _KEPT]

    def write(self, session: Session, fresh: Sequence[Fresh]) -> None:
        """Make the tables say of each object what folding it gave, and nothing else."""
        rows = [_state_row(item) for item in fresh if item.folded.record is not None]
        session.many(self._state, rows)
        session.many(self._delete_state, [(item.object,) for item in fresh if item.folded.record is None])
        objects = [item.object for item in fresh]
        for kept, rows_of in zip(self._kept, (_turns, _hints, _links), strict=True):
            kept.write(session, objects, {item.object: rows_of(item) for item in fresh})

    def delete(self, session: Session, objects: Iterable[str]) -> None:
        """Take objects out of all four tables."""
        gone = [(name,) for name in objects]
        for table in TABLES:
            session.many(f"DELETE FROM {table}{self.suffix} WHERE object = ?", gone)


class _Differing:
    """Writes only the rows of an object that differ from those it has."""

    def __init__(self, kept: Kept, suffix: str) -> None:
        table, key = f"{kept.table}{suffix}", ("object", *kept.columns)[: kept.keys + 1]
        self._keys = kept.keys
        self._select = f"SELECT object, {', '.join(kept.columns)} FROM {table} WHERE object IN ({{}})"
        self._upsert = _upsert(table, ("object", *kept.columns), kept.keys + 1)
        self._delete = f"DELETE FROM {table} WHERE {' AND '.join(f'{column} = ?' for column in key)}"

    def write(self, session: Session, objects: Sequence[str], wanted: dict[str, list[Row]]) -> None:
        had = {tuple(row[: self._keys + 1]): row for row in session.among(self._select, objects)}
        have = {row[: self._keys + 1]: row for rows in wanted.values() for row in rows}
        session.many(self._delete, [key for key in had if key not in have])
        session.many(self._upsert, [row for key, row in have.items() if had.get(key) != row])


def _upsert(table: str, columns: Sequence[str], keys: int) -> str:
    update = ", ".join(f"{column} = excluded.{column}" for column in columns[keys:])
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) "
        f"ON CONFLICT ({', '.join(columns[:keys])}) DO UPDATE SET {update}"
    )


def _state_row(fresh: Fresh) -> Row:
    record = fresh.folded.record
    assert record is not None  # noqa: S101  the caller chose those that have one
    where = place(record)
    return (
        fresh.object, kind_of(fresh.object), scope_of(fresh.object, record), number_of(record), int(where.open),
        int(bool(fresh.folded.hints)), stamp_or_none(where.began), stamp_or_none(where.done),
        stamp_or_none(where.landed), clean_or_none(where.branch), clean_or_none(where.sha),
        clean_or_none(where.environment), encode(record),
    )  # fmt: skip


def _turns(fresh: Fresh) -> list[Row]:
    record = fresh.folded.record
    done = None if record is None else stamp_or_none(place(record).done)
    scope = scope_of(fresh.object, record)
    return [
        (fresh.object, number, turn.kind.value, scope, stamp(turn.began_at), stamp_or_none(turn.ended_at), done)
        for number, turn in enumerate(fresh.folded.turns)
    ]


def _hints(fresh: Fresh) -> list[Row]:
    scope = scope_of(fresh.object, fresh.folded.record)
    rows: dict[str, Row] = {}
    for hint in sorted(hints_of(fresh.folded), key=lambda hint: hint.title, reverse=True):
        key, title = clean(hint.key).replace(SEPARATOR, " "), clean(hint.title)[:LONGEST]
        name = SEPARATOR.join((key, hint.field, scope or ""))
        rows[name] = (fresh.object, name, key, hint.field, title, scope)
    return list(rows.values())


def _links(fresh: Fresh) -> list[Row]:
    rows: dict[tuple[str, str], Any] = {}
    for relation, target, until in links_of(fresh.folded, fresh.events):
        rows[relation, clean(target)] = until
    return [(fresh.object, relation, target, until) for (relation, target), until in rows.items()]
