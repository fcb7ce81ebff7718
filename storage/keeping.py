"""How long are raw deliveries kept, and how do they leave?"""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from storage.appending import restored
from storage.database import Database
from storage.instants import instant, stamp
from storage.records import Delivery, KnownEvent

_TOGETHER = 100  # deliveries read at once: bounds memory, for one may have 25 MB
_EVENTS_TOGETHER = 1000
_KEPT = """
    SELECT id, source, delivery_id, headers, body, received_at FROM delivery
    WHERE id > ? AND body IS NOT NULL ORDER BY id LIMIT ?"""
_DROPPED = "SELECT 1 FROM delivery WHERE body IS NULL LIMIT 1"
_EVENTS = """
    SELECT id, identity, object, kind, at, known_at, source, actor, repository, data FROM event
    WHERE id > ?{which} ORDER BY id LIMIT ?"""
_OWN = " AND source = 'lastmile' AND kind <> 'service.deployed'"  # no delivery brought these
_PRUNE = "UPDATE delivery SET body = NULL WHERE at < ? AND body IS NOT NULL"


def export(database: Database) -> Iterator[Delivery]:
    """Every delivery whose body is kept, in the order they came."""
    last = 0
    while True:
        with database.reading() as session:
            rows = session.all(_KEPT, (last, _TOGETHER))
        for number, source, delivery_id, headers, body, received_at in rows:
            moment = None if received_at is None else instant(received_at)
            yield restored((source, delivery_id, headers, body, moment))
            last = number
        if len(rows) < _TOGETHER:
            return


def recorded(database: Database) -> Iterator[KnownEvent]:
    """The events that no kept delivery would bring again, in the order they came; all, once any body was dropped."""
    with database.reading() as session:
        statement = _EVENTS.format(which="" if session.one(_DROPPED) else _OWN)
    last = 0
    while True:
        with database.reading() as session:
            rows = session.all(statement, (last, _EVENTS_TOGETHER))
        for number, identity, subject, kind, at, known_at, source, actor, repository, data in rows:
            yield KnownEvent(
                identity, subject, kind, instant(at), instant(known_at), source, actor, repository,
                msgspec.json.decode(data),
            )  # fmt: skip
            last = number
        if len(rows) < _EVENTS_TOGETHER:
            return


def prune(database: Database, before: datetime) -> int:
    """Drop the bodies of deliveries from before a moment; how many."""
    return database.write([], lambda session: session.run(_PRUNE, (stamp(before),)))
