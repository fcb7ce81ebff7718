"""How long are raw deliveries kept, and how do they leave?"""

from collections.abc import Iterator
from datetime import datetime

from storage.appending import restored
from storage.database import Database
from storage.instants import instant, stamp
from storage.records import Delivery

_TOGETHER = 100  # deliveries read at once: bounds memory, for one may have 25 MB
_KEPT = """
    SELECT id, source, delivery_id, headers, body, received_at FROM delivery
    WHERE id > ? AND body IS NOT NULL ORDER BY id LIMIT ?"""
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


def prune(database: Database, before: datetime) -> int:
    """Drop the bodies of deliveries from before a moment; how many."""
    return database.write([], lambda session: session.run(_PRUNE, (stamp(before),)))
