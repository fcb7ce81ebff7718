"""Has a change reached production, as far as the deployments tell?"""

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.records import Branch, Commit, Corrections, DeploymentState
from tests.builders import COMPANY, NOON, deployment_of, merged_of, policy_of, situation

HOUR = timedelta(hours=1)
CHANGE = merged_of(1, merged_at=NOON - 3 * HOUR)


def landed(sha, at, on="main"):
    return Commit(f"commit:acme/api@{sha}", "acme/api", sha, landed_on=on, landed_at=at)


def reached(*records, change=CHANGE, text=COMPANY):
    return situation(change, *records, policy=policy_of(text)).production.reached(change)


def test_its_own_commit_deployed_is_in_production_when_the_deployment_ended():
    assert reached(deployment_of(CHANGE.merge_sha, finished_at=NOON + HOUR)) == NOON + HOUR


def test_a_later_commit_of_the_branch_brings_it_along_and_an_older_one_does_not():
    assert reached(deployment_of("b"), landed("b", NOON - HOUR)) == NOON
    assert reached(deployment_of("a"), landed("a", NOON - 4 * HOUR)) is None


def told_of(*records):
    production = situation(CHANGE, *records).production
    return production.reached(CHANGE), production.lacks(CHANGE), [d.sha for _, d in production.unsettled(CHANGE)]


def test_whether_a_commit_nobody_saw_land_holds_it_is_unknown_unless_it_was_deployed_before_the_merge():
    assert told_of(deployment_of("x")) == (None, False, ["x"])
    assert told_of(deployment_of("x", created_at=NOON - 4 * HOUR)) == (None, True, [])


def test_a_commit_nobody_saw_land_takes_out_what_was_in_production():
    back = deployment_of("x", "2", created_at=NOON + HOUR, finished_at=NOON + HOUR)
    assert told_of(deployment_of(CHANGE.merge_sha), back) == (None, False, ["x"])


def test_but_not_that_it_shipped_before_that():
    unseen = deployment_of("x", "2", created_at=NOON + HOUR, finished_at=NOON + HOUR)
    known = landed("a", NOON - 4 * HOUR)
    older = deployment_of("a", "3", created_at=NOON + HOUR / 2, finished_at=NOON + HOUR / 2)

    def shipped(*records):
        return situation(CHANGE, *records).production.shipped(CHANGE)

    assert shipped(deployment_of(CHANGE.merge_sha), unseen) == NOON
    assert shipped(unseen) is None
    assert shipped(deployment_of(CHANGE.merge_sha), older, unseen, known) is None
    assert shipped(deployment_of(CHANGE.merge_sha), older, known) is None


def test_where_one_place_lacks_it_what_another_runs_does_not_matter():
    text = COMPANY.replace('owner = "anna"', 'targets = ["eu", "us"]')
    production = situation(CHANGE, deployment_of("x", environment="eu"), policy=policy_of(text)).production
    assert production.lacks(CHANGE)
    assert production.unsettled(CHANGE) == ()


def test_a_deployment_of_an_older_commit_takes_it_out_again():
    back = deployment_of("a", "2", created_at=NOON + HOUR, finished_at=NOON + HOUR)
    assert reached(deployment_of(CHANGE.merge_sha), back, landed("a", NOON - 4 * HOUR)) is None


def test_the_first_deployment_that_held_it_says_since_when():
    again = deployment_of("c", "2", created_at=NOON + HOUR, finished_at=NOON + HOUR)
    assert reached(deployment_of("b"), again, landed("b", NOON), landed("c", NOON + HOUR)) == NOON


def first_out(*deployments, text=COMPANY, newest=None):
    newest = newest or deployment_of("c", "9", created_at=NOON + 9 * HOUR, finished_at=NOON + 9 * HOUR)
    known = landed("b", NOON), landed("c", NOON + 8 * HOUR), landed("a", NOON - 4 * HOUR)
    told = situation(CHANGE, newest, *known, policy=policy_of(text), first_out=deployments)
    return told.production.reached(CHANGE), [one.object[-1] for one in told.production.brought_by(CHANGE)]


def test_an_old_deployment_that_held_it_first_says_since_when_though_newer_ones_hid_it():
    assert first_out() == (NOON + 9 * HOUR, ["9"])
    assert first_out(deployment_of("b")) == (NOON, ["1"])


def test_of_another_service_or_environment_it_says_nothing():
    assert first_out(deployment_of("b", service="worker"))[0] == NOON + 9 * HOUR
    assert first_out(deployment_of("b", environment="staging"))[0] == NOON + 9 * HOUR


def test_what_was_taken_back_since_is_not_out_whatever_brought_it_first():
    back = deployment_of("a", "9", created_at=NOON + 9 * HOUR, finished_at=NOON + 9 * HOUR)
    assert first_out(deployment_of("b"), newest=back)[0] is None


def test_each_target_has_its_own_first():
    text = COMPANY.replace('owner = "anna"', 'targets = ["eu"]')
    newest = deployment_of("c", "9", created_at=NOON + 9 * HOUR, finished_at=NOON + 9 * HOUR, environment="eu")
    assert first_out(deployment_of("b"), text=text, newest=newest)[0] == NOON + 9 * HOUR
    assert first_out(deployment_of("b", environment="eu"), text=text, newest=newest)[0] == NOON


@pytest.mark.parametrize(
    "more",
    [
        {"state": DeploymentState.FAILED}, {"state": DeploymentState.RUNNING}, {"state": DeploymentState.INACTIVE},
        {"environment": "staging"}, {"repository": "acme/web"}, {"repository": None, "service": "web"},
    ],
)  # fmt: skip
def test_what_did_not_succeed_or_went_elsewhere_is_no_production(more):
    assert reached(deployment_of(CHANGE.merge_sha, **more)) is None


@pytest.mark.parametrize("more", [{"environment": "Production"}, {"repository": None, "service": "API"}])
def test_environments_and_services_are_named_in_any_case(more):
    assert reached(deployment_of(CHANGE.merge_sha, **more)) == NOON


def test_every_target_must_have_it():
    text = COMPANY.replace('owner = "anna"', 'targets = ["eu", "us"]')
    eu = deployment_of(CHANGE.merge_sha, environment="eu")
    us = deployment_of(CHANGE.merge_sha, "2", environment="us", finished_at=NOON + HOUR)
    assert reached(eu, text=text) is None
    assert reached(eu, us, text=text) == NOON + HOUR


def test_a_repository_without_a_configured_service_is_one_itself():
    assert reached(deployment_of(CHANGE.merge_sha), text="") == NOON
    assert reached(deployment_of(CHANGE.merge_sha, repository=None, service="api"), text="") == NOON


def test_a_person_who_says_it_shipped_is_believed():
    said = replace(CHANGE, corrections=Corrections(shipped_at=NOON - HOUR))
    assert reached(change=said) == NOON - HOUR


def test_a_deployed_release_branch_holds_what_is_on_it():
    cut = Branch("branch:acme/api:release/2.4", "acme/api", "release/2.4", exists=True, created_at=NOON - 2 * HOUR)
    deployed = (deployment_of("r"), landed("r", NOON - HOUR, on="release/2.4"))
    assert reached(cut, *deployed) == NOON
    assert reached(replace(cut, created_at=NOON - 4 * HOUR), *deployed) is None


def test_a_deployed_release_branch_holds_what_was_brought_there_by_then():
    cut = Branch("branch:acme/api:release/2.4", "acme/api", "release/2.4", exists=True, created_at=NOON - 4 * HOUR)
    brought = merged_of(2, title=CHANGE.title, base="release/2.4", merged_at=NOON - 2 * HOUR)
    early, late = (landed("r", NOON - hours * HOUR, on="release/2.4") for hours in (2.5, 1))
    assert reached(cut, brought, deployment_of("r"), early) is None
    assert reached(cut, brought, deployment_of("r"), late) == NOON


def test_a_deployed_release_branch_of_which_nobody_saw_the_beginning_leaves_it_unknown():
    cut = Branch("branch:acme/api:release/2.4", "acme/api", "release/2.4", exists=True)
    assert told_of(cut, deployment_of("r"), landed("r", NOON - HOUR, on="release/2.4")) == (None, False, ["r"])


def test_an_unmerged_change_is_in_no_deployment():
    open_one = replace(CHANGE, merged_at=None)
    told = situation(open_one, deployment_of("x"))
    assert told.production.reached(open_one) is None
    assert not told.production.holds(deployment_of("x"), open_one)


@pytest.mark.parametrize(
    ("deploying", "has"),
    [(("acme/api",), True), (("api",), True), (("web",), False), ((), False), (("ACME/API",), True)],
)
def test_a_source_is_one_that_ever_told_of_a_deployment(deploying, has):
    assert situation(CHANGE, deploying=deploying).production.has_source("acme/api") is has


def test_the_newest_attempt_is_the_one_that_counts_as_failed():
    failed = deployment_of("f", "2", state=DeploymentState.FAILED, created_at=NOON + HOUR, finished_at=NOON + HOUR)
    (place,) = situation(CHANGE, deployment_of("b"), failed).production.places("acme/api")
    assert place.failed == failed
    assert place.newest.sha == "b"
    mended = deployment_of("g", "3", created_at=NOON + 2 * HOUR, finished_at=NOON + 2 * HOUR)
    (place,) = situation(CHANGE, deployment_of("b"), failed, mended).production.places("acme/api")
    assert place.failed is None
