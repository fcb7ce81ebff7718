"""Seeing to digests from a terminal."""

import contextlib
import json
import sys
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest

import app
import digests
from assistant import questions
from tests import fakes
from tests.digests.saying import DECLARED, NINE, POLICY, Tiny, sheet


@pytest.fixture
def tiny(monkeypatch, clean):
    """A tiny digest beside nothing else, and a configuration with people."""
    asked = Tiny()
    monkeypatch.setitem(questions.BY_NAME, "tiny", asked)
    monkeypatch.setitem(sys.modules, "assistant.showing.tiny", SimpleNamespace(sheet=sheet))
    monkeypatch.setattr(digests, "BY_ID", DECLARED)
    (clean / "lastmile.toml").write_text(POLICY)
    return asked


@pytest.fixture
def typed(tiny, lastmile):
    return lastmile


def the_id(typed) -> str:
    (one,) = json.loads(typed("digest", "list", "--json").out)["subscriptions"]
    return one["id"]


def test_where_nothing_comes_yet_what_there_is_is_named(typed):
    assert typed("digest", "list").out.splitlines() == [
        "No digest comes anywhere yet. There are:", "tiny: Tiny things. What is tiny.", "own: My tiny things. What is mine.",
    ]  # fmt: skip


def test_a_channel_is_subscribed_and_listed(typed):
    done = typed(
        "digest", "subscribe", "tiny", "--channel", "C1", "--team", "web", "--days", "mon,thu", "--at", "14:00"
    )
    assert (done.status, done.out) == (
        0, "The digest tiny comes to C1 on Monday and Thursday at 14:00 (Europe/Berlin), about team web.\n",
    )  # fmt: skip
    listed = typed("digest", "list").out
    assert "tiny about team web to C1, on Monday and Thursday at 14:00 (Europe/Berlin); next 20" in listed


def test_a_new_one_comes_when_its_declaration_says(typed):
    assert "every weekday at 09:00" in typed("digest", "subscribe", "tiny", "--channel", "C1").out


def test_without_a_channel_it_comes_to_a_named_person(typed):
    assert "--as PERSON" in typed("digest", "subscribe", "tiny").err
    assert "to you alone" in typed("digest", "subscribe", "own", "--as", "anna").out
    assert "own to person/anna" in typed("digest", "list").out


def test_it_is_paused_resumed_and_removed_by_the_beginning_of_its_id(typed):
    typed("digest", "subscribe", "tiny", "--channel", "C1")
    name = the_id(typed)[:6]
    assert typed("digest", "pause", name, "--why", "Holidays").out.startswith("Paused")
    assert "paused: Holidays" in typed("digest", "list").out
    assert typed("digest", "resume", name).out == "It comes again.\n"
    assert typed("digest", "remove", name).out.startswith("Removed")
    gone = typed("digest", "remove", name)
    assert (gone.status, "no digest begins" in gone.err) == (2, True)


def test_a_change_leaves_what_it_does_not_say(typed):
    typed("digest", "subscribe", "tiny", "--channel", "C1", "--team", "web", "--days", "mon,wed", "--zone", "UTC",
          "--all-clear")  # fmt: skip
    changed = typed("digest", "subscribe", "tiny", "--change", the_id(typed), "--at", "10:15").out
    assert "to C1 on Monday and Wednesday at 10:15 (UTC), about team web" in changed
    assert json.loads(typed("digest", "list", "--json").out)["subscriptions"][0]["all_clear"] is True


def test_one_digest_is_not_changed_into_another(typed):
    typed("digest", "subscribe", "tiny", "--channel", "C1")
    refused = typed("digest", "subscribe", "own", "--change", the_id(typed))
    assert (refused.status, "remove it and subscribe to own instead" in refused.err) == (2, True)


@pytest.mark.parametrize("channel", ["general", "#general", "U123", "c1"])
def test_a_channel_is_named_by_its_id(typed, channel):
    refused = typed("digest", "subscribe", "tiny", "--channel", channel)
    assert (refused.status, "no channel id of Slack" in refused.err) == (2, True)


def test_what_is_subscribed_is_changed(typed):
    typed("digest", "subscribe", "tiny", "--channel", "C1")
    typed("digest", "subscribe", "tiny", "--channel", "C1", "--change", the_id(typed), "--at", "10:15", "--all-clear")
    (one,) = json.loads(typed("digest", "list", "--json").out)["subscriptions"]
    assert (one["time"], one["all_clear"], one["last"], one["paused"]) == ("10:15", True, None, None)


def test_what_begins_several_ids_means_none(typed):
    for channel in ("C1", "C2"):
        typed("digest", "subscribe", "tiny", "--channel", channel)
    assert 'With "" no digest begins' in typed("digest", "pause", "").err


def test_a_preview_reads_as_in_slack(typed, tiny):
    assert typed("digest", "preview", "tiny").out.splitlines() == [
        "2 things in nothing", "", "In the thread:", "web#1", "web#2", "[A chart: Two bars]",
    ]  # fmt: skip
    assert (
        typed("digest", "preview", "tiny", "--team", "web", "--person", "anna", "--now", "2026-11-18T08:00Z").status
        == 0
    )
    assert tiny.asked[-1].viewer.key == "person/anna"
    assert tiny.asked[-1].subject.words == "team web"


def test_a_preview_as_data_and_as_blocks(typed):
    assert json.loads(typed("digest", "preview", "tiny", "--json").out)["things"] == ["web#1", "web#2"]
    lead, thread = json.loads(typed("digest", "preview", "tiny", "--blocks").out)["messages"]
    assert lead["text"] == "2 things in nothing"
    assert [block["type"] for block in thread["blocks"]] == ["section", "section"]


@pytest.mark.parametrize("words", [("tyny",), ("tiny", "--team", "wbe")])
def test_a_preview_of_what_nobody_knows_says_so(typed, words):
    done = typed("digest", "preview", *words)
    assert (done.status, "did you mean" in done.err.casefold()) == (2, True)


def test_running_without_slack_says_what_is_missing(typed):
    done = typed("digest", "run")
    assert (done.status, "SLACK_BOT_TOKEN" in done.err) == (2, True)


def test_nothing_is_due_of_what_was_just_subscribed(typed):
    typed("digest", "subscribe", "tiny", "--channel", "C1")
    assert typed("digest", "run", "--dry-run").out == "Nothing is due.\n"


def test_what_is_due_is_rehearsed_and_then_sent_once(typed, monkeypatch):
    at_nine(typed, monkeypatch)
    with speaking_slack(monkeypatch) as slack:
        rehearsed = typed("digest", "run", "--dry-run").out
        assert "tiny to C1: to be posted\n2 things in nothing\n\nIn the thread:\nweb#1" in rehearsed
        assert slack.standing("C1") == []
        sent = typed("digest", "run")
        assert (sent.status, sent.out) == (0, "Digests: 1 to send.\nMessages: 2 sent.\n")
        assert typed("digest", "run").out == "Nothing is due.\n"
    (lead,) = slack.standing("C1")
    assert lead["text"] == "2 things in nothing"
    (reply,) = slack.standing("C1", lead["ts"])
    assert "web#1" in json.dumps(reply["blocks"])
    assert "last 2026-11-18T08:00:00+00:00: posted" in typed("digest", "list").out


def test_what_slack_refuses_is_said_to_whoever_sent_it(typed, monkeypatch):
    at_nine(typed, monkeypatch)
    with speaking_slack(monkeypatch) as slack:
        slack.errors["chat.postMessage"] = "is_archived"
        sent = typed("digest", "run")
    assert sent.status == 1
    assert sent.out.splitlines() == [
        "Digests: 1 to send.", "Messages: 1 skipped, 1 failed.", "1 failed: is_archived",
        "1 skipped: what it belongs under was not posted",
    ]  # fmt: skip


def test_while_slack_is_down_waiting_has_an_end_and_what_is_still_owed_is_said(typed, monkeypatch):
    monkeypatch.setattr("commands.terminal.sending.PATIENCE", 1.0)
    at_nine(typed, monkeypatch)
    with speaking_slack(monkeypatch) as slack:
        slack.errors["chat.postMessage"] = "service_unavailable"
        sent = typed("digest", "run")
        assert sent.status == 1
        assert sent.out.splitlines() == [
            "Digests: 1 to send.", "Messages: 2 not sent yet.", "1 not sent yet: service_unavailable",
            "What was not sent yet goes out with the next run, or by `lastmile serve`.",
        ]  # fmt: skip
        del slack.errors["chat.postMessage"]
        monkeypatch.setattr("commands.terminal.sending.PATIENCE", 6.0)
        assert typed("digest", "run").out == "Messages: 2 sent.\n"


def at_nine(typed, monkeypatch):
    """Subscribe a channel, and let it become nine o'clock; the clock goes on from there."""
    monkeypatch.setattr(app, "clock", lambda: NINE - timedelta(hours=1))
    typed("digest", "subscribe", "tiny", "--channel", "C1")
    began = time.monotonic()
    monkeypatch.setattr(app, "clock", lambda: NINE + timedelta(seconds=time.monotonic() - began))


@contextlib.contextmanager
def speaking_slack(monkeypatch):
    with fakes.fake_slack() as slack:
        monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
        monkeypatch.setenv("SLACK_API_URL", slack.url)
        slack.channels["C1"] = {}
        yield slack
