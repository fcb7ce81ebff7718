"""Everybody is found where they read, and whoever is not, with why."""

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.handoffs.standing import Stand
from assistant.people import people_of
from digests.directory import CouldNotAsk
from digests.handoffs.reaching import Lost, Place, Reach
from tests.builders import at
from tests.digests.passing import ANNA, BO, CHO, EVE, Directory
from tests.handing import CHANGE, MORNING, company, handoff_of

DAY = timedelta(days=1)


def reach(more="", now=MORNING, **known):
    policy = company(more)
    return Reach(policy, people_of(policy), Directory(policy=policy, **known), now)


def stand_of(**more):
    handoff = handoff_of(**more)
    return Stand(handoff, handoff.state, handoff.opened_at)


def test_a_person_reads_where_slack_knows_them_in_their_own_hours():
    eve = reach().person("person/eve", handoff_of())
    assert (eve.channel, eve.name, eve.viewer.zone, eve.awake, eve.personal) == (
        EVE, "Eve Odell", "America/New_York", False, True,
    )  # fmt: skip
    assert reach(now=at("2026-11-18T15:00")).person("person/eve", handoff_of()).awake


def test_where_the_configuration_names_no_zone_it_is_the_one_that_they_set_in_slack():
    anna = reach(zones={ANNA: "Asia/Tokyo"}).person("github/anna", handoff_of())
    assert (anna.who, anna.viewer.zone, anna.calendar.zone, anna.awake) == (
        "person/anna", "Asia/Tokyo", "Asia/Tokyo", False,
    )  # fmt: skip


def test_what_is_due_with_the_end_of_a_day_is_said_then():
    assert reach(now=at("2026-11-18T17:05")).person("person/bo", handoff_of()).awake
    assert not reach(now=at("2026-11-18T17:15")).person("person/bo", handoff_of()).awake


@pytest.mark.parametrize(("known", "code"), [({"unknown": {BO}}, "unknown"), ({"guests": {BO}}, "outside"), ({}, None)])
def test_whoever_can_not_be_reached_is_lost_with_why(known, code):
    found = reach(**known).person("person/bo", handoff_of())
    assert (found.code if isinstance(found, Lost) else None) == code


def test_whoever_may_not_see_what_it_is_about_is_not_told_of_it():
    hidden = handoff_of(about="change:acme/secret#1", repository="acme/secret")
    found = reach()
    assert found.person("person/cho", hidden) == Lost("person/cho", "Cho Min", "unseen")
    assert isinstance(found.person("person/cho", handoff_of()), Place)


def test_where_whoever_is_on_duty_is_away_or_unreachable_the_channel_gets_it():
    assert reach().receiver(stand_of()).channel == CHO
    assert reach(guests={CHO}).receiver(stand_of()).channel == "C2"
    assert reach(guests={CHO}, unseen={"C2"}).receiver(stand_of()).channel == BO  # who leads it
    assert reach(guests={CHO, BO}, unseen={"C2"}).receiver(stand_of()).code == "outside"


def test_a_named_receiver_who_is_lost_is_replaced_by_nobody():
    assert reach(guests={BO}).receiver(stand_of(receiver="person/bo")).code == "outside"


def test_a_turn_of_duty_has_a_beginning_and_the_one_in_which_it_was_opened_has_none():
    taking_turns = '[functions.sre]\non_duty = ["bo", "eve"]\n'
    monday = at("2026-11-23")

    def since(day):
        return reach(taking_turns, monday + day * DAY + timedelta(hours=23)).receiver(stand_of(to_function="sre")).since

    assert {since(day) for day in range(-5, 0)} == {None}
    assert {since(day) for day in range(7)} == {monday}
    assert reach(now=MORNING + 900 * DAY).receiver(stand_of()).since is None  # one person for ever


def test_a_turn_that_lasts_for_weeks_is_one_turn():
    policy = company('[functions.sre]\non_duty = ["bo", "eve"]\n')
    away = policy.people["eve"].model_copy(update={"leave": ((at("2026-11-30").date(), at("2027-02-01").date()),)})
    policy = policy.model_copy(update={"people": {**policy.people, "eve": away}})
    found = set()
    for day in range(12, 60):
        there = Reach(policy, people_of(policy), Directory(policy=policy), MORNING + day * DAY)
        place = there.receiver(stand_of(to_function="sre"))
        found.add((place.channel, place.since))
    assert len(found) == 1


def test_whoever_leads_the_function_for_this_product_is_its_lead():
    more = '[functions.sre]\nlead = "bo"\nleads = { checkout = "eve" }\n'
    assert reach(more).leader(stand_of(to_function="sre")).channel == EVE
    assert reach(more).leader(stand_of(to_function="sre", about=CHANGE)).channel == BO
    assert reach().leader(stand_of(to_function="sre")) is None


def test_what_slack_does_not_say_is_never_guessed():
    with pytest.raises(CouldNotAsk):
        reach(away=True).receiver(stand_of(to_function="design"))


def test_a_channel_reads_in_the_workspaces_zone_what_it_may_see():
    found = reach('[access.channels]\nC3 = ["acme/web"]\n')
    viewer = found.reader("C3", handoff_of())
    assert (viewer.zone, viewer.may_see("acme/web"), viewer.may_see("acme/api")) == ("UTC", True, False)
    shown = replace(handoff_of(), about=CHANGE, repository="acme/api")
    assert found.receiver(stand_of(to_function="design", about=CHANGE)).code == "channel"
    assert found.reader("C3", shown) is None
    assert found.reader(CHO, shown, "person/cho").key == "person/cho"


def test_where_something_stands_that_may_be_read_there_no_more_there_is_no_reader():
    secret = handoff_of(about="change:acme/secret#1", repository="acme/secret")
    assert reach().reader(CHO, secret, "person/cho") is None
    assert reach(guests={CHO}).reader(CHO, handoff_of(), "person/cho") is None
    assert reach(outside={"C3"}).reader("C3", handoff_of()) is None
    assert reach(unseen={"C3"}).reader("C3", handoff_of()) is None
    assert reach().reader("C3", handoff_of()) is not None
