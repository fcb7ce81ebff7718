"""What merged in a period is given as columns, with when it was asked for and when it reached production."""

from datetime import timedelta

import numpy as np
import pytest

from storage import flows
from storage.records import Turn, TurnKind
from tests.builders import NOON, ticket_of
from tests.storage.test_ledger_loading import Told, deployed, merged_change

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SINCE = NOON - 28 * DAY
API = ("acme/api",)


@pytest.fixture
def told(database_url):
    made = Told(database_url)
    yield made
    made.ledger.close()


def flow(told, team=API, **more):
    asked = {"flow_since": SINCE, "environments": ("production",), "now": NOON} | more
    return told.load(flow_in={"team": team}, **asked).flow["team"]


def numbers(found):
    return [int(name.rpartition("#")[2]) for name in found.objects]


def seconds(*moments):
    return [moment.timestamp() for moment in moments]


def test_what_merged_since_a_moment_is_given_oldest_first(told):
    told.put(merged_change(1, SINCE - HOUR))
    told.put(merged_change(2, NOON - DAY))
    told.put(merged_change(3, SINCE + HOUR))
    told.put(merged_change(4, NOON - DAY, "acme/web"))
    found = flow(told)
    assert numbers(found) == [3, 2]
    assert found.merged.tolist() == seconds(SINCE + HOUR, NOON - DAY)
    assert found.shas == (f"{3:040x}", f"{2:040x}")


def test_nothing_is_given_that_nobody_asked_for(told):
    told.put(merged_change(1, NOON - DAY))
    assert told.load(now=NOON, flow_since=SINCE).flow == {}
    assert told.load(now=NOON, flow_in={"team": API}).flow == {}


def test_nothing_of_a_repository_that_may_not_be_seen_is_given(told):
    told.put(merged_change(1, NOON - DAY, "acme/secret"))
    told.put(merged_change(2, NOON - DAY, closes=("ticket:acme/secret#9",)))
    told.put(ticket_of(9, "acme/secret", opened_at=NOON - 9 * DAY, labels=("bug",)))
    for asked in (None, ("acme/api", "acme/secret")):
        found = flow(told, asked, repositories=frozenset(API), bug_labels=("bug",))
        assert numbers(found) == [2]
        assert np.isnan(found.requested).all()
        assert found.fights.tolist() == [False]


def test_everything_means_every_repository(told):
    told.put(merged_change(1, NOON - DAY))
    told.put(merged_change(2, NOON - HOUR, "acme/web"))
    assert numbers(flow(told, None)) == [1, 2]


def test_each_knows_when_it_was_opened_and_reached_production(told):
    told.put(merged_change(1, NOON - 3 * DAY, opened_at=NOON - 5 * DAY))
    told.put(merged_change(2, NOON - DAY, opened_at=NOON - 2 * DAY))
    told.put(deployed("1", f"{1:040x}", NOON - 2 * DAY))
    found = flow(told)
    assert found.opened.tolist() == seconds(NOON - 5 * DAY, NOON - 2 * DAY)
    assert found.deployed[0] == (NOON - 2 * DAY).timestamp()
    assert np.isnan(found.deployed[1])


def test_a_later_commit_brings_what_merged_before_it(told):
    told.put(merged_change(1, NOON - 3 * DAY))
    told.put(merged_change(2, NOON - 2 * DAY))
    told.put(deployed("1", f"{2:040x}", NOON - DAY))
    assert flow(told).deployed.tolist() == seconds(NOON - DAY, NOON - DAY)


def test_many_repositories_are_looked_up_a_few_at_a_time_and_none_is_lost(told, monkeypatch):
    monkeypatch.setattr(flows, "_TOGETHER", 2)
    names = [f"acme/part-{n}" for n in range(5)]
    for n, name in enumerate(names, 1):
        told.put(merged_change(n, NOON - n * DAY, name))
        told.put(deployed(str(n), f"{n:040x}", NOON - n * DAY + HOUR, repository=name))
    found = flow(told, tuple(names))
    assert (found.deployed - found.merged).tolist() == [3600.0] * 5


def test_only_the_newest_of_very_many_are_given(told, monkeypatch):
    monkeypatch.setattr(flows, "MOST_MERGED", 2)
    for n in range(1, 5):
        told.put(merged_change(n, NOON - n * DAY))
    assert numbers(flow(told)) == [2, 1]


def test_the_request_is_the_oldest_issue_that_a_change_closes(told):
    for number, days in ((11, 9), (12, 20), (13, 30)):
        told.put(ticket_of(number, opened_at=NOON - days * DAY))
    told.put(merged_change(1, NOON - 3 * DAY, closes=("ticket:acme/api#11", "ticket:acme/api#12")))
    told.put(merged_change(2, NOON - 2 * DAY))
    told.put(merged_change(3, NOON - DAY, closes=("ticket:acme/api#404",)))
    found = flow(told)
    assert found.requested[0] == (NOON - 20 * DAY).timestamp()
    assert np.isnan(found.requested[1:]).all()


@pytest.mark.parametrize(
    ("label", "fights", "mends"),
    [("Bug", True, False), ("blocker", True, False), ("incident", True, True), ("feature", False, False)],
)
def test_what_closes_a_bug_a_blocker_or_an_incident_fights_fires(told, label, fights, mends):
    told.put(ticket_of(11, labels=(label,), open=False, closed_at=NOON - DAY))
    told.put(merged_change(1, NOON - DAY, closes=("ticket:acme/api#11",)))
    found = flow(told, bug_labels=("bug",), blocker_labels=("blocker",), incident_labels=("incident",))
    assert (found.fights.tolist(), found.mends.tolist()) == ([fights], [mends])


def test_a_revert_fights_fires_and_says_what_it_undoes(told):
    told.put(merged_change(1, NOON - 3 * DAY))
    told.put(merged_change(2, NOON - 2 * DAY, reverts=("change:acme/api#1",)))
    told.put(merged_change(3, NOON - DAY, reverts=(f"commit:acme/api@{1:040x}",)))
    told.put(merged_change(4, NOON - HOUR, reverts=("change:acme/api#404",)))
    found = flow(told)
    assert found.fights.tolist() == found.mends.tolist() == [False, True, True, True]
    assert sorted(found.undone) == [(1, 0), (2, 0)]


def test_the_turns_of_each_come_with_it(told):
    began = NOON - 3 * DAY
    turns = (
        Turn(TurnKind.REVIEW_PENDING, began, began + HOUR),
        Turn(TurnKind.READY_TO_MERGE, began + HOUR, NOON - 2 * DAY),
    )
    told.put(merged_change(1, NOON - 4 * DAY), turns=())
    told.put(merged_change(2, NOON - 2 * DAY), turns=turns)
    found = flow(told)
    assert found.turn_of.tolist() == [1, 1]
    assert sorted(found.kinds[kind] for kind in found.turn_kind) == ["ready_to_merge", "review_pending"]
    assert sorted(found.turn_began.tolist()) == seconds(began, began + HOUR)
    assert sorted(found.turn_ended.tolist()) == seconds(began + HOUR, NOON - 2 * DAY)


def test_every_deployment_since_a_moment_is_handed_over_not_only_the_newest(told, monkeypatch):
    monkeypatch.setattr("storage.deployed.NEWEST", 3)
    for n in range(1, 9):
        told.put(deployed(str(n), f"{n:040x}", NOON - n * DAY))
    asked = {"deployments_in": API, "environments": ("production",), "now": NOON}
    assert len(told.load(**asked).deployments) == 3
    since = told.load(**asked, deployments_since=NOON - 6.5 * DAY).deployments
    assert [one.object.rpartition("/")[2] for one in since] == ["1", "2", "3", "4", "5", "6"]


def test_where_those_deployments_landed_is_known_too(told):
    told.put(merged_change(1, NOON - 2 * DAY))
    told.put(deployed("1", f"{1:040x}", NOON - DAY))
    asked = {"deployments_in": API, "environments": ("production",), "now": NOON, "deployments_since": SINCE}
    plain = told.load(**asked).landed
    assert plain == {("acme/api", f"{1:040x}"): {"main": NOON - 2 * DAY}}
    assert told.load(**asked, flow_in={"team": API}, flow_since=SINCE).landed == plain


def test_each_knows_which_tickets_it_closes_that_may_be_seen(told):
    told.put(merged_change(1, NOON - 2 * DAY))
    told.put(merged_change(2, NOON - DAY, closes=("ticket:acme/api#9", "ticket:acme/secret#9", "ticket:acme/api#999")))
    told.put(ticket_of(9, opened_at=NOON - 9 * DAY))
    told.put(ticket_of(9, "acme/secret", opened_at=NOON - 9 * DAY))
    assert flow(told, repositories=frozenset(API)).closes == ((1, "ticket:acme/api#9"),)
