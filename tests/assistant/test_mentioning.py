"""Whoever has the next move is mentioned, unless it is not their hour, was snoozed, or they acted on it already."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.blockers.blocker import CLOCK, MACHINE, Owner
from assistant.mentioning import Naming, awake, nobody, snoozed_until
from assistant.people import people_of
from storage.records import Attention, Mark
from tests.builders import COMPANY, policy_of

NOW = datetime(2026, 11, 3, 10, tzinfo=UTC)  # a Tuesday, working hours
SINCE = NOW - timedelta(days=1)
PEOPLE = people_of(policy_of(COMPANY + '[people.dora]\nzone = "Asia/Tokyo"\n'))
ANNA, BO = Owner("person/anna", "Anna Berg"), Owner("person/bo", "Bo")
IDS = {"person/anna": "U1", "person/bo": "U2", "person/dora": "U3"}


def naming(now=NOW, reached=IDS.get):
    return Naming(PEOPLE, now, reached)


def attention_of(**marks):
    return Attention("attention:change:acme/api#1", "change:acme/api#1", "acme/api", NOW, **marks)


def mark(by="person/anna", hours=-1, until=None):
    return Mark(by, NOW + timedelta(hours=hours), until)


def test_an_owner_who_can_be_reached_in_their_hours_is_mentioned():
    assert naming().of([ANNA], None, SINCE) == "<@U1>"


def test_several_owners_are_named_in_a_row():
    assert naming(reached={"person/anna": "U1"}.get).of([ANNA, BO]) == "<@U1>, Bo"


def test_nobody_is_no_words():
    assert naming().of([]) == ""


def test_by_itself_nobody_is_mentioned():
    assert nobody("person/anna") is None
    assert Naming(PEOPLE, NOW).of([ANNA]) == "Anna Berg"


@pytest.mark.parametrize("hours", [-3, 8, 96], ids=["before nine", "after five", "on a Saturday"])
def test_outside_of_their_working_hours_an_owner_is_only_named(hours):
    assert naming(NOW + timedelta(hours=hours)).of([ANNA]) == "Anna Berg"


def test_the_hours_are_the_owners_own():
    dora = Owner("person/dora", "Dora")
    assert naming().of([dora]) == "Dora"
    assert naming(NOW.replace(hour=2)).of([dora]) == "<@U3>"
    assert naming(NOW.replace(hour=2)).of([ANNA]) == "Anna Berg"


@pytest.mark.parametrize("what", ["acknowledged", "taken", "declined"])
def test_who_acted_on_it_since_their_turn_began_is_only_named(what):
    acted = attention_of(**{what: (mark(),)})
    assert naming().of([ANNA, BO], acted, SINCE) == "Anna Berg, <@U2>"


def test_what_somebody_did_before_their_turn_began_mutes_nothing():
    assert naming().of([ANNA], attention_of(acknowledged=(mark(hours=-48),)), SINCE) == "<@U1>"


def test_acting_by_another_account_of_theirs_counts_as_theirs():
    assert naming().of([ANNA], attention_of(acknowledged=(mark("slack/U1"),)), SINCE) == "Anna Berg"
    assert naming().of([ANNA], attention_of(taken=(mark("github/ANNA"),)), SINCE) == "Anna Berg"


def test_a_turn_of_unknown_age_is_muted_by_whatever_they_did():
    assert naming().of([ANNA], attention_of(acknowledged=(mark(hours=-900),)), None) == "Anna Berg"


def test_what_was_snoozed_mentions_nobody_until_it_is_over():
    snoozed = attention_of(snoozed=(mark("person/bo", -1, NOW + timedelta(hours=2)),))
    assert naming().of([ANNA, BO], snoozed, SINCE) == "Anna Berg, Bo"
    assert naming(NOW + timedelta(hours=2)).of([ANNA], snoozed, SINCE) == "<@U1>"


def test_the_longest_snooze_counts():
    longest = NOW + timedelta(days=3)
    marks = (mark(until=longest), mark("person/bo", until=NOW + timedelta(days=1)), mark("person/cho"))
    assert snoozed_until(attention_of(snoozed=marks), NOW) == longest
    assert snoozed_until(attention_of(snoozed=marks), longest) is None
    assert snoozed_until(None, NOW) is None


@pytest.mark.parametrize("owner", [MACHINE, CLOCK])
def test_machines_and_clocks_are_named_as_they_are(owner):
    assert naming().of([owner]) == owner.name


@given(name=st.one_of(st.text(max_size=40), st.sampled_from(("<!channel>", "<@U9>", "a" * 500, "&<>", "\u202ex"))))
def test_a_name_is_only_a_name(name):
    said = str(Naming(PEOPLE, NOW).of([Owner("github/x", name)]))
    assert "<" not in said
    assert len(said) <= 60 * 5 + 2


ZONES = {"U1": "America/New_York", "U3": "America/New_York", "U9": "Asia/Tokyo"}


def reached(key, now=NOW, zone=ZONES.get):
    return awake((IDS | {"slack/U9": "U9"}).get, zone, PEOPLE.policy, now)(key)


def test_whose_zone_only_slack_knows_is_not_mentioned_in_their_night():
    assert [reached("person/anna"), reached("slack/U9")] == [None, None]  # before six there, and after seven
    assert reached("slack/U9", NOW.replace(hour=2)) == "U9"
    assert reached("person/anna", NOW.replace(hour=15)) == "U1"
    assert naming(reached=reached).of([Owner("slack/U9", "Dee"), BO]) == "Dee, <@U2>"


def test_the_zone_of_the_configuration_is_not_asked_of_slack():
    asked = []
    assert reached("person/dora", NOW.replace(hour=2), asked.append) == "U3"
    assert asked == []


def test_where_slack_says_no_zone_the_workspaces_hours_hold():
    assert reached("person/bo") == "U2"
    assert naming(NOW.replace(hour=20), reached).of([BO]) == "Bo"


def test_whom_nobody_can_reach_has_no_zone():
    assert reached("person/nobody", zone=pytest.fail) is None
