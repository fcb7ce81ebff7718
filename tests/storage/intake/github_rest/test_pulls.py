"""Does a pull request read by REST amount to the events that the webhooks made of it?"""

import pytest

from storage.intake import github_rest
from storage.intake.bodies import Misfit
from tests.deliveries import github_reads, payload

HEAD = "1f0c3a5e7b9d2f4a6c8e0b1d3f5a7c9e2b4d6f80"
NEXT = "2e1d4b6f8a0c3e5d7f9b1a2c4e6d8f0a3c5e7b91"
BOTH_TELL = {
    "title",
    "author",
    "state",
    "merged",
    "draft",
    "base",
    "head",
    "labels",
    "asked",
    "asked_teams",
    "assignees",
    "milestone",
    "head_sha",
    "closed_at",
}
ITEMS = {
    "converted_to_draft": "convert_to_draft",
    "edited": "renamed",
    "enqueued": "added_to_merge_queue",
    "dequeued": "removed_from_merge_queue",
}
TOLD = [
    "opened", "review_requested", "review_requested_team", "review_request_removed", "labeled", "unlabeled", "assigned",
    "unassigned", "milestoned", "demilestoned", "edited", "converted_to_draft", "ready_for_review", "synchronize",
    "enqueued", "dequeued", "closed", "reopened", "closed_merged",
]  # fmt: skip


def item(name):
    """The timeline's entry for what a webhook told."""
    told = payload(f"github/pull_request__{name}")
    pull = told["pull_request"]
    kept = ("label", "assignee", "milestone", "requested_reviewer", "requested_team")
    entry = {key: told[key] for key in kept if key in told}
    entry |= {
        "event": ITEMS.get(told["action"], told["action"]),
        "created_at": pull["updated_at"],
        "actor": told["sender"],
    }
    if name == "edited":
        entry["rename"] = {"from": told["changes"]["title"]["from"], "to": pull["title"]}
    if name == "closed_merged":
        entry["event"] = "merged"
    return entry


def rest(names=TOLD, **parts):
    last = payload("github/pull_request__closed_merged")["pull_request"]
    last["title"] = "Take payments in euros and pounds" if "edited" in names else last["title"]
    pushes = [{"before": HEAD, "after": NEXT, "ref": "refs/heads/euros", "timestamp": "2026-09-14T09:13:00Z", "activity_type": "push",
               "actor": {"login": "anna-acme", "id": 501}}]  # fmt: skip
    timeline = [item(name) for name in names if name not in {"opened", "synchronize"}]
    return github_rest.pull_events("acme/api", last, timeline=timeline, **{"pushes": pushes, **parts})


def by_identity(events):
    return {event.identity: event for event in events}


def test_the_timeline_gives_the_events_that_the_webhooks_gave():
    hooked = by_identity(event for name in TOLD for event in github_reads(f"pull_request__{name}"))
    read = by_identity(rest())
    assert set(hooked) <= set(read)
    assert {identity.split("|")[1] for identity in set(read) - set(hooked)} == {"change.updated"}
    for identity, event in hooked.items():
        assert (read[identity].at, read[identity].kind, read[identity].object) == (event.at, event.kind, event.object)
        assert read[identity].actor == event.actor
        assert read[identity].data.get("target") == event.data.get("target")


@pytest.mark.parametrize(
    "name",
    [
        "opened",
        "review_requested",
        "review_requested_team",
        "labeled",
        "unlabeled",
        "assigned",
        "milestoned",
        "converted_to_draft",
        "ready_for_review",
        "closed_merged",
    ],
)
def test_each_event_shows_the_change_as_it_stood_then(name):
    (hooked,) = github_reads(f"pull_request__{name}")
    names = [one for one in TOLD if one not in {"edited", "review_request_removed"}]
    then, shown = by_identity(rest(names))[hooked.identity].data["snapshot"], hooked.data["snapshot"]
    lasting = {"asked", "asked_teams"} if name not in {"opened", "review_requested", "review_requested_team"} else set()
    assert {key: then.get(key) for key in BOTH_TELL - lasting} == {key: shown.get(key) for key in BOTH_TELL - lasting}


def test_the_last_event_is_the_change_as_it_stands():
    last = rest()[-1]
    assert last.kind == "change.updated"
    assert last.data["snapshot"]["merged"]
    assert last.data["snapshot"]["added"] == 120


def test_the_first_title_and_the_first_draft_state_are_taken_from_what_changed_them():
    assert rest()[0].data["snapshot"]["title"] == "Take payments in euros"
    assert rest()[0].data["snapshot"]["draft"] is False
    assert rest(["ready_for_review"])[0].data["snapshot"]["draft"] is True


def test_what_is_only_known_now_is_not_told_of_the_opening():
    assert not {"mergeable", "added", "files", "auto_merge"} & set(rest()[0].data["snapshot"])


def test_without_a_timeline_the_end_is_still_told():
    assert [event.kind for event in rest([], pushes=[])] == ["change.created", "change.merged", "change.updated"]


def test_a_change_closed_unmerged_is_abandoned():
    pull = payload("github/pull_request__closed")["pull_request"]
    kinds = [event.kind for event in github_rest.pull_events("acme/api", pull)]
    assert kinds == ["change.created", "change.abandoned", "change.updated"]


def test_the_closing_that_a_merge_brings_is_not_told_twice():
    closed = {**item("closed_merged"), "event": "closed"}
    read = github_rest.pull_events(
        "acme/api",
        payload("github/pull_request__closed_merged")["pull_request"],
        timeline=[item("closed_merged"), closed],
    )
    assert [event.kind for event in read] == ["change.created", "change.merged", "change.updated"]


def review(**values):
    return {**payload("github/pull_request_review__submitted")["review"], **values}


def test_reviews_and_comments_are_the_webhooks_own():
    remark = payload("github/pull_request_review_comment__created")["comment"]
    comment = payload("github/issue_comment__created_on_pull")["comment"]
    read = by_identity(
        rest([], reviews=[review(state="CHANGES_REQUESTED")], review_comments=[remark], comments=[comment])
    )
    for name in (
        "pull_request_review__submitted",
        "pull_request_review_comment__created",
        "issue_comment__created_on_pull",
    ):
        said = github_reads(name)[0]
        assert read[said.identity] == said


def test_reviews_and_comments_in_the_timeline_are_read_from_there_and_each_once():
    said = [
        {**review(), "event": "reviewed"},
        {**payload("github/issue_comment__created_on_pull")["comment"], "event": "commented"},
    ]
    pull = payload("github/pull_request__opened")["pull_request"]
    read = github_rest.pull_events("acme/api", pull, timeline=said, reviews=[review()])
    assert [event.kind for event in read] == ["change.created", "change.reviewed", "change.commented", "change.updated"]


def test_a_reviewer_is_no_longer_asked_once_they_have_answered():
    asked = {**item("review_requested")}
    answered = {**review(submitted_at="2026-09-14T09:05:00Z"), "event": "reviewed"}
    readied = item("ready_for_review")
    pull = payload("github/pull_request__opened")["pull_request"]
    read = github_rest.pull_events("acme/api", pull, timeline=[asked, answered, readied])
    shown = {event.kind: event.data["snapshot"]["asked"] for event in read if "snapshot" in event.data}
    assert shown["change.review_requested"] == ["github/ben-acme"]
    assert shown["change.readied"] == []


def test_a_dismissed_review_is_told_with_what_it_had_said():
    undone = {"event": "review_dismissed", "created_at": "2026-09-14T09:24:00Z", "actor": {"login": "anna-acme", "id": 501},
              "dismissed_review": {"review_id": 8801, "state": "changes_requested"}}  # fmt: skip
    pull = payload("github/pull_request__opened")["pull_request"]
    read = by_identity(
        github_rest.pull_events("acme/api", pull, timeline=[undone], reviews=[review(state="DISMISSED")])
    )
    assert read["change:acme/api#7|change.reviewed|8801"].data["state"] == "changes_requested"
    end = read["change:acme/api#7|change.review_dismissed|8801"]
    assert (end.at, end.actor) == (github_reads("pull_request_review__dismissed")[0].at, "github/anna-acme")


def test_a_pending_review_is_not_told():
    pull = payload("github/pull_request__opened")["pull_request"]
    read = github_rest.pull_events("acme/api", pull, reviews=[review(state="PENDING", submitted_at=None)])
    assert [event.kind for event in read] == ["change.created", "change.updated"]


def committed(sha, at, message="Round halves"):
    who = {"name": "Anna", "email": "anna@acme.example", "date": at}
    return {
        "event": "committed",
        "sha": sha,
        "message": message,
        "author": who,
        "committer": who,
        "parents": [{"sha": HEAD}],
    }


def test_pushes_of_a_fork_are_dated_by_their_commits_a_run_of_commits_is_one_push():
    pull = payload("github/pull_request__opened")["pull_request"]
    pull["head"]["repo"]["full_name"] = "stranger/api"
    timeline = [
        committed(HEAD, "2026-09-14T08:00:00Z"),
        committed("a" * 40, "2026-09-14T10:00:00Z"),
        committed("b" * 40, "2026-09-14T10:05:00Z"),
        {"event": "head_ref_force_pushed", "commit_id": NEXT, "created_at": "2026-09-14T11:00:00Z"},
    ]
    read = github_rest.pull_events("acme/api", pull, timeline=timeline)
    pushed = [(event.at.hour, event.data["sha"]) for event in read if event.kind == "change.pushed"]
    assert pushed == [(10, "b" * 40), (11, NEXT)]
    assert read[0].data["snapshot"]["head_sha"] == HEAD


def test_a_branch_of_our_own_tells_its_pushes_itself_and_the_change_claims_no_head_it_may_not_have_had():
    pull = payload("github/pull_request__opened")["pull_request"]
    pull["head"]["sha"] = NEXT
    early, late = committed(HEAD, "2026-09-14T08:00:00Z"), committed(NEXT, "2026-09-14T10:00:00Z")
    read = github_rest.pull_events("acme/api", pull, timeline=[early, late, item("ready_for_review")])
    assert "change.pushed" not in {event.kind for event in read}
    shown = {event.kind: event.data["snapshot"].get("head_sha") for event in read if "snapshot" in event.data}
    assert shown == {"change.created": HEAD, "change.readied": None, "change.updated": NEXT}
    unpushed = github_rest.pull_events("acme/api", pull, timeline=[early, item("ready_for_review")])
    assert [event.data["snapshot"]["head_sha"] for event in unpushed if "snapshot" in event.data] == [NEXT] * 3


def test_commits_carry_the_same_marks_as_those_of_a_push():
    hooked = payload("github/push__topic")["commits"][0]
    who = {**hooked["author"], "date": hooked["timestamp"]}
    told = {"message": hooked["message"], "author": who, "committer": who}
    listed = {"sha": hooked["id"], "commit": told, "author": {"login": who.pop("username")}}
    (event,) = [event for event in rest([], commits=[listed]) if event.kind == "change.commits"]
    pushed = github_reads("push__topic")[0].data["commits"]
    assert event.data["commits"] == [{key: one[key] for key in one if key != "folders"} for one in pushed]
    seen = committed(hooked["id"], hooked["timestamp"], hooked["message"])
    pull = payload("github/pull_request__opened")["pull_request"]
    (same,) = [
        one for one in github_rest.pull_events("acme/api", pull, timeline=[seen]) if one.kind == "change.commits"
    ]
    (of_both,) = event.data["commits"]
    assert same.data["commits"] == [{**of_both, "address_of": None}]  # a timeline knows no accounts of commits


@pytest.mark.parametrize("author", [None, {}])
def test_a_commit_whose_address_github_gives_to_nobody_is_read_all_the_same(author):
    listed = {"sha": "c1", "commit": {"message": "More", "author": {"email": "a@b.example"}}, "author": author}
    (event,) = [event for event in rest([], commits=[listed]) if event.kind == "change.commits"]
    assert event.data["commits"][0]["address_of"] is None


def test_a_code_in_a_comment_proves_the_account_unless_it_was_edited():
    comment = payload("github/issue_comment__created_link")["comment"]
    proved = github_reads("issue_comment__created_link")[-1]
    assert proved in rest([], comments=[comment])
    edited = {**comment, "updated_at": "2026-09-20T09:00:00Z"}
    assert not [event for event in rest([], comments=[edited]) if event.kind == "account.proved"]


def test_an_answer_of_another_shape_is_a_misfit():
    with pytest.raises(Misfit):
        github_rest.pull_events("acme/api", {"number": 7})
    with pytest.raises(Misfit):
        rest([], comments=[{"id": 1}])
