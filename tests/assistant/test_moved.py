"""What moved since the last digest is what merged, shipped, came in or went away; nothing is made up."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from assistant.moved import MOST_REMEMBERED, Moved, moved, sketch
from assistant.policy import Policy
from assistant.stages import Held, Stage, StageName
from assistant.usual import SET
from storage.facts import Facts, Flow
from storage.records import HandoffState
from tests.builders import NOON, viewer
from tests.handing import company, done_of, handoff_of

READER = viewer()
POLICY = Policy()
BEFORE = NOON - timedelta(days=1)
NOTHING = np.empty(0)


def a_stage(name, *numbers):
    held = tuple(Held(f"change:acme/api#{n}", f"acme/api#{n}", f"https://x/{n}", NOON, 1.0) for n in numbers)
    return Stage(StageName(name), held)


def flow_of(*merges):
    """(number, hours ago, in production)."""
    number = len(merges)
    merged = np.array([(NOON - timedelta(hours=hours)).timestamp() for _, hours, _ in merges])
    deployed = np.array([NOON.timestamp() if out else np.nan for _, _, out in merges])
    fields = dict.fromkeys(Flow.__dataclass_fields__, NOTHING)
    return Flow(**(fields | {
        "objects": tuple(f"change:acme/api#{n}" for n, _, _ in merges), "merged": merged, "deployed": deployed,
        "requested": np.full(number, np.nan), "opened": merged, "kinds": (), "undone": (),
    }))  # fmt: skip


def told(before, *stages, merges=(), at=BEFORE, reader=READER):
    seen = (at, {"things": {f"change:acme/api#{n}": stage for n, stage in before.items()}})
    return moved(Facts(seen=seen, flow={SET: flow_of(*merges)}), stages, reader, POLICY, NOON)


def numbers(things):
    return [int(one.subject.rpartition("#")[2]) for one in things]


def test_nothing_is_compared_where_nothing_was_seen():
    for seen in (None, (NOON + timedelta(hours=1), {"things": {}}), (BEFORE, "old"), (BEFORE, {"other": 1})):
        assert moved(Facts(seen=seen), (), READER, POLICY, NOON) is None


def test_what_is_where_it_was_did_not_move():
    found = told({1: "review"}, a_stage("review", 1))
    assert found == Moved(BEFORE)
    assert not found.anything


def test_what_went_from_review_to_deployment_merged():
    assert numbers(told({1: "review"}, a_stage("deployment", 1)).merged) == [1]


def test_what_came_in_and_merged_at_once_merged():
    assert numbers(told({}, a_stage("deployment", 1)).merged) == [1]


def test_what_left_deployment_is_in_production():
    found = told({1: "deployment"}, a_stage("deployment"), merges=[(1, 30, True)])
    assert numbers(found.shipped) == [1]


def test_what_merged_and_went_out_since_is_in_production_whether_it_was_known_before_or_not():
    found = told({1: "review"}, merges=[(1, 5, True), (2, 4, True), (3, 30, True)])
    assert numbers(found.shipped) == [1, 2]


def test_what_merged_where_nobody_tells_of_deployments_merged():
    lost = Stage(StageName.DEPLOYMENT, None, why="nobody tells")
    found = told({1: "review", 2: "deployment"}, lost, merges=[(1, 5, False)])
    assert (numbers(found.merged), numbers(found.shipped), numbers(found.gone)) == ([1], [], [])


def test_what_left_without_merging_is_gone():
    assert numbers(told({1: "review"}, a_stage("review")).gone) == [1]


def test_what_is_new_is_told_by_its_stage():
    found = told({}, a_stage("review", 1, 2), a_stage("testing", 3))
    assert {stage: numbers(things) for stage, things in found.came.items()} == {"review": [1, 2], "testing": [3]}
    assert found.anything


def test_moving_between_review_and_testing_is_no_news():
    assert not told({1: "review", 2: "testing"}, a_stage("testing", 1), a_stage("review", 2)).anything


def test_things_that_are_here_can_be_opened():
    (one,) = told({1: "review"}, a_stage("deployment", 1)).merged
    assert one.url == "https://x/1"


def test_only_so_much_is_remembered_and_the_rest_is_not_new_every_day():
    many = a_stage("review", *range(MOST_REMEMBERED + 5))
    remembered = sketch([many, a_stage("stabilization", -1)])
    assert len(remembered) == MOST_REMEMBERED
    seen = (BEFORE, {"things": remembered})
    assert not moved(Facts(seen=seen), [many], READER, POLICY, NOON).came


# Handoffs


def of_handoffs(before, *handoffs, here=(), reader=READER):
    """What moved since these handoffs were seen in their stage; ``here`` are in it now."""
    held = Stage(StageName.HANDOFFS, tuple(Held(one.object, "checkout 2.4 to Design", None, NOON, 1.0) for one in here))
    seen = (BEFORE, {"things": before})
    return moved(Facts(seen=seen, handoffs=handoffs), (held,), reader, company(), NOON)


def test_a_handoff_that_is_new_is_told_in_its_stage():
    found = of_handoffs({}, here=(handoff_of(),))
    assert [one.subject for one in found.came["handoffs"]] == ["checkout 2.4 to Design"]


def test_a_handoff_that_was_answered_is_done_and_one_that_was_taken_back_is_gone():
    over, withdrawn = done_of("handoff:1"), handoff_of("handoff:2", state=HandoffState.WITHDRAWN)
    found = of_handoffs({"handoff:1": "testing", "handoff:2": "handoffs"}, over, withdrawn)
    assert [one.subject for one in found.done] == ["checkout 2.4 to QA"]
    assert [one.object for one in found.gone] == ["handoff:2"]
    assert found.as_data()["done"][0]["subject"] == "checkout 2.4 to QA"


def test_a_handoff_that_still_waits_did_not_move():
    one = handoff_of()
    assert not of_handoffs({"handoff:1": "handoffs"}, one, here=(one,)).anything


def test_a_handoff_that_is_hidden_by_now_or_long_over_did_not_move():
    hidden = done_of(about="change:acme/secret#1", repository="acme/secret")
    assert not of_handoffs(
        {"handoff:1": "testing"}, hidden, reader=replace(READER, within=frozenset({"acme/web"}))
    ).anything
    assert not of_handoffs({"handoff:1": "testing"}).anything


def test_a_reader_of_some_repositories_is_not_told_every_day_that_a_handoff_is_new():
    one, some = handoff_of(), replace(READER, sees=frozenset({"acme/web"}))
    assert not of_handoffs({"handoff:1": "handoffs"}, one, here=(one,), reader=some).anything


@pytest.mark.parametrize("stage", ["review", "testing", "deployment", "handoffs"])
def test_what_is_remembered_is_each_change_with_its_stage(stage):
    assert sketch([a_stage(stage, 7)]) == {"change:acme/api#7": stage}


def test_the_moves_are_plain_values():
    data = told({1: "review"}, a_stage("deployment", 1), a_stage("review", 2)).as_data()
    assert data["merged"] == [{"object": "change:acme/api#1", "subject": "acme/api#1", "url": "https://x/1"}]
    assert data["new"]["review"][0]["subject"] == "acme/api#2"
    assert data["at"] == "2026-11-17T12:00:00Z"


def test_what_is_hidden_by_now_is_not_gone():
    for reader in (replace(READER, within=frozenset({"acme/web"})), replace(READER, sees=frozenset(), inside=False)):
        assert not told({1: "review", 2: "deployment"}, reader=reader).anything
