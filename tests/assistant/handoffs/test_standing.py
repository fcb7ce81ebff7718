"""Where a handoff stands, whose move it is, and whether it is late."""

from datetime import timedelta

import pytest

from assistant.handoffs.standing import Later, standing_of, titled
from assistant.people import people_of
from storage.records import HandoffState
from tests.builders import NOON
from tests.handing import MORNING, company, done_of, handoff_of

PEOPLE = people_of(company())
PUSHED = Later("change:acme/api#7", "acme/api#7", NOON)
DUE = NOON + timedelta(days=1)


def stood(handoff, *later, now=NOON):
    return standing_of(handoff, later, PEOPLE, now)


def test_what_is_done_and_was_overtaken_is_stale_since_the_first_that_came():
    stand = stood(done_of(), PUSHED, Later("change:acme/api#8", "acme/api#8", NOON + timedelta(hours=1)))
    assert (stand.state, stand.since) == (HandoffState.STALE, NOON)
    assert [one.name for one in stand.movers] == ["Cho Min"]


@pytest.mark.parametrize(
    ("more", "movers"),
    [
        ({}, ["person/cho"]), ({"receiver": "person/bo"}, ["person/bo"]),
        ({"to_function": "design"}, ["function/design"]), ({"to_function": "sre"}, ["function/sre"]),
        ({"state": HandoffState.RETURNED}, ["person/anna"]), ({"state": HandoffState.WITHDRAWN}, []),
        ({"state": HandoffState.DONE}, []),
    ],
)  # fmt: skip
def test_it_is_the_receivers_move_until_it_is_returned(more, movers):
    assert [one.key for one in stood(handoff_of(**more)).movers] == movers


def test_it_is_overdue_while_somebody_has_to_move():
    late = handoff_of(due_at=NOON - timedelta(hours=1))
    assert stood(late).overdue(NOON)
    assert not stood(handoff_of(due_at=NOON)).overdue(NOON)
    assert not stood(handoff_of(due_at=None)).overdue(NOON)
    assert not stood(done_of(due_at=MORNING)).overdue(NOON)


def test_what_has_to_be_looked_at_again_after_it_was_due_has_no_time_of_its_own():
    again = stood(done_of(due_at=NOON - timedelta(minutes=30)), PUSHED, now=DUE)
    assert again.due_at is None
    assert not again.overdue(DUE)
    before = stood(done_of(due_at=NOON + timedelta(hours=1)), PUSHED, now=DUE)
    assert before.overdue(DUE)


def test_it_is_called_by_its_functions_and_what_is_needed():
    assert titled(handoff_of(to_function="customer_success"), company()) == (
        "Engineering to Customer success: Test the payments"
    )
