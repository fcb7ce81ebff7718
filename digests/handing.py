"""How do a handoff's people learn of it, and how does what was posted of it stay true?"""

import threading
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.desk import Desk
    from digests.directory import Directory
    from digests.poster import Poster
    from storage.outbox import Outbox


class Handing:
    """Tells of handoffs; safe to use from many threads and processes."""

    def __init__(self, desk: "Desk", outbox: "Outbox", directory: "Directory") -> None:
        self.desk, self.outbox, self.directory = desk, outbox, directory

    def settle(self, handoff: str, now: datetime, poster: "Poster | None" = None) -> None:
        """Owe what is to be told of a handoff now, and bring what stands of it up to date."""

    def tick(self, stopping: threading.Event, poster: "Poster | None" = None) -> int:
        """The same of every handoff, with reminders and escalations that are due; how many posts that owed."""
        return 0
