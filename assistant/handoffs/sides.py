"""On which side of a handoff is somebody: does its receiver's move lie with them, its sender's, or neither?"""

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.handoffs.functions import Functions
from assistant.handoffs.standing import Stand
from assistant.people import People
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.records import Handoff, Release

_FUNCTION = "function/"


@dataclass(frozen=True, slots=True)
class Sides:
    """One reader's sides; ``acts_for`` are the functions that they act for, ``releases`` those that they answer for.

    It only says which buttons to show: whether somebody may is for the acts to say.
    """

    key: str
    inside: bool
    acts_for: frozenset[str]
    people: People
    releases: frozenset[str] = frozenset()

    def receives(self, handoff: Handoff) -> bool:
        """Whether they may make the receiver's moves: it is theirs, their function's, or nobody's that is known."""
        if not self.inside:
            return False
        if self.people.same(handoff.receiver, self.key):
            return True
        sender = self.people.same(handoff.sender, self.key)
        if handoff.to_function in self.acts_for:
            return not (sender and handoff.from_function == handoff.to_function)
        known = handoff.receiver or Functions(self.people.policy).configured(handoff.to_function)
        return not known and not sender

    def sends(self, handoff: Handoff) -> bool:
        """Whether they may make the sender's moves."""
        own = self.people.same(handoff.sender, self.key) or handoff.from_function in self.acts_for
        return self.inside and (own or handoff.about.casefold() in self.releases)

    def mine(self, stand: Stand) -> bool:
        """Whether it is their move: named, or as one of a function that nobody of is on duty for."""
        return any(
            self.people.same(mover.key, self.key) or mover.key.removeprefix(_FUNCTION) in self._functions(mover.key)
            for mover in stand.movers
        )

    def sent(self, stand: Stand) -> bool:
        """Whether they handed it off themselves."""
        return self.people.same(stand.handoff.sender, self.key)

    def _functions(self, mover: str) -> frozenset[str]:
        return self.acts_for if mover.startswith(_FUNCTION) else frozenset()


def sides_of(viewer: Viewer, policy: Policy, people: People, releases: Iterable[Release] = ()) -> Sides:
    """The sides of a reader; a channel is on none. ``releases`` are those that handoffs may be about."""
    acting = frozenset(Functions(policy).of(people.settled(viewer.key)))
    own = frozenset(
        one.object.casefold()
        for one in releases
        if any(people.same(key, viewer.key) for key in (one.owner, *one.delegates))
    )
    return Sides(viewer.key, viewer.inside and not viewer.key.startswith("channel/"), acting, people, own)
