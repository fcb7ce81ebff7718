"""Do the same facts give the same dates, and the right ones?"""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.calendar import Calendar
from assistant.durations import GRID
from assistant.simulation import Simulation, Task, in_order, instant, percentiles, thawed
from tests.builders import NOON, at

NOW = at("2026-11-16T09:00").timestamp()  # a Monday morning
DAY = 86400.0
CALENDAR = Calendar()


def always(hours):
    return np.full(GRID, float(hours))


def spread(low, high):
    return np.linspace(low, high, GRID)


def run(*tasks, way=None, seed="release:checkout@2.4", runs=2000):
    return Simulation(seed, NOW, runs).run(tasks, way, CALENDAR)


def task(name, hours=None, **more):
    return Task(name, CALENDAR, None if hours is None else always(hours), **more)


def ends(told, name="ship"):
    return (told.ships[0] - NOW) / 3600 if name == "ship" else (told.tasks[name][0] - NOW) / 3600


def test_nothing_to_do_ships_now():
    assert percentiles(run().ships) == (NOW, NOW)


def test_tasks_run_in_parallel_so_the_longest_decides():
    assert ends(run(task("a", 2), task("b", 5))) == pytest.approx(5)


def test_what_depends_on_another_begins_when_that_is_over():
    told = run(task("a", 2, after=("b",)), task("b", 5))
    assert ends(told) == pytest.approx(7)
    assert ends(told, "a") == pytest.approx(7)


def test_what_waits_for_two_begins_after_the_later():
    assert ends(run(task("a", 1, after=("b", "c")), task("b", 3), task("c", 5))) == pytest.approx(6)


def test_a_chain_keeps_to_the_working_hours_of_each():
    late = Task("a", Calendar("America/New_York"), always(1), after=("b",))
    told = run(late, task("b", 2))  # over at 11:00 here, 6:00 there
    assert told.tasks["a"][0] == at("2026-11-16T15:00").timestamp()


def test_a_known_end_is_that_end_and_a_past_one_is_now():
    assert run(task("a", ends=NOW + DAY)).tasks["a"] == (NOW + DAY, NOW + DAY)
    assert percentiles(run(task("a", ends=NOW - DAY)).ships) == (NOW, NOW)


def test_what_is_unknown_is_left_out_and_does_not_hold_up_what_waits_for_it():
    told = run(task("a", 2, after=("b",)), task("b"))
    assert ends(told) == pytest.approx(2)
    assert "b" not in told.tasks


def test_the_way_to_production_comes_after_the_last_merge():
    assert ends(run(task("a", 2), way=always(3))) == pytest.approx(5)


def test_what_is_merged_already_needs_no_further_way():
    assert ends(run(task("a", 2, merges=False), way=always(3))) == pytest.approx(2)
    assert ends(run(task("a", 4, merges=False), task("b", 2), way=always(1))) == pytest.approx(4)


def test_the_same_name_gives_the_same_dates_and_another_name_others():
    tasks = [Task(name, CALENDAR, spread(0, 100)) for name in "abc"]
    assert (run(*tasks).ships == run(*reversed(tasks)).ships).all()
    assert (run(*tasks).ships != run(*tasks, seed="other").ships).any()


def test_three_alike_things_end_as_late_as_the_latest_of_three():
    told = run(
        *[
            Task(
                name,
                Calendar(days=frozenset(range(7)), start=at("2026-01-01").time(), end=at("2026-01-01").time()),
                spread(0, 100),
            )
            for name in "abc"
        ],
        runs=20_000,
    )
    p50, p85 = ((at_ - NOW) / 3600 for at_ in percentiles(told.ships))
    assert p50 == pytest.approx(100 * 0.5 ** (1 / 3), abs=1.5)
    assert p85 == pytest.approx(100 * 0.85 ** (1 / 3), abs=1.5)


def test_a_circle_of_dependencies_ends_all_the_same():
    told = run(task("a", 1, after=("b",)), task("b", 2, after=("a",)))
    assert ends(told) == pytest.approx(3)


def test_a_task_that_waits_for_itself_does_not():
    assert ends(run(task("a", 1, after=("a",)))) == pytest.approx(1)


def test_order_follows_dependencies_then_names():
    names = [t.name for t in in_order([task("a", 1, after=("c",)), task("b", 1), task("c", 1)])]
    assert names == ["b", "c", "a"]


def test_a_chain_of_a_thousand_is_put_in_order():
    chain = [task(f"{n:04}", 1, after=(f"{n + 1:04}",)) for n in range(1000)]
    assert next(t.name for t in in_order(chain)) == "0999"


def test_what_never_ended_in_the_past_has_no_date():
    endless = np.full(GRID, np.inf)
    told = run(Task("a", CALENDAR, endless))
    assert np.isinf(told.ships).all()
    assert instant(percentiles(told.ships)[0]) is None


def test_nothing_ships_during_a_freeze_nor_in_the_next_one_that_it_runs_into():
    ships = np.array([0.0, 10.0, 15.0, 20.0, 30.0, np.inf])
    assert thawed(ships, [(10, 20), (20, 25)]).tolist() == [0, 25, 25, 25, 30, np.inf]


def test_dates_are_told_to_the_minute_and_never_too_early():
    assert instant(NOON.timestamp() + 1) == NOON + timedelta(minutes=1)
    assert instant(NOON.timestamp()) == NOON


@settings(deadline=None)
@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=200))
def test_the_85_percent_date_is_never_before_the_50(ends_at):
    p50, p85 = percentiles(np.array(ends_at))
    assert p50 <= p85
    assert sum(e <= p50 for e in ends_at) * 2 >= len(ends_at)
    assert sum(e <= p85 for e in ends_at) * 100 >= 85 * len(ends_at)
