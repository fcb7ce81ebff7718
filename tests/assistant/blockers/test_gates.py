"""Which gates stand in the way that are nobody's work?"""

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.blockers.blocker import CLOCK, BlockerKind, NextAction
from assistant.blockers.gates import freezes_of, of_externals, of_freeze, of_previous
from storage.records import External
from tests.builders import NOON, change_of, freeze_of, situation

REVIEW = External(
    "external:checkout@2.4/app store", "release:checkout@2.4", "App store review", "person/anna",
    NOON - timedelta(hours=3), ends_at=NOON + timedelta(days=2), url="https://store.example",
)  # fmt: skip


def test_a_wait_outside_is_owned_by_who_declared_it_and_has_its_end():
    (found,) = of_externals(situation(REVIEW))
    assert (found.kind, found.owner, found.title) == (BlockerKind.EXTERNAL, "Anna Berg", "App store review")
    assert (found.ends_at, found.url) == (REVIEW.ends_at, REVIEW.url)
    assert found.waiting_hours == pytest.approx(3)
    assert not found.hard


def test_a_wait_outside_may_be_somebody_elses():
    assert next(iter(of_externals(situation(replace(REVIEW, owner="github/bo"))))).owner == "bo"


@pytest.mark.parametrize("more", [{"closed_at": NOON}, {"release": "release:checkout@2.5"}])
def test_a_wait_that_is_over_or_of_another_release_is_none(more):
    assert list(of_externals(situation(replace(REVIEW, **more)))) == []


@pytest.mark.parametrize(
    ("services", "covers"),
    [((), True), (("api",), True), (("API",), True), (("acme/api",), True), (("web",), False), (("ledger",), False)],
)
def test_a_freeze_covers_the_services_that_have_something_in_it(services, covers):
    assert bool(freezes_of(situation(change_of(), freeze_of(services=services)))) is covers


@pytest.mark.parametrize("more", [{"lifted_at": NOON}, {"ends_at": NOON}])
def test_a_freeze_that_was_lifted_or_is_over_is_none(more):
    freeze = freeze_of(begins_at=NOON - timedelta(days=2), **more)
    assert freezes_of(situation(change_of(), freeze)) == ()


def test_freezes_come_in_the_order_in_which_they_begin():
    first, second = freeze_of("freeze:b", begins_at=NOON - timedelta(days=1)), freeze_of("freeze:a")
    assert freezes_of(situation(change_of(), second, first)) == (first, second)


def test_a_freeze_is_a_hard_gate_of_who_declared_it():
    found = of_freeze(freeze_of(begins_at=NOON - timedelta(hours=1)), situation(change_of()))
    assert (found.kind, found.owner, found.ends_at) == (BlockerKind.FREEZE, "Anna Berg", freeze_of().ends_at)
    assert found.hard
    assert "Black week" in found.title
    assert found.next_action is NextAction.WAIT_FOR_END


def test_a_freeze_to_come_can_still_be_shipped_ahead_of():
    found = of_freeze(freeze_of(begins_at=NOON + timedelta(days=1)), situation(change_of()))
    assert found.next_action is NextAction.LIFT_FREEZE
    assert found.waiting_hours == 0


def test_a_release_that_is_not_quiet_is_waited_for_by_the_clock():
    found = of_previous("2.3", NOON - timedelta(days=1), NOON + timedelta(days=6), situation(change_of()))
    assert (found.kind, found.owners, found.subject) == (BlockerKind.STABILIZING, (CLOCK,), "checkout 2.3")
    assert not found.hard
