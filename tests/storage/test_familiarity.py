"""Who knows what a change touches is read off those that touched the same, as far as the asker may see."""

from datetime import timedelta

import pytest

from storage.facts import Needs
from storage.familiarity import MOST_KNOWERS, NEWEST
from storage.indexing import links_of
from storage.instants import FOREVER, stamp
from storage.records import (
    Account,
    Attention,
    ChangeState,
    Corrections,
    Folded,
    Incident,
    Mark,
    Review,
    ReviewState,
    Turn,
    TurnKind,
)
from storage.state.fold import fold
from tests.builders import NOON, change_of, ticket_of
from tests.ledgers import delivered, event, ledger_at

DAY = timedelta(days=1)
PAY = ("src/pay",)


class Told:
    """A ledger whose fold gives records as they were put in."""

    def __init__(self, url):
        self.folded = {}
        self.ledger = ledger_at(url, lambda name, events, rules: self.folded.get(name) or fold(name, events, rules))

    def put(self, *records):
        for record in records:
            self.folded[record.object] = Folded(record)
        made = [
            event(one.object, "made.up", stamp(NOON), repository=getattr(one, "repository", None)) for one in records
        ]
        self.ledger.append([delivered(*made, number=records[0].object)])

    def load(self, **needs):
        return self.ledger.load(Needs(**needs), NOON)

    def familiar(self, number=1, **needs):
        """Who knows a change of acme/api: account, how many changes, by its files."""
        facts = self.load(**({"open_in": ("acme/api",), "familiar_in": ("acme/api",)} | needs))
        return [(one.account, one.changes, one.files) for one in facts.familiar[f"change:acme/api#{number}"]]


@pytest.fixture
def told(database_url):
    made = Told(database_url)
    yield made
    made.ledger.close()


def waiting(number=1, *movers, repository="acme/api", **more):
    turn = Turn(TurnKind.REVIEW_PENDING, NOON, None, movers)
    return change_of(number, repository, move=turn, **({"folders": PAY} | more))


def merged(number, author, *reviewers, ago=DAY, **more):
    reviews = tuple(Review(who, ReviewState.APPROVED, NOON) for who in reviewers)
    filled = {"state": ChangeState.MERGED, "merged_at": NOON - ago, "move": None, "folders": PAY, "reviews": reviews}
    return change_of(number, more.pop("repository", "acme/api"), author=author, **(filled | more))


def links(record, *relations):
    return {(r, target, until) for r, target, until in links_of(Folded(record), ()) if r in relations}


def test_whoever_wrote_or_reviewed_what_touched_the_same_folders_knows_a_change_the_most_often_first(told):
    told.put(waiting(), merged(2, "github/Bo", "github/cho"), merged(3, "github/bo"), merged(4, "github/anna"))
    assert told.familiar() == [("github/Bo", 2, True), ("github/anna", 1, True), ("github/cho", 1, True)]


def test_of_those_who_did_as_much_whoever_did_it_last_comes_first(told):
    told.put(waiting(), merged(2, "github/bo", ago=9 * DAY), merged(3, "github/cho", ago=2 * DAY))
    assert [who for who, _, _ in told.familiar()] == ["github/cho", "github/bo"]
    (knower, _) = told.load(open_in=("acme/api",), familiar_in=("acme/api",)).familiar["change:acme/api#1"]
    assert knower.newest == NOON - 2 * DAY


def test_one_change_in_several_of_the_folders_counts_once(told):
    both = ("docs", "src/pay")
    told.put(waiting(folders=both), merged(2, "github/bo", folders=both))
    assert told.familiar() == [("github/bo", 1, True)]


def test_other_folders_and_other_repositories_and_long_ago_say_nothing(told):
    told.put(
        waiting(), merged(2, "github/bo", folders=("docs",), ago=200 * DAY), merged(3, "github/cho", ago=181 * DAY),
        merged(4, "github/dee", repository="acme/web"),
    )  # fmt: skip
    assert told.familiar() == []


def test_where_no_folder_is_known_the_repository_speaks_and_that_is_said(told):
    told.put(waiting(folders=()), merged(2, "github/bo"), merged(3, "github/cho", repository="acme/web"))
    assert told.familiar() == [("github/bo", 1, False)]


def test_where_nobody_knows_the_folder_the_repository_speaks(told):
    told.put(waiting(folders=("src/new",)), merged(2, "github/bo"))
    assert told.familiar() == [("github/bo", 1, False)]


def test_a_bot_knows_nothing(told):
    told.put(waiting(), merged(2, "github/renovate[bot]", author_is_bot=True))
    assert told.familiar() == []


def test_only_the_newest_changes_of_a_folder_are_looked_at_and_so_many_people_named(told):
    told.put(waiting(), *(merged(n, f"github/p{n}", ago=n * DAY) for n in range(2, NEWEST + 12)))
    knowers = told.familiar()
    assert [who for who, _, _ in knowers] == [f"github/p{n}" for n in range(2, MOST_KNOWERS + 2)]


def test_only_what_waits_for_a_review_in_the_asked_repositories_is_looked_at(told):
    told.put(
        waiting(), waiting(2, draft=True), waiting(3, repository="acme/web"), merged(4, "github/bo"),
        change_of(5, move=Turn(TurnKind.CHECKS_FAILING, NOON, None)),
    )  # fmt: skip
    facts = told.load(open_in=("acme/api", "acme/web"), familiar_in=("ACME/api",))
    assert list(facts.familiar) == ["change:acme/api#1"]
    assert told.load(open_in=("acme/api",)).familiar == {}


def test_nobody_learns_who_works_where_they_may_not_look(told):
    told.put(waiting(), waiting(2, "github/cho", repository="acme/secret"), merged(3, "github/cho"))
    everywhere = ("acme/api", "acme/secret")
    facts = told.load(repositories=frozenset({"acme/api"}), open_in=everywhere, familiar_in=everywhere)
    assert list(facts.familiar) == ["change:acme/api#1"]
    assert facts.in_hand == {"github/cho": 0}


def test_what_somebody_has_in_hand_are_the_open_changes_that_wait_for_them(told):
    failing = Turn(TurnKind.CHECKS_FAILING, NOON, None, ("github/cho",))
    drafted = Turn(TurnKind.IN_PROGRESS, NOON, None, ("github/cho",))
    told.put(
        waiting(1, "github/Bo"), waiting(2, "github/bo", repository="acme/web"), merged(3, "github/cho"),
        change_of(4, move=failing), change_of(5, move=drafted), ticket_of(6, move=Turn(TurnKind.OPEN, NOON, None)),
    )  # fmt: skip
    facts = told.load(open_in=("acme/api",), familiar_in=("acme/api",))
    assert facts.in_hand == {"github/bo": 2, "github/cho": 1}


def test_what_is_merged_is_in_nobodys_hands(told):
    told.put(waiting(1, "github/bo"), waiting(2, "github/bo"))
    told.folded["change:acme/api#2"] = Folded(merged(2, "github/cho"))
    told.ledger.append([delivered(event("change:acme/api#2", "made.up", "later", repository="acme/api"), number=2)])
    assert told.load(open_in=("acme/api",), familiar_in=("acme/api",)).in_hand["github/bo"] == 1


def moves(told, *keys, **needs):
    facts = told.load(moves_of=keys, **needs)
    return [one.object.partition(":")[2] for one in (*facts.changes, *facts.tickets, *facts.incidents)]


def test_the_moves_of_an_account_are_the_open_changes_that_wait_for_it(told):
    told.put(waiting(1, "github/Bo"), waiting(2, "github/cho"), merged(3, "github/bo"))
    assert moves(told, "github/bo") == ["acme/api#1"]
    assert moves(told) == []


def test_a_persons_moves_are_those_of_the_accounts_that_they_proved_theirs(told):
    told.put(waiting(1, "github/bo"), Account("account:github/bo", "bo", person="slack/U7"))
    assert moves(told, "slack/u7") == ["acme/api#1"]


def test_a_team_that_was_asked_and_a_person_said_to_be_next_have_a_move(told):
    told.put(waiting(1, asked_teams=("Core",)), waiting(2, corrections=Corrections(owner="person/bo")))
    assert moves(told, "team/core", "person/bo") == ["acme/api#1", "acme/api#2"]


def test_of_tickets_only_blockers_and_incidents_are_moves(told):
    mine = Turn(TurnKind.OPEN, NOON, None, ("github/bo",))
    told.put(ticket_of(1, move=mine), ticket_of(2, move=mine, labels=("Blocker",)))
    assert moves(told, "github/bo", blocker_labels=("blocker",)) == ["acme/api#2"]


def test_what_somebody_took_upon_themselves_is_their_move_for_a_while(told):
    about = "change:acme/api#1"
    took = Mark("person/bo", NOON - DAY)
    told.put(waiting(1), Attention(f"attention:{about}", about, "acme/api", NOON, taken=(took,)))
    assert moves(told, "person/bo") == ["acme/api#1"]
    assert links(Attention("x", about, None, NOON, taken=(Mark("person/bo", NOON - 31 * DAY),)), "took") == {
        ("took", "person/bo", stamp(NOON - DAY))
    }


def test_an_incident_is_the_move_of_whoever_is_on_it_while_it_is_open():
    incident = Incident("incident:pagerduty/1", "pagerduty", "Down", True, NOON, NOON, assignees=("pagerduty/P1",))
    assert links(incident, "mover") == {("mover", "pagerduty/p1", FOREVER)}


def test_a_move_in_a_hidden_repository_is_not_loaded(told):
    told.put(waiting(1, "github/bo", repository="acme/secret"))
    assert moves(told, "github/bo", repositories=frozenset({"acme/api"})) == []


def test_what_a_move_depends_on_comes_with_it(told):
    told.put(waiting(1, "github/bo", depends_on=("change:acme/web#2",)), change_of(2, "acme/web"))
    assert moves(told, "github/bo") == ["acme/api#1", "acme/web#2"]
