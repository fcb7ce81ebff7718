"""Is a digest due when its readers' clocks say so, on the days they work, once?"""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from assistant.calendar import Calendar
from digests.schedule import Due, coming, due, instant, missed, moments, week_before
from storage.records import Subscription
from tests.builders import at

BERLIN = Calendar("Europe/Berlin")
EVERY_DAY = Calendar("UTC", frozenset(range(7)))
TWO_HOURS = timedelta(hours=2)
LONG_AGO = at("2020-01-01")


def subscription(hour="09:00", zone="Europe/Berlin", days=(0, 1, 2, 3, 4), **more):
    filled = {
        "object": "subscription:aa",
        "digest": "stalled",
        "by": "person/anna",
        "created_at": LONG_AGO,
        "since": LONG_AGO,
    }
    return Subscription(**(filled | {"channel": "C1", "time": hour, "zone": zone, "days": days} | more))


def local(one, calendar, after, until):
    """The moments as the readers' clocks show them."""
    zone = ZoneInfo(one.zone)
    return [f"{m.astimezone(zone):%m-%d %H:%M}" for m in moments(one, calendar, at(after), at(until))]


def test_nine_stays_nine_over_the_clocks_change_in_spring():
    one = subscription()
    found = list(moments(one, BERLIN, at("2026-03-26"), at("2026-04-01")))
    assert local(one, BERLIN, "2026-03-26", "2026-04-01") == [
        "03-26 09:00",
        "03-27 09:00",
        "03-30 09:00",
        "03-31 09:00",
    ]
    assert [f"{m:%H:%M}" for m in found] == ["08:00", "08:00", "07:00", "07:00"]


def test_nine_stays_nine_over_the_clocks_change_in_autumn():
    found = list(moments(subscription(), BERLIN, at("2026-10-22"), at("2026-10-28")))
    assert [f"{m:%d %H:%M}" for m in found] == ["22 07:00", "23 07:00", "26 08:00", "27 08:00"]


@pytest.mark.parametrize(
    ("zone", "day", "hour", "expected"),
    [
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:00"),  # 02:00 to 03:00 is skipped
        ("Europe/Berlin", "2026-03-29", "02:00", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-03-29", "03:00", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30"),  # comes twice: the first
        ("America/New_York", "2026-03-08", "02:30", "2026-03-08T07:00"),
        ("America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30"),
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30"),  # half an hour is skipped
        ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45"),  # half an hour comes twice
        ("America/Santiago", "2026-09-06", "00:30", "2026-09-06T04:00"),  # midnight is skipped
        ("Asia/Kathmandu", "2026-06-01", "09:00", "2026-06-01T03:15"),
        ("Pacific/Chatham", "2026-06-01", "09:00", "2026-05-31T20:15"),
    ],
)
def test_a_time_that_is_skipped_is_the_end_of_the_gap_and_one_that_comes_twice_its_first(zone, day, hour, expected):
    assert instant(date.fromisoformat(day), time.fromisoformat(hour), ZoneInfo(zone)) == at(expected)


@given(
    st.sampled_from(
        ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Asia/Kathmandu", "UTC"]
    ),
    st.times(timezones=st.none()).map(lambda it: it.replace(second=0, microsecond=0)),
    st.dates(date(2024, 1, 1), date(2028, 12, 1)),
)
def test_no_day_is_missing_and_none_is_double_whatever_the_time(zone, hour, first):
    one = subscription(f"{hour:%H:%M}", zone, tuple(range(7)))
    begins = instant(first, time(0), ZoneInfo(zone)) - timedelta(microseconds=1)
    found = list(
        moments(one, EVERY_DAY, begins, instant(first + timedelta(30), time(0), ZoneInfo(zone)) - timedelta(seconds=1))
    )
    assert [m.astimezone(ZoneInfo(zone)).date() for m in found] == [first + timedelta(n) for n in range(30)]
    assert found == sorted(set(found))


def test_looking_in_steps_finds_what_looking_once_finds():
    one = subscription("02:30", days=tuple(range(7)))
    steps = [at("2026-03-27") + n * timedelta(minutes=17) for n in range(500)]
    found = [m for after, until in pairwise(steps) for m in moments(one, EVERY_DAY, after, until)]
    assert found == list(moments(one, EVERY_DAY, steps[0], steps[-1]))


def test_holidays_leave_and_days_off_are_left_out():
    off = Calendar(
        "Europe/Berlin",
        frozenset({0, 1, 2, 3}),
        holidays=("DE", "2026-12-22"),
        leave=((date(2026, 12, 29), date(2026, 12, 30)),),
    )
    assert local(subscription(), off, "2026-12-20", "2027-01-05") == [
        "12-21 09:00", "12-23 09:00", "12-24 09:00", "12-28 09:00", "12-31 09:00", "01-04 09:00",
    ]  # fmt: skip


def test_a_day_is_worked_that_begins_with_a_night_shift():
    nights = Calendar("Europe/Berlin", frozenset({0}), time(22), time(6))
    assert local(subscription(days=tuple(range(7))), nights, "2026-11-15", "2026-11-22") == ["11-16 09:00"]


def test_a_day_off_is_the_readers_own_wherever_the_digest_keeps_its_time():
    tokyo, off = (
        subscription(zone="Asia/Tokyo", days=tuple(range(7))),
        Calendar("Europe/Berlin", holidays=("2026-12-25",)),
    )
    assert local(tokyo, off, "2026-12-23T00:00:01", "2026-12-29T12:00") == ["12-24 09:00", "12-28 09:00", "12-29 09:00"]


def test_what_is_due_is_the_newest_moment_within_the_bound():
    one = subscription()
    assert due(one, BERLIN, at("2026-11-18T07:59:59"), TWO_HOURS) is None
    assert due(one, BERLIN, at("2026-11-18T08:00"), TWO_HOURS) == Due(at("2026-11-18T08:00"), late=False)
    assert due(one, BERLIN, at("2026-11-18T08:30"), TWO_HOURS) == Due(at("2026-11-18T08:00"), late=True)
    assert due(one, BERLIN, at("2026-11-18T10:00"), TWO_HOURS) is None


def test_nothing_from_before_it_was_set_or_resumed_is_due():
    assert due(subscription(since=at("2026-11-18T08:00")), BERLIN, at("2026-11-18T08:05"), TWO_HOURS) is None
    assert due(subscription(since=at("2026-11-18T07:59")), BERLIN, at("2026-11-18T08:05"), TWO_HOURS)


def test_all_that_is_past_being_late_was_missed_once():
    one, now = subscription(), at("2026-11-18T10:00")
    assert missed(one, BERLIN, now - timedelta(days=7), now, TWO_HOURS) == (
        *(at(f"2026-11-{day}T08:00") for day in (12, 13, 16, 17, 18)),
    )
    assert missed(one, BERLIN, now - TWO_HOURS, now + timedelta(seconds=15), TWO_HOURS) == ()


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-03-29T00:59:59", None),
        ("2026-03-29T01:00:00", "2026-03-29T01:00"),
        ("2026-10-25T00:30:00", "2026-10-25T00:30"),
        ("2026-10-25T01:30:00", "2026-10-25T00:30"),  # the second 02:30 is the first one's hour later
    ],
)
def test_at_the_edge_the_clock_finds_a_time_in_the_gap_and_in_the_fold_once(moment, expected):
    with freeze_time(moment):
        found = due(subscription("02:30", days=(6,)), EVERY_DAY, clock(), TWO_HOURS)
    assert (found.moment if found else None) == (at(expected) if expected else None)


@pytest.mark.parametrize("change", ["2026-03-29", "2026-10-25"])
def test_a_process_that_ticks_through_a_change_of_the_clocks_finds_each_day_once(change):
    one, found = subscription("02:30", days=tuple(range(7))), []
    begins = at(change) - timedelta(days=1)
    with freeze_time(begins) as frozen:
        while clock() < begins + timedelta(days=3):
            its = due(one, EVERY_DAY, clock(), TWO_HOURS)
            found += [its.moment] if its else []
            frozen.tick(timedelta(minutes=5))
    days = [m.astimezone(ZoneInfo("Europe/Berlin")).date() for m in sorted(set(found))]
    assert days == [date.fromisoformat(change) + timedelta(n) for n in (-1, 0, 1)]


def test_what_comes_next_is_nothing_for_what_is_paused_removed_or_never_worked():
    now = at("2026-11-20T12:00")
    assert coming(subscription(), BERLIN, now) == at("2026-11-23T08:00")
    assert coming(subscription(paused_at=now), BERLIN, now) is None
    assert coming(subscription(ended_at=now), BERLIN, now) is None
    assert coming(subscription(days=(6,)), BERLIN, now) is None


def test_only_the_last_moment_of_a_week_has_the_week_before_it():
    one = subscription(days=(0, 3))
    assert week_before(one, BERLIN, at("2026-11-19T08:00")) == (at("2026-11-16T08:00"),)
    assert week_before(one, BERLIN, at("2026-11-16T08:00")) is None
    assert week_before(subscription(days=(2,)), BERLIN, at("2026-11-18T08:00")) == ()


def test_the_last_moment_of_a_week_is_that_before_a_day_off():
    off = Calendar("Europe/Berlin", holidays=("2026-11-20",))
    assert week_before(subscription(days=(3, 4)), off, at("2026-11-19T08:00")) == ()


def test_at_most_ten_missed_moments_are_told_of():
    now = at("2026-11-18T10:00")
    found = missed(subscription(), BERLIN, now - timedelta(days=60), now, TWO_HOURS)
    assert (len(found), found[-1]) == (10, at("2026-11-18T08:00"))


# What comes once a week


def once(off=(), leave=(), days=(0,), **more):
    calendar = Calendar("Europe/Berlin", holidays=off, leave=leave)
    return local(subscription(days=days, **more), calendar, "2026-03-20", "2026-04-21")


def test_what_comes_once_a_week_comes_on_the_next_working_day_where_its_own_is_off():
    assert once() == ["03-23 09:00", "03-30 09:00", "04-06 09:00", "04-13 09:00", "04-20 09:00"]
    assert once(off=("2026-03-30",)) == ["03-23 09:00", "03-31 09:00", "04-06 09:00", "04-13 09:00", "04-20 09:00"]
    assert once(off=("2026-04-03",), days=(4,)) == [
        "03-20 09:00",
        "03-27 09:00",
        "04-06 09:00",
        "04-10 09:00",
        "04-17 09:00",
    ]


def test_the_day_instead_is_never_one_on_which_it_comes_anyway():
    weeks_off = once(leave=((date(2026, 3, 30), date(2026, 4, 5)),))
    assert weeks_off == ["03-23 09:00", "04-06 09:00", "04-13 09:00", "04-20 09:00"]
    assert once(leave=((date(2026, 3, 24), date(2026, 4, 8)),)) == [
        "03-23 09:00",
        "04-09 09:00",
        "04-13 09:00",
        "04-20 09:00",
    ]


def test_what_comes_on_several_days_leaves_a_day_off_out():
    assert once(off=("2026-03-30",), days=(0, 3))[:4] == ["03-23 09:00", "03-26 09:00", "04-02 09:00", "04-06 09:00"]


def test_what_would_come_on_a_day_that_is_no_working_day_at_all_does_not_come():
    assert once(days=(6,)) == []


def test_looking_in_steps_finds_a_moved_one_once():
    one, off = subscription(days=(0,)), Calendar("Europe/Berlin", holidays=("2026-03-30",))
    steps = [at("2026-03-27") + n * timedelta(minutes=17) for n in range(900)]
    found = [m for after, until in pairwise(steps) for m in moments(one, off, after, until)]
    assert found == [at("2026-03-31T07:00"), at("2026-04-06T07:00")]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-03-30T07:00:00", None),  # 09:00 in summer, on the day off
        ("2026-03-31T06:59:59", None),
        ("2026-03-31T07:00:00", "2026-03-31T07:00"),
        ("2026-03-31T09:00:00", None),
    ],
)
def test_at_the_edge_the_clock_finds_it_on_the_day_instead(moment, expected):
    off = Calendar("Europe/Berlin", holidays=("2026-03-30",))
    with freeze_time(moment):
        found = due(subscription(days=(0,)), off, clock(), TWO_HOURS)
    assert (found.moment if found else None) == (at(expected) if expected else None)


def test_moments_are_utc():
    assert next(moments(subscription(), BERLIN, LONG_AGO, datetime(2021, 1, 1, tzinfo=UTC))).tzinfo is UTC
