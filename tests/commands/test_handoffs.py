"""Does `/handoffs` answer what is open and whose move it is, and begin a round?"""

from datetime import timedelta

import pytest

from assistant.desk import Desk
from commands import rounds
from commands.app import build_bolt, working_for
from tests.commands.conftest import NOW, Office, shown
from tests.fakes import MEMBER, event
from tests.handing import acknowledged, company, handed, planned

EARLIER = NOW - timedelta(hours=2)


@pytest.fixture
def company_office(slack, settings, sqlite_ledger):
    """An office of the company in which things are handed over."""
    desk = Desk(sqlite_ledger, company(), lambda: NOW)
    working = working_for(desk, settings)
    yield Office(build_bolt(desk, settings, working), desk, slack, working)
    working.close()


@pytest.fixture
def handing(company_office):
    """Two handoffs of Anna's about checkout 2.4: one to QA, one to design that Dee has in hand."""
    planned(company_office.desk, now=EARLIER)
    handed(company_office.desk, handoff="handoff:a1", now=EARLIER)
    handed(company_office.desk, "design", handoff="handoff:d1", needed="Look at the colours", now=EARLIER)
    acknowledged(company_office.desk, "handoff:d1", by="dee", now=NOW - timedelta(hours=1))
    return company_office


def test_it_lists_what_is_open_to_whoever_asks(handing):
    handing.ask("/handoffs", channel_id="C9")
    lines = handing.read.splitlines()
    assert lines[0] == "🤝 2 open handoffs"
    assert "*Test the payments*" in lines
    assert "*Look at the colours*" in lines
    assert handing.answers[-1]["response_type"] == "ephemeral"


def test_a_release_a_function_and_ones_own_can_be_asked_for(handing):
    handing.ask("/handoffs", "checkout 2.4")
    assert handing.read.startswith("🤝 checkout 2.4: 2 open handoffs")
    handing.ask("/handoffs", "design")
    assert handing.read.startswith("🤝 Design: 1 open handoff")
    handing.ask("/handoffs", "mine")
    assert handing.read.startswith("🤝 Nothing waits for Anna Berg; 2 handoffs wait for others")
    handing.ask("/handoffs", "team core")
    assert handing.read.startswith("🤝 core: 2 open handoffs")


def test_in_a_team_s_channel_its_own_are_meant(handing):
    handing.ask("/handoffs", channel_id="C1")
    assert handing.read.startswith("🤝 core: 2 open handoffs")
    assert "Only what concerns this team: `/handoffs everything` lists all" in handing.read
    handing.ask("/handoffs", "everything", channel_id="C1")
    assert handing.read.startswith("🤝 2 open handoffs")
    assert "Only what concerns" not in handing.read


@pytest.mark.parametrize("text", ["help", "Help", "?"])
def test_it_says_what_can_be_typed(handing, text):
    handing.ask("/handoffs", text)
    assert handing.read.startswith("What you can type:")
    for words in ("everything", "mine", "team core", "qa in 2.4", "round 2.4"):
        assert f"`/handoffs {words}`" in handing.read


def test_a_name_that_nobody_knows_is_asked_back_and_its_answer_asks_the_same(handing):
    handing.ask("/handoffs", "service ap")
    pressed = handing.button("Service api")
    assert pressed == {"about": "service api", "question": "handoffs"}
    handing.press("blocking.pick.0", pressed)
    assert handing.read.startswith("🤝 api: ")


def test_ones_own_of_what_was_meant_are_still_ones_own(handing):
    handing.ask("/handoffs", "mine in service ap")
    handing.press("blocking.pick.0", handing.button("Service api"))
    assert handing.read.startswith("🤝 Nothing waits for Anna Berg")


def test_the_receiver_sees_the_buttons_of_their_move(handing):
    handing.slack.users["U3"] = {**MEMBER, "profile": {"real_name": "Cho Min"}}
    handing.ask("/handoffs", "mine", user_id="U3")
    assert "[Acknowledge] [Done…] [Return…]" in shown_without_menus(handing)


def test_guests_see_none(handing):
    handing.slack.users["U7"] = {**MEMBER, "is_restricted": True}
    handing.ask("/handoffs", user_id="U7")
    assert "members of this workspace" in handing.read


def test_plain_words_ask_the_same(handing):
    handing.send(event("app_mention", text="<@UBOT> open handoffs of checkout 2.4", channel="C9"))
    (answer,) = handing.slack.heard("chat.postEphemeral")
    assert shown(answer["blocks"]).startswith("🤝 checkout 2.4: 2 open handoffs")


def test_plain_words_ask_what_a_function_waits_for(handing):
    handing.send(event("app_mention", text="<@UBOT> what is waiting for design?", channel="C9"))
    (answer,) = handing.slack.heard("chat.postEphemeral")
    assert shown(answer["blocks"]).startswith("🤝 Design: 1 thing waits for it")


@pytest.mark.parametrize(
    ("text", "words"), [("round checkout 2.4", "checkout 2.4"), ("Round", ""), ("round  2.4 ", "2.4")]
)
def test_a_round_is_begun_by_its_own_words(handing, monkeypatch, text, words):
    begun = []
    monkeypatch.setattr(rounds, "begin", lambda desk, digests, errand, said: begun.append((desk, said)))
    handing.ask("/handoffs", text)
    assert begun == [(handing.desk, words)]


def shown_without_menus(office):
    """What the one who asked reads; a menu has no words of its own."""
    return shown(
        [{key: value for key, value in block.items() if key != "accessory"} for block in office.answers[-1]["blocks"]]
    )
