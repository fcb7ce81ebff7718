"""Do the metrics say how much, how fast and how fresh, and nothing else?"""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from commands.metrics import Meters
from storage.facts import Freshness
from storage.outbox import OutboxFigures

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


def fresh() -> Freshness:
    return Freshness({"github": NOW - timedelta(minutes=5)}, {"github": NOW})


def no_database() -> Freshness:
    raise OSError("no database")


def test_freshness_is_the_age_of_the_newest_event_by_source():
    sample = Meters(fresh, lambda: NOW).registry.get_sample_value
    assert sample("lastmile_newest_event_age_seconds", {"source": "github"}) == 300
    assert sample("lastmile_database_up") == 1


def test_without_a_database_the_other_figures_are_still_there():
    meters = Meters(no_database, lambda: NOW)
    meters.delivered("github", 503)
    sample = meters.registry.get_sample_value
    assert sample("lastmile_database_up") == 0
    assert sample("lastmile_deliveries_total", {"source": "github", "status": "503"}) == 1


def test_what_is_owed_to_slack_and_what_came_of_each_try_is_counted():
    figures = OutboxFigures({"posted": 3}, {"owed": 4, "sending": 1, "posted": 9}, NOW - timedelta(minutes=2))
    meters = Meters(fresh, lambda: NOW, lambda: figures)
    for outcome in ("posted", "posted", "failed"):
        meters.posted(outcome)
    sample = meters.registry.get_sample_value
    assert sample("lastmile_posts_owed") == 5
    assert sample("lastmile_posts_oldest_owed_seconds") == 120
    assert sample("lastmile_posts_total", {"outcome": "posted"}) == 2
    assert sample("lastmile_posts_total", {"outcome": "failed"}) == 1


def test_where_nothing_is_owed_that_is_nought_and_without_a_database_it_is_not_known():
    sample = Meters(fresh, lambda: NOW, lambda: OutboxFigures({}, {}, None)).registry.get_sample_value
    assert (sample("lastmile_posts_owed"), sample("lastmile_posts_oldest_owed_seconds")) == (0, 0)
    sample = Meters(no_database, lambda: NOW, no_database).registry.get_sample_value
    assert (sample("lastmile_posts_owed"), sample("lastmile_database_up")) == (None, 0)


def test_scrapes_are_answered_on_a_port_of_their_own_until_stopped():
    meters = Meters(fresh, lambda: NOW)
    port, stop = meters.serve("127.0.0.1", 0)
    text = httpx.get(f"http://127.0.0.1:{port}/metrics").text
    stop()
    assert 'lastmile_newest_event_age_seconds{source="github"} 300.0' in text
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/metrics")


def test_a_taken_port_is_an_error_of_the_system():
    port, stop = Meters(fresh, lambda: NOW).serve("127.0.0.1", 0)
    try:
        with pytest.raises(OSError, match="in use"):
            Meters(fresh, lambda: NOW).serve("127.0.0.1", port)
    finally:
        stop()
