"""How is an event named, so that every copy of one fact has one name?"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from storage.records import Event

_LONGEST = 400  # characters; PostgreSQL indexes no entry beyond about 2,700 bytes


@dataclass(frozen=True, slots=True)
class Scene:
    """Where an event happened and who did it: the repository as the forge writes it, the account ``github/<login>``."""

    repository: str
    actor: str | None = None


def event(  # noqa: PLR0913, PLR0917 - an event has these parts, and all but the last are always given
    scene: Scene,
    subject: str,
    kind: str,
    at: datetime | None,
    key: str,
    data: dict[str, Any],
    *,
    source: str = "github",
) -> Event:
    """Make one event; ``key`` is what tells it from others of its kind about the same object: an id, or its time."""
    return Event(
        identity=bounded(f"{subject}|{kind}|{key}"),
        object=subject,
        kind=kind,
        at=at,
        source=source,
        actor=scene.actor,
        repository=scene.repository or None,
        data=data,
    )


def account(login: str) -> str:
    """Name an account of GitHub."""
    return f"github/{login}"


def utc(at: datetime) -> datetime:
    """The same instant in UTC; the ends of the calendar, which have no such instant, stay as they read."""
    if at.tzinfo is UTC:
        return at
    try:
        return at.astimezone(UTC)
    except (OverflowError, ValueError):
        return at.replace(tzinfo=UTC)


def stamp(at: datetime | None) -> str | None:
    """Write an instant as ``2026-11-02T09:00:00Z``."""
    return None if at is None else utc(at).isoformat().replace("+00:00", "Z")


def epoch(seconds: float | str | None) -> datetime | None:
    """The instant of a number of seconds since 1970; None for anything that is none."""
    if not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def digest(value: object) -> str:
    """A short name for a JSON value, equal for equal values: the key of events that have neither id nor time."""
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()[:16]


def bounded(name: str) -> str:
    """A name no longer than an index takes, still different for different names."""
    if len(name) <= _LONGEST:
        return name
    return f"{name[: _LONGEST - 17]}~{hashlib.sha256(name.encode()).hexdigest()[:16]}"
