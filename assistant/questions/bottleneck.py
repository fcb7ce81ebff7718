"""Where is value stuck right now: in which stage of the last mile, and which few moves would free the most?

Of the stages that hold anything, the bottleneck is the one with the most working hours of waiting above its own usual,
which is the mean of the working days of the last four weeks at this hour; where none holds more than its usual (or what
is usual is not known), the one with the most working hours. So one change that waits long in a stage that is usually
empty does not hide ten that wait in another. Releases that are stabilizing are no jam: that stage counts only while
something keeps one from becoming stable. Something is stuck when a move is past its level, nobody's or a hard gate, or
when the bottleneck holds at least ``MORE`` times its usual.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from assistant.blockers.blocker import Blocker
from assistant.blockers.finding import find
from assistant.forecast import Forecast
from assistant.gaps import gaps
from assistant.handoffs.concerning import within
from assistant.handoffs.gathering import with_handoffs
from assistant.moved import LOOKED_BACK, Moved, moved, sketch
from assistant.needing import Reach, needs_of, seen_by
from assistant.people import calendar_of
from assistant.policy import Policy
from assistant.questions.blocking import blocker_data
from assistant.scoped import Scoped
from assistant.since import stamp
from assistant.situation import Situation, situation_of
from assistant.stages import Stage, StageName, stages_of
from assistant.standing import Standing, standing_of
from assistant.subject import Subject, SubjectKind
from assistant.unblocking import pressing, unblocks
from assistant.unknowns import Unknown
from assistant.untold_gaps import GAPS, deciding, untold
from assistant.usual import PAST_DAYS, SET, past_moments
from assistant.waivers import waive
from storage.facts import Facts, Needs
from storage.records import Attention

NAME = "bottleneck"
HELP = "Where work is stuck right now: which stage of the last mile holds most, and the three moves that free the most."
EXAMPLES = ("where is team web stuck", "what is the bottleneck", "bottleneck of service api")
PHRASES = (
    "(what|where|which) (is) (the|our|my) (daily) bottleneck (right_now) (of|for|in) ({about})",
    "where is|are (the) value|work|we|everything stuck (in|for|of) ({about})",
    "where is|are|does {about} stuck",
    "where does|do {about} get stuck",
    "what should {about} unblock (first)",
    "(the) daily bottleneck (of|for|in) ({about})",
)
Parameters = Scoped
RELEASES = True
HANDOFFS = True
FIRST = 3
MORE = 1.25
_HAS_A_PAST = {SubjectKind.TEAM, SubjectKind.SERVICE, SubjectKind.TRAIN, SubjectKind.WORKSPACE}
_NOT_HERE = {"origin", "people_unmapped", "without_release", "open_ended", "remaining_time"}


@dataclass(frozen=True, slots=True)
class Answer:
    """Where a scope is stuck; ``moves`` are all that could be made, the most valuable first.

    ``untold`` is when something is not known that may hide where it is stuck, and this reader was not told lately.
    """

    asked_at: datetime
    subject: Subject
    stages: tuple[Stage, ...]
    bottleneck: StageName | None
    stuck: bool
    moves: tuple[Blocker, ...]
    moved: Moved | None
    unknown: tuple[Unknown, ...]
    freshness: Mapping[str, datetime]
    attention: Mapping[str, Attention]
    untold: bool = False

    @property
    def question(self) -> str:
        """The name of the question that this answers."""
        return NAME

    @property
    def stage(self) -> Stage | None:
        """The stage that is the bottleneck."""
        return next((stage for stage in self.stages if stage.name is self.bottleneck), None)

    @property
    def top(self) -> tuple[Blocker, ...]:
        """The moves that free the most."""
        return self.moves[:FIRST]

    @property
    def more(self) -> int:
        """How many moves there are beyond the top."""
        return len(self.moves) - len(self.top)

    @property
    def quiet(self) -> bool:
        """Whether nothing asks for anybody, nothing moved since it was last seen, and that much is known."""
        return not (self.stuck or self.untold or (self.moved and self.moved.anything))

    def as_data(self) -> dict[str, Any]:
        """The answer as JSON values."""
        return {
            "question": NAME,
            "asked_at": stamp(self.asked_at),
            "subject": {"kind": self.subject.kind, "name": self.subject.name},
            "bottleneck": self.bottleneck,
            "stuck": self.stuck,
            "stages": [_stage(stage) for stage in self.stages],
            "moves": [{**blocker_data(move), "frees_business_hours": _rounded(move.frees)} for move in self.moves],
            "more": self.more,
            "changed_since": self.moved.as_data() if self.moved else None,
            "unknown": [unknown.as_data() for unknown in self.unknown],
            "freshness": {source: stamp(at) for source, at in sorted(self.freshness.items())},
        }


def needs(parameters: Scoped, policy: Policy, now: datetime) -> Needs:
    """What to load: all that is in hand or handed off, what shipped lately, and the turns of the last four weeks."""
    subjects = (parameters.subject, *_others(parameters))
    wanted = needs_of(subjects, policy, Reach(parameters.viewer, parameters.known))
    scope = {SET: parameters.repositories}
    past = parameters.subject.kind in _HAS_A_PAST
    wanted = replace(
        wanted,
        sample_sets={},
        attention=True,
        turns_in=scope if past else {},
        turns_since=now - timedelta(days=PAST_DAYS + 1),
        backlog_at=_moments(parameters, policy, now),
        flow_in=scope,
        flow_since=now - LOOKED_BACK,
    )
    wanted = with_handoffs(wanted, within(parameters.handoffs, parameters.subject, policy), policy)
    return seen_by(wanted, parameters.viewer, seen_key(parameters))


def answer(facts: Facts, parameters: Scoped, policy: Policy, now: datetime) -> Answer:
    """Work out the answer from what was loaded."""
    situation = _situation(parameters.subject, facts, parameters, policy, now)
    stages = stages_of(situation, _moments(parameters, policy, now), _shipped(situation, facts, parameters, policy))
    left, _ = waive(find(situation), situation)
    moves = unblocks(left)
    bottleneck = jam(stages)
    full = bottleneck is not None and (bottleneck.times or 1.0) >= MORE
    unknown = tuple(g for g in gaps(situation, Forecast(None, None, ())) if g.key not in _NOT_HERE)
    return Answer(
        asked_at=now,
        subject=parameters.subject,
        stages=stages,
        bottleneck=bottleneck.name if bottleneck else None,
        stuck=full or any(map(pressing, moves)),
        moves=moves,
        moved=moved(facts, stages, parameters.viewer, policy, now),
        unknown=unknown,
        freshness=facts.freshness.newest_event,
        attention=facts.attention,
        untold=untold(unknown, facts.seen, now),
    )


def outline(given: Answer) -> dict[str, Any]:
    """What to remember of an answer, so that the next one can say what moved; JSON values."""
    return {"things": sketch(given.stages), GAPS: deciding(given.unknown)}


def seen_key(parameters: Scoped) -> str:
    """Under which key a viewer's last look at this scope is remembered."""
    return f"{NAME}:{parameters.subject.seed}"


def jam(stages: Sequence[Stage]) -> Stage | None:
    """The bottleneck among stages, by the rule above; None where none holds anything."""
    holding = [stage for stage in stages if stage.held and (stage.disturbed or stage.name != StageName.STABILIZATION)]
    return max(holding, key=lambda stage: (stage.above, stage.hours or 0.0), default=None)


def _moments(parameters: Scoped, policy: Policy, now: datetime) -> tuple[datetime, ...]:
    if parameters.subject.kind not in _HAS_A_PAST:
        return ()
    return past_moments(calendar_of(policy, None), now)


def _situation(subject: Subject, facts: Facts, parameters: Scoped, policy: Policy, now: datetime) -> Situation:
    return situation_of(subject, facts, policy, viewer=parameters.viewer, now=now, heard=parameters.known)


def _others(parameters: Scoped) -> tuple[Subject, ...]:
    return tuple(release for release in parameters.releases if release.object != parameters.subject.object)


def _shipped(situation: Situation, facts: Facts, parameters: Scoped, policy: Policy) -> list[tuple[Subject, Standing]]:
    """How each release that may have shipped lately stands."""
    found = []
    for subject in parameters.releases:
        own = _situation(subject, facts, parameters, policy, situation.now)
        found.append((subject, standing_of(own, waive(find(own), own)[0])))
    return found


def _stage(stage: Stage) -> dict[str, Any]:
    usual = stage.usual
    return {
        "stage": stage.name,
        "things": stage.things,
        "waiting_business_hours": _rounded(stage.hours),
        "usual": usual and {"things": _rounded(usual.things), "waiting_business_hours": _rounded(usual.hours),
                            "days": usual.days},
        "times_usual": _rounded(stage.times),
        "not_known_because": stage.why,
        "counted": [
            {"object": one.object, "subject": one.subject, "url": one.url, "since": stamp(one.since),
             "waiting_business_hours": _rounded(one.hours)}
            for one in stage.held or ()
        ],
    }  # fmt: skip


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
