"""How are functions asked whether a release is ready, chased, and their answers gathered in one message?

What is to be said follows from the round, its answers and what was posted of it, and is worked out anew each time: by
whoever pressed a button, and by every process every few seconds. The outbox refuses what is owed already, the ledger a
second round of one release.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from assistant.acts import open_round
from assistant.blocks import Message
from assistant.errors import UserError
from assistant.handoffs.rounds import ITSELF, holds_up, next_round, wanted
from assistant.people import people_of
from assistant.rendering import reader_of
from assistant.showing.round import Gathered, summary
from assistant.viewer import Viewer
from digests.directory import CouldNotAsk
from digests.faults import failed, log
from digests.rounds.begun import beginning
from digests.rounds.plan import POSTED_WITHIN, TOLD_FOR, Known, Wanted, places_of, plan, unread
from digests.rounds.reaching import Gathering, Reaching, gathers
from digests.updating import AT_ONCE, MOST, Said, Updating
from storage.naming import external_object
from storage.posts import Owed, Stood
from storage.records import External, Handoff, ObjectKind, Release, Round

if TYPE_CHECKING:
    from assistant.desk import Desk
    from digests.directory import Directory
    from digests.poster import Poster
    from storage.outbox import Outbox

SCHEDULE = Viewer(ITSELF, "Last Mile")
_LOOKS = timedelta(hours=1)  # so often it is looked again whether a round can begin that could not
_EACH = timedelta(seconds=1.2)  # between two updates of a tick: Slack takes fifty a minute


class Asking:
    """Speaks for rounds; safe to use from many threads and processes.

    ``reached`` hears of the steps, for tests that kill at one.
    """

    def __init__(
        self, desk: "Desk", outbox: "Outbox", directory: "Directory",
        reached: Callable[[str], None] = lambda _step: None,
    ) -> None:  # fmt: skip
        self.desk, self.outbox, self.directory = desk, outbox, directory
        self._people = people_of(desk.policy)
        self._reached, self._updating = reached, Updating(outbox, "round", reached)
        self._looked: dict[tuple[str, str, datetime], datetime] = {}  # what could begin and did not, and when

    def rounds(self) -> tuple[Round, ...]:
        """Every round there ever was, oldest first."""
        found = (one for one in self.desk.ledger.standing(ObjectKind.ROUND) if isinstance(one, Round))
        return tuple(sorted(found, key=lambda one: (one.opened_at, one.object)))

    def known(self, round_: Round) -> Known:
        """What is known of a round: its release, what was made of its answers, and what was posted of it."""
        ledger = self.desk.ledger
        named = [external_object(round_.release, wanted(one)) for one in round_.answers if holds_up(one)]
        records = ledger.get([round_.release, *named])
        release = records.get(round_.release)
        externals = {name: one for name, one in records.items() if isinstance(one, External)}
        passed: tuple[Handoff, ...] = ledger.handoffs(round_.opened_at) if named else ()
        stood = {one.key: one for one in self.outbox.standing([round_.object])}
        its = tuple(one for one in passed if one.round == round_.object)
        return Known(round_, release if isinstance(release, Release) else None, externals, its, stood)

    def reaching(self, now: datetime) -> Reaching:
        """Who is who at a moment."""
        return Reaching(self.desk.policy, self._people, self.directory, now)

    def gathering(self, round_: Round, now: datetime) -> Gathering | None:
        """Who reads the answers, None where nobody can be reached who does. Raises CouldNotAsk."""
        known = self.known(round_)
        return self.reaching(now).gathering(round_, known.release, known.stood)

    def shown(self, round_: Round, viewer: Viewer, now: datetime) -> Message:
        """How a round stands, for one reader."""
        known = self.known(round_)
        places = places_of(known, self.reaching(now))
        return summary(Gathered(round_, places, self._people, reader_of(viewer, now)))

    def settle(self, round_: str, now: datetime, poster: "Poster | None" = None) -> int:
        """Owe what is to be said of a round now, and bring what stands of it up to date; how many posts were new.

        Where Slack can't be asked who reads it, it waits for the next tick.
        """
        found = self.desk.ledger.get([round_]).get(round_)
        if not isinstance(found, Round):
            return 0
        owed, stands = self._owe(found, now)
        self._updating.put_right(stands, poster, now, AT_ONCE)
        return owed

    def tick(self, stopping: threading.Event, poster: "Poster | None" = None) -> int:
        """The same of every open round; begins those that are due by themselves; how many posts that owed."""
        now, owed = self.desk.clock(), 0
        self.begin_due(now)
        standing: dict[str, list[tuple[Stood, Said]]] = {}
        for one in self.rounds():
            if stopping.is_set():
                break
            if one.closed_at and now - one.closed_at >= TOLD_FOR:
                continue
            try:
                new, standing[one.object] = self._owe(one, now)
                owed += new
            except Exception as problem:  # noqa: BLE001  the one way in of a round: the others go on
                failed("round", one.object, problem)
        self._put_right(standing, stopping, poster)
        return owed

    def lasting(self) -> frozenset[str]:
        """The rounds of which more may have to be said."""
        return frozenset(one.object for one in self.rounds() if not one.closed_at)

    def _put_right(
        self, standing: "Mapping[str, list[tuple[Stood, Said]]]", stopping: threading.Event, poster: "Poster | None"
    ) -> None:
        """Let what stands of each round say what is true now, some each time: new posts wait for none of it."""
        updates = 0
        for name, stands in standing.items():
            if stopping.is_set():
                break
            changed = 0
            try:
                changed, _ = self._updating.put_right(stands, poster, self.desk.clock(), MOST - updates)
            except Exception as problem:  # noqa: BLE001  the one way in of a round: the others go on
                failed("round", name, problem)
            updates += changed
            if changed:
                stopping.wait(changed * _EACH.total_seconds())

    def begin_due(self, now: datetime) -> tuple[str, ...]:
        """Begin the rounds that the schedule or a frozen scope asks for; which."""
        rounds = self.desk.policy.rounds
        if not rounds.days and not rounds.at_scope_freeze:
            return ()
        known = self.rounds()
        releases = [one for one in self.desk.ledger.standing(ObjectKind.RELEASE) if isinstance(one, Release)]
        begun = []
        waiting = {
            (release.object, cause, moment): release
            for release, cause, moment in beginning(releases, known, self.desk.policy, now)
        }
        self._looked = {key: at for key, at in self._looked.items() if key in waiting and now - at < _LOOKS}
        for key, release in waiting.items():
            if key in self._looked:
                continue
            self._looked[key] = now
            if not self._shipped(release, now) and (name := self._begun(release, key[1], known, now)):
                begun.append(name)
        return tuple(begun)

    def _begun(self, release: Release, cause: str, known: Sequence[Round], now: datetime) -> str | None:
        entries = self.desk.policy.products.items()
        channels = next((one.channels for key, one in entries if key.casefold() == release.product.casefold()), ())
        wish = open_round.Wish(
            next_round(release.object, known), release.object, channel=next(iter(channels), None), cause=cause,
            via="schedule",
        )  # fmt: skip
        try:
            self.desk.act(open_round.NAME, wish, SCHEDULE, now)
        except UserError as refused:  # another process was first
            log().info("not begun", action="round", release=release.object, why=str(refused))
            return None
        return wish.round

    def _shipped(self, release: Release, now: datetime) -> bool:
        """Whether it is out already, by all that is known: nobody is asked about that."""
        about = f"release {release.product} {release.version}"
        answer = self.desk.blocking(about, SCHEDULE, now).answer
        return getattr(answer, "shipped_at", None) is not None

    def _owe(self, round_: Round, now: datetime) -> tuple[int, list[tuple[Stood, Said]]]:
        """Owe what is to be said of a round now: how much was new, and what should stand of it."""
        known = self.known(round_)
        try:
            posts = plan(known, self.reaching(now))
        except CouldNotAsk:
            return 0, []
        missing = [one for one in posts if one.new and one.key not in known.stood]
        self._reached("planned")
        owed = self.outbox.owe([_owed(one, round_, now) for one in missing], now) if missing else 0
        self._reached("owed" if owed else "nothing owed")
        nobody = not round_.closed_at and not any(one.key in gathers(round_) for one in posts)
        if nobody and unread(round_) not in known.stood:
            self.outbox.forgo(unread(round_), round_.object, "nobody", now)
        return owed, [(there, one.message) for one in posts if (there := known.stood.get(one.key))]


def _owed(post: Wanted, round_: Round, now: datetime) -> Owed:
    return Owed(
        key=post.key, channel=post.channel, message=post.message, due=now, until=now + POSTED_WITHIN,
        cause=round_.object, after=post.after,
    )  # fmt: skip
