"""Does a train leave when its timetable says?"""

import pytest

from assistant.trains import next_cutoff
from tests.builders import at, train_of


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        ("2026-11-18T12:00", "2026-11-24T14:00"),  # before its first departure
        ("2026-11-24T14:00", "2026-11-24T14:00"),  # at the minute
        ("2026-11-24T14:01", "2026-12-01T14:00"),
        ("2027-06-01T00:00", "2027-06-01T14:00"),
    ],
)
def test_a_weekly_train_leaves_every_week(now, leaves):
    assert next_cutoff(train_of(), at(now)) == at(leaves)


def test_a_train_of_every_other_week_keeps_its_weeks():
    train = train_of(every_weeks=2)
    assert next_cutoff(train, at("2026-11-25T00:00")) == at("2026-12-08T14:00")


def test_the_cutoff_is_in_the_trains_own_zone_on_both_sides_of_a_clock_change():
    train = train_of(zone="Europe/Berlin", first_on="2026-10-20")
    assert next_cutoff(train, at("2026-10-19T00:00")) == at("2026-10-20T12:00")
    assert next_cutoff(train, at("2026-10-26T00:00")) == at("2026-10-27T13:00")


def test_a_first_day_that_is_another_weekday_means_the_next_right_one():
    assert next_cutoff(train_of(first_on="2026-11-18"), at("2026-11-18T00:00")) == at("2026-11-24T14:00")
