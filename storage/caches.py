"""What was shown to whom, and what was looked up of people elsewhere?"""

from datetime import datetime
from typing import Any

import msgspec

from storage.cleaning import clean, encode
from storage.database import Database, Session
from storage.instants import instant, stamp

_SEE = """
    INSERT INTO seen (viewer, key, at, outline) VALUES (?, ?, ?, ?)
    ON CONFLICT (viewer, key) DO UPDATE SET at = excluded.at, outline = excluded.outline"""
_LOOK_UP = """
    INSERT INTO person (key, at, person) VALUES (?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET at = excluded.at, person = excluded.person"""
_ONCE = "INSERT INTO seen (viewer, key, at, outline) VALUES ('request', ?, ?, ?) ON CONFLICT DO NOTHING"
_OLD = "DELETE FROM seen WHERE viewer = 'request' AND at < ?"
_SEEN = "SELECT at, outline FROM seen WHERE viewer = ? AND key = ?"
_PERSON = "SELECT at, person FROM person WHERE key = ?"


def remember_seen(database: Database, viewer: str, key: str, at: datetime, outline: Any) -> None:  # noqa: ANN401  JSON
    """Remember the outline of what a viewer saw; the last one counts."""
    row = (clean(viewer), clean(key), stamp(at), encode(outline))
    database.jot(_SEE, row)


def seen(session: Session, viewer: str, key: str) -> tuple[datetime, Any] | None:
    """When a viewer last saw something, and its outline; None when they never did."""
    row = session.one(_SEEN, (viewer, key))
    return None if row is None else (instant(row[0]), msgspec.json.decode(row[1]))


def remember_once(database: Database, key: str, at: datetime) -> bool:
    """Remember that a request came; False when it had come before."""
    return database.jot(_ONCE, (clean(key), stamp(at), encode(None))) > 0


def drop_requests(database: Database, before: datetime) -> None:
    """Forget the requests that came before a moment: Slack signs none so old."""
    database.jot(_OLD, (stamp(before),))


def remember_person(database: Database, key: str, person: Any, at: datetime) -> None:  # noqa: ANN401  any JSON
    """Remember what was looked up of a person."""
    row = (clean(key), stamp(at), encode(person))
    database.jot(_LOOK_UP, row)


def recall_person(database: Database, key: str) -> tuple[datetime, Any] | None:
    """When and what was looked up, None when nothing was."""
    with database.reading() as session:
        row = session.one(_PERSON, (clean(key),))
    return None if row is None else (instant(row[0]), msgspec.json.decode(row[1]))
