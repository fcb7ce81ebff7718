"""Is what is not known told at once, and then once a week?"""

from datetime import timedelta

import pytest

from assistant.unknowns import Unknown
from assistant.untold_gaps import deciding, untold
from tests.builders import NOON

SILENT = Unknown("stale_source", "github is silent.", "Look.", decides=True)
OTHER = Unknown("stale_repository", "acme/web is silent.", "Look.", decides=True)
SMALL = Unknown("origin", "Who wrote it.", "Say so.", unsettles=True)


def told(*gaps, days=1):
    return NOON - timedelta(days=days), {"gaps": deciding(gaps)}


def test_only_what_decides_is_told():
    assert deciding([SMALL, SILENT, OTHER, SILENT]) == ["stale_repository", "stale_source"]
    assert not untold([SMALL], None, NOON)
    assert untold([SMALL, SILENT], None, NOON)


def test_what_was_told_is_told_again_after_a_week():
    assert [untold([SILENT], told(SILENT, days=days), NOON) for days in (0, 1, 5, 6, 7)] == [False] * 3 + [True] * 2


def test_another_gap_is_told_at_once_and_fewer_are_no_news():
    assert untold([SILENT, OTHER], told(SILENT), NOON)
    assert not untold([SILENT], told(SILENT, OTHER), NOON)
    assert not untold([], told(SILENT, days=9), NOON)


@pytest.mark.parametrize("kept", ["old", {}, {"gaps": None}, None])
def test_where_it_is_not_remembered_it_is_told(kept):
    assert untold([SILENT], (NOON - timedelta(days=1), kept), NOON)


def test_a_look_later_than_the_moment_asked_about_has_not_been():
    assert untold([SILENT], told(SILENT, days=-1), NOON)
