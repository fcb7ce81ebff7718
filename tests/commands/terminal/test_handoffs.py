"""Does `lastmile handoffs` answer as `lastmile ask` does?"""

import argparse
import json
from datetime import timedelta

import pytest

from assistant.desk import Desk
from commands.settings import read_settings
from commands.terminal import handoffs
from commands.terminal.tools import Tools
from tests.builders import NOON
from tests.handing import acknowledged, company, handed, planned


@pytest.fixture
def typed(sqlite_ledger, tmp_path, capsys):
    policy = company()
    desk = Desk(sqlite_ledger, policy, lambda: NOON)
    planned(desk)
    handed(desk, handoff="handoff:a1")
    handed(desk, "design", handoff="handoff:d1", needed="Look at the colours")
    acknowledged(desk, "handoff:d1", by="dee")
    parser = argparse.ArgumentParser()
    handoffs.add_parsers(parser.add_subparsers())
    settings = read_settings({"LASTMILE_USER": "olga"}, tmp_path)
    tools = Tools(settings, lambda: NOON, lambda: policy, lambda: sqlite_ledger, lambda: desk)

    def run(*words):
        arguments = parser.parse_args(["handoffs", *words])
        assert arguments.run(arguments, tools) == 0
        return capsys.readouterr().out

    return run


def test_without_words_it_lists_all_that_is_open(typed):
    told = typed()
    assert told.startswith("🤝 2 open handoffs\n")
    assert "Test the payments" in told


def test_words_say_of_what_or_whose(typed):
    assert typed("checkout", "2.4").startswith("🤝 checkout 2.4: 2 open handoffs")
    assert typed("qa").startswith("🤝 QA: 1 open handoff")
    assert typed("mine", "--as", "cho").startswith("👉 1 handoff waits for Cho Min, 1 to acknowledge")


def test_as_data_it_is_the_answer(typed):
    told = json.loads(typed("mine", "--json", "--as", "dee"))
    assert (told["question"], told["whose"], told["to_do"]) == ("handoffs", "Dee Marsh", ["handoff:d1"])


def test_of_a_moment_it_is_what_was_known_then(typed):
    then = (NOON - timedelta(hours=3) - timedelta(minutes=1)).isoformat()
    assert json.loads(typed("--json", "--now", then))["handoffs"] == []


def test_all_lists_them_in_a_table_too(typed):
    told = typed("--all")
    table = "\n".join(" ".join(line.split()) for line in told.splitlines())
    assert "Test the payments checkout 2.4 Engineering QA Cho Min open Thu 19 Nov 17:00" in table
    assert "Look at the colours checkout 2.4 Engineering Design Dee Marsh acknowledged Thu 19 Nov 17:00" in table


def test_as_blocks_it_is_the_message_that_slack_gets(typed):
    assert json.loads(typed("--blocks"))["blocks"][0]["type"] == "header"
