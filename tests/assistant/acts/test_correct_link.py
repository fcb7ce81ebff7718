"""What did an incident come from, as people say it?"""

import pytest

from assistant.acts import correct_link
from assistant.acts.correct_link import Wish, named
from assistant.links import Tier, links_of
from storage.state.corrections import corrected
from tests.builders import change_of, deployment_of, incident_of, merged_of, office, release_of, ticket_of

PAGE = incident_of()
HIDDEN = incident_of("SAFE", services=("safe",))
SHA = merged_of().merge_sha


def facing(*more):
    return office(PAGE, HIDDEN, merged_of(), change_of(9, "acme/secret"), ticket_of(), deployment_of(SHA), *more)


def linked(other, subject=PAGE.object, *, so=True, why="I was there"):
    return Wish(subject, other, linked=so, why=why)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("acme/api@1f2e3d4", "commit:acme/api@1f2e3d4"),
        ("commit:acme/api@1f2e3d4", "commit:acme/api@1f2e3d4"),
        ("pagerduty/Q1", "incident:pagerduty/Q1"),
        ("https://acme.pagerduty.com/incidents/Q1", "incident:pagerduty/Q1"),
        ("cdevents/ci/run-7", "incident:cdevents/ci/run-7"),
        ("acme/api#101", "acme/api#101"),
        ("incident:pagerduty/Q1", "incident:pagerduty/Q1"),
    ],
)
def test_commits_and_incidents_are_understood_as_people_write_them(text, name):
    assert named(text) == name


@pytest.mark.parametrize(
    ("other", "name"),
    [
        ("acme/api#101", "change:acme/api#101"),
        ("deployment:github/1", "deployment:github/1"),
        ("acme/api@1f2e3d4", "commit:acme/api@1f2e3d4"),
        ("release:checkout@2.4", "release:checkout@2.4"),
    ],
)
def test_an_incident_came_from_a_change_a_deployment_a_commit_or_a_release(other, name):
    (event,) = facing().act(correct_link, linked(other))
    assert (event.object, event.kind, event.data) == (
        PAGE.object, "corrected.link", {"linked": name, "why": "I was there"},
    )  # fmt: skip


def test_a_link_that_is_wrong_is_taken_away():
    company = facing()
    company.act(correct_link, linked("acme/api#101"))
    company.act(correct_link, linked("acme/api#101", so=False))
    assert corrected(company.events).not_linked == ("change:acme/api#101",)


def test_said_the_other_way_round_it_is_kept_with_the_incident_all_the_same():
    (event,) = facing().act(correct_link, linked("pagerduty/PAGE1", "acme/api#101"))
    assert (event.object, event.data["linked"]) == (PAGE.object, "change:acme/api#101")


def test_an_issue_that_is_an_incident_is_corrected_as_the_ticket_that_it_is():
    (event,) = facing().act(correct_link, linked("deployment:github/1", "acme/api#55"))
    assert (event.object, event.data["linked"]) == ("ticket:acme/api#55", "deployment:github/1")


@pytest.mark.parametrize("other", ["acme/api#55", "freeze:api", "pagerduty/PAGE1"])
def test_an_incident_comes_from_nothing_else(other):
    assert facing().refusal(correct_link, linked(other))


@pytest.mark.parametrize("other", ["acme/secret#9", "acme/secret@1f2e3d4", "release:vault@1.0"])
def test_what_may_not_be_seen_is_unknown(other):
    assert facing().refusal(correct_link, linked(other)).startswith("I know nothing of")


def test_an_incident_of_a_hidden_service_is_unknown():
    assert facing().refusal(correct_link, linked("acme/api#101", HIDDEN.object)).startswith("I know nothing of")


def test_it_takes_a_reason_and_a_member():
    said = facing().refusal(correct_link, linked("acme/api#101", why=" "))
    assert said == "Say why: the correction of pagerduty/PAGE1 is kept with its reason."
    assert "Only members" in facing().refusal(correct_link, linked("acme/api#101"), "person/gus")


def test_what_was_said_holds_for_the_links():
    company = facing(release_of())
    company.act(correct_link, linked("acme/api#101"))
    told = incident_of(corrections=corrected(company.events))
    (link,) = links_of(told, (), (merged_of(),), {}, company.policy)
    assert (link.tier, link.named) == (Tier.EXPLICIT, "change:acme/api#101")
