"""What does an answer not know, and what would change that?"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unknown:
    """One gap: a stable ``key``, the sentence, the next step that closes it; ``decides``: the verdict hangs on it.

    ``unsettles``: it decides only where all would be well without it; no gap makes bad news better.
    ``in_settings``: the next step is for whoever keeps the configuration, and no use to a reader in a chat.
    """

    key: str
    says: str
    next_step: str
    decides: bool = False
    in_settings: bool = False
    unsettles: bool = False

    def as_data(self) -> dict[str, object]:
        """The gap as JSON values."""
        return {"key": self.key, "says": self.says, "next_step": self.next_step, "decides": self.decides}


def undecidable(unknown: Iterable[Unknown]) -> str | None:
    """Why no verdict can be given: the first gap that decides, None where none does."""
    return next((gap.says for gap in unknown if gap.decides), None)
