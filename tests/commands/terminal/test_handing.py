"""Something is handed off, answered and looked at from a terminal."""

import argparse
import json
from datetime import timedelta

import pytest

from assistant.errors import UserError
from commands.terminal import handing
from tests.builders import NOON
from tests.handing import POLICY, as_viewer, desk_of, planned

HOUR = timedelta(hours=1)


def do(desk, *words, who="anna", now=NOON):
    parser = argparse.ArgumentParser()
    handing.add_parsers(parser.add_subparsers(required=True))
    return handing.perform(parser.parse_args(["handoff", *words]), desk, as_viewer(who), now)


def test_it_is_handed_off_returned_sent_again_done_and_handed_on(ledger):
    desk = desk_of(ledger)
    planned(desk)
    said, named = do(desk, "new", "2.4", "Test the payments", "--to", "qa").splitlines()
    assert said.startswith('QA gets "Test the payments", about checkout 2.4, due ')
    name = named.removeprefix("It is handoff ").removesuffix(".")
    assert do(desk, "ack", name[:6], who="cho") == "You have it."
    assert do(desk, "return", name[:6], "--why", "It does not start", who="cho") == "Returned: It does not start"
    assert do(desk, "resend", name[:6]) == "Sent again, due Friday 20 November 2026, 12:00 (UTC)."
    signed, undated, onward = do(
        desk, "done", name, "build 812", "--risk", "No load test", "--then", "cs", "--need", "Tell support", who="cho"
    ).splitlines()
    assert signed.startswith("Done, having looked at build 812, with a risk that you accept: No load test.")
    assert undated.startswith("I don't know that build, commit or version")
    assert onward.startswith("It went on as handoff ")
    stands = {one.handoff.to_function: one for one in desk.handoffs(as_viewer("fay"), NOON)}
    assert (stands["qa"].state, stands["customer_success"].state) == ("done_with_risk", "open")
    assert stands["customer_success"].handoff.previous == f"handoff:{name}"
    assert {step.via for step in stands["qa"].handoff.steps} == {"terminal"}


def test_a_refusal_reaches_the_person_and_the_second_reads_who_was_first(sqlite_ledger):
    desk = desk_of(sqlite_ledger)
    planned(desk)
    named = do(desk, "new", "2.4", "Test it", "--to", "qa").splitlines()[1]
    name = named.removeprefix("It is handoff ").removesuffix(".")
    with pytest.raises(UserError, match="Only Bo Cole or Cho Min may"):
        do(desk, "ack", name, who="dee")
    do(desk, "ack", name, who="bo")
    with pytest.raises(UserError, match="Bo Cole acknowledged it at 12:00"):
        do(desk, "ack", name, who="cho")
    with pytest.raises(UserError, match='no function "qwa"'):
        do(desk, "new", "2.4", "Test it", "--to", "qwa")


def test_what_is_done_is_taken_back_returned_or_asked_for_again(sqlite_ledger):
    desk = desk_of(sqlite_ledger)
    planned(desk)
    name = do(desk, "new", "2.4", "Test it", "--to", "qa").splitlines()[1].split()[-1].removesuffix(".")
    do(desk, "done", name, "build 812", who="cho")
    assert do(desk, "ack", name, who="bo") == "You have it again: it is not done after all."
    do(desk, "done", name, "build 812", who="cho", now=NOON + HOUR)
    assert do(desk, "return", name, "--why", "Safari", who="bo", now=NOON + HOUR) == "Returned: Safari"
    said = do(desk, "resend", name, "--due", "2026-11-25 10:00", now=NOON + HOUR)
    assert said == "Sent again, due Wednesday 25 November 2026, 10:00 (UTC)."
    do(desk, "done", name, "build 812", who="cho", now=NOON + 2 * HOUR)
    said = do(desk, "resend", name, "--why", "Safari", now=NOON + 2 * HOUR)
    assert said == "Asked for again, due Wednesday 25 November 2026, 10:00 (UTC)."


# Through the command line


@pytest.fixture
def typed(clean, lastmile):
    """Type commands in the company of tests/handing.py, in which checkout 2.4 is planned."""
    (clean / "lastmile.toml").write_text(POLICY)
    lastmile("release", "set", "2.4", "--product", "checkout", "--as", "fay")

    def typing(*words):
        return lastmile("handoff", *words)

    return typing


def test_the_command_line_hands_off_shows_and_refuses(typed):
    made = typed("new", "2.4", "Test the payments", "--to", "qa", "--as", "anna")
    assert (made.status, made.err) == (0, "")
    name = made.out.splitlines()[1].removeprefix("It is handoff ").removesuffix(".")
    shown = typed("show", name[:8])
    assert shown.out.startswith(
        f"Engineering to QA: checkout 2.4  (handoff {name})\nNeeded: Test the payments\nOpen since "
    )
    assert "Anna Berg handed it off: Test the payments  (by terminal)" in shown.out
    told = json.loads(typed("show", name[:8], "--json").out)
    assert (told["object"], [step["what"] for step in told["steps"]]) == (f"handoff:{name}", ["opened"])
    refused = typed("ack", name[:8], "--as", "dee")
    assert (refused.status, refused.out) == (2, "")
    assert refused.err.startswith("Only ")


def test_what_was_typed_moves_no_cursor(typed):
    made = typed("new", "2.4", "Evil \x1b[2J \u202e need", "--to", "qa", "--as", "anna")
    name = made.out.splitlines()[1].removeprefix("It is handoff ").removesuffix(".")
    shown = typed("show", name).out + typed("show", name, "--json").out
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_lists_show_the_beginning_by_which_it_is_answered(typed, lastmile):
    made = typed("new", "2.4", "Test the payments", "--to", "qa", "--as", "anna")
    name = made.out.splitlines()[1].removeprefix("It is handoff ").removesuffix(".")
    assert name[:8] in lastmile("handoffs").out
    assert typed("ack", name[:8], "--as", "cho").out == "You have it.\n"
