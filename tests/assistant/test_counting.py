"""Are numbers and rows of names said as a person says them?"""

import pytest

from assistant.counting import plural, series


@pytest.mark.parametrize(("count", "said"), [(0, "0 changes"), (1, "1 change"), (1200, "1,200 changes")])
def test_things_are_counted(count, said):
    assert plural(count, "change") == said
    assert plural(2, "person", "people") == "2 people"


@pytest.mark.parametrize(
    ("names", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_names_in_a_row_end_in_and(names, said):
    assert series(names) == said
