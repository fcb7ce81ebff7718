"""How do deliveries and events enter the ledger so that each counts once, in whatever order they come?

A delivery is itself by (source, delivery id), an event by its identity. Of an event's copies the ledger keeps the one
that is least by (known_at, digest); that choice does not depend on the order in which they came.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec
import zstandard

from storage.cleaning import clean, clean_or_none, encode
from storage.database import Row, Session
from storage.instants import stamp, stamp_or_none
from storage.records import Delivery, Event, Ignored, Malformed, Outcome, Taken, UnknownEvent
from storage.veiling import Veil

Counted = Callable[[str | None], bool]

LEVEL = 1  # of zstandard: 20 KB of JSON become 2 KB; higher ones save a few bytes for twice the time
NOT_COUNTED = "its repository is not among the configured ones"
NO_TIME = "an event without a time, in a delivery without a receipt"
_thread = threading.local()  # a compressor serves one thread at a time

_HELD = "SELECT delivery_id FROM delivery WHERE delivery_id IN ({}) AND source = ?"
_DELIVERY = """
    INSERT INTO delivery (source, delivery_id, verdict, reason, scope, received_at, at, headers, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (source, delivery_id) DO UPDATE SET received_at = excluded.received_at, at = excluded.at
    WHERE excluded.received_at < delivery.received_at"""
_KNOWN = "SELECT identity, known_at, digest FROM event WHERE identity IN ({})"
_EVENT = """
    INSERT INTO event (identity, object, kind, at, known_at, given_at, source, actor, repository, scope, counted,
                       digest, data)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (identity) DO UPDATE SET
        object = excluded.object, kind = excluded.kind, at = excluded.at, known_at = excluded.known_at,
        given_at = excluded.given_at, source = excluded.source, actor = excluded.actor,
        repository = excluded.repository, scope = excluded.scope, counted = excluded.counted,
        digest = excluded.digest, data = excluded.data"""  # only of better copies, while their object is held


class _Repository(msgspec.Struct):
    full_name: str = ""


class _Payload(msgspec.Struct):
    repository: _Repository | str | None = None  # whole, or its name


_payload = msgspec.json.Decoder(_Payload)


class Prepared(NamedTuple):
    """A delivery and its events as rows, worked out before anything is held."""

    delivery: Row | None
    events: tuple[Row, ...]
    outcome: Outcome

    @property
    def objects(self) -> set[str]:
        """The objects of its counted events."""
        return {row[1] for row in self.events if row[10]}


def prepare(taken: Taken, counted: Counted | None, veil: Veil) -> Prepared:
    """The rows of a delivery, its body compressed, its text cleaned, forgotten people veiled."""
    delivery, verdict = taken.delivery, taken.verdict
    received = stamp_or_none(delivery.received_at)
    if isinstance(verdict, tuple):
        timed = (event for event in verdict if event.at is not None or received is not None)
        events = tuple(event_row(veil.event(event), received, counted) for event in timed)
        outcome, reason = _outcome(verdict, events)
    else:
        events, (outcome, reason) = (), _verdict(verdict)
    scope = next((row[9] for row in events if row[9]), None) or repository_of(delivery.body)
    at = received if received is not None else max((row[3] for row in events), default=0)
    row = (
        clean(delivery.source), clean(delivery.delivery_id), outcome.value, clean_or_none(reason), scope, received, at,
        encode(delivery.headers), None if veil.hides(delivery.body) else _compressed(delivery.body),
    )  # fmt: skip
    return Prepared(row, events, outcome)


def prepare_events(events: Iterable[Event], at: datetime, veil: Veil) -> Prepared:
    """The rows of events that no delivery brought, known from ``at``."""
    known = stamp(at)
    return Prepared(None, tuple(event_row(veil.event(event), known, None) for event in events), Outcome.NEW)


def unreadable(prepared: Prepared, error: Exception) -> Prepared:
    """The same delivery without its events, kept as unknown because they could not be stored or folded."""
    assert prepared.delivery is not None  # noqa: S101  only deliveries are retried alone
    reason = clean(f"it could not be folded: {type(error).__name__}")
    source, delivery_id, _, _, *rest = prepared.delivery
    return Prepared((source, delivery_id, Outcome.UNKNOWN.value, reason, *rest), (), Outcome.UNKNOWN)


def store(session: Session, batch: Sequence[Prepared]) -> tuple[list[Outcome], dict[str, int], int]:
    """Insert what is new: each one's outcome, the objects touched with their earliest stamp, how many new events."""
    outcomes = _store_deliveries(session, batch)
    rows = [row for prepared in batch for row in prepared.events]
    known: dict[str, tuple[int, bytes]] = {
        identity: (known_at, digest) for identity, known_at, digest in session.among(_KNOWN, (row[0] for row in rows))
    }
    before = len(known)
    better: dict[str, Row] = {}
    for row in rows:
        identity, rank = row[0], (row[4], row[11])
        if identity not in known or rank < known[identity]:
            known[identity], better[identity] = rank, row
    session.many(_EVENT, list(better.values()))
    touched: dict[str, int] = {}
    for row in better.values():
        if row[10]:
            touched[row[1]] = min(row[3], touched.get(row[1], row[3]))
    return outcomes, touched, len(known) - before


def _store_deliveries(session: Session, batch: Sequence[Prepared]) -> list[Outcome]:
    rows = [prepared.delivery for prepared in batch if prepared.delivery]
    held = {
        (source, row[0])
        for source in {row[0] for row in rows}
        for row in session.among(_HELD, (row[1] for row in rows if row[0] == source), source)
    }
    outcomes = []
    for prepared in batch:
        key = prepared.delivery[:2] if prepared.delivery else None
        outcomes.append(Outcome.DUPLICATE if key in held else prepared.outcome)
        held |= {key} if key else set()
    session.many(_DELIVERY, rows)
    return outcomes


def _compressed(body: bytes) -> bytes:
    if not hasattr(_thread, "compressor"):
        _thread.compressor = zstandard.ZstdCompressor(level=LEVEL)
    compressed: bytes = _thread.compressor.compress(body)
    return compressed


def _outcome(verdict: Sequence[Event], rows: Sequence[Row]) -> tuple[Outcome, str | None]:
    if verdict and not rows:
        return Outcome.UNKNOWN, NO_TIME
    if rows and not any(row[10] for row in rows):
        return Outcome.IGNORED, NOT_COUNTED
    return Outcome.NEW, None


def _verdict(verdict: Ignored | UnknownEvent | Malformed) -> tuple[Outcome, str]:
    match verdict:
        case Ignored(reason):
            return Outcome.IGNORED, reason
        case UnknownEvent(reason):
            return Outcome.UNKNOWN, reason
        case _:
            return Outcome.MALFORMED, str(verdict)


def repository_of(body: bytes) -> str | None:
    """The repository that a forge's delivery says it is of, casefolded, None where it says none."""
    try:
        payload = _payload.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return None
    told = payload.repository
    name = told.full_name if isinstance(told, _Repository) else told
    return clean(name).casefold() or None if name else None


def event_row(event: Event, received: int | None, counted: Counted | None) -> Row:
    """The row of an event, in the order of the columns of the insert; ``received`` is its receipt's stamp."""
    given = stamp_or_none(event.at)
    known = received if received is not None else given
    assert known is not None  # noqa: S101  events without any time were left out before
    at = known if given is None else min(given, known)
    repository, actor, data = clean_or_none(event.repository), clean_or_none(event.actor), encode(event.data)
    copy: tuple[Any, ...] = (event.object, event.kind, given, event.source, actor, repository)
    digest = blake2b(repr(copy).encode("utf-8", "replace") + data, digest_size=12).digest()
    return (
        clean(event.identity), clean(event.object), clean(event.kind), at, known, given, clean(event.source), actor,
        repository, repository.casefold() if repository else None, int(counted is None or counted(event.repository)),
        digest, data,
    )  # fmt: skip


def restored(row: Row) -> Delivery:
    """The delivery of a row (source, delivery_id, headers, body, received_at as datetime or None)."""
    source, delivery_id, headers, body, received_at = row
    return Delivery(
        source, delivery_id, msgspec.json.decode(headers), zstandard.ZstdDecompressor().decompress(body), received_at
    )
