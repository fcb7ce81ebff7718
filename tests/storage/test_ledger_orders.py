"""The same events amount to the same, in whatever order and however often they come, live, rebuilt or looked back at."""

import shutil
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.ledger import open_ledger
from storage.rebuilding import Overtaken, stop_rebuilding
from storage.state.rules import FoldRules
from tests.builders import CHANGE, CHO, NOON, asked, checked, opened, reviewed
from tests.ledgers import again, as_told, delivered, event, events, ledger_at, payloads, seen_by, states

STREAM = payloads()
MINUTE = timedelta(minutes=1)
RULES = FoldRules(bots=frozenset({"helper"}))
_files = count()


@st.composite
def tellings(draw):
    """All deliveries in some order; some of them twice, under another id, with an earlier or a later receipt."""
    numbers = draw(st.permutations(range(len(STREAM))))
    told = [STREAM[number] for number in numbers]
    for number in draw(st.lists(st.sampled_from(range(len(STREAM))), max_size=8)):
        shift = draw(st.integers(-5, 5)) * MINUTE
        copy = again(STREAM[number], f"again-{number}", STREAM[number].delivery.received_at + shift)
        told.insert(draw(st.integers(0, len(told))), copy)
    sizes = draw(st.lists(st.integers(1, 40), min_size=1, max_size=6))
    return told, sizes


def told_in_batches(ledger, told, sizes):
    start = number = 0
    while start < len(told):
        size = sizes[number % len(sizes)]
        ledger.append(told[start : start + size])
        start, number = start + size, number + 1


def fresh(sqlite_head, tmp_path, rules=RULES):
    path = tmp_path / f"{next(_files)}.db"
    shutil.copyfile(sqlite_head, path)
    return open_ledger(f"sqlite:///{path}", rules)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(telling=tellings())
def test_any_order_and_any_duplicates_give_the_same_states(sqlite_head, tmp_path, telling):
    told, sizes = telling
    with fresh(sqlite_head, tmp_path) as ledger, fresh(sqlite_head, tmp_path) as straight:
        told_in_batches(ledger, told, sizes)
        straight.append(sorted(told, key=lambda taken: (taken.delivery.received_at, taken.delivery.delivery_id)))
        assert events(ledger) == events(straight)
        assert states(ledger) == states(straight)
        live = states(ledger)
        ledger.rebuild()
        assert states(ledger) == live


def test_postgresql_and_sqlite_hold_the_same(sqlite_url, postgres_url):
    with open_ledger(sqlite_url, RULES) as one, open_ledger(postgres_url, RULES) as other:
        told_in_batches(one, STREAM, [7])
        told_in_batches(other, STREAM[::-1], [31])
        assert events(one) == events(other)
        assert states(one) == states(other)


def test_a_rebuild_gives_the_states_that_the_events_gave_as_they_came(ledger):
    told_in_batches(ledger, STREAM[::-1], [13])
    before = states(ledger)
    told = []
    assert ledger.rebuild(lambda done, of: told.append((done, of))) == told[-1][0] == told[-1][1]
    assert states(ledger) == before
    assert ledger.rebuild() == told[-1][1]
    assert states(ledger) == before


def test_after_a_rebuild_the_ledger_goes_on_as_before(ledger):
    ledger.append(STREAM[:50])
    ledger.rebuild()
    ledger.append(STREAM[50:])
    before = states(ledger)
    ledger.rebuild()
    assert states(ledger) == before


def test_what_arrives_during_a_rebuild_is_in_it(ledger):
    ledger.append(STREAM[:60])
    ledger.rebuild(lambda done, of: ledger.append(STREAM[60:]) if done == of else None)
    swapped = states(ledger)
    ledger.rebuild()
    assert states(ledger) == swapped


def test_a_rebuild_that_was_overtaken_leaves_the_live_states(ledger):
    ledger.append(STREAM)
    before = states(ledger)

    def overtake(_done, _of):
        ledger._database.write([], stop_rebuilding)

    with pytest.raises(Overtaken):
        ledger.rebuild(overtake)
    assert states(ledger) == before


def test_a_killed_rebuild_does_not_stop_the_next(ledger):
    ledger.append(STREAM)

    class KilledError(Exception):
        pass

    def kill(_done, _of):
        raise KilledError

    with pytest.raises(KilledError):
        ledger.rebuild(kill)
    before = states(ledger)
    ledger.rebuild()
    assert states(ledger) == before


def test_other_rules_make_a_rebuild_due_and_the_rebuild_settles_it(database_url):
    told = [delivered(as_told(made), number=key) for key, made in enumerate((opened(), reviewed("16T10:00", CHO)))]
    with open_ledger(database_url, FoldRules()) as ledger:
        ledger.append(told)
        assert not ledger.rules_changed()
        assert ledger.get([CHANGE])[CHANGE].first_response_at is not None
    with open_ledger(database_url, FoldRules(bots=frozenset({"cho"}))) as ledger:
        assert ledger.rules_changed()
        ledger.rebuild()
        assert not ledger.rules_changed()
        assert ledger.get([CHANGE])[CHANGE].first_response_at is None


def test_an_empty_ledger_rests_on_the_rules_of_today(database_url):
    for bots in ((), ("cho",)):
        with open_ledger(database_url, FoldRules(bots=frozenset(bots))) as ledger:
            assert not ledger.rules_changed()


@pytest.mark.parametrize("minute", [-1, 0, 13, 50, 200])
def test_as_of_a_moment_is_a_ledger_that_only_ever_got_what_was_known_then(ledger, sqlite_head, tmp_path, minute):
    told_in_batches(ledger, STREAM[::-1], [17])
    moment = NOON + minute * MINUTE
    with fresh(sqlite_head, tmp_path, FoldRules()) as then, ledger.as_of(moment) as past:
        then.append([taken for taken in STREAM if taken.delivery.received_at <= moment])
        assert events(past) == events(then)
        assert states(past) == states(then)
        assert past.freshness() == then.freshness()
    assert ledger.ready()


def test_as_of_a_moment_after_everything_is_the_ledger_itself(ledger):
    ledger.append(STREAM)
    with ledger.as_of(NOON + timedelta(days=1)) as now:
        assert now._database is ledger._database
    assert len(events(ledger)) > 50


def test_a_look_back_leaves_no_file_behind(sqlite_ledger):
    sqlite_ledger.append(STREAM)
    past = sqlite_ledger.as_of(NOON)
    folder = Path(past._database.path).parent
    assert folder.exists()
    past.close()
    assert not folder.exists()


def test_a_correction_is_known_from_when_it_was_made(ledger):
    ledger.append([delivered(as_told(opened()), received=NOON)])
    owner = event(
        CHANGE, "corrected.owner", at=NOON + MINUTE, owner="person/cho", actor="person/cho", repository="acme/api"
    )
    ledger.record([owner], NOON + MINUTE)
    with ledger.as_of(NOON) as past:
        assert past.get([CHANGE])[CHANGE].corrections.owner is None
    assert ledger.get([CHANGE])[CHANGE].corrections.owner == "person/cho"


def test_the_bots_of_then_are_those_that_were_marked_by_then(ledger):
    told = [opened(), asked("16T09:05", CHO), checked("16T09:10", "passed"), reviewed("16T10:00", CHO)]
    ledger.append([delivered(as_told(made), number=key, received=NOON) for key, made in enumerate(told)])
    ledger.record([event("account:github/cho", "corrected.bot", is_bot=True, why="a script")], NOON + MINUTE)
    assert ledger.get([CHANGE])[CHANGE].first_response_at is None
    with ledger.as_of(NOON) as past:
        assert past.get([CHANGE])[CHANGE].first_response_at is not None


def test_a_rebuild_folds_accounts_first_for_they_say_who_is_a_bot(ledger):
    told = [opened(), reviewed("16T10:00", CHO)]
    ledger.append([delivered(as_told(made), number=key) for key, made in enumerate(told)])
    ledger.record([event("account:github/cho", "corrected.bot", is_bot=True, why="a script")], NOON)
    ledger.rebuild()
    assert ledger.get([CHANGE])[CHANGE].first_response_at is None


def test_more_objects_than_are_folded_at_once_are_all_rebuilt(sqlite_url):
    with ledger_at(sqlite_url) as ledger:
        names = [f"external:{number:04}" for number in range(1203)]
        ledger.append([delivered(*(event(name) for name in names))])
        assert ledger.rebuild() == len(names)
        assert seen_by(ledger, names[-1]) == seen_by(ledger, names[0]) == ["1"]
