"""How far did a backfill get, and up to when is a repository complete?"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from storage.records import KnownEvent
from storage.sources.marks import Mark, current_until, last_mark, marked, reconciled

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
FIRST = Mark(NOW - timedelta(days=90), NOW)


def known(event):
    return KnownEvent(
        event.identity, event.object, event.kind, event.at, event.at, event.source, None, event.repository, event.data
    )


def backfilled(mark):
    return known(marked("acme/api", mark, NOW, private=True, default_branch="main"))


def test_a_mark_comes_back_from_its_event_as_it_was():
    mark = replace(FIRST, done=0.25, stage="pulls", after=NOW - timedelta(days=3, microseconds=5))
    assert last_mark([backfilled(mark)]) == mark


def test_without_a_mark_nothing_was_begun():
    assert last_mark([]) is None
    assert current_until([]) is None


def test_the_furthest_mark_of_the_newest_run_counts_in_whatever_order_they_come():
    old = replace(FIRST, began_at=NOW - timedelta(days=1), done=1.0)
    marks = [backfilled(mark) for mark in (old, FIRST, replace(FIRST, done=0.5), replace(FIRST, done=0.2))]
    assert {last_mark(order) for order in permutations(marks)} == {replace(FIRST, done=0.5)}


def test_each_mark_is_an_event_of_its_own_and_the_same_mark_is_the_same():
    marks = [
        FIRST,
        replace(FIRST, done=0.1),
        replace(FIRST, after=NOW),
        replace(FIRST, began_at=NOW + timedelta(seconds=1)),
    ]
    assert len({backfilled(mark).identity for mark in [*marks, FIRST]}) == 4


@pytest.mark.parametrize(
    ("history", "until"),
    [
        ([backfilled(replace(FIRST, done=0.99))], None),
        ([backfilled(replace(FIRST, done=1.0))], NOW),
        (
            [known(reconciled("acme/api", NOW, NOW + timedelta(hours=6), NOW + timedelta(hours=7)))],
            NOW + timedelta(hours=6),
        ),
        (
            [
                known(reconciled("acme/api", NOW, NOW + timedelta(hours=6), NOW + timedelta(hours=7))),
                backfilled(replace(FIRST, done=1.0)),
            ],
            NOW + timedelta(hours=6),
        ),
    ],
    ids=["unfinished", "finished", "reconciled", "both"],
)
def test_a_repository_is_complete_up_to_the_beginning_of_its_newest_finished_reading(history, until):
    assert current_until(history) == until


def test_marks_say_what_the_repository_is():
    event = backfilled(FIRST)
    assert (event.object, event.data["private"], event.data["default_branch"]) == ("repository:acme/api", True, "main")
