"""Who may say what about a thing that was brought to them, and when is it refused?"""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from assistant.acts import ACTS, acknowledge, decline_move, snooze, take_review
from assistant.acts.snooze import ends
from assistant.calendar import Calendar
from storage.records import Account, ChangeState, DeploymentState, Incident, TurnKind
from storage.state.fold import fold
from storage.state.rules import FoldRules
from tests.builders import NOON, at, change_of, deployment_of, freeze_of, known, merged_of, office, ticket_of, turn

PULL = "change:acme/api#101"
FRIDAY = at("2026-11-20T15:00")


def incident_of(**more):
    filled = {"source": "pagerduty", "title": "Payments fail", "open": True, "opened_at": NOON, "last_event_at": NOON}
    return Incident("incident:pagerduty/Q1", **(filled | more))


def wishes(about=PULL):
    return [
        (acknowledge, acknowledge.Wish(about)),
        (decline_move, decline_move.Wish(about)),
        (snooze, snooze.Wish(about, "tomorrow")),
        (take_review, take_review.Wish(about)),
    ]


def attention(company, about=PULL):
    return fold(
        f"attention:{about}", [known(e) if not hasattr(e, "known_at") else e for e in company.events], FoldRules()
    ).record


@pytest.mark.parametrize(("act", "wish"), wishes(), ids=lambda value: getattr(value, "NAME", ""))
def test_anyone_inside_who_sees_it_may_and_it_is_kept_with_who_and_when(act, wish):
    company = office(change_of())
    (event,) = company.act(act, wish, "person/anna")
    assert (event.object, event.actor, event.at, event.repository) == (
        "attention:change:acme/api#101",
        "person/anna",
        NOON,
        "acme/api",
    )
    assert event.data["about"] == PULL


@pytest.mark.parametrize(("act", "wish"), wishes(), ids=lambda value: getattr(value, "NAME", ""))
def test_guests_may_not_and_what_is_hidden_is_as_unknown_as_nothing(act, wish):
    company = office(change_of(), change_of(9, "acme/secret"))
    assert "Only members" in company.refusal(act, wish, "person/gus")
    hidden = company.refusal(act, replace(wish, about="change:acme/secret#9"), "person/bo")
    unknown = company.refusal(act, replace(wish, about="change:acme/nothing#9"), "person/bo")
    assert hidden.replace("secret", "nothing") == unknown
    assert "know nothing" in unknown


@pytest.mark.parametrize(("act", "wish"), wishes(), ids=lambda value: getattr(value, "NAME", ""))
@pytest.mark.parametrize(
    ("over", "said"),
    [
        (merged_of(), "acme/api#101 is merged already."),
        (change_of(state=ChangeState.ABANDONED, move=None), "acme/api#101 is closed unmerged already."),
    ],
)
def test_nothing_is_left_to_do_about_what_is_over(act, wish, over, said):
    assert office(over).refusal(act, wish) == said


@pytest.mark.parametrize("about", ["", ":", "change:", "release:", "release:checkout", "nobody:x", "attention:", "  "])
@pytest.mark.parametrize("name", ["acknowledge", "decline_move", "snooze", "take_review"])
def test_what_is_no_thing_is_refused(name, about):
    act = ACTS[name]
    wish = act.Wish(about, "tomorrow") if name == "snooze" else act.Wish(about)
    assert "know nothing" in office(change_of()).refusal(act, wish)


def test_a_change_or_ticket_goes_by_what_people_call_it():
    company = office(ticket_of())
    (event,) = company.act(acknowledge, acknowledge.Wish("acme/api#55"))
    assert event.object == "attention:ticket:acme/api#55"


@pytest.mark.parametrize(
    ("record", "about"),
    [
        (incident_of(), "incident:pagerduty/Q1"),
        (incident_of(repository="acme/api"), "incident:pagerduty/Q1"),
        (freeze_of(), "freeze:api/2026-11-18"),
        (deployment_of(state=DeploymentState.FAILED), "deployment:github/1"),
        (change_of(), "release:checkout@2.4"),
    ],
)
def test_everything_that_is_listed_can_be_acknowledged(record, about):
    assert office(record).kinds(acknowledge, acknowledge.Wish(about), "person/bo") == ["attention.acknowledged"]


@pytest.mark.parametrize(
    ("record", "about"),
    [
        (incident_of(services=("safe",)), "incident:pagerduty/Q1"),
        (incident_of(repository="acme/secret"), "incident:pagerduty/Q1"),
        (freeze_of(services=("safe",)), "freeze:api/2026-11-18"),
        (change_of(), "release:vault@1"),
    ],
)
def test_what_belongs_to_a_hidden_service_or_product_is_unknown(record, about):
    assert "know nothing" in office(record).refusal(acknowledge, acknowledge.Wish(about), "person/bo")


def test_an_incident_is_called_by_its_title():
    assert office(incident_of(open=False)).refusal(acknowledge, acknowledge.Wish("incident:pagerduty/Q1")) == (
        "Payments fail is resolved already."
    )


# Taking a review


@pytest.mark.parametrize(
    "change",
    [
        change_of(draft=True, move=turn(TurnKind.IN_PROGRESS)),
        change_of(move=turn(TurnKind.CHANGES_REQUESTED)),
        change_of(move=turn(TurnKind.READY_TO_MERGE)),
    ],
)
def test_only_a_change_that_waits_for_a_review_can_be_taken(change):
    said = office(change).refusal(take_review, take_review.Wish(PULL), "person/cem")
    assert said == "acme/api#101 does not wait for a review now."


def test_a_ticket_or_an_incident_has_nothing_to_review():
    assert "nothing to review" in office(ticket_of()).refusal(take_review, take_review.Wish("acme/api#55"))
    refused = office(incident_of()).refusal(take_review, take_review.Wish("incident:pagerduty/Q1"))
    assert refused == "Payments fail is no change: there is nothing to review."


def test_nobody_reviews_what_they_wrote_in_any_case_of_their_login():
    company = office(change_of(author="github/bo-dev"))
    assert "You wrote acme/api#101" in company.refusal(take_review, take_review.Wish(PULL), "person/bo")
    assert company.kinds(take_review, take_review.Wish(PULL), "person/anna") == ["attention.taken"]


def test_nor_with_an_account_that_they_proved_theirs():
    proved = Account("account:github/cem-x", "cem-x", person="person/cem")
    company = office(change_of(author="github/Cem-X"), proved)
    wish = take_review.Wish(PULL, "github/Cem-X")
    assert "You wrote" in company.refusal(take_review, wish, "person/cem")


# Snoozing


@pytest.mark.parametrize(
    ("until", "now", "ends_at"),
    [
        ("tomorrow", NOON, "2026-11-19T09:00"),
        ("tomorrow", FRIDAY, "2026-11-23T09:00"),
        ("next week", NOON, "2026-11-23T09:00"),
        ("next week", at("2026-11-22T12:00"), "2026-11-23T09:00"),
        ("next week", at("2026-11-23T08:00"), "2026-11-30T09:00"),
    ],
)
def test_a_snooze_ends_when_the_working_day_begins(until, now, ends_at):
    assert ends(until, Calendar(), now) == at(ends_at)


def test_it_is_the_persons_own_day_in_their_own_zone():
    own = Calendar("America/New_York", frozenset({0, 1, 2, 3}), time(7), time(15))
    assert ends("tomorrow", own, at("2026-11-19T02:00")) == at("2026-11-19T12:00")  # it is still the 18th there
    assert ends("tomorrow", own, at("2026-11-19T20:00")) == at("2026-11-23T12:00")  # no work on Friday
    away = replace(own, leave=((date(2026, 11, 23), date(2026, 11, 24)),))
    assert ends("next week", away, at("2026-11-19T20:00")) == at("2026-11-25T12:00")


def test_through_a_change_of_the_clock_the_day_begins_when_it_always_does():
    own = Calendar("Europe/Berlin", frozenset(range(7)))
    assert ends("tomorrow", own, at("2026-10-24T12:00")) == at("2026-10-25T08:00")
    assert ends("tomorrow", own, at("2026-03-28T12:00")) == at("2026-03-29T07:00")


def test_whoever_never_works_is_called_when_the_day_would_begin():
    assert ends("tomorrow", Calendar(days=frozenset()), NOON) == at("2026-11-19T09:00")


def test_a_night_shift_begins_in_the_evening():
    assert ends("tomorrow", Calendar(start=time(22), end=time(6)), NOON) == at("2026-11-19T22:00")


def test_the_end_is_kept_as_an_instant_and_counted_from_the_askers_zone():
    company = office(change_of(), more='\n[hours]\nzone = "Europe/Berlin"\n')
    company.act(snooze, snooze.Wish(PULL, "tomorrow"), "person/cem", zone="America/New_York")
    (mark,) = attention(company).snoozed
    assert (mark.by, mark.until) == ("person/cem", at("2026-11-19T14:00"))
    assert mark.until - NOON > timedelta(hours=24)
