"""What happened to issues and milestones, and who proved an account theirs?"""

import hashlib

import pytest

from tests.deliveries import github_reads


def first(name, change=None):
    return github_reads(name, change)[0]


@pytest.mark.parametrize(
    ("action", "key"),
    [
        ("created", "opened:2026-09-10T08:00:00Z"),
        ("closed", "closed:2026-09-10T08:10:00Z"),
        ("reopened", "reopened:2026-09-10T08:11:00Z"),
        ("edited", "edited:2026-09-10T08:07:00Z"),
        ("labeled", "labeled:2026-09-10T08:01:00Z|release/2.4"),
        ("assigned", "assigned:2026-09-10T08:03:00Z|github/anna-acme"),
        ("milestoned", "milestoned:2026-09-10T08:05:00Z|2.4"),
        ("updated", "typed:2026-09-10T08:08:00Z"),
        ("deleted", "deleted:2026-09-10T08:14:00Z"),
        ("transferred", "transferred:2026-09-10T08:15:00Z"),
    ],
)
def test_each_action_is_an_event_of_its_kind_and_time(action, key):
    name, _, rest = key.partition(":")
    assert first(f"issues__{name}").identity == f"ticket:acme/api#5|ticket.{action}|{rest}"


def test_the_snapshot_holds_what_the_payload_shows():
    told = first("issues__closed").data["snapshot"]
    assert (told["open"], told["closed_reason"], told["closed_at"]) == (False, "completed", "2026-09-10T08:10:00Z")
    assert told["type"] == "Bug"
    assert told["part_of"] == ["ticket:acme/api#1"]
    assert told["author"] == "github/cleo-acme"
    assert first("issues__untyped").data["snapshot"]["type"] is None


def test_a_reopened_ticket_has_no_reason_to_be_closed():
    assert first("issues__reopened").data["snapshot"]["closed_reason"] is None


def test_a_ticket_that_moved_says_where():
    assert first("issues__transferred").data["to"] == "ticket:acme/ledger#44"


def test_a_root_cause_counts_from_members_only():
    def said(association):
        return lambda told: told["issue"].update(body="Root cause: 1f0c3a5", author_association=association)

    assert first("issues__opened", said("MEMBER")).data["snapshot"]["root_causes"] == ["commit:acme/api@1f0c3a5"]
    assert first("issues__opened", said("NONE")).data["snapshot"]["root_causes"] == []


def test_a_comment_may_name_the_root_cause():
    event = first("issue_comment__created", lambda told: told["comment"].update(body="Root cause: 1f0c3a5"))
    assert event.kind == "ticket.commented"
    assert event.data["root_causes"] == ["commit:acme/api@1f0c3a5"]


def test_a_ticket_whose_opening_was_missed_becomes_known_by_a_comment():
    known = github_reads("issue_comment__created")[1]
    assert known.kind == "ticket.updated"
    assert known.data["snapshot"]["title"] == "Amounts have no currency"


@pytest.mark.parametrize(
    ("name", "kind", "at"),
    [
        ("created", "created", "2026-08-03T09:00:00"),
        ("edited", "updated", "2026-09-01T09:00:00"),
        ("closed", "closed", "2026-10-05T09:00:00"),
        ("opened", "opened", "2026-10-05T10:00:00"),
        ("deleted", "deleted", "2026-10-05T11:00:00"),
    ],
)
def test_a_milestone_has_a_due_date_and_an_end(name, kind, at):
    event = first(f"milestone__{name}")
    assert event.identity == f"milestone:acme/api#3|milestone.{kind}|{at}Z"
    assert event.data["snapshot"]["due_at"] == "2026-10-02T07:00:00Z"
    assert event.data["snapshot"]["open"] is (kind != "closed")


def proofs(change=None, name="issue_comment__created_link"):
    verdict = github_reads(name, change)
    return [event for event in verdict if event.kind == "account.proved"]


def test_a_code_in_ones_own_comment_proves_the_account_and_is_not_kept_itself():
    (proof,) = proofs()
    assert proof.object == "account:github/ben-acme"
    assert proof.data == {"code_hash": hashlib.sha256(b"K7QX-93PA").hexdigest()}
    assert not any("K7QX" in str(event) for event in github_reads("issue_comment__created_link"))


def test_a_code_proves_nothing_when_another_may_have_written_it():
    other = {"login": "cleo-acme", "id": 503, "type": "User"}
    assert proofs(lambda told: told.update(sender=other)) == []
    assert proofs(lambda told: told.update(action="edited")) == []
    assert proofs(lambda told: told["comment"].update(user=None)) == []


@pytest.mark.parametrize("body", [None, "", "lastmile-link:", "xlastmile-link: K7QX-93PA", "lastmile-link: <script>"])
def test_a_comment_without_a_code_proves_nothing(body):
    assert proofs(lambda told: told["comment"].update(body=body)) == []
