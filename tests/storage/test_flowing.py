"""What was going on at past moments is given as columns: which turns lasted, and what had merged and was not out."""

from datetime import timedelta

import numpy as np
import pytest

from storage import flowing
from storage.records import ChangeState, DeploymentState, Turn, TurnKind
from tests.builders import NOON, change_of, ticket_of
from tests.storage.test_ledger_loading import Told, deployed, merged_change

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SINCE = NOON - 28 * DAY


@pytest.fixture
def told(database_url):
    made = Told(database_url)
    yield made
    made.ledger.close()


def waiting(began, ended=None, kind=TurnKind.REVIEW_PENDING):
    return Turn(kind, began, ended)


def done(number, repository="acme/api", **more):
    return change_of(number, repository, state=ChangeState.ABANDONED, move=None, closed_at=NOON - DAY, **more)


def lasted(told, team=("acme/api",), kind="review_pending", **more):
    facts = told.load(now=NOON, turns_in={"team": team}, turns_since=SINCE, **more)
    columns = facts.turns["team"].get(kind)
    return [] if columns is None else [round((NOON.timestamp() - began) / 86_400) for began in columns.began]


def test_what_lasts_or_ended_in_the_period_is_given_newest_first(told):
    told.put(change_of(1), turns=(waiting(NOON - 40 * DAY, SINCE - HOUR), waiting(NOON - 20 * DAY, NOON - 19 * DAY)))
    told.put(change_of(2), turns=(waiting(NOON - 39 * DAY, SINCE), waiting(NOON - DAY)))
    told.put(change_of(3), turns=(waiting(NOON - 50 * DAY),))
    assert lasted(told) == [1, 20, 39, 50]


def test_the_columns_say_when_each_began_ended_and_was_cleared(told):
    told.put(change_of(1), turns=(waiting(NOON - DAY),))
    told.put(done(2), turns=(waiting(NOON - 2 * DAY, NOON - DAY, TurnKind.CHECKS_FAILING),))
    turns = told.load(now=NOON, turns_in={"team": ("acme/api",)}, turns_since=SINCE).turns["team"]
    assert set(turns) == {"review_pending", "checks_failing"}
    assert np.isnan(turns["review_pending"].ended).tolist() == [True]
    assert turns["checks_failing"].ended.tolist() == [(NOON - DAY).timestamp()]
    assert turns["checks_failing"].cleared.tolist() == [(NOON - DAY).timestamp()]


def test_drafts_and_tickets_are_nobodys_turn(told):
    told.put(change_of(1), turns=(waiting(NOON - DAY, kind=TurnKind.IN_PROGRESS),))
    told.put(ticket_of(2), turns=(waiting(NOON - DAY, kind=TurnKind.OPEN),))
    assert told.load(now=NOON, turns_in={"team": None}, turns_since=SINCE).turns == {"team": {}}


def test_a_set_has_its_own_repositories_within_what_may_be_seen(told):
    for number, repository in enumerate(("acme/api", "acme/web", "acme/secret"), 1):
        told.put(change_of(number, repository), turns=(waiting(NOON - number * DAY),))
    assert lasted(told, ("ACME/Api", "acme/web")) == [1, 2]
    assert lasted(told, None) == [1, 2, 3]
    assert lasted(told, None, repositories=frozenset({"acme/web"})) == [2]
    assert lasted(told, ("acme/secret",), repositories=frozenset({"acme/web"})) == []


def test_of_what_began_long_before_only_what_is_open_is_given(told):
    told.put(change_of(1), turns=(waiting(NOON - 500 * DAY),))
    told.put(done(2), turns=(waiting(NOON - 501 * DAY, NOON - DAY),))
    told.put(change_of(3), turns=(waiting(NOON - 502 * DAY, SINCE - DAY),))
    assert lasted(told) == [500]
    assert lasted(told, sample_days=1000) == [500, 501]


def test_only_the_newest_are_given_where_there_are_very_many(told, monkeypatch):
    monkeypatch.setattr(flowing, "MOST_TURNS", 2)
    for number in range(1, 5):
        told.put(change_of(number), turns=(waiting(NOON - number * DAY),))
    assert lasted(told) == [1, 2]


def test_nothing_is_looked_for_that_was_not_asked_for(told):
    told.put(change_of(1), turns=(waiting(NOON - DAY),))
    facts = told.load(now=NOON, turns_in={"team": None})
    assert (facts.turns, facts.backlog) == ({}, {})


def backlog(told, *moments, team=("acme/api",), **more):
    facts = told.load(now=NOON, turns_in={"team": team}, backlog_at=moments, environments=("production",), **more)
    return [
        None if merged is None else [round((NOON.timestamp() - at) / 3_600) for at in merged]
        for merged in facts.backlog["team"]
    ]


def test_what_had_merged_and_was_not_deployed_is_told_for_each_moment(told):
    for hours in (50, 30, 10):
        told.put(merged_change(hours, NOON - hours * HOUR))
    told.put(deployed("a", f"{50:040x}", NOON - 40 * HOUR))
    told.put(deployed("b", f"{30:040x}", NOON - 20 * HOUR))
    moments = NOON, NOON - 15 * HOUR, NOON - 25 * HOUR, NOON - 35 * HOUR, NOON - 45 * HOUR
    assert backlog(told, *moments) == [[10], [], [30], [], None]


def test_a_rollback_takes_what_was_out_back_into_the_backlog(told):
    for hours in (50, 30):
        told.put(merged_change(hours, NOON - hours * HOUR))
        told.put(deployed(hours, f"{hours:040x}", NOON - hours * HOUR + HOUR))
    told.put(deployed("back", f"{50:040x}", NOON - 5 * HOUR))
    assert backlog(told, NOON - 6 * HOUR, NOON) == [[], [30]]


def test_the_environment_that_lags_behind_decides(told):
    for hours in (50, 30):
        told.put(merged_change(hours, NOON - hours * HOUR))
    told.put(deployed("eu", f"{30:040x}", NOON - HOUR, environment="prod-eu"))
    told.put(deployed("us", f"{50:040x}", NOON - HOUR, environment="prod-us"))
    facts = told.load(
        now=NOON, turns_in={"team": ("acme/api",)}, backlog_at=(NOON,), environments=("prod-eu", "prod-us")
    )
    assert facts.backlog["team"][0].tolist() == [(NOON - 30 * HOUR).timestamp()]


def test_what_is_deployed_by_the_name_of_its_service_counts_for_its_repository(told):
    for hours in (50, 30):
        told.put(merged_change(hours, NOON - hours * HOUR))
    told.put(deployed("a", f"{50:040x}", NOON - HOUR, repository=None, service="Shop"))
    assert backlog(told, NOON, repository_of={"shop": "acme/api"}) == [[30]]


@pytest.mark.parametrize(
    "more",
    [{"state": DeploymentState.FAILED}, {"environment": "staging"}, {"sha": "e" * 40}, {"sha": None}],
    ids=["failed", "elsewhere", "of a commit that nobody saw land", "of no commit"],
)
def test_what_says_nothing_of_production_leaves_it_unknown(told, more):
    told.put(merged_change(1, NOON - DAY))
    about = {"sha": f"{1:040x}"} | more
    told.put(deployed("a", about.pop("sha"), NOON - HOUR, **about))
    assert backlog(told, NOON) == [None]


def test_only_branches_that_are_deployed_have_a_backlog(told):
    told.put(merged_change(50, NOON - 50 * HOUR))
    told.put(merged_change(30, NOON - 30 * HOUR, base="next"))
    told.put(deployed("a", f"{50:040x}", NOON - 40 * HOUR))
    assert backlog(told, NOON) == [[]]


def test_what_merged_too_long_ago_waits_for_nothing_any_more(told):
    told.put(merged_change(1, NOON - 400 * DAY))
    told.put(merged_change(2, NOON - 300 * DAY))
    told.put(merged_change(3, NOON - 50 * DAY))
    told.put(deployed("a", f"{1:040x}", NOON - 399 * DAY))
    assert backlog(told, NOON) == [[50 * 24]]


def test_repositories_of_which_nothing_is_known_are_left_out_of_a_set(told):
    for repository in ("acme/api", "acme/web"):
        told.put(merged_change(30, NOON - 30 * HOUR, repository))
    told.put(deployed("a", f"{30:040x}", NOON - 60 * HOUR, repository="acme/api"))
    assert backlog(told, NOON, team=("acme/api", "acme/web")) == [[]]
    assert backlog(told, NOON, team=("acme/web",)) == [None]
