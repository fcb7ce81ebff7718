"""Each stage of the last mile says what is in it, and what is usual there at this hour of a working day."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.calendar import Calendar
from assistant.scopes import team_subject
from assistant.stages import Held, Stage, StageName, stages_of
from assistant.standing import Standing
from assistant.unknowns import Unknown
from assistant.usual import SET, Usual, past_moments
from storage.facts import Samples
from storage.records import ChangeState, HandoffState, Step, Turn, TurnKind
from tests.builders import COMPANY, NOON, change_of, checkout, deployment_of, merged_of, policy_of, situation, turn
from tests.handing import MORNING, handoff_of

POLICY = policy_of(COMPANY)
TEAM = team_subject(POLICY, "core")
OFFICE = Calendar()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOMENTS = past_moments(OFFICE, NOON)


def in_stage(name, *records, moments=(), shipped=(), **more):
    found = stages_of(situation(*records, policy=POLICY, subject=TEAM, **more), moments, shipped)
    return next(stage for stage in found if stage.name == name)


def columns(*pairs):
    began, ended = zip(*((b.timestamp(), e.timestamp() if e else np.nan) for b, e in pairs), strict=True)
    return Samples(np.array(began), np.array(ended), np.array(ended))


def a_stage(things, hours, usual=None, name=StageName.REVIEW):
    held = tuple(Held(f"change:acme/api#{n}", f"acme/api#{n}", None, NOON, hours / things) for n in range(things))
    return Stage(name, held, usual)


def test_the_stages_come_in_the_order_of_the_last_mile():
    found = stages_of(situation(policy=POLICY, subject=TEAM), (), ())
    assert [stage.name for stage in found] == list(StageName)


@pytest.mark.parametrize(
    ("kind", "stage"),
    [
        ("review_pending", "review"), ("changes_requested", "review"), ("merge_conflict", "review"),
        ("dependency", "review"), ("ready_to_merge", "review"), ("checks_running", "testing"),
        ("checks_failing", "testing"),
    ],
)  # fmt: skip
def test_a_change_is_in_the_stage_of_its_turn(kind, stage):
    (held,) = in_stage(stage, change_of(1, move=turn(kind, 3.0))).held
    assert (held.object, held.since, held.hours) == ("change:acme/api#1", NOON - 3 * HOUR, 3.0)


def test_a_draft_is_in_no_stage():
    found = stages_of(situation(change_of(1, move=turn("in_progress", 3.0)), policy=POLICY, subject=TEAM), (), ())
    assert not any(stage.held for stage in found)


def test_what_merged_and_is_not_in_production_is_in_deployment():
    out, waits = merged_of(1, NOON - 3 * DAY), merged_of(2, NOON - 2 * HOUR)
    deployed = deployment_of(out.merge_sha, created_at=NOON - 2 * DAY, finished_at=NOON - 2 * DAY)
    landed = {("acme/api", out.merge_sha): {"main": out.merged_at}}
    (held,) = in_stage("deployment", out, waits, deployed, landed=landed).held
    assert (held.object, held.hours) == ("change:acme/api#2", 2.0)


def test_where_nobody_tells_of_deployments_deployment_is_not_known():
    stage = in_stage("deployment", merged_of(1), deploying=())
    assert (stage.held, stage.things, stage.hours, stage.times) == (None, None, None, None)
    assert "nobody tells" in stage.why


@pytest.mark.parametrize(
    ("sha", "runs"),
    [("e" * 40, "eeeeeeeeeeee, which was never seen to land"), (None, "something of which nobody named")],
)
def test_where_nobody_knows_what_runs_deployment_is_not_known_rather_than_nothing(sha, runs):
    stage = in_stage("deployment", merged_of(1), deployment_of(sha))
    assert (stage.held, stage.things) == (None, None)
    assert runs in stage.why


def test_what_waits_for_deployment_elsewhere_is_known_all_the_same():
    waits = merged_of(2, repository="acme/web")
    stage = in_stage("deployment", merged_of(1), waits, deployment_of("e" * 40))
    assert [one.object for one in stage.held] == [waits.object]
    assert "api runs eeeeeeeeeeee" in stage.why


def test_a_release_of_which_nobody_can_tell_whether_it_shipped_leaves_stabilization_unknown():
    gap = Unknown("commit_unseen", "api runs something.", "Name it.")
    stage = in_stage("stabilization", shipped=[(checkout(POLICY), Standing("planned", untold=(gap,)))])
    assert (stage.held, stage.why) == (None, "whether checkout 2.4 has shipped, nobody can tell")


# Handoffs


def passed(name="handoff:1", to="qa", **more):
    """A handoff to a function, as the ledger holds it, open since nine o'clock."""
    steps = (replace(handoff_of().steps[0], to_function=to), *more.pop("steps", ()))
    return handoff_of(name, to_function=to, steps=steps, **more)


def done_at(at, name="handoff:1", began=MORNING, to="qa"):
    over = Step("handoff.done", "person/cho", at, "slack", "build 812")
    return passed(name, to, opened_at=began, state=HandoffState.DONE, state_at=at, steps=(over,))


def test_where_no_handoff_is_recorded_they_are_not_known_rather_than_none():
    handoffs, testing = in_stage("handoffs"), in_stage("testing")
    assert (handoffs.held, handoffs.usual, handoffs.why) == (None, None, "no handoff is recorded here")
    assert (testing.held, testing.why) == (
        (),
        "no handoff to QA is recorded here, so only the checks of the pipeline are known",
    )


def test_a_handoff_to_another_function_waits_in_its_own_stage():
    stage = in_stage("handoffs", handoffs=(passed(to="design"),))
    (held,) = stage.held
    assert (held.object, held.subject, held.since, held.hours) == ("handoff:1", "checkout 2.4 to Design", MORNING, 3.0)
    assert (stage.noun, stage.why) == ("handoff", None)


def test_a_handoff_to_qa_is_testing_beside_the_checks():
    check = change_of(1, move=turn("checks_running", 1.0))
    stage = in_stage("testing", check, handoffs=(passed(),))
    assert [held.subject for held in stage.held] == ["checkout 2.4 to QA", "acme/api#1"]
    assert (stage.noun, stage.usual_noun, stage.why) == ("thing", "thing", None)
    assert in_stage("testing", check).noun == "change"
    assert in_stage("testing", handoffs=(passed(),)).noun == "handoff"
    assert in_stage("handoffs", handoffs=(passed(),)).held == ()


def test_what_is_done_waits_nowhere_and_is_no_reason_to_know_nothing():
    handoffs = (done_at(NOON - HOUR), done_at(NOON - HOUR, "handoff:2", to="design"))
    assert [in_stage(name, handoffs=handoffs).held for name in ("testing", "handoffs")] == [(), ()]


def test_the_usual_of_handoffs_comes_from_their_own_steps():
    began = MOMENTS[-1] - HOUR
    lasted = done_at(MOMENTS[4] - HOUR, began=MOMENTS[4] - 2 * HOUR, name="handoff:2", to="design")
    there = done_at(MOMENTS[4] + HOUR, began=MOMENTS[4] - 2 * HOUR, name="handoff:3", to="design")
    still = passed("handoff:1", to="design", opened_at=began)
    usual = in_stage("handoffs", handoffs=(still, lasted, there), moments=MOMENTS).usual
    assert usual.days == 20
    assert usual.things == pytest.approx(1 + 1 / 20)


def test_before_the_first_handoff_nothing_was_known_of_them():
    first = passed(to="design", opened_at=MOMENTS[4] - HOUR)
    assert in_stage("handoffs", handoffs=(first,), moments=MOMENTS).usual.days == 5
    late = passed(to="design", opened_at=MOMENTS[3] - HOUR)
    assert in_stage("handoffs", handoffs=(late,), moments=MOMENTS).usual is None


def test_the_usual_of_testing_counts_checks_and_handoffs_from_when_both_were_recorded():
    checks = {SET: {"checks_running": columns((NOON - 60 * DAY, None))}}
    began = passed(opened_at=MOMENTS[9] - HOUR)
    usual = in_stage("testing", handoffs=(began,), turns=checks, moments=MOMENTS).usual
    assert (usual.things, usual.days) == (2.0, 10)
    assert in_stage("testing", turns=checks, moments=MOMENTS).usual.days == 20


def test_what_a_person_said_is_out_waits_nowhere():
    said = change_of(1, move=turn("review_pending", 3.0))
    said = replace(said, corrections=replace(said.corrections, shipped_at=NOON - HOUR))
    assert in_stage("review", said).held == ()


def test_a_turn_of_the_future_has_waited_no_time():
    (held,) = in_stage("review", change_of(1, move=Turn(TurnKind.REVIEW_PENDING, NOON + DAY, None))).held
    assert (held.since, held.hours) == (NOON, 0.0)


def test_the_oldest_comes_first():
    changes = [change_of(n, move=turn("review_pending", float(n))) for n in (1, 3, 2)]
    assert [held.subject for held in in_stage("review", *changes).held] == ["acme/api#3", "acme/api#2", "acme/api#1"]


def stabilizing(state, ends_at=NOON + DAY):
    from types import SimpleNamespace

    return checkout(POLICY), Standing(state, shipped_at=NOON - DAY, clock=SimpleNamespace(state=state, ends_at=ends_at))


def test_what_shipped_and_is_not_stable_is_in_stabilization():
    stage = in_stage("stabilization", shipped=[stabilizing("stabilizing"), (checkout(POLICY), Standing("planned"))])
    assert [held.subject for held in stage.held] == ["checkout 2.4"]
    assert not stage.disturbed
    assert in_stage("stabilization", shipped=[stabilizing("stable")]).held == ()


def test_a_release_that_something_keeps_from_becoming_stable_disturbs_its_stage():
    assert in_stage("stabilization", shipped=[stabilizing("stabilizing", None)]).disturbed


# What is usual


def usual_of(*pairs, moments=MOMENTS, kind="review_pending"):
    return in_stage("review", turns={SET: {kind: columns(*pairs)}}, moments=moments).usual


def test_the_usual_is_the_mean_over_the_past_working_days():
    long_ago = (NOON - 60 * DAY, NOON - 50 * DAY)
    usual = usual_of((NOON - 60 * DAY, None), (MOMENTS[0] - HOUR, None), long_ago)
    assert usual.days == len(MOMENTS) == 20
    assert usual.things == pytest.approx(1 + 1 / 20)


def test_the_usual_waiting_is_counted_as_of_each_past_day():
    usual = usual_of((MOMENTS[1] - HOUR, MOMENTS[1] + HOUR), (NOON - 60 * DAY, NOON - 59 * DAY))
    assert usual.things == pytest.approx(1 / 20)
    assert usual.hours == pytest.approx(1.0 / 20)


def test_days_before_anything_was_heard_of_are_not_known():
    assert usual_of((MOMENTS[3] - HOUR, None)) is None
    assert usual_of((MOMENTS[4] - HOUR, None)).days == 5


def test_without_a_past_nothing_is_usual():
    assert in_stage("review", moments=MOMENTS).usual is None
    assert in_stage("review", turns={SET: {}}, moments=()).usual is None


def test_turns_of_another_stage_make_the_past_known_and_are_not_counted():
    usual = usual_of((NOON - 60 * DAY, None), kind="checks_running")
    assert (usual.things, usual.hours) == (0.0, 0.0)


def test_the_usual_of_deployment_is_what_had_merged_and_was_not_out():
    each = np.array([(MOMENTS[0] - HOUR).timestamp()])
    nothing = np.empty(0)
    backlog = (each, *[nothing] * 4, *[None] * 15)
    usual = in_stage("deployment", backlog={SET: backlog}, moments=MOMENTS).usual
    assert (usual.things, usual.hours, usual.days) == (0.2, 0.2, 5)
    assert in_stage("deployment", backlog={SET: (each, *[None] * 19)}, moments=MOMENTS).usual is None


def test_the_past_is_looked_at_at_the_same_local_time_of_working_days():
    berlin = replace(OFFICE, zone="Europe/Berlin", holidays=("2026-11-02",))
    monday = datetime(2026, 11, 9, 8, tzinfo=UTC)  # nine o'clock there, and not yet nine o'clock before 25 October
    moments = past_moments(berlin, monday)
    assert len(moments) == 19
    assert {at.isoformat()[11:16] for at in moments} == {"08:00", "07:00"}
    assert datetime(2026, 10, 23, 7, tzinfo=UTC) in moments
    assert not any(at.day == 2 and at.month == 11 for at in moments)


def test_the_days_of_those_who_work_on_others_are_theirs():
    sundays = replace(OFFICE, days=frozenset({6}), start=time(9), end=time(12))
    assert {at.weekday() for at in past_moments(sundays, NOON)} == {6}


# How many times the usual


def test_twice_as_much_is_twice_the_usual_give_or_take_a_day():
    assert a_stage(21, 160.0, Usual(10, 76.0, 20)).times == pytest.approx(2.0)
    assert a_stage(21, 160.0, Usual(10, 76.0, 20)).above == pytest.approx(84.0)


def test_a_little_is_no_alarm_where_next_to_nothing_is_usual():
    assert a_stage(1, 2.0, Usual(0, 0, 20)).times == pytest.approx(1.25)


def test_without_a_usual_nothing_is_compared():
    assert a_stage(3, 9.0).times is None
    assert a_stage(3, 9.0).above == 0


def test_what_holds_less_than_its_usual_is_not_above_it():
    assert a_stage(3, 9.0, Usual(4, 30.0, 20)).above == 0


@given(things=st.integers(1, 50), hours=st.floats(0, 5_000), more=st.integers(1, 9))
def test_more_things_that_wait_longer_are_more_times_the_usual(things, hours, more):
    usual = Usual(4.0, 30.0, 20)
    assert a_stage(things + more, hours + more, usual).times > a_stage(things, hours, usual).times


def test_what_was_abandoned_is_nowhere():
    assert in_stage("review", change_of(1, state=ChangeState.ABANDONED, move=None)).held == ()
