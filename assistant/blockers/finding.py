"""What stands between a subject and its customers: one finder for each kind of thing that can?"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from assistant.blockers.blocker import Blocker, NextAction
from assistant.blockers.changes import of_changes
from assistant.blockers.delivery import of_delivery
from assistant.blockers.enablement import of_enablement
from assistant.blockers.gates import of_externals
from assistant.blockers.handoffs import of_handoffs
from assistant.blockers.minded import willing
from assistant.blockers.tickets import of_incidents, of_tickets
from assistant.situation import Situation

# Freezes are found once it is known when it would ship; a capability that brings blockers of its own adds its finder.
FINDERS: tuple[Callable[[Situation], Iterable[Blocker]], ...] = (
    of_changes,
    of_tickets,
    of_incidents,
    of_delivery,
    of_externals,
    of_handoffs,
    of_enablement,
)


def find(situation: Situation) -> tuple[Blocker, ...]:
    """Every blocker of a subject but freezes, each object once, by name."""
    found: dict[str, Blocker] = {}
    for finder in FINDERS:
        for blocker in finder(situation):
            found.setdefault(blocker.object, blocker)
    return tuple(_owned_first(_minded(found[name], situation)) for name in sorted(found))


def _minded(blocker: Blocker, situation: Situation) -> Blocker:
    """The blocker without the owners who said since its turn began that it is not theirs."""
    owners = willing(blocker.owners, blocker.object, blocker.turn_began_at, situation)
    return blocker if owners == blocker.owners else replace(blocker, owners=owners)


def _owned_first(blocker: Blocker) -> Blocker:
    """Whatever has to be done, nobody does it before somebody owns it."""
    if not blocker.unowned or blocker.next_action is NextAction.FIND_REVIEWER:
        return blocker
    return replace(blocker, next_action=NextAction.ASSIGN)
