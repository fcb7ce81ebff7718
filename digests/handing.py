"""How do a handoff's people learn of it, and how does what was posted of it stay true?

Right after an act, and again every few seconds, all that follows from how a handoff stands is worked out anew: what is
missing is owed, what stands and is no longer true is put right. So it matters to nobody which process was told of the
act, nor whether that one lived. What was found complete is remembered, and costs nothing until it changes.
"""

import secrets
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from assistant.errors import UserError
from assistant.handoffs.chains import Chains
from assistant.handoffs.functions import Functions
from assistant.handoffs.standing import Stand
from assistant.handoffs.timing import clock_of, nudge_of, snoozed_until
from assistant.mentioning import Naming
from assistant.people import people_of
from digests.directory import CouldNotAsk, Nobody
from digests.faults import log
from digests.handoffs import wording
from digests.handoffs.planning import TOLD_FOR, plan
from digests.handoffs.reaching import Place, Reach
from digests.handoffs.scene import Scene
from digests.refusals import ITSELF
from digests.updating import AT_ONCE, MOST, Updating

if TYPE_CHECKING:
    from assistant.desk import Desk
    from assistant.viewer import Viewer
    from digests.directory import Directory
    from digests.poster import Poster
    from storage.outbox import Outbox, Stood
    from storage.records import Handoff

EACH = timedelta(seconds=1.5)  # between two updates: Slack takes fifty a minute
_UNASKED = 3  # handoffs on end of which Slack could not be asked: the others wait for the next round
_LOOKS = timedelta(minutes=1)  # so often all are looked at though nothing was learnt: time goes on
RESTS = timedelta(minutes=10)  # then it is looked at again: a slower process may have put something older there


@dataclass(frozen=True, slots=True)
class _Rest:
    """All that decides what is to be said of a handoff, but for what was posted: while it is the same, so is that."""

    stand: Stand
    chain: tuple[Stand, ...]
    reached: tuple[Any, ...]
    timed: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Looked:
    """How all handoffs stood when all of them were looked at: at which moment, and how much was learnt by then."""

    at: datetime
    learnt: int
    stands: tuple[Stand, ...]


class Handing:
    """Tells of handoffs; safe to use from many threads and processes.

    ``reached`` hears of the steps, for tests that kill at one.
    """

    def __init__(
        self, desk: "Desk", outbox: "Outbox", directory: "Directory",
        reached: Callable[[str], None] = lambda _step: None,
    ) -> None:  # fmt: skip
        self.desk, self.outbox, self.directory = desk, outbox, directory
        self._people = people_of(desk.policy)
        self._reached, self._updating = reached, Updating(outbox, "handoff", reached)
        self._resting: dict[str, tuple[_Rest, datetime]] = {}  # and when it was found complete
        self._looked: _Looked | None = None

    def settle(self, handoff: str, now: datetime, poster: "Poster | None" = None) -> None:
        """Owe what is to be told of a handoff now, and bring what stands of it and its chain up to date.

        What can't be done is done by the next ``tick``: whoever acted is told nothing of it.
        """
        if isinstance(self.directory, Nobody):
            return
        try:
            with_chain = self._with_chain(handoff, now)
            scenes = self._scenes(with_chain, Chains(with_chain), now)
            self._settled(sorted(scenes, key=lambda one: one.object != handoff), poster, AT_ONCE)
        except Exception as problem:  # noqa: BLE001  what was done stays done, whatever becomes of telling it
            _logged(handoff, problem)

    def tick(self, stopping: threading.Event, poster: "Poster | None" = None) -> int:
        """The same of every handoff, with reminders and escalations that are due; how many posts that owed."""
        if isinstance(self.directory, Nobody):
            return 0
        now, before = self.desk.clock(), self._looked
        learnt = self.desk.ledger.newest()
        again = before is not None and before.learnt == learnt and timedelta(0) <= now - before.at < _LOOKS
        if before is None or not again:
            self._looked = before = _Looked(now, learnt, self.desk.handoffs(ITSELF, now))
        lasting = [one for one in before.stands if one.open or now - one.handoff.last_at < TOLD_FOR]
        self._forget({one.handoff.object for one in lasting})
        wanted = [one for one in lasting if not again or one.handoff.object not in self._resting]
        scenes = [one for one in self._scenes(wanted, Chains(before.stands), now) if not self._rests(one)]
        return self._settled(scenes, poster, MOST, stopping)

    def lasting(self) -> frozenset[str]:
        """The handoffs of which more may have to be said."""
        return frozenset(one.object for one in self.desk.ledger.handoffs(self.desk.clock() - TOLD_FOR))

    def _with_chain(self, handoff: str, now: datetime) -> tuple[Stand, ...]:
        """A handoff and all that it is one chain with; nothing where it is gone."""
        stands = self.desk.handoffs(ITSELF, now)
        found = next((one for one in stands if one.handoff.object == handoff), None)
        if found is not None:
            return Chains(stands).of(found)
        try:
            return (self.desk.handoff(handoff, ITSELF, now),)
        except UserError:
            return ()

    def _scenes(self, stands: Iterable[Stand], chains: Chains, now: datetime) -> Iterator[Scene]:
        """Each handoff at this moment; those that Slack must be asked about and can't be come another time."""
        reach, unasked = Reach(self.desk.policy, self._people, self.directory, now), 0
        for stand in stands:
            if unasked >= _UNASKED:
                return
            try:
                yield self._scene(stand, chains.of(stand), reach)
                unasked = 0
            except CouldNotAsk:
                unasked += 1
            except Exception as problem:  # noqa: BLE001  the one way in of a handoff: the others go on
                _logged(stand.handoff.object, problem)

    def _scene(self, stand: Stand, chain: tuple[Stand, ...], reach: Reach) -> Scene:
        handoff, policy = stand.handoff, self.desk.policy.handoffs
        receiver = reach.receiver(stand)
        calendar = receiver.calendar if isinstance(receiver, Place) else self._people.calendar(handoff.receiver)
        clock = clock_of(stand, policy, calendar)
        return Scene(
            stand=stand, chain=chain, sender=reach.person(handoff.sender, handoff), receiver=receiver,
            leader=reach.leader(stand), clock=clock,
            nudge=nudge_of(stand, clock, policy, calendar, reach.now) if clock else None,
            naming=Naming(self._people, reach.now), now=reach.now,
        )  # fmt: skip

    def _settled(
        self, scenes: list[Scene], poster: "Poster | None", most: int, stopping: threading.Event | None = None
    ) -> int:
        """Owe what each of these needs, then put right what stands, which may take long; how many posts."""
        posts: dict[str, list[Stood]] = {}
        for post in self.outbox.standing([scene.object for scene in scenes]):
            posts.setdefault(post.cause, []).append(post)
        planned: list[tuple[Scene, int]] = []
        for scene in scenes:
            if stopping and stopping.is_set():
                break
            with _guarded(scene):
                full = self._with(scene, posts.get(scene.object, []))
                planned.append((full, self._owe(full)))
        updates = 0
        for scene, owed in planned:
            if stopping and stopping.is_set():
                break
            changed = 0
            with _guarded(scene):
                now = self.desk.clock() if stopping else scene.now
                changed, right = self._updating.put_right(wording.due(scene), poster, now, most - updates)
                self._rest(scene, right=right and not owed and not changed)
            updates += changed
            if changed and stopping:
                stopping.wait(changed * EACH.total_seconds())
        return sum(owed for _, owed in planned)

    def _with(self, scene: Scene, posts: "list[Stood]") -> Scene:
        """The same with what was posted of it, and who reads that."""
        places = (scene.sender, scene.receiver, scene.leader)
        viewers: dict[str, Viewer | None] = {one.channel: one.viewer for one in places if isinstance(one, Place)}
        reach = Reach(self.desk.policy, self._people, self.directory, scene.now)
        ids = reach.ids(_people_of(scene.stand.handoff, Functions(self.desk.policy)))
        keys = {user: key for key, user in ids.items() if user}
        for post in posts:
            if post.channel and post.channel not in viewers:
                viewers[post.channel] = reach.reader(post.channel, scene.stand.handoff, keys.get(post.channel))
        readers = {channel: viewer for channel, viewer in viewers.items() if viewer}
        return replace(scene, posts=tuple(posts), ids=ids, viewers=readers)

    def _owe(self, scene: Scene) -> int:
        """Owe what is still to be told; how much that was."""
        made = plan(scene)
        self._reached("planned")
        owed = self.outbox.owe(made.posts, scene.now) if made.posts else 0
        self._reached("owed" if owed else "nothing owed")
        for key, why in made.untold:
            self.outbox.forgo(key, scene.object, why, scene.now)
        return len(made.posts)

    def _rest(self, scene: Scene, *, right: bool) -> None:
        """Remember whether all of it is said and shown."""
        self._resting.pop(scene.object, None)
        if right and not scene.restless:
            self._resting[scene.object] = (_rest(scene), scene.now)

    def _rests(self, scene: Scene) -> bool:
        """Whether it was found complete a short while ago, and nothing changed since."""
        found, at = self._resting.get(scene.object, (None, scene.now))
        return found == _rest(scene) and scene.now - at < RESTS

    def _forget(self, lasting: set[str]) -> None:
        for gone in self._resting.keys() - lasting:
            self._resting.pop(gone, None)


def _rest(scene: Scene) -> _Rest:
    timed = (scene.clock, scene.nudge, scene.stand.overdue(scene.now), snoozed_until(scene.stand.handoff, scene.now))
    reached: tuple[Any, ...] = (scene.sender, scene.receiver, scene.leader)
    if scene.nudge is None:  # then nothing waits for anybody's working hours
        reached = tuple(replace(one, awake=True) if isinstance(one, Place) else one for one in reached)
    return _Rest(scene.stand, scene.chain, reached, timed)


@contextmanager
def _guarded(scene: Scene) -> Iterator[None]:
    """The one way in of a handoff: whatever becomes of it, the others go on."""
    try:
        yield
    except CouldNotAsk:
        pass  # it comes another time
    except Exception as problem:  # noqa: BLE001  see above
        _logged(scene.object, problem)


def _people_of(handoff: "Handoff", functions: Functions) -> list[str]:
    """Everybody whom anything about a handoff may have been brought to, and whoever did anything about it."""
    named = [handoff.sender, handoff.receiver]
    for step in handoff.steps:
        named += [step.by, step.receiver, *functions.members(step.to_function or "")]
    return list(dict.fromkeys(key for key in (*named, *functions.members(handoff.to_function)) if key))


def _logged(handoff: str, problem: Exception) -> None:
    reference = secrets.token_hex(4)
    log().error("failed", action="handoff", handoff=handoff, reference=reference, exc_info=problem)
