"""Reminders and escalation count in the working hours of whoever is to move."""

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.calendar import Calendar
from assistant.handoffs.standing import Stand
from assistant.handoffs.timing import Nudge, after, began_at, clock_of, dated, nudge_of, snoozed_until
from assistant.people import people_of
from assistant.policy.handing import HandoffsPolicy
from storage.records import HandoffState, Mark, Step
from tests.builders import at
from tests.handing import MORNING, company, done_of, handoff_of

POLICY = HandoffsPolicy()
UTC, NEW_YORK = Calendar(), Calendar(zone="America/New_York")
NEVER_WORKS = Calendar(days=frozenset())
FRIDAY = at("2026-11-20T17:00")  # the end of its day; the handoff began on Wednesday at nine


def stand_of(handoff=None, state=None, since=None):
    handoff = handoff or handoff_of(due_at=FRIDAY)
    return Stand(handoff, state or handoff.state, since or handoff.state_at)


def stepped(handoff, *kinds, **more):
    steps = [Step(f"handoff.{kind}", "person/cho", MORNING + timedelta(hours=n)) for n, kind in enumerate(kinds, 1)]
    return replace(handoff, steps=(*handoff.steps, *steps), **more)


def nudged(now, stand=None, calendar=UTC):
    stand = stand or stand_of()
    clock = clock_of(stand, POLICY, calendar)
    return nudge_of(stand, clock, POLICY, calendar, at(now)) if clock else None


@pytest.mark.parametrize(
    ("now", "nudge"),
    [
        ("2026-11-20T12:59", None),
        ("2026-11-20T13:00", Nudge.BEFORE),
        ("2026-11-20T16:59", Nudge.BEFORE),
        ("2026-11-20T17:00", Nudge.DUE),
        ("2026-11-23T12:59", Nudge.DUE),  # Monday: the weekend does not count
        ("2026-11-23T13:00", Nudge.LATE),
    ],
)
def test_they_come_before_it_is_due_when_it_is_and_some_working_hours_after(now, nudge):
    assert nudged(now) is nudge


def test_hours_are_those_of_whoever_is_to_move():
    assert nudged("2026-11-20T13:00", calendar=NEW_YORK) is Nudge.BEFORE  # eight there: three hours left from nine on
    assert nudged("2026-11-20T20:59", calendar=NEW_YORK) is Nudge.DUE
    assert nudged("2026-11-20T21:00", calendar=NEW_YORK) is Nudge.LATE


def test_what_was_handed_over_shortly_before_it_is_due_is_not_reminded_of_at_once():
    late = stand_of(handoff_of(opened_at=at("2026-11-20T14:00"), due_at=FRIDAY, steps=()))
    assert nudged("2026-11-20T14:01", late) is None
    assert nudged("2026-11-20T17:00", late) is Nudge.DUE


def test_what_came_back_after_it_was_due_has_its_hours_counted_from_then():
    stale = stand_of(replace(done_of(), due_at=FRIDAY), HandoffState.STALE, at("2026-11-23T10:00"))
    clock = clock_of(stale, POLICY, UTC)
    assert (clock.began_at, clock.deadline) == (at("2026-11-23T10:00"), at("2026-11-23T14:00"))
    assert clock.late_at == at("2026-11-24T10:00")
    assert nudged("2026-11-23T11:00", stale) is None
    assert nudged("2026-11-23T14:00", stale) is Nudge.DUE


def test_nothing_is_said_about_the_time_while_it_is_not_the_receivers_move_or_nothing_is_due():
    assert clock_of(stand_of(done_of()), POLICY, UTC) is None
    assert clock_of(stand_of(handoff_of(state=HandoffState.RETURNED)), POLICY, UTC) is None
    assert clock_of(stand_of(handoff_of(due_at=None)), POLICY, UTC) is None


def test_a_snooze_mutes_reminders_but_not_the_escalation():
    until = at("2026-11-30T09:00")
    snoozed = stand_of(handoff_of(due_at=FRIDAY, snoozed=(Mark("person/cho", MORNING, until),)))
    assert nudged("2026-11-20T14:00", snoozed) is None
    assert nudged("2026-11-20T17:00", snoozed) is None
    assert nudged("2026-11-23T13:00", snoozed) is Nudge.LATE
    assert snoozed_until(snoozed.handoff, at("2026-11-20T14:00")) == until
    assert snoozed_until(snoozed.handoff, until) is None


def test_a_turn_begins_when_it_is_sent_and_when_it_is_passed_on_but_not_when_it_is_acknowledged():
    hour = timedelta(hours=1)
    assert began_at(stand_of(stepped(handoff_of(), "acknowledged"))) == MORNING
    assert began_at(stand_of(stepped(handoff_of(), "returned", "resent"))) == MORNING + 2 * hour
    assert began_at(stand_of(stepped(handoff_of(), "reassigned", "acknowledged"))) == MORNING + hour


def test_there_is_one_deadline_wherever_it_is_shown():
    stale = stand_of(replace(done_of(), due_at=FRIDAY), HandoffState.STALE, at("2026-11-23T10:00"))
    shown = dated(stale, people_of(company()))
    assert shown.due_at == clock_of(shown, POLICY, NEW_YORK).deadline == at("2026-11-23T14:00")
    assert shown.overdue(at("2026-11-23T14:01"))
    assert dated(stand_of(), people_of(company())).due_at == FRIDAY
    over = stand_of(replace(done_of(), due_at=FRIDAY))
    assert dated(over, people_of(company())) == over


def test_its_deadline_counts_in_the_hours_of_whoever_had_it_when_the_turn_began():
    stale = replace(done_of(), due_at=FRIDAY, receiver="person/eve")  # whose day begins in New York
    shown = dated(stand_of(stale, HandoffState.STALE, at("2026-11-23T10:00")), people_of(company()))
    assert shown.due_at == at("2026-11-23T18:00")


def test_that_it_was_acknowledged_moves_no_deadline():
    back = Step("handoff.acknowledged", "person/cho", at("2026-11-23T15:00"), since=at("2026-11-23T10:00"))
    again = replace(
        done_of(), due_at=FRIDAY, state=HandoffState.ACKNOWLEDGED, state_at=back.at, steps=(*done_of().steps, back)
    )
    assert dated(stand_of(again), people_of(company())).due_at == at("2026-11-23T14:00")


def test_what_was_due_before_it_was_handed_over_is_late_and_who_never_works_has_no_deadline():
    old = dated(stand_of(handoff_of(due_at=MORNING - timedelta(hours=1))), people_of(company()))
    assert old.due_at == MORNING - timedelta(hours=1)
    assert after(NEVER_WORKS, MORNING, 4) == after(UTC, after(NEVER_WORKS, MORNING, 4), 4)


def test_one_that_went_stale_and_was_acknowledged_anew_began_then():
    again = stepped(handoff_of(), "done", "rescheduled", "acknowledged", state=HandoffState.ACKNOWLEDGED)
    assert began_at(stand_of(again)) == MORNING + timedelta(hours=3)


def test_somebody_who_never_works_is_never_late():
    stale = stand_of(replace(done_of(), due_at=FRIDAY), HandoffState.STALE, at("2026-11-23T10:00"))
    assert nudged("2027-11-23T14:00", stale, NEVER_WORKS) is None
