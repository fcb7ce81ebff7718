"""The moves that free the most come first, and what nobody can do now is none of them."""

from datetime import timedelta

import pytest

from assistant.blockers.blocker import CLOCK, MACHINE, BlockerKind
from assistant.unblocking import pressing, unblocks
from tests.answers import NOW, a_blocker


def order(*blockers):
    return [int(blocker.subject.rpartition("#")[2]) for blocker in unblocks(blockers)]


def test_hard_gates_and_failed_deployments_come_first():
    hard = a_blocker(2, kind=BlockerKind.INCIDENT_OPEN, waiting_hours=1.0, level=None)
    failed = a_blocker(4, kind=BlockerKind.DEPLOY_FAILED, waiting_hours=0.5, level=None)
    assert order(a_blocker(3, waiting_hours=90.0), failed, hard) == [2, 4, 3]


def test_then_the_move_that_ends_most_waiting():
    new_and_unowned = a_blocker(1, owners=(), waiting_hours=0.2)
    long, longer = a_blocker(2, waiting_hours=20.0), a_blocker(3, waiting_hours=30.0)
    assert order(new_and_unowned, long, longer) == [3, 2, 1]


def test_the_waiting_of_what_waits_for_it_counts_too():
    first, behind = a_blocker(1, waiting_hours=3.0), a_blocker(2, after=("change:acme/api#1",), waiting_hours=20.0)
    (move, other) = unblocks([a_blocker(3, waiting_hours=15.0), behind, first])
    assert (move.subject, move.unblocks, move.frees) == ("acme/api#1", 1, 23.0)
    assert (other.subject, other.frees) == ("acme/api#3", 15.0)


def test_equals_are_ordered_by_name_whatever_order_they_came_in():
    assert order(a_blocker(2), a_blocker(1)) == order(a_blocker(1), a_blocker(2)) == [1, 2]


@pytest.mark.parametrize("kind", [BlockerKind.IN_PROGRESS, BlockerKind.STABILIZING, BlockerKind.FREEZE])
def test_work_that_goes_on_or_that_time_ends_is_nobodys_to_unblock(kind):
    assert order(a_blocker(1, kind=kind)) == []


@pytest.mark.parametrize("owner", [MACHINE, CLOCK])
def test_what_a_machine_does_is_nobodys_to_unblock(owner):
    assert order(a_blocker(1, owners=(owner,))) == []


def test_what_waits_for_another_is_the_others_to_unblock():
    waits = a_blocker(1, kind=BlockerKind.DEPENDENCY, after=("change:ACME/api#2",), waiting_hours=99.0)
    (first,) = unblocks([waits, a_blocker(2)])
    assert (first.subject, first.unblocks) == ("acme/api#2", 1)


def test_what_waits_for_something_that_is_not_listed_is_listed_itself():
    assert order(a_blocker(1, kind=BlockerKind.DEPENDENCY, after=("change:acme/other#9",))) == [1]


def test_what_one_deployment_would_bring_out_is_listed_once_as_the_oldest():
    waits = [
        a_blocker(n, kind=BlockerKind.AWAITING_DEPLOY, turn_began_at=NOW - timedelta(days=n), level=None)
        for n in (1, 3, 2)
    ]
    elsewhere = a_blocker(9, kind=BlockerKind.AWAITING_DEPLOY, repository="acme/web", level=None)
    (here, there) = unblocks([*waits, elsewhere])
    assert (here.subject, here.unblocks) == ("acme/api#3", 2)
    assert here.frees == pytest.approx(3 * there.frees)
    assert (there.subject, there.unblocks) == ("acme/api#9", 0)


def test_what_presses_is_late_hard_nobodys_or_a_failed_deployment():
    assert pressing(a_blocker(waiting_hours=9.0, level=8.0))
    assert pressing(a_blocker(kind=BlockerKind.INCIDENT_OPEN, level=None))
    assert pressing(a_blocker(owners=(), level=None))
    assert pressing(a_blocker(kind=BlockerKind.DEPLOY_FAILED, level=None))
    assert not pressing(a_blocker(waiting_hours=7.0, level=8.0))
    assert not pressing(a_blocker(kind=BlockerKind.AWAITING_DEPLOY, level=None))
