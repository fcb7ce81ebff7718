"""How does a moment that has come become posts that are owed, once, whoever else is at it?

One run is claimed, planned and finished, then the next: memory stays flat whatever is due at once. The database gives a
run to one claimer; where that one dies, its claim runs out and another takes the run over. Where Slack can't be asked
who reads it, the claim is given back for a while, until it would be too late.
"""

import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

from assistant.calendar import Calendar
from assistant.loading import Loaded
from assistant.people import People
from digests.digest import Digest
from digests.directory import Directory
from digests.faults import log, logged
from digests.missing import LOOKED_BACK, NEWEST, Claim, LeftOut
from digests.planning import FAILED, PUT_OFF, SILENT, SKIPPED, Occasion, Plan, plan
from digests.refusals import Refusals
from digests.schedule import Due, due, missed, week_before
from storage.records import ObjectKind, Subscription

if TYPE_CHECKING:
    from assistant.desk import Desk
    from storage.outbox import Outbox

_TOGETHER = timedelta(seconds=20)  # what is asked within them is asked at one moment
_NEVER = datetime.max.replace(tzinfo=UTC)
_SOONEST, _LATEST = timedelta(seconds=15), timedelta(minutes=5)  # of the pauses while Slack can't be asked
_UNASKED = 3  # runs on end that could not ask Slack: the others wait for the next tick
Reached = Callable[[str], None]


def calendar_for(subscription: Subscription, people: People) -> Calendar:
    """When those work who read it: the person, or for a channel the workspace."""
    return people.calendar(None if subscription.channel else subscription.person)


@dataclass(slots=True)
class Runs:
    """Runs what is due. ``who`` names this process among those that share the database; ``reached`` hears each step."""

    desk: "Desk"
    outbox: "Outbox"
    directory: Directory
    refusals: Refusals
    people: People
    declared: Mapping[str, Digest]
    reached: Reached = lambda _step: None
    who: str = field(default_factory=lambda: secrets.token_hex(8))
    _over: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)  # subscription -> moment, asked again at
    _left_out: LeftOut = field(init=False)
    _asked_at: datetime | None = None
    _loaded: Loaded | None = None

    def __post_init__(self) -> None:
        """Nothing was looked at yet."""
        self._left_out = LeftOut(self.outbox)

    def tick(self, stopping: threading.Event) -> Counter[str]:
        """Run everything that is due and nobody else runs; how many runs ended how."""
        now, standing = self.desk.clock(), self._standing()
        claim = Claim(self.who, now, self.lease)
        going_on = takewhile(lambda _: not stopping.is_set(), standing)
        left_out = self._left_out.settle(going_on, claim, lambda one, looked: self._missed(one, looked, now), self.late)
        done, unasked = Counter({SKIPPED: left_out} if left_out else {}), 0
        for one, found in self._due(standing, now):
            if stopping.is_set() or unasked >= _UNASKED:
                break
            if state := self._begun(one, found):
                done[state] += 1
                unasked = unasked + 1 if state == PUT_OFF else 0
        self._asked_at = self._loaded = None
        return done

    def rehearse(self) -> Iterator[tuple[Subscription, Plan]]:
        """What a tick would post now: nothing is claimed, kept or sent."""
        now = self.desk.clock()
        for one, found in self._due(self._standing(), now):
            if not any(run.moment == found.moment for run in self.outbox.runs([one.object], NEWEST)):
                yield one, self._plan(one, self._occasion(one, found, now))

    def now(self, subscription: Subscription, now: datetime) -> Plan | None:
        """Run a digest because a person wants it now, once a minute; None where that was just done.

        Half a minute past is no moment that a subscription can name.
        """
        moment = now.replace(second=30, microsecond=0)
        if not self.outbox.claim_run(subscription.object, moment, now, self.lease, self.who):
            return None
        return self.run(subscription, Occasion(moment, now, now + self.late, asked=True))

    def run(self, subscription: Subscription, when: Occasion) -> Plan:
        """Plan and finish a run that was claimed; one that fails is logged under a reference and over.

        One that could not be kept is no more over than one that was put off: it is asked for again.
        """
        self.reached("claimed")
        try:
            made = self._plan(subscription, when)
        except Exception as problem:  # noqa: BLE001  the one way in of a run: the others go on
            made = Plan(FAILED, why=f"it could not be worked out, reference {logged(subscription, problem)}")
        self.reached("planned")
        try:
            again = self._finish(subscription, when, made)
        except Exception as problem:  # noqa: BLE001  the same; the claim runs out, and somebody tries again
            made = Plan(FAILED, why=f"it could not be kept, reference {logged(subscription, problem)}")
            again = self.desk.clock() + self.lease
        if not when.asked:
            self._over[subscription.object] = when.moment, again
        return made

    @property
    def late(self) -> timedelta:
        """How long after its moment a digest may still be sent."""
        return timedelta(hours=self.desk.policy.digests.late_hours)

    @property
    def lease(self) -> timedelta:
        """How long a claim holds."""
        return timedelta(seconds=self.desk.policy.digests.lease_seconds)

    def _plan(self, subscription: Subscription, when: Occasion) -> Plan:
        return plan(subscription, self.declared[subscription.digest], self.desk, self.directory, when)

    def _occasion(self, one: Subscription, found: Due, now: datetime) -> Occasion:
        silent = one.all_clear and self._silent_week(one, found.moment)
        until = found.moment + self.late
        return Occasion(
            found.moment, now, until, late=found.late, week_was_silent=silent, loaded=self._loaded
        )  # fmt: skip

    def _due(self, standing: Sequence[Subscription], now: datetime) -> list[tuple[Subscription, Due]]:
        """What is due, the oldest first; what asks the same comes one after the other."""
        found = [(one, due(one, calendar_for(one, self.people), now, self.late)) for one in standing]
        return sorted(
            ((one, its) for one, its in found if its is not None),
            key=lambda pair: (pair[1].moment, pair[0].digest, pair[0].about, pair[0].object),
        )

    def _begun(self, one: Subscription, found: Due) -> str | None:
        """Run what is due, where it is free; how it ended, None where it is over or another's."""
        try:
            now = self.desk.clock()
            if self._is_over(one, found.moment, now) or not self._claimed(one, found.moment, now):
                return None
            return self.run(one, self._occasion(one, found, self._together(now))).state
        except Exception as problem:  # noqa: BLE001  the others go on; where it was claimed, the claim runs out
            logged(one, problem)
            self._over[one.object] = found.moment, self.desk.clock() + self.lease
            return FAILED

    def _together(self, now: datetime) -> datetime:
        """The moment at which this is asked, the same for all that are planned within seconds: they share facts."""
        if self._asked_at is None or not timedelta(0) <= now - self._asked_at < _TOGETHER:
            self._asked_at, self._loaded = now, Loaded()
        return self._asked_at

    def _finish(self, subscription: Subscription, when: Occasion, made: Plan) -> datetime:
        """Keep how a run ended, or that it has not; when this process needs to ask for it again."""
        if made.state == PUT_OFF:
            return self._put_off(subscription, when, made.why)
        kept = self.outbox.finish_run(
            subscription.object, when.moment, self.who, when.now, made.state, made.posts, made.why
        )
        self.reached("owed")
        if not kept:  # it took longer than its claim held: another has it
            return self.desk.clock() + self.lease
        if made.broken:
            try:
                self.refusals.refused(subscription.object, made.broken, when.now)
            except Exception as problem:  # noqa: BLE001  it is broken still the next time, and paused then
                logged(subscription, problem)
        return _NEVER

    def _put_off(self, subscription: Subscription, when: Occasion, why: str) -> datetime:
        """Give the claim back for a while: the longer it lasts already the longer, but never past its end."""
        now = self.desk.clock()
        again = now + max(_SOONEST, min((now - when.moment) / 2, (when.until - now) / 2, _LATEST))
        self.outbox.put_off(subscription.object, when.moment, self.who, now, again, why)
        log().warning(PUT_OFF, action="digest", subscription=subscription.object, why=why, again=again.isoformat())
        return again

    def _claimed(self, one: Subscription, moment: datetime, now: datetime) -> bool:
        mine = self.outbox.claim_run(one.object, moment, now, self.lease, self.who)
        if not mine:
            self._over[one.object] = moment, now + self.lease
        return mine

    def _is_over(self, one: Subscription, moment: datetime, now: datetime) -> bool:
        """Whether this process knows that it need not ask for a run (yet): it is over, or another is at it."""
        known = self._over.get(one.object)
        return known is not None and known[0] == moment and now < known[1]

    def _missed(self, one: Subscription, looked: datetime, now: datetime) -> tuple[datetime, ...]:
        return missed(one, calendar_for(one, self.people), looked, now, self.late)

    def _silent_week(self, one: Subscription, moment: datetime) -> bool:
        """Whether this is the last moment of a week of which every other run was silent."""
        before = week_before(one, calendar_for(one, self.people), moment)
        if before is None:
            return False
        since = max(one.since, moment - LOOKED_BACK)
        ended = {run.moment: run.state for run in self.outbox.runs([one.object], NEWEST) if since < run.moment < moment}
        expected = [at for at in before if at > since]
        return all(at in ended for at in expected) and set(ended.values()) <= {SILENT}

    def _standing(self) -> tuple[Subscription, ...]:
        found = self.desk.ledger.standing(ObjectKind.SUBSCRIPTION)
        return tuple(
            one for one in found
            if isinstance(one, Subscription) and not one.ended_at and not one.paused_at and one.digest in self.declared
        )  # fmt: skip
