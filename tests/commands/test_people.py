"""Who is asking, and who sees nothing?"""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from slack_sdk import WebClient

from assistant.errors import UserError
from commands import people
from commands.app import web_client
from commands.people import OUTSIDE, UNSURE, People
from digests.directory import CouldNotAsk
from tests import fakes
from tests.builders import policy_of
from tests.commands.conftest import NOW
from tests.fakes import MEMBER

MAPPED = '[workspace]\nteam_id = "T1"\n[people.anna]\nname = "Anna"\nemail = "Anna@acme.example"\n[people.bo]\nslack = "U2"\nzone = "Asia/Tokyo"\n'


def context(user="U1", team="T1", actor=None, installed="T1"):
    known = SimpleNamespace(team_id=installed) if installed else None
    return SimpleNamespace(
        user_id=user, actor_user_id=user, team_id=team, actor_team_id=actor or team, channel_id="C1", authorize_result=known
    )  # fmt: skip


@pytest.fixture
def known(settings, sqlite_ledger):
    return People(policy_of(MAPPED), web_client(settings, 5), sqlite_ledger)


def test_a_person_is_known_by_the_slack_id_of_the_configuration(known):
    viewer = known.viewer(context("U2"), NOW)
    assert (viewer.key, viewer.name, viewer.zone, viewer.inside) == ("person/bo", "Bo Cole", "Asia/Tokyo", True)


def test_a_person_is_known_by_their_email(known):
    assert known.viewer(context("U1"), NOW).key == "person/anna"
    assert known.viewer(context("U1"), NOW).name == "Anna"


def test_anybody_else_is_called_as_in_slack_and_reads_in_their_own_zone(known, slack):
    slack.users["U3"] = {**MEMBER, "tz": "America/New_York", "profile": {"real_name": "Cem"}}
    viewer = known.viewer(context("U3"), NOW)
    assert (viewer.key, viewer.name, viewer.zone) == ("slack/U3", "Cem", "America/New_York")


def test_a_zone_that_nobody_knows_is_none(known, slack):
    slack.users["U3"] = {**MEMBER, "tz": "Mars/Olympus"}
    assert known.viewer(context("U3"), NOW).zone == "UTC"


@pytest.mark.parametrize(
    "said",
    [
        {"is_restricted": True},
        {"is_ultra_restricted": True},
        {"is_stranger": True},
        {"deleted": True},
        {"team_id": "T2"},
    ],
)
def test_guests_and_outsiders_see_nothing(known, slack, said):
    slack.users["U3"] = {**MEMBER, **said}
    viewer = known.viewer(context("U3"), NOW)
    assert not viewer.inside
    assert not viewer.may_see("acme/api")
    with pytest.raises(UserError, match=r"members of this workspace"):
        known.member(context("U3"), NOW)


def test_a_guest_is_not_taken_for_the_person_whose_email_they_have(known, slack):
    slack.users["U3"] = {**MEMBER, "is_restricted": True}
    assert known.viewer(context("U3"), NOW).key == "slack/U3"


def test_somebody_of_another_workspace_in_a_shared_channel_sees_nothing(known, slack):
    slack.users["U3"] = {"profile": {}}
    assert not known.viewer(context("U3", team="T1", actor="T2"), NOW).inside


def test_somebody_of_an_organisation_may_have_another_home_team(known, slack):
    slack.users["U3"] = {**MEMBER, "team_id": "T7", "enterprise_user": {"teams": ["T1", "T7"]}}
    assert known.viewer(context("U3"), NOW).inside


def test_slack_is_asked_once_an_hour(known, slack):
    for minutes in (0, 10, 59):
        known.viewer(context(), NOW + timedelta(minutes=minutes))
    assert len(slack.heard("users.info")) == 1
    known.viewer(context(), NOW + timedelta(minutes=61))
    assert len(slack.heard("users.info")) == 2


def test_while_slack_does_not_answer_what_it_said_before_holds(known, slack):
    known.viewer(context(), NOW)
    slack.errors["users.info"] = "internal_error"
    assert known.viewer(context(), NOW + timedelta(days=1)).key == "person/anna"


def test_who_is_configured_needs_no_answer_of_slack(known, slack):
    slack.errors["users.info"] = "internal_error"
    assert known.viewer(context("U2"), NOW).key == "person/bo"


def test_membership_is_never_guessed(known, slack):
    slack.errors["users.info"] = "internal_error"
    with pytest.raises(UserError) as told:
        known.viewer(context("U3"), NOW)
    assert str(told.value) == UNSURE


def test_without_any_word_on_which_workspace_is_ours_nobody_is_a_member(settings, sqlite_ledger):
    unsaid = People(policy_of(""), web_client(settings, 5), sqlite_ledger)
    with pytest.raises(UserError):
        unsaid.viewer(context("U1", installed=None), NOW)


def test_the_cache_does_not_grow_for_ever(known, slack, monkeypatch):
    monkeypatch.setattr(people, "MOST_KEPT", 2)
    for n in range(5):
        slack.users[f"U1{n}"] = MEMBER
        known.viewer(context(f"U1{n}"), NOW)
    assert len(known._known) <= 2


def test_an_outsider_reads_why_there_is_nothing(busy):
    busy.slack.users["U3"] = {**MEMBER, "is_restricted": True}
    busy.ask("/blocking", "2.4", user_id="U3")
    assert busy.read == OUTSIDE
    assert "acme" not in str(busy.answers)


def test_an_outsider_acts_on_nothing(busy):
    busy.slack.users["U3"] = {**MEMBER, "is_stranger": True}
    busy.press("wrong.open", {"blocker": "change:acme/api#101", "release": None}, user="U3")
    assert "members of this workspace" in str(busy.form["blocks"])
    assert "acme" not in str(busy.form)


def test_a_person_is_found_in_slack_by_their_email_and_slack_is_asked_once_a_week(known, slack):
    slack.users["U1"] = {**MEMBER, "profile": {"email": "anna@acme.example"}}
    for days in (0, 6):
        assert known.slack_id("person/anna", NOW + timedelta(days=days)) == "U1"
    assert len(slack.heard("users.lookupByEmail")) == 1
    known.slack_id("person/anna", NOW + timedelta(days=8))
    assert len(slack.heard("users.lookupByEmail")) == 2


def test_nobody_found_is_remembered_too(known, slack):
    slack.users.clear()
    assert [known.slack_id("person/anna", NOW) for _ in range(2)] == [None, None]
    assert len(slack.heard("users.lookupByEmail")) == 1


def test_while_slack_does_not_answer_who_was_found_before_is_still_them(known, slack):
    known.slack_id("person/anna", NOW)
    slack.errors["users.lookupByEmail"] = "ratelimited_for_good"
    assert known.slack_id("person/anna", NOW + timedelta(days=30)) == "U1"
    assert len(slack.heard("users.lookupByEmail")) == 2


@pytest.mark.parametrize("error", ["ratelimited", "internal_error", "missing_scope", fakes.Status(503)])
def test_nobody_is_called_unknown_whom_slack_could_not_be_asked_about(settings, sqlite_ledger, slack, error):
    known = People(policy_of(MAPPED), unhurried(settings), sqlite_ledger)
    slack.errors["users.lookupByEmail"] = error
    with pytest.raises(CouldNotAsk):
        known.slack_id("person/anna", NOW)
    slack.errors.clear()
    assert known.slack_id("person/anna", NOW) == "U1"


@pytest.mark.parametrize("error", ["ratelimited", "internal_error", "missing_scope", fakes.Status(503)])
def test_who_reads_a_channel_is_never_guessed_and_no_failure_is_kept(settings, sqlite_ledger, slack, error):
    known = People(policy_of(MAPPED), unhurried(settings), sqlite_ledger)
    slack.errors["conversations.info"] = error
    with pytest.raises(CouldNotAsk):
        known.outsiders_in("C1", NOW)
    slack.errors.clear()
    assert not known.outsiders_in("C1", NOW)


def test_a_slack_that_is_not_there_gives_no_verdict(settings, sqlite_ledger):
    nowhere = People(policy_of(MAPPED), WebClient("xoxb-1", "http://127.0.0.1:9/", retry_handlers=[]), sqlite_ledger)
    for ask in (
        lambda: nowhere.outsiders_in("C1", NOW),
        lambda: nowhere.slack_id("person/anna", NOW),
        lambda: nowhere.inside("U1", NOW),
    ):
        with pytest.raises(CouldNotAsk):
            ask()


def test_a_channel_that_can_not_be_seen_is_one_to_be_invited_to(known, slack):
    slack.errors["conversations.info"] = "channel_not_found"
    with pytest.raises(UserError, match="/invite"):
        known.outsiders_in("C1", NOW)


def test_a_channel_that_is_shared_meanwhile_is_known_as_such_within_five_minutes(known, slack):
    assert not known.outsiders_in("C1", NOW)
    slack.channels["C1"] = {"is_ext_shared": True}
    assert not known.outsiders_in("C1", NOW + timedelta(minutes=4, seconds=59))
    assert known.outsiders_in("C1", NOW + timedelta(minutes=5))


@pytest.mark.parametrize(("said", "inside"), [({}, True), ({"is_restricted": True}, False), ({"deleted": True}, False)])
def test_a_member_is_asked_about_before_anything_is_said_to_them(known, slack, said, inside):
    slack.users["U3"] = {**MEMBER, **said}
    assert known.inside("U3", NOW) is inside
    assert not known.inside("U404", NOW)


def test_what_was_known_of_a_member_an_hour_ago_does_not_hold(known, slack):
    assert known.inside("U1", NOW)
    slack.errors["users.info"] = "internal_error"
    assert known.inside("U1", NOW + timedelta(minutes=59))
    with pytest.raises(CouldNotAsk):
        known.inside("U1", NOW + timedelta(hours=1))


def unhurried(settings):
    """A client that does not try again by itself."""
    client = web_client(settings, 5)
    client.retry_handlers.clear()
    return client


@pytest.mark.parametrize(("key", "user"), [("slack/U7", "U7"), ("person/bo", "U2"), ("github/x", None), (None, None)])
def test_who_is_configured_is_not_looked_up(known, slack, key, user):
    assert known.slack_id(key, NOW) == user
    assert slack.heard("users.lookupByEmail") == []


def test_somebody_picked_in_a_form_is_the_person_whose_email_they_have(known):
    assert [known.key(user, NOW) for user in ("U1", "U2", "U404")] == ["person/anna", "person/bo", "slack/U404"]


def test_slack_says_in_which_zone_somebody_is(known, slack):
    slack.users["U3"] = {**MEMBER, "tz": "America/New_York"}
    slack.users["U4"] = {**MEMBER, "tz": "Mars/Olympus"}
    assert [known.zone(user, NOW) for user in ("U3", "U4")] == ["America/New_York", None]


def test_where_slack_does_not_answer_the_zone_that_it_said_before_holds(known, slack):
    slack.users["U3"] = {**MEMBER, "tz": "America/New_York"}
    known.zone("U3", NOW)
    slack.errors["users.info"] = "ratelimited"
    assert known.zone("U3", NOW + timedelta(days=1)) == "America/New_York"
    assert known.zone("U5", NOW) is None
