"""Did anybody watch these services for incidents?"""

from datetime import timedelta

import numpy as np
import pytest

from assistant.coverage import Watch, concerned
from assistant.weeks import Span
from storage.facts import Facts
from storage.incidents import of_ticket
from tests.builders import COMPANY, NOON, incident_of, policy_of, ticket_of

DAY = timedelta(days=1)
POLICY = policy_of(COMPANY)
WATCHED = policy_of(COMPANY + 'watched_by = ["pagerduty"]\n')  # web, the last service of the company
OLD = incident_of(open=False, opened_at=NOON - 60 * DAY, closed_at=NOON - 60 * DAY)


EVER = NOON - 100 * DAY
WEB = incident_of("W", services=("web",), open=False, opened_at=NOON - 60 * DAY, closed_at=NOON - 60 * DAY)


def coverage(*incidents, heard=None, repositories=("acme/api",), policy=POLICY, days=14, until=NOON):
    """Of a fortnight until noon; ``heard`` by source: until when, or stretches as days before noon."""
    heard = {"pagerduty": NOON, "github": NOON} if heard is None else heard
    stretches = {
        source: ((EVER, told),)
        if not isinstance(told, tuple)
        else tuple((NOON - a * DAY, NOON - b * DAY) for a, b in told)
        for source, told in heard.items()
    }
    facts = Facts(incidents=incidents, heard=stretches)
    return Watch(facts, policy).over(concerned(repositories, policy), Span(until - days * DAY, until))


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


def test_an_incident_of_one_service_says_nothing_of_who_watches_another():
    both = ("acme/api", "acme/web")
    assert coverage(OLD, repositories=both).gap.says.startswith("Nobody is known to watch web for")
    assert coverage(OLD, WEB, repositories=both).gap is None
    assert coverage(OLD, repositories=("acme/api", "acme/ledger")).gap.says.startswith("Nobody is known to watch acme/")


def test_each_service_has_its_own_sources_and_both_have_to_be_heard():
    told = of_ticket(ticket_of(9, repository="acme/web", labels=("incident",)))
    both = {"repositories": ("acme/api", "acme/web")}
    assert coverage(OLD, told, **both).sources == ("pagerduty", "github")
    gap = coverage(OLD, told, heard={"pagerduty": ((90, 0),), "github": ((90, 20),)}, **both).gap
    assert gap.says == "GitHub fell silent, which would have told of incidents."


@pytest.mark.parametrize(("first", "covered"), [(15, True), (14, True), (13, False), (0, False)])
def test_a_source_vouches_only_for_what_began_after_it_was_first_heard(first, covered):
    gap = coverage(OLD, heard={"pagerduty": ((first, 0),)}).gap
    assert (gap is None) is covered
    if not covered:
        assert gap.says.startswith("PagerDuty is not known to have been heard before ")


def test_a_hole_in_the_middle_is_told_with_its_days():
    gap = coverage(OLD, heard={"pagerduty": ((90, 12), (6, 0))}).gap
    assert gap.says == "PagerDuty was silent from 6 Nov 2026 to 12 Nov 2026: those days say nothing."


def test_a_hole_before_the_period_or_after_it_does_no_harm():
    assert coverage(OLD, heard={"pagerduty": ((90, 30), (20, 0))}).gap is None
    assert coverage(OLD, heard={"pagerduty": ((90, 19), (2, 0))}, until=NOON - 18 * DAY).gap is None


def test_where_it_is_not_known_when_a_source_was_heard_it_vouches_for_nothing():
    assert coverage(OLD, heard={}).gap is not None


def test_many_periods_are_told_as_each_by_itself():
    heard = {"pagerduty": ((NOON - 90 * DAY, NOON - 30 * DAY), (NOON - 20 * DAY, NOON))}
    watch, what = Watch(Facts(incidents=(OLD,), heard=heard), POLICY), concerned(("acme/api",), POLICY)
    spans = [
        Span(NOON - begin * DAY, NOON - end * DAY) for begin, end in ((95, 80), (60, 31), (60, 25), (22, 5), (20, 0))
    ]
    begins, ends = (np.array([getattr(one, edge).timestamp() for one in spans]) for edge in ("begin", "end"))
    told = watch.all_through(what, begins, ends).tolist()
    assert told == [watch.over(what, one).gap is None for one in spans] == [False, True, False, False, True]
