"""Does the past from the same point say how long it still takes?"""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.calendar import Calendar
from assistant.durations import GRID, LATE, MEDIAN, Lasted, Past, lasted
from storage.facts import MergedSamples
from tests.builders import NOON, turns_lasting

NOW = NOON.timestamp()


def past(*hours, still=()):
    turns = turns_lasting(*hours, still=still)
    return lasted(turns.began, turns.cleared, Calendar(), NOW)


def left(hours, elapsed=0.0, still=(), least=1):
    return past(*hours, still=still).still(elapsed, least)


def test_stretches_are_counted_in_business_hours_and_sorted():
    assert past(16, 1, 8).hours == pytest.approx([1, 8, 16])


def test_half_of_like_cases_are_over_by_the_median():
    told = left([1, 2, 3, 4, 5])
    assert told[MEDIAN] == pytest.approx(3)
    assert told[LATE] == pytest.approx(5)


def test_only_cases_that_lasted_longer_than_this_one_already_has_speak():
    assert left([1, 2, 3, 4, 5], elapsed=3) == pytest.approx([1] * (GRID // 2) + [2] * (GRID // 2))


def test_what_still_lasts_counts_as_at_least_so_long():
    # Kaplan-Meier by hand: 1 of 4 ends at 1; at 2 one is left out; of the 2 left one ends at 3, the last at 4.
    told = left([1, 3, 4], still=[2])
    assert told[int(0.24 * GRID)] == pytest.approx(1)
    assert told[int(0.26 * GRID)] == pytest.approx(3)
    assert told[int(0.62 * GRID)] == pytest.approx(3)
    assert told[int(0.63 * GRID)] == pytest.approx(4)


def test_what_no_case_has_shown_the_end_of_is_without_end():
    told = left([1, 1, 1], still=[5])
    assert told[MEDIAN] == pytest.approx(1)
    assert np.isinf(told[int(0.76 * GRID) :]).all()


def test_too_few_cases_give_their_number_instead():
    assert left([1, 2, 3, 4], elapsed=2, least=3) == 2


def test_ends_after_now_are_not_known_yet():
    turns = turns_lasting(4, 4)
    ahead = turns.cleared + timedelta(days=9).total_seconds()
    assert lasted(turns.began, ahead, Calendar(), NOW).ended.tolist() == [0, 0]
    assert len(lasted(turns.began + 10**7, turns.cleared, Calendar(), NOW).hours) == 0


def both(**more):
    samples = {
        "team:core": {"open": turns_lasting(1, 1)},
        "workspace": {"open": turns_lasting(*[8] * 20), "few": turns_lasting(1)},
    }
    return Past(samples, more.get("merged", {}), Calendar(), NOW)


def test_a_team_with_too_little_past_asks_the_workspace():
    name, count, hours = both().still("open", ["team:core", "workspace"], 0, 20)
    assert (name, count) == ("workspace", 20)
    assert hours[MEDIAN] == pytest.approx(8)


def test_a_team_with_enough_past_speaks_for_itself():
    name, count, hours = both().still("open", ["team:core", "workspace"], 0, 2)
    assert (name, count) == ("team:core", 2)
    assert hours[MEDIAN] == pytest.approx(1)


@pytest.mark.parametrize(("kind", "count"), [("few", 1), ("never seen", 0)])
def test_too_little_everywhere_is_unknown_and_says_how_little(kind, count):
    assert both().still(kind, ["team:core", "workspace"], 0, 20) == ("workspace", count, None)


def test_the_way_to_production_is_a_past_of_its_own():
    turns = turns_lasting(*[4] * 20)
    past_merges = both(merged={"workspace": MergedSamples(turns.began, turns.cleared)})
    assert past_merges.still("merged", ["workspace"], 0, 20)[2][MEDIAN] == pytest.approx(4)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 2000), st.booleans()), min_size=1, max_size=60),
    st.floats(0, 2000),
)
def test_what_is_left_is_never_negative_and_grows_with_the_quantile(cases, elapsed):
    cases = sorted(cases, key=lambda case: (case[0], not case[1]))
    told = Lasted(np.array([h for h, _ in cases]), np.array([float(e) for _, e in cases])).still(elapsed, 1)
    if not isinstance(told, int):
        assert (told >= 0).all()
        assert (told[1:] >= told[:-1]).all()
