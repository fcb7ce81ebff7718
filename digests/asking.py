"""How are functions asked whether a release is ready, chased, and their answers gathered in one message?"""

import threading
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.desk import Desk
    from digests.directory import Directory
    from digests.poster import Poster
    from storage.outbox import Outbox


class Asking:
    """Speaks for rounds; safe to use from many threads and processes."""

    def __init__(self, desk: "Desk", outbox: "Outbox", directory: "Directory") -> None:
        self.desk, self.outbox, self.directory = desk, outbox, directory

    def settle(self, round_: str, now: datetime, poster: "Poster | None" = None) -> None:
        """Owe what is to be said of a round now, and bring what stands of it up to date."""

    def tick(self, stopping: threading.Event, poster: "Poster | None" = None) -> int:
        """The same of every open round; begins those that are scheduled; how many posts that owed."""
        return 0
