"""Deployments fail, not incidents: surely where something says so, perhaps where only the service and the time do."""

from datetime import timedelta

import numpy as np
import pytest

from assistant.failing import carriers, failing, quiet_from
from storage.records import Deployment, DeploymentState
from tests.builders import COMPANY, NOON, at, deployment_of, facts_of, incident_of, policy_of
from tests.delivered import DAY, HOUR, Way, deployments_of, flow_of

POLICY = policy_of(COMPANY)
WAYS = tuple(Way(n, NOON - (10 - n) * DAY) for n in range(1, 6))


def found(*ways, incidents=(), deployments=None, undone=()):
    deployments = deployments_of(*ways) if deployments is None else deployments
    flow = flow_of(*ways, undone=undone)
    carried = carriers(flow, deployments, POLICY)
    return failing(facts_of(*deployments), incidents, flow, carried, POLICY)


def short(names):
    return sorted(name.rpartition("/")[2] for name in names)


def incident(began, hours=3, **more):
    closed = None if hours is None else began + timedelta(hours=hours)
    return incident_of(opened_at=began, open=hours is None, closed_at=closed, last_event_at=closed or began, **more)


def test_without_any_word_nothing_failed():
    result = found(*WAYS)
    assert len(result.out) == 5
    assert (result.surely, result.maybe, result.rework, result.recoveries) == (
        frozenset(),
        frozenset(),
        frozenset(),
        (),
    )


def test_an_incident_that_names_a_change_makes_its_deployment_fail_for_certain():
    result = found(*WAYS, incidents=[incident(WAYS[2].out + HOUR, root_causes=("change:acme/api#3",))])
    assert short(result.surely) == short(result.maybe) == ["3"]


def test_a_commit_that_was_brought_by_a_later_one_is_found_by_its_change():
    later = deployment_of("f" * 40, "later", created_at=WAYS[0].out, finished_at=WAYS[0].out)
    named = f"commit:acme/api@{1:039x}f"
    result = found(WAYS[0], deployments=(later,), incidents=[incident(NOON, root_causes=(named,))])
    assert short(result.surely) == ["later"]


@pytest.mark.parametrize(("services", "failed"), [(("api",), ["later"]), ((), ["later"]), (("web",), [])])
def test_a_commit_without_a_repository_is_found_in_the_services_that_the_incident_names(services, failed):
    later = deployment_of("f" * 40, "later", created_at=WAYS[0].out, finished_at=WAYS[0].out)
    told = incident(NOON, root_causes=(f"commit:@{1:039x}f",), services=services)
    assert short(found(WAYS[0], deployments=(later,), incidents=[told]).surely) == failed


def test_an_incident_on_the_service_makes_all_of_72_hours_fail_perhaps():
    result = found(*WAYS, incidents=[incident(WAYS[3].out + HOUR)])
    assert short(result.surely) == []
    assert short(result.maybe) == ["2", "3", "4"]


def test_a_rollback_fails_what_was_out_before_it_and_is_itself_rework():
    out = deployments_of(*WAYS)
    back = deployment_of(out[1].sha, "back", created_at=WAYS[4].out + HOUR, finished_at=WAYS[4].out + 2 * HOUR)
    result = found(*WAYS, deployments=(*out, back))
    assert (short(result.surely), short(result.rework)) == (["5"], ["back"])
    assert [(one.object.rpartition("/")[2], one.hours) for one in result.recoveries] == [("5", 2.0)]


def test_a_hotfix_that_its_source_calls_so_is_rework():
    out = deployments_of(*WAYS)
    fix = deployment_of("e" * 40, "fix", created_at=WAYS[4].out + DAY, finished_at=WAYS[4].out + DAY, purpose="hotfix")
    result = found(*WAYS, deployments=(*out, fix))
    assert (short(result.surely), short(result.maybe), short(result.rework)) == ([], ["5"], ["fix"])
    assert result.recoveries == ()


@pytest.mark.parametrize(("hours", "perhaps"), [(72, ["5"]), (73, []), (936, [])])
def test_a_hotfix_mends_nothing_that_was_out_for_longer_than_the_window(hours, perhaps):
    out, began = deployments_of(*WAYS), WAYS[4].out + hours * HOUR
    fix = deployment_of("e" * 40, "fix", created_at=began, finished_at=began + HOUR, purpose="hotfix")
    result = found(*WAYS, deployments=(*out, fix))
    assert (short(result.maybe), short(result.rework), result.recoveries) == (perhaps, ["fix"], ())
    assert list(result.over) == [f"deployment:github/{name}" for name in perhaps]


def test_a_hotfix_of_what_an_incident_names_leaves_it_certain_and_recovered_as_the_incident_says():
    out = deployments_of(*WAYS)
    fix = deployment_of("e" * 40, "fix", created_at=NOON, finished_at=NOON, purpose="hotfix")
    hurt = incident(WAYS[4].out + HOUR, hours=4, root_causes=("change:acme/api#5",))
    result = found(*WAYS, deployments=(*out, fix), incidents=[hurt])
    assert (short(result.surely), [one.hours for one in result.recoveries]) == (["5"], [4.0])


def test_a_rollback_long_after_failed_it_for_certain_but_since_when_it_hurt_is_not_known():
    out, began = deployments_of(*WAYS), WAYS[4].out + 936 * HOUR
    back = deployment_of(out[1].sha, "back", created_at=began, finished_at=began + HOUR)
    result = found(*WAYS, deployments=(*out, back))
    assert (short(result.surely), result.recoveries) == (["5"], ())


def test_a_revert_fails_the_deployment_of_what_it_reverts():
    ways = (*WAYS[:3], Way(4, WAYS[3].merged, mends=True))
    result = found(*ways, undone=[(3, 1)])
    assert (short(result.surely), short(result.rework)) == (["2"], ["4"])
    assert result.recoveries == ()  # since when it hurt, nobody said


def test_what_was_reverted_before_it_was_out_failed_nobody():
    moment = WAYS[1].merged + DAY
    ways = (WAYS[0], Way(2, WAYS[1].merged, deployed=moment), Way(3, WAYS[1].merged + HOUR, deployed=moment))
    result = found(*ways, deployments=deployments_of(ways[0], ways[2]), undone=[(2, 1)])
    assert result.surely == frozenset()


def test_a_deployment_that_brings_an_incidents_fix_is_rework():
    assert short(found(*WAYS[:3], Way(4, NOON - DAY, mends=True)).rework) == ["4"]


def test_a_failed_run_of_a_pipeline_is_no_deployment():
    out = deployments_of(*WAYS)
    broken = deployment_of("e" * 40, "x", created_at=NOON, finished_at=NOON, state=DeploymentState.FAILED)
    result = found(*WAYS, deployments=(*out, broken), incidents=[incident(NOON)])
    assert "x" not in short(one.object for one in result.out)
    assert "x" not in short(result.maybe)


def test_recovery_counts_from_when_it_hurt_until_it_was_over():
    result = found(*WAYS, incidents=[incident(WAYS[4].out + 9 * HOUR, hours=5)])
    assert [one.hours for one in result.recoveries] == [5.0]


def test_what_still_hurts_has_no_recovery_yet():
    result = found(*WAYS, incidents=[incident(WAYS[4].out + HOUR, hours=None)])
    assert [one.hours for one in result.recoveries] == [None]


def test_one_failure_that_an_incident_and_a_hotfix_tell_of_is_recovered_from_once():
    out = deployments_of(*WAYS)
    fix = deployment_of("e" * 40, "fix", created_at=NOON, finished_at=NOON, purpose="hotfix")
    result = found(
        *WAYS, deployments=(*out, fix), incidents=[incident(WAYS[4].out + HOUR, root_causes=("change:acme/api#5",))]
    )
    assert len(result.recoveries) == 1


def test_quiet_begins_with_production_or_when_what_failed_was_over():
    result_at = WAYS[4].out + 2 * HOUR
    incidents = [incident(result_at, hours=4, root_causes=("change:acme/api#5",))]
    flow, out = flow_of(*WAYS), deployments_of(*WAYS)
    carried = carriers(flow, out, POLICY)
    result = failing(facts_of(*out), incidents, flow, carried, POLICY)
    quiet = quiet_from(flow, carried, result.over)
    assert quiet[:4].tolist() == flow.deployed[:4].tolist()
    assert quiet[4] == (result_at + 4 * HOUR).timestamp()


def test_while_something_hurts_there_is_no_quiet():
    flow, out = flow_of(*WAYS), deployments_of(*WAYS)
    carried = carriers(flow, out, POLICY)
    lasting = [incident(NOON - HOUR, hours=None, root_causes=("change:acme/api#5",))]
    quiet = quiet_from(flow, carried, failing(facts_of(*out), lasting, flow, carried, POLICY).over)
    assert np.isnan(quiet).tolist() == [False, False, False, False, True]


def test_a_deployment_that_only_names_its_service_carries_the_changes_of_its_repository():
    way = Way(1, at("2026-11-10T12:00"))
    out = Deployment("deployment:cdevents/1", None, "API", "production", None, None, DeploymentState.SUCCEEDED, way.out,
                     finished_at=way.out)  # fmt: skip
    assert carriers(flow_of(way), (out,), POLICY) == [out]
