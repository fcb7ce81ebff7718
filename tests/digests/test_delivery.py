"""What is owed gets into Slack, each message once, and whatever Slack says holds up nothing else."""

import threading
import time
from datetime import timedelta

import pytest

from digests.delivery import COULD_NOT_TELL, Delivery, Terms
from digests.poster import Dry
from digests.slack import SlackPoster, client_for
from storage.database import Database
from storage.outbox import Outbox, Owed
from tests.builders import NOON
from tests.fakes import Status, fake_slack

SECOND = timedelta(seconds=1)
LEASE = timedelta(seconds=60)
SUB = "subscription:1"
PICTURES = ((b"\x89PNG", "Title", "Alt"),)


class Clock:
    """A clock that a test sets."""

    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now

    def on(self, seconds):
        self.now += timedelta(seconds=seconds)


class Post:
    """An outbox, a Slack, and what stands between them."""

    def __init__(self, url, slack):
        self.database = Database(url)
        self.outbox, self.slack, self.clock = Outbox(self.database), slack, Clock()
        self.told, self.refused, self.steps = [], [], []
        self.delivery = self.replica()

    def replica(self, seconds=1, **more):
        return Delivery(
            self.outbox, SlackPoster(client_for("xoxb-1", self.slack.url, seconds)), self.clock, Terms(LEASE, None, 4),
            refused=lambda *what: self.refused.append(what), told=lambda *what: self.told.append(what),
            reached=self.steps.append, **more,
        )  # fmt: skip

    def owe(self, *keys, channel="C1", **more):
        given = {"due": NOON, "until": NOON + timedelta(hours=2), "cause": SUB, **more}
        message = {"text": "Hello", "blocks": [{"type": "divider"}]}
        self.outbox.owe([Owed(key, channel, message, **given) for key in keys], self.clock.now)

    def drain(self, seconds=0, replica=None):
        self.clock.on(seconds)
        return (replica or self.delivery).drain(threading.Event())

    def left_unanswered(self, key="k", **more):
        """Post what nobody hears the answer of: it stands there, and its claimer is gone."""
        self.owe(key, **more)
        (post,) = self.outbox.claim(self.clock.now, "gone", LEASE, 1, None)
        return post

    def texts(self, channel="C1"):
        return [said["text"] for said in self.slack.messages.get(channel, ())]

    def states(self):
        return self.outbox.figures(self.clock.now).posts


@pytest.fixture
def post(sqlite_url):
    with fake_slack() as slack:
        made = Post(sqlite_url, slack)
        made.poster = SlackPoster(client_for("xoxb-1", slack.url, 1))
        yield made
        made.database.close()


def test_a_lead_and_its_thread_are_posted_in_order_and_told(post):
    post.owe("lead")
    post.owe("reply", after="lead")
    assert post.drain() == 1
    assert post.drain(1.5) == 1
    lead, reply = post.slack.messages["C1"]
    assert reply["thread_ts"] == lead["ts"]
    assert post.told == [("posted", "lead", ""), ("posted", "reply", "")]
    assert post.steps == ["claimed", "sending", "posted", "recorded"] * 2
    assert post.outbox.find("C1", lead["ts"]) == ("lead", {"text": "Hello", "blocks": [{"type": "divider"}]})
    assert post.outbox.waiting() is None


def test_nothing_owed_costs_nothing(post):
    assert post.drain() == 0
    assert post.slack.calls == []


def test_a_limit_holds_that_channel_for_as_long_as_slack_says_and_no_other(post):
    post.slack.errors["C1"] = [Status(429, Retry_After=30)]
    post.owe("limited")
    post.owe("other", channel="C2")
    post.drain()
    assert (post.texts("C1"), post.texts("C2")) == ([], ["Hello"])
    post.drain(29)
    assert post.texts() == []
    post.drain(2)
    assert post.texts() == ["Hello"]


def test_a_channel_that_takes_nothing_is_told_to_its_subscription_once_and_its_thread_is_given_up(post):
    post.slack.errors["C1"] = "is_archived"
    post.owe("lead")
    post.owe("reply", after="lead")
    post.owe("other", channel="C2", cause="subscription:2")
    post.drain()
    post.drain(5)
    assert post.refused == [(SUB, "is_archived", NOON)]
    assert post.texts("C2") == ["Hello"]
    assert post.states() == {"failed": 1, "posted": 1, "skipped": 1}
    assert len([said for said in post.slack.heard("chat.postMessage") if said["channel"] == "C1"]) == 1


def test_a_notice_that_is_refused_pauses_nobody(post):
    post.slack.errors["U9"] = "user_disabled"
    post.slack.errors["conversations.open"] = "user_disabled"
    post.owe("k", channel="U9", cause="notice")
    post.drain()
    assert post.refused == []
    assert post.states() == {"failed": 1}


def test_blocks_that_slack_refuses_go_out_as_plain_text_and_so_they_are_kept(post):
    post.slack.errors["C1"] = ["invalid_blocks"]
    post.owe("lead")
    post.owe("reply", after="lead")
    post.drain()
    post.drain(1.5)
    post.drain(1.5)
    lead, reply = post.slack.messages["C1"]
    assert "blocks" not in lead
    assert reply["thread_ts"] == lead["ts"]
    assert post.outbox.find("C1", lead["ts"]) == ("lead", {"text": "Hello", "blocks": []})


def test_a_text_that_slack_refuses_even_plain_fails_once_and_for_all(post):
    post.slack.errors["C1"] = "msg_too_long"
    post.owe("k")
    for _ in range(4):
        post.drain(2)
    assert len(post.slack.heard("chat.postMessage")) == 2
    assert post.states() == {"failed": 1}


def test_a_reply_that_fails_never_posts_its_lead_again(post):
    post.owe("lead")
    post.owe("reply", after="lead")
    post.drain()
    post.slack.errors["C1"] = ["cannot_reply_to_message"]
    for _ in range(3):
        post.drain(90)
    assert post.texts() == ["Hello"]
    assert post.states() == {"failed": 1, "posted": 1}
    assert post.refused == []


def test_while_slack_is_down_the_pauses_double_and_at_its_end_the_post_is_skipped(post):
    post.slack.errors["C1"] = "service_unavailable"
    post.owe("k", until=NOON + timedelta(seconds=70))
    assert [second for second in range(90) if post.drain(1 if second else 0)] == [0, 5, 15, 35]
    assert post.told[-1] == ("skipped", "k", "it was too late to post it: service_unavailable")
    assert post.states() == {"skipped": 1}


def test_what_slack_took_without_answering_is_found_and_not_posted_again(post):
    post.slack.slow["chat.postMessage"] = 1.3
    post.owe("k")
    post.drain()
    assert post.told == [("unanswered", "k", "request_timeout")]
    time.sleep(0.5)  # Slack was only slow
    assert post.texts() == ["Hello"]
    assert post.drain(59) == 0
    post.slack.slow.clear()
    post.drain(2)
    assert post.texts() == ["Hello"]
    assert post.told[-1] == ("found", "k", "")
    assert post.outbox.find("C1", post.slack.messages["C1"][0]["ts"]) is not None


def test_what_slack_never_got_is_posted_after_a_look(post):
    post.left_unanswered()
    assert post.drain(59) == 0
    post.drain(2)
    assert [call.method for call in post.slack.calls] == ["conversations.history", "chat.postMessage"]
    assert post.texts() == ["Hello"]


@pytest.mark.parametrize("code", ["missing_scope", "not_in_channel"])
def test_where_we_may_not_look_it_is_skipped_and_told_for_a_second_post_is_worse(post, code):
    post.left_unanswered()
    post.slack.errors["conversations.history"] = code
    post.drain(61)
    assert post.texts() == []
    assert post.told == [("skipped", "k", f"{COULD_NOT_TELL}: {code}")]
    assert post.states() == {"skipped": 1}


def test_where_we_may_look_later_it_is_looked_for_later(post):
    post.left_unanswered()
    post.slack.errors["conversations.history"] = [Status(429, Retry_After=60), Status(503)]
    post.drain(61)
    assert post.drain(59) == 0
    assert post.drain(2) == 1
    assert post.texts() == []
    post.drain(301)
    assert post.texts() == ["Hello"]


def test_where_there_is_no_time_left_to_look_it_is_skipped_and_told(post):
    post.left_unanswered(until=NOON + timedelta(seconds=90))
    post.slack.errors["conversations.history"] = [Status(429, Retry_After=60)]
    post.drain(61)
    assert post.told == [("skipped", "k", f"{COULD_NOT_TELL}: too much was posted")]


def test_past_its_time_an_unanswered_post_is_recorded_where_it_stands_and_else_never_made(post):
    post.left_unanswered("stands", until=NOON + SECOND)
    post.poster.post("C1", {"text": "Hello", "blocks": []}, None, "stands")
    post.left_unanswered("missing", channel="C2", until=NOON + SECOND)
    post.drain(61)
    assert sorted(post.told) == [("found", "stands", ""), ("skipped", "missing", "it was too late to post it")]
    assert post.texts("C2") == []


def test_a_claim_that_would_not_outlast_its_request_is_made_longer_first(post):
    post.owe("k")
    (claimed,) = post.outbox.claim(NOON, post.delivery.who, LEASE, 1, None)
    post.clock.on(50)
    assert post.delivery.deliver(claimed) == "posted"
    assert post.texts() == ["Hello"]


def test_a_claim_that_went_to_another_posts_nothing(post):
    post.owe("k")
    (claimed,) = post.outbox.claim(NOON, post.delivery.who, LEASE, 1, None)
    post.clock.on(61)
    post.outbox.claim(post.clock.now, "another", LEASE, 1, None)
    assert post.delivery.deliver(claimed) == "lost"
    assert post.slack.calls == []


def while_uploading(post, replica):
    """Let a picture take so long that the claim runs out, and somebody else look for work just then."""
    late = iter([61])

    def hears(method, _said):
        if method == "files.getUploadURLExternal" and (seconds := next(late, None)):
            post.drain(seconds, replica)

    post.slack.hears = hears


@pytest.mark.parametrize("whose", ["another process", "the same process"])
def test_a_post_whose_picture_outlasts_its_claim_is_made_by_whoever_took_it_over(post, whose):
    post.owe("k", pictures=PICTURES)
    patient = post.replica(seconds=30)
    while_uploading(post, post.replica(seconds=30) if whose == "another process" else patient)
    post.drain(replica=patient)
    assert post.texts() == ["Hello"]
    assert post.told == [("posted", "k", ""), ("lost", "k", "another took it over")]
    assert post.states() == {"posted": 1}


def test_a_claim_is_made_longer_right_before_the_message_however_long_its_picture_took(post):
    free = []

    def hears(method, _said):
        if method == "files.completeUploadExternal":
            post.clock.on(50)
        if method == "chat.postMessage":
            free.extend(post.outbox.claim(post.clock.now + LEASE - SECOND, "another", LEASE, 1, None))

    post.slack.hears = hears
    post.owe("k", pictures=PICTURES)
    post.drain()
    assert (free, post.texts()) == ([], ["Hello"])


def test_what_was_forgotten_is_not_posted(post):
    post.owe("k")
    (claimed,) = post.outbox.claim(NOON, "gone", LEASE, 1, None)
    post.database.write([], lambda session: session.run("UPDATE post SET payload = ?", (b"",)))
    assert claimed.message is not None
    post.drain(61)
    assert post.told == [("skipped", "k", "it spoke of what was forgotten")]


def test_a_poster_that_breaks_takes_no_other_post_down(post):
    class Breaking:
        def post(self, channel, message, thread_ts, key, *more):
            if key == "bad":
                raise ZeroDivisionError
            return post.poster.post(channel, message, thread_ts, key, *more)

        def find(self, *what):
            return post.poster.find(*what)

    delivery = Delivery(post.outbox, Breaking(), post.clock, Terms(LEASE, None, 4))
    post.owe("bad")
    for number in range(5):
        post.owe(f"good {number}", channel=f"D{number}")
    post.drain(replica=delivery)
    assert post.states() == {"posted": 5, "sending": 1}


def test_told_to_stop_it_gives_back_what_it_had_not_begun(post):
    post.slack.slow["chat.postMessage"] = 0.7
    for number in range(8):
        post.owe(f"k{number}", channel=f"C{number}")
    stopping = threading.Event()
    post.slack.hears = lambda _method, _said: len(post.slack.calls) < 4 or stopping.set()
    post.delivery.drain(stopping)
    assert post.states() == {"owed": 4, "posted": 4}
    post.slack.slow.clear()
    post.drain(2)
    assert post.states() == {"posted": 8}


def test_patience_waits_for_what_comes_soon_and_not_for_ever(post, monkeypatch):
    ticking = time.monotonic()
    post.delivery._clock = lambda: NOON + timedelta(seconds=time.monotonic() - ticking)
    post.owe("lead")
    post.owe("reply", after="lead")
    post.owe("much later", channel="C2", due=NOON + timedelta(hours=1))
    assert post.delivery.drain(threading.Event(), patience=1.5) == 2
    assert post.states() == {"owed": 1, "posted": 2}


def test_patience_ends_at_once_where_nothing_comes_within_it(post):
    post.owe("much later", due=NOON + timedelta(hours=1))
    began = time.monotonic()
    assert post.delivery.drain(threading.Event(), patience=30) == 0
    assert time.monotonic() - began < 5


def test_a_dry_poster_shows_and_posts_nothing(post):
    shown = []
    delivery = Delivery(post.outbox, Dry(lambda *what: shown.append(what)), post.clock, Terms(LEASE, None, 1))
    post.owe("k")
    post.drain(replica=delivery)
    assert shown == [("C1", None, {"text": "Hello", "blocks": [{"type": "divider"}]})]
    assert post.slack.calls == []


def test_many_posts_to_as_many_channels_do_not_wait_for_each_other(database_url):
    with fake_slack() as slack:
        made = Post(database_url, slack)
        slack.slow["chat.postMessage"] = 0.05
        for number in range(300):
            made.owe(f"k{number}", channel=f"C{number}")
        delivery = Delivery(
            made.outbox, SlackPoster(client_for("xoxb-1", slack.url)), made.clock, Terms(LEASE, None, 16)
        )
        began = time.monotonic()
        assert delivery.drain(threading.Event()) == 300
        assert time.monotonic() - began < 8  # one by one it would take 15
        assert made.states() == {"posted": 300}
        made.database.close()
