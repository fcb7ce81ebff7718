"""How much is in each stage of the last mile now, how much waiting is in it, and how much is usual there?

Things are counted in the stage of their turn, and hours in one calendar, the workspace's, now and before: only so do
both compare. What a thing's own mover has had of working hours is told with the thing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from assistant.calendar import Calendar, Floats
from assistant.situation import Situation
from assistant.standing import Standing
from assistant.subject import Subject
from assistant.unseen import running
from storage.facts import Facts
from storage.naming import subject_of
from storage.records import Change, ChangeState, TurnKind

PAST_DAYS = 28
LEAST_DAYS = 5  # past working days of which enough is known; fewer say nothing of what is usual
SET = "scope"  # the name of the set of repositories whose past is loaded
_DAY = timedelta(days=1)


class StageName(StrEnum):
    """The stages of the last mile, in their order."""

    REVIEW = "review"
    TESTING = "testing"
    HANDOFFS = "handoffs"
    DEPLOYMENT = "deployment"
    STABILIZATION = "stabilization"


TURNS = {
    StageName.REVIEW: (
        TurnKind.REVIEW_PENDING, TurnKind.CHANGES_REQUESTED, TurnKind.MERGE_CONFLICT, TurnKind.DEPENDENCY,
        TurnKind.READY_TO_MERGE,
    ),
    StageName.TESTING: (TurnKind.CHECKS_RUNNING, TurnKind.CHECKS_FAILING),
}  # fmt: skip
STAGE_OF = {turn: stage for stage, turns in TURNS.items() for turn in turns}


@dataclass(frozen=True, slots=True)
class Held:
    """One thing in a stage: since when it is there (of a release: since it shipped), and the working hours since."""

    object: str
    subject: str
    url: str | None
    since: datetime
    hours: float


@dataclass(frozen=True, slots=True)
class Usual:
    """The mean of the past working days at the same local time: things, their hours, and how many days speak."""

    things: float
    hours: float
    days: int


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: what is in it, oldest first (None: not known, ``why`` says why), and what is usual (None: not known).

    Where something is known to be in it, ``why`` says why more may be.
    ``disturbed`` says of stabilization that something that lasts keeps a release from becoming stable.
    """

    name: StageName
    held: tuple[Held, ...] | None
    usual: Usual | None = None
    why: str | None = None
    disturbed: bool = False

    @property
    def things(self) -> int | None:
        """How many things are in it, None where that is not known."""
        return None if self.held is None else len(self.held)

    @property
    def hours(self) -> float | None:
        """The working hours that they have been in it together."""
        return None if self.held is None else sum(one.hours for one in self.held)

    @property
    def times(self) -> float | None:
        """How many times its usual working hours it holds; None where either is not known.

        One working day is added on both sides, so that where little is usual a little is no alarm.
        """
        if self.usual is None or self.hours is None:
            return None
        return (self.hours + _LITTLE) / (self.usual.hours + _LITTLE)

    @property
    def above(self) -> float:
        """The working hours above its usual; 0 where it holds no more, or what is usual is not known."""
        return 0.0 if self.usual is None or self.hours is None else max(0.0, self.hours - self.usual.hours)


_LITTLE = 8.0  # working hours
_TOLD = 2  # reasons why a stage is not known


@lru_cache(maxsize=64)
def past_moments(calendar: Calendar, now: datetime) -> tuple[datetime, ...]:
    """The same local time on each working day of the last four weeks, newest first."""
    here = ZoneInfo(calendar.zone)
    local = now.astimezone(here)
    moments = []
    for back in range(1, PAST_DAYS + 1):
        day = local.date() - back * _DAY
        begins = datetime.combine(day, time(), here)
        if calendar.hours_between(begins, begins + _DAY) > 0:
            moments.append(datetime.combine(day, local.time(), here).astimezone(now.tzinfo))
    return tuple(moments)


def stages_of(situation: Situation, moments: Sequence[datetime], shipped: Iterable[tuple[Subject, Standing]]) -> tuple[
    Stage, ...
]:  # fmt: skip
    """Every stage, in their order; ``moments`` are those past ones whose facts were loaded (none: nothing is usual)."""
    calendar = situation.people.calendar()
    past = _Past(situation.facts, calendar, moments)
    open_now: dict[StageName, list[tuple[Change, datetime]]] = {name: [] for name in TURNS}
    for change in situation.members.changes:
        stage = STAGE_OF.get(change.move.kind) if change.move and change.state is ChangeState.OPEN else None
        if stage and change.move and change.corrections.shipped_at is None:
            open_now[stage].append((change, change.move.began_at))
    return (
        *(
            Stage(name, _held(waits, calendar, situation.now), past.of_turns(TURNS[name]))
            for name, waits in open_now.items()
        ),
        Stage(StageName.HANDOFFS, None, None, "they are not recorded yet"),
        _deployment(situation, calendar, past),
        _stabilization(shipped, calendar, situation.now),
    )


def _deployment(situation: Situation, calendar: Calendar, past: "_Past") -> Stage:
    production = situation.production
    merged = [change for change in situation.members.changes if change.state is ChangeState.MERGED]
    scope = {change.repository for change in situation.members.changes} | set(situation.subject.repositories or ())
    if not any(production.has_source(repository) for repository in scope if situation.viewer.may_see(repository)):
        return Stage(StageName.DEPLOYMENT, None, None, "nobody tells of its deployments")
    lacking = [change for change in merged if change.corrections.shipped_at is None and production.lacks(change)]
    waits = [(change, change.merged_at) for change in lacking if change.merged_at]
    runs = dict.fromkeys(running(*at) for change in merged for at in production.unsettled(change))
    return _partly_known(
        StageName.DEPLOYMENT, _held(waits, calendar, situation.now), past.of_backlog(), tuple(runs)
    )  # fmt: skip


def _stabilization(shipped: Iterable[tuple[Subject, Standing]], calendar: Calendar, now: datetime) -> Stage:
    """What shipped and is not stable; that it takes its days is no jam, only what starts them anew is."""
    held, disturbed, untold = [], False, []
    for subject, standing in shipped:
        clock, at = standing.clock, standing.shipped_at
        if standing.untold:
            untold.append(f"whether {subject.name} has shipped, nobody can tell")
        if at is None or clock is None or clock.state == "stable":
            continue
        name = subject.object or subject.name
        held.append(Held(name, subject.name, None, at, calendar.hours_between(at, now)))
        disturbed = disturbed or clock.ends_at is None
    return _partly_known(StageName.STABILIZATION, _oldest_first(held), None, untold, disturbed=disturbed)


def _partly_known(
    name: StageName, held: tuple[Held, ...], usual: Usual | None, gaps: Sequence[str], *, disturbed: bool = False
) -> Stage:
    """A stage of which that is known, and no more where there are gaps: with nothing in it then, nothing is known."""
    why = "; ".join(gaps[:_TOLD]) + (f"; and {len(gaps) - _TOLD} more" if len(gaps) > _TOLD else "")
    return Stage(name, held if held or not gaps else None, usual, why or None, disturbed)


def _held(waits: Sequence[tuple[Change, datetime]], calendar: Calendar, now: datetime) -> tuple[Held, ...]:
    """Changes in a stage, each with since when it is there."""
    since = [min(at, now) for _, at in waits]
    hours = calendar.elapsed(np.array([at.timestamp() for at in since]), np.full(len(since), now.timestamp()))
    return _oldest_first(
        Held(change.object, subject_of(change.object), change.url, at, float(spent))
        for (change, _), at, spent in zip(waits, since, hours, strict=True)
    )


def _oldest_first(held: Iterable[Held]) -> tuple[Held, ...]:
    return tuple(sorted(held, key=lambda one: (one.since, one.object)))


class _Past:
    """What was in the stages at the past moments of which enough is known."""

    def __init__(self, facts: Facts, calendar: Calendar, moments: Sequence[datetime]) -> None:
        self._turns = facts.turns.get(SET, {})
        self._backlog = facts.backlog.get(SET, ())
        self._calendar = calendar
        self._at = np.array([moment.timestamp() for moment in moments])
        first = min((float(turns.began.min()) for turns in self._turns.values() if turns.began.size), default=np.inf)
        self._known = self._at >= first  # before anything was heard of, nothing was known, which is not nothing

    def of_turns(self, kinds: Iterable[str]) -> Usual | None:
        """What is usual of changes whose turn is one of these kinds."""
        found = [self._turns[kind] for kind in kinds if kind in self._turns]
        began = np.concatenate([turns.began for turns in found]) if found else np.empty(0)
        ended = np.concatenate([turns.ended for turns in found]) if found else np.empty(0)
        ended = np.where(np.isnan(ended), np.inf, ended)
        here = [began[(began <= at) & (ended > at)] for at in self._at[self._known]]
        return self._usual(here, self._at[self._known])

    def of_backlog(self) -> Usual | None:
        """What is usual of what merged and is not in production."""
        pairs = zip(self._backlog, self._at, strict=False)
        known = [(columns, at) for columns, at in pairs if columns is not None]
        return self._usual([columns for columns, _ in known], np.array([at for _, at in known]))

    def _usual(self, since: Sequence[Floats], at: Floats) -> Usual | None:
        """The mean over moments ``at``, each with when the things that were there then had come."""
        if len(since) < LEAST_DAYS:
            return None
        counts = np.array([len(each) for each in since])
        began, until = np.concatenate(since), np.repeat(at, counts)
        hours = self._calendar.elapsed(began, until).sum() if began.size else 0.0
        return Usual(float(counts.mean()), float(hours) / len(since), len(since))
