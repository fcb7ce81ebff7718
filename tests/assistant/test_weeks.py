"""Whole weeks run from Monday to Monday where the workspace is."""

from datetime import timedelta

import numpy as np

from assistant.weeks import Span, weeks_before, whole
from tests.builders import NOON, at


def test_the_newest_whole_weeks_come_oldest_first_and_end_last_monday():
    weeks = weeks_before(NOON, "UTC", 2)
    assert weeks == (Span(at("2026-11-02"), at("2026-11-09")), Span(at("2026-11-09"), at("2026-11-16")))


def test_on_a_monday_last_week_is_whole_and_this_one_is_not():
    assert weeks_before(at("2026-11-16T00:00"), "UTC", 1)[0].end == at("2026-11-16")
    assert weeks_before(at("2026-11-15T23:59"), "UTC", 1)[0].end == at("2026-11-09")


def test_midnight_is_the_workspaces_over_a_change_of_the_clock():
    weeks = weeks_before(at("2026-11-04T12:00"), "Europe/Berlin", 2)
    assert weeks[0].begin == at("2026-10-18T22:00")
    assert weeks[1].begin == at("2026-10-25T23:00")
    assert weeks[0].end.astimezone(weeks[0].end.tzinfo).hour == 0


def test_a_span_holds_its_beginning_and_not_its_end():
    span = whole(weeks_before(NOON, "UTC", 8))
    assert span.holds(span.begin)
    assert not span.holds(span.end)
    assert not span.holds(None)
    assert span.end - span.begin == timedelta(weeks=8)
    column = np.array([span.begin.timestamp(), span.end.timestamp(), np.nan])
    assert span.among(column).tolist() == [True, False, False]
