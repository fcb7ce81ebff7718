"""What is said of a release that settles, of one that may have shipped, and of what became of either?"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from assistant.coverage import KEY as NOT_WATCHED
from assistant.since import stamp
from assistant.stabilization import Cause, Disturbance, Stabilization
from assistant.subject import Subject
from assistant.unknowns import Unknown
from storage.naming import subject_of
from storage.records import Change

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One release that shipped; ``changes`` are those it was shipped with, ``by`` what says that it shipped."""

    subject: Subject
    by: str | None
    clock: Stabilization
    changes: tuple[Change, ...] = ()

    @property
    def object(self) -> str:
        """The release's full name."""
        return self.subject.object or self.subject.seed

    @property
    def incidents(self) -> tuple[Disturbance, ...]:
        """The incidents that are linked to it."""
        return tuple(one for one in self.clock.restarts if one.cause is Cause.INCIDENT)

    @property
    def lasting(self) -> tuple[Disturbance, ...]:
        """What started the days anew and is not over."""
        return tuple(one for one in self.clock.restarts if one.over_at is None)

    @property
    def quiet_days(self) -> int:
        """Whole quiet days so far, at most those needed."""
        return int(min(self.clock.quiet, self.clock.needed) / DAY)

    @property
    def needed_days(self) -> float:
        """The quiet days that it needs."""
        return self.clock.needed / DAY

    def as_data(self) -> dict[str, Any]:
        """The row as JSON values, with all that was counted."""
        period, clock = self.clock.period, self.clock
        return {
            "release": self.subject.name,
            "object": self.object,
            "state": clock.state,
            "shipped_at": stamp(clock.shipped_at),
            "shipped_by": self.by,
            "quiet_days": self.quiet_days,
            "needed_days": self.needed_days,
            "risk": period.risk,
            "riskiest": _named(period.riskiest) if period.riskiest else None,
            "origin": period.origin,
            "quiet_since": stamp(clock.quiet_since),
            "stable_at": stamp(clock.ends_at),
            "restarts": [_restart(one) for one in clock.restarts],
            "changes": [_named(change) for change in self.changes],
            "not_watched": clock.gap.as_data() if clock.gap and clock.gap.key == NOT_WATCHED else None,
            "not_known": clock.gap.as_data() if clock.gap else None,
        }


@dataclass(frozen=True, slots=True)
class Unclear:
    """A release of which nothing is known to be left, and of which nobody can tell whether it has shipped: ``why``."""

    subject: Subject
    why: tuple[Unknown, ...]

    @property
    def object(self) -> str:
        """The release's full name."""
        return self.subject.object or self.subject.seed

    def as_data(self) -> dict[str, Any]:
        """The release as JSON values."""
        return {
            "release": self.subject.name,
            "object": self.object,
            "not_known": [gap.as_data() for gap in self.why],
        }


@dataclass(frozen=True, slots=True)
class News:
    """Something that is to be told: ``what`` is shipped, restarted, lasting, stable, soon or unknown."""

    what: str
    row: Row

    def as_data(self) -> dict[str, str]:
        """The news as JSON values."""
        return {"what": self.what, "release": self.row.subject.name}


def _named(change: Change) -> dict[str, str | None]:
    return {"subject": subject_of(change.object), "url": change.url}


def _restart(one: Disturbance) -> dict[str, Any]:
    link = one.link
    return {
        "cause": one.cause,
        "object": one.object,
        "name": one.name,
        "url": one.url,
        "began_at": stamp(one.began_at),
        "over_at": stamp(one.over_at),
        "tier": one.tier,
        "deployment": link.deployment.object if link and link.deployment else None,
        "change": link.change.object if link and link.change else None,
        "hours_before": link.hours_before if link else None,
    }
