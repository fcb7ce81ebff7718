"""Did anybody watch these services for incidents?"""

from datetime import timedelta

import pytest

from assistant.coverage import concerned, coverage_of
from storage.facts import Facts, Freshness
from storage.incidents import of_ticket
from tests.builders import COMPANY, NOON, incident_of, policy_of, ticket_of

DAY = timedelta(days=1)
POLICY = policy_of(COMPANY)
WATCHED = policy_of(COMPANY + 'watched_by = ["pagerduty"]\n')  # web, the last service of the company
OLD = incident_of(open=False, opened_at=NOON - 60 * DAY, closed_at=NOON - 60 * DAY)


def coverage(*incidents, heard=None, repositories=("acme/api",), policy=POLICY, until=NOON):
    heard = {"pagerduty": NOON, "github": NOON} if heard is None else heard
    facts = Facts(incidents=incidents, freshness=Freshness(heard, {}))
    return coverage_of(concerned(repositories, policy), until, facts, policy)


def test_what_is_concerned_are_the_services_of_the_repositories_and_those_that_are_none():
    what = concerned(("acme/web", "Acme/API", "acme/ledger"), POLICY)
    assert (what.services, what.repositories) == (("api", "web"), ("acme/ledger",))


def test_a_source_watches_where_it_ever_told_of_an_incident():
    assert (coverage(OLD).sources, coverage(OLD).gap) == (("pagerduty",), None)


def test_where_nobody_ever_told_of_one_nobody_is_known_to_watch():
    gap = coverage().gap
    assert gap.key == "not_watched"
    assert gap.says.startswith("Nobody is known to watch api for incidents")
    assert "`watched_by`" in gap.next_step
    assert coverage(incident_of(services=("ledger",))).gap is not None


def test_an_issue_with_an_incident_label_makes_the_forge_a_source_of_incidents():
    told = of_ticket(ticket_of(9, labels=("incident",)))
    assert (coverage(told).sources, coverage(told).gap) == (("github",), None)


def test_a_source_that_fell_silent_vouches_for_nothing():
    gap = coverage(OLD, heard={"pagerduty": NOON - 5 * DAY, "github": NOON}).gap
    assert gap.says == "PagerDuty fell silent, which would have told of incidents."


def test_a_source_that_was_heard_when_the_period_was_over_vouches_for_it():
    assert coverage(OLD, heard={"pagerduty": NOON - 5 * DAY}, until=NOON - 2 * DAY).gap is None


@pytest.mark.parametrize(("heard", "covered"), [({"pagerduty": NOON}, True), ({"github": NOON}, False), ({}, False)])
def test_where_the_configuration_names_the_sources_they_decide(heard, covered):
    assert (coverage(heard=heard, repositories=("acme/web",), policy=WATCHED).gap is None) is covered


def test_every_service_has_to_be_watched():
    gap = coverage(repositories=("acme/api", "acme/web"), policy=WATCHED).gap
    assert gap.says.startswith("Nobody is known to watch api for")
