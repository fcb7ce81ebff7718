"""What was posted of a thing can be looked at, rewritten and shown, and what nobody could be sent leaves a mark."""

from datetime import timedelta

import pytest

from storage.database import Database
from storage.outbox import Outbox, Owed
from tests.builders import NOON

LEASE = timedelta(seconds=60)
THING, OTHER = "handoff:1", "handoff:2"
SAID = {"text": "first", "blocks": [{"type": "divider"}]}
NEWER = {"text": "second", "blocks": []}


@pytest.fixture
def outbox(database_url):
    database = Database(database_url)
    yield Outbox(database)
    database.close()


def owe(outbox, key, cause=THING, **more):
    outbox.owe([Owed(key, "U1", SAID, NOON, NOON + timedelta(hours=2), cause, **more)], NOON)


def post(outbox, key="lead", ts="7.5"):
    owe(outbox, key)
    (claimed,) = outbox.claim(NOON, "a", LEASE, 1)
    assert outbox.posted(claimed.key, "a", NOON, ts, "D1")


def test_everything_that_a_thing_caused_is_found_whatever_became_of_it(outbox):
    owe(outbox, "b", after="a")
    post(outbox, "a")
    owe(outbox, "c", OTHER)
    found = outbox.standing([THING])
    assert [(one.key, one.state, one.channel, one.place, one.ts, one.after) for one in found] == [
        ("a", "posted", "U1", "D1", "7.5", None),
        ("b", "owed", "U1", None, None, "a"),
    ]
    assert found[0].message == SAID
    assert {one.key for one in outbox.standing([THING, OTHER, THING])} == {"a", "b", "c"}
    assert outbox.standing([]) == ()


def test_what_is_rewritten_counts_as_not_shown_until_slack_shows_just_that(outbox):
    post(outbox)
    assert outbox.standing([THING])[0].shown
    assert outbox.restate("lead", NEWER, NOON + LEASE)
    (one,) = outbox.standing([THING])
    assert (one.message, one.shown, one.why, one.at) == (NEWER, False, "", NOON + LEASE)
    assert not outbox.shown("lead", SAID)
    assert not outbox.standing([THING])[0].shown
    assert outbox.shown("lead", NEWER)
    assert outbox.standing([THING])[0].shown


def test_only_what_stands_is_rewritten(outbox):
    owe(outbox, "waiting")
    assert not outbox.restate("waiting", NEWER, NOON)
    assert not outbox.restate("nothing", NEWER, NOON)
    assert not outbox.shown("waiting", SAID)


def test_what_nobody_can_be_sent_is_noted_once_with_why_and_is_never_posted(outbox):
    assert outbox.forgo("lost", THING, "unknown", NOON)
    assert not outbox.forgo("lost", THING, "another", NOON + LEASE)
    (one,) = outbox.standing([THING])
    assert (one.state, one.why, one.message, one.alive) == ("skipped", "unknown", None, False)
    assert outbox.claim(NOON + LEASE, "a", LEASE, 10) == ()
    owe(outbox, "lost")
    assert outbox.claim(NOON + LEASE, "a", LEASE, 10) == ()


def test_a_post_that_was_given_up_says_why(outbox):
    owe(outbox, "lead")
    outbox.claim(NOON, "a", LEASE, 1)
    outbox.over("lead", "a", NOON, "failed", "user_disabled")
    (one,) = outbox.standing([THING])
    assert (one.state, one.why, one.alive, one.shown) == ("failed", "user_disabled", False, True)


def test_what_somebody_else_rewrote_meanwhile_is_not_overwritten(outbox):
    post(outbox)
    assert outbox.restate("lead", NEWER, NOON, SAID)
    third = {"text": "third", "blocks": []}
    assert not outbox.restate("lead", third, NOON, SAID)
    assert outbox.standing([THING])[0].message == NEWER
    assert outbox.restate("lead", third, NOON, NEWER)


def test_of_what_was_shown_it_can_be_noted_that_nobody_knows(outbox):
    post(outbox)
    outbox.restate("lead", NEWER, NOON)
    outbox.shown("lead", NEWER)
    assert outbox.unshow("lead") == NEWER
    assert not outbox.standing([THING])[0].shown
    assert outbox.shown("lead", NEWER)
    assert outbox.unshow("nothing") is None
