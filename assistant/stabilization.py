"""Is what shipped quiet yet: how many quiet days of how many, what started them anew, and when would it be stable?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from assistant.coverage import Coverage
from assistant.links import Link, Tier
from assistant.origin import Origin, origin_of_all
from assistant.policy import Policy
from assistant.risk import Band, risk_of, worst
from assistant.unknowns import Unknown
from storage.records import Change

WATCHED = Coverage(())


class Cause(StrEnum):
    """What starts the quiet days anew."""

    INCIDENT = "incident"
    HOTFIX = "hotfix"
    ROLLBACK = "rollback"
    REVERT = "revert"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Disturbance:
    """Something that starts the quiet days anew: when it began, and when it was over (None: not yet).

    ``object`` is what did it (an incident, a deployment, a change, a ticket), ``name`` what people call it; ``tier``
    how sure it is that it came of what shipped, ``link`` by what an incident is linked to it.
    """

    cause: Cause
    object: str
    began_at: datetime
    over_at: datetime | None
    name: str = ""
    url: str | None = None
    tier: Tier = Tier.EXPLICIT
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """How long it has to be quiet, and why: the band of its riskiest change, which that is, and its origin by lines."""

    needed: timedelta
    risk: Band
    riskiest: Change | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Stabilization:
    """The state of the clock. ``state`` is stabilizing, stable or unknown (nobody watched for incidents).

    ``ends_at`` is when it is stable if nothing happens, None while a disturbance lasts. ``gap`` says what is not
    watched, whatever the state.
    """

    state: str
    shipped_at: datetime
    period: Period
    quiet: timedelta
    ends_at: datetime | None
    restarts: tuple[Disturbance, ...] = ()
    gap: Unknown | None = None

    @property
    def needed(self) -> timedelta:
        """The quiet time that it needs."""
        return self.period.needed

    @property
    def quiet_since(self) -> datetime | None:
        """When the quiet days began, None while a disturbance lasts."""
        return None if self.ends_at is None else self.ends_at - self.needed


def stabilize(
    shipped_at: datetime,
    period: Period,
    disturbances: Iterable[Disturbance],
    now: datetime,
    watched: Coverage = WATCHED,
) -> Stabilization:
    """Count the quiet days since shipping or the last disturbance. Source: definitions, "Stabilization".

    What began before it shipped counts only where it lasted until after that: no day is quiet then.
    """
    restarts = tuple(sorted((d for d in disturbances if _after(d, shipped_at)), key=lambda d: (d.began_at, d.object)))
    lasting = any(d.over_at is None for d in restarts)
    began = quiet_from(shipped_at, restarts)
    quiet = timedelta(0) if lasting else max(timedelta(0), now - began)
    ends_at = None if lasting else began + period.needed
    whole = ends_at is not None and now >= ends_at
    state = "stabilizing" if not whole else "unknown" if watched.gap else "stable"
    return Stabilization(state, shipped_at, period, quiet, ends_at, restarts, watched.gap)


def quiet_from(shipped_at: datetime, disturbances: Iterable[Disturbance]) -> datetime:
    """Since when nothing has happened, as far as what happened is over."""
    return max([shipped_at, *(d.over_at for d in disturbances if d.over_at)])


def first_quiet(shipped_at: datetime, disturbances: Iterable[Disturbance], needed: timedelta) -> datetime | None:
    """When the first quiet period began that was long enough, or may become so; None while a disturbance lasts.

    What disturbs it after a whole quiet period no longer changes that it was stable.
    """
    began = shipped_at
    for one in sorted((d for d in disturbances if _after(d, shipped_at)), key=lambda d: (d.began_at, d.object)):
        if one.began_at >= began + needed:
            break
        if one.over_at is None:
            return None
        began = max(began, one.over_at)
    return began


def quiet_period(changes: Sequence[Change], policy: Policy) -> Period:
    """The quiet time that a release of these changes needs: by its riskiest change, and by its origin by lines."""
    rules = policy.stabilization
    bands = [(risk_of(change).band, change) for change in changes]
    band = worst(band for band, _ in bands)
    days = rules.quiet_days[{Band.LOW: 0, Band.HIGH: 2}.get(band, 1)]
    origin, _ = origin_of_all(changes, policy)
    factors = {Origin.HUMAN_HEAVY: rules.human_heavy, Origin.MIXED: rules.mixed, Origin.AI_HEAVY: rules.ai_heavy}
    needed = timedelta(days=days * factors.get(origin, rules.unknown))
    return Period(needed, band, next((change for its, change in bands if its is band), None), origin)


def longest_period(policy: Policy) -> timedelta:
    """The longest quiet time that any release can need."""
    rules = policy.stabilization
    return timedelta(days=max(rules.quiet_days) * max(rules.human_heavy, rules.mixed, rules.ai_heavy, rules.unknown))


def _after(disturbance: Disturbance, shipped_at: datetime) -> bool:
    over = disturbance.over_at
    return disturbance.began_at >= shipped_at or over is None or over > shipped_at
