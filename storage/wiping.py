"""How are words replaced in everything that is stored?"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec
import zstandard

from storage.appending import event_row
from storage.cleaning import encode
from storage.database import Row, Session
from storage.instants import instant
from storage.records import Event
from storage.veiling import rewritten

_TOGETHER = 500  # rows looked at together
_EVENTS = """
    SELECT id, identity, object, kind, given_at, source, actor, repository, data, known_at, counted FROM event
    WHERE id > ? ORDER BY id LIMIT ?"""
_DELIVERIES = "SELECT id, delivery_id, reason, headers, body FROM delivery WHERE id > ? ORDER BY id LIMIT ?"
_REWRITE = """
    UPDATE event SET identity = ?, object = ?, kind = ?, at = ?, known_at = ?, given_at = ?, source = ?, actor = ?,
        repository = ?, scope = ?, counted = ?, digest = ?, data = ? WHERE id = ?"""
_POSTS = "SELECT key, channel, payload FROM post WHERE key > ? ORDER BY key LIMIT ?"
_EMPTY = """
    UPDATE post SET payload = ?, pictures = NULL, channel = ?, why = 'it spoke of what was forgotten',
        state = CASE state WHEN 'owed' THEN 'skipped' ELSE state END
    WHERE key = ?"""
_REDELIVER = "UPDATE delivery SET delivery_id = ?, reason = ?, headers = ?, body = ? WHERE id = ?"


class Wipe(NamedTuple):
    """What to replace: ``text`` does it, ``hides`` says whether a raw body must go.

    ``needles`` are the words looked for, casefolded; a row that holds none of them is left alone.
    """

    needles: tuple[str, ...]
    text: Callable[[str], str]
    hides: Callable[[bytes], bool]

    def concerns(self, *said: bytes | str | None) -> bool:
        """Whether any of this may speak of it."""
        texts = (part.decode("utf-8", "replace") if isinstance(part, bytes) else part or "" for part in said)
        lower = "\n".join(texts).casefold()
        return any(needle in lower or _escaped(needle) in lower for needle in self.needles)


def wipe_events(session: Session, wipe: Wipe) -> tuple[int, dict[str, int], set[str]]:
    """Rewrite events: how many, the objects to fold again, and those whose name is gone."""
    count, touched, gone = 0, dict[str, int](), set[str]()
    for row in rows_of(session, _EVENTS):
        number, identity, name, kind, given, source, actor, repository, data, known, counted = row
        if not wipe.concerns(identity, actor, data):
            continue
        at = None if given is None else instant(given)
        event = Event(identity, name, kind, at, source, actor, repository, msgspec.json.decode(data))
        wiped = rewritten(event, wipe.text)
        if wiped == event:
            continue
        new = event_row(wiped, known, lambda _, counted=counted: bool(counted))  # type: ignore[misc]
        session.run(_REWRITE, (*new, number))
        count += 1
        gone |= {name} - {new[1]}
        touched[new[1]] = min(new[3], touched.get(new[1], new[3]))
    return count, touched, gone


def wipe_deliveries(session: Session, wipe: Wipe) -> int:
    """Drop the raw bodies that speak of it and rewrite what stands beside them; how many deliveries."""
    count = 0
    for number, delivery_id, reason, headers, body in rows_of(session, _DELIVERIES):
        raw = b"" if body is None else zstandard.ZstdDecompressor().decompress(body)
        if not wipe.concerns(delivery_id, reason, headers, raw):
            continue
        kept = None if wipe.hides(raw) else body
        said = encode({key: wipe.text(value) for key, value in msgspec.json.decode(headers).items()})
        values = (wipe.text(delivery_id), None if reason is None else wipe.text(reason), said, kept)
        if values != (delivery_id, reason, headers, body):
            count += session.run(_REDELIVER, (*values, number))
    return count


def wipe_posts(session: Session, wipe: Wipe) -> None:
    """Empty the posts that speak of it: what is still owed of them is skipped, what is under way is not tried again."""
    last = ""
    while rows := session.all(_POSTS, (last, _TOGETHER)):
        last = rows[-1][0]
        for key, channel, payload in rows:
            if wipe.concerns(channel, bytes(payload)):
                session.run(_EMPTY, (b"", wipe.text(channel), key))


def rows_of(session: Session, sql: str) -> Iterator[Row]:
    """Every row, some at a time: ``sql`` takes the id to go on after, which it selects first, and how many."""
    last = 0
    while rows := session.all(sql, (last, _TOGETHER)):
        last = rows[-1][0]
        yield from rows


def _escaped(text: str) -> str:
    """The text as JSON may also spell it."""
    return text.encode("unicode_escape").decode()
