"""Subscribing to digests, pausing, resuming and removing them."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from assistant.acts import end_subscription, pause_subscription, resume_subscription, subscribe
from assistant.sentences import told
from storage.records import Subscription
from storage.state.fold import fold
from storage.state.rules import FoldRules
from tests.builders import NOON, known, office, viewer

NAME = "subscription:aa"
LATER = NOON + timedelta(hours=1)


def wish(**more):
    return subscribe.Wish(
        **({"subscription": NAME, "digest": "stalled", "channel": "C1", "zone": "Europe/Berlin"} | more)
    )


def subscription_of(**more):
    filled = {
        "object": NAME,
        "digest": "stalled",
        "by": "person/anna",
        "created_at": NOON,
        "since": NOON,
        "channel": "C1",
    }
    return Subscription(**(filled | more))


def mine(**more):
    return subscription_of(channel=None, person="person/anna", **more)


def made(outcome):
    assert isinstance(outcome, tuple), outcome
    return fold(NAME, [known(event) for event in outcome], FoldRules()).record


def test_anybody_inside_lets_a_digest_come_to_a_channel():
    found = made(
        office().act(subscribe, wish(days=(4, 0, 4), time=time(9, 30), about=" team  web", all_clear=True), "slack/U9")
    )
    assert found == Subscription(
        NAME,
        "stalled",
        "slack/U9",
        NOON,
        NOON,
        "C1",
        None,
        (0, 4),
        "09:30",
        "Europe/Berlin",
        "team web",
        all_clear=True,
    )


def test_without_a_channel_it_comes_to_whoever_wishes_it_in_their_zone():
    found = made(office().act(subscribe, wish(channel=None, zone=None), "slack/U0ANNA", zone="Asia/Tokyo"))
    assert (found.channel, found.person, found.zone) == (None, "person/anna", "Asia/Tokyo")


def test_nobody_is_sent_direct_messages_that_they_did_not_ask_for():
    assert "Only Anna Berg can ask" in office().refusal(
        subscribe, wish(channel=None, person="person/anna"), "person/bo"
    )


def test_a_terminal_has_no_direct_messages():
    assert "--as PERSON" in office().refusal(subscribe, wish(channel=None), "terminal/root")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"days": ()}, "at least one day"),
        ({"days": (7,)}, "at least one day"),
        ({"zone": "Mars/Base"}, 'no time zone "Mars/Base"'),
        ({"digest": ""}, "which digest"),
        ({"subscription": "release:web@1"}, "which digest"),
    ],
)
def test_what_can_not_come_is_refused_with_what_to_do(wrong, words):
    assert words in office().refusal(subscribe, wish(**wrong))


def test_guests_and_outsiders_do_nothing_here():
    company = office(subscription_of(paused_at=NOON))
    for act, wished in [
        (subscribe, wish()), (pause_subscription, pause_subscription.Wish(NAME)),
        (resume_subscription, resume_subscription.Wish(NAME)), (end_subscription, end_subscription.Wish(NAME)),
    ]:  # fmt: skip
        assert "Only members" in company.refusal(act, wished, "person/gus")
        assert "Only members" in company.refusal(act, wished, "slack/U9", inside=False)


def test_anybody_inside_changes_pauses_and_removes_what_comes_to_a_channel():
    company = office(subscription_of())
    assert company.kinds(subscribe, wish(time=time(14)), "person/bo", LATER) == ["subscription.set"]
    assert company.kinds(pause_subscription, pause_subscription.Wish(NAME, "x"), "person/bo", LATER) == [
        "subscription.paused"
    ]
    assert company.kinds(end_subscription, end_subscription.Wish(NAME), "person/bo", LATER) == ["subscription.ended"]


def test_direct_messages_are_between_their_reader_and_who_asked_for_them():
    company = office(mine(by="slack/U5"))
    pausing = pause_subscription.Wish(NAME)
    assert "Only Anna Berg can change this" in company.refusal(pause_subscription, pausing, "person/bo")
    assert "Only Anna Berg can change this" in company.refusal(subscribe, wish(channel=None), "person/bo")
    assert "Only Anna Berg can change this" in company.refusal(subscribe, wish(), "person/bo")
    for who in ("slack/U0ANNA", "slack/U5", "lastmile/assistant"):
        assert office(mine(by="slack/U5")).kinds(pause_subscription, pausing, who) == ["subscription.paused"]


def test_pausing_twice_and_resuming_what_runs_change_nothing():
    assert office(subscription_of(paused_at=NOON)).kinds(pause_subscription, pause_subscription.Wish(NAME)) == []
    assert office(subscription_of()).kinds(resume_subscription, resume_subscription.Wish(NAME)) == []
    assert office(subscription_of(paused_at=NOON)).kinds(resume_subscription, resume_subscription.Wish(NAME)) == [
        "subscription.resumed"
    ]


@pytest.mark.parametrize("records", [(), (subscription_of(ended_at=NOON),)])
def test_what_was_removed_is_left_alone(records):
    company = office(*records)
    for act, wished in [
        (pause_subscription, pause_subscription.Wish(NAME)), (resume_subscription, resume_subscription.Wish(NAME)),
        (end_subscription, end_subscription.Wish(NAME)),
    ]:  # fmt: skip
        assert "no such digest here any more" in company.refusal(act, wished)
    if records:
        assert "Subscribe to it anew" in company.refusal(subscribe, wish())


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "The digest stalled comes to this channel every weekday at 09:00 (Europe/Berlin)."),
        ({"days": (0, 3)}, "The digest stalled comes to this channel on Monday and Thursday at 09:00 (Europe/Berlin)."),
        ({"days": tuple(range(7))}, "The digest stalled comes to this channel every day at 09:00 (Europe/Berlin)."),
        (
            {"channel": None, "about": "team web"},
            "The digest stalled comes to you alone every weekday at 09:00 (Europe/Berlin), about team web.",
        ),
    ],
)
def test_what_was_subscribed_is_told_back(more, words):
    company = office()
    anna = replace(viewer("person/anna", company.policy), channel="C1")
    assert told(company.act(subscribe, wish(**more)), anna, company.policy) == words


def test_elsewhere_the_channel_is_named():
    company = office()
    said = told(company.act(subscribe, wish()), viewer("person/anna", company.policy), company.policy)
    assert said.startswith("The digest stalled comes to C1 every weekday")
