"""Does a question get what people did about the things that it loads, and nothing of what its reader may not see?"""

from datetime import timedelta

import pytest

from assistant.acts.attending import attended
from storage.facts import Needs
from storage.records import ChangeState, Folded
from storage.state.fold import fold
from tests.builders import NOON, change_of, ticket_of, viewer
from tests.ledgers import delivered, event, ledger_at

API, WEB, SECRET, TICKET = "change:acme/api#101", "change:acme/web#7", "change:acme/secret#9", "ticket:acme/api#55"
INCIDENT, RELEASE = "incident:pagerduty/Q1", "release:checkout@2.4"
WORK = {
    record.object: record
    for record in (change_of(101), change_of(7, "acme/web"), change_of(9, "acme/secret"), ticket_of(55))
}
EVERYWHERE = {"open_in": ("acme/api", "acme/web", "acme/secret"), "objects": (TICKET,)}


@pytest.fixture
def ledger(database_url):
    """Work in three repositories, of which each was acknowledged an hour ago, and things of none, the same."""
    given = dict(WORK)
    with ledger_at(
        database_url, lambda n, events, rules: Folded(given[n]) if n in given else fold(n, events, rules)
    ) as opened:
        for number, record in enumerate(WORK.values()):
            told = event(record.object, "made.up", repository=record.repository, source="github")
            opened.append([delivered(told, number=number)])
        opened.given = given
        for about in (*WORK, INCIDENT, RELEASE):
            acknowledge(opened, about, NOON - timedelta(hours=1))
        yield opened


def acknowledge(ledger, about, at):
    ledger.record([attended(about, "attention.acknowledged", viewer(), at, {})], at)


def loaded(ledger, now=NOON, **needs):
    return ledger.load(Needs(**{"attention": True, **needs}), now).attention


def test_what_was_done_comes_with_the_work_that_was_asked_for(ledger):
    found = loaded(ledger, open_in=("acme/api",), objects=(TICKET,))
    assert set(found) == {API, TICKET, INCIDENT, RELEASE}
    assert [mark.by for mark in found[API].acknowledged] == ["person/anna"]


def test_it_comes_only_where_it_was_asked_for(ledger):
    assert loaded(ledger, **EVERYWHERE, attention=False) == {}


def test_nothing_comes_of_a_repository_that_may_not_be_seen(ledger):
    found = loaded(ledger, **EVERYWHERE, repositories=frozenset({"acme/api", "acme/web"}))
    assert set(found) == {API, WEB, TICKET, INCIDENT, RELEASE}


def test_however_long_ago_work_was_taken_it_is_still_taken(ledger):
    late = NOON + timedelta(days=200)
    assert API in loaded(ledger, late, open_in=("acme/api",))


def test_of_things_without_a_repository_what_was_done_lately_is_enough(ledger):
    late = NOON + timedelta(days=200)
    assert set(loaded(ledger, late)) == set()
    acknowledge(ledger, INCIDENT, late - timedelta(days=1))
    assert set(loaded(ledger, late)) == {INCIDENT}


def test_a_merged_change_brings_none_with_the_open_ones(ledger):
    ledger.given[API] = change_of(101, state=ChangeState.MERGED, merged_at=NOON)
    ledger.append([delivered(event(API, "made.up", "2", repository="acme/api", source="github"), number="again")])
    assert API not in loaded(ledger, open_in=("acme/api",))


def test_forgetting_a_repository_forgets_what_was_done_about_its_work(ledger):
    ledger.forget_repository("acme/api")
    assert set(loaded(ledger, **EVERYWHERE)) == {WEB, SECRET, INCIDENT, RELEASE}
    assert ledger.history(f"attention:{API}") == ()


def test_it_is_found_by_an_index(ledger):
    if not ledger._database.sqlite:
        pytest.skip("the plan of a small table says nothing on PostgreSQL")
    from storage.attending import _ELSEWHERE

    with ledger._database.reading() as session:
        plan = " ".join(str(row[-1]) for row in session.all(f"EXPLAIN QUERY PLAN {_ELSEWHERE}", (0,)))
    assert "state_began (kind=? AND scope=? AND began_at>?)" in plan
