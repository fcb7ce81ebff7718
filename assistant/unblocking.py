"""Which few moves would free the most?"""

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

    Hard gates and failed deployments hold up everything and come first; then the move that ends most waiting, in
    business hours: its own, and that of what waits for it (``Blocker.frees``). What waits for another listed thing is
    that one's to unblock, and what one deployment would bring out is listed once, as the one that has waited longest.
    """
    everything = tuple(blockers)
    listed = {blocker.object.casefold() for blocker in everything}
    behind: dict[str, list[Blocker]] = {}
    for blocker in everything:
        for name in blocker.after:
            behind.setdefault(name.casefold(), []).append(blocker)
    found = [
        _freeing(blocker, behind.get(blocker.object.casefold(), ()))
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
    others: dict[str | None, list[Blocker]] = {}
    rest = []
    for blocker in sorted(blockers, key=_began):
        if blocker.kind is not BlockerKind.AWAITING_DEPLOY:
            rest.append(blocker)
        elif blocker.repository in first:
            others.setdefault(blocker.repository, []).append(blocker)
        else:
            first[blocker.repository] = blocker
    return [*rest, *(_freeing(blocker, others.get(where, ())) for where, blocker in first.items())]


def _freeing(blocker: Blocker, behind: Sequence[Blocker]) -> Blocker:
    """A blocker with what its move would free beside it."""
    own = blocker.waiting_hours if blocker.frees is None else blocker.frees
    more = sum((one.waiting_hours if one.frees is None else one.frees) or 0.0 for one in behind)
    return replace(blocker, unblocks=blocker.unblocks + len(behind), frees=(own or 0.0) + more)


def _began(blocker: Blocker) -> tuple[float, str]:
    at = blocker.turn_began_at
    return (at.timestamp() if at else float("inf")), blocker.object


def _rank(blocker: Blocker) -> tuple[bool, float, str]:
    return not (blocker.hard or blocker.kind in _AT_ONCE), -(blocker.frees or 0.0), blocker.object
