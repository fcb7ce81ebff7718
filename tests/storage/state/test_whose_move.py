"""Whose move is it on a change, sentence by sentence of definitions, "Whose move"?"""

import pytest

from storage.records import TurnKind
from storage.state.fold import fold
from storage.state.rules import FoldRules
from tests.builders import (
    ANNA,
    BO,
    CHANGE,
    CHO,
    asked,
    branch_pushed,
    checked,
    commented,
    commit_of,
    did,
    dismissed,
    opened,
    pushed,
    reviewed,
    told,
    when,
)  # fmt: skip

RULES = FoldRules()


def folded(*events, rules=RULES):
    return fold(CHANGE, events, rules)


def move(*events, rules=RULES):
    """The lasting move as (kind, movers)."""
    turn = folded(*events, rules=rules).record.move
    return turn and (turn.kind, turn.movers)


def since(*events, rules=RULES):
    return folded(*events, rules=rules).record.move.began_at


def turns(*events, rules=RULES):
    return [(turn.kind, turn.began_at, turn.ended_at) for turn in folded(*events, rules=rules).turns]


def test_a_draft_is_in_progress_with_its_author():
    assert move(opened(draft=True)) == (TurnKind.IN_PROGRESS, (BO,))


def test_a_draft_whose_checks_fail_is_still_in_progress():
    assert move(opened(draft=True), checked("16T09:10", "failed")) == (TurnKind.IN_PROGRESS, (BO,))


def test_a_conflict_is_the_authors():
    assert move(opened(), told("16T10:00", mergeable=False)) == (TurnKind.MERGE_CONFLICT, (BO,))


def test_a_conflict_comes_before_a_failed_check():
    assert move(opened(mergeable=False), checked("16T09:10", "failed"))[0] is TurnKind.MERGE_CONFLICT


def test_what_the_forge_has_not_worked_out_does_not_end_a_conflict():
    assert move(opened(mergeable=False), told("16T10:00", mergeable=None))[0] is TurnKind.MERGE_CONFLICT


@pytest.mark.parametrize("solved", [pushed("16T11:00", "a2"), told("16T11:00", base="next")])
def test_another_head_or_base_makes_it_unknown_whether_there_is_a_conflict(solved):
    record = folded(opened(mergeable=False), solved).record
    assert record.move.kind is TurnKind.REVIEW_PENDING
    assert "conflicts" in record.unknown


def test_a_failed_check_is_the_authors():
    assert move(opened(), checked("16T09:10", "failed")) == (TurnKind.CHECKS_FAILING, (BO,))


def test_a_failed_check_of_an_earlier_head_counts_no_more():
    events = opened(), checked("16T09:10", "failed"), pushed("16T10:00", "a2", "a1")
    assert move(*events)[0] is TurnKind.REVIEW_PENDING


def test_a_failed_check_beats_one_that_still_runs():
    events = opened(), checked("16T09:10", "running", "lint"), checked("16T09:11", "failed")
    assert move(*events)[0] is TurnKind.CHECKS_FAILING


def test_running_checks_are_the_machines_before_any_review():
    events = opened(asked=[ANNA]), checked("16T09:10", "running")
    assert move(*events) == (TurnKind.CHECKS_RUNNING, ())


def test_running_checks_are_the_machines_although_changes_are_requested():
    events = opened(), reviewed("16T10:00", ANNA, "changes_requested"), checked("16T11:00", "running")
    assert move(*events) == (TurnKind.CHECKS_RUNNING, ())


def test_an_optional_check_that_runs_or_fails_moves_nobody():
    rules = FoldRules(required_checks={"acme/api": ("test",)})
    optional = checked("16T09:10", "running", "lint"), checked("16T09:20", "failed", "docs")
    assert move(opened(asked=[ANNA]), *optional, rules=rules) == (TurnKind.REVIEW_PENDING, (ANNA,))
    assert move(opened(), *optional, checked("16T09:30", "failed"), rules=rules)[0] is TurnKind.CHECKS_FAILING


def test_a_change_in_the_merge_queue_is_the_machines():
    events = opened(), reviewed("16T10:00", ANNA), did("queued", "16T11:00")
    assert move(*events) == (TurnKind.CHECKS_RUNNING, ())
    assert move(*events, did("dequeued", "16T12:00")) == (TurnKind.READY_TO_MERGE, (BO,))


def test_requested_changes_are_the_authors():
    events = opened(asked=[ANNA, CHO]), reviewed("16T10:00", ANNA, "changes_requested")
    assert move(*events) == (TurnKind.CHANGES_REQUESTED, (BO,))


def test_pushed_content_hands_requested_changes_back_to_who_asked_for_them_and_who_is_still_asked():
    events = opened(asked=[ANNA, CHO]), reviewed("16T10:00", ANNA, "changes_requested"), pushed("16T11:00", "a2")
    assert move(*events) == (TurnKind.REVIEW_PENDING, (CHO, ANNA))


def test_asking_again_hands_requested_changes_back():
    events = opened(), reviewed("16T10:00", ANNA, "changes_requested"), asked("16T11:00", ANNA)
    assert move(*events) == (TurnKind.REVIEW_PENDING, (ANNA,))
    assert since(*events) == when("16T11:00")


def test_asking_one_reviewer_again_does_not_answer_another():
    requested = [reviewed("16T10:00", who, "changes_requested") for who in (ANNA, CHO)]
    assert move(opened(), *requested, asked("16T11:00", ANNA))[0] is TurnKind.CHANGES_REQUESTED


def test_words_do_not_answer_requested_changes():
    events = opened(), reviewed("16T10:00", ANNA, "changes_requested"), commented("16T11:00", BO)
    assert move(*events)[0] is TurnKind.CHANGES_REQUESTED


@pytest.mark.parametrize(
    "push",
    [
        branch_pushed("16T11:00", "a1", "a2", commit_of("c9", key="k1"), forced=True),
        branch_pushed("16T11:00", "a1", "a2", commit_of("m1", merge=True), commit_of("b9", distinct=False)),
    ],
    ids=["rebase", "merge from base"],
)
def test_a_rebase_or_a_merge_from_base_does_not_answer_requested_changes(push):
    before = branch_pushed("16T08:00", "b0", "a1", commit_of("a1", key="k1"))
    events = before, opened(), reviewed("16T10:00", ANNA, "changes_requested"), push, pushed("16T11:00", "a2", "a1")
    assert move(*events) == (TurnKind.CHANGES_REQUESTED, (BO,))
    assert since(*events) == when("16T10:00")


def test_missing_approval_without_anybody_asked_is_nobodys():
    assert move(opened()) == (TurnKind.REVIEW_PENDING, ())


def test_a_comment_review_leaves_approval_missing():
    assert move(opened(asked=[ANNA]), reviewed("16T10:00", ANNA, "commented")) == (TurnKind.REVIEW_PENDING, ())


def test_a_comment_review_leaves_an_approval_standing():
    events = opened(), reviewed("16T10:00", ANNA), reviewed("16T11:00", ANNA, "commented")
    assert move(*events)[0] is TurnKind.READY_TO_MERGE


def test_as_many_approvals_as_are_required_are_waited_for():
    rules = FoldRules(approvals={"acme/api": 2})
    events = opened(asked=[ANNA, CHO]), reviewed("16T10:00", ANNA)
    assert move(*events, rules=rules) == (TurnKind.REVIEW_PENDING, (CHO,))
    assert move(*events, reviewed("16T11:00", CHO), rules=rules)[0] is TurnKind.READY_TO_MERGE


def test_no_approval_is_waited_for_where_none_is_required():
    assert move(opened(), rules=FoldRules(approvals={"acme/api": 0}))[0] is TurnKind.READY_TO_MERGE


def test_approved_and_mergeable_is_the_authors():
    assert move(opened(asked=[CHO]), reviewed("16T10:00", ANNA)) == (TurnKind.READY_TO_MERGE, (BO,))


def test_approved_then_changes_requested_is_not_approved():
    events = opened(), reviewed("16T10:00", ANNA), reviewed("16T11:00", ANNA, "changes_requested")
    assert move(*events)[0] is TurnKind.CHANGES_REQUESTED
    assert move(*events, pushed("16T12:00", "a2")) == (TurnKind.REVIEW_PENDING, (ANNA,))


def test_another_ones_approval_does_not_outvote_requested_changes_even_when_answered():
    events = opened(), reviewed("16T10:00", ANNA), reviewed("16T11:00", CHO, "changes_requested")
    assert move(*events, pushed("16T12:00", "a2")) == (TurnKind.REVIEW_PENDING, (CHO,))


def test_a_dismissed_approval_counts_no_more():
    events = opened(), reviewed("16T10:00", ANNA, review_id="7"), dismissed("16T11:00", "7")
    assert move(*events)[0] is TurnKind.REVIEW_PENDING


def test_dismissed_requested_changes_count_no_more():
    events = opened(), reviewed("16T10:00", ANNA, "changes_requested", "7"), dismissed("16T11:00", "7")
    assert move(*events) == (TurnKind.REVIEW_PENDING, ())


def test_dismissing_an_older_review_leaves_the_newer_one_standing():
    events = opened(), reviewed("16T10:00", ANNA, "changes_requested", "7"), reviewed("16T11:00", ANNA)
    assert move(*events, dismissed("16T12:00", "7"))[0] is TurnKind.READY_TO_MERGE


def test_an_author_cannot_approve_their_own_change():
    assert move(opened(), reviewed("16T10:00", "github/Bo"))[0] is TurnKind.REVIEW_PENDING


@pytest.mark.parametrize("bot", ["github/CodeRabbitAI", "github/some[bot]", "github/typed"])
def test_bots_neither_approve_nor_are_waited_for(bot):
    events = opened(asked=[bot]), reviewed("16T10:00", bot, reviewer_type="Bot" if bot == "github/typed" else "User")
    assert move(*events) == (TurnKind.REVIEW_PENDING, ())


def test_a_bots_change_is_moved_by_its_assignee():
    events = opened(author="github/robot", author_type="Bot", assignees=[CHO]), checked("16T10:00", "failed")
    assert move(*events) == (TurnKind.CHECKS_FAILING, (CHO,))


def test_a_bots_change_without_an_assignee_is_nobodys():
    assert move(opened(author="github/robot[bot]"), reviewed("16T10:00", ANNA)) == (TurnKind.READY_TO_MERGE, ())


def test_whoever_is_asked_no_more_is_waited_for_no_more():
    events = opened(asked=[ANNA, CHO]), did("review_request_removed", "16T10:00", target=ANNA)
    assert move(*events) == (TurnKind.REVIEW_PENDING, (CHO,))


def test_a_merged_or_abandoned_change_is_nobodys_move():
    assert move(opened(), did("merged", "16T10:00")) is None
    assert move(opened(), did("abandoned", "16T10:00")) is None


def test_what_nobody_told_is_said_to_be_unknown():
    assert folded(opened(mergeable=None)).record.unknown == ("required_checks", "approvals", "conflicts")
    rules = FoldRules(required_checks={"acme/api": ("test",)}, approvals={"acme/api": 1})
    assert folded(opened(), checked("16T09:10", "passed"), rules=rules).record.unknown == ()


def test_a_required_check_that_has_not_reported_is_unknown():
    rules = FoldRules(required_checks={"acme/api": ("test",)}, approvals={"acme/api": 1})
    assert folded(opened(), rules=rules).record.unknown == ("required_checks",)
