"""Are working hours counted as the one who works would count them?"""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.calendar import Calendar
from tests.builders import at

BERLIN = Calendar("Europe/Berlin")
MOMENTS = st.datetimes(at("2024-01-01").replace(tzinfo=None), at("2029-12-31").replace(tzinfo=None)).map(
    lambda moment: at(moment.isoformat())
)
CALENDARS = st.builds(
    Calendar,
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]),
    days=st.sets(st.integers(0, 6), min_size=1).map(frozenset),
    start=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    end=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    holidays=st.sampled_from([(), ("2026-12-24", "2026-12-25")]),
    leave=st.sampled_from([(), ((date(2026, 7, 1), date(2026, 7, 31)),)]),
)


def instant_after(calendar, began, hours):
    ended = float(calendar.after(np.array([began.timestamp()]), np.array([hours]))[0])
    return datetime.fromtimestamp(ended, UTC) if np.isfinite(ended) else None


@pytest.mark.parametrize(
    ("began", "ended", "hours"),
    [
        ("2026-11-18T08:00", "2026-11-18T12:00", 4),  # a Wednesday, 9 to 13 in Berlin
        ("2026-11-18T05:00", "2026-11-18T09:00", 1),  # begins before work does
        ("2026-11-18T15:30", "2026-11-19T08:30", 1),  # over a night
        ("2026-11-20T15:00", "2026-11-23T09:00", 2),  # over a weekend
        ("2026-11-21T10:00", "2026-11-22T10:00", 0),  # within a weekend
        ("2026-11-18T12:00", "2026-11-18T08:00", 0),  # the wrong way round
        ("2025-11-18T12:00", "2026-11-18T12:00", 261 * 8),  # over a year
    ],
)
def test_hours_are_those_of_the_working_days_between(began, ended, hours):
    assert BERLIN.hours_between(at(began), at(ended)) == pytest.approx(hours)


@pytest.mark.parametrize("day", ["2026-03-30", "2026-10-26"])
def test_a_working_day_after_a_change_of_clocks_has_its_eight_hours_at_its_own_times(day):
    before, after = at(f"{day}T00:00") - timedelta(days=2), at(f"{day}T23:00")
    assert BERLIN.hours_between(before, after) == pytest.approx(8)
    morning = "07:00" if day < "2026-10" else "08:00"
    assert instant_after(BERLIN, before, 0.0001) == pytest.approx(at(f"{day}T{morning}"), abs=timedelta(seconds=1))


def test_hours_that_are_worked_while_the_clocks_change_are_the_hours_that_pass():
    nights = Calendar("Europe/Berlin", days=frozenset(range(7)), start=time(22), end=time(6))
    spring, autumn = (at("2026-03-28T20:00"), at("2026-03-29T10:00")), (at("2026-10-24T18:00"), at("2026-10-25T10:00"))
    assert nights.hours_between(*spring) == pytest.approx(7)
    assert nights.hours_between(*autumn) == pytest.approx(9)


def test_a_start_that_the_spring_gap_swallows_never_makes_time_run_backwards():
    gap = Calendar("Europe/Berlin", days=frozenset({6}), start=time(2, 30), end=time(3, 15))
    assert gap.hours_between(at("2026-03-29T00:00"), at("2026-03-29T12:00")) >= 0


def test_work_around_the_clock_counts_every_hour():
    always = Calendar("Europe/Berlin", days=frozenset(range(7)), start=time(0), end=time(0))
    assert always.hours_between(at("2026-03-01"), at("2026-04-01")) == pytest.approx(31 * 24)


def test_holidays_as_dates_and_of_a_country_are_no_working_days():
    week = at("2026-12-21T00:00"), at("2026-12-27T00:00")
    assert Calendar("Europe/Berlin").hours_between(*week) == 40
    assert Calendar("Europe/Berlin", holidays=("2026-12-24",)).hours_between(*week) == 32
    assert Calendar("Europe/Berlin", holidays=("DE", "2026-12-24")).hours_between(*week) == 24


def test_a_regions_holiday_is_only_that_regions():
    epiphany = at("2026-01-06T00:00"), at("2026-01-07T00:00")
    assert Calendar("Europe/Berlin", holidays=("DE-BY",)).hours_between(*epiphany) == 0
    assert Calendar("Europe/Berlin", holidays=("DE-BE",)).hours_between(*epiphany) == 8


def test_the_first_and_last_day_of_a_leave_are_leave():
    away = Calendar(leave=((date(2026, 11, 16), date(2026, 11, 18)),))
    assert away.hours_between(at("2026-11-16"), at("2026-11-19")) == 0
    assert away.hours_between(at("2026-11-16"), at("2026-11-20")) == 8


def test_what_ends_with_a_working_day_ends_that_evening():
    assert instant_after(BERLIN, at("2026-11-18T08:00"), 8) == at("2026-11-18T16:00")


def test_no_hours_are_over_at_once_even_at_night():
    assert instant_after(BERLIN, at("2026-11-18T22:00"), 0) == at("2026-11-18T22:00")


def test_an_hour_begun_at_night_is_over_an_hour_into_the_next_day():
    assert instant_after(BERLIN, at("2026-11-20T22:00"), 1) == at("2026-11-23T09:00")


def test_years_of_hours_are_counted_too():
    assert instant_after(Calendar(), at("2026-01-05T09:00"), 20 * 2080) > at("2045-01-01")


def test_columns_keep_what_is_not_known():
    began = np.array([at("2026-11-18T09:00").timestamp(), np.nan])
    hours = Calendar().elapsed(began, began + 7200)
    assert hours[0] == 2
    assert np.isnan(hours[1])
    assert np.isnan(Calendar().elapsed(np.array([np.nan]), np.array([np.nan]))).all()


def test_infinite_hours_are_never_over():
    began = np.array([at("2026-11-18T09:00").timestamp()])
    assert Calendar().after(began, np.array([1.0, np.inf])).tolist() == [began[0] + 3600, np.inf]
    assert np.isinf(Calendar().after(np.array([np.inf]), np.array([1.0]))).all()


@settings(deadline=None)
@given(CALENDARS, MOMENTS, MOMENTS, MOMENTS)
def test_hours_add_up_and_are_never_negative_nor_more_than_have_passed(calendar, one, two, three):
    first, second, third = sorted((one, two, three))
    parts = [calendar.hours_between(begin, end) for begin, end in pairwise((first, second, third))]
    assert all(part >= 0 for part in parts)
    assert sum(parts) == pytest.approx(calendar.hours_between(first, third))
    assert sum(parts) <= (third - first) / timedelta(hours=1) + 1e-6


@settings(deadline=None)
@given(CALENDARS, MOMENTS, st.floats(0, 500))
def test_the_instant_after_some_hours_is_just_so_many_hours_away(calendar, began, hours):
    ended = instant_after(calendar, began, hours)
    if ended is not None:  # a calendar of a minute a week may not get there in a lifetime
        assert ended >= began
        assert calendar.hours_between(began, ended) == pytest.approx(hours, abs=1e-4)
