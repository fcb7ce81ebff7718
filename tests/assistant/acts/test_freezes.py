"""Declaring and lifting deployment freezes."""

from datetime import timedelta

import pytest

from assistant.acts import declare_freeze, lift_freeze
from tests.builders import NOON, Office, at, freeze_of, office, policy_of

LATER = NOON + timedelta(hours=1)
FREEZE = "freeze:api/2026-11-18"


ENDS = at("2026-11-25")


def freeze(*services, begins=NOON, ends=ENDS, why="Black week"):
    return declare_freeze.Wish(services or ("api",), begins, ends, why)


def everything(**more):
    return declare_freeze.Wish((), NOON, ENDS, "Black week", **more)


def lift(name=FREEZE, why="All sold"):
    return lift_freeze.Wish(name, why)


def test_who_answers_for_a_service_freezes_it():
    company = office()
    assert company.kinds(declare_freeze, freeze("API"), "person/bo") == ["freeze.declared"]
    frozen = company.records()[FREEZE]
    assert (frozen.services, frozen.ends_at, frozen.by, frozen.reason) == (
        ("api",),
        at("2026-11-25"),
        "person/bo",
        "Black week",
    )


def test_nobody_else_freezes_it():
    assert "Only bo may freeze these services" in office().refusal(declare_freeze, freeze(), "person/cem")


def test_a_team_that_owns_a_service_freezes_it_through_its_lead_or_all_of_it():
    text = """
    [people.anna]
    [people.bo]
    [people.cem]
    [teams.web]
    members = ["anna", "bo"]
    [services.api]
    repository = "acme/api"
    owner = "web"
    """
    company = Office(policy_of(text))
    assert company.kinds(declare_freeze, freeze(), "person/anna") == ["freeze.declared"]
    assert "Only anna or bo may freeze" in company.refusal(declare_freeze, freeze(), "person/cem")


def test_where_nobody_answers_for_services_anyone_inside_may_freeze():
    company = Office(policy_of())
    assert company.kinds(declare_freeze, everything(), "slack/U1") == ["freeze.declared"]
    assert "Only members" in company.refusal(declare_freeze, everything(), "slack/U1", inside=False)


def test_a_freeze_of_no_service_covers_every_one():
    company = office()
    company.act(declare_freeze, everything(), "person/bo")
    assert company.records()["freeze:all/2026-11-18"].services == ()


@pytest.mark.parametrize("service", ["safe", "nothing"])
def test_an_unknown_and_a_hidden_service_are_refused_alike(service):
    assert f"know nothing of a service {service} that" in office().refusal(declare_freeze, freeze(service), "person/bo")


def test_a_mistyped_service_gets_a_near_match():
    assert "did you mean 'api'?" in office().refusal(declare_freeze, freeze("apis"), "person/bo")


@pytest.mark.parametrize("ends", [NOON, NOON - timedelta(days=1)])
def test_a_freeze_ends_after_it_begins_and_after_now(ends):
    assert "give it a later end" in office().refusal(declare_freeze, freeze(ends=ends), "person/bo")
    past = freeze(begins=NOON - timedelta(days=9), ends=NOON - timedelta(days=2))
    assert "give it a later end" in office().refusal(declare_freeze, past, "person/bo")


def test_a_freeze_needs_a_reason():
    assert "Say why" in office().refusal(declare_freeze, freeze(why="\x07"), "person/bo")


def test_what_is_frozen_is_lifted_before_it_is_frozen_otherwise():
    company = office()
    company.act(declare_freeze, freeze(), "person/bo")
    assert "lift it first" in company.refusal(declare_freeze, freeze(ends=at("2026-12-01")), "person/bo")
    company.act(lift_freeze, lift(), "person/bo", LATER)
    company.act(declare_freeze, freeze(ends=at("2026-12-01")), "person/bo", LATER + timedelta(hours=1))
    assert company.records()[FREEZE].ends_at == at("2026-12-01")


@pytest.mark.parametrize("who", ["person/anna", "slack/U0ANNA", "person/bo"])
def test_who_declared_a_freeze_and_who_answers_for_the_service_lift_it(who):
    assert office(freeze_of()).kinds(lift_freeze, lift(), who) == ["freeze.lifted"]


def test_nobody_else_lifts_it():
    assert "Only Anna Berg or bo may lift" in office(freeze_of()).refusal(lift_freeze, lift(), "person/cem")


def test_where_nobody_answers_for_services_only_the_declarer_lifts():
    company = Office(policy_of(), freeze_of())
    assert "Only anna may lift" in company.refusal(lift_freeze, lift(), "slack/U1")


def test_lifting_needs_a_reason_and_a_freeze_that_stands():
    assert "Say why" in office(freeze_of()).refusal(lift_freeze, lift(why=""))
    assert "over already" in office(freeze_of(ends_at=NOON)).refusal(lift_freeze, lift())
    assert "over already" in office(freeze_of(lifted_at=NOON)).refusal(lift_freeze, lift())


@pytest.mark.parametrize("name", ["freeze:none", "freeze:safe/2026-11-18"])
def test_an_unknown_and_a_hidden_freeze_are_refused_alike(name):
    company = office(freeze_of("freeze:safe/2026-11-18", services=("safe",)))
    assert "know nothing of a freeze" in company.refusal(lift_freeze, lift(name))


def test_a_guest_neither_freezes_nor_lifts():
    company = office(freeze_of())
    assert "Only members" in company.refusal(declare_freeze, freeze(), "person/gus")
    assert "Only members" in company.refusal(lift_freeze, lift(), "person/gus")
