"""What does the ledger say of itself?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from storage.facts import Freshness


@dataclass(frozen=True, slots=True)
class UnknownSample:
    """One delivery that nobody could read or fold: where it is, what its headers said, and why."""

    source: str
    delivery_id: str
    received_at: datetime | None
    verdict: str  # unknown or malformed
    reason: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Figures:
    """What the doctor shows. ``deliveries`` is source -> verdict (new, ignored, unknown, malformed) -> how many.

    ``reasons`` are the reasons of ignored, unknown and malformed deliveries with how many, most frequent first, as
    (source, verdict, reason, how many).
    """

    deliveries: Mapping[str, Mapping[str, int]]
    reasons: tuple[tuple[str, str, str, int], ...] = ()
    samples: tuple[UnknownSample, ...] = ()
    events: int = 0
    objects: int = 0
    bodies: int = 0  # deliveries whose raw body is still kept
    body_bytes: int = 0  # what those take, compressed
    freshness: Freshness = field(default_factory=lambda: Freshness({}, {}))
    version: str = ""  # of the schema


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What forgetting touched, for the person who asked: how many of each, and what was left in place with why."""

    deliveries: int
    events: int
    objects: int
    kept: tuple[str, ...] = ()
