"""How likely does a change bring a bug, measured against its repository's usual?"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log, log1p

from assistant.origin import Origin
from assistant.policy import Policy
from storage.records import Change

# The logistic of the definitions on log1p of the features, fitted on public changes (shared there: 94,918 rows with
# every feature, 26.4% of them with a bug). As published it says 45% on average; the shift brings it to that base rate.
_WEIGHTS = {"added": 0.430, "deleted": 0.092, "files": 0.006, "folders": -0.115, "entropy": 0.248, "fix": 1.593}
_INTERCEPT = -1.878
_PUBLIC_SHIFT = -0.995
PUBLIC_BASE_RATE = 0.264
_LOW, _HIGH = 0.5, 2.0


class Band(StrEnum):
    """Risk relative to the base rate: low below half of it, high above double."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Risk:
    """A probability (None: nothing known of the change's size), its band, and the features that were missing."""

    band: Band
    probability: float | None
    missing: tuple[str, ...]
    base_rate: float


def risk_of(change: Change, base_rate: float | None = None) -> Risk:
    """The risk of a change; ``base_rate`` is its repository's own share of changes with a bug, where it has history.

    Features that no source gave are left out and named. Source: definitions, "Risk".
    """
    base = PUBLIC_BASE_RATE if base_rate is None else base_rate
    size = change.size
    given = {"added": size.added, "deleted": size.deleted, "files": size.files, "fix": int(change.fix)}
    known = {name: value for name, value in given.items() if value is not None}
    missing = tuple(name for name in _WEIGHTS if name not in known)
    if not known.keys() - {"fix"}:
        return Risk(Band.UNKNOWN, None, missing, base)
    score = _INTERCEPT + _PUBLIC_SHIFT + sum(_WEIGHTS[name] * log1p(max(0, value)) for name, value in known.items())
    probability = _logistic(score + _odds(base) - _odds(PUBLIC_BASE_RATE))
    return Risk(_band(probability, base), probability, missing, base)


def worst(bands: Iterable[Band]) -> Band:
    """The band of the riskiest; unknown only where nothing worse than it could hide: high stays high."""
    order = (Band.LOW, Band.MEDIUM, Band.UNKNOWN, Band.HIGH)
    return max(bands, key=order.index, default=Band.UNKNOWN)


def service_level(origin: Origin, band: Band, policy: Policy) -> float:
    """Business hours to a first response, by origin and risk; unknown risk is treated as medium.

    Source: definitions, "Stalled reviews". Automation has no row there and counts as unknown.
    """
    levels = policy.service_levels
    row = {
        Origin.HUMAN_HEAVY: levels.human_heavy,
        Origin.MIXED: levels.mixed,
        Origin.AI_HEAVY: levels.ai_heavy,
    }.get(origin, levels.unknown)
    return row[{Band.LOW: 0, Band.HIGH: 2}.get(band, 1)]


def depends_on_origin(band: Band, policy: Policy) -> bool:
    """Whether changes of this risk have another service level when somebody, or something, else wrote them."""
    return len({service_level(origin, band, policy) for origin in Origin}) > 1


def _band(probability: float, base: float) -> Band:
    if probability < _LOW * base:
        return Band.LOW
    return Band.HIGH if probability > _HIGH * base else Band.MEDIUM


def _odds(share: float) -> float:
    kept = min(max(share, 1e-6), 1 - 1e-6)
    return log(kept / (1 - kept))


def _logistic(score: float) -> float:
    return 1 / (1 + exp(-score)) if score >= 0 else exp(score) / (1 + exp(score))
