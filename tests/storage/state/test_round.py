"""What is known of a round after what people did in it."""

import itertools

import pytest

from storage.records import Readiness, Round, RoundAnswer
from storage.state.fold import fold
from storage.state.rules import FoldRules
from tests.builders import happened, when

NAME = "round:aa"
RELEASE = "release:checkout@2.4"


def did(verb, moment, actor="person/anna", /, **data):
    return happened(NAME, f"round.{verb}", moment, f"{verb}-{moment}-{actor}", actor=actor, **data)


def opened(moment="16T09:00", /, **more):
    data = {
        "release": RELEASE, "due_at": "2026-11-16T17:00:00Z", "channel": "C1", "cause": "asked",
        "leads": [["qa", "person/bo"], ["design", None]], "via": "slack",
    }  # fmt: skip
    return did("opened", moment, **(data | more))


def answered(moment="16T10:00", actor="person/bo", /, **more):
    return did("answered", moment, actor, **({"function": "qa", "readiness": "ready", "via": "slack"} | more))


def folded(*events):
    return fold(NAME, events, FoldRules()).record


def test_it_is_what_was_asked_of_whom():
    assert folded(opened()) == Round(
        NAME, RELEASE, "person/anna", when("16T09:00"), when("16T17:00"), "C1",
        (("qa", "person/bo"), ("design", None)),
    )  # fmt: skip


def test_an_answer_holds_all_that_was_said():
    said = answered(
        readiness="not_ready", not_ready="Refunds", waits_for="keys", whom="SRE", by_when="2026-11-17T12:00:00Z",
        customers="Nothing", risk="None",
    )  # fmt: skip
    assert folded(opened(), said).answers == (
        RoundAnswer(
            "qa", "person/bo", when("16T10:00"), Readiness.NOT_READY, "Refunds", "keys", "SRE", when("17T12:00"),
            "Nothing", "None", "slack",
        ),
    )  # fmt: skip


def test_the_newest_answer_of_a_function_holds():
    found = folded(opened(), answered(), answered("16T11:00", "person/cho", readiness="not_ready", not_ready="It"))
    (answer,) = found.answers
    assert (answer.by, answer.readiness) == ("person/cho", Readiness.NOT_READY)


def test_only_functions_that_were_asked_answer():
    assert folded(opened(), answered(function="sre")).answers == ()


def test_once_it_is_closed_nothing_changes():
    found = folded(opened(), did("closed", "16T12:00", "person/fay"), answered("16T13:00"), did("closed", "16T14:00"))
    assert (found.closed_at, found.closed_by, found.answers) == (when("16T12:00"), "person/fay", ())


def test_the_first_opening_stands():
    assert folded(opened(), opened("16T10:00", channel="C2")).channel == "C1"


def test_events_in_any_order_and_any_number_of_times_end_the_same():
    events = [opened(), answered(), answered("16T11:00", readiness="not_ready"), did("closed", "16T12:00")]
    whole = folded(*events)
    assert all(folded(*order, order[0]) == whole for order in itertools.permutations(events))


def test_of_one_instant_the_opening_comes_first_and_the_end_last():
    found = folded(did("closed", "16T09:00"), answered("16T09:00"), opened("16T09:00"))
    assert found.closed_at
    assert found.answers


@pytest.mark.parametrize(
    "wrong",
    [{"release": None}, {"release": 7}],
)
def test_without_a_release_it_is_none(wrong):
    assert folded(opened(**wrong), answered()) is None


@pytest.mark.parametrize("leads", [None, "qa", [["qa"]], [[1, 2]], [["", None]], [7], {"qa": 1}])
def test_leads_of_another_shape_are_left_out(leads):
    assert folded(opened(leads=leads)).leads == ()


def test_a_function_is_asked_once():
    found = folded(opened(leads=[["qa", "person/bo"], ["qa", "person/cho"], ["sre", 7]]))
    assert found.leads == (("qa", "person/bo"), ("sre", None))


@pytest.mark.parametrize("wrong", [{"readiness": "perfect"}, {"readiness": None}, {"function": None}])
def test_answers_of_another_shape_are_none(wrong):
    assert folded(opened(), answered(**wrong)).answers == ()


def test_what_nobody_did_does_not_count():
    assert folded(opened(), did("closed", "16T12:00", None)).closed_at is None
