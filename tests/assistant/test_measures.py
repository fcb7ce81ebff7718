"""A number says what it counted, and is not known of fewer than five things."""

import numpy as np
import pytest

from assistant.measures import LEAST, SHOWN, Compared, Measure, middle, share

NAMES = tuple(f"change:acme/api#{n}" for n in range(10))


def column(*values):
    return np.array(values, dtype=float)


def test_the_middle_is_the_median_of_what_is_wanted_and_known():
    values = column(1, 2, 3, 4, 100, np.nan, 7)
    found = middle(values, NAMES, np.array([1, 1, 1, 1, 1, 1, 0], dtype=bool))
    assert (found.value, found.n, found.counted) == (3.0, 5, NAMES[:5])


@pytest.mark.parametrize("count", range(LEAST))
def test_of_fewer_than_five_there_is_no_middle_and_no_share(count):
    values = np.ones(count)
    found = middle(values, NAMES, np.ones(count, dtype=bool))
    assert (found.value, found.n) == (None, count)
    assert share((), NAMES[:count]).value is None


def test_a_share_says_which_were_hits():
    found = share(NAMES[:2], NAMES[:8])
    assert (found.value, found.n, found.hits) == (0.25, 8, NAMES[:2])


def test_none_of_five_is_nothing_and_known():
    assert share((), NAMES[:5]).value == 0.0


def test_a_move_is_measured_against_what_was():
    assert Compared(Measure(3.0), Measure(2.0)).moved == 0.5
    assert Compared(Measure(1.0), Measure(2.0)).moved == -0.5


@pytest.mark.parametrize(("now", "before"), [(None, 2.0), (2.0, None), (2.0, 0.0), (None, None)])
def test_what_can_not_be_compared_did_not_move(now, before):
    assert Compared(Measure(now), Measure(before)).moved is None


def test_the_data_names_what_it_counted_and_counts_what_it_leaves_out():
    many = tuple(f"change:acme/api#{n}" for n in range(SHOWN + 7))
    told = Measure(1.23456, many, high=2.0, hits=many[:1]).as_data()
    assert (told["value"], told["n"], told["high"]) == (1.235, SHOWN + 7, 2.0)
    assert (len(told["counted"]), told["counted_more"]) == (SHOWN, 7)
    assert (told["hits"], told["hits_more"]) == ([many[0]], 0)


def test_unknown_is_null_in_the_data():
    assert Measure(None, NAMES[:2]).as_data() == {
        "value": None, "n": 2, "counted": list(NAMES[:2]), "counted_more": 0,
    }  # fmt: skip
