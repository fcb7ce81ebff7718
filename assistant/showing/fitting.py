"""How do many rows with long words and buttons become one message?

First the words give way, all alike; only then rows do, and those that have buttons stay longest.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.blocks import ACTIONS, MOST_BLOCKS, MOST_IN_ALL, MOST_TEXT, SECTION, Block, actions, cut, weight

_LENGTHS = (SECTION, 1_200, 800, 500, 300, 200, 120)  # characters of each row's words, tried in this order
_MORE = 500  # what the line weighs that counts what is left out
_BUTTONS = 6_500  # what all buttons of a message may weigh together


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says, and how it is made of words: ``acts`` where it has buttons."""

    said: str
    made: Callable[[str], Sequence[Block]]
    acts: bool = False


def fitted(rows: Sequence[Row], around: Sequence[Block]) -> tuple[list[Block], tuple[int, ...]]:
    """The blocks of the rows that fit into one message with those ``around`` them, and which rows are left out."""
    room, most = MOST_IN_ALL - MOST_TEXT - _MORE - weight(around), MOST_BLOCKS - 1 - len(around)
    made: list[Sequence[Block]] = []
    for length in _LENGTHS:
        made = [row.made(cut(row.said, length)) for row in rows]
        if sum(map(weight, made)) <= room and sum(map(len, made)) <= most:
            return [block for blocks in made for block in blocks], ()
    kept = set[int]()
    for place in sorted(range(len(rows)), key=lambda place: not rows[place].acts):
        room, most = room - weight(made[place]), most - len(made[place])
        if room < 0 or most < 0:
            break
        kept.add(place)
    left = tuple(place for place in range(len(rows)) if place not in kept)
    return [block for place, blocks in enumerate(made) if place in kept for block in blocks], left


def buttoned(buttons: Sequence[Block]) -> tuple[list[Block], int]:
    """Buttons in as many rows as they take, and how many are too many for one message."""
    kept, room = list[Block](), _BUTTONS
    for one in buttons:
        room -= weight([one])
        if room < 0:
            break
        kept.append(one)
    rows = [actions(*kept[start : start + ACTIONS]) for start in range(0, len(kept), ACTIONS)]
    return rows, len(buttons) - len(kept)
