"""Which moments came and went with nobody there to send what was due? Each is kept as skipped, and logged, once."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from digests.faults import log, logged
from digests.planning import SKIPPED
from storage.records import Subscription

if TYPE_CHECKING:
    from storage.outbox import Outbox

LOOKED_BACK = timedelta(days=7)  # how far a starting process looks for what nobody sent
NEWEST = 50  # runs of one subscription that are looked at
NOBODY = "nobody was there to send it in time"
_CLAIMED = "claimed"  # the state of a run that is not over
_INSTANT = timedelta(microseconds=1)

Missed = Callable[[Subscription, datetime], Sequence[datetime]]  # what came after a moment and is past being late


class Claim(NamedTuple):
    """Who leaves out, when, and how long a claim holds."""

    who: str
    now: datetime
    lease: timedelta


class LeftOut:
    """Remembers up to where everything was settled; what another holds, or the database failed, is looked at again."""

    def __init__(self, outbox: "Outbox") -> None:
        self._outbox = outbox
        self._looked: datetime | None = None

    def settle(self, standing: Iterable[Subscription], claim: Claim, missed: Missed, late: timedelta) -> int:
        """Leave out what is past being late ``late`` after its moment; how many runs that were."""
        before = claim.now - LOOKED_BACK
        looked, settled, done = self._looked or before, claim.now - late, 0
        for one in standing:
            try:
                number, held = self._leave_out(one, missed(one, looked), claim)
            except Exception as problem:  # noqa: BLE001  the others go on
                logged(one, problem)
                number, held = 0, looked + _INSTANT
            done += number
            settled = min(settled, held - _INSTANT) if held else settled
        self._looked = max(settled, before)
        return done

    def _leave_out(self, one: Subscription, moments: Sequence[datetime], claim: Claim) -> tuple[int, datetime | None]:
        """Skip each of these moments that has no end yet; how many, and the first that another is at."""
        if not moments:
            return 0, None
        known, done, held = {run.moment: run for run in self._outbox.runs([one.object], NEWEST)}, 0, None
        for moment in moments:
            run = known.get(moment)
            if run and run.state != _CLAIMED:
                continue
            if not self._outbox.claim_run(one.object, moment, claim.now, claim.lease, claim.who):
                held = held or moment
                continue
            why = (run.why if run else "") or NOBODY
            self._outbox.finish_run(one.object, moment, claim.who, claim.now, SKIPPED, (), why)
            log().warning("left out", action="digest", subscription=one.object, due=moment.isoformat(), why=why)
            done += 1
        return done, held
