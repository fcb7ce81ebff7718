"""What is merged and still not with the customer?"""

from datetime import timedelta

import pytest

from assistant.blockers.blocker import BlockerKind, NextAction
from assistant.blockers.delivery import of_delivery, unsettled_branches
from storage.records import Branch, Commit, Corrections, DeploymentState
from tests.builders import COMPANY, NOON, change_of, deployment_of, merged_of, policy_of, situation

HOUR = timedelta(hours=1)
CUT = Branch("branch:acme/api:release/2.4", "acme/api", "release/2.4", exists=True, created_at=NOON - 5 * HOUR)
FAILED = deployment_of("f", "9", state=DeploymentState.FAILED, deployer="github/cho")


def delivery(*records, text=COMPANY, **more):
    return list(of_delivery(situation(*records, policy=policy_of(text), **more)))


def test_a_merged_change_waits_to_be_deployed_by_the_services_owner():
    (found,) = delivery(merged_of(merged_at=NOON - 2 * HOUR))
    assert (found.kind, found.subject, found.owner) == (BlockerKind.AWAITING_DEPLOY, "acme/api#101", "Anna Berg")
    assert found.next_action is NextAction.DEPLOY
    assert found.waiting_hours == pytest.approx(2)


def test_without_an_owner_who_deployed_last_deploys_else_the_owners_of_the_repository():
    text = COMPANY.replace('owner = "anna"', "")
    last = deployment_of("old", created_at=NOON - timedelta(days=9), deployer="github/cho")
    robot = deployment_of("new", "2", created_at=NOON - timedelta(days=8), deployer="github/deploy[bot]")
    assert delivery(merged_of(), last, robot, text=text)[0].owner == "cho"
    owned = text + '[repositories."acme/api"]\nowners = ["bo"]\n'
    assert delivery(merged_of(), text=owned)[0].owner == "bo"
    assert delivery(merged_of(), text=text)[0].unowned


def test_what_is_in_production_or_said_to_be_blocks_nothing():
    assert delivery(merged_of(), deployment_of(merged_of().merge_sha)) == []
    assert delivery(merged_of(corrections=Corrections(shipped_at=NOON))) == []


def test_without_a_source_of_deployments_nothing_is_said_to_wait_for_one():
    assert delivery(merged_of(), deploying=()) == []


def test_a_failed_deployment_is_one_blocker_for_all_that_it_held():
    (found,) = delivery(merged_of(1), merged_of(2, merged_at=NOON - timedelta(days=3)), FAILED)
    assert (found.kind, found.subject, found.object) == (BlockerKind.DEPLOY_FAILED, "api", "deployment:github/9")
    assert (found.owner, found.unblocks, found.next_action) == ("Anna Berg", 2, NextAction.MEND_DEPLOY)
    assert found.turn_began_at == NOON - timedelta(days=3)
    assert found.waiting_since == NOON
    assert found.detail == "acme/api#1, acme/api#2"


def test_what_was_merged_after_the_failed_deployment_began_waits_for_the_next():
    later = merged_of(2, merged_at=NOON + HOUR)
    kinds = {b.subject: b.kind for b in delivery(merged_of(1), later, FAILED, now=NOON + 2 * HOUR)}
    assert kinds == {"api": BlockerKind.DEPLOY_FAILED, "acme/api#2": BlockerKind.AWAITING_DEPLOY}


def test_a_failed_deployment_of_what_is_in_production_already_blocks_nothing():
    before = deployment_of(merged_of().merge_sha, created_at=NOON - HOUR, finished_at=NOON - HOUR)
    assert delivery(merged_of(), before, FAILED) == []


def test_a_change_merged_after_the_cut_is_not_on_the_branch_and_its_author_brings_it():
    (found,) = delivery(merged_of(merged_at=NOON - 4 * HOUR), CUT)
    assert (found.kind, found.owner, found.next_action) == (BlockerKind.NOT_IN_BRANCH, "bo", NextAction.BRING_TO_BRANCH)
    assert found.detail == "merged to main, not on release/2.4"


def test_an_open_change_that_brings_it_over_is_the_blocker_instead():
    bringing = change_of(2, title="Change 101", base="release/2.4")
    assert delivery(merged_of(merged_at=NOON - 4 * HOUR), CUT, bringing) == []


def test_a_branch_whose_beginning_nobody_saw_is_counted_as_unknown():
    unseen = Branch(CUT.object, "acme/api", "release/2.4", exists=True)
    told = situation(merged_of(1), merged_of(2, base="release/2.4"), unseen)
    assert unsettled_branches(told) == 1
    assert [b.kind for b in of_delivery(told)] == [BlockerKind.AWAITING_DEPLOY] * 2


def test_a_partly_exposed_rollout_is_not_shipped():
    partly = deployment_of(merged_of().merge_sha, exposure=0.25)
    (found,) = delivery(merged_of(), partly)
    assert (found.kind, found.subject, found.owner) == (BlockerKind.ROLLOUT_INCOMPLETE, "api", "Anna Berg")
    assert "25%" in found.title
    assert found.next_action is NextAction.RAISE_EXPOSURE
    assert delivery(merged_of(), deployment_of(merged_of().merge_sha, exposure=1.0)) == []


def test_open_changes_have_no_blockers_of_delivery():
    assert delivery(change_of()) == []


def test_an_older_deployed_commit_leaves_a_later_change_waiting():
    old = Commit("commit:acme/api@old", "acme/api", "old", landed_on="main", landed_at=NOON - timedelta(days=9))
    assert delivery(merged_of(), deployment_of("old"), old)[0].kind is BlockerKind.AWAITING_DEPLOY
