"""What did the ledger know at an earlier moment?"""

import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from storage.database import Database, Session
from storage.instants import stamp
from storage.migrating import migrate

_LATER = "SELECT 1 FROM event WHERE known_at > ? LIMIT 1"
_TOGETHER = 1000
_EVENT_COLUMNS = (
    "identity, object, kind, at, known_at, given_at, source, actor, repository, scope, counted, digest, data"
)
_EVENTS = f"SELECT id, {_EVENT_COLUMNS} FROM event WHERE id > ? AND known_at <= ? ORDER BY id LIMIT {_TOGETHER}"
_INSERT_EVENT = f"INSERT INTO event ({_EVENT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_DELIVERY_COLUMNS = "source, delivery_id, verdict, reason, scope, received_at, at, headers"
_DELIVERIES = f"SELECT id, {_DELIVERY_COLUMNS} FROM delivery WHERE id > ? AND at <= ? ORDER BY id LIMIT {_TOGETHER}"
_INSERT_DELIVERY = f"INSERT INTO delivery ({_DELIVERY_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


def learnt_since(database: Database, now: datetime) -> bool:
    """Whether any event became known after ``now``."""
    with database.reading() as session:
        return session.one(_LATER, (stamp(now),)) is not None


def copied(database: Database, now: datetime) -> tuple[Database, Callable[[], None]]:
    """A temporary database with what was known by ``now``, not folded yet, and how to be rid of it."""
    folder = Path(tempfile.mkdtemp(prefix="lastmile-as-of-"))
    copy = Database(f"sqlite:///{folder / 'ledger.db'}")

    def discard() -> None:
        copy.close()
        shutil.rmtree(folder, ignore_errors=True)

    try:
        migrate(copy.engine)
        with database.reading() as source:
            copy.write([], lambda target: _copy(source, target, stamp(now)))
    except BaseException:
        discard()
        raise
    return copy, discard


def _copy(source: Session, target: Session, now: int) -> None:
    for select, insert in ((_EVENTS, _INSERT_EVENT), (_DELIVERIES, _INSERT_DELIVERY)):
        last = 0
        while rows := source.all(select, (last, now)):
            last = rows[-1][0]
            target.many(insert, [row[1:] for row in rows])
