"""What came of sending once is counted by what became of each message last, and bad news ends in a status."""

from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import pytest

from commands.terminal import sending
from commands.terminal.sending import Tally, send
from commands.terminal.tools import Tools
from storage.outbox import OutboxFigures
from tests.builders import NOON


@pytest.fixture
def sent(monkeypatch, capsys):
    """Send where runs end so, and posts become so; gives status, what was said, and how long it was waited."""

    def of(runs, *became, **left):
        patience = []

        def delivery_for(_tools, *, told):
            def drain(_stopping, seconds):
                patience.append(seconds)
                for one in became:
                    told(*one)

            return SimpleNamespace(drain=drain)

        monkeypatch.setattr("commands.terminal.delivering.delivery_for", delivery_for)
        outbox = SimpleNamespace(figures=lambda _now: OutboxFigures({}, left, None))
        tools = Tools(None, lambda: NOON, lambda: None, lambda: SimpleNamespace(outbox=outbox), lambda: None)
        digests = SimpleNamespace(tick=lambda _stopping: Counter(runs))
        status = send(digests, tools)
        return status, capsys.readouterr().out.splitlines(), patience

    return of


def test_a_message_counts_by_what_became_of_it_last():
    tally = Tally()
    for outcome, why in (("again", "service_unavailable"), ("unanswered", "request_timeout"), ("found", "")):
        tally.told(outcome, "k", why)
    tally.told("lost", "k", "another took it over")
    assert (tally.counts(), tally.reasons()) == ({"sent": 1}, {})


def test_threads_are_waited_for_longer_than_the_pace_is_counted_over_and_not_for_ever(sent):
    assert sent({})[2] == [sending.PATIENCE]
    assert timedelta(minutes=1).total_seconds() < sending.PATIENCE < sending.LONGEST


def test_where_nothing_was_due_nothing_else_is_said(sent):
    assert sent({})[:2] == (0, ["Nothing is due."])


def test_what_was_silent_and_what_was_posted_is_no_bad_news(sent):
    said = sent({"silent": 2, "posted": 1}, ("posted", "a", ""), ("posted", "b", ""), posted=90)
    assert said[:2] == (0, ["Digests: 1 to send, 2 with nothing to say.", "Messages: 2 sent."])


def test_a_digest_that_failed_is_said_with_where_to_read_why(sent):
    status, lines, _ = sent({"failed": 1, "put off": 1})
    assert status == 1
    assert lines == [
        "Digests: 1 failed, 1 put off.",
        "`lastmile digest list` says why a digest failed or was left out.",
    ]


def test_the_same_reason_is_said_once_with_how_many_it_held_up(sent):
    status, lines, _ = sent({}, ("skipped", "a", "too late"), ("skipped", "b", "too late"), ("again", "c", ""), owed=1)
    assert status == 1
    assert lines == [
        "Messages: 2 skipped, 1 not sent yet.", "2 skipped: too late",
        "What was not sent yet goes out with the next run, or by `lastmile serve`.",
    ]  # fmt: skip
