"""What does a command of the terminal get to work with?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from commands.settings import Settings

if TYPE_CHECKING:
    from assistant.desk import Desk

    from assistant.policy import Policy
    from assistant.viewer import Viewer
    from storage.ledger import Ledger
    from storage.records import Outcome, Taken


@dataclass(frozen=True, slots=True)
class Tools:
    """Settings, the clock, and what is built only when first asked for; handed to every command by the root.

    ``viewer`` gives the one at the keyboard, or (with a person's key) that person with that person's rights.
    """

    settings: Settings
    now: Callable[[], datetime]
    policy: Callable[[], "Policy"]
    ledger: Callable[[], "Ledger"]
    desk: Callable[[], "Desk"]
    viewer: Callable[[str | None], "Viewer"]

    def append(self, taken: "Sequence[Taken]") -> "list[Outcome]":
        """Store deliveries; those of repositories that the configuration does not list are kept, not counted."""
        return self.ledger().append(taken, self.policy().counts)
