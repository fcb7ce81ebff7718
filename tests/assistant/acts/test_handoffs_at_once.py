"""Two who answer a handoff at the same moment: does exactly one win, and does the other read who and when?"""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.desk import Desk
from assistant.errors import UserError
from storage.ledger import open_ledger
from storage.records import HandoffState
from storage.state.rules import FoldRules
from tests.builders import NOON, happened, snapshot_of
from tests.handing import (
    CHANGE,
    acknowledged,
    act,
    as_viewer,
    changed,
    company,
    done,
    handed,
    moved,
    planned,
    returned,
)
from tests.ledgers import as_told

ANSWERS = {
    "acknowledge_handoff": ({}, "handoff.acknowledged", "acknowledged it at 12:00."),
    "finish_handoff": ({"looked_at": "build 812"}, "handoff.done", "said that it is done at 12:00."),
    "return_handoff": ({"why": "It does not start"}, "handoff.returned", "returned it at 12:00."),
}


def at_once(url, *wishes):
    """What each of these reads who press at the same moment, each at a replica of their own."""
    start, policy = threading.Barrier(len(wishes)), company()

    def press(wish):
        name, who, values = wish
        with open_ledger(url, FoldRules()) as ledger:
            desk = Desk(ledger, policy, lambda: NOON)
            start.wait(20)
            try:
                act(desk, name, who, NOON, *values[0], **values[1])
            except UserError as refused:
                return str(refused)
            return None

    with ThreadPoolExecutor(len(wishes)) as pool:
        return list(pool.map(press, wishes))


@pytest.mark.parametrize("name", ANSWERS)
def test_of_two_exactly_one_wins_and_the_other_reads_who_and_when(ledger, database_url, name):
    handoff = handed(ledger)
    said, kind, words = ANSWERS[name]
    told = at_once(database_url, *((name, who, ((handoff,), said)) for who in ("bo", "cho")))
    assert told.count(None) == 1
    winner = ("Cho Min", "Bo Cole")[told.index(None) == 0]
    (refusal,) = filter(None, told)
    assert refusal.startswith(f"{winner} {words}")
    assert [step.kind for step in ledger.get([handoff])[handoff].steps] == ["handoff.opened", kind]


def test_of_many_who_answer_differently_one_answer_stands(ledger, database_url):
    handoff = handed(ledger)
    told = at_once(
        database_url,
        ("finish_handoff", "bo", ((handoff, "build 812"), {})),
        ("return_handoff", "cho", ((handoff, "It does not start"), {})),
        ("withdraw_handoff", "anna", ((handoff,), {})),
        ("finish_handoff", "cho", ((handoff, "build 813"), {})),
    )
    made = ledger.get([handoff])[handoff]
    events = ledger.history(handoff)
    assert len(made.steps) == len(events)  # whatever was decided fits what was decided before it
    assert told.count(None) == len(events) - 1
    assert made.state in {HandoffState.DONE, HandoffState.RETURNED, HandoffState.WITHDRAWN}


def test_one_name_is_handed_over_once(ledger, database_url):
    wish = ("handoff:twice", "engineering", "qa", "release:checkout@2.4", "Test the payments")
    told = at_once(database_url, ("hand_off", "anna", (wish, {})), ("hand_off", "bo", (wish, {})))
    assert told.count(None) == 1
    assert "handed that over already, Wednesday 18 November 2026, 12:00 (UTC)." in next(filter(None, told))
    assert len(ledger.history("handoff:twice")) == 1


def test_a_stale_signature_is_renewed_once(ledger, database_url):
    changed(ledger)
    handoff = done(ledger, handed(ledger, about=CHANGE))
    told = at_once(database_url, *(("finish_handoff", who, ((handoff, "x"), {})) for who in ("bo", "cho")))
    assert None not in told  # nothing moved: it is done
    moved(ledger, at="18T11:30")
    told = at_once(database_url, *(("finish_handoff", who, ((handoff, f"b2 {who}"), {})) for who in ("bo", "cho")))
    assert told.count(None) == 1
    assert len(ledger.get([handoff])[handoff].steps) == 3


def test_what_landed_in_a_release_after_it_was_looked_at_lets_it_be_answered_anew(ledger):
    changed(ledger, milestone="2.4")
    handoff = done(ledger, handed(ledger), now=NOON)
    with pytest.raises(UserError, match="You said that it is done at 12:00"):
        acknowledged(ledger, handoff, now=NOON + timedelta(minutes=1))
    merged = {"state": "closed", "merged": True, "merged_at": "2026-11-18T13:00:00Z", "merge_sha": "f" * 40}
    shown = snapshot_of(milestone="2.4", closed_at="2026-11-18T13:00:00Z", **merged)
    ledger.record([as_told(happened(CHANGE, "change.merged", "18T13:00", snapshot=shown))], NOON + timedelta(hours=1))
    acknowledged(ledger, handoff, now=NOON + timedelta(hours=2))
    assert ledger.get([handoff])[handoff].state is HandoffState.ACKNOWLEDGED


# On one's own


def test_the_same_button_pressed_twice_is_one_act(ledger):
    handoff = acknowledged(ledger, handed(ledger))
    with pytest.raises(UserError, match=r"You acknowledged it at 10:00\."):
        acknowledged(ledger, handoff, now=NOON)
    with pytest.raises(UserError, match=r"Cho Min acknowledged it at 10:00\."):
        acknowledged(ledger, handoff, by="bo", now=NOON)


def test_many_acts_of_one_instant_stand_in_the_order_in_which_they_came(ledger):
    handoff = handed(ledger, now=NOON)
    acknowledged(ledger, handoff, now=NOON)
    returned(ledger, handoff, now=NOON)
    act(ledger, "resend_handoff", "anna", NOON, handoff)
    acknowledged(ledger, handoff, now=NOON)
    returned(ledger, handoff, now=NOON)
    act(ledger, "resend_handoff", "anna", NOON, handoff)
    made = ledger.get([handoff])[handoff]
    assert (made.state, len(made.steps)) == (HandoffState.OPEN, 7)


def test_a_later_decision_holds_although_its_clock_is_behind(ledger):
    handoff = acknowledged(ledger, handed(ledger), now=NOON)
    act(ledger, "reassign_handoff", "bo", NOON - timedelta(seconds=2), handoff, receiver="bo")
    assert ledger.get([handoff])[handoff].state is HandoffState.OPEN


def test_who_owns_the_release_decides_for_the_sender_without_saying_what_it_is_about(ledger):
    planned(ledger)
    handoff = handed(ledger)
    act(ledger, "withdraw_handoff", "fay", NOON, handoff)
    assert ledger.get([handoff])[handoff].state is HandoffState.WITHDRAWN


def test_what_was_done_is_told_back_in_a_sentence(sqlite_ledger):
    desk = Desk(sqlite_ledger, company(), lambda: NOON)
    done_ = desk.act(
        "hand_off",
        _wish("hand_off", "handoff:1", "engineering", "qa", "release:checkout@2.4", "Test the payments"),
        as_viewer("anna"),
        NOON,
    )
    assert done_.text == (
        'QA gets "Test the payments", about checkout 2.4, due Friday 20 November 2026, 12:00 (UTC). '
        "Until it is done, it holds that up."
    )


def test_what_is_open_is_found_before_it_is_handed_over_once_more(ledger):
    planned(ledger)
    first = handed(ledger, needed="Test it")
    with pytest.raises(UserError, match=r"Anna Berg handed that off at 09:00; it is open\."):
        act(ledger, "hand_off", "bo", NOON, "handoff:2", "engineering", "qa", "release:checkout@2.4", "test it")
    onward = _wish("hand_off", "handoff:3", "qa", "customer_success", "release:checkout@2.4", "Tell them")
    act(ledger, "finish_handoff", "cho", NOON, first, "build 812", then=onward)
    second = handed(ledger, needed="Test it")
    with pytest.raises(UserError, match=r"You handed that off at 12:00; it is open\."):
        act(ledger, "finish_handoff", "cho", NOON, second, "x", then=replace(onward, handoff="handoff:4"))
    assert ledger.get([second])[second].state is HandoffState.OPEN


def test_what_is_done_is_taken_back_by_either_side(ledger):
    handoff = done(ledger, acknowledged(ledger, handed(ledger)))
    signed = ledger.get([handoff])[handoff].signed.at
    with pytest.raises(UserError, match="Cho Min said that it is done at 11:00"):
        act(ledger, "acknowledge_handoff", "bo", NOON, handoff)  # pressed where it was still open
    said = act(ledger, "acknowledge_handoff", "bo", NOON, handoff, signed=signed).text
    assert said == "You have it again: it is not done after all."
    assert ledger.get([handoff])[handoff].state is HandoffState.ACKNOWLEDGED
    done(ledger, handoff, now=NOON + timedelta(hours=1))
    signed = ledger.get([handoff])[handoff].signed.at
    late = NOON + timedelta(days=9)
    with pytest.raises(UserError, match="Say what is not done after all"):
        act(ledger, "resend_handoff", "anna", late, handoff, signed=signed)
    said = act(ledger, "resend_handoff", "anna", late, handoff, "Safari", signed=signed).text
    assert said.startswith("Asked for again, due Tuesday 1 December 2026")
    made = ledger.get([handoff])[handoff]
    assert (made.state, made.due_at > late) == (HandoffState.OPEN, True)


def _wish(name, *values):
    from assistant.acts import ACTS

    return ACTS[name].Wish(*values)
