"""Which of the numbers moved most against the four weeks before, and is that good?"""

from dataclasses import dataclass
from typing import Any

from assistant.delivered import Delivered
from assistant.measures import Compared

_NOTABLE = 0.1  # of itself: what moved by less is steady
_LEAST = {  # what is too small to speak of, in the number's own unit
    "days": 0.25, "hours": 1.0, "share": 0.05, "frequency": 0.5,
}  # fmt: skip
_OF_NUMBERS = {
    "review_wait": "hours", "deployment_frequency": "frequency", "change_lead_time": "days",
    "change_fail_rate": "share", "recovery_time": "hours", "rework_rate": "share", "firefighting": "share",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moved:
    """A number that moved: its name, in which unit, and both its values. ``better`` says whether that is good."""

    name: str
    unit: str
    compared: Compared
    better: bool

    @property
    def by(self) -> float:
        """By how much of itself."""
        return self.compared.moved or 0.0

    def as_data(self) -> dict[str, Any]:
        """The move as JSON values."""
        return {"name": self.name, "by": round(self.by, 3), "better": self.better}


def most_moved(numbers: Delivered) -> Moved | None:
    """The number that moved most against itself, of those that moved enough to speak of; None: all steady or unknown.

    Less is better of everything but how often is deployed.
    """
    units = {stage.name: ("days", stage.days) for stage in numbers.stages}
    units |= {name: (unit, numbers.numbers[name]) for name, unit in _OF_NUMBERS.items()}
    found = [
        Moved(name, unit, compared, better=(compared.moved < 0) != (unit == "frequency"))
        for name, (unit, compared) in units.items()
        if compared.moved is not None and abs(compared.moved) >= _NOTABLE
        and abs((compared.now.value or 0.0) - (compared.before.value or 0.0)) >= _LEAST[unit]
    ]  # fmt: skip
    return max(found, key=lambda moved: abs(moved.by), default=None)
