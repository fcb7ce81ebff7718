"""The headline is the one number that moved most, of those that moved enough to speak of."""

from dataclasses import replace

import pytest

from assistant.measures import Compared, Measure
from assistant.risen import most_moved
from tests.assistant.test_delivered import numbers


def moved(**values):
    empty = numbers()
    known = {name: Compared(Measure(now), Measure(before)) for name, (before, now) in values.items()}
    stages = tuple(replace(one, days=known.get(one.name, one.days)) for one in empty.stages)
    return most_moved(replace(empty, stages=stages, numbers={**empty.numbers, **known}))


def test_what_moved_most_against_itself_is_chosen():
    found = moved(review=(1.0, 1.5), deploying=(4.0, 5.0))
    assert (found.name, found.by, found.better) == ("review", 0.5, False)


@pytest.mark.parametrize(
    ("values", "better"),
    [
        ({"review": (2.0, 1.0)}, True),
        ({"change_fail_rate": (0.1, 0.3)}, False),
        ({"deployment_frequency": (4.0, 8.0)}, True),
        ({"deployment_frequency": (8.0, 4.0)}, False),
        ({"firefighting": (0.4, 0.2)}, True),
    ],
)
def test_less_is_better_of_everything_but_deployments(values, better):
    assert moved(**values).better is better


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"review": (None, 2.0)},
        {"review": (2.0, None)},
        {"review": (10.0, 10.9)},  # less than a tenth
        {"testing": (0.01, 0.05)},  # an hour is no news, five times as much or not
        {"change_fail_rate": (0.02, 0.05)},
    ],
)
def test_what_is_steady_small_or_unknown_is_no_news(values):
    assert moved(**values) is None


def test_the_data_says_what_moved_and_whether_that_is_good():
    assert moved(review=(1.0, 1.5)).as_data() == {"name": "review", "by": 0.5, "better": False}
