"""How do the checks on a commit stand?"""

import pytest

from storage.state.checks import Checks
from storage.state.rules import FoldRules
from tests.builders import checked


def standing(*events, required=None):
    checks = Checks("Acme/API", FoldRules(required_checks={"acme/api": required} if required is not None else {}))
    for event in events:
        checks.updated(event)
    return checks.standing("a1")


def test_nothing_reported_is_neither_failing_nor_running():
    assert standing() == (False, False)


@pytest.mark.parametrize(
    ("state", "expected"), [("failed", (True, False)), ("running", (False, True)), ("passed", (False, False))]
)
def test_every_check_counts_where_nobody_said_which(state, expected):
    assert standing(checked("16T09:10", state, "anything")) == expected


def test_only_required_checks_count_where_somebody_did():
    assert standing(checked("16T09:10", "failed", "lint"), required=("test",)) == (False, False)
    assert standing(checked("16T09:10", "failed", "test"), required=("test",)) == (True, False)
    assert standing(checked("16T09:10", "failed", "test"), required=()) == (False, False)


def test_a_rerun_replaces_what_ran_before():
    assert standing(checked("16T09:10", "failed"), checked("16T10:00", "passed", run=2)) == (False, False)


def test_the_late_word_of_a_run_that_was_replaced_is_nothing_new():
    first = {"started_at": "2026-11-16T09:00:00Z"}
    second = checked("16T09:10", "running", run=2, started_at="2026-11-16T09:10:00Z")
    assert standing(checked("16T09:00", "running", **first), second, checked("16T09:11", "failed", **first)) == (
        False,
        True,
    )


def test_a_run_that_ended_in_the_second_it_began_has_ended():
    assert standing(checked("16T09:10", "passed"), checked("16T09:10", "running")) == (False, False)


def test_statuses_without_a_start_go_by_their_time():
    assert standing(checked("16T09:10", "running", run=1), checked("16T09:20", "failed", run=2)) == (True, False)


def test_another_commits_checks_are_another_commits():
    assert standing(checked("16T09:10", "failed", sha="a2")) == (False, False)


def test_a_check_without_name_or_state_is_passed_over():
    assert standing(checked("16T09:10", "exploded"), checked("16T09:10", "failed", "")) == (False, False)
