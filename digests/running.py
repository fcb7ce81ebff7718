"""How does a moment that has come become posts that are owed, once, whoever else is at it?

One run is claimed, planned and finished, then the next: memory stays flat whatever is due at once. The database gives a
run to one claimer; where that one dies, its claim runs out and another takes the run over.
"""

import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from assistant.calendar import Calendar
from assistant.people import People
from digests.digest import Digest
from digests.directory import Directory
from digests.planning import FAILED, SILENT, SKIPPED, Occasion, Plan, plan
from digests.refusals import Refusals
from digests.schedule import Due, due, missed, week_before
from storage.records import ObjectKind, Subscription

if TYPE_CHECKING:
    from assistant.desk import Desk
    from storage.outbox import Outbox

LOOKED_BACK = timedelta(days=7)  # how far a starting process looks for what nobody sent
_NEWEST = 50  # runs of one subscription that are looked at
_NEVER = datetime.max.replace(tzinfo=UTC)
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
    _looked: datetime | None = None
    _over: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)  # subscription -> moment, asked again at

    def tick(self, stopping: threading.Event) -> Counter[str]:
        """Run everything that is due and nobody else runs; how many runs ended how."""
        now = self.desk.clock()
        standing = self._standing()
        done = self._pass_over(standing, now, stopping)
        for one, found in self._due(standing, now):
            if stopping.is_set():
                break
            now = self.desk.clock()
            if not self._is_over(one, found.moment, now) and self._claimed(one, found.moment, now):
                done[self.run(one, self._occasion(one, found, now)).state] += 1
                self._over[one.object] = found.moment, _NEVER
        return done

    def rehearse(self) -> Iterator[tuple[Subscription, Plan]]:
        """What a tick would post now: nothing is claimed, kept or sent."""
        now = self.desk.clock()
        for one, found in self._due(self._standing(), now):
            if not any(run.moment == found.moment for run in self.outbox.runs([one.object], _NEWEST)):
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
        """Plan and finish a run that was claimed; one that fails is logged under a reference and over."""
        self.reached("claimed")
        try:
            made = self._plan(subscription, when)
        except Exception as problem:  # noqa: BLE001  the one way in of a run: the others go on
            made = Plan(FAILED, why=f"it could not be worked out, reference {_logged(subscription, problem)}")
        self.reached("planned")
        try:
            self._finish(subscription, when, made)
        except Exception as problem:  # noqa: BLE001  the same; the claim runs out, and somebody tries again
            return Plan(FAILED, why=f"it could not be kept, reference {_logged(subscription, problem)}")
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
        return Occasion(found.moment, now, found.moment + self.late, late=found.late, week_was_silent=silent)

    def _due(self, standing: Sequence[Subscription], now: datetime) -> list[tuple[Subscription, Due]]:
        """What is due, the oldest first."""
        found = [(one, due(one, calendar_for(one, self.people), now, self.late)) for one in standing]
        return sorted(
            ((one, its) for one, its in found if its is not None), key=lambda pair: (pair[1].moment, pair[0].object)
        )

    def _finish(self, subscription: Subscription, when: Occasion, made: Plan) -> None:
        kept = self.outbox.finish_run(
            subscription.object, when.moment, self.who, when.now, made.state, made.posts, made.why
        )
        self.reached("owed")
        if not kept:  # it took longer than its claim held: another has it
            return
        made.seen()
        if made.broken:
            self.refusals.refused(subscription.object, made.broken, when.now)

    def _claimed(self, one: Subscription, moment: datetime, now: datetime) -> bool:
        mine = self.outbox.claim_run(one.object, moment, now, self.lease, self.who)
        if not mine:
            self._over[one.object] = moment, now + self.lease
        return mine

    def _is_over(self, one: Subscription, moment: datetime, now: datetime) -> bool:
        """Whether this process knows that it need not ask for a run (yet): it is over, or another is at it."""
        known = self._over.get(one.object)
        return known is not None and known[0] == moment and now < known[1]

    def _pass_over(self, standing: Sequence[Subscription], now: datetime, stopping: threading.Event) -> Counter[str]:
        """Say of moments that nobody was there for, and that are past being late, that they were left out."""
        looked, done = self._looked or now - LOOKED_BACK, Counter[str]()
        for one in standing:
            moment = missed(one, calendar_for(one, self.people), looked, now, self.late)
            if moment is None or stopping.is_set() or not self._claimed(one, moment, now):
                continue
            why = "nobody was there to send it in time"
            self.outbox.finish_run(one.object, moment, self.who, now, SKIPPED, (), why)
            _log().warning("left out", action="digest", subscription=one.object, due=moment.isoformat(), why=why)
            done[SKIPPED] += 1
        self._looked = now - self.late
        return done

    def _silent_week(self, one: Subscription, moment: datetime) -> bool:
        """Whether this is the last moment of a week of which every other run was silent."""
        before = week_before(one, calendar_for(one, self.people), moment)
        if before is None:
            return False
        since = max(one.since, moment - LOOKED_BACK)
        ended = {
            run.moment: run.state for run in self.outbox.runs([one.object], _NEWEST) if since < run.moment < moment
        }
        expected = [at for at in before if at > since]
        return all(at in ended for at in expected) and set(ended.values()) <= {SILENT}

    def _standing(self) -> tuple[Subscription, ...]:
        found = self.desk.ledger.standing(ObjectKind.SUBSCRIPTION)
        return tuple(
            one for one in found
            if isinstance(one, Subscription) and not one.ended_at and not one.paused_at and one.digest in self.declared
        )  # fmt: skip


def _logged(subscription: Subscription, problem: Exception) -> str:
    """Log what nobody foresaw; its reference."""
    reference = secrets.token_hex(4)
    _log().error("failed", action="digest", subscription=subscription.object, reference=reference, exc_info=problem)
    return reference


def _log() -> Any:  # noqa: ANN401  structlog's own
    import structlog

    return structlog.get_logger("lastmile.digests")
