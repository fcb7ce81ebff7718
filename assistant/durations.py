"""How much longer does what has lasted this long still take, by what the past took from the same point?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from assistant.calendar import Calendar, Floats
from storage.facts import MergedSamples, Samples

GRID = 512
_QUANTILES = (np.arange(GRID) + 0.5) / GRID
MEDIAN, LATE = GRID // 2, int(0.85 * GRID)


@dataclass(frozen=True, slots=True)
class Lasted:
    """Past stretches of one kind: business hours, sorted, and whether each came to its end (else: at least so long)."""

    hours: Floats
    ended: Floats

    def still(self, elapsed: float, least: int) -> "Floats | int":
        """Quantiles of the hours left for one that has lasted ``elapsed``; fewer than ``least`` cases: their number.

        Kaplan-Meier over the cases that lasted longer than that. What no case has shown the end of is infinite.
        """
        longer = int(np.searchsorted(self.hours, elapsed, side="right"))
        hours, ended = self.hours[longer:], self.ended[longer:]
        if len(hours) < least:
            return len(hours)
        over = 1.0 - np.cumprod(1.0 - ended / np.arange(len(hours), 0, -1))
        where = np.searchsorted(over, _QUANTILES, side="left")
        return np.append(hours - elapsed, np.inf)[where]


def lasted(began: Floats, ended: Floats, calendar: Calendar, now: float) -> Lasted:
    """Turn columns of epoch seconds into business hours; what has no end by ``now`` lasts until now at least."""
    known = np.isfinite(began) & (began <= now)
    began, ended = began[known], ended[known]
    over = np.isfinite(ended) & (ended <= now)
    hours = calendar.elapsed(began, np.where(over, ended, now))
    order = np.lexsort((~over, hours))  # of equal lengths the ended first, as Kaplan-Meier has it
    return Lasted(hours[order], over[order].astype(np.float64))


class Past:
    """The past turns that were loaded, each kind of each set turned into business hours once, when it is asked for."""

    def __init__(
        self,
        samples: Mapping[str, Mapping[str, Samples]],
        merged: Mapping[str, MergedSamples],
        calendar: Calendar,
        now: float,
    ) -> None:
        """``calendar`` is the workspace's: the past belongs to many people."""
        self._samples, self._merged, self._calendar, self._now = samples, merged, calendar, now
        self._made: dict[tuple[str, str], Lasted | None] = {}

    def still(self, kind: str, sets: Iterable[str], elapsed: float, least: int) -> "tuple[str, int, Floats | None]":
        """From the first of these sets that has enough: its name, how many cases speak, the quantiles of hours left.

        Where none has: the last set's name and number, and None.
        """
        name, count = "", 0
        for name in sets:
            past = self._of(name, kind)
            left = 0 if past is None else past.still(elapsed, least)
            if not isinstance(left, int) and past is not None:
                return name, int(len(past.hours) - np.searchsorted(past.hours, elapsed, side="right")), left
            count = left if isinstance(left, int) else count
        return name, count, None

    def _of(self, name: str, kind: str) -> Lasted | None:
        if (name, kind) not in self._made:
            self._made[name, kind] = self._worked_out(name, kind)
        return self._made[name, kind]

    def _worked_out(self, name: str, kind: str) -> Lasted | None:
        if kind == "merged":
            merged = self._merged.get(name)
            return None if merged is None else lasted(merged.merged, merged.deployed, self._calendar, self._now)
        turns = self._samples.get(name, {}).get(kind)
        return None if turns is None else lasted(turns.began, turns.cleared, self._calendar, self._now)
