"""Which handoffs are open, or were answered lately?"""

from datetime import datetime

from storage.facts import HANDOFFS_KEPT, Needs
from storage.instants import stamp
from storage.naming import service_object
from storage.records import Handoff
from storage.shelf import COLUMNS, Shelf

_HANDOFF = f"SELECT {COLUMNS} FROM state s WHERE s.kind = 'handoff' AND s.open ="
_HANDOFFS = f"{_HANDOFF} 1 UNION ALL {_HANDOFF} 0 AND s.done_at >= ?"  # an index finds each half
_ABOUT = (
    f"SELECT {COLUMNS} FROM link l JOIN state s ON s.object = l.object"
    " WHERE l.target IN ({}) AND l.relation = 'about' AND l.until >= ?"
)


def handoffs(shelf: Shelf, since: datetime) -> tuple[Handoff, ...]:
    """Load them onto the shelf; by name, within the repositories that may be seen."""
    shelf.add(shelf.session.all(_HANDOFFS, (stamp(since),)))
    return shelf.of(Handoff)


def passed_on(shelf: Shelf, needs: Needs, now: datetime) -> tuple[Handoff, ...]:
    """Load the handoffs that are asked for: all, or those about what was loaded; by name."""
    if needs.handoffs:
        return handoffs(shelf, now - HANDOFFS_KEPT)
    if needs.gates:
        things = [record.object for record in shelf.work()]
        services = [service_object(service) for service in (*needs.services, *needs.open_in)]
        about(shelf, [*needs.release_objects, *things, *services], stamp(now - HANDOFFS_KEPT))
    return shelf.of(Handoff)


def about(shelf: Shelf, things: list[str], since: int) -> None:
    """Load the handoffs and rounds about any of these that are open or ended since then; none that was withdrawn."""
    shelf.add(shelf.session.among(_ABOUT, dict.fromkeys(name.casefold() for name in things), since))
