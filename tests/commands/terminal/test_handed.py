"""One handoff reads as what it is: where it stands, whose move it is, and all that happened, oldest first."""

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.handoffs.standing import Later, standing_of
from assistant.people import people_of
from commands.terminal.handed import DID, STATES, as_data, lines
from storage.records import HandoffState, Step
from storage.state.handoff import FITS
from tests.builders import NOON
from tests.handing import MORNING, as_viewer, company, done_of, handoff_of

POLICY = company()
HOUR = timedelta(hours=1)


def stand(handoff, later=(), title="", now=NOON):
    return standing_of(handoff, later, people_of(POLICY), now, "checkout 2.4", title)


def read(handoff, later=(), title="", now=NOON):
    return list(lines(stand(handoff, later, title, now), POLICY, as_viewer("anna"), now))


def test_what_is_open_says_whose_move_it_is_and_by_when():
    assert read(handoff_of("handoff:a1", checklist=(), links=("https://x.example/a",))) == [
        "Engineering to QA: checkout 2.4  (handoff a1)",
        "Needed: Test the payments",
        "Open since Wednesday 18 November 2026, 09:00 (UTC); the next move is of Cho Min",
        "Due: Friday 20 November 2026, 09:00 (UTC); it holds up what it is about",
        "  https://x.example/a",
        "What happened:",
        "  Wednesday 18 November 2026, 09:00 (UTC)  Anna Berg handed it off: Test the payments  (by slack)",
    ]


def test_what_is_done_says_what_was_looked_at_and_which_points_hold():
    handoff = done_of(risk="No load test")
    handoff = replace(handoff, signed=replace(handoff.signed, ticked=("Risky areas",), url="https://x.example/run"))
    told = read(handoff)
    assert "  1 [ ] What needs testing" in told
    assert "  2 [x] Risky areas" in told
    assert (
        "Looked at: build 812, by Cho Min, Wednesday 18 November 2026, 11:00 (UTC); the risk that they accept: "
        "No load test  https://x.example/run"
    ) in told
    assert told[2] == "Done, with a risk since Wednesday 18 November 2026, 11:00 (UTC)"
    assert told[-1].endswith("Cho Min signed it: build 812  (by slack)")


def test_of_what_is_over_it_is_not_said_that_it_holds_anything_up():
    for over in (done_of(), handoff_of(state=HandoffState.WITHDRAWN)):
        assert "Due: Friday 20 November 2026, 09:00 (UTC)" in read(over)
    back = replace(done_of(), state=HandoffState.ACKNOWLEDGED)
    assert not any(line.startswith("Looked at") for line in read(back))


def test_what_turned_stale_says_what_landed_since():
    later = [Later(f"change:acme/api#{n}", f"acme/api#{n}", NOON) for n in range(12)]
    told = read(done_of(), later)
    assert told[2].startswith("To be looked at again since ")
    assert any(line.startswith("Landed since: acme/api#0, ") and line.endswith(" and 2 more") for line in told)


def test_what_is_returned_says_why_and_that_it_is_its_senders_move():
    handoff = handoff_of(state=HandoffState.RETURNED, state_at=NOON, returned_why="It does not start")
    assert read(handoff)[2].endswith("(UTC): It does not start; the next move is of Anna Berg")


def test_what_is_overdue_holds_nothing_up_or_has_no_due_time_is_said_so():
    assert ", overdue; " in read(handoff_of(), now=NOON + timedelta(days=9))[3]
    assert read(handoff_of(gating=False, due_at=None))[3] == "Due: nobody said when; it holds nothing up"


def test_it_says_what_it_carries_on_and_what_that_is_called():
    told = read(handoff_of(previous="handoff:b2"), title="Winter")
    assert told[0].startswith("Engineering to QA: checkout 2.4, Winter  (")
    assert "It carries on handoff b2" in told


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Step("handoff.reassigned", "person/bo", NOON, "", "Colours", "design"), "Bo Cole gave it to Design: Colours"),
        (Step("handoff.reassigned", "person/bo", NOON, "", "", "qa", "person/cho"), "Bo Cole gave it to Cho Min"),
        (Step("handoff.rescheduled", "person/anna", NOON, until=NOON + HOUR), "moved it to Wednesday 18 November 2026, 13:00 (UTC)"),
        (Step("handoff.snoozed", "person/cho", NOON, until=NOON + HOUR), "Cho Min wants no reminder until Wednesday"),
        (Step("handoff.returned", "person/cho", NOON, "github", "Broken"), "Cho Min returned it: Broken  (by github)"),
        (Step("handoff.sung", "person/cho", NOON), "Cho Min sung"),
    ],
)  # fmt: skip
def test_each_step_says_who_did_what(step, said):
    assert said in read(handoff_of(steps=(step,)))[-1]


def test_every_state_and_step_has_its_words():
    assert set(STATES) == set(HandoffState)
    assert {f"handoff.{word}" for word in DID} == {"handoff.opened", *FITS}


def test_as_data_it_is_as_lists_have_it_with_every_step():
    data = as_data(stand(done_of(risk="Rare")), POLICY, as_viewer("anna"), NOON)
    assert (data["looked_at"], data["risk"], data["looked_at_as_of"]) == ("build 812", "Rare", "2026-11-18T11:00:00Z")
    assert [(step["what"], step["by"], step["at"]) for step in data["steps"]] == [
        ("opened", "person/anna", "2026-11-18T09:00:00Z"), ("done", "person/cho", "2026-11-18T11:00:00Z"),
    ]  # fmt: skip
    still = as_data(stand(handoff_of()), POLICY, as_viewer("anna"), MORNING)
    assert (still["risk"], still["ticked"], still["looked_at_as_of"]) == (None, [], None)
