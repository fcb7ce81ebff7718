"""Do tickets, milestones, releases, deployments, checks and pushes read by REST equal those of the webhooks?"""

import json

import pytest

from storage.intake import READERS, Malformed, github_rest
from storage.records import UnknownEvent
from tests.deliveries import github_reads, payload

HEAD = "1f0c3a5e7b9d2f4a6c8e0b1d3f5a7c9e2b4d6f80"


def part(name, key):
    return payload(f"github/{name}")[key]


def same(read, name, *, actor=False):
    """Whether what was read holds the webhook's event, apart from who did it where REST does not tell."""
    hooked = github_reads(name)[0]
    (found,) = [event for event in read if event.identity == hooked.identity]
    assert (found.at, found.data) == (hooked.at, hooked.data)
    assert not actor or found.actor == hooked.actor


def item(name):
    told = payload(f"github/issues__{name}")
    entry = {key: told[key] for key in ("label", "assignee", "milestone") if key in told}
    return {**entry, "event": told["action"], "created_at": told["issue"]["updated_at"], "actor": told["sender"],
            "state_reason": told["issue"]["state_reason"]}  # fmt: skip


def test_an_issue_walks_through_its_timeline_as_the_webhooks_told_it():
    names = ["labeled", "unlabeled", "assigned", "unassigned", "closed", "reopened"]
    last = part("issues__reopened", "issue")
    read = github_rest.issue_events("acme/api", last, timeline=[item(name) for name in names])
    hooked = [github_reads(f"issues__{name}")[0] for name in ["opened", *names]]
    assert [event.identity for event in read[:-1]] == [event.identity for event in hooked]
    keys = {"open", "labels", "assignees", "closed_at", "closed_reason", "title", "updated_at"}
    for one, other in zip(read, hooked, strict=False):
        assert {key: one.data["snapshot"][key] for key in keys} == {key: other.data["snapshot"][key] for key in keys}
    assert read[-1].kind == "ticket.updated"


def test_comments_on_an_issue_are_the_webhooks_own():
    read = github_rest.issue_events(
        "acme/api", part("issues__opened", "issue"), comments=[part("issue_comment__created", "comment")]
    )
    same(read, "issue_comment__created", actor=True)


def test_an_issue_that_is_a_pull_request_is_read_as_such():
    assert github_rest.issue_events("acme/api", part("issue_comment__created_on_pull", "issue")) == []


def test_milestones_releases_and_deployments_are_the_webhooks_own():
    same(github_rest.milestone_events("acme/api", part("milestone__closed", "milestone")), "milestone__closed")
    same(github_rest.milestone_events("acme/api", part("milestone__created", "milestone")), "milestone__created")
    same(github_rest.release_events("acme/api", part("release__published", "release")), "release__published")
    read = github_rest.deployment_events(
        "acme/api", part("deployment__created", "deployment"), [part("deployment_status__created", "deployment_status")]
    )
    same(read, "deployment__created", actor=True)
    same(read, "deployment_status__created", actor=True)


def test_a_draft_release_is_not_published():
    kinds = [event.kind for event in github_rest.release_events("acme/api", part("release__created", "release"))]
    assert kinds == ["publication.created"]


def test_checks_and_statuses_are_the_webhooks_own():
    same(github_rest.check_run_events("acme/api", [part("check_run__completed", "check_run")]), "check_run__completed")
    status = {
        key: value
        for key, value in payload("github/status__success").items()
        if key not in {"repository", "sender", "sha"}
    }
    same(github_rest.status_events("acme/api", HEAD, [status]), "status__success")


def commit():
    hooked = part("push__default", "commits")[0]
    who = {**hooked["author"], "date": hooked["timestamp"]}
    told = {"message": hooked["message"], "author": who, "committer": who}
    return {"sha": hooked["id"], "commit": told, "author": {"login": who.pop("username")}}


def test_commits_of_the_default_branch_landed_as_the_push_said_but_at_their_own_time():
    (read,) = github_rest.landed_events("acme/api", "main", [commit()], default=True)
    hooked = github_reads("push__default")[1]
    assert (read.identity, read.data) == (hooked.identity, hooked.data)
    assert read.at.isoformat() == "2026-09-14T11:05:00+02:00"


def activity(kind="push", ref="refs/heads/main"):
    return {
        "before": HEAD,
        "after": "b" * 40,
        "ref": ref,
        "timestamp": "2026-09-14T09:15:00Z",
        "activity_type": kind,
        "actor": {"login": "anna-acme"},
    }


@pytest.mark.parametrize(
    ("kind", "flags"),
    [
        ("push", (False, False, False)),
        ("force_push", (True, False, False)),
        ("branch_creation", (False, True, False)),
        ("branch_deletion", (False, False, True)),
        ("pr_merge", (False, False, False)),
    ],
)
def test_a_branchs_activity_is_its_pushes_whose_commits_are_not_told(kind, flags):
    (event,) = github_rest.activity_events("acme/api", "main", [activity(kind)])
    assert (event.data["forced"], event.data["created"], event.data["deleted"]) == flags
    assert event.data["commits"] is None
    assert event.data["default"]
    assert event.actor == "github/anna-acme"


def test_a_listed_push_never_stands_for_the_one_that_knows_its_commits():
    hooked = github_reads("push__default")[0]
    listed = activity() | {"before": hooked.data["before"], "after": hooked.data["after"]}
    (event,) = github_rest.activity_events("acme/api", "main", [listed])
    assert event.object == hooked.object
    assert event.identity != hooked.identity


def test_tags_have_no_pushes():
    assert github_rest.activity_events("acme/api", "main", [activity(ref="refs/tags/v1")]) == []


def kept(kind, **parts):
    return READERS["github_rest"]({}, json.dumps({"kind": kind, "repository": "acme/api", **parts}).encode())


@pytest.mark.parametrize(
    ("kind", "parts", "first"),
    [
        ("pull", {"object": ("pull_request__opened", "pull_request")}, "change.created"),
        ("issue", {"object": ("issues__opened", "issue")}, "ticket.created"),
        ("milestone", {"object": ("milestone__created", "milestone")}, "milestone.created"),
        ("release", {"object": ("release__published", "release")}, "publication.created"),
        ("deployment", {"object": ("deployment__created", "deployment")}, "deployment.created"),
        ("check_runs", {"items": [("check_run__completed", "check_run")]}, "check.updated"),
    ],
)
def test_a_kept_answer_is_read_again_like_any_delivery(kind, parts, first):
    filled = {
        key: [part(*one) for one in value] if isinstance(value, list) else part(*value) for key, value in parts.items()
    }
    events = kept(kind, **filled)
    assert events[0].kind == first
    assert all(event.source == "github" for event in events)


def test_kept_lists_are_read_again():
    assert kept("activity", default_branch="main", items=[activity()])[0].kind == "branch.pushed"
    assert kept("commits", branch="main", default_branch="main", items=[commit()])[0].data["default"]
    status = payload("github/status__success")
    assert kept("statuses", sha=HEAD, items=[status])[0].kind == "check.updated"


def test_an_answer_that_is_not_known_is_unknown_and_no_json_malformed():
    assert isinstance(kept("weather"), UnknownEvent)
    assert isinstance(kept("pull", object={"number": 1}), UnknownEvent)
    assert isinstance(READERS["github_rest"]({}, b"{}"), UnknownEvent)
    with pytest.raises(Malformed):
        READERS["github_rest"]({}, b"no")
