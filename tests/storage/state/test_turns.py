"""Since when has the next move been whose?"""

from storage.records import TurnKind
from storage.state.fold import fold
from storage.state.rules import FoldRules
from tests.builders import (
    ANNA,
    CHANGE,
    CHO,
    asked,
    checked,
    commented,
    did,
    opened,
    pushed,
    reviewed,
    told,
    when,
)  # fmt: skip

REVIEW, CHECKS = TurnKind.REVIEW_PENDING, TurnKind.CHECKS_RUNNING


def turns(*events):
    """Turns as (kind, began, ended), the times as they were written."""
    return [
        (turn.kind, f"{turn.began_at:%dT%H:%M}", turn.ended_at and f"{turn.ended_at:%dT%H:%M}")
        for turn in fold(CHANGE, events, FoldRules()).turns
    ]


def test_turns_tell_the_whole_story_without_a_gap():
    story = (
        opened(draft=True),
        did("readied", "16T12:00"),
        reviewed("17T09:00", ANNA, "changes_requested"),
        pushed("17T15:00", "a2"),
        reviewed("18T10:00", ANNA),
        did("merged", "18T11:00"),
    )
    assert turns(*story) == [
        (TurnKind.IN_PROGRESS, "16T09:00", "16T12:00"),
        (REVIEW, "16T12:00", "17T09:00"),
        (TurnKind.CHANGES_REQUESTED, "17T09:00", "17T15:00"),
        (REVIEW, "17T15:00", "18T10:00"),
        (TurnKind.READY_TO_MERGE, "18T10:00", "18T11:00"),
    ]


def test_pushes_thanks_and_reassignment_do_not_restart_a_turn():
    inside = (
        pushed("16T10:00", "a2"),
        commented("16T11:00", "github/bo"),
        asked("16T12:00", CHO),
        did("review_request_removed", "16T13:00", target=ANNA),
    )
    record = fold(CHANGE, (opened(asked=[ANNA]), *inside), FoldRules()).record
    assert (record.move.began_at, record.move.movers) == (when("16T09:00"), (CHO,))


def test_checks_that_run_inside_a_turn_do_not_restart_it():
    story = opened(asked=[ANNA]), pushed("17T10:00", "a2"), checked("17T10:01", "running", sha="a2")
    assert turns(*story) == [(REVIEW, "16T09:00", "17T10:01"), (CHECKS, "17T10:01", None)]
    assert turns(*story, checked("17T10:20", "passed", sha="a2")) == [(REVIEW, "16T09:00", None)]


def test_checks_that_run_between_two_rounds_of_review_part_them():
    story = (
        opened(asked=[ANNA]),
        checked("17T10:00", "running"),
        reviewed("17T10:05", ANNA, "changes_requested"),
        asked("17T10:10", ANNA),
        checked("17T10:20", "passed"),
    )
    assert turns(*story)[-1] == (REVIEW, "17T10:20", None)


def test_a_failed_check_that_fails_again_without_new_content_stays_one_turn():
    story = opened(), checked("16T10:00", "failed"), checked("16T11:00", "running", run=2)
    assert turns(*story, checked("16T11:30", "failed", run=2)) == [
        (REVIEW, "16T09:00", "16T10:00"), (TurnKind.CHECKS_FAILING, "16T10:00", None),
    ]  # fmt: skip


def test_a_failed_check_that_fails_again_on_new_content_is_another_turn():
    story = opened(), checked("16T10:00", "failed"), pushed("16T11:00", "a2", "a1")
    again = checked("16T11:01", "running", sha="a2"), checked("16T11:30", "failed", sha="a2")
    assert turns(*story, *again)[-1] == (TurnKind.CHECKS_FAILING, "16T11:30", None)


def test_the_moment_until_checks_start_is_the_machines():
    story = opened(asked=[ANNA]), checked("16T09:02", "running"), checked("16T09:30", "passed")
    assert turns(*story) == [(CHECKS, "16T09:00", "16T09:30"), (REVIEW, "16T09:30", None)]


def test_a_change_closed_and_reopened_has_no_turn_in_between():
    story = opened(), did("abandoned", "16T12:00"), did("reopened", "17T09:00")
    assert turns(*story) == [(REVIEW, "16T09:00", "16T12:00"), (REVIEW, "17T09:00", None)]


def test_back_to_draft_and_ready_again_are_turns_of_their_own():
    story = opened(), did("drafted", "16T12:00"), did("readied", "16T15:00")
    assert turns(*story) == [
        (REVIEW, "16T09:00", "16T12:00"),
        (TurnKind.IN_PROGRESS, "16T12:00", "16T15:00"),
        (REVIEW, "16T15:00", None),
    ]


def test_nothing_after_the_merge_makes_a_turn():
    story = opened(), did("merged", "16T12:00"), checked("16T13:00", "failed"), did("labeled", "16T14:00", target="x")
    assert turns(*story) == [(REVIEW, "16T09:00", "16T12:00")]


def test_a_merge_that_is_told_late_ends_the_turns_when_it_was():
    late = told("20T09:00", state="closed", merged=True, merged_at="2026-11-16T12:00:00Z")
    assert turns(opened(), checked("16T13:00", "failed"), late) == [(REVIEW, "16T09:00", "16T12:00")]


def test_a_merge_told_ahead_of_its_time_ends_nothing_before():
    ahead = opened(state="closed", merged=True, merged_at="2026-11-17T09:00:00Z")
    assert turns(ahead, reviewed("16T12:00", ANNA)) == [
        (REVIEW, "16T09:00", "16T12:00"), (TurnKind.READY_TO_MERGE, "16T12:00", "17T09:00"),
    ]  # fmt: skip


def test_checks_from_before_the_opening_count_from_the_opening():
    assert turns(checked("16T08:00", "failed"), opened()) == [(TurnKind.CHECKS_FAILING, "16T09:00", None)]


def test_a_merge_at_once_leaves_no_turn():
    assert turns(opened(), did("merged", "16T09:00")) == []


def test_the_movers_of_a_past_turn_are_those_at_its_end():
    folded = fold(CHANGE, (opened(asked=[ANNA]), asked("16T10:00", CHO), did("merged", "16T12:00")), FoldRules())
    assert folded.turns[0].movers == (ANNA, CHO)
