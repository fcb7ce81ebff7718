"""However many write at once, nothing is lost; without the lock it is."""

import threading
from concurrent.futures import ThreadPoolExecutor

from storage.records import Outcome
from storage.state.fold import fold
from tests.builders import CHANGE, CHO, NOON, opened, reviewed
from tests.ledgers import as_told, delivered, event, ledger_at, listing, seen_by

WRITERS, EACH = 8, 6


def test_eight_writers_at_once_lose_nothing(database_url):
    start = threading.Barrier(WRITERS)

    def write(writer):
        with ledger_at(database_url) as ledger:  # its own connections, as another process would have
            start.wait(20)
            for number in range(EACH):
                key = f"{writer}-{number}"
                ledger.append([delivered(event(key=key), number=key)])

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    with ledger_at(database_url) as ledger:
        expected = sorted(f"{writer}-{number}" for writer in range(WRITERS) for number in range(EACH))
        assert seen_by(ledger) == expected
        assert ledger.figures().deliveries == {"github": {"new": WRITERS * EACH}}


def test_eight_writers_of_the_same_deliveries_store_each_once(database_url):
    start = threading.Barrier(WRITERS)
    batch = [delivered(event(key=str(number)), number=number) for number in range(EACH)]

    def write(writer):
        with ledger_at(database_url) as ledger:
            start.wait(20)
            return ledger.append(batch if writer % 2 else batch[::-1])

    with ThreadPoolExecutor(WRITERS) as pool:
        outcomes = [outcome for told in pool.map(write, range(WRITERS)) for outcome in told]
    assert outcomes.count(Outcome.NEW) == EACH
    with ledger_at(database_url) as ledger:
        assert len(seen_by(ledger)) == ledger.figures().events == EACH


def interleaved(url, *, locks):
    """Two writers of one object: the first is held in its fold until the second is done, or has waited in vain."""
    folding, second_done = threading.Event(), threading.Event()

    def slow(name, known, rules):
        seen = list(known)
        if len(seen) == 1:
            folding.set()
            second_done.wait(1)
        return listing(name, seen, rules)

    with ledger_at(url, slow, locks=locks) as one, ledger_at(url, locks=locks) as other:
        writer = threading.Thread(target=one.append, args=([delivered(event(key="first"), number=1)],))
        writer.start()
        assert folding.wait(10)

        def second():
            other.append([delivered(event(key="second"), number=2)])
            second_done.set()

        late = threading.Thread(target=second)
        late.start()
        writer.join(30)
        late.join(30)
        return seen_by(other)


def test_a_fold_waits_for_the_one_under_way(database_url):
    assert interleaved(database_url, locks=True) == ["first", "second"]


def test_without_the_lock_the_slower_fold_overwrites_the_other(database_url):
    assert interleaved(database_url, locks=False) == ["first"]


def test_decisions_about_one_object_are_made_one_after_the_other(database_url):
    """Each sees what the one before decided: a name is given once, however many want it."""
    name = "external:only-one"
    start = threading.Barrier(WRITERS)

    def want(writer):
        with ledger_at(database_url) as ledger:
            start.wait(20)
            return ledger.decide([name], lambda records: "taken" if records else [event(name, key=str(writer))], NOON)

    with ThreadPoolExecutor(WRITERS) as pool:
        decided = list(pool.map(want, range(WRITERS)))
    assert decided.count("taken") == WRITERS - 1


def test_a_bot_is_no_reviewer_whether_it_was_marked_before_or_while_its_review_came(database_url):
    start = threading.Barrier(2)
    told = [delivered(as_told(made), number=key) for key, made in enumerate((opened(), reviewed("16T10:00", CHO)))]
    marked = event("account:github/cho", "corrected.bot", is_bot=True, why="a script")
    with ledger_at(database_url, fold) as one, ledger_at(database_url, fold) as other:

        def review():
            start.wait(20)
            one.append(told)

        def mark():
            start.wait(20)
            other.record([marked], NOON)

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(review), pool.submit(mark)]:
                done.result(30)
        assert one.get([CHANGE])[CHANGE].first_response_at is None
