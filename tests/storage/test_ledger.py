"""What goes in once counts once, whatever way and however often it comes."""

from datetime import timedelta

import pytest

from storage.folding import followers
from storage.instants import stamp
from storage.ledger import open_ledger
from storage.records import Delivery, Ignored, Malformed, Outcome, Taken, UnknownEvent
from storage.state.rules import FoldRules
from tests.builders import (
    BRANCH,
    CHANGE,
    CHO,
    NOON,
    TICKET,
    asked,
    branch_pushed,
    checked,
    commit_of,
    did,
    happened,
    opened,
    pushed,
    reviewed,
    snapshot_of,
    ticket_opened,
    when,
)
from tests.ledgers import as_told, delivered, event, events, ledger_at, listing, payloads, seen_by, states

LATER = NOON + timedelta(hours=1)


def tell(ledger, *known, received=None):
    """Take in the builders' events, each in a delivery of its own received when it happened."""
    batch = [delivered(as_told(each), number=each.identity, received=received or each.at) for each in known]
    return ledger.append(batch)


def test_a_delivery_is_new_once_and_a_duplicate_ever_after(ledger):
    assert tell(ledger, opened()) == [Outcome.NEW]
    before = events(ledger), states(ledger)
    assert tell(ledger, opened()) == [Outcome.DUPLICATE]
    assert (events(ledger), states(ledger)) == before


def test_a_delivery_twice_in_one_batch_counts_once(ledger):
    assert tell(ledger, opened(), opened()) == [Outcome.NEW, Outcome.DUPLICATE]
    assert len(events(ledger)) == 1


def test_the_same_event_by_a_second_hook_counts_once(ledger):
    told = as_told(opened())
    outcomes = ledger.append([delivered(told, number=1), delivered(told, number=2)])
    assert outcomes == [Outcome.NEW, Outcome.NEW]
    assert len(ledger.history(CHANGE)) == 1


def test_the_same_delivery_id_of_two_sources_is_two_deliveries(ledger):
    batch = [delivered(event(key="1"), source="github"), delivered(event(key="2"), source="gitlab")]
    assert ledger.append(batch) == [Outcome.NEW, Outcome.NEW]


def test_every_verdict_has_its_outcome_and_is_counted_by_the_doctor(ledger):
    delivery = Delivery("github", "1", {"X-GitHub-Event": "watch"}, b"[]", NOON)
    verdicts = (Ignored("a star"), UnknownEvent("an event nobody knows"), Malformed("no JSON"), (event(),))
    batch = [Taken(Delivery("github", str(n), delivery.headers, b"[]", NOON), v) for n, v in enumerate(verdicts)]
    assert ledger.append(batch) == [Outcome.IGNORED, Outcome.UNKNOWN, Outcome.MALFORMED, Outcome.NEW]
    figures = ledger.figures()
    assert figures.deliveries == {"github": {"ignored": 1, "unknown": 1, "malformed": 1, "new": 1}}
    assert {reason for _, _, reason, _ in figures.reasons} == {"a star", "an event nobody knows", "no JSON"}
    assert [(sample.delivery_id, sample.verdict) for sample in figures.samples] == [
        ("2", "malformed"),
        ("1", "unknown"),
    ]
    assert figures.samples[0].headers == {"X-GitHub-Event": "watch"}
    assert (figures.events, figures.bodies) == (1, 4)


def test_the_earliest_receipt_of_a_copy_is_when_an_event_became_known(ledger):
    told = as_told(happened(CHANGE, "change.created", "18T08:00"))
    ledger.append([delivered(told, number=1, received=LATER)])
    ledger.append([delivered(told, number=2, received=NOON)])
    ledger.append([delivered(told, number=3, received=LATER)])
    assert [known.known_at for known in ledger.history(CHANGE)] == [NOON]


def test_a_redelivery_with_an_earlier_receipt_makes_the_event_known_earlier(ledger):
    told = as_told(opened("18T08:00"))
    ledger.append([delivered(told, received=LATER)])
    assert ledger.append([delivered(told, received=NOON)]) == [Outcome.DUPLICATE]
    assert ledger.history(CHANGE)[0].known_at == NOON
    assert [delivery.received_at for delivery in ledger.export()] == [NOON]


def test_a_time_later_than_its_receipt_is_clamped_to_it(ledger):
    ledger.append([delivered(event(at=LATER), received=NOON)])
    assert ledger.history("external:store")[0].at == NOON


def test_an_event_without_a_time_happened_when_it_was_first_received(ledger):
    ledger.append([delivered(event(at=None), number=1, received=LATER)])
    ledger.append([delivered(event(at=None), number=2, received=NOON)])
    assert ledger.history("external:store")[0].at == NOON


def test_history_without_a_receipt_is_known_from_when_it_happened(ledger):
    ledger.append([delivered(event(at=NOON), received=None)])
    known = ledger.history("external:store")[0]
    assert (known.at, known.known_at) == (NOON, NOON)


def test_an_event_that_nobody_dates_is_kept_as_unknown(ledger):
    assert ledger.append([delivered(event(at=None), received=None)]) == [Outcome.UNKNOWN]
    assert events(ledger) == []


def test_of_copies_that_differ_the_one_known_first_is_kept(ledger):
    first, second = event(word="first"), event(word="second")
    ledger.append([delivered(second, number=2, received=LATER)])
    ledger.append([delivered(first, number=1, received=NOON)])
    assert ledger.history("external:store")[0].data == {"word": "first"}


def test_of_copies_known_at_once_the_same_is_kept_in_either_order(tmp_path, sqlite_url):
    kept = []
    for number, order in enumerate([(1, 2), (2, 1)]):
        with open_ledger(f"sqlite:///{tmp_path}/{number}.db", FoldRules()) as ledger:
            for copy in order:
                ledger.append([delivered(event(word=copy), number=copy)])
            kept.append(ledger.history("external:store")[0].data)
    assert kept[0] == kept[1]


def test_events_of_repositories_left_out_are_kept_and_not_counted(ledger):
    told = as_told(opened())
    assert ledger.append([delivered(told)], lambda name: name == "acme/web") == [Outcome.IGNORED]
    assert len(events(ledger)) == 1
    assert ledger.get([CHANGE]) == {}
    assert ledger.rebuild(counted=lambda name: name == "acme/api") == 1
    assert CHANGE in ledger.get([CHANGE])


def test_a_delivery_that_cannot_be_folded_is_kept_whole_and_takes_no_other_down(database_url):
    def failing(name, known, rules):
        if any(each.data.get("poison") for each in known):
            raise ZeroDivisionError
        return listing(name, known, rules)

    with ledger_at(database_url, failing) as ledger:
        batch = [
            delivered(event(key="1"), number=1),
            delivered(event(key="2", poison=True), number=2, body=b'{"poison": 1}'),
            delivered(event(key="3"), number=3),
        ]
        assert ledger.append(batch) == [Outcome.NEW, Outcome.UNKNOWN, Outcome.NEW]
        assert seen_by(ledger) == ["1", "3"]
        assert ledger.figures().samples[0].reason == "it could not be folded: ZeroDivisionError"
        assert b'{"poison": 1}' in [delivery.body for delivery in ledger.export()]


def test_when_the_database_fails_the_whole_batch_raises_and_nothing_of_it_stays(sqlite_url):
    with ledger_at(sqlite_url) as ledger:
        with ledger._database.cursor() as session:
            session.run("DROP TABLE turn")
        with pytest.raises(ledger._database.failures, match="no such table"):
            ledger.append([delivered(event(), number=1), delivered(event(key="2"), number=2)])
        assert events(ledger) == []


def test_nothing_to_append_is_nothing_done(sqlite_ledger):
    assert sqlite_ledger.append([]) == []


def test_events_recorded_without_a_delivery_count_once(ledger):
    act = event("release:checkout@2.4", "release.planned", actor="person/anna", product="checkout", version="2.4")
    assert ledger.record([act], NOON) == 1
    assert ledger.record([act], LATER) == 0
    assert ledger.history("release:checkout@2.4")[0].known_at == NOON
    assert ledger.get(["release:checkout@2.4"])["release:checkout@2.4"].version == "2.4"


def test_a_decision_sees_the_records_it_holds_and_stores_what_it_returns(ledger):
    tell(ledger, opened())
    given = {}

    def decide(records):
        given.update(records)
        return [
            event(CHANGE, "corrected.owner", owner="person/cho", repository="acme/api", actor="person/cho", why="hers")
        ]

    assert len(ledger.decide([CHANGE, TICKET], decide, LATER)) == 1
    assert set(given) == {CHANGE}
    assert ledger.get([CHANGE])[CHANGE].corrections.owner == "person/cho"


def test_a_refusal_is_handed_back_and_nothing_is_stored(ledger):
    assert ledger.decide(["release:checkout@2.4"], lambda _: "not yours", NOON) == "not yours"
    assert events(ledger) == []


def test_a_change_hears_of_the_checks_on_its_head_whichever_comes_first(ledger):
    tell(ledger, checked("16T09:10", "failed", sha="a1"), opened(head_sha="a1"))
    assert [check.state for check in ledger.get([CHANGE])[CHANGE].checks] == ["failed"]
    tell(ledger, checked("16T09:20", "passed", sha="a1", run=1))
    assert [check.state for check in ledger.get([CHANGE])[CHANGE].checks] == ["passed"]


def test_a_change_hears_of_pushes_to_its_branch(ledger):
    tell(ledger, opened(head_sha="a1"), branch_pushed("16T08:50", "a0", "a1", commit_of("a1")))
    assert ledger.get([CHANGE])[CHANGE].attribution.commits_seen == 1
    tell(ledger, branch_pushed("16T09:30", "a1", "a2", commit_of("a2")), pushed("16T09:30", "a2", "a1"))
    assert ledger.get([CHANGE])[CHANGE].attribution.commits_seen == 2


def test_pushes_to_a_branch_long_after_a_change_was_merged_leave_it_alone(ledger):
    tell(
        ledger,
        opened(),
        did("merged", "16T12:00", snapshot=snapshot_of(state="closed", merged=True, merged_at="2026-11-16T12:00:00Z")),
    )
    with ledger._database.reading() as session:
        assert followers(session, {BRANCH: stamp(when("17T11:00"))}) == [CHANGE]
        assert followers(session, {BRANCH: stamp(when("17T13:00"))}) == []


def test_marking_an_account_as_a_bot_folds_again_what_it_took_part_in(ledger):
    tell(ledger, opened(), asked("16T09:05", CHO), reviewed("16T10:00", CHO))
    assert ledger.get([CHANGE])[CHANGE].first_response_at == when("16T10:00")
    marked = event("account:github/cho", "corrected.bot", is_bot=True, why="it is a script")
    ledger.record([marked], LATER)
    assert ledger.get([CHANGE])[CHANGE].first_response_at is None
    person = event("account:github/cho", "corrected.bot", key="2", is_bot=False, at=LATER, why="a person after all")
    ledger.record([person], LATER)
    assert ledger.get([CHANGE])[CHANGE].first_response_at == when("16T10:00")


def test_every_made_up_delivery_of_github_is_taken_in(ledger):
    batch = payloads()
    outcomes = ledger.append(batch)
    assert Outcome.DUPLICATE not in outcomes
    assert {taken.delivery.body for taken in batch} == {delivery.body for delivery in ledger.export()}
    assert ledger.append(batch) == [Outcome.DUPLICATE] * len(batch)
    assert ledger.figures().objects > 10


def test_an_export_gives_deliveries_as_they_came(ledger):
    batch = [delivered(event(key=str(n)), number=n, body=b'{"n": %d}' % n) for n in range(250)]
    ledger.append(batch)
    assert [delivery.body for delivery in ledger.export()] == [taken.delivery.body for taken in batch]
    assert next(ledger.export()) == batch[0].delivery


def test_pruning_drops_old_bodies_and_nothing_else(ledger):
    ledger.append([
        delivered(event(key="1"), number=1, received=NOON),
        delivered(event(key="2"), number=2, received=LATER),
        delivered(event(key="3", at=NOON), number=3, received=None),
    ])  # fmt: skip
    before = states(ledger), events(ledger)
    assert ledger.prune(LATER) == 2
    assert [delivery.delivery_id for delivery in ledger.export()] == ["delivery-2"]
    assert (states(ledger), events(ledger)) == before
    assert ledger.prune(LATER) == 0


def test_what_was_seen_and_looked_up_is_remembered_until_the_next_time(ledger):
    ledger.remember_person("anna@example.com", {"slack": "U1"}, NOON)
    assert ledger.recall_person("anna@example.com") == (NOON, {"slack": "U1"})
    ledger.remember_person("anna@example.com", {"slack": "U2"}, LATER)
    assert ledger.recall_person("anna@example.com") == (LATER, {"slack": "U2"})
    assert ledger.recall_person("bo@example.com") is None


def test_a_closed_database_is_not_ready(tmp_path):
    with ledger_at(f"sqlite:///{tmp_path}/absent/ledger.db") as ledger:
        assert not ledger.ready()


def test_tickets_and_changes_are_found_by_their_number(ledger):
    tell(ledger, opened(), ticket_opened())
    assert ledger.find_change(101) == (CHANGE,)
    assert ledger.find_change(55, frozenset({"ACME/api"})) == (TICKET,)
    assert ledger.find_change(55, frozenset({"acme/web"})) == ()
    assert ledger.find_change(10**40) == ()
    assert ledger.repositories() == ("acme/api",)
