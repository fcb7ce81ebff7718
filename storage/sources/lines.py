"""How is one delivery written as one line of NDJSON, and read back byte for byte?

``{"source": "github", "headers": {"X-GitHub-Event": "push"}, "received_at": "2026-11-02T09:00:00Z", "payload": {}}``.
A body that is no JSON, or that one line cannot hold unchanged, stands as ``body_base64`` instead of ``payload``;
``delivery_id`` stands where no header tells it. What people decided in the assistant came with no delivery and is a
line of its own kind: ``{"event": {...}, "known_at": "2026-11-02T09:00:00Z"}``.
"""

import base64
import binascii
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec

from storage.records import Delivery, Event, KnownEvent
from storage.sources.signatures import delivery_id, kept

Time = Annotated[datetime, msgspec.Meta(tz=True)]


class BadLine(ValueError):  # noqa: N818  what it is, not what went wrong with us
    """A line that is no delivery; the text says why and quotes nothing of it."""


class Line(msgspec.Struct):
    """One line as read; ``payload`` stays the bytes it was."""

    source: Annotated[str, msgspec.Meta(min_length=1, max_length=50)] | None = None
    headers: dict[str, str] = {}
    received_at: Time | None = None
    delivery_id: Annotated[str, msgspec.Meta(min_length=1, max_length=400)] | None = None
    payload: msgspec.Raw = msgspec.Raw()
    body_base64: str | None = None
    event: Event | None = None
    known_at: Time | None = None


_decoder = msgspec.json.Decoder(Line)


@dataclass(frozen=True, slots=True)
class Stated:
    """An event that no delivery brought, and since when it is known."""

    event: Event
    known_at: datetime


def read_line(line: bytes) -> Delivery | Stated:
    """Read one line; ``received_at`` has a zone, or is absent or null for history without a receipt.

    Raises BadLine.
    """
    try:
        read = _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        read = _read_slowly(line, error)
    if read.event is not None:
        return _stated(read.event, read.known_at)
    if read.source is None:
        message = "it has no source"
        raise BadLine(message)
    body = _body(read)
    headers = kept(read.source, read.headers)
    id_ = read.delivery_id or delivery_id(read.source, read.headers, body)
    received_at = None if read.received_at is None else _utc(read.received_at)
    return Delivery(read.source, id_, headers, body, received_at)


def write_line(delivery: Delivery) -> bytes:
    """Write one delivery as a line with its end; signatures and tokens never, whatever was stored."""
    headers = {_spelt(name): value for name, value in kept(delivery.source, delivery.headers).items()}
    line: dict[str, Any] = {"source": delivery.source, "headers": headers}
    if delivery.received_at is not None:
        line["received_at"] = delivery.received_at
    if delivery_id(delivery.source, headers, delivery.body) != delivery.delivery_id:
        line["delivery_id"] = delivery.delivery_id
    if _fits(delivery.body):
        line["payload"] = msgspec.Raw(delivery.body)
    else:
        line["body_base64"] = base64.b64encode(delivery.body).decode()
    return msgspec.json.encode(line) + b"\n"


def write_event(event: KnownEvent) -> bytes:
    """Write one event that no delivery brought as a line with its end."""
    said = Event(
        event.identity, event.object, event.kind, event.at, event.source, event.actor, event.repository, event.data
    )
    return msgspec.json.encode({"event": said, "known_at": event.known_at}) + b"\n"


def _stated(event: Event, known_at: datetime | None) -> Stated:
    if known_at is None or (event.at is not None and event.at.tzinfo is None):
        message = "an event needs known_at, and times with a zone"
        raise BadLine(message)
    return Stated(replace(event, at=_utc(event.at)) if event.at else event, _utc(known_at))


def _read_slowly(line: bytes, error: Exception) -> Line:
    """Read once more what only the standard library takes: lone surrogates, NaN, numbers of any length."""
    if isinstance(error, msgspec.ValidationError):
        raise BadLine(str(error)) from error
    try:
        whole = json.loads(line)
        payload = json.dumps(whole.pop("payload")).encode()
        return msgspec.convert({**whole, "payload": msgspec.Raw(payload)}, Line)
    except (ValueError, KeyError, AttributeError, RecursionError, msgspec.ValidationError):
        raise BadLine(str(error)) from error


def _body(line: Line) -> bytes:
    if line.body_base64 is None:
        if not line.payload:
            message = "it has no payload"
            raise BadLine(message)
        return bytes(line.payload)
    try:
        return base64.b64decode(line.body_base64, validate=True)
    except (binascii.Error, ValueError) as error:
        message = "body_base64 is no base64"
        raise BadLine(message) from error


def _utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        message = "received_at, or another time, is none that can be told"
        raise BadLine(message) from error


def _fits(body: bytes) -> bool:
    """Whether a body can stand in a line as it is: JSON that is read back as the same bytes."""
    if b"\n" in body or b"\r" in body or body != body.strip():
        return False
    try:
        body.decode()
        msgspec.json.decode(body, type=msgspec.Raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return False
    return True


def _spelt(header: str) -> str:
    return "-".join(word.capitalize() for word in header.split("-")).replace("Github", "GitHub")
