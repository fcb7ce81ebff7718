"""When is everything over, if each thing takes what like things took?

Blockers run in parallel, what depends on another begins when that is over, then comes the usual way to production,
and nothing ships during a freeze. Seeded by name: the same facts give the same dates. Source: definitions,
"Earliest date".
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from assistant.calendar import Calendar, Floats
from assistant.durations import GRID


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that must be over. ``left`` are quantiles of the hours it still takes, ``ends`` a known end instead.

    ``merges`` says that the way to production comes after it. Neither hours nor end: unknown, left out here.
    """

    name: str
    calendar: Calendar
    left: Floats | None = None
    ends: float | None = None
    after: tuple[str, ...] = ()
    merges: bool = True

    @property
    def known(self) -> bool:
        """Whether anything says how long it takes."""
        return self.left is not None or self.ends is not None


@dataclass(frozen=True, slots=True)
class Simulated:
    """What the runs gave, as epoch seconds: when all ships in each run, and each task's end at 50% and 85%."""

    ships: Floats
    tasks: Mapping[str, tuple[float, float]]


class Simulation:
    """One seeded simulation of tasks from ``now`` on, in ``runs`` runs."""

    def __init__(self, seed: str, now: float, runs: int) -> None:
        """The seed is a text; its digest seeds the generator."""
        digest = hashlib.sha256(seed.encode()).digest()
        self._random = np.random.Generator(np.random.SFC64(int.from_bytes(digest[:8], "big")))
        self._now, self._runs = now, runs

    def run(self, tasks: Sequence[Task], to_production: Floats | None, calendar: Calendar) -> Simulated:
        """Simulate the tasks; an unknown one takes no time.

        ``to_production`` are quantiles of the hours in ``calendar`` that follow on the last merge.
        """
        order = in_order([task for task in tasks if task.known])
        spreads = self._from_now(order)
        awaited = {name for task in order for name in task.after}
        ends: dict[str, Floats] = {}
        quantiles: dict[str, tuple[float, float]] = {}
        merged, ships = np.full(self._runs, self._now), np.full(self._runs, self._now)
        for task in order:
            before = [ends[name] for name in task.after if name in ends]
            if before:
                end = self._following(task, before)
                quantiles[task.name] = percentiles(end)
            else:
                spread = spreads[task.name]
                end = spread if len(spread) == 1 else self._drawn(spread)
                quantiles[task.name] = float(spread[len(spread) // 2]), float(spread[int(0.85 * len(spread))])
            if task.name in awaited:
                ends[task.name] = np.broadcast_to(end, merged.shape)
            np.maximum(merged if task.merges else ships, end, out=merged if task.merges else ships)
        if to_production is not None and any(task.merges for task in tasks):
            merged = calendar.after(merged, self._drawn(to_production))
        return Simulated(np.maximum(merged, ships), quantiles)

    def _from_now(self, tasks: Sequence[Task]) -> dict[str, Floats]:
        """When each would end if it began now: one known instant, or one for each quantile, sorted.

        Those of one calendar are counted together, which costs little more than one of them.
        """
        spreads = {t.name: np.array([max(self._now, t.ends)]) for t in tasks if t.ends is not None}
        groups: dict[Calendar, list[tuple[str, Floats]]] = {}
        for task in tasks:
            if task.left is not None:
                groups.setdefault(task.calendar, []).append((task.name, task.left))
        for calendar, group in groups.items():
            ends = calendar.after(np.array([self._now]), np.stack([left for _, left in group]))
            spreads |= {name: row for (name, _), row in zip(group, ends, strict=True)}
        return spreads

    def _following(self, task: Task, before: Sequence[Floats]) -> Floats:
        started: Floats = np.maximum.reduce(before)
        if task.left is None:
            known: Floats = np.maximum(started, task.ends or self._now)
            return known
        return task.calendar.after(started, self._drawn(task.left))

    def _drawn(self, spread: Floats) -> Floats:
        drawn: Floats = spread.take(self._random.integers(0, GRID, self._runs, dtype=np.uint16))
        return drawn


def in_order(tasks: Sequence[Task]) -> list[Task]:
    """Tasks by name, each after those it waits for; in a circle the first by name does not wait."""
    left = {task.name: task for task in sorted(tasks, key=lambda task: task.name)}
    ordered: list[Task] = []
    while left:
        free = [task for task in left.values() if not any(name in left for name in task.after if name != task.name)]
        ordered += [left.pop(task.name) for task in free or [next(iter(left.values()))]]
    return ordered


def thawed(ships: Floats, freezes: Iterable[tuple[float, float]]) -> Floats:
    """Move what would ship during a freeze to its end; ``freezes`` are (begins, ends), by when they begin."""
    for begins, ends in freezes:
        ships = np.where((ships >= begins) & (ships < ends), ends, ships)
    return ships


def percentiles(ends: Floats) -> tuple[float, float]:
    """The 50% and 85% of instants: the smallest by which so many of the runs are over."""
    half, most = ((len(ends) * share + 99) // 100 - 1 for share in (50, 85))
    parts = np.partition(ends, (half, most))
    return float(parts[half]), float(parts[most])


def instant(seconds: float) -> datetime | None:
    """Epoch seconds as an instant to the minute, rounded up; None for what no past case has shown the end of."""
    if not np.isfinite(seconds):
        return None
    return datetime.fromtimestamp(-(-seconds // 60) * 60, UTC)
