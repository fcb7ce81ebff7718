"""What happened to a pull request, and what does each payload tell of it?"""

from datetime import UTC, datetime

import pytest

from tests.deliveries import github_reads

HEAD = "1f0c3a5e7b9d2f4a6c8e0b1d3f5a7c9e2b4d6f80"
NEXT = "2e1d4b6f8a0c3e5d7f9b1a2c4e6d8f0a3c5e7b91"


def only(name, change=None):
    (event,) = github_reads(name, change)
    return event


def snapshot(change=None, name="pull_request__opened"):
    return only(name, change).data["snapshot"]


def of_pull(**values):
    return lambda told: told["pull_request"].update(values)


@pytest.mark.parametrize(
    ("action", "kind", "key"),
    [
        ("opened", "created", "09:00"),
        ("converted_to_draft", "drafted", "09:11"),
        ("ready_for_review", "readied", "09:12"),
        ("edited", "edited", "09:10"),
        ("auto_merge_enabled", "updated", "09:14"),
        ("locked", "updated", "09:16"),
        ("enqueued", "queued", "09:18"),
        ("dequeued", "dequeued", "09:19"),
        ("closed", "abandoned", "09:20"),
        ("reopened", "reopened", "09:21"),
        ("closed_merged", "merged", "09:30"),
    ],
)
def test_each_action_is_an_event_of_its_kind_and_time(action, kind, key):
    event = only(f"pull_request__{action}")
    assert event.identity == f"change:acme/api#7|change.{kind}|2026-09-14T{key}:00Z"
    assert event.at == datetime.fromisoformat(f"2026-09-14T{key}:00+00:00")


@pytest.mark.parametrize(
    ("action", "target"),
    [
        ("review_requested", "github/ben-acme"),
        ("review_requested_team", "team/payments"),
        ("review_request_removed", "github/ben-acme"),
        ("labeled", "release/2.4"),
        ("unlabeled", "release/2.4"),
        ("assigned", "github/anna-acme"),
        ("unassigned", "github/anna-acme"),
        ("milestoned", "2.4"),
        ("demilestoned", "2.4"),
    ],
)
def test_what_is_done_to_someone_or_something_names_it(action, target):
    event = only(f"pull_request__{action}")
    assert event.data["target"] == target
    assert event.identity.endswith(f"|{target}")


def test_two_labels_of_one_second_are_two_events():
    def other(told):
        told["label"]["name"] = "bug"

    assert only("pull_request__labeled").identity != only("pull_request__labeled", other).identity


def test_a_push_is_named_by_what_it_moved_from_and_to():
    event = only("pull_request__synchronize")
    assert event.identity == f"change:acme/api#7|change.pushed|{HEAD}..{NEXT}"
    assert (event.data["sha"], event.data["before"]) == (NEXT, HEAD)
    assert event.data["snapshot"]["head_sha"] == NEXT


def test_the_snapshot_holds_what_the_payload_shows():
    told = snapshot()
    assert told["number"] == 7
    assert told["author"] == "github/anna-acme"
    assert (told["base"], told["head"], told["head_repository"]) == ("main", "euros", "acme/api")
    assert (told["added"], told["deleted"], told["files"]) == (120, 14, 6)
    assert told["opened_at"] == told["updated_at"] == "2026-09-14T09:00:00Z"
    assert (told["state"], told["draft"], told["merged"], told["merge_sha"]) == ("open", False, False, None)
    assert told["default_branch"] == "main"
    assert told["depends_on"] == ["change:acme/ledger#12"]
    assert told["closes"] == ["ticket:acme/api#5"]
    assert (told["labels"], told["asked"], told["asked_teams"], told["milestone"]) == ([], [], [], None)


def test_a_merge_tells_who_merged_what_and_when():
    told = snapshot(name="pull_request__closed_merged")
    assert told["merged"]
    assert told["merged_by"] == "github/ben-acme"
    assert told["merged_at"] == "2026-09-14T09:30:00Z"
    assert told["merge_sha"].startswith("9b8a7c6d")


def test_the_test_merge_of_an_open_change_is_no_merge():
    assert snapshot(of_pull(merge_commit_sha="abc"))["merge_sha"] is None


def test_a_snapshot_leaves_out_what_its_payload_does_not_tell():
    told = github_reads("pull_request_review__submitted")[1].data["snapshot"]
    assert not {"added", "deleted", "files", "mergeable", "merged_by"} & set(told)
    assert {"title", "labels", "asked", "draft", "head_sha"} <= set(told)


@pytest.mark.parametrize(
    ("mergeable", "state", "said"),
    [
        (None, "unknown", None),
        (True, "clean", True),
        (False, "dirty", False),
        (None, "dirty", False),
        (True, "blocked", True),
    ],
)
def test_a_conflict_is_told_by_either_field(mergeable, state, said):
    assert snapshot(of_pull(mergeable=mergeable, mergeable_state=state))["mergeable"] is said


def test_a_strangers_directives_do_not_count():
    told = snapshot(of_pull(author_association="CONTRIBUTOR"))
    assert told["depends_on"] == told["closes"] == []


def test_a_deleted_author_and_a_deleted_fork_are_null():
    def gone(told):
        told["pull_request"]["user"] = None
        told["pull_request"]["head"]["repo"] = None

    assert (snapshot(gone)["author"], snapshot(gone)["head_repository"]) == (None, None)


def test_an_agents_account_branch_and_body_are_evidence_of_the_whole_change():
    copilot = {"login": "Copilot", "id": 198982749, "type": "Bot"}
    assert [one["rule"] for one in snapshot(of_pull(user=copilot))["evidence"]] == ["copilot-agent"]
    (found,) = snapshot(of_pull(body="Euros.\n\nGenerated with [Claude Code](https://claude.com)"))["evidence"]
    assert (found["rule"], found["confidence"], found["whole"]) == ("claude-generated", 0.85, True)
    branch = snapshot(lambda told: told["pull_request"]["head"].update(ref="codex/euros"))
    assert [one["rule"] for one in branch["evidence"]] == ["branch-agent"]


def test_an_example_in_a_code_block_is_no_evidence():
    assert snapshot(of_pull(body="```\nCo-authored-by: Claude <noreply@anthropic.com>\n```"))["evidence"] == []


def test_an_update_bots_change_is_automation():
    bot = {"login": "dependabot[bot]", "id": 49699333, "type": "Bot"}
    told = snapshot(of_pull(user=bot))
    assert told["automation"]
    assert not snapshot()["automation"]
    assert told["rules_version"]


def test_edits_say_which_fields_they_touched():
    assert only("pull_request__edited").data["changed"] == ["title"]


def test_leaving_the_queue_says_why():
    assert only("pull_request__dequeued").data["why"] == "CI_FAILURE"


def test_the_actor_is_who_did_it_not_who_wrote_the_change():
    assert only("pull_request__closed_merged").actor == "github/ben-acme"
    assert only("pull_request__opened").at == datetime(2026, 9, 14, 9, tzinfo=UTC)
