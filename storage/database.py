"""How is a statement run, and who holds what while it runs, on SQLite and on PostgreSQL?

Statements are written once with ``?`` and run on the driver itself: the hot ones cost what the driver costs. SQLite
lets one writer in at a time (``BEGIN IMMEDIATE``); on PostgreSQL a writer holds an advisory lock for each repository
or object that it folds. Without that, an event's fold can overwrite another's, silently.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b
from typing import Any, TypeVar

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

Row = tuple[Any, ...]
Result = TypeVar("Result")


class Unusable(Exception):  # noqa: N818  what it is, not that it is one
    """The database can't be opened or used; the text is the driver's first line."""


EVERYTHING = "everything"  # held shared by every writer, alone by who changes what all states rest on
TRIES = 6  # of a transaction that the database breaks off because another waits for it
MOST = 512  # values in one list of a statement
_SERIALIZATION, _DEADLOCK = "40001", "40P01"


def holes(count: int) -> str:
    """Place holders for a list of ``count`` values: ``?,?,?``; for none ``NULL``, which is like no value."""
    return ",".join("?" * count) or "NULL"


def chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    """The distinct values in lists of at most MOST, each padded to a power of two so that few statements differ."""
    distinct = list(dict.fromkeys(values))
    for start in range(0, len(distinct), MOST):
        chunk = distinct[start : start + MOST]
        yield chunk + chunk[-1:] * ((1 << (len(chunk) - 1).bit_length()) - len(chunk))


class Session:
    """One transaction: statements with ``?`` in, tuples out."""

    __slots__ = ("_cursor", "_say", "sqlite")

    def __init__(self, cursor: Any, *, sqlite: bool) -> None:  # noqa: ANN401  either driver's cursor
        self._cursor = cursor
        self._say = str if sqlite else _for_postgres
        self.sqlite = sqlite

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Every row."""
        self._cursor.execute(self._say(sql), values)
        rows: list[Row] = self._cursor.fetchall()
        return rows

    def one(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """The first row, None where there is none."""
        self._cursor.execute(self._say(sql), values)
        row: Row | None = self._cursor.fetchone()
        return row

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Execute; how many rows it changed."""
        self._cursor.execute(self._say(sql), values)
        return int(self._cursor.rowcount)

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Execute once for each of ``rows``."""
        if rows:
            self._cursor.executemany(self._say(sql), rows)

    def among(self, sql: str, values: Iterable[Any], *more: Any) -> list[Row]:  # noqa: ANN401  any column's value
        """Every row of ``sql``, whose ``{}`` stands for a list of ``values``; ``more`` are bound after the list."""
        rows: list[Row] = []
        for chunk in chunks(values):
            rows += self.all(sql.replace("{}", holes(len(chunk))), (*chunk, *more))
        return rows


@cache
def _for_postgres(sql: str) -> str:
    return sql.replace("?", "%s")


class Database:
    """A pool of connections and the two ways to use one: ``reading`` and ``write``.

    ``locks`` is turned off only by the test that shows what is lost without them.
    """

    def __init__(self, url: str, *, locks: bool = True) -> None:
        parsed = make_url(url)
        self.sqlite = parsed.get_backend_name() == "sqlite"
        self.path = parsed.database if self.sqlite else None
        if self.sqlite:
            arguments = {"isolation_level": None, "check_same_thread": False, "timeout": 30.0}
        else:
            parsed = parsed.set(drivername="postgresql+psycopg")
            arguments = {"autocommit": True}
        self.engine = create_engine(  # the connection used last is used next: its pages are still at hand
            parsed, connect_args=arguments, pool_size=8, max_overflow=56, pool_timeout=30, pool_use_lifo=True
        )
        self._locks = locks
        self.failures: type[Exception] = self.engine.dialect.loaded_dbapi.OperationalError  # of the database itself
        self.troubles: type[Exception] = self.engine.dialect.loaded_dbapi.Error  # of any kind
        self._writing = threading.Lock()  # SQLite's own waiting is a poll, and unfair

    def close(self) -> None:
        """Close every connection that nobody uses."""
        self.engine.dispose()

    @contextmanager
    def cursor(self) -> Iterator[Session]:
        """A session in which every statement commits itself."""
        connection = self.engine.raw_connection()
        try:
            cursor = connection.cursor()
            if self.sqlite and not connection.info.get("set up"):
                _set_up(cursor)
                connection.info["set up"] = True
            yield Session(cursor, sqlite=self.sqlite)
            cursor.close()
        finally:
            connection.close()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one moment of the database throughout."""
        with self.cursor() as session:
            session.run("BEGIN" if self.sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield session
            session.run("COMMIT")

    def write(self, keys: Iterable[str], work: Callable[[Session], Result], *, alone: bool = False) -> Result:
        """Run ``work`` in one transaction that holds ``keys`` (``alone``: everything), durable on return.

        ``work`` runs again when PostgreSQL breaks a deadlock, so it must change nothing but the database.
        """
        for tries_left in reversed(range(TRIES)):
            try:
                return self._write(sorted(set(keys)), work, alone)
            except self.failures as error:
                if not tries_left or getattr(error, "sqlstate", None) not in {_SERIALIZATION, _DEADLOCK}:
                    raise
        raise AssertionError  # the last try returned or raised

    def jot(self, sql: str, values: Sequence[Any]) -> int:
        """Run one statement that need not outlive a power cut, so that nobody waits for the disk; rows it changed."""
        if not self.sqlite:
            with self.cursor() as session:

                def lightly(session: Session) -> int:
                    session.run("SET LOCAL synchronous_commit = off")
                    return session.run(sql, values)

                return self._commit(session, "BEGIN", lightly)
        with self._writing, self.cursor() as session:
            session.run("PRAGMA synchronous=NORMAL")
            try:
                return session.run(sql, values)
            finally:
                session.run("PRAGMA synchronous=FULL")

    def hold(self, session: Session, keys: Iterable[str]) -> None:
        """Hold more keys until the end of the transaction."""
        if self._locks and not self.sqlite:
            session.all("SELECT pg_advisory_xact_lock(k) FROM unnest(?::bigint[]) AS k", [_locks_of(keys)])

    def compact(self) -> None:
        """Give back the room of what was erased, and with it what was still readable there."""
        with self.cursor() as session:
            session.run("VACUUM")
            if self.sqlite:
                session.all("PRAGMA wal_checkpoint(TRUNCATE)")

    def _write(self, keys: Sequence[str], work: Callable[[Session], Result], alone: bool) -> Result:  # noqa: FBT001
        if self.sqlite and self._locks:
            with self._writing, self.cursor() as session:
                return self._commit(session, "BEGIN IMMEDIATE", work)
        with self.cursor() as session:
            if self.sqlite:
                return work(session)

            def holding(session: Session) -> Result:
                if self._locks:
                    suffix = "" if alone else "_shared"
                    session.all(f"SELECT pg_advisory_xact_lock{suffix}(?)", _locks_of([EVERYTHING]))
                    self.hold(session, keys)
                return work(session)

            return self._commit(session, "BEGIN", holding)

    def _commit(self, session: Session, begin: str, work: Callable[[Session], Result]) -> Result:
        session.run(begin)
        result = work(session)
        session.run("COMMIT")
        return result  # an error leaves by the pool, which rolls back


def _locks_of(keys: Iterable[str]) -> list[int]:
    return sorted(int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), signed=True) for key in keys)


def _set_up(cursor: Any) -> None:  # noqa: ANN401  sqlite3's cursor
    """WAL lets readers go on beside the writer; FULL makes a commit survive a power cut."""
    for pragma in ("foreign_keys=ON", "synchronous=FULL", "temp_store=MEMORY", "cache_size=-16384"):
        cursor.execute(f"PRAGMA {pragma}")
    if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        cursor.execute("PRAGMA journal_mode=WAL")
