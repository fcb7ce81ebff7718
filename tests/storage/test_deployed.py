"""Of the deployments the newest are given, and where it is asked for, the older ones that brought something first."""

from datetime import timedelta

import pytest

from storage.records import DeploymentState
from tests.builders import NOON
from tests.storage.test_ledger_loading import Told, deployed, for_release, merged_change

HOUR = timedelta(hours=1)
EARLY = NOON - 100 * HOUR
OURS = {"repository": None, "service": "api"}
THEIRS = {"repository": None, "service": "web"}


@pytest.fixture
def told(database_url, monkeypatch):
    monkeypatch.setattr("storage.deployed.NEWEST", 3)
    made = Told(database_url)
    yield made
    made.ledger.close()


def out(told, number, hours, **more):
    """A commit of this number that landed these hours after the first merge, and its deployment half an hour later."""
    told.put(merged_change(number, EARLY + hours * HOUR))
    told.put(deployed(str(number), f"{number:040x}", EARLY + (hours + 0.5) * HOUR, **more))


def busy(told, first=2, last=8, **more):
    """A change in the release, and after it a deployment every hour; the first of them brings it along."""
    told.put(merged_change(1, EARLY), hints=for_release("2.4"))
    for number in range(first, last + 1):
        out(told, number, number, **more)


def loaded(told, **needs):
    asked = {
        "release_keys": ("2.4",), "deployments_in": ("acme/api",), "environments": ("production", "live"),
        "repository_of": {"api": "acme/api", "web": "acme/api"}, "first_out": True,
    }  # fmt: skip
    return told.load(now=NOON, **(asked | needs))


def numbers(deployments):
    return [one.object.rpartition("/")[2] for one in deployments]


def first(told, **needs):
    return numbers(loaded(told, **needs).first_out)


def test_the_one_that_brought_a_change_first_is_given_however_many_came_since(told):
    busy(told)
    facts = loaded(told)
    assert (numbers(facts.deployments), numbers(facts.first_out)) == (["8", "7", "6"], ["2"])
    assert facts.landed["acme/api", f"{2:040x}"] == {"main": EARLY + 2 * HOUR}


def test_every_change_has_its_own_and_newest_come_first(told):
    busy(told)
    told.put(merged_change(50, EARLY + 4.2 * HOUR), hints=for_release("2.4"))
    assert first(told) == ["5", "2"]


def test_nothing_is_given_that_was_not_asked_for_or_is_among_the_newest(told):
    busy(told, last=4)
    assert first(told) == []
    out(told, 5, 5)
    assert first(told) == ["2"]
    assert first(told, first_out=False) == []
    assert first(told, release_keys=()) == []


def test_what_merged_since_the_oldest_of_the_newest_is_not_looked_up(told, monkeypatch):
    busy(told)
    told.put(merged_change(50, EARLY + 6.6 * HOUR), hints=for_release("2.5"))
    monkeypatch.setattr("storage.deployed.arrivals", None)
    assert first(told, release_keys=("2.5",)) == []


def test_where_several_services_are_built_from_a_repository_each_has_its_first(told):
    busy(told, last=6, **OURS)
    for number in range(12, 17):
        out(told, number, number, **THEIRS)
    facts = loaded(told)
    assert (numbers(facts.deployments), numbers(facts.first_out)) == (["16", "15", "14", "6", "5", "4"], ["12", "2"])


def test_each_environment_has_its_first(told):
    busy(told, last=6)
    for number in range(12, 17):
        out(told, number, number, environment="Live")
    out(told, 20, 3.2, environment="staging")
    assert first(told) == ["12", "2"]
    assert first(told, environments=("live",)) == ["12"]


def test_without_an_environment_every_one_is_a_place(told):
    busy(told)
    out(told, 20, 1, environment="staging")
    assert first(told, environments=()) == ["20"]


def test_what_failed_brought_nothing_and_a_commit_nobody_knows_neither(told):
    told.put(deployed("x", f"{2:040x}", EARLY + HOUR, state=DeploymentState.FAILED))
    told.put(deployed("y", "e" * 40, EARLY + HOUR))
    busy(told)
    assert first(told) == ["2"]


def test_nothing_of_a_repository_that_may_not_be_seen_is_given(told):
    busy(told)
    assert first(told, repositories=frozenset({"acme/web"})) == []
    assert first(told, repositories=frozenset({"acme/api"})) == ["2"]


def test_one_that_was_loaded_by_its_name_is_given_all_the_same(told):
    busy(told)
    assert first(told, objects=("deployment:github/2",)) == ["2"]
