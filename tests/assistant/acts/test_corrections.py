"""Putting right what the sources have wrong."""

from datetime import timedelta

import pytest

from assistant.acts import (
    correct_bot,
    correct_link,
    correct_origin,
    correct_owner,
    correct_release,
    correct_shipped,
    plan_release,
)
from storage.state.corrections import corrected
from tests.builders import NOON, RELEASE, change_of, freeze_of, office, ticket_of

CHANGE, OTHER = "acme/api#101", "acme/api#55"


def facing():
    return office(change_of(), ticket_of(), change_of(9, "acme/secret"), freeze_of("freeze:api"))


def corrections(company):
    return corrected(company.events)


WISHES = [
    (correct_owner, lambda subject, why="x": correct_owner.Wish(subject, "cem", why)),
    (correct_origin, lambda subject, why="x": correct_origin.Wish(subject, "mixed", why)),
    (correct_release, lambda subject, why="x": correct_release.Wish(subject, RELEASE, belongs=True, why=why)),
    (correct_link, lambda subject, why="x": correct_link.Wish(subject, OTHER, linked=True, why=why)),
    (correct_shipped, lambda subject, why="x": correct_shipped.Wish(subject, why)),
]


@pytest.mark.parametrize(("act", "wish"), WISHES)
def test_any_insider_who_sees_it_corrects_with_who_and_why(act, wish):
    company = facing()
    (event,) = company.act(act, wish(CHANGE, "I know it"), "person/cem")
    assert (event.object, event.kind, event.actor) == (
        f"change:{CHANGE}",
        act.NAME.replace("correct_", "corrected."),
        "person/cem",
    )
    assert (event.data["why"], event.repository) == ("I know it", "acme/api")


@pytest.mark.parametrize(("act", "wish"), WISHES)
def test_who_may_not_see_it_reads_what_they_would_read_of_nothing(act, wish):
    company = facing()
    hidden, unknown = (company.refusal(act, wish(subject)) for subject in ("acme/secret#9", "acme/secret#8"))
    assert hidden.replace("#9", "#8") == unknown


@pytest.mark.parametrize(("act", "wish"), WISHES)
def test_guests_correct_nothing_and_nobody_without_a_reason(act, wish):
    company = facing()
    assert "Only members" in company.refusal(act, wish(CHANGE), "person/gus")
    assert "Say why" in company.refusal(act, wish(CHANGE, " "))


@pytest.mark.parametrize(("act", "wish"), WISHES)
def test_only_changes_and_tickets_are_corrected(act, wish):
    assert "neither a change nor a ticket" in facing().refusal(act, wish("freeze:api"))


def test_the_owner_is_a_person():
    company = facing()
    company.act(correct_owner, correct_owner.Wish(CHANGE, "@Bo-Dev", "x"))
    assert corrections(company).owner == "person/bo"
    assert "nobody called" in company.refusal(correct_owner, correct_owner.Wish(CHANGE, "nemo", "x"))
    assert "A bot" in company.refusal(correct_owner, correct_owner.Wish(CHANGE, "@coderabbitai", "x"))


def test_a_correction_of_the_owner_or_origin_can_be_taken_back():
    company = facing()
    company.act(correct_owner, correct_owner.Wish(CHANGE, "bo", "x"))
    company.act(correct_owner, correct_owner.Wish(CHANGE, None, "x"), now=NOON + timedelta(hours=1))
    company.act(correct_origin, correct_origin.Wish(CHANGE, None, "x"))
    assert (corrections(company).owner, corrections(company).origin) == (None, None)


def test_an_origin_is_one_of_three():
    company = facing()
    assert "human_heavy, mixed, ai_heavy" in company.refusal(correct_origin, correct_origin.Wish(CHANGE, "alien", "x"))
    company.act(correct_origin, correct_origin.Wish(CHANGE, "ai_heavy", "x"))
    assert corrections(company).origin == "ai_heavy"


def test_a_change_belongs_to_a_release_or_does_not():
    company = facing()
    company.act(correct_release, correct_release.Wish(CHANGE, RELEASE, belongs=False, why="x"))
    assert corrections(company).releases == ((RELEASE, False),)
    hidden = correct_release.Wish(CHANGE, "release:vault@1", belongs=True, why="x")
    assert "know nothing of vault 1" in company.refusal(correct_release, hidden)


def test_two_things_are_linked_or_not():
    company = facing()
    company.act(correct_link, correct_link.Wish(CHANGE, OTHER, linked=False, why="x"))
    assert corrections(company).not_linked == (f"ticket:{OTHER}",)
    assert "to itself" in company.refusal(correct_link, correct_link.Wish(CHANGE, CHANGE, linked=True, why="x"))
    assert "know nothing" in company.refusal(
        correct_link, correct_link.Wish(CHANGE, "acme/secret#9", linked=True, why="x")
    )


def test_what_shipped_already_did_so_at_a_time_that_has_been():
    company = facing()
    company.act(correct_shipped, correct_shipped.Wish(CHANGE, "x", NOON - timedelta(days=3)))
    assert corrections(company).shipped_at == NOON - timedelta(days=3)
    future = correct_shipped.Wish(CHANGE, "x", NOON + timedelta(days=3))
    assert "still to come" in company.refusal(correct_shipped, future)
    company.act(correct_shipped, correct_shipped.Wish(CHANGE, "x", shipped=False), now=NOON + timedelta(hours=1))
    assert corrections(company).shipped_at is None


def test_a_whole_release_shipped_when_its_deciders_say_so():
    company = facing()
    company.act(plan_release, plan_release.Wish("checkout", "2.4"))
    shipped = correct_shipped.Wish(RELEASE, "By hand")
    assert "Only Anna Berg" in company.refusal(correct_shipped, shipped, "person/bo")
    assert "Say why" in company.refusal(correct_shipped, correct_shipped.Wish(RELEASE, ""))
    company.act(correct_shipped, shipped)
    assert company.release.shipped_at == NOON


def test_an_account_is_said_to_be_a_bot_or_a_person():
    company = facing()
    (event,) = company.act(correct_bot, correct_bot.Wish("@Robo-Review", is_bot=True, why="It never sleeps"))
    assert (event.object, event.kind, event.data["is_bot"]) == ("account:github/robo-review", "corrected.bot", True)
    company.act(correct_bot, correct_bot.Wish("renovate[bot]", is_bot=False, why="x"))
    assert company.events[-1].object == "account:github/renovate[bot]"


@pytest.mark.parametrize("login", ["", "two words", "a/b"])
def test_an_account_is_named_by_its_login(login):
    assert "by its login" in facing().refusal(correct_bot, correct_bot.Wish(login, is_bot=True, why="x"))


def test_a_configured_persons_account_is_no_bot():
    reason = facing().refusal(correct_bot, correct_bot.Wish("bo-dev", is_bot=True, why="x"))
    assert "bo's account" in reason
    assert "Only members" in facing().refusal(correct_bot, correct_bot.Wish("x", is_bot=True, why="x"), "person/gus")
    assert "Say why" in facing().refusal(correct_bot, correct_bot.Wish("x", is_bot=True, why=""))


def gates():
    return office(
        ticket_of(55, labels=("Release-Blocker",)),
        ticket_of(66, labels=("incident",)),
        ticket_of(77, labels=("release-blocker",), open=False),
        ticket_of(88),
    )


AWAY = [
    (correct_shipped, lambda subject: correct_shipped.Wish(subject, "x")),
    (correct_release, lambda subject: correct_release.Wish(subject, RELEASE, belongs=False, why="x")),
]


@pytest.mark.parametrize(("act", "wish"), AWAY)
@pytest.mark.parametrize("subject", ["acme/api#55", "acme/api#66"])
@pytest.mark.parametrize("who", ["person/anna", "person/cem"])
def test_nobody_corrects_a_hard_gate_away_alone(act, wish, subject, who):
    refusal = gates().refusal(act, wish(subject), who)
    assert f"{subject} is a hard gate" in refusal
    assert "Decide… (`lastmile accept`)" in refusal


@pytest.mark.parametrize(("act", "wish"), AWAY)
@pytest.mark.parametrize("subject", ["acme/api#77", "acme/api#88"])
def test_what_is_closed_or_no_gate_is_corrected_away(act, wish, subject):
    assert gates().kinds(act, wish(subject)) == [act.NAME.replace("correct_", "corrected.")]


def test_a_correction_that_leaves_a_hard_gate_standing_is_made():
    company = gates()
    back = correct_shipped.Wish("acme/api#55", "x", shipped=False)
    put = correct_release.Wish("acme/api#55", RELEASE, belongs=True, why="x")
    assert company.kinds(correct_shipped, back) == ["corrected.shipped"]
    assert company.kinds(correct_release, put) == ["corrected.release"]
