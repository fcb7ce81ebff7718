"""Which handoffs are open, or were answered lately?"""

from datetime import datetime

from storage.instants import stamp
from storage.records import Handoff
from storage.shelf import COLUMNS, Shelf

_HANDOFFS = f"SELECT {COLUMNS} FROM state s WHERE s.kind = 'handoff' AND (s.open = 1 OR s.done_at >= ?)"


def handoffs(shelf: Shelf, since: datetime) -> tuple[Handoff, ...]:
    """Load them onto the shelf; by name, within the repositories that may be seen."""
    shelf.add(shelf.session.all(_HANDOFFS, (stamp(since),)))
    return shelf.of(Handoff)
