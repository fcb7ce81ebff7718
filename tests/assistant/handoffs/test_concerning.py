"""A handoff is of a subject when it is about it, or about something that it is made of."""

from dataclasses import replace

import pytest

from assistant.handoffs.concerning import concerns, nearby, within
from assistant.policy import Policy
from assistant.scopes import change_subject, release_subject, service_subject, team_subject, workspace_subject
from tests.builders import change_of, situation, ticket_of, viewer
from tests.handing import company, handoff_of

POLICY = company()
MEMBER, CLOSED = change_of(101), ticket_of(55)
RELEASE = release_subject(POLICY, "checkout", "2.4")
TEAM = team_subject(POLICY, "core")
EVERYTHING = workspace_subject(POLICY)
SERVICE = service_subject(POLICY, "api")
CHANGE = change_subject(POLICY, MEMBER.object)


def laid(subject, policy=POLICY):
    return situation(MEMBER, CLOSED, policy=policy, subject=subject, reader=viewer(policy=policy))


@pytest.mark.parametrize(
    ("subject", "own", "others"),
    [
        (
            RELEASE,
            ["release:checkout@2.4", "change:acme/api#101", "ticket:acme/api#55", "service:api", "service:web"],
            ["release:checkout@2.5", "release:vault@2.4", "change:acme/api#999", "service:safe"],
        ),
        (
            TEAM, ["release:checkout@2.4", "release:checkout@2.5", "change:acme/web#1", "service:api"],
            ["release:vault@1", "change:acme/secret#1", "service:safe", "ticket:jira/SHOP#1"],
        ),
        (SERVICE, ["service:API", "release:checkout@2.4", "change:acme/api#7"], ["service:web", "change:acme/web#7"]),
        (CHANGE, ["change:acme/api#101", "change:ACME/api#101"], ["release:checkout@2.4", "service:api", "change:acme/api#7"]),
        (EVERYTHING, ["release:vault@1", "service:safe", "ticket:jira/SHOP#1", "change:acme/secret#1"], []),
    ],
    ids=["a release", "a team", "a service", "a change", "everything"],
)  # fmt: skip
def test_whose_handoff_it_is_by_what_it_is_about(subject, own, others):
    here = laid(subject)
    assert [about for about in (*own, *others) if concerns(about, here)] == own


def test_a_product_that_nobody_configured_may_be_anywhere():
    plain = Policy()
    here = laid(team_subject(company(), "core"), plain)
    assert concerns("release:workspace@2.4", here)


def test_what_a_tracker_keeps_is_where_the_changes_are_that_close_it():
    closing = change_of(7, closes=("ticket:jira/SHOP#1",))
    assert concerns("ticket:jira/SHOP#1", situation(closing, policy=POLICY, subject=TEAM))
    elsewhere = change_of(7, "acme/secret", closes=("ticket:jira/SHOP#1",))
    assert not concerns("ticket:jira/SHOP#1", situation(elsewhere, policy=POLICY, subject=TEAM))
    assert within((handoff_of(about="ticket:jira/SHOP#1"),), TEAM, POLICY)


def test_near_a_release_is_all_of_its_products_repositories():
    here = laid(RELEASE)
    assert nearby("release:checkout@2.5", here)
    assert nearby("change:acme/api#999", here)
    assert not nearby("release:vault@1", here)


def test_before_anything_is_loaded_those_elsewhere_are_left_out():
    mine, others = handoff_of("handoff:1"), handoff_of("handoff:2", about="release:vault@1")
    assert within((mine, others), TEAM, POLICY) == (mine,)
    assert within((mine, others), EVERYTHING, POLICY) == (mine, others)
    assert within((mine, others), replace(TEAM, repositories=()), POLICY) == ()
