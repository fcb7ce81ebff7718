"""Subscribing, looking at a digest beforehand, having one now, and what happens when Slack takes none."""

import threading
from dataclasses import replace
from datetime import time, timedelta

import pytest

from assistant.acts import resume_subscription
from assistant.acts.subscribe import Wish
from assistant.errors import UserError
from assistant.showing.sheet import Sheet
from assistant.viewer import viewer_for
from digests.directory import CouldNotAsk
from digests.speaking import new_subscription
from storage.records import Subscription
from tests.digests.saying import NINE, company


@pytest.fixture
def office(sqlite_ledger, monkeypatch):
    return company(sqlite_ledger, monkeypatch)


@pytest.fixture
def anna(office):
    return viewer_for(office.desk.policy, "person/anna", "Anna Berg")


@pytest.fixture
def bo(office):
    return viewer_for(office.desk.policy, "person/bo", "Bo Cole")


def wish(**more):
    return Wish(**({"subscription": new_subscription(), "digest": "tiny", "channel": "C1"} | more))


def refusal(office, wished, who):
    with pytest.raises(UserError) as raised:
        office.digests.subscribe(wished, who, NINE)
    return str(raised.value)


# Subscribing


def test_a_subscription_is_listed_where_it_comes(office, anna):
    office.digests.subscribe(wish(), anna, NINE)
    office.digests.subscribe(wish(channel=None), anna, NINE)
    assert [one.channel for one in office.digests.subscriptions(channel="C1")] == ["C1"]
    assert [one.person for one in office.digests.subscriptions(person="slack/U1")] == ["person/anna"]
    assert len(office.digests.subscriptions("C1", "person/anna")) == len(office.digests.subscriptions()) == 2
    assert office.digests.subscriptions("C2") == ()


def test_it_keeps_the_zone_of_whoever_subscribed_and_comes_next_when_it_says(office, anna):
    office.digests.subscribe(wish(time=time(9, 30)), anna, NINE)
    (one,) = office.digests.subscriptions()
    assert one.zone == "Europe/Berlin"
    assert office.digests.coming(one, NINE) == NINE + timedelta(minutes=30)


def test_what_it_is_about_is_kept_in_words_that_mean_exactly_that(office, anna):
    for about, kept in [("Team  WEB", "team web"), ("acme/web", "service web"), ("all", "everything"), (" ", "")]:
        one = wish(about=about)
        office.digests.subscribe(one, anna, NINE)
        assert office.digests.find(one.subscription).about == kept


def test_what_nobody_knows_or_this_channel_may_not_see_is_no_subject(office, anna):
    assert "nothing" in refusal(office, wish(about="team wbe"), anna)
    assert "acme/secret" not in refusal(office, wish(channel="C9", about="acme/secret#102"), anna).partition(".")[2]
    assert "about a team, a repository or a release" in refusal(office, wish(about="acme/web#101"), anna)


def test_an_unknown_digest_gets_those_that_there_are(office, anna):
    assert refusal(office, wish(digest="tyny"), anna) == (
        "There is no digest \"tyny\"; did you mean 'tiny'? There are: tiny, own."
    )


def test_one_persons_own_digest_comes_to_no_channel(office, anna):
    assert "direct message" in refusal(office, wish(digest="own"), anna)
    assert office.digests.subscribe(wish(digest="own", channel=None), anna, NINE)


def test_the_same_does_not_come_twice_but_another_subject_may(office, anna, bo):
    first = wish(about="team web")
    office.digests.subscribe(first, anna, NINE)
    assert "comes here already" in refusal(office, wish(about="Team WEB"), bo)
    office.digests.subscribe(wish(), bo, NINE)
    office.digests.subscribe(replace(first, time=time(14)), bo, NINE + timedelta(hours=1))
    office.digests.subscribe(wish(channel=None), bo, NINE)
    assert office.digests.find(first.subscription).time == "14:00"


def test_days_on_which_nobody_works_are_refused(office, anna, bo):
    assert "would never come" in refusal(office, wish(days=(5, 6)), anna)
    assert "would never come" in refusal(office, wish(channel=None, days=(4,)), bo)


def test_what_was_removed_is_not_found(office, anna):
    with pytest.raises(UserError, match="no such digest here"):
        office.digests.find("subscription:none")


# Looking, and having one now


def test_a_preview_shows_what_the_channel_would_read_and_owes_nothing(office, anna):
    shown = office.digests.preview("tiny", "", anna, NINE, channel="C9")
    assert isinstance(shown, Sheet)
    assert shown.headline == "2 things in acme/web"
    assert office.digests.preview("tiny", "", anna, NINE).headline == "2 things in acme/secret, acme/web"
    assert office.owed() == []


def test_a_preview_of_what_is_subscribed_counts_the_news_from_its_last_one_and_remembers_nothing(office, anna):
    one = office.subscribed(channel="C1")
    office.digests.send_now(one.object, anna, NINE)
    office.owed()
    for _ in range(2):
        told = office.digests.told("tiny", "", anna, NINE, channel="C1", subscription=one.object)
        assert told.answer.seen == {"things": ["web#1", "web#2"]}
    assert office.digests.told("tiny", "", anna, NINE, channel="C1").answer.seen is None


def test_a_preview_of_what_is_unclear_is_a_question_back(office, anna):
    assert not isinstance(office.digests.preview("tiny", "team wbe", anna, NINE), Sheet)


def test_one_is_sent_now_whatever_there_is_to_say(office, anna):
    one = office.subscribed(channel="C1")
    office.tiny.things.clear()
    assert office.digests.send_now(one.object, anna, NINE) == "It is on its way."
    assert [post.message["text"] for post in office.owed()] == ["0 things in acme/secret, acme/web"]
    assert list(office.states(one).values()) == ["posted"]


def test_sending_now_twice_in_a_minute_sends_once_and_leaves_the_mornings_own_alone(office, anna):
    one = office.subscribed(channel="C1", at=NINE - timedelta(hours=1))
    assert office.digests.send_now(one.object, anna, NINE) == "It is on its way."
    again = office.digests.send_now(one.object, anna, NINE + timedelta(seconds=40))
    assert again == "Somebody had it sent a moment ago. Try again in a minute."
    assert len(office.owed()) == 2
    assert office.digests.send_now(one.object, anna, NINE + timedelta(seconds=60)) == "It is on its way."
    assert office.digests.tick(threading.Event()) == {"posted": 1}


def test_what_fails_now_is_told_with_a_reference(office, anna):
    one = office.subscribed(channel="C1")
    office.tiny.breaks.add(one.object)
    with pytest.raises(UserError, match=r"not your fault.*reference [0-9a-f]{8}"):
        office.digests.send_now(one.object, anna, NINE)


def test_while_slack_can_not_be_asked_whoever_wants_one_now_reads_that(office, anna):
    one = office.subscribed(channel="C1")
    office.directory.away = True
    assert office.digests.send_now(one.object, anna, NINE) == (
        "It could not be sent: Slack could not be asked who reads it."
    )
    assert list(office.states(one).values()) == ["skipped"]


def test_only_its_reader_has_a_direct_message_sent_now(office, bo):
    one = office.subscribed("person/anna")
    with pytest.raises(UserError, match="Only Anna Berg"):
        office.digests.send_now(one.object, bo, NINE)


# Slack says no


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("not_in_channel", "/invite @lastmile"),
        ("is_archived", "Unarchive it"),
        ("restricted_action", "Ask who looks after it"),
        ("user_not_visible", "add your Slack id"),
        ("something_else", "Ask an admin of the workspace"),
    ],
)
def test_what_slack_refuses_pauses_and_its_subscriber_reads_once_how_to_mend_it(office, code, words):
    one = office.subscribed(channel="C1")
    office.digests.refused(one.object, code, NINE)
    office.digests.refused(one.object, code, NINE + timedelta(minutes=1))
    paused = office.find(one)
    assert paused.paused_at == NINE
    assert words in paused.paused_why
    (notice,) = office.owed()
    assert (notice.channel, notice.cause) == ("U1", "notice")
    assert notice.message["text"] == f'I no longer send "Tiny things" to &lt;#C1&gt;. {paused.paused_why}'.replace(
        "&lt;#C1&gt;", "<#C1>"
    )


def test_where_whoever_set_it_up_is_gone_the_channel_reads_it_and_a_member_may_take_it_over(office, bo):
    one = office.subscribed(channel="C1")
    office.digests.refused(one.object, "guest", NINE)
    (notice,) = office.owed()
    assert notice.channel == "C1"
    assert "no longer a member of this workspace" in notice.message["text"]
    taken = wish(subscription=one.object, channel="C1", zone="Europe/Berlin")
    office.digests.subscribe(taken, bo, NINE + timedelta(hours=1))
    assert (office.find(one).by, office.find(one).paused_at) == ("person/bo", None)


def test_where_slack_can_not_be_asked_whom_to_tell_it_pauses_with_the_next_one(office, monkeypatch):
    one, ask = office.subscribed(channel="C1"), office.directory.slack_id

    def away(key, now):
        raise CouldNotAsk

    monkeypatch.setattr(office.directory, "slack_id", away)
    office.digests.refused(one.object, "is_archived", NINE)
    assert office.find(one).paused_at is None
    monkeypatch.setattr(office.directory, "slack_id", ask)
    office.digests.refused(one.object, "is_archived", NINE + timedelta(days=1))
    assert office.find(one).paused_at
    office.now = NINE + timedelta(days=1)
    assert len(office.owed()) == 1


def test_after_it_was_mended_and_breaks_again_its_subscriber_is_told_again(office, anna):
    one = office.subscribed(channel="C1")
    for hour in range(2):
        now = NINE + timedelta(hours=hour)
        office.digests.refused(one.object, "is_archived", now)
        office.desk.act("resume_subscription", resume_subscription.Wish(one.object), anna, now + timedelta(minutes=1))
    office.now = NINE + timedelta(hours=2)
    assert len(office.owed()) == 2


def test_where_nobody_can_be_told_it_pauses_all_the_same(office):
    by_terminal, own = office.subscribed("terminal/root", channel="C1"), office.subscribed("person/bo")
    for one in (by_terminal, own):
        office.digests.refused(one.object, "is_archived", NINE)
        assert office.find(one).paused_at
    assert office.owed() == []


@pytest.mark.parametrize("cause", ["notice", "subscription:none"])
def test_of_what_is_no_subscription_nothing_is_paused(office, cause):
    office.digests.refused(cause, "is_archived", NINE)
    assert office.owed() == []


def test_what_was_removed_meanwhile_is_left_alone(office, anna):
    from assistant.acts import end_subscription

    one = office.subscribed(channel="C1")
    office.desk.act("end_subscription", end_subscription.Wish(one.object), anna, NINE)
    office.digests.refused(one.object, "is_archived", NINE)
    found = office.desk.ledger.get([one.object])[one.object]
    assert isinstance(found, Subscription)
    assert found.paused_at is None
