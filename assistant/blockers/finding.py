"""What stands between a subject and its customers: one finder for each kind of thing that can?"""

from collections.abc import Callable, Iterable

from assistant.blockers.blocker import Blocker
from assistant.blockers.changes import of_changes
from assistant.blockers.delivery import of_delivery
from assistant.blockers.gates import of_externals
from assistant.blockers.tickets import of_incidents, of_tickets
from assistant.situation import Situation

# Freezes are found once it is known when it would ship; a capability that brings blockers of its own adds its finder.
FINDERS: tuple[Callable[[Situation], Iterable[Blocker]], ...] = (
    of_changes,
    of_tickets,
    of_incidents,
    of_delivery,
    of_externals,
)


def find(situation: Situation) -> tuple[Blocker, ...]:
    """Every blocker of a subject but freezes, each object once, by name."""
    found: dict[str, Blocker] = {}
    for finder in FINDERS:
        for blocker in finder(situation):
            found.setdefault(blocker.object, blocker)
    return tuple(found[name] for name in sorted(found))
