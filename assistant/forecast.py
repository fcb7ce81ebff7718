"""When can it ship at the earliest, at 50% and at 85%, and what is missing to say so?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import isfinite

from assistant.blockers.blocker import Blocker, BlockerKind, Remaining
from assistant.blockers.changes import of_change
from assistant.blockers.delivery import MERGED_TURN
from assistant.calendar import Calendar, Floats
from assistant.durations import Past
from assistant.scopes import teams_of
from assistant.simulation import Simulation, Task, instant, percentiles, thawed
from assistant.situation import Situation
from storage.records import ChangeState, Estimate, Freeze

WORKSPACE = "workspace"
# After these nothing more has to be merged or deployed: they are over, or they are in production.
_LAST = {
    BlockerKind.AWAITING_DEPLOY, BlockerKind.DEPLOY_FAILED, BlockerKind.NOT_IN_BRANCH, BlockerKind.ROLLOUT_INCOMPLETE,
    BlockerKind.INCIDENT_OPEN, BlockerKind.EXTERNAL, BlockerKind.FREEZE, BlockerKind.STABILIZING,
    BlockerKind.HANDOFF_OPEN, BlockerKind.ENABLEMENT_MISSING,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Earliest:
    """The earliest date at 50% and at 85%; ``p85`` is None when more than 15% of like cases never ended so far."""

    p50: datetime
    p85: datetime | None


@dataclass(frozen=True, slots=True)
class Missing:
    """A remaining time that is unknown: the kind of turn, how many past cases speak, and how many things need it."""

    turn: str
    samples: int
    count: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the past says.

    ``known_p50`` is the 50% date if everything unknown took no time, so that no date is earlier; where half of the runs
    last longer than any like case that ended, that of the blockers which alone do not. ``frozen`` are the freezes that
    cover the expected ship time, ``near`` those that only cover later runs.
    """

    earliest: Earliest | None
    known_p50: datetime | None
    blockers: tuple[Blocker, ...]
    missing: tuple[Missing, ...] = ()
    frozen: tuple[Freeze, ...] = ()
    near: tuple[Freeze, ...] = ()


def forecast(blockers: Sequence[Blocker], freezes: Sequence[Freeze], situation: Situation) -> Forecast:
    """Simulate these blockers; what they depend on outside of the subject is simulated with them, and not shown."""
    here = situation.people.calendar()
    now = situation.now.timestamp()
    past = Past(situation.facts.samples, situation.facts.merged, here, now)
    behind = _behind(blockers, situation)
    made = {b.object: _task(b, past, situation) for b in (*blockers, *behind)}
    tasks = [task for task, _ in made.values()]
    way, lack = _to_production(blockers, past, situation)
    simulation = Simulation(situation.subject.seed, now, situation.policy.forecast.runs)
    run = simulation.run(tasks, way, here)
    frozen, near = _freezes(percentiles(run.ships), freezes)
    p50, p85 = percentiles(thawed(run.ships, [(f.begins_at.timestamp(), f.ends_at.timestamp()) for f in freezes]))
    missing = _by_turn([*_missing([*made.values()], [*blockers, *behind]), *lack])
    told = tuple(replace(b, remaining=_told(made[b.object][1], run.tasks.get(b.object))) for b in blockers)
    middle = instant(p50)
    return Forecast(
        Earliest(middle, instant(p85)) if middle and not missing else None,
        middle or instant(max([now, *(half for half, _ in run.tasks.values() if isfinite(half))])),
        told,
        missing,
        frozen,
        near,
    )


def _behind(blockers: Sequence[Blocker], situation: Situation) -> tuple[Blocker, ...]:
    """The open changes that blockers wait for, however far behind, that are not blockers themselves."""
    known = {blocker.object: blocker for blocker in blockers}
    behind: dict[str, Blocker] = {}
    left = [name for blocker in blockers for name in blocker.after]
    while left:
        change = situation.change(left.pop())
        if change is None or change.state is not ChangeState.OPEN or change.object in known or change.object in behind:
            continue
        behind[change.object] = of_change(change, situation)
        left += behind[change.object].after
    return tuple(behind.values())


def _task(blocker: Blocker, past: Past, situation: Situation) -> tuple[Task, Remaining]:
    """What is simulated for a blocker, and where its remaining time comes from."""
    calendar = situation.people.calendar(blocker.owners[0].key if blocker.owners else None)
    others = [situation.change(name) for name in blocker.after]
    left, ends, remaining = _left(blocker, past, calendar, situation, heard=None not in others)
    after = tuple(other.object for other in others if other is not None)
    return Task(blocker.object, calendar, left, ends, after, blocker.kind not in _LAST), remaining


def _left(
    blocker: Blocker, past: Past, calendar: Calendar, situation: Situation, *, heard: bool
) -> tuple[Floats | None, float | None, Remaining]:
    """Quantiles of the hours left, or a known end, or neither; ``heard``: whether all that it waits for is known."""
    if blocker.ends_at is not None:
        return None, blocker.ends_at.timestamp(), Remaining("end")
    count = 0
    if heard:
        # What waits for another could not move yet: its own turn begins when that one lands.
        began = None if blocker.kind is BlockerKind.DEPENDENCY else blocker.turn_began_at
        elapsed = calendar.hours_between(began or situation.now, situation.now)
        least = situation.policy.forecast.least
        name, count, left = past.still(blocker.turn, _sets(blocker, situation), elapsed, least)
        if left is not None:
            return left, None, Remaining("workspace" if name == WORKSPACE else "team", samples=count)
    newest = _estimate(blocker, situation)
    if newest is None:
        return None, None, Remaining("unknown", samples=count)
    return None, newest.until.timestamp(), Remaining("estimate", samples=count, by=situation.people.name(newest.by))


def _estimate(blocker: Blocker, situation: Situation) -> Estimate | None:
    """The newest estimate that a person gave of this blocker and that has not passed."""
    said = situation.release.estimates if situation.release else ()
    standing = [e for e in said if e.blocker == blocker.object and e.until > situation.now]
    return max(standing, key=lambda estimate: estimate.at, default=None)


def _sets(blocker: Blocker, situation: Situation) -> list[str]:
    """The sets of past turns that speak for a blocker: of the team that owns its repository, then of everybody."""
    owning = teams_of(situation.policy, [blocker.repository]) if blocker.repository else situation.subject.teams
    return [*(f"team:{team}" for team in owning if f"team:{team}" in situation.facts.samples), WORKSPACE]


def _to_production(
    blockers: Sequence[Blocker], past: Past, situation: Situation
) -> tuple[Floats | None, tuple[Missing, ...]]:
    """Quantiles of the usual hours from merge to production, where something is left to merge and a source tells."""
    merging = [b for b in blockers if b.kind not in _LAST and b.repository]
    if not any(situation.production.has_source(b.repository or "") for b in merging):
        return None, ()
    least = situation.policy.forecast.least
    _, count, left = past.still(MERGED_TURN, _sets(merging[0], situation), 0.0, least)
    return left, () if left is not None else (Missing(MERGED_TURN, count, len(merging)),)


def _missing(made: Sequence[tuple[Task, Remaining]], blockers: Sequence[Blocker]) -> list[Missing]:
    return [
        Missing(blocker.turn, remaining.samples, 1)
        for (task, remaining), blocker in zip(made, blockers, strict=True)
        if not task.known
    ]


def _by_turn(missing: Sequence[Missing]) -> tuple[Missing, ...]:
    """One for each kind of turn, with the most cases that speak for any of it."""
    found: dict[str, list[Missing]] = {}
    for one in missing:
        found.setdefault(one.turn, []).append(one)
    return tuple(
        Missing(turn, max(one.samples for one in same), sum(one.count for one in same))
        for turn, same in sorted(found.items())
    )


def _freezes(ships: tuple[float, float], freezes: Sequence[Freeze]) -> tuple[tuple[Freeze, ...], tuple[Freeze, ...]]:
    """Freezes that the expected ship time runs into, one after the other, and those that only the 85% date does."""
    half, most = (_hit(at, freezes) for at in ships)
    return half, tuple(freeze for freeze in most if freeze not in half)


def _hit(at: float, freezes: Sequence[Freeze]) -> tuple[Freeze, ...]:
    """The freezes that an instant runs into when each moves it to its end."""
    found: list[Freeze] = []
    for freeze in freezes:
        if freeze.begins_at.timestamp() <= at < freeze.ends_at.timestamp():
            found.append(freeze)
            at = freeze.ends_at.timestamp()
    return tuple(found)


def _told(remaining: Remaining, ends: tuple[float, float] | None) -> Remaining:
    return remaining if ends is None else replace(remaining, p50=instant(ends[0]), p85=instant(ends[1]))
