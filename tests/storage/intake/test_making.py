"""Is one fact one name?"""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from storage.intake.making import Scene, account, bounded, digest, epoch, event, stamp, utc

AT = datetime(2026, 9, 14, 9, tzinfo=UTC)


def test_an_event_is_named_by_its_object_its_kind_and_its_key():
    made = event(Scene("acme/api", "github/anna"), "change:acme/api#7", "change.created", AT, "k", {"a": 1})
    assert made.identity == "change:acme/api#7|change.created|k"
    assert (made.repository, made.actor, made.source, made.at) == ("acme/api", "github/anna", "github", AT)


def test_long_names_are_cut_and_still_differ():
    long, other = "x" * 5000, "x" * 4999 + "y"
    assert len(bounded(long)) == 400
    assert bounded(long) != bounded(other)
    assert bounded("short") == "short"


def test_instants_are_written_in_utc():
    assert stamp(AT) == "2026-09-14T09:00:00Z"
    assert stamp(AT.astimezone(timezone(timedelta(hours=2)))) == "2026-09-14T09:00:00Z"
    assert stamp(None) is None


@pytest.mark.parametrize("hours", [-14, 14])
def test_the_ends_of_the_calendar_stay_as_they_read(hours):
    zone = timezone(timedelta(hours=hours))
    for edge in (datetime(1, 1, 1, tzinfo=zone), datetime(9999, 12, 31, 23, tzinfo=zone)):
        assert utc(edge).tzinfo is UTC


def test_seconds_become_an_instant_and_anything_else_none():
    assert epoch(1789376400) == AT
    assert epoch("2026-09-14T09:00:00Z") is None
    assert epoch(None) is None
    assert epoch(10**30) is None


def test_equal_values_have_equal_digests_in_whatever_order():
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1}) != digest({"a": 1})


def test_accounts_are_githubs():
    assert account("anna") == "github/anna"
