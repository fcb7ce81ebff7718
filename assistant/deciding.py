"""What do all acts have in common: how an act refuses, words a reason, and states what was decided?"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from assistant.viewer import Viewer
from storage.naming import called
from storage.records import Event, Record

SOURCE = "lastmile"
LONGEST_REASON = 500
LONGEST_NAME = 120
LONGEST_URL = 1_000
_JOINERS = {"\u200c", "\u200d"}  # some scripts and emoji need them


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an act did not happen: who may do it, or what to do first; shown to the person as it is."""

    reason: str


Records = Mapping[str, Record]
Outcome = tuple[Event, ...] | Refused


def cleaned(text: str | None, limit: int = LONGEST_REASON) -> str:
    """Bound what a person typed: one line, no control or invisible characters, at most ``limit`` long."""
    kept = "".join(_kept(character) for character in (text or "")[: 4 * limit])
    line = " ".join(kept.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    if category == "Cf":
        return character if character in _JOINERS else ""
    return "\ufffd" if category in {"Cs", "Cn"} else character


def is_web(url: str) -> bool:
    """Whether a text is a web address that may stand behind a link."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    clean = url.isprintable() and not any(character.isspace() for character in url)
    return clean and len(url) <= LONGEST_URL and parts.scheme in {"http", "https"} and bool(parts.netloc)


def stamp(at: datetime) -> str:
    """Write an instant as events hold it: ISO-8601, UTC, with a Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def decided(  # noqa: PLR0913, PLR0917 - an event says all of these
    object_name: str, kind: str, who: Viewer, now: datetime, data: Mapping[str, Any] | None = None, about: str = ""
) -> Event:
    """State a decision as an event; ``about`` tells two decisions of one kind and moment apart."""
    identity = "|".join(part for part in (object_name, kind, stamp(now), who.key, about) if part)
    return Event(
        identity=identity,
        object=object_name,
        kind=kind,
        at=now,
        source=SOURCE,
        actor=who.key,
        repository=repository_of(object_name),
        data=dict(data or {}),
    )


def repository_of(object_name: str) -> str | None:
    """The repository that a change, ticket, milestone or commit is of: ``acme/api`` of ``change:acme/api#101``."""
    kind, _, rest = object_name.partition(":")
    if kind in {"change", "ticket", "milestone"}:
        return rest.rpartition("#")[0] or None
    if kind in {"commit", "publication"}:
        return rest.partition("@")[0] or None
    return rest or None if kind == "repository" else None


def spoken(object_name: str) -> str:
    """How people call an object: ``acme/api#101``, ``checkout 2.4``, ``SHOP-12``."""
    return called(object_name)
