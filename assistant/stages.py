"""How much is in each stage of the last mile now, how much waiting is in it, and how much is usual there?

Things are counted in the stage of their turn, and hours in one calendar, the workspace's, now and before: only so do
both compare. What a thing's own mover has had of working hours is told with the thing. A handoff to QA is testing,
every other one is in the stage of handoffs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np

from assistant.calendar import Calendar
from assistant.handoffs.waiting import Waiting, waiting
from assistant.situation import Situation
from assistant.standing import Standing
from assistant.subject import Subject
from assistant.unseen import running
from assistant.usual import Past, Usual
from storage.naming import kind_of, subject_of
from storage.records import Change, ChangeState, ObjectKind, TurnKind


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
    def noun(self) -> str:
        """What people call the things that are in it."""
        if self.name is not StageName.TESTING or not self.held:
            return "handoff" if self.name is StageName.HANDOFFS else "change"
        kinds = {kind_of(one.object) for one in self.held}
        return "thing" if len(kinds) > 1 else "handoff" if kinds == {ObjectKind.HANDOFF} else "change"

    @property
    def usual_noun(self) -> str:
        """The same of what is usual in it: where handoffs to QA are recorded, the past of testing is of both."""
        return "thing" if self.name is StageName.TESTING and self.why is None else self.noun

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
_NO_HANDOFFS = "no handoff is recorded here"
_NO_TESTERS = "no handoff to QA is recorded here, so only the checks of the pipeline are known"


def stages_of(situation: Situation, moments: Sequence[datetime], shipped: Iterable[tuple[Subject, Standing]]) -> tuple[
    Stage, ...
]:  # fmt: skip
    """Every stage, in their order; ``moments`` are those past ones whose facts were loaded (none: nothing is usual)."""
    calendar = situation.people.calendar()
    past = Past(situation.facts, calendar, moments)
    open_now: dict[StageName, list[tuple[Change, datetime]]] = {name: [] for name in TURNS}
    for change in situation.members.changes:
        stage = STAGE_OF.get(change.move.kind) if change.move and change.state is ChangeState.OPEN else None
        if stage and change.move and change.corrections.shipped_at is None:
            open_now[stage].append((change, change.move.began_at))
    testing, handed = waiting(situation)
    review = _held(open_now[StageName.REVIEW], calendar, situation.now)
    checks = _held(open_now[StageName.TESTING], calendar, situation.now)
    return (
        Stage(StageName.REVIEW, review, past.of_turns(TURNS[StageName.REVIEW])),
        Stage(
            StageName.TESTING,
            _oldest_first((*checks, *_handed(testing, calendar, situation.now))),
            past.of_turns(TURNS[StageName.TESTING], testing),
            None if testing.recorded else _NO_TESTERS,
        ),
        Stage(
            StageName.HANDOFFS,
            _oldest_first(_handed(handed, calendar, situation.now)) if handed.recorded else None,
            past.of_handoffs(handed),
            None if handed.recorded else _NO_HANDOFFS,
        ),
        _deployment(situation, calendar, past),
        _stabilization(shipped, calendar, situation.now),
    )


def _deployment(situation: Situation, calendar: Calendar, past: Past) -> Stage:
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


def _handed(found: Waiting, calendar: Calendar, now: datetime) -> Iterable[Held]:
    """Handoffs in a stage, each with since when it is open."""
    for one in found.now:
        since = min(one.since, now)
        yield Held(one.object, one.name, one.url, since, calendar.hours_between(since, now))


def _oldest_first(held: Iterable[Held]) -> tuple[Held, ...]:
    return tuple(sorted(held, key=lambda one: (one.since, one.object)))
