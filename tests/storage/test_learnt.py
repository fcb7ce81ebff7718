"""Is everything that was learnt since a place handed over once, in its order?"""

from datetime import timedelta

from storage.learnt import Learnt
from tests.builders import NOON
from tests.ledgers import event

SECOND = timedelta(seconds=1)


def keys(found):
    return [each.identity.rpartition("|")[2] for _, each in found]


def test_what_was_learnt_comes_in_the_order_of_learning_page_by_page(ledger):
    for number, known in ((3, 3), (1, 1), (2, 2), (4, 3)):
        ledger.record([event(key=str(number), at=NOON - number * SECOND)], NOON + known * SECOND)
    everything = ledger.learnt(Learnt(NOON), ["external.noted"], 10)
    assert keys(everything) == ["1", "2", "3", "4"]
    first = ledger.learnt(Learnt(NOON), ["external.noted"], 3)
    assert keys(first) == ["1", "2", "3"]
    assert keys(ledger.learnt(first[-1][0], ["external.noted"], 3)) == ["4"], "one of the same instant is not left out"
    assert ledger.learnt(everything[-1][0], ["external.noted"], 3) == ()
    assert everything[0][1].known_at == NOON + SECOND


def test_only_the_kinds_that_are_asked_for_come(ledger):
    ledger.record([event(), event("external:store", "external.closed", "2")], NOON)
    assert keys(ledger.learnt(Learnt(NOON), ["external.closed", "other"], 9)) == ["2"]
    assert ledger.learnt(Learnt(NOON), [], 9) == ()


def test_what_does_not_count_is_left_out(ledger):
    from tests.ledgers import delivered

    ledger.append([delivered(event(repository="acme/api"))], lambda _repository: False)
    assert ledger.learnt(Learnt(NOON - SECOND), ["external.noted"], 9) == ()


def test_there_is_a_number_that_grows_with_whatever_is_learnt(ledger):
    assert ledger.newest() == 0
    ledger.record([event(key="1", at=NOON)], NOON)
    first = ledger.newest()
    ledger.record([event(key="2", at=NOON - SECOND)], NOON)
    assert ledger.newest() > first > 0
