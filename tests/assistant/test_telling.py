"""Is a time said as the one who reads it would say it?"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from assistant import telling, words
from assistant.telling import Reader

NOW = datetime(2026, 11, 3, 10, 4, tzinfo=UTC)


def said(filter_name: str, value, zone: str = "Europe/Berlin") -> str:
    template = words._environment().from_string("{% macro it(value) %}{{ value|" + filter_name + " }}{% endmacro %}")
    return str(template.make_module({"reader": Reader(ZoneInfo(zone), NOW)}).it(value))


def test_times_are_said_in_the_zone_of_the_reader():
    assert said("when", NOW) == "today 11:04"
    assert said("when", NOW, "America/New_York") == "today 05:04"
    assert said("when", NOW - timedelta(days=1)) == "Mon 2 Nov 11:04"


def test_a_day_is_the_day_that_it_is_for_the_reader():
    late = datetime(2026, 11, 13, 23, 30, tzinfo=UTC)
    assert said("day", late) == "Sat 14 Nov"
    assert said("day", late, "UTC") == "Fri 13 Nov"


def test_another_year_is_named():
    assert said("day", datetime(2027, 1, 4, 12, tzinfo=UTC)) == "Mon 4 Jan 2027"


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (timedelta(seconds=20), "0 minutes"), (timedelta(minutes=1), "1 minute"), (timedelta(hours=5), "5 hours"),
        (timedelta(hours=23), "23 hours"), (timedelta(hours=47), "1 day"), (timedelta(days=5), "5 days"),
        (timedelta(minutes=-5), "0 minutes"),
    ],
)  # fmt: skip
def test_age_is_said_by_the_calendar(ago, shown):
    assert telling.age({"reader": Reader(ZoneInfo("UTC"), NOW)}, NOW - ago) == shown


@pytest.mark.parametrize(
    ("hours", "shown"),
    [
        (0.2, "under 1 working hour"),
        (1.2, "1 working hour"),
        (9.4, "9 working hours"),
        (None, "unknown working hours"),
        (float("nan"), "unknown working hours"),
    ],
)
def test_hours_that_nobody_knows_are_not_zero(hours, shown):
    assert telling.hours(hours) == shown


def test_the_age_of_what_is_of_today_is_left_out():
    late = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)
    assert said("aged", late) == said("ago", late) == ""  # half past midnight in Berlin
    assert said("aged", late, "UTC") == "10 hours"
    assert said("ago", NOW - timedelta(days=3)) == " (3 days ago)"
