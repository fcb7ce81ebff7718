"""What is a number without what it counted, and how did it move against the weeks before?

Every number carries the names of the things it counted, so that it can be opened; one made of fewer than LEAST is not
known, which is not 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

LEAST = 5  # things, below which a middle or a share says nothing
SHOWN = 50  # names that are listed; the rest is counted
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Measure:
    """A value (None: not known) of the things that it counted; ``high`` is the upper end where it is a range.

    ``hits`` are those of ``counted`` that a share is the share of, ``lasting`` those that are not over and so are not
    in the value.
    """

    value: float | None
    counted: tuple[str, ...] = ()
    high: float | None = None
    hits: tuple[str, ...] = ()
    lasting: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """How many things it counted."""
        return len(self.counted)

    def as_data(self) -> dict[str, Any]:
        """The number as JSON values, with what it counted."""
        told = {"value": _round(self.value), "n": self.n, **_listed("counted", self.counted)}
        if self.high is not None:
            told["high"] = _round(self.high)
        told |= _listed("hits", self.hits) if self.hits else {}
        return told | (_listed("lasting", self.lasting) if self.lasting else {})


@dataclass(frozen=True, slots=True)
class Compared:
    """A number of the newest four weeks beside that of the four before."""

    now: Measure
    before: Measure

    @property
    def moved(self) -> float | None:
        """By how much of itself it moved: 0.5 is half more; None where either is not known, or it was nothing."""
        if self.now.value is None or not self.before.value:
            return None
        return self.now.value / self.before.value - 1

    def as_data(self) -> dict[str, Any]:
        """Both as JSON values."""
        return {"now": self.now.as_data(), "before": self.before.as_data(), "moved": _round(self.moved)}


def middle(values: npt.NDArray[np.float64], names: Sequence[str], wanted: npt.NDArray[np.bool_]) -> Measure:
    """The median of the wanted values that are known, and whose they are."""
    places = np.flatnonzero(wanted & np.isfinite(values))
    counted = tuple(map(names.__getitem__, places.tolist()))
    return Measure(float(np.median(values[places])) if len(places) >= LEAST else None, counted)


def share(hits: Sequence[str], counted: Sequence[str]) -> Measure:
    """How many of the counted are hits."""
    value = len(hits) / len(counted) if len(counted) >= LEAST else None
    return Measure(value, tuple(counted), hits=tuple(hits))


def _listed(key: str, names: Sequence[str]) -> dict[str, Any]:
    return {key: list(names[:SHOWN]), f"{key}_more": max(0, len(names) - SHOWN)}


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)
