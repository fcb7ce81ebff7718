"""Which tickets hold a release up, and who is to move?"""

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.blockers.blocker import BlockerKind, NextAction
from assistant.blockers.tickets import of_incidents, of_tickets
from assistant.scopes import change_subject, service_subject, workspace_subject
from assistant.viewer import Viewer
from storage.records import Corrections
from tests.builders import COMPANY, NOON, change_of, checkout, incident_of, policy_of, situation, ticket_of

POLICY = policy_of(COMPANY)


def tickets(*records, **more):
    return list(of_tickets(situation(*records, **more)))


def incidents(*records, subject=None, work=(), **more):
    return list(of_incidents(situation(*work, incidents=records, subject=subject, **more)))


def test_a_member_bug_labelled_as_blocker_blocks_and_its_assignee_moves():
    (found,) = tickets(
        ticket_of(labels=("Release-Blocker",), assignees=("github/anna",), opened_at=NOON - timedelta(hours=2))
    )
    assert (found.kind, found.owner, found.next_action) == (BlockerKind.BLOCKER_BUG, "Anna Berg", NextAction.FIX_BUG)
    assert found.hard
    assert found.waiting_hours == pytest.approx(2)


def test_a_blocker_bug_that_nobody_has_is_unowned():
    assert tickets(ticket_of(labels=("release-blocker",)))[0].unowned


@pytest.mark.parametrize(
    ("claims", "repository", "blocks"),
    [
        (None, "acme/web", True),
        ("label:2.5", "acme/web", False),
        (None, "acme/ledger", False),
        ("label:2.4", "acme/api", True),
    ],
)
def test_a_blocker_bug_without_a_release_blocks_its_product_and_one_for_another_release_does_not(
    claims, repository, blocks
):
    bug = ticket_of(repository=repository, labels=("release-blocker",))
    assert bool(tickets(bug, claims=claims)) is blocks


@pytest.mark.parametrize(("repository", "blocks"), [("acme/api", True), ("acme/other", False)])
def test_a_release_of_no_configured_product_is_blocked_only_by_bugs_where_its_members_are(repository, blocks):
    bug = ticket_of(9, repository=repository, labels=("release-blocker",))
    incident = ticket_of(8, repository=repository, labels=("incident",))
    member = {"hints": {"change:acme/api#101": ("milestone:2.4",)}}
    anywhere = replace(checkout(POLICY), repositories=None)
    assert bool(tickets(change_of(), bug, subject=anywhere, **member)) is blocks
    assert bool(incidents(incident, subject=anywhere, work=(change_of(),), **member)) is blocks


def test_a_closed_bug_blocks_nothing():
    assert tickets(ticket_of(labels=("release-blocker",), open=False)) == []


def test_a_bug_reopened_waits_since_it_was_reopened():
    bug = ticket_of(
        labels=("release-blocker",), opened_at=NOON - timedelta(days=30), reopened_at=NOON - timedelta(hours=1)
    )
    assert tickets(bug)[0].waiting_since == NOON - timedelta(hours=1)


def test_a_feature_with_no_change_yet_is_in_progress():
    (found,) = tickets(ticket_of(assignees=("github/bo",)))
    assert (found.kind, found.owner, found.next_action) == (BlockerKind.IN_PROGRESS, "bo", NextAction.START)
    assert not found.hard


def test_a_feature_whose_change_is_a_draft_is_being_finished():
    draft = change_of(1, draft=True, closes=("ticket:acme/api#55",))
    (found,) = tickets(draft, ticket_of(assignees=("github/bo",)))
    assert found.next_action is NextAction.FINISH


def test_a_feature_with_a_ready_change_is_blocked_by_the_change():
    assert tickets(change_of(1, closes=("ticket:acme/api#55",)), ticket_of()) == []


def test_a_blocker_bug_stays_one_although_its_change_is_ready():
    assert len(tickets(change_of(1, closes=("ticket:acme/api#55",)), ticket_of(labels=("blocker",)))) == 1


def test_a_ticket_that_is_no_member_and_no_blocker_is_nothing():
    assert tickets(ticket_of(), claims="milestone:2.5") == []


def test_a_persons_correction_names_the_owner():
    (found,) = tickets(ticket_of(assignees=("github/bo",), corrections=Corrections(owner="person/cho")))
    assert found.owner == "cho"


def test_an_open_incident_on_its_repository_blocks_and_its_commander_moves():
    (found,) = incidents(ticket_of(9, labels=("incident",), assignees=("github/cho",)))
    assert (found.kind, found.owner, found.next_action) == (
        BlockerKind.INCIDENT_OPEN,
        "cho",
        NextAction.RESOLVE_INCIDENT,
    )
    assert found.hard


@pytest.mark.parametrize("more", [{"open": False}, {"repository": "acme/ledger"}])
def test_an_incident_that_is_over_or_elsewhere_blocks_nothing(more):
    assert incidents(ticket_of(9, labels=("incident",), **more)) == []


def test_an_incident_is_on_the_service_that_its_label_names():
    api = service_subject(POLICY, "api")
    assert incidents(ticket_of(9, labels=("incident", "service:web")), subject=api) == []
    assert len(incidents(ticket_of(9, repository="acme/ops", labels=("incident", "service: API")), subject=api)) == 1


def test_an_incident_that_may_not_be_seen_is_not_told():
    assert (
        incidents(ticket_of(9, labels=("incident",)), reader=Viewer("person/x", "X", sees=frozenset({"acme/web"})))
        == []
    )


def test_the_change_that_mends_an_incident_is_not_held_up_by_it():
    incident = ticket_of(9, labels=("incident",))
    mending, other = change_of(1, closes=("ticket:acme/api#9",)), change_of(2)
    assert incidents(incident, subject=change_subject(POLICY, mending.object), work=(mending,)) == []
    assert len(incidents(incident, subject=change_subject(POLICY, other.object), work=(other,))) == 1


def test_an_incident_in_the_milestone_is_told_once_as_an_incident():
    incident = ticket_of(9, labels=("incident", "release-blocker"))
    assert tickets(incident) == []


@pytest.mark.parametrize(
    "said",
    [
        Corrections(shipped_at=NOON),
        Corrections(releases=(("release:checkout@2.4", False),)),
        Corrections(releases=(("release:checkout@2.5", True),)),
    ],
)
@pytest.mark.parametrize("claims", ["milestone:2.4", ""])
def test_no_correction_takes_a_blocker_bug_away_whenever_it_was_made(said, claims):
    (found,) = tickets(ticket_of(labels=("release-blocker",), corrections=said), change_of(), claims=claims)
    assert found.kind is BlockerKind.BLOCKER_BUG


def test_what_is_no_hard_gate_is_out_when_somebody_says_so():
    assert tickets(ticket_of(corrections=Corrections(shipped_at=NOON))) == []


# Incidents of a source that knows services only

PAGED = policy_of(COMPANY.replace('owner = "anna"', 'owner = "anna"\nincidents = ["Checkout API"]'))


def paged(subject=None, policy=PAGED, **more):
    return incidents(incident_of(**more), subject=subject, policy=policy)


def test_an_incident_that_was_paged_blocks_what_is_made_of_its_service_and_whoever_took_it_moves():
    (found,) = paged(services=("Checkout API",), assignees=("pagerduty/P7",), names=("Cho Park",))
    assert (found.kind, found.owner, found.object) == (
        BlockerKind.INCIDENT_OPEN,
        "Cho Park",
        "incident:pagerduty/PAGE1",
    )
    assert (found.title, found.hard, found.turn) == ("Checkout is down", True, "incident_open")
    assert found.url == "https://pagerduty.example/incidents/PAGE1"


def test_an_incident_that_nobody_took_is_unowned_and_a_person_may_say_whose_it_is():
    assert paged()[0].unowned
    assert paged(assignees=("pagerduty/P7",), corrections=Corrections(owner="person/anna"))[0].owner == "Anna Berg"


@pytest.mark.parametrize(
    ("subject", "services", "blocks"),
    [
        (service_subject(PAGED, "api"), ("Checkout API", "PAPI111"), True),
        (service_subject(PAGED, "web"), ("Checkout API",), False),
        (service_subject(PAGED, "api"), ("payments",), False),
        (service_subject(PAGED, "api"), (), False),
        (change_subject(PAGED, "change:acme/api#1"), ("api",), True),
        (change_subject(PAGED, "change:acme/ledger#1"), ("api",), False),
        (workspace_subject(PAGED), ("payments",), True),
        (workspace_subject(PAGED), (), True),
    ],
)
def test_an_incident_holds_up_only_what_is_on_its_service(subject, services, blocks):
    assert bool(paged(subject, services=services)) is blocks


@pytest.mark.parametrize("more", [{"open": False, "closed_at": NOON}, {"environment": "staging"}])
def test_an_incident_that_is_over_or_hurts_no_customer_holds_up_nothing(more):
    assert paged(**more) == []


def test_one_that_was_reopened_waits_since_then():
    later = NOON - timedelta(hours=1)
    assert paged(opened_at=NOON - timedelta(days=9), reopened_at=later)[0].waiting_since == later
