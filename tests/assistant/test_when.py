"""Which instant a person means, read on Wednesday 18 November 2026 at noon UTC."""

import contextlib
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import UserError
from assistant.when import in_words, read_when
from tests.builders import NOON, at

EARLIEST, LATEST = datetime(2000, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 - hypothesis adds the zone
MOMENTS = st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC))


def read(text, zone="UTC", now=NOON, **more):
    return read_when(text, zone, now, **more).at


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-12-01", "2026-12-01T17:00"),
        ("2026-12-01 09:30", "2026-12-01T09:30"),
        ("2026-12-01T09:30Z", "2026-12-01T09:30"),
        ("2026-12-01T09:30:05+02:00", "2026-12-01T07:30:05"),
        ("2026-12-01 9am", "2026-12-01T09:00"),
        ("today", "2026-11-18T17:00"),
        ("tomorrow", "2026-11-19T17:00"),
        ("tomorrow at 9:15", "2026-11-19T09:15"),
        ("friday", "2026-11-20T17:00"),
        ("Fri 10:00", "2026-11-20T10:00"),
        ("by friday", "2026-11-20T17:00"),
        ("friday at 5pm", "2026-11-20T17:00"),
        ("friday 12 am", "2026-11-20T00:00"),
        ("next friday", "2026-11-20T17:00"),
        ("wednesday", "2026-11-18T17:00"),
        ("wednesday 11:00", "2026-11-25T11:00"),
        ("next wednesday", "2026-11-25T17:00"),
        ("in 3 days", "2026-11-21T17:00"),
        ("in a week", "2026-11-25T17:00"),
        ("in 2 hours", "2026-11-18T14:00"),
        ("in 90 min", "2026-11-18T13:30"),
        ("1 december", "2026-12-01T17:00"),
        ("1st of Dec 2027", "2027-12-01T17:00"),
        ("dec 1, 2027 08:00", "2027-12-01T08:00"),
        ("1 march", "2027-03-01T17:00"),
        ("18 november", "2026-11-18T17:00"),
        ("18:30", "2026-11-18T18:30"),
        ("08:00", "2026-11-19T08:00"),
    ],
)
def test_what_people_type_is_read_as_they_mean_it(text, meant):
    assert read(text) == at(meant)


def test_a_time_is_the_askers_own():
    assert read("friday 17:00", "America/New_York") == at("2026-11-20T22:00")
    assert read("2026-12-01", "Asia/Tokyo") == at("2026-12-01T08:00")


def test_tomorrow_is_the_day_after_the_askers_today():
    late = at("2026-11-18T23:30")
    assert read("tomorrow 09:00", "Asia/Tokyo", late) == at("2026-11-20T00:00")


def test_a_day_ends_when_the_working_day_does():
    assert read("friday", day_ends=time(18, 30)) == at("2026-11-20T18:30")


def test_the_sentence_says_what_was_understood_in_the_askers_zone():
    found = read_when("next friday", "Europe/Berlin", NOON)
    assert found.said == (
        "understood as Friday 20 November 2026, 17:00 (Europe/Berlin), the coming one; write the date for another"
    )


@pytest.mark.parametrize("text", ["3/4", "03.04.2026", "13/12"])
def test_figures_that_some_read_the_other_way_round_are_asked_back(text):
    with pytest.raises(UserError, match="could be two dates"):
        read(text)


@pytest.mark.parametrize(
    "text",
    ["", " ", "soon", "friday 25:00", "31 november", "2026-13-01", "2026-02-30T10:00", "in -3 days", "blursday 17:00",
     "29 februar 2027", "x" * 10_000, "in 99999 weeks", "١٢/١٢", "2026-12-01T25:00", "1 ma"],
)  # fmt: skip
def test_what_is_no_date_is_refused_with_examples(text):
    with pytest.raises(UserError, match=r"friday 17:00|two dates"):
        read(text)


def test_the_end_of_all_dates_is_refused_rather_than_overflowing():
    with pytest.raises(UserError):
        read("9999-12-31 23:00", "America/Los_Angeles")


def test_a_local_time_that_the_clocks_skip_becomes_one_that_exists():
    found = read("2027-03-28 02:30", "Europe/Berlin")
    assert found.astimezone(ZoneInfo("Europe/Berlin")).hour in {1, 3}


@given(MOMENTS)
def test_an_iso_instant_is_read_as_itself(moment):
    assert read(moment.isoformat()) == moment


@given(
    st.sampled_from(["monday", "tue", "wednesday", "thu", "friday", "sat", "sunday"]),
    MOMENTS,
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland"]),
)
def test_a_weekday_is_always_ahead_and_within_eight_days(day, now, zone):
    found = read(day, zone, now)
    assert now < found <= now + timedelta(days=8)
    assert found.astimezone(ZoneInfo(zone)).strftime("%A").casefold().startswith(day[:3])


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_and_never_breaks(text):
    with contextlib.suppress(UserError):
        assert read_when(text, "Europe/Berlin", NOON).at.tzinfo is UTC


def test_an_instant_in_words_names_its_zone():
    assert in_words(at("2026-12-04T16:00"), "Europe/Berlin") == "Friday 4 December 2026, 17:00 (Europe/Berlin)"
