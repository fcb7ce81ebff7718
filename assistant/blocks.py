"""How is a message put together so that Slack takes it?

Builders of the block dicts used here, each holding its own limit, and ``rows_that_fit`` for the limits that count over
a whole message. A text that is too long ends in "…"; a list that is too long says how many more there are. Limits:
Slack's Block Kit reference; the one over all blocks is not documented (13,200 characters were refused, 12,000 not).
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.words import ISOLATE, RELEASED, unescape

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG, drawn when it is asked for, with a title and what it shows in words (at most 2,000 characters)."""

    draw: Callable[[], bytes]
    title: str
    alt: str


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: ``text`` for notifications and screen readers, ``blocks`` as plain dicts, and pictures."""

    text: str
    blocks: tuple[Block, ...]
    files: tuple[Picture, ...] = ()


MOST_BLOCKS = 50
MOST_IN_ALL = 12_000
MOST_TEXT = 1_500  # of the text beside the blocks, which notifications and screen readers read
SECTION, HEADER, CONTEXT, CONTEXT_ELEMENTS, ACTIONS = 3_000, 150, 1_000, 10, 25
BUTTON_TEXT, BUTTON_VALUE, ACTION_ID = 75, 2_000, 255

_TOKEN = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);|.", re.DOTALL)


def cut(markup: str, limit: int) -> str:
    """Shorten markup to ``limit`` characters without breaking a link or an escape, "…" at the end."""
    if len(markup) <= limit:
        return markup
    kept, room = [], limit - 2  # room for the mark and for the end of an isolated stretch
    for token in _TOKEN.findall(markup[: limit + 4_000]):
        if len(token) > room:
            break
        kept.append(token)
        room -= len(token)
    short = "".join(kept).rstrip() + "…"
    return short + RELEASED if short.count(ISOLATE) > short.count(RELEASED) else short


def mrkdwn(markup: str, limit: int = SECTION) -> Block:
    """A text object of markup in which Slack finds no links or names of its own."""
    return {"type": "mrkdwn", "text": cut(markup, limit) or " ", "verbatim": True}


def plain(markup: str, limit: int) -> Block:
    """A text object that parses nothing; takes markup without links and shows what it says."""
    shown = unescape(markup)
    return {"type": "plain_text", "text": (cut(shown, limit) if len(shown) > limit else shown) or " ", "emoji": False}


def header(markup: str) -> Block:
    """The large line at the top."""
    return {"type": "header", "text": plain(markup, HEADER)}


def section(markup: str, button: Block | None = None, limit: int = SECTION) -> Block:
    """A paragraph, with a button beside it."""
    block: Block = {"type": "section", "text": mrkdwn(markup, min(limit, SECTION))}
    return block | {"accessory": button} if button else block


def context(*lines: str) -> Block:
    """Small print, a line each; lines beyond the tenth are counted."""
    shown = [line for line in lines if line] or ["…"]
    if len(shown) > CONTEXT_ELEMENTS:
        rest = len(shown) - CONTEXT_ELEMENTS + 1
        shown = [*shown[: CONTEXT_ELEMENTS - 1], f"and {rest} more"]
    return {"type": "context", "elements": [mrkdwn(line, CONTEXT) for line in shown]}


def actions(*buttons: Block) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(buttons[:ACTIONS])}


def button(label: str, action: str, value: str, style: str | None = None) -> Block:
    """A button; ``value`` is what its listener gets, refused (ValueError) where it can't be kept whole."""
    if len(value) > BUTTON_VALUE or len(action) > ACTION_ID:
        message = f"the value of button {action} is too long"
        raise ValueError(message)
    made: Block = {"type": "button", "text": plain(label, BUTTON_TEXT), "action_id": action, "value": value}
    return made | {"style": style} if style else made


def divider() -> Block:
    """A thin line."""
    return {"type": "divider"}


def weight(blocks: Sequence[Block]) -> int:
    """How many characters blocks count for; more than Slack counts, since keys and quotes are included."""
    return sum(len(json.dumps(block, ensure_ascii=False)) for block in blocks)


def rows_that_fit(rows: Sequence[Sequence[Block]], around: Sequence[Block], most: int) -> int:
    """How many of ``rows``, from the first on, fit into one message with the blocks ``around`` them; at least one."""
    room, blocks = MOST_IN_ALL - MOST_TEXT - weight(around), MOST_BLOCKS - len(around)
    taken = 0
    for row in rows[:most]:
        room, blocks = room - weight(row), blocks - len(row)
        if taken and (room < 0 or blocks < 0):
            break
        taken += 1
    return taken
