"""Which few moves would free the most, in the order of the definitions and without a simulation?"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.blockers.blocker import CLOCK, MACHINE, Blocker, BlockerKind

# Work that goes on, or that only time ends, is nobody's to unblock.
_NOT_STUCK = {BlockerKind.IN_PROGRESS, BlockerKind.STABILIZING, BlockerKind.FREEZE}
_NOBODYS = {MACHINE.key, CLOCK.key}
# Without a service level there is nothing to be past; these ask for a hand at once all the same.
_AT_ONCE = {BlockerKind.DEPLOY_FAILED}


def unblocks(blockers: Iterable[Blocker]) -> tuple[Blocker, ...]:
    """The moves that somebody can make now, the most valuable first.

    Source: definitions, "Order". How much longer each would take is not simulated here, so that unowned things and
    hard gates are followed by the time over service level, then by how many things wait for it, then by how long it
    has waited. What waits for another listed thing is that one's to unblock, and what a deployment would bring out
    together is listed once, as the one that has waited longest.
    """
    everything = tuple(blockers)
    waits = Counter(name.casefold() for blocker in everything for name in blocker.after)
    listed = {blocker.object.casefold() for blocker in everything}
    found = [
        _freeing(blocker, waits[blocker.object.casefold()])
        for blocker in everything
        if _movable(blocker) and not listed & {name.casefold() for name in blocker.after}
    ]
    return tuple(sorted(_one_each_deployment(found), key=_rank))


def pressing(blocker: Blocker) -> bool:
    """Whether it asks for somebody now: past its service level, a hard gate, nobody's, or a failed deployment."""
    return blocker.over > 0 or blocker.hard or blocker.unowned or blocker.kind in _AT_ONCE


def _movable(blocker: Blocker) -> bool:
    return blocker.kind not in _NOT_STUCK and not any(owner.key in _NOBODYS for owner in blocker.owners)


def _one_each_deployment(blockers: Sequence[Blocker]) -> list[Blocker]:
    """What merged in one repository waits for one deployment."""
    first: dict[str | None, Blocker] = {}
    others: Counter[str | None] = Counter()
    rest = []
    for blocker in sorted(blockers, key=_began):
        if blocker.kind is not BlockerKind.AWAITING_DEPLOY:
            rest.append(blocker)
        elif blocker.repository in first:
            others[blocker.repository] += 1
        else:
            first[blocker.repository] = blocker
    return [*rest, *(_freeing(blocker, others[where]) for where, blocker in first.items())]


def _freeing(blocker: Blocker, more: int) -> Blocker:
    return replace(blocker, unblocks=blocker.unblocks + more) if more else blocker


def _began(blocker: Blocker) -> tuple[float, str]:
    at = blocker.turn_began_at
    return (at.timestamp() if at else float("inf")), blocker.object


def _rank(blocker: Blocker) -> tuple[int, float, int, float, str]:
    owned = -blocker.hard - blocker.unowned
    return owned, -blocker.over, -blocker.unblocks, -(blocker.waiting_hours or 0.0), blocker.object
