"""The doctor says which handoffs and rounds get to nobody, and what to do about it."""

import pytest

from commands.terminal.passing import findings
from tests.builders import NOON
from tests.handing import RELEASE, acknowledged, act, company, desk_of, done, handed, planned

NOTHING = "Nothing is handed off to anybody now, and no round is open."
CALM = " All that it goes to is known, and so is who leads it."
LATER = """[functions.sre]
members = ["bo"]
"""


@pytest.fixture
def desk(sqlite_ledger):
    made = desk_of(sqlite_ledger)
    planned(made)
    return made


def said(desk, more=""):
    return findings(desk.ledger, company(more), NOON)


def round_of(desk, *functions):
    act(desk, "open_round", "fay", NOON, "round:1", RELEASE, functions=functions)


def test_where_nothing_is_handed_off_that_is_said(desk):
    assert said(desk) == [NOTHING]


def test_where_all_is_known_what_is_waited_for_is_counted(desk):
    handed(desk)
    acknowledged(desk, handed(desk))
    round_of(desk, "qa", "engineering")
    assert said(desk) == [f"2 handoffs wait for an answer, and 1 round is open.{CALM}"]


def test_a_function_that_nobody_is_in_is_named_with_what_goes_to_it(desk):
    handed(desk, "sre")
    round_of(desk, "sre", "qa")
    assert said(desk)[1:] == [
        "Handoffs and rounds go to SRE, which nobody is in: set members under [functions.sre] in the configuration."
    ]


def test_its_channel_is_said_where_it_has_one(desk):
    handed(desk, "sre")
    (found,) = said(desk, '[functions.sre]\nchannel = "C9"\n')[1:]
    assert found.endswith("They go to its channel, and anybody may answer there.")


def test_who_leads_it_or_is_on_duty_and_has_no_address_is_named(desk):
    nowhere = '[people.hal]\nname = "Hal Fox"\n[people.ivo]\nname = "Ivo Lutz"\n'
    handed(desk, "sre")
    (found,) = said(desk, f'{nowhere}[functions.sre]\nlead = "hal"\non_duty = ["ivo"]\n')[1:]
    assert found == (
        "Handoffs go to SRE. Ivo Lutz and Hal Fox can't be reached in Slack: set slack or email under [people.ivo] and "
        "[people.hal]."
    )


def test_a_function_that_nobody_leads_is_named(desk):
    handed(desk, "design")
    (found,) = said(desk)[1:]
    assert found == (
        "Handoffs go to Design, which nobody leads, so nobody is told of what is late: set lead under "
        "[functions.design] in the configuration."
    )
    round_of(desk, "design")
    assert said(desk)[1].startswith(
        "Handoffs and rounds go to Design, which nobody leads, so nobody is told of what is late or asked: "
    )


def test_a_lead_of_the_product_is_a_lead(desk):
    handed(desk, "sre")
    led = f"{LATER}[functions.sre.leads]\n"
    assert said(desk, f'{led}checkout = "bo"\n') == [f"1 handoff waits for an answer, and no round is open.{CALM}"]
    assert "nobody leads" in said(desk, f'{led}vault = "bo"\n')[1]


def test_what_is_answered_asks_nobody(desk):
    done(desk, handed(desk, "design"), by="dee")
    assert said(desk) == [NOTHING]


def test_rounds_that_begin_by_themselves_are_looked_at_before_they_do(desk):
    found = said(desk, "[rounds]\nat_scope_freeze = true\n")
    assert found[0] == "0 handoffs wait for an answer, and no round is open."
    assert [line.partition(",")[0] for line in found[1:]] == ["Rounds go to Design"]
    assert said(desk, "[rounds]\nfunctions = ['design']\n") == [NOTHING]


def test_what_was_brought_to_nobody_is_named_with_why_and_what_to_do(desk, monkeypatch):
    one = handed(desk, handoff="handoff:a1b2c3d4e5f60718")
    found = ((desk.ledger.get([one])[one], "they may not see what it is about"),) * 22
    monkeypatch.setattr("commands.terminal.passing.unbrought", lambda *_: found)
    told = said(desk)
    assert told[1] == (
        "Handoff a1b2c3d4, checkout 2.4 to QA, was brought to nobody: they may not see what it is about. "
        "`lastmile handoff reassign a1b2c3d4 --receiver WHO` gives it to somebody else."
    )
    assert CALM not in told[0]
    assert told[-1] == "and 2 more"
    assert len(told) == 22


def test_the_doctor_shows_it(lastmile, clean):
    assert NOTHING in " ".join(lastmile("doctor").out.split())
