"""What is usual in a stage of the last mile at this hour of a working day?

The mean over the past working days of which enough is known; before anything was heard of, nothing was known, which is
not that nothing was there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from assistant.calendar import Calendar, Floats
from assistant.handoffs.waiting import Waiting
from storage.facts import Facts

PAST_DAYS = 28
LEAST_DAYS = 5  # past working days of which enough is known; fewer say nothing of what is usual
SET = "scope"  # the name of the set of repositories whose past is loaded
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Usual:
    """The mean of the past working days at the same local time: things, their hours, and how many days speak."""

    things: float
    hours: float
    days: int


@lru_cache(maxsize=64)
def past_moments(calendar: Calendar, now: datetime) -> tuple[datetime, ...]:
    """The same local time on each working day of the last four weeks, newest first."""
    here = ZoneInfo(calendar.zone)
    local = now.astimezone(here)
    moments = []
    for back in range(1, PAST_DAYS + 1):
        day = local.date() - back * _DAY
        begins = datetime.combine(day, time(), here)
        if calendar.hours_between(begins, begins + _DAY) > 0:
            moments.append(datetime.combine(day, local.time(), here).astimezone(now.tzinfo))
    return tuple(moments)


class Past:
    """What was in the stages at the past moments of which enough is known."""

    def __init__(self, facts: Facts, calendar: Calendar, moments: Sequence[datetime]) -> None:
        self._turns = facts.turns.get(SET, {})
        self._backlog = facts.backlog.get(SET, ())
        self._calendar = calendar
        self._at = np.array([moment.timestamp() for moment in moments])
        first = min((float(turns.began.min()) for turns in self._turns.values() if turns.began.size), default=np.inf)
        self._first = first  # before anything was heard of, nothing was known, which is not nothing

    def of_turns(self, kinds: Iterable[str], handed: Waiting | None = None) -> Usual | None:
        """What is usual of changes whose turn is one of these kinds, and of handoffs, from when both were recorded."""
        found = [self._turns[kind] for kind in kinds if kind in self._turns]
        began = np.concatenate([turns.began for turns in found]) if found else np.empty(0)
        ended = np.concatenate([turns.ended for turns in found]) if found else np.empty(0)
        ended = np.where(np.isnan(ended), np.inf, ended)
        if handed is None or not handed.recorded:
            return self._lasting(began, ended, self._first)
        both = np.concatenate([began, handed.began]), np.concatenate([ended, handed.ended])
        return self._lasting(*both, max(self._first, handed.first))

    def of_handoffs(self, handed: Waiting) -> Usual | None:
        """What is usual of handoffs, from their own history."""
        return self._lasting(handed.began, handed.ended, handed.first)

    def _lasting(self, began: Floats, ended: Floats, first: float) -> Usual | None:
        """What lasted at each moment that is known, from ``first`` on."""
        known = self._at[self._at >= first]
        return self._usual([began[(began <= at) & (ended > at)] for at in known], known)

    def of_backlog(self) -> Usual | None:
        """What is usual of what merged and is not in production."""
        pairs = zip(self._backlog, self._at, strict=False)
        known = [(columns, at) for columns, at in pairs if columns is not None]
        return self._usual([columns for columns, _ in known], np.array([at for _, at in known]))

    def _usual(self, since: Sequence[Floats], at: Floats) -> Usual | None:
        """The mean over moments ``at``, each with when the things that were there then had come."""
        if len(since) < LEAST_DAYS:
            return None
        counts = np.array([len(each) for each in since])
        began, until = np.concatenate(since), np.repeat(at, counts)
        hours = self._calendar.elapsed(began, until).sum() if began.size else 0.0
        return Usual(float(counts.mean()), float(hours) / len(since), len(since))
