"""Who reads a channel, asked of Slack for all channels at once."""

from datetime import timedelta
from urllib.error import URLError

import pytest
from slack_sdk.errors import SlackApiError

from digests.directory import KEPT_FOR, LISTED_AGAIN, MEMBERS_KEPT_FOR, CouldNotAsk, Nobody, Surveyed
from tests.builders import NOON


class People:
    """What is asked one by one."""

    def __init__(self):
        self.asked = []

    def slack_id(self, key, now):
        return "U1" if key == "person/anna" else None

    def outsiders_in(self, channel, now):
        self.asked.append(channel)
        return True

    def inside(self, user, now):
        self.asked.append(user)
        return True


class Client:
    """Slack, as far as it lists the channels that we are in."""

    def __init__(self, *pages, fails=(), gone=False, members=()):
        self.pages, self.fails, self.calls, self.gone, self.members = pages, set(fails), 0, gone, members

    def users_conversations(self, cursor=None, **_more):
        place, self.calls = int(cursor or 0), self.calls + 1
        if self.gone:
            raise URLError("nobody there")
        if place in self.fails:
            raise SlackApiError("no", {"error": "missing_scope"})
        following = str(place + 1) if place + 1 < len(self.pages) else ""
        return {"channels": self.pages[place], "response_metadata": {"next_cursor": following}}

    def users_list(self, cursor=None, **_more):
        self.calls += 1
        return {"members": self.members}


OURS, SHARED, PENDING = {"id": "C1"}, {"id": "C2", "is_ext_shared": True}, {"id": "C3", "is_pending_ext_shared": True}


def test_all_channels_that_we_are_in_are_known_by_one_look_every_five_minutes():
    people, client = People(), Client([OURS, SHARED], [PENDING])
    directory = Surveyed(people, client)
    assert [directory.outsiders_in(name, NOON) for name in ("C1", "C2", "C3")] == [False, True, True]
    assert (people.asked, client.calls) == ([], 2)
    directory.outsiders_in("C1", NOON + KEPT_FOR - timedelta(seconds=1))
    assert client.calls == 2
    directory.outsiders_in("C1", NOON + KEPT_FOR)
    assert client.calls == 4


def test_a_channel_that_we_are_not_in_is_asked_about_by_itself():
    people = People()
    assert Surveyed(people, Client([OURS])).outsiders_in("C9", NOON)
    assert people.asked == ["C9"]


@pytest.mark.parametrize(("fails", "asked"), [({0}, ["C1", "C2"]), ({1}, ["C2"])])
def test_where_slack_does_not_list_them_each_is_asked_about_by_itself(fails, asked):
    people = People()
    directory = Surveyed(people, Client([OURS], [SHARED], fails=fails))
    for name in ("C1", "C2"):
        directory.outsiders_in(name, NOON)
    assert people.asked == asked


def test_a_list_that_slack_broke_off_is_asked_for_again_soon():
    people, client = People(), Client([OURS], fails={0})
    directory = Surveyed(people, client)
    directory.outsiders_in("C1", NOON)
    client.fails.clear()
    assert directory.outsiders_in("C1", NOON + LISTED_AGAIN / 2)  # each is asked about by itself meanwhile
    assert not directory.outsiders_in("C1", NOON + LISTED_AGAIN)
    assert (people.asked, client.calls) == (["C1", "C1"], 2)


def test_where_slack_is_not_there_that_is_said_and_not_kept():
    people, client = People(), Client([OURS], gone=True)
    directory = Surveyed(people, client)
    with pytest.raises(CouldNotAsk):
        directory.outsiders_in("C1", NOON)
    client.gone = False
    assert not directory.outsiders_in("C1", NOON)
    assert people.asked == []


def test_a_channel_that_is_shared_meanwhile_is_known_as_such_within_five_minutes():
    client = Client([OURS])
    directory = Surveyed(People(), client)
    assert not directory.outsiders_in("C1", NOON)
    client.pages = ([OURS | {"is_ext_shared": True}],)
    assert directory.outsiders_in("C1", NOON + timedelta(minutes=5))


@pytest.mark.parametrize("flag", ["is_restricted", "is_ultra_restricted", "is_stranger", "deleted"])
def test_members_are_known_by_one_look_an_hour_and_anybody_else_is_asked_about(flag):
    people, client = People(), Client(members=[{"id": "U1"}, {"id": "U2", flag: True}])
    directory = Surveyed(people, client)
    assert [directory.inside(user, NOON) for user in ("U1", "U2", "U9")] == [True, False, True]
    assert (people.asked, client.calls) == (["U9"], 1)
    directory.inside("U1", NOON + MEMBERS_KEPT_FOR)
    assert client.calls == 2


def test_people_are_those_that_were_known_before():
    assert Surveyed(People(), Client([])).slack_id("person/anna", NOON) == "U1"


def test_without_a_slack_nobody_is_reached_and_nobody_reads_along():
    assert Nobody().slack_id("person/anna", NOON) is None
    assert not Nobody().outsiders_in("C1", NOON)
    assert Nobody().inside("U1", NOON)
