"""When was a change ready, and when did another person first answer?"""

import pytest

from storage.state.fold import fold
from storage.state.rules import FoldRules
from tests.builders import ANNA, BO, CHANGE, commented, did, dismissed, opened, reviewed, told, when

RULES = FoldRules()


def times(*events, rules=RULES):
    record = fold(CHANGE, events, rules).record
    return record.ready_at, record.first_response_at


def test_a_change_is_ready_when_opened():
    assert times(opened()) == (when("16T09:00"), None)


def test_a_change_opened_as_a_draft_is_ready_when_it_leaves_draft():
    assert times(opened(draft=True))[0] is None
    assert times(opened(draft=True), did("readied", "16T12:00"))[0] == when("16T12:00")


def test_a_change_is_ready_when_it_last_left_draft():
    again = did("drafted", "16T12:00"), did("readied", "16T15:00")
    assert times(opened(), *again)[0] == when("16T15:00")
    assert times(opened(), again[0])[0] is None


def test_leaving_draft_is_noticed_by_a_snapshot_alone():
    assert times(opened(draft=True), told("16T12:00", draft=False))[0] == when("16T12:00")


@pytest.mark.parametrize("response", [
    reviewed("16T11:00", ANNA, "commented"), reviewed("16T11:00", ANNA), commented("16T11:00", ANNA, review=True),
    commented("16T11:00", ANNA),
])  # fmt: skip
def test_a_review_a_remark_and_a_comment_are_responses(response):
    assert times(opened(), response, reviewed("16T12:00", "github/cho"))[1] == when("16T11:00")


@pytest.mark.parametrize("response", [
    commented("16T11:00", BO), reviewed("16T11:00", "github/BO", "commented"), commented("16T11:00", "github/ci[bot]"),
    reviewed("16T11:00", "github/coderabbitai", "changes_requested"), commented("16T11:00", "github/ci", author_type="Bot"),
])  # fmt: skip
def test_an_authors_own_word_and_a_bots_are_none(response):
    assert times(opened(), response)[1] is None


def test_a_configured_bot_is_none_and_a_person_taken_for_one_is():
    answer = commented("16T11:00", ANNA)
    assert times(opened(), answer, rules=FoldRules(bots=frozenset({"anna"})))[1] is None
    assert times(opened(), answer, rules=FoldRules(bots=frozenset({"anna"}), people=frozenset({"anna"})))[1]


def test_what_is_said_of_a_draft_is_no_response():
    draft = opened(draft=True), commented("16T10:00", ANNA), reviewed("16T10:30", ANNA, "commented")
    assert times(*draft, did("readied", "16T12:00")) == (when("16T12:00"), None)
    assert times(*draft, did("readied", "16T12:00"), commented("16T13:00", ANNA))[1] == when("16T13:00")


def test_an_approval_given_to_a_draft_is_zero_wait():
    draft = opened(draft=True), reviewed("16T10:00", ANNA, review_id="7")
    assert times(*draft, did("readied", "16T12:00")) == (when("16T12:00"), when("16T12:00"))


def test_an_approval_taken_back_before_ready_is_no_response():
    draft = opened(draft=True), reviewed("16T10:00", ANNA, review_id="7"), dismissed("16T11:00", "7")
    assert times(*draft, did("readied", "16T12:00"))[1] is None


def test_an_answer_before_it_went_back_to_draft_is_no_answer_to_what_came_of_it():
    story = opened(), commented("16T10:00", ANNA), did("drafted", "16T11:00"), did("readied", "16T12:00")
    assert times(*story) == (when("16T12:00"), None)


def test_a_response_in_the_second_of_leaving_draft_counts():
    story = opened(draft=True), commented("16T12:00", ANNA), did("readied", "16T12:00")
    assert times(*story)[1] == when("16T12:00")


def test_a_response_by_a_clock_that_runs_behind_is_never_negative():
    assert times(commented("16T08:59", ANNA), opened()) == (when("16T09:00"), when("16T09:00"))
