"""What was said of a change, by whom and when?"""

import pytest

from tests.deliveries import github_reads


def first(name, change=None):
    return github_reads(name, change)[0]


def test_a_review_says_who_and_what_at_its_submission():
    event = first("pull_request_review__submitted")
    assert event.identity == "change:acme/api#7|change.reviewed|8801"
    assert event.at.isoformat() == "2026-09-14T09:22:00+00:00"
    assert event.actor == event.data["reviewer"] == "github/ben-acme"
    assert event.data["state"] == "changes_requested"
    assert event.data["reviewer_type"] == "User"


def test_the_state_of_a_review_is_lower_case_whichever_api_it_came_by():
    assert (
        first("pull_request_review__submitted_approved", lambda t: t["review"].update(state="APPROVED")).data["state"]
        == "approved"
    )


def test_editing_a_review_does_not_make_another():
    assert first("pull_request_review__edited").identity == first("pull_request_review__submitted").identity


def test_a_dismissal_is_dated_by_the_change_and_names_the_review():
    event = first("pull_request_review__dismissed")
    assert event.identity == "change:acme/api#7|change.review_dismissed|8801"
    assert event.at.isoformat() == "2026-09-14T09:24:00+00:00"
    assert event.data["reviewer"] == "github/ben-acme"


@pytest.mark.parametrize(
    "values", [{"state": "pending", "submitted_at": None}, {"submitted_at": None}, {"state": "odd"}]
)
def test_a_review_that_is_not_submitted_says_nothing_yet(values):
    events = github_reads("pull_request_review__submitted", lambda told: told["review"].update(values))
    assert [event.kind for event in events] == ["change.updated"]


def test_a_remark_on_a_line_is_a_comment_of_its_own_number():
    event = first("pull_request_review_comment__created")
    assert event.identity == "change:acme/api#7|change.commented|review_comment/6601"
    assert event.data["review"]
    assert event.data["author"] == "github/ben-acme"


def test_a_comment_in_the_conversation_of_a_pull_request_is_about_the_change():
    (event,) = github_reads("issue_comment__created_on_pull")
    assert event.object == "change:acme/api#7"
    assert event.identity.endswith("|comment/4402")
    assert not event.data["review"]


@pytest.mark.parametrize("name", ["resolved", "unresolved"])
def test_a_thread_can_be_settled_and_opened_again(name):
    event = first(f"pull_request_review_thread__{name}")
    assert event.kind == f"change.thread_{name}"
    assert event.data["thread"] == "PRRT_1"


@pytest.mark.parametrize(
    "name",
    ["pull_request_review__submitted", "pull_request_review_comment__created", "pull_request_review_thread__resolved"],
)
def test_a_change_whose_opening_was_missed_becomes_known_by_what_is_said_of_it(name):
    known = github_reads(name)[-1]
    assert known.kind == "change.updated"
    assert known.data["snapshot"]["title"] == "Take payments in euros"


def test_a_deleted_accounts_words_are_nobodys():
    event = first("pull_request_review__submitted", lambda told: told["review"].update(user=None))
    assert (event.actor, event.data["reviewer"], event.data["reviewer_type"]) == (None, None, None)
