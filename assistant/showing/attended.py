"""How does a message that lists things show what became of them since?

In place: below a thing stands who did what about it, or that it is over, where its buttons were. What is to stand there
is read off the ledger each time, so that several presses, in whatever order they are shown, lose nothing.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.blocks import CONTEXT_ELEMENTS, MOST_BLOCKS, MOST_IN_ALL, Block, context, weight
from assistant.over import Ended
from assistant.showing.pressing import ATTENDING
from assistant.telling import Reader
from assistant.words import Words
from storage.records import Attention, Mark

_LINE = "attended"  # the block id of such a line: this, which of the thing's lines it is, and the thing's object
_PARTS, _BLOCK_ID = 3, 255


@dataclass(frozen=True, slots=True)
class Line:
    """What stands below a thing: ``over`` that it has ended, ``did`` who did what (None: what stands there already).

    ``open`` leaves its buttons: somebody else can still press one.
    """

    did: tuple[str, ...] | None
    over: str = ""
    open: bool = False


def line(
    attention: Attention | None, ended: Ended | None, since: datetime, names: Callable[[str], str], reader: Reader
) -> Line | None:
    """What became of a thing since it was listed; None where nothing did."""
    words = Words("attended", reader)
    marks = sorted(_marks(attention, since), key=lambda found: found[1].at) if attention else []
    if not marks and ended is None:
        return None
    did = tuple(words(kind, names(mark.by), mark.at, mark.until) for kind, mark in marks)
    return Line(did, over(ended, reader), open=all(kind == "declined" for kind, _ in marks))


def over(ended: Ended | None, reader: Reader) -> str:
    """How a thing ended, as a line; empty while it lasts."""
    return Words("attended", reader)("over", ended.how, ended.at) if ended else ""


def _marks(attention: Attention, since: datetime) -> Iterator[tuple[str, Mark]]:
    for kind in ("acknowledged", "snoozed", "declined", "taken"):
        yield from ((kind, mark) for mark in getattr(attention, kind) if mark.at >= since)


def listed(blocks: Sequence[Block]) -> tuple[str, ...]:
    """The objects of the things that a message lists with buttons, or with what became of them."""
    found = (_named(block) or _about(block) for block in blocks)
    return tuple(dict.fromkeys(name for name in found if name))


def renewed(message: Mapping[str, Any], lines: Mapping[str, Line]) -> dict[str, Any] | None:
    """The message with these lines below its things; None where it says all that already."""
    blocks: list[Block] = list(message.get("blocks") or ())
    for about, told in lines.items():
        blocks = _with(blocks, about, told)
    return None if blocks == list(message.get("blocks") or ()) else {**message, "blocks": blocks}


def _with(blocks: Sequence[Block], about: str, told: Line) -> list[Block]:
    changed: list[Block] = []
    before: Block | None = None  # the line that stands above the buttons already
    for block in blocks:
        if _named(block) == about:
            before = _said(about, told, block, changed)
            changed.append(before)
        elif _about(block) == about:
            if before is None:
                changed.append(_said(about, told, None, changed))
            changed += _left(block, told)
            before = None
        else:
            changed.append(block)
    return changed if _fits(changed) else [block for block in changed if _about(block) != about]


def _said(about: str, told: Line, before: Block | None, above: Sequence[Block]) -> Block:
    """The line as a block; its id tells whose it is, where that is short enough."""
    stands = [str(element.get("text", "")) for element in (before or {}).get("elements", ())]
    did = list(told.did) if told.did is not None else [text for text in stands if text != told.over]
    room = CONTEXT_ELEMENTS - bool(told.over)
    made = context(*([told.over] if told.over else []), *did[-room:])
    name = f"{_LINE}:{sum(_named(block) == about for block in above)}:{about}"
    return made if len(name) > _BLOCK_ID else made | {"block_id": name}


def _left(block: Block, told: Line) -> list[Block]:
    """What is left of a row of buttons: those of the thing's own, and all where others can still press them."""
    if told.open and not told.over:
        return [block]
    own = [button for button in block.get("elements", ()) if not _attends(button)]
    return [{**block, "elements": own}] if own else []


def _fits(blocks: Sequence[Block]) -> bool:
    return len(blocks) <= MOST_BLOCKS and weight(blocks) <= MOST_IN_ALL


def _named(block: Block) -> str | None:
    name = str(block.get("block_id") or "").split(":", 2)
    return name[2] if block.get("type") == "context" and name[0] == _LINE and len(name) == _PARTS else None


def _about(block: Block) -> str | None:
    """The object that a row of buttons is about."""
    if block.get("type") != "actions":
        return None
    return next((about_of(button.get("value")) for button in block.get("elements", ()) if _attends(button)), None)


def _attends(button: Block) -> bool:
    return button.get("action_id") in ATTENDING


def about_of(carried: object) -> str | None:
    """The object that a button carries; None where it carries none."""
    try:
        told = json.loads(str(carried))
    except ValueError:
        return None
    about = told.get("about") if isinstance(told, dict) else None
    return about if isinstance(about, str) and about else None
