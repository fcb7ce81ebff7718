"""What do the events of milestones, publications, commits, branches, deployments, accounts and repositories amount to?"""

import pytest

from storage.records import Branch, Check, CheckState, DeploymentState, Folded
from storage.state.fold import fold
from storage.state.rules import FoldRules
from tests.builders import ANNA, BRANCH, at, branch_pushed, checked, happened, when

MILESTONE, PUBLICATION = "milestone:acme/api#3", "publication:acme/api@v2.4.0"
COMMIT, DEPLOYMENT = "commit:acme/api@a1", "deployment:github/9"
ACCOUNT, REPOSITORY = "account:github/Anna", "repository:acme/api"


def record(name, *events, rules=None):
    return fold(name, events, rules or FoldRules()).record


def test_a_milestone_is_its_newest_snapshot():
    shown = {
        "number": 3,
        "title": "2.4",
        "url": None,
        "open": True,
        "due_at": "2026-12-01T00:00:00Z",
        "created_at": "2026-11-01T00:00:00Z",
    }
    made = happened(MILESTONE, "milestone.created", "16T09:00", snapshot=shown)
    moved = happened(MILESTONE, "milestone.updated", "17T09:00", snapshot={"due_at": None, "open": False})
    milestone = record(MILESTONE, made, moved)
    assert (milestone.title, milestone.number, milestone.repository) == ("2.4", 3, "acme/api")
    assert (milestone.due_at, milestone.open, milestone.created_at, milestone.deleted) == (
        None,
        False,
        when("01T00:00"),
        False,
    )
    assert record(MILESTONE, made, happened(MILESTONE, "milestone.deleted", "18T09:00")).deleted


def test_a_publication_has_its_tag_and_date():
    shown = {
        "tag": "v2.4.0",
        "name": "2.4",
        "published_at": "2026-11-16T09:00:00Z",
        "draft": False,
        "prerelease": True,
        "target": "main",
    }
    out = happened(PUBLICATION, "publication.published", "16T09:00", snapshot=shown)
    published = record(PUBLICATION, out)
    assert (published.tag, published.name, published.repository, published.prerelease) == (
        "v2.4.0",
        "2.4",
        "acme/api",
        True,
    )
    assert (published.published_at, published.draft, published.deleted) == (when("16T09:00"), False, False)
    assert record(PUBLICATION, out, happened(PUBLICATION, "publication.deleted", "17T09:00")).deleted
    hidden = happened(PUBLICATION, "publication.unpublished", "17T09:00")
    assert record(PUBLICATION, out, hidden).draft
    assert not record(PUBLICATION, out, hidden, happened(PUBLICATION, "publication.published", "18T09:00")).draft


def test_a_commit_landed_when_it_came_to_the_default_branch():
    early = happened(COMMIT, "commit.landed", "16T09:00", "release/2.4", branch="release/2.4", default=False)
    late = happened(COMMIT, "commit.landed", "17T09:00", "main", branch="main", default=True)
    assert (record(COMMIT, early).landed_on, record(COMMIT, early).landed_at) == ("release/2.4", when("16T09:00"))
    assert (record(COMMIT, early, late).landed_on, record(COMMIT, early, late).landed_at) == ("main", when("17T09:00"))


def test_a_commit_has_its_checks():
    rules = FoldRules(required_checks={"acme/api": ("test",)})
    assert record(COMMIT, checked("16T09:00", "passed"), rules=rules).checks == (
        Check("test", CheckState.PASSED, when("16T09:00"), required=True),
    )


def test_a_branch_points_where_it_was_pushed_last_until_it_is_deleted():
    made, push = happened(BRANCH, "branch.created", "16T08:00"), branch_pushed("16T09:00", "b0", "a1")
    gone = happened(BRANCH, "branch.deleted", "17T09:00")
    there = Branch(BRANCH, "acme/api", "topic", True, "a1", when("16T09:00"), when("16T08:00"))
    assert record(BRANCH, made, push) == there
    assert record(BRANCH, made, push, gone) == Branch(BRANCH, "acme/api", "topic", False, None, when("16T09:00"))
    assert record(BRANCH, push, gone, branch_pushed("18T09:00", "0" * 40, "c1", created=True)).exists


def test_a_branch_is_as_old_as_its_last_making():
    push, made = branch_pushed("16T09:00", "0" * 40, "a1", created=True), happened(BRANCH, "branch.created", "16T09:01")
    gone, anew = happened(BRANCH, "branch.deleted", "17T09:00"), branch_pushed("18T09:00", "0" * 40, "c1", created=True)
    assert record(BRANCH, push, made).created_at == when("16T09:00")
    assert record(BRANCH, branch_pushed("16T09:00", "b0", "a1")).created_at is None
    assert record(BRANCH, push, made, gone, anew).created_at == when("18T09:00")
    assert record(BRANCH, push, made, anew).created_at == when("18T09:00"), "its deletion was never heard of"


def test_a_branchs_making_read_from_a_list_as_well_is_no_second_one():
    push = branch_pushed("16T09:00", "0" * 40, "a1", created=True)
    again = happened(BRANCH, "branch.pushed", "16T09:01", "listed", before="0" * 40, after="a1", created=True)
    assert record(BRANCH, push, again).created_at == when("16T09:00")


def test_a_branch_name_may_hold_slashes_and_colons_are_none_of_its():
    assert (
        record(
            "branch:acme/api:release/2.4", branch_pushed("16T09:00", "b0", "a1", branch="branch:acme/api:release/2.4")
        ).name
        == "release/2.4"
    )


def deployed(*states, first="pending"):
    about = {
        "environment": "production",
        "sha": "a1",
        "ref": "main",
        "deployer": ANNA,
        "created_at": "2026-11-16T09:00:00Z",
    }
    told = [happened(DEPLOYMENT, "deployment.created", "16T09:00", "9", **about)]
    told += [
        happened(DEPLOYMENT, "deployment.updated", f"16T1{n}:00", str(n), state=state, **about)
        for n, state in enumerate(states)
    ]
    return record(DEPLOYMENT, *told)


def test_a_deployment_is_pending_until_its_state_is_told():
    deployment = deployed()
    assert (deployment.state, deployment.finished_at, deployment.created_at) == (
        DeploymentState.PENDING,
        None,
        when("16T09:00"),
    )
    assert (deployment.environment, deployment.sha, deployment.deployer, deployment.repository) == (
        "production",
        "a1",
        ANNA,
        "github/9",
    )


@pytest.mark.parametrize(
    ("states", "state", "finished"),
    [
        (["running"], DeploymentState.RUNNING, None),
        (["running", "succeeded"], DeploymentState.SUCCEEDED, "16T11:00"),
        (["failed", "succeeded"], DeploymentState.SUCCEEDED, "16T11:00"),
        (["succeeded", "succeeded"], DeploymentState.SUCCEEDED, "16T10:00"),
        (["failed", "running"], DeploymentState.RUNNING, None),
        (["succeeded", "inactive"], DeploymentState.SUCCEEDED, "16T10:00"),
        (["failed", "inactive"], DeploymentState.FAILED, "16T10:00"),
        (["running", "inactive"], DeploymentState.INACTIVE, None),
        (["exploded"], DeploymentState.PENDING, None),
    ],
)
def test_the_newest_state_holds_but_taking_its_place_takes_no_success_away(states, state, finished):
    assert (deployed(*states).state, deployed(*states).finished_at) == (state, finished and when(finished))


def test_a_pipelines_word_is_a_deployment_of_a_service_with_its_exposure():
    name = "deployment:lastmile/api/a1/production/7"
    first = happened(
        name,
        "service.deployed",
        "16T09:00",
        "7|succeeded|0.1",
        service="api",
        sha="a1",
        environment="production",
        state="succeeded",
        exposure=0.1,
    )
    full = happened(name, "service.deployed", "16T10:00", "7|succeeded|1", service="api", exposure=1, state="succeeded")
    deployment = record(name, first, full)
    assert (deployment.service, deployment.exposure, deployment.finished_at) == ("api", 1.0, when("16T09:00"))


def test_an_account_is_a_persons_when_it_wrote_the_code_of_their_claim():
    claim = happened(ACCOUNT, "account.claimed", "16T09:00", "c1", person="person/anna", code_hash="c1")
    proof = happened(ACCOUNT, "account.proved", "16T09:05", "c1", code_hash="c1")
    assert (record(ACCOUNT, claim).person, record(ACCOUNT, claim).code_hash) == (None, "c1")
    assert (record(ACCOUNT, claim, proof).person, record(ACCOUNT, claim, proof).login) == ("person/anna", "Anna")
    assert record(ACCOUNT, claim, happened(ACCOUNT, "account.proved", "16T09:05", "c2", code_hash="c2")).person is None
    assert record(ACCOUNT, proof).person is None


def test_a_later_claim_alone_takes_no_account_away():
    events = [
        happened(ACCOUNT, "account.claimed", "16T09:00", "c1", person="person/anna", code_hash="c1"),
        happened(ACCOUNT, "account.proved", "16T09:05", "c1", code_hash="c1"),
        happened(ACCOUNT, "account.claimed", "17T09:00", "c2", person="person/mallory", code_hash="c2"),
    ]
    assert record(ACCOUNT, *events).person == "person/anna"
    copied = happened(ACCOUNT, "account.claimed", "18T09:00", "c1b", person="person/mallory", code_hash="c1")
    assert record(ACCOUNT, *events, copied).person == "person/anna"


def test_an_account_is_a_bot_as_somebody_said_last():
    said = [happened(ACCOUNT, "corrected.bot", f"16T1{n}:00", is_bot=told) for n, told in enumerate((True, False))]
    assert record(ACCOUNT, said[0]).is_bot is True
    assert record(ACCOUNT, *said).is_bot is False


def backfilled(time, done, began="2026-11-16T09:00:00Z", **more):
    return happened(
        REPOSITORY,
        "repository.backfilled",
        time,
        f"{began}{done}",
        since="2026-08-01T00:00:00Z",
        began_at=began,
        done=done,
        **more,
    )


def test_a_repository_knows_how_far_its_history_was_read():
    begun, ended = backfilled("16T09:00", 0.4), backfilled("16T10:00", 1, private=True, default_branch="main")
    again = happened(REPOSITORY, "repository.reconciled", "16T12:00")
    repository = record(REPOSITORY, begun, ended, again)
    assert (repository.name, repository.backfill_done, repository.reconciled_at) == ("acme/api", 1.0, when("16T12:00"))
    assert (repository.backfill_since, repository.private, repository.default_branch) == (
        at("2026-08-01"),
        True,
        "main",
    )


def test_a_repository_goes_by_the_furthest_of_its_newest_backfill():
    same_second = [backfilled("16T09:00", done) for done in (0.9, 0.12)]
    assert record(REPOSITORY, *same_second).backfill_done == 0.9
    assert record(REPOSITORY, *same_second, backfilled("17T09:00", 0.1, "2026-11-17T09:00:00Z")).backfill_done == 0.1
    assert record(REPOSITORY, happened(REPOSITORY, "repository.reconciled", "16T12:00")).backfill_done is None


def test_a_release_is_folded_from_its_decisions():
    name = "release:checkout@2.4"
    planned = happened(
        name, "release.planned", "16T09:00", actor="person/anna", product="checkout", version="2.4", name="2.4"
    )
    assert record(name, planned).product == "checkout"


def test_an_object_of_an_unknown_kind_or_without_events_of_its_own_is_nothing():
    assert fold("planet:mars", [happened("planet:mars", "planet.seen", "16T09:00")], FoldRules()) == Folded(None)
    assert fold("change:acme/api#1", [checked("16T09:00", "passed")], FoldRules()) == Folded(None)
    assert fold("change:acme/api#1", [], FoldRules()) == Folded(None)
