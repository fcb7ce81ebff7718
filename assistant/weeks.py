"""Which whole weeks lie behind us?"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time; ``begin`` is within it, ``end`` is not."""

    begin: datetime
    end: datetime

    def holds(self, at: datetime | None) -> bool:
        """Whether an instant is within it."""
        return at is not None and self.begin <= at < self.end

    def among(self, seconds: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        """Which of a column of epoch seconds are within it; NaN is not."""
        return (seconds >= self.begin.timestamp()) & (seconds < self.end.timestamp())


def weeks_before(now: datetime, zone: str, count: int) -> tuple[Span, ...]:
    """The newest ``count`` whole weeks, Monday to Monday at midnight in ``zone``, oldest first."""
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    monday = today - timedelta(days=today.weekday())
    edges = [datetime.combine(monday - back * _WEEK, time(), here) for back in range(count, -1, -1)]
    return tuple(Span(begin, end) for begin, end in pairwise(edges))


def whole(weeks: tuple[Span, ...]) -> Span:
    """Weeks that follow each other, as one stretch."""
    return Span(weeks[0].begin, weeks[-1].end)
