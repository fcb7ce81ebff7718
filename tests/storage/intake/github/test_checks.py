"""What do the checks on a commit say?"""

import pytest

from storage.records import UnknownEvent
from tests.deliveries import github_reads

HEAD = "1f0c3a5e7b9d2f4a6c8e0b1d3f5a7c9e2b4d6f80"


def run(name="check_run__completed", **values):
    (event,) = github_reads(name, lambda told: told["check_run"].update(values))
    return event


def test_a_check_is_about_its_commit_and_names_its_changes():
    event = run()
    assert event.object == f"commit:acme/api@{HEAD}"
    assert (event.data["name"], event.data["state"], event.data["changes"]) == ("tests", "passed", [7])
    assert event.at.isoformat() == "2026-09-14T09:09:00+00:00"


@pytest.mark.parametrize(
    ("status", "conclusion", "state"),
    [
        ("queued", None, "running"),
        ("in_progress", None, "running"),
        ("waiting", None, "running"),
        ("completed", "success", "passed"),
        ("completed", "neutral", "passed"),
        ("completed", "skipped", "passed"),
        ("completed", "failure", "failed"),
        ("completed", "cancelled", "failed"),
        ("completed", "timed_out", "failed"),
        ("completed", "action_required", "failed"),
        ("completed", "stale", "failed"),
        ("completed", "a new word", "failed"),
    ],
)
def test_only_a_clear_success_passes(status, conclusion, state):
    assert run(status=status, conclusion=conclusion).data["state"] == state


def test_beginning_and_ending_are_two_events_of_one_check():
    began, ended = run("check_run__created"), run()
    assert began.data["id"] == ended.data["id"] == "check_run/3301"
    assert began.identity != ended.identity
    assert began.at < ended.at


@pytest.mark.parametrize(
    ("said", "state"), [("pending", "running"), ("success", "passed"), ("failure", "failed"), ("error", "failed")]
)
def test_a_status_is_a_check_by_its_context(said, state):
    (event,) = github_reads("status__success", lambda told: told.update(state=said))
    assert (event.data["name"], event.data["state"]) == ("ci/deploy-preview", state)
    assert event.object == f"commit:acme/api@{HEAD}"


def test_a_status_in_a_new_word_is_unknown():
    assert isinstance(github_reads("status__success", lambda told: told.update(state="great")), UnknownEvent)
