"""Through which handoffs does a thing go, from the first function to the last?"""

from collections.abc import Iterable, Mapping

from assistant.handoffs.standing import Stand

_MOST = 50  # links of one chain: more is a mistake of somebody's


class Chains:
    """The chains of some handoffs."""

    def __init__(self, stands: Iterable[Stand]) -> None:
        self._stands: Mapping[str, Stand] = {one.handoff.object: one for one in stands}
        self._next: dict[str, list[Stand]] = {}
        for one in sorted(self._stands.values(), key=lambda one: (one.handoff.opened_at, one.handoff.object)):
            if one.handoff.previous:
                self._next.setdefault(one.handoff.previous, []).append(one)

    def of(self, stand: Stand) -> tuple[Stand, ...]:
        """What this one carries on, itself, and what carries it on; in that order."""
        before: list[Stand] = []
        seen = {stand.handoff.object}
        earlier = self._stands.get(stand.handoff.previous or "")
        while earlier and earlier.handoff.object not in seen and len(before) < _MOST:
            before.insert(0, earlier)
            seen.add(earlier.handoff.object)
            earlier = self._stands.get(earlier.handoff.previous or "")
        found = [*before, stand]
        waiting = [stand]
        while waiting and len(found) < _MOST:
            one = waiting.pop(0)
            later = [link for link in self._next.get(one.handoff.object, ()) if link.handoff.object not in seen]
            seen |= {link.handoff.object for link in later}
            found += later
            waiting += later
        return tuple(found)
