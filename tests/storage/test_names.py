"""What is a release called, by whom, and since when is it out?"""

from datetime import timedelta

import pytest

from storage.records import Milestone, Publication
from tests.builders import NOON, release_of
from tests.storage.test_ledger_loading import Told

DAY = timedelta(days=1)


@pytest.fixture
def told(database_url):
    made = Told(database_url)
    yield made
    made.ledger.close()


def publication(tag="v2.4.0", days_ago=1, **more):
    name = f"publication:acme/api@{tag}"
    return Publication(name, "acme/api", tag, None, None, NOON - days_ago * DAY, **more)


def out_since(told, key="2.4"):
    return {(name.source, name.at) for name in told.ledger.named(key)}


def test_a_milestone_is_over_since_it_was_closed_and_a_release_since_somebody_said_it_shipped(told):
    told.put(Milestone("milestone:acme/api#3", "acme/api", 3, "2.4", None, False, None, NOON - 9 * DAY, NOON - 3 * DAY))
    told.put(release_of("2.4", shipped_at=NOON - 2 * DAY))
    told.put(Milestone("milestone:acme/api#4", "acme/api", 4, "2.5", None, True, None, NOON))
    assert out_since(told) == {("milestone", NOON - 3 * DAY), ("declared", NOON - 2 * DAY)}
    assert out_since(told, "2.5") == {("milestone", None)}


def test_a_published_release_is_out_since_it_was_first_published(told):
    told.put(publication("v2.4.0", 5))
    told.put(publication("2.4", 1))
    told.put(publication("v2.5", 1))
    assert out_since(told) == {("published", NOON - 5 * DAY)}
    assert {name.at for name in told.ledger.named(None)} == {NOON - 5 * DAY, NOON - DAY}
