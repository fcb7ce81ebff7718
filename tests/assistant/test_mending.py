"""Which deployments put right what an earlier one had brought?"""

from datetime import timedelta

import pytest

from assistant.mending import Purpose, mendings
from storage.records import DeploymentState
from tests.builders import NOON, deployment_of, merged_of

HOUR = timedelta(hours=1)


def deployed(name, hours, sha, **more):
    at = NOON + hours * HOUR
    return deployment_of(sha, name, **({"created_at": at, "finished_at": at} | more))


def found(*deployments, landed=None, changes=()):
    told = mendings(deployments, landed or {}, changes)
    return [(m.purpose, m.deployment.object[-1], m.mends.object[-1] if m.mends else None) for m in told]


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_deployment_is_what_it_says_it_is_and_mends_what_was_out_before(purpose):
    assert found(deployed("1", 0, "a"), deployed("2", 1, "b", purpose=purpose.value)) == [(purpose, "2", "1")]
    assert found(deployed("2", 1, "b", purpose=purpose.value)) == [(purpose, "2", None)]


def test_going_back_to_what_was_out_before_is_a_rollback():
    assert found(deployed("1", 0, "a"), deployed("2", 1, "b"), deployed("3", 2, "a")) == [(Purpose.ROLLBACK, "3", "2")]


def test_bringing_what_was_rolled_back_out_again_is_none():
    back = (deployed("1", 0, "a"), deployed("2", 1, "b"), deployed("3", 2, "a"))
    assert found(*back, deployed("4", 3, "b")) == [(Purpose.ROLLBACK, "3", "2")]


def test_going_back_to_what_landed_earlier_is_a_rollback():
    landed = {("acme/api", "a"): {"main": NOON - HOUR}, ("acme/api", "b"): {"main": NOON}}
    assert found(deployed("2", 1, "b"), deployed("3", 2, "a"), landed=landed) == [(Purpose.ROLLBACK, "3", "2")]
    assert found(deployed("2", 1, "a"), deployed("3", 2, "b"), landed=landed) == []


def test_two_pipelines_that_overtook_each_other_roll_nothing_back():
    slow = deployed("2", 0, "a", finished_at=NOON + 2 * HOUR)
    assert found(deployed("1", -9, "a"), deployed("3", 1, "b"), slow) == []


@pytest.mark.parametrize("more", [{"environment": "eu"}, {"repository": "acme/web"}, {"state": DeploymentState.FAILED}])
def test_another_place_and_what_never_went_out_roll_nothing_back(more):
    assert found(deployed("1", 0, "a", **more), deployed("2", 1, "b"), deployed("3", 2, "a", **more)) == []


def test_a_hotfix_is_known_by_the_name_of_its_branch():
    assert found(deployed("1", 0, "a"), deployed("2", 1, "b", ref="hotfix/total")) == [(Purpose.HOTFIX, "2", "1")]
    change = merged_of(5, head="hotfix-total")
    told = found(deployed("1", 0, "a"), deployed("2", 1, change.merge_sha), changes=(change,))
    assert told == [(Purpose.HOTFIX, "2", "1")]
