"""Does a sentence say what takes so long, and never by the name of a key?"""

import pytest

from assistant.blockers.blocker import BlockerKind
from assistant.stretches import how_long
from storage.records import TurnKind


@pytest.mark.parametrize("turn", [*TurnKind, BlockerKind.EXTERNAL, BlockerKind.STABILIZING, "merged", "incident_open"])
def test_every_stretch_has_words_of_its_own(turn):
    assert "_" not in how_long([turn])
    assert how_long([turn]) != f"{turn} takes".replace("_", " ")


def test_several_are_named_once_each():
    assert how_long(["review_pending", "merge_conflict", "review_pending"]) == "a review and resolving a conflict take"
