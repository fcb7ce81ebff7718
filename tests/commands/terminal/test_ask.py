"""Does asking from the terminal give the same answer as picture, as data and as message?"""

import argparse
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from assistant.blocks import Picture, section
from assistant.desk import Desk as RealDesk
from assistant.errors import UserError
from assistant.questions import BY_NAME, QUESTIONS
from assistant.showing.sheet import Row, Sheet
from commands.settings import read_settings
from commands.terminal import ask
from commands.terminal.tools import Tools
from tests.builders import policy_of

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
BLOCKS = ({"type": "header", "text": {"type": "plain_text", "text": "Release 2.4: late \x9b2J"}},)
BLOCKER = {
    "kind": "review_pending", "subject": "acme/api#101", "url": None, "owner": "Anna", "waiting_since": None,
    "waiting_business_hours": 1.0, "over_service_level": False, "next_action": "review it", "origin": "mixed", "risk": "low",
}  # fmt: skip
POLICY = policy_of('[people.anna]\nname = "Anna"\n[access.people]\nanna = ["acme/web"]\n')


@dataclass
class Desk:
    """Answers one thing and remembers what it was asked."""

    answer: object = None
    unsettled: object = None
    asked: list = field(default_factory=list)
    seen: list = field(default_factory=list)
    files: tuple = ()

    def ask(self, text, viewer, now, **more):
        self.asked.append((text, viewer, now, more))
        message = SimpleNamespace(text="Release 2.4 is late", blocks=BLOCKS, files=self.files)
        return SimpleNamespace(
            sheet=None,
            message=message,
            answer=self.answer,
            unsettled=self.unsettled,
            seen=lambda: self.seen.append(viewer.key),
        )


class Late:
    def as_data(self):
        return {"question": "blocking", "verdict": "late", "release": "Réleasé \x9b2J"}


@dataclass
class Many:
    more: int

    def as_data(self):
        return {"question": "blocking", "verdict": "late", "more": self.more, "blockers": [BLOCKER] * 24}


@pytest.fixture
def desk():
    return Desk(Late())


@pytest.fixture
def asked(desk, tmp_path, capsys):
    parser = argparse.ArgumentParser()
    ask.add_parsers(parser.add_subparsers())
    settings = read_settings({"USER": "root", "LASTMILE_USER": "olga"}, tmp_path)
    tools = Tools(settings, lambda: NOW, lambda: POLICY, lambda: None, lambda: desk)

    def typed(*words):
        arguments = parser.parse_args(["ask", *words])
        assert arguments.run(arguments, tools) == 0
        return capsys.readouterr().out

    return typed


def test_the_words_are_asked_now_by_who_sits_there(asked, desk):
    asked("what's", "blocking", "2.4?")
    ((text, viewer, now, _),) = desk.asked
    assert (text, viewer.key, now) == ("what's blocking 2.4?", "terminal/olga", NOW)
    assert viewer.sees_all


def test_a_person_is_asked_for_with_their_rights(asked, desk):
    asked("what", "--as", "anna")
    viewer = desk.asked[0][1]
    assert (viewer.key, viewer.name) == ("person/anna", "Anna")
    assert viewer.may_see("acme/web")
    assert not viewer.may_see("acme/api")


def test_nobody_can_be_a_person_who_is_not_configured(asked):
    with pytest.raises(UserError, match="there are: anna"):
        asked("what", "--as", "bo")


def test_the_picture_shows_the_blocks_harmlessly(asked):
    assert asked("what") == "Release 2.4: late �2J\n"


def test_what_the_message_does_not_show_is_listed_below_it(asked, desk):
    desk.answer = Many(more=21)
    assert asked("what").count("review pending") == 20
    assert "and 4 more; --all lists them" in asked("what")
    assert asked("what", "--all").count("review pending") == 24


def test_all_as_a_message_is_the_screen_that_lists_everything(asked, desk):
    asked("what", "--all", "--blocks")
    asked("what", "--all")
    assert [more["screen"] for *_, more in desk.asked] == ["all", "first"]


def test_what_the_message_shows_is_not_listed_again_unless_asked_for(asked, desk):
    desk.answer = Many(more=0)
    assert "review pending" not in asked("what")
    assert "review pending" in asked("what", "--all")


def test_the_data_is_ascii_json(asked):
    printed = asked("what", "--json")
    assert printed.isascii()
    assert json.loads(printed) == Late().as_data()


def test_the_blocks_are_the_message_as_slack_gets_it(asked):
    printed = asked("what", "--blocks")
    assert printed.isascii()
    assert json.loads(printed) == {"text": "Release 2.4 is late", "blocks": list(BLOCKS)}


def test_a_question_that_was_not_settled_has_its_data_and_what_was_said(asked, desk):
    desk.answer, desk.unsettled = None, Late()
    assert json.loads(asked("what", "--json")) == Late().as_data() | {"said": "Release 2.4 is late"}
    assert asked("what") == "Release 2.4 is late\n"


def test_what_was_shown_now_counts_as_seen_and_the_past_does_not(asked, desk):
    asked("what")
    asked("what", "--now", "2026-10-01T09:00:00Z")
    assert desk.seen == ["terminal/olga"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-11-02T09:00:00Z", NOW),
        ("2026-11-02T10:00:00+01:00", NOW),
        ("2026-11-02T09:00", NOW),
        ("2026-11-02", datetime(2026, 11, 2, tzinfo=UTC)),
    ],
)
def test_a_moment_is_iso_and_utc_without_a_zone(asked, desk, said, meant):
    asked("what", "--now", said)
    assert desk.asked[0][2] == meant


@pytest.mark.parametrize("said", ["yesterday", "2026-13-01", "", "0001-01-01T00:00+14:00"])
def test_anything_else_is_no_moment(said):
    with pytest.raises(argparse.ArgumentTypeError):
        ask.moment(said)


def test_a_picture_is_told_by_what_it_shows(asked, desk):
    desk.files = (Picture(lambda: b"png", "Weeks", "Request to stable took 12 days"),)
    assert "[Request to stable took 12 days]" in asked("how", "are", "we", "delivering")


@pytest.fixture
def asked_for_real(sqlite_ledger, tmp_path, capsys):
    """Ask a real desk over a real, empty ledger."""
    parser = argparse.ArgumentParser()
    ask.add_parsers(parser.add_subparsers())
    settings = read_settings({"USER": "root", "LASTMILE_USER": "olga"}, tmp_path)
    desk = RealDesk(sqlite_ledger, POLICY, lambda: NOW)
    tools = Tools(settings, lambda: NOW, lambda: POLICY, lambda: sqlite_ledger, lambda: desk)

    def typed(*words):
        arguments = parser.parse_args(["ask", *words])
        assert arguments.run(arguments, tools) == 0
        return capsys.readouterr().out

    return typed


@pytest.mark.parametrize("question", [question.NAME for question in QUESTIONS])
def test_every_question_is_answered_as_a_picture_as_data_and_as_a_message(asked_for_real, question):
    words = BY_NAME[question].EXAMPLES[0]
    assert asked_for_real(words).strip()
    assert asked_for_real(words, "--all").strip()
    assert json.loads(asked_for_real(words, "--json"))["question"] == question
    assert json.loads(asked_for_real(words, "--blocks"))["blocks"]


@pytest.mark.parametrize("words", ["my moves", "my handoffs"])
def test_nobody_is_told_that_nothing_waits_for_nobody_in_particular(asked_for_real, words):
    assert asked_for_real(words) == "Say who you are: --as PERSON, a key of [people].\n"


def test_a_terminal_has_room_for_all_that_a_sheet_lists(asked, desk, monkeypatch):
    rows = tuple(Row(f"thing {number}", (section(f"thing {number}"),)) for number in range(40))
    told = SimpleNamespace(as_data=lambda: {"question": "stalled"})
    whole = SimpleNamespace(
        message=Sheet("Many", rows=rows).message(), answer=told, seen=lambda: None, unsettled=None,
        sheet=Sheet("Many", rows=rows),
    )  # fmt: skip
    monkeypatch.setattr(desk, "ask", lambda *_all, **_more: whole)
    said = asked("stalled reviews")
    assert "thing 39" in said
    assert "more" not in said
