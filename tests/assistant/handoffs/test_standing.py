"""Where a handoff stands, whose move it is, and whether it is late."""

from datetime import timedelta

import pytest

from assistant.handoffs.standing import Later, seen_by, standing_of, titled
from assistant.people import people_of
from storage.records import HandoffState
from tests.builders import NOON
from tests.handing import MORNING, as_viewer, company, done_of, handoff_of

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


def landed(changes=0, commits=0, hidden=0):
    names = [*(f"change:acme/api#{n}" for n in range(changes)), *(f"commit:acme/web@{n:040x}" for n in range(commits))]
    names += [f"change:acme/secret#{n}" for n in range(hidden)]
    return seen_by(as_viewer("cho"), stood(done_of(), *(Later(name, name, NOON) for name in names)))


@pytest.mark.parametrize(
    ("stand", "said", "beyond"),
    [
        (landed(1), "1 change", ""), (landed(2, 1), "2 changes and 1 commit", ""), (landed(0, 2), "2 commits", ""),
        (landed(20), "20 changes", "15 more"), (landed(0, 40), "more than 20 commits", "more than 15 more"),
        (landed(15, 9), "more than 20 changes and commits", "more than 15 more"),
        (landed(hidden=1), "1 change that you may not see", "1 more"),
        (landed(2, hidden=1), "3 changes, 1 of which you may not see", "1 more"),
        (landed(15, hidden=9), "more than 20 changes, some of which you may not see", "more than 15 more"),
    ],
)  # fmt: skip
def test_how_much_came_is_counted_by_kind_and_never_as_exact_where_there_is_more(stand, said, beyond):
    assert stand.came == said
    assert stand.beyond(min(5, len(stand.named))) == beyond
    assert "secret" not in repr(stand)
