"""Is what we remember kept in order from the terminal?"""

import io
import sqlite3

import pytest

from tests.commands.terminal.lines import line, write

PEOPLE = """
[people.ada]
name = "Ada Lovelace"
github = ["{login}"]
email = "ada@example.com"
slack = "U0ADA"
"""


@pytest.fixture
def learnt(lastmile, clean):
    """A ledger that knows one change."""
    lastmile("import", str(write(clean / "some.ndjson", line("pull_request__opened", "1"))))
    return lastmile


def stored(clean, text: str) -> bool:
    """Whether a text stands anywhere in the database as it is."""
    with sqlite3.connect(clean / "lastmile.db") as connection:
        return any(text in dumped for dumped in connection.iterdump())


def test_a_rebuild_says_how_many_objects_it_worked_out(learnt):
    ran = learnt("rebuild")
    assert ran.status == 0
    assert ran.out.endswith(" objects worked out anew\n")
    assert not ran.out.startswith("0 ")


def test_pruning_needs_to_be_told_how_long_to_keep(learnt):
    ran = learnt("prune")
    assert ran.status == 2
    assert "raw_days" in ran.err


def test_pruning_drops_old_bodies_and_keeps_their_events(learnt, clean):
    (clean / "lastmile.toml").write_text("[keep]\nraw_days = 100000\n")
    assert learnt("prune").out == "0 raw bodies dropped; their events stay\n"
    assert learnt("export").out.count("\n") == 1


@pytest.mark.parametrize("days", ["0", "-1", "x", "9" * 50])
def test_a_number_of_days_is_a_number_of_days(learnt, days):
    assert learnt("prune", f"--days={days}").status == 2


def test_a_repository_is_forgotten(learnt, clean):
    name = "acme/api" if stored(clean, "acme/api") else None
    assert name, "the payload speaks of acme/api"
    ran = learnt("forget", name, "--yes")
    assert ran.status == 0
    assert ran.out.startswith("acme/api is forgotten: 1 deliveries, ")
    assert learnt("export").out == ""


def test_a_person_who_is_nobody_is_an_error_that_says_how_to_name_an_account(learnt):
    ran = learnt("forget", "nobody-of-ours", "--yes")
    assert ran.status == 2
    assert "github/LOGIN" in ran.err


def test_a_person_is_forgotten_with_the_accounts_that_are_theirs(learnt, clean):
    from tests.deliveries import payload

    login = payload("github/pull_request__opened")["pull_request"]["user"]["login"]
    (clean / "lastmile.toml").write_text(PEOPLE.replace("{login}", login))
    ran = learnt("forget", "ada", "--yes")
    assert ran.status == 0
    assert "ada is forgotten: 1 deliveries" in ran.out
    assert "take [people.ada] out of it" in ran.out
    assert not stored(clean, f"github/{login}")


def test_at_a_terminal_it_is_asked_whether_one_is_sure(learnt, monkeypatch):
    class Keyboard(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Keyboard("no\n"))
    ran = learnt("forget", "acme/api")
    assert ran.out == "nothing was forgotten\n"
    assert "no way back" in ran.err
    assert learnt("export").out.count("\n") == 1


@pytest.mark.parametrize("answer", ["", "n\n", "yes\n"])
def test_a_script_that_does_not_say_yes_forgets_nothing(learnt, monkeypatch, answer):
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    ran = learnt("forget", "acme/api")
    assert (ran.status, "say --yes" in ran.err) == (2, True)
    assert learnt("export").out.count("\n") == 1


def test_a_repository_of_which_nothing_is_known_is_an_error(learnt):
    ran = learnt("forget", "acme/misspelt", "--yes")
    assert (ran.status, ran.err) == (2, "Nothing is known of the repository acme/misspelt\n")
