"""In one word, how does it stand?"""

from enum import StrEnum


class Verdict(StrEnum):
    """The verdicts of the definitions."""

    UNKNOWN = "unknown"
    BLOCKED = "blocked"
    LATE = "late"
    AT_RISK = "at_risk"
    ON_TRACK = "on_track"
    READY = "ready"
    NOT_READY = "not_ready"
