"""Do many requests share a commit, and does each learn its outcome only once it is durable?"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest

from storage.sources.gate import Closed, Full, Gate

WAIT = 10  # seconds no test comes near


class Disk:
    """A made-up store whose commits can be held up, and fail for chosen items."""

    def __init__(self, poison=(), error=RuntimeError):
        self.batches = []
        self.open = threading.Event()
        self.open.set()
        self.began = threading.Event()
        self.poison = poison
        self.error = error

    def commit(self, items):
        self.began.set()
        assert self.open.wait(WAIT)
        if set(self.poison) & set(items):
            raise self.error(str(items))
        self.batches.append(list(items))
        return [item * 10 for item in items]


@pytest.fixture
def disk():
    return Disk()


@pytest.fixture
def make():
    gates = []

    def make(disk, **bounds):
        gates.append(Gate(disk.commit, **bounds).start())
        return gates[-1]

    yield make
    for gate in gates:
        assert gate.stop(WAIT)


def hold(gate, disk, item=0):
    """Hold the writer inside a commit of one item, so that what comes next has to wait."""
    disk.open.clear()
    disk.began.clear()
    first = gate.submit(item)
    assert disk.began.wait(WAIT)
    return first


def test_each_caller_gets_its_own_outcome(make, disk):
    gate = make(disk)
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda item: gate.submit(item).result(WAIT), range(200)))
    assert outcomes == [item * 10 for item in range(200)]
    assert sorted(chain(*disk.batches)) == list(range(200))


def test_what_waits_shares_one_commit_in_the_order_it_came(make, disk):
    gate = make(disk, batch=5)
    hold(gate, disk)
    futures = [gate.submit(item) for item in range(1, 8)]
    disk.open.set()
    assert [future.result(WAIT) for future in futures] == [10, 20, 30, 40, 50, 60, 70]
    assert disk.batches == [[0], [1, 2, 3, 4, 5], [6, 7]]


def test_nobody_is_answered_before_the_commit(make, disk):
    gate = make(disk)
    future = hold(gate, disk)
    with pytest.raises(TimeoutError):
        future.result(0.05)
    disk.open.set()
    assert future.result(WAIT) == 0


def test_more_than_the_bound_is_refused_and_not_taken(make, disk):
    gate = make(disk, waiting=2)
    hold(gate, disk)
    kept = [gate.submit(1), gate.submit(2)]
    assert gate.waiting == 2
    with pytest.raises(Full):
        gate.submit(3)
    disk.open.set()
    assert [future.result(WAIT) for future in kept] == [10, 20]
    assert gate.submit(4).result(WAIT) == 40
    assert 3 not in chain(*disk.batches)


def test_bytes_are_bounded_too_but_one_item_always_fits(make, disk):
    gate = make(disk, waiting_bytes=10, weight=lambda item: item)
    hold(gate, disk)
    large = gate.submit(99)
    with pytest.raises(Full):
        gate.submit(1)
    disk.open.set()
    assert large.result(WAIT) == 990
    assert gate.submit(1).result(WAIT) == 10


def test_a_failing_item_takes_no_other_down(make):
    disk = Disk(poison={3})
    gate = make(disk)
    hold(gate, disk)
    futures = [gate.submit(item) for item in (1, 2, 3, 4)]
    disk.open.set()
    assert [future.result(WAIT) for future in futures if future is not futures[2]] == [10, 20, 40]
    with pytest.raises(RuntimeError):
        futures[2].result(WAIT)


def test_where_the_database_is_at_fault_all_fail_at_once_and_the_next_are_tried_anew(make):
    disk = Disk(poison={3}, error=ConnectionError)
    gate = make(disk, broken=(ConnectionError,))
    hold(gate, disk)
    futures = [gate.submit(item) for item in (1, 2, 3)]
    disk.open.set()
    for future in futures:
        with pytest.raises(ConnectionError):
            future.result(WAIT)
    assert disk.batches == [[0]]
    assert gate.submit(4).result(WAIT) == 40


def test_a_store_that_answers_too_little_is_an_error_and_not_a_dead_writer(make):
    gate = make(Disk())
    gate._commit = lambda items: []
    with pytest.raises(ValueError, match="zip"):
        gate.submit(1).result(WAIT)
    gate._commit = lambda items: items
    assert gate.submit(2).result(WAIT) == 2


def test_what_a_caller_stopped_waiting_for_is_written_all_the_same(make, disk):
    gate = make(disk)
    hold(gate, disk)
    given_up = gate.submit(1)
    assert given_up.cancel()
    after = gate.submit(2)
    disk.open.set()
    assert after.result(WAIT) == 20
    assert disk.batches == [[0], [1, 2]]


def test_stopping_finishes_what_was_taken_and_takes_nothing_more(disk):
    gate = Gate(disk.commit, batch=2).start()
    hold(gate, disk)
    futures = [gate.submit(item) for item in range(1, 6)]
    stopped = ThreadPoolExecutor(1).submit(gate.stop, WAIT)
    while not gate._closed:
        time.sleep(0.001)
    with pytest.raises(Closed):
        gate.submit(9)
    disk.open.set()
    assert stopped.result(WAIT)
    assert all(future.done() and not future.exception() for future in futures)
    assert gate.waiting == 0


def test_stopping_says_when_it_took_too_long(disk):
    gate = Gate(disk.commit).start()
    hold(gate, disk)
    assert not gate.stop(0.05)
    disk.open.set()
    assert gate.stop(WAIT)


def test_a_gate_that_never_started_stops(disk):
    assert Gate(disk.commit).stop()
