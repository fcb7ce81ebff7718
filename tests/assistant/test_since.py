"""Does a person read what changed since they last looked?"""

from dataclasses import replace
from datetime import timedelta

from assistant.since import Difference, since
from tests.builders import NOON, viewer

READER = viewer()

SEEN = {
    "verdict": "on_track",
    "target": "2026-12-01T00:00:00Z",
    "p50": "2026-11-20T10:00:00Z",
    "blockers": {"a": ["A", "review_pending"], "b": ["B", "in_progress"]},
}


def changed(**more):
    told = since((NOON, SEEN), SEEN | more, READER, NOON)
    assert told.at == NOON
    return told.differences


def test_nothing_changed_is_an_answer():
    assert changed() == ()


def test_what_was_never_seen_has_no_changes():
    assert since(None, SEEN, READER, NOON) is None
    assert since((NOON, "an older form"), SEEN, READER, NOON) is None
    assert since((NOON, {"blockers": 3}), SEEN, READER, NOON) is None


def test_new_cleared_and_changed_blockers_are_named():
    assert changed(blockers={"b": ["B", "review_pending"], "c": ["C", "freeze"]}) == (
        Difference("cleared", "A", "review_pending", None),
        Difference("new", "C", None, "freeze"),
        Difference("changed", "B", "in_progress", "review_pending"),
    )


def test_another_verdict_and_target_are_told():
    assert changed(verdict="late", target=None) == (
        Difference("verdict", None, "on_track", "late"),
        Difference("target", None, "2026-12-01T00:00:00Z", None),
    )


def test_a_date_that_drifts_by_hours_is_no_news_and_one_that_moves_by_a_day_is():
    assert changed(p50="2026-11-21T09:59:00Z") == ()
    assert changed(p50="2026-11-21T10:00:00Z") == (Difference("date", None, SEEN["p50"], "2026-11-21T10:00:00Z"),)


def test_a_date_that_came_or_went_is_news():
    assert changed(p50=None)[0].what == "date"
    assert since((NOON, SEEN | {"p50": None}), SEEN, READER, NOON).differences[0].after == SEEN["p50"]


def test_differences_are_plain_data():
    told = since((NOON, SEEN), SEEN | {"verdict": "late"}, READER, NOON)
    assert told.as_data() == {
        "at": "2026-11-18T12:00:00Z",
        "changes": [{"what": "verdict", "subject": None, "before": "on_track", "after": "late"}],
    }


def test_a_look_later_than_the_moment_asked_about_has_not_been():
    assert since((NOON + timedelta(days=19), SEEN), SEEN, READER, NOON) is None


def test_what_is_hidden_by_now_is_neither_cleared_nor_changed():
    before = SEEN | {"blockers": {"change:acme/secret#9": ["acme/secret#9", "x"], "change:acme/api#1": ["api#1", "x"]}}
    told = since((NOON, before), SEEN | {"blockers": {}}, replace(READER, within=frozenset({"acme/api"})), NOON)
    assert [one.subject for one in told.differences] == ["api#1"]
