"""What does /lastmile do, and what happens when the assistant is spoken to?"""

import hashlib
import re

import pytest

from assistant.questions import BY_NAME
from commands.lastmile import USAGE
from tests.commands.conftest import shown
from tests.fakes import event


@pytest.mark.parametrize("text", ["", "help"])
def test_help_says_what_can_be_asked(office, text):
    office.ask("/lastmile", text)
    assert "what's blocking release 2.4" in office.read


def test_status_says_how_fresh_the_sources_are(busy):
    busy.ask("/lastmile", "status")
    assert "github: newest event Mon 2 Nov" in busy.read


def test_status_before_anything_came_says_what_to_connect(office):
    office.ask("/lastmile", "status")
    assert "Nothing was ever received" in office.read


def test_a_claimed_account_is_proved_by_a_code_that_only_the_claimant_reads(office):
    office.ask("/lastmile", "link github bo-codes", user_id="U2")
    code = re.search(r"lastmile-link: (\w+)", office.read)[1]
    account = office.desk.ledger.get(("account:github/bo-codes",))["account:github/bo-codes"]
    assert account.person is None
    assert account.code_hash == hashlib.sha256(code.encode()).hexdigest()
    assert office.answers[-1]["response_type"] == "ephemeral"


def test_somebody_else_s_account_can_not_be_claimed(office):
    office.ask("/lastmile", "link github anna-acme", user_id="U2")
    assert "is Anna Berg's account" in office.read


@pytest.mark.parametrize("text", ["link", "link github", "link github a b", "dance"])
def test_what_it_does_not_know_it_says(office, text):
    office.ask("/lastmile", text)
    assert USAGE in office.read


def test_a_mention_is_answered_to_the_one_who_mentioned(busy):
    busy.send(event("app_mention", text="<@UBOT> what's blocking 2.4?"))
    (answer,) = busy.slack.heard("chat.postEphemeral")
    assert (answer["channel"], answer["user"]) == ("C1", "U1")
    assert shown(answer["blocks"]).startswith("⛔ checkout 2.4 is blocked\n")
    assert answer["text"]


def test_a_direct_message_is_answered_in_place(busy):
    busy.send(event("message", channel="D1", channel_type="im", text="releases"))
    (answer,) = busy.slack.heard("chat.postMessage")
    assert answer["channel"] == "D1"
    assert "1 open release" in answer["text"]


@pytest.mark.parametrize("more", [{"subtype": "message_changed"}, {"bot_id": "B2"}, {"channel_type": "channel"}])
def test_what_nobody_wrote_to_it_is_not_answered(busy, more):
    busy.send(event("message", **{"channel": "D1", "channel_type": "im", "text": "releases", **more}))
    assert busy.slack.heard("chat.postMessage") == []


def test_words_that_ask_nothing_known_get_suggestions(office):
    office.send(event("app_mention", text="<@UBOT> sing me a song"))
    assert "I did not understand" in office.slack.heard("chat.postEphemeral")[0]["text"]


@pytest.mark.parametrize("name", ["bottleneck", "stalled", "stabilization", "delivery", "moves", "handoffs", "queues"])
def test_every_question_about_a_scope_is_answered_to_who_mentions_it(busy, name):
    example = next(one for one in BY_NAME[name].EXAMPLES if not {"of", "team", "service"} & set(one.split()))
    busy.send(event("app_mention", text=f"<@UBOT> {example}"))
    (answer,) = busy.slack.heard("chat.postEphemeral")
    assert shown(answer["blocks"])
    assert "went wrong" not in answer["text"]
    assert answer["blocks"][0]["type"] == "header" or "Which one" in answer["text"]


def test_what_was_meant_is_asked_the_same_question_again(busy):
    busy.press("blocking.pick.0", {"about": "service api", "question": "bottleneck"})
    assert "The last mile now" in shown(busy.answers[-1]["blocks"])
