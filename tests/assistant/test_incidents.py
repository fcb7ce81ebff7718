"""Whose is an incident, on which services, and who may know of it?"""

import pytest

from assistant.blockers.blocker import Owner
from assistant.incidents import commanders, in_production, may_see, services_of
from assistant.people import people_of
from assistant.policy.loading import PolicyError
from assistant.viewer import shared_in
from tests.builders import COMPANY, incident_of, policy_of, viewer

POLICY = policy_of(
    COMPANY.replace(
        'owner = "anna"', 'owner = "anna"\nincidents = ["Checkout API", "PAPI111"]\nenvironments = ["eu"]'
    ).replace('github = ["anna"]', 'github = ["anna"]\npagerduty = ["PANNA01"]')
    + '[access.people]\nbo = ["acme/web"]\nanna = ["acme/api"]\n[access.channels]\nC9 = ["acme/web"]\n'
)


@pytest.mark.parametrize(
    ("called", "keys"),
    [
        (("checkout api", "PAPI999"), ("api",)),
        (("papi111",), ("api",)),
        (("API",), ("api",)),
        (("web", "Checkout API"), ("api", "web")),
        (("payments",), ()),
        ((), ()),
    ],
)
def test_a_service_goes_by_its_key_and_by_what_its_sources_call_it(called, keys):
    assert services_of(incident_of(services=called), POLICY) == keys


@pytest.mark.parametrize(
    ("incident", "who", "seen"),
    [
        ({"services": ("PAPI111",)}, "person/anna", True),
        ({"services": ("PAPI111",)}, "person/bo", False),
        ({"services": ("PAPI111", "web")}, "person/bo", True),
        ({"services": ("payments",)}, "person/bo", True),
        ({"services": ()}, "person/cho", True),
        ({"repository": "acme/api", "services": ("web",)}, "person/bo", False),
        ({"repository": "acme/web"}, "person/bo", True),
    ],
)
def test_who_sees_a_repository_of_its_services_sees_it_and_of_no_known_service_everybody_inside(incident, who, seen):
    assert may_see(incident_of(**incident), viewer(who, POLICY), POLICY) is seen


def test_outsiders_and_channels_see_no_more_than_they_may():
    unknown, web = incident_of(services=()), incident_of(services=("web",))
    outsider = viewer("slack/U9", POLICY, inside=False)
    assert not may_see(unknown, outsider, POLICY)
    assert not may_see(web, outsider, POLICY)
    channel = shared_in(viewer("person/cho", POLICY), POLICY, "C9")
    assert may_see(web, channel, POLICY)
    assert not may_see(incident_of(services=("api",)), channel, POLICY)


@pytest.mark.parametrize(
    ("where", "hurts"),
    [(None, True), ("Production", True), ("eu", True), ("prod1", True), ("staging", False), ("QA", False)],
)
def test_what_breaks_where_no_customer_is_hurts_nobody(where, hurts):
    assert in_production(incident_of(environment=where), POLICY) is hurts


def test_an_environment_that_the_configuration_calls_production_is():
    policy = policy_of('[services.api]\nrepository = "acme/api"\nenvironments = ["preview"]')
    assert in_production(incident_of(environment="preview"), policy)


def test_its_commanders_are_known_people_or_go_by_the_name_their_source_gives():
    people = people_of(POLICY)
    on_it = incident_of(assignees=("pagerduty/panna01", "pagerduty/PCHO002", "github/bo"), names=("A. B.", "Cho Park"))
    assert commanders(on_it, people) == (
        Owner("person/anna", "Anna Berg"), Owner("pagerduty/PCHO002", "Cho Park"), Owner("person/bo", "bo"),
    )  # fmt: skip
    twice = incident_of(assignees=("pagerduty/PANNA01", "github/anna"))
    assert len(commanders(twice, people)) == 1
    assert commanders(incident_of(assignees=("github/dependabot[bot]",)), people) == ()


def test_one_account_is_one_persons():
    with pytest.raises(PolicyError, match="pagerduty"):
        policy_of('[people.a]\npagerduty = ["P1"]\n[people.b]\npagerduty = ["p1"]')
