"""Which deployment and which change did an incident come from, and how sure is that?"""

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.links import Link, Links, Tier, links_of
from storage.records import Corrections, DeploymentState
from tests.builders import COMPANY, NOON, deployment_of, incident_of, merged_of, policy_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
POLICY = policy_of(COMPANY)
CHANGE = merged_of(1, merged_at=NOON - 3 * HOUR)
OTHER = merged_of(2, merged_at=NOON - 30 * HOUR)


def deployed(name, hours_ago, sha="", **more):
    at = NOON - hours_ago * HOUR
    return deployment_of(sha or f"sha{name}", name, created_at=at, finished_at=at, **more)


def links(*deployments, changes=(CHANGE, OTHER), landed=None, policy=POLICY, **incident):
    return links_of(incident_of(**incident), deployments, changes, landed or {}, policy)


def told(*deployments, **more):
    return [(link.tier, link.deployment.object.rpartition("/")[2]) for link in links(*deployments, **more)]


def test_without_a_word_all_deployments_of_its_service_within_72_hours_are_candidates_nearest_first():
    found = told(deployed("1", 71), deployed("2", 3), deployed("3", 73), deployed("4", -1))
    assert found == [(Tier.SAME_SERVICE, "2"), (Tier.SAME_SERVICE, "1")]


def test_a_link_says_how_long_the_deployment_was_out():
    assert [link.hours_before for link in links(deployed("2", 3))] == [3.0]


def test_a_deployment_that_was_still_going_out_when_it_began_is_a_candidate():
    rolling = deployment_of("a", "1", created_at=NOON - HOUR, finished_at=NOON + HOUR)
    assert [(link.tier, link.hours_before) for link in links(rolling)] == [(Tier.SAME_SERVICE, 0.0)]


@pytest.mark.parametrize(
    "more",
    [
        {"repository": "acme/web"},
        {"service": "web"},
        {"service": "worker"},
        {"state": DeploymentState.FAILED},
        {"state": DeploymentState.RUNNING, "finished_at": None},
    ],
)
def test_another_service_and_what_never_went_out_are_none(more):
    one = deployment_of("a", "1", **({"created_at": NOON - HOUR, "finished_at": NOON - HOUR} | more))
    assert links(one) == (Link(incident_of(), Tier.NONE),)


def test_services_go_by_the_names_that_the_source_of_incidents_uses():
    policy = policy_of(COMPANY + 'incidents = ["Web shop"]\n')
    one = deployed("1", 1, service="web", repository=None)
    assert told(one, policy=policy, services=("Web Shop",)) == [(Tier.SAME_SERVICE, "1")]
    assert links(one, services=("Web Shop",))[0].tier is Tier.NONE


def test_an_incident_that_names_no_service_is_on_those_of_its_repository():
    one = deployed("1", 1, service="api", repository=None)
    assert told(one, services=(), repository="acme/api") == [(Tier.SAME_SERVICE, "1")]
    assert links(one, services=(), repository="acme/web")[0].tier is Tier.NONE


@pytest.mark.parametrize(
    "cause",
    [CHANGE.object, CHANGE.object.upper().replace("CHANGE", "change"), f"commit:acme/api@{CHANGE.merge_sha[:9]}"],
)
def test_what_it_names_is_explicit_and_known_by_the_first_deployment_with_it(cause):
    first, later = deployed("1", 2, CHANGE.merge_sha), deployed("2", 1)
    landed = {("acme/api", "sha2"): {"main": NOON - HOUR}}
    (link,) = links(later, first, landed=landed, root_causes=(cause,))
    assert (link.tier, link.change, link.deployment, link.named) == (Tier.EXPLICIT, CHANGE, first, cause)


def test_a_commit_without_a_repository_is_found_by_its_beginning():
    (link,) = links(root_causes=(f"commit:@{CHANGE.merge_sha[:8]}",))
    assert link.change is CHANGE


@pytest.mark.parametrize(("services", "known"), [(("api",), True), (("web",), False), ((), True)])
def test_such_a_commit_is_of_the_services_that_the_incident_names(services, known):
    named, out = f"commit:@{CHANGE.merge_sha[:9].upper()}", deployed("1", 2, CHANGE.merge_sha)
    (link,) = links(out, root_causes=(named,), services=services)
    assert (link.tier, link.named) == (Tier.EXPLICIT, named)
    assert (link.change, link.deployment) == ((CHANGE, out) if known else (None, None))


def test_such_a_commit_is_looked_for_where_it_struck_and_not_in_another_service_with_one_like_it():
    web = replace(CHANGE, object="change:acme/web#1", repository="acme/web")
    twins = (web, CHANGE)
    shops = [deployed(name, 2, CHANGE.merge_sha, service=name, repository=None) for name in ("web", "api")]
    (link,) = links(*shops, changes=twins, root_causes=(f"commit:@{CHANGE.merge_sha[:7]}",))
    assert (link.change, link.deployment) == (CHANGE, shops[1])


def test_a_service_that_nobody_configured_goes_by_the_name_of_its_repository():
    named = f"commit:@{CHANGE.merge_sha[:7]}"
    (link,) = links(policy=policy_of(""), root_causes=(named,))
    assert link.change is CHANGE


def test_between_those_that_were_first_out_with_something_nothing_mends():
    old, back = deployed("1", 400, "b"), deployed("2", 1, "a", purpose="rollback")
    linker = Links([back], (), {}, POLICY, first_out=[old])
    assert [mending.mends for mending in linker.mendings] == [None]
    early = incident_of(opened_at=NOON - 399 * HOUR)
    assert [link.deployment for link in linker.of(early)] == [old]


def test_a_beginning_that_is_too_short_names_nothing():
    (link,) = links(root_causes=(f"commit:acme/api@{CHANGE.merge_sha[:6]}",))
    assert (link.change, link.deployment) == (None, None)


def test_a_deployment_can_be_named_however_long_ago_it_was():
    assert told(deployed("1", 500), deployed("2", 1), root_causes=("deployment:github/1",)) == [(Tier.EXPLICIT, "1")]


def test_a_cause_that_nobody_saw_is_explicit_all_the_same():
    (link,) = links(deployed("1", 1), root_causes=("change:acme/api#999",))
    assert (link.tier, link.deployment, link.named) == (Tier.EXPLICIT, None, "change:acme/api#999")


def test_what_was_reverted_to_close_it_is_explicit():
    revert = merged_of(9, reverts=(OTHER.object,), closes=("incident:pagerduty/PAGE1",))
    (link,) = links(changes=(CHANGE, OTHER, revert))
    assert (link.tier, link.change) == (Tier.EXPLICIT, OTHER)


def test_what_was_rolled_back_while_it_lasted_is_explicit():
    bad, back = deployed("2", 3, "b"), deployed("3", -1, "a")
    assert told(deployed("1", 50, "a"), bad, back) == [(Tier.EXPLICIT, "2")]
    over = {"open": False, "closed_at": NOON + HOUR / 2}
    assert told(deployed("1", 50, "a"), bad, back, **over) == [(Tier.SAME_SERVICE, "2"), (Tier.SAME_SERVICE, "1")]


def test_a_rollback_of_another_service_ends_nothing():
    bad, back = (deployed(n, h, s, service="web") for n, h, s in (("2", 3, "b"), ("3", -1, "a")))
    assert links(deployed("1", 50, "a", service="web"), bad, back)[0].tier is Tier.NONE


def test_what_a_person_linked_is_explicit():
    said = Corrections(linked=(OTHER.object, "ticket:acme/api#5"))
    assert [(link.tier, link.change) for link in links(deployed("1", 1), corrections=said)] == [(Tier.EXPLICIT, OTHER)]


@pytest.mark.parametrize("name", ["deployment:github/2", CHANGE.object, f"commit:acme/api@{CHANGE.merge_sha}"])
def test_what_a_person_took_away_is_gone_whatever_it_was_called_by(name):
    denied = Corrections(not_linked=(name,))
    assert told(deployed("2", 2, CHANGE.merge_sha), deployed("1", 9), corrections=denied) == [(Tier.SAME_SERVICE, "1")]


def test_a_named_cause_can_be_taken_away_and_the_candidates_come_back():
    denied = Corrections(not_linked=(OTHER.object,))
    assert told(deployed("1", 9), root_causes=(OTHER.object,), corrections=denied) == [(Tier.SAME_SERVICE, "1")]


def test_many_incidents_are_linked_by_one_look_at_the_deployments():
    linker = Links([deployed("1", 5), deployed("2", 200)], (), {}, POLICY)
    early = incident_of("P2", opened_at=NOON - 150 * HOUR)
    assert [linker.of(one)[0].deployment.object[-1] for one in (incident_of(), early)] == ["1", "2"]
