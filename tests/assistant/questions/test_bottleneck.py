"""Where is a team stuck, which moves free the most, and what moved since?"""

import json
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.calendar import Calendar
from assistant.questions import bottleneck
from assistant.scoped import Scoped
from assistant.scopes import release_subject, service_subject, team_subject, workspace_subject
from assistant.stages import Held, Stage, StageName
from assistant.usual import SET, Usual, past_moments
from storage.facts import Freshness, Samples
from storage.records import DeploymentState, Freeze
from tests.builders import (
    COMPANY,
    NOON,
    change_of,
    deployment_of,
    facts_of,
    merged_of,
    policy_of,
    ticket_of,
    turn,
    viewer,
)  # fmt: skip
from tests.handing import as_viewer, desk_of, done, done_of, handed, handoff_of, planned

POLICY = policy_of(COMPANY)
TEAM = team_subject(POLICY, "core")
MOMENTS = past_moments(Calendar(), NOON)
KEYS = {
    "question", "asked_at", "subject", "bottleneck", "stuck", "stages", "moves", "more", "changed_since", "unknown",
    "freshness",
}  # fmt: skip


def scoped(subject=TEAM, reader=None, releases=()):
    return Scoped(subject, reader or viewer(policy=POLICY), ("acme/api", "acme/web", "acme/ledger"), releases)


def answered(*records, about=TEAM, reader=None, releases=(), now=NOON, **more):
    facts = facts_of(*records, claims=more.pop("claims", ""), now=now, **more)
    return bottleneck.answer(facts, scoped(about, reader, releases), POLICY, now)


def waits(number, hours, kind="review_pending", *movers, repository="acme/api", **more):
    return change_of(
        number, repository, move=turn(kind, hours, *movers or ("github/anna",)), asked=("github/anna",), **more
    )


def a_past(things, days=60):
    """So many reviews that have lasted ever since."""
    began = np.full(things, (NOON - timedelta(days=days)).timestamp())
    return {SET: {"review_pending": Samples(began, np.full(things, np.nan), np.full(things, np.nan))}}


def stage(name, things, usual=None, *, hours=10.0, disturbed=False):
    held = tuple(Held(f"change:acme/api#{n}", f"acme/api#{n}", None, NOON, hours / things) for n in range(things))
    return Stage(StageName(name), held, usual, disturbed=disturbed)


def test_the_answer_as_data_has_the_documented_keys_and_plain_values():
    given = answered(waits(1, 9.0), merged_of(2), seen=(NOON - timedelta(days=1), {"things": {}}))
    data = given.as_data()
    assert data.keys() == KEYS
    assert json.loads(json.dumps(data)) == data
    assert given.question == "bottleneck"
    assert data["subject"] == {"kind": "team", "name": "core"}


def test_every_number_lists_what_it_counted():
    review = answered(waits(1, 2.0), waits(2, 1.0)).as_data()["stages"][0]
    assert (review["things"], review["waiting_business_hours"]) == (2, 3.0)
    assert [(one["subject"], one["waiting_business_hours"]) for one in review["counted"]] == [
        ("acme/api#1", 2.0), ("acme/api#2", 1.0),
    ]  # fmt: skip
    assert all(one["url"] for one in review["counted"])


def test_the_stage_with_the_most_work_and_waiting_is_the_bottleneck():
    given = answered(waits(1, 30.0), waits(2, 1.0, "checks_failing"), waits(3, 30.0))
    assert (given.bottleneck, given.stage.things) == ("review", 2)


def test_against_its_own_usual_a_smaller_stage_can_be_the_bottleneck():
    usual, unusual = Usual(20, 100.0, 20), Usual(1, 2.0, 20)
    assert (
        bottleneck.jam([stage("review", 20, usual, hours=100.0), stage("deployment", 8, unusual, hours=40.0)]).name
        == "deployment"
    )


def test_in_a_tie_the_one_with_more_waiting_is():
    assert bottleneck.jam([stage("review", 2, hours=3.0), stage("testing", 2, hours=4.0)]).name == "testing"


def test_one_thing_that_waits_long_in_a_stage_that_is_usually_empty_does_not_hide_many_in_another():
    full, empty = Usual(7, 51.0, 20), Usual(0, 1.0, 20)
    assert (
        bottleneck.jam([stage("review", 5, full, hours=115.0), stage("testing", 1, empty, hours=22.0)]).name == "review"
    )


def test_a_stage_whose_usual_is_not_known_counts_as_holding_its_usual():
    quiet, full = Usual(9, 90.0, 20), Usual(1, 1.0, 20)
    assert bottleneck.jam([stage("review", 2, quiet, hours=9.0), stage("testing", 1, hours=10.0)]).name == "testing"
    assert bottleneck.jam([stage("review", 9, full), stage("testing", 1, hours=500.0)]).name == "review"


def test_stabilizing_is_no_jam_until_something_disturbs_it():
    assert bottleneck.jam([stage("stabilization", 3)]) is None
    assert bottleneck.jam([stage("stabilization", 3, disturbed=True)]).name == "stabilization"


def test_where_nothing_waits_nothing_is_the_bottleneck():
    given = answered()
    assert (given.bottleneck, given.stuck, given.top, given.stage) == (None, False, (), None)
    assert bottleneck.jam([Stage(StageName.HANDOFFS, None)]) is None


@pytest.mark.parametrize(
    ("records", "stuck"),
    [
        ([waits(1, 3.0)], False),
        ([waits(1, 60.0)], True),
        ([change_of(1, move=turn("review_pending", 1.0))], True),
        ([waits(1, 1.0), ticket_of(9, labels=("release-blocker", "blocker"), assignees=("github/bo",))], True),
        ([change_of(1, move=turn("in_progress", 500.0), draft=True)], False),
    ],
    ids=["within its level", "over its level", "nobody asked", "a hard gate", "a draft"],
)
def test_something_is_stuck_when_a_move_is_late_or_nobodys_or_a_hard_gate(records, stuck):
    assert answered(*records).stuck is stuck


def test_far_more_than_usual_is_stuck_though_nothing_is_late():
    given = answered(*(waits(n, 3.0) for n in range(9)), turns=a_past(1, 29))
    assert given.stage.times is not None
    many = replace(given.stage, usual=Usual(1.0, 3.0, 20))
    assert many.times > bottleneck.MORE
    usual = {
        SET: {
            "review_pending": Samples(
                *(
                    np.array([x])
                    for x in ((NOON - timedelta(days=60)).timestamp(), (NOON - timedelta(days=59)).timestamp(), np.nan)
                )
            )
        }
    }
    assert answered(*(waits(n, 3.0) for n in range(9)), turns=usual).stuck


def test_the_three_moves_that_free_the_most_are_at_the_top():
    given = answered(*(waits(n, float(n)) for n in range(1, 30, 4)))
    assert [one.subject for one in given.top] == ["acme/api#29", "acme/api#25", "acme/api#21"]
    assert given.more == 5


def test_a_move_has_whose_it_is_since_when_and_what_is_next():
    (move,) = answered(waits(1, 9.0)).as_data()["moves"]
    assert (move["owner"], move["waiting_business_hours"], move["next_action"]) == ("Anna Berg", 3.0, "review it")


def test_a_failed_deployment_is_one_move_that_frees_what_it_holds():
    merged = [merged_of(n, NOON - timedelta(hours=n + 2)) for n in (1, 2)]
    failed = deployment_of(merged[0].merge_sha, state=DeploymentState.FAILED, created_at=NOON - timedelta(hours=1))
    given = answered(*merged, failed, landed={("acme/api", merged[0].merge_sha): {"main": merged[0].merged_at}})
    assert [(move.kind, move.unblocks) for move in given.moves] == [("deploy_failed", 2)]
    assert (given.bottleneck, given.stage.things, given.stuck) == ("deployment", 2, True)


def test_what_moved_since_it_was_last_seen_is_told():
    seen = NOON - timedelta(days=1), bottleneck.outline(answered(waits(1, 30.0), waits(2, 30.0)))
    given = answered(waits(2, 30.0), waits(3, 1.0), seen=seen)
    assert [one.subject for one in given.moved.gone] == ["acme/api#1"]
    assert [one.subject for one in given.moved.came["review"]] == ["acme/api#3"]
    assert answered(waits(1, 1.0)).moved is None


def test_it_is_quiet_when_nothing_presses_and_nothing_moved():
    calm = waits(1, 1.0)
    seen = NOON - timedelta(days=1), bottleneck.outline(answered(calm))
    assert answered(calm).quiet
    assert answered(calm, seen=seen).quiet
    assert not answered(calm, waits(2, 1.0), seen=seen).quiet
    assert not answered(waits(1, 90.0), seen=seen).quiet


def test_silence_is_no_good_news_and_is_told_again_after_a_week():
    unheard = {"freshness": Freshness({"github": NOON - timedelta(days=31)}, {})}
    first = answered(**unheard)
    assert (first.stuck, first.quiet) == (False, False)
    outline = bottleneck.outline(first)
    assert outline["gaps"] == ["stale_source"]
    assert answered(**unheard, seen=(NOON - timedelta(days=5), outline)).quiet
    assert not answered(**unheard, seen=(NOON - timedelta(days=6), outline)).quiet


def test_the_outline_is_plain_and_its_key_is_of_the_scope():
    outline = bottleneck.outline(answered(waits(1, 1.0)))
    assert json.loads(json.dumps(outline)) == outline == {"things": {"change:acme/api#1": "review"}, "gaps": []}
    assert bottleneck.seen_key(scoped()) == "bottleneck:team:core"


def test_only_what_the_reader_may_see_is_counted():
    reader = replace(viewer(policy=POLICY), sees=frozenset({"acme/web"}))
    given = answered(waits(1, 90.0), waits(2, 90.0, repository="acme/web"), reader=reader)
    assert "acme/api" not in json.dumps([given.as_data()["stages"], given.as_data()["moves"]])
    assert given.stage.things == 1
    assert any(gap.key == "hidden" for gap in given.unknown)


def test_everything_that_the_reader_may_see_hides_nothing_from_them():
    reader = replace(viewer(policy=POLICY), sees=frozenset({"acme/web"}))
    given = answered(waits(2, 90.0, repository="acme/web"), about=workspace_subject(POLICY), reader=reader)
    assert not any(gap.key == "hidden" for gap in given.unknown)


def test_nothing_heard_is_unknown_and_not_quiet_news():
    given = bottleneck.answer(facts_of(events=0), replace(scoped(), known=()), POLICY, NOON)
    assert any(gap.key == "no_events" for gap in given.unknown)


def test_a_release_has_no_usual_of_its_own():
    subject = release_subject(POLICY, "checkout", "2.4")
    needed = bottleneck.needs(scoped(subject, releases=(subject,)), POLICY, NOON)
    assert (needed.turns_in, needed.backlog_at) == ({}, ())
    given = answered(waits(1, 9.0), about=subject, claims="milestone:2.4", turns=a_past(3), releases=(subject,))
    assert given.stage.usual is None


def test_a_release_that_shipped_and_is_not_stable_is_in_its_stage():
    subject = release_subject(POLICY, "checkout", "2.4")
    out = merged_of(1, NOON - timedelta(days=2))
    deployed = deployment_of(out.merge_sha, created_at=NOON - timedelta(days=1), finished_at=NOON - timedelta(days=1))
    given = answered(out, deployed, releases=(subject,), claims="milestone:2.4",
                     landed={("acme/api", out.merge_sha): {"main": out.merged_at}})  # fmt: skip
    assert [held.subject for held in given.stages[-1].held] == ["checkout 2.4"]


def test_it_asks_for_the_past_of_its_scope_and_simulates_nothing():
    needed = bottleneck.needs(scoped(), POLICY, NOON)
    assert needed.turns_in == needed.flow_in == {SET: ("acme/api", "acme/web")}
    assert needed.backlog_at == MOMENTS
    assert needed.sample_sets == {}
    assert needed.attention
    assert (needed.seen_by, needed.seen_key) == ("person/anna", "bottleneck:team:core")
    assert needed.turns_since <= min(MOMENTS)


def test_a_set_of_the_past_is_never_wider_than_what_the_reader_may_see():
    reader = replace(viewer(policy=POLICY), sees=frozenset({"acme/web"}))
    assert bottleneck.needs(scoped(workspace_subject(POLICY), reader), POLICY, NOON).turns_in == {SET: ("acme/web",)}


def test_a_freeze_is_no_move():
    freeze = Freeze("freeze:api/1", ("api",), NOON - timedelta(days=1), NOON + timedelta(days=1), "Peak", "person/anna")
    assert answered(freeze).moves == ()


@settings(max_examples=30)
@given(st.permutations(range(6)))
def test_the_same_facts_in_any_order_give_the_same_answer(places):
    records = [
        waits(1, 9.0), waits(2, 9.0), waits(3, 30.0, "checks_failing"), merged_of(4), merged_of(5),
        ticket_of(6, labels=("blocker",)),
    ]  # fmt: skip
    assert answered(*(records[place] for place in places)).as_data() == answered(*records).as_data()


@pytest.mark.parametrize("subject", [service_subject(POLICY, "api"), workspace_subject(POLICY), TEAM])
def test_teams_services_and_everything_can_be_asked_about(subject):
    assert answered(waits(1, 90.0), about=subject).bottleneck == "review"


# Handoffs


def test_handoffs_of_the_scope_are_asked_for_with_what_they_are_about():
    mine, others = (
        handoff_of("handoff:1", about="change:acme/api#1"),
        handoff_of("handoff:2", about="release:billing@1"),
    )
    asked = bottleneck.needs(replace(scoped(), handoffs=(mine, others)), POLICY, NOON)
    assert {"handoff:1", "change:acme/api#1"} <= set(asked.objects)
    assert "handoff:2" not in asked.objects


def test_handoffs_can_be_the_bottleneck_and_are_counted_by_name():
    given = answered(handoffs=(handoff_of(opened_at=NOON - timedelta(days=9), to_function="design", steps=()),))
    assert given.bottleneck == "handoffs"
    stage = given.as_data()["stages"][2]
    assert (stage["stage"], stage["things"], stage["not_known_because"]) == ("handoffs", 1, None)
    assert [one["subject"] for one in stage["counted"]] == ["checkout 2.4 to Design"]


def test_where_no_handoff_is_recorded_the_data_says_that_it_is_not_known():
    testing, handoffs = answered().as_data()["stages"][1:3]
    assert (handoffs["things"], handoffs["not_known_because"]) == (None, "no handoff is recorded here")
    assert "only the checks" in testing["not_known_because"]


def test_a_handoff_that_was_answered_since_it_was_last_seen_is_told():
    open_one, over = handoff_of(), done_of()
    seen = NOON - timedelta(days=1), bottleneck.outline(answered(handoffs=(open_one,)))
    given = answered(handoffs=(over,), seen=seen)
    assert [one.subject for one in given.moved.done] == ["checkout 2.4 to QA"]


def test_what_is_handed_off_is_counted_as_it_was_known_at_the_moment_that_is_asked_about(ledger):
    desk = desk_of(ledger)
    planned(desk)
    testing, design = handed(desk), handed(desk, "design", "service:api")
    done(desk, design, by="dee", now=NOON - timedelta(hours=1))

    def counted(now):
        stages = desk.told("bottleneck", "team core", as_viewer("anna"), now).answer.as_data()["stages"]
        return {stage["stage"]: [one["object"] for one in stage["counted"]] for stage in stages[1:3]}

    assert counted(NOON) == {"testing": [testing], "handoffs": []}
    assert counted(NOON - timedelta(hours=2)) == {"testing": [testing], "handoffs": [design]}
    unknown = desk.told("bottleneck", "team core", as_viewer("anna"), NOON - timedelta(hours=9)).answer
    assert unknown.stages[2].held is None
