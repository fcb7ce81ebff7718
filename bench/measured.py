"""What was measured, against what, and is that within its bound?"""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

Timed = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table. ``value`` is held against ``bound``; without a bound it is only stated."""

    what: str
    ours: str
    floor: str
    value: float
    bound: float | None = None
    at_least: bool = False

    @property
    def within(self) -> bool:
        """Whether the bound is kept."""
        if self.bound is None:
            return True
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def row(self) -> tuple[str, ...]:
        """The columns of the table."""
        told = f"{self.value:.2f}" if self.value < 100 else f"{self.value:,.0f}"  # noqa: PLR2004  of the same width
        if self.bound is None:
            return self.what, self.ours, self.floor, told, "", "stated"
        sign = ">=" if self.at_least else "<="
        return self.what, self.ours, self.floor, told, f"{sign} {self.bound:g}", "within" if self.within else "BEYOND"


def alternating(sides: Sequence[Timed], warm: int, times: int) -> list[list[float]]:
    """Seconds of each side, called in turn so that a noisy machine troubles all of them alike."""
    taken: list[list[float]] = [[] for _ in sides]
    for number in range(warm + times):
        for side, found in zip(sides, taken, strict=True):
            seconds = side()
            if number >= warm:
                found.append(seconds)
    return taken


def timed(work: Callable[[], object]) -> float:
    """Seconds that some work takes."""
    began = perf_counter()
    work()
    return perf_counter() - began


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that so large a share of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def ms(seconds: float) -> str:
    """Seconds as milliseconds."""
    return f"{seconds * 1000:.1f} ms"
