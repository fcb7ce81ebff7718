"""What does an answer consist of, whether it fills one message or a headline with a thread below it?"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.blocks import (
    MOST_BLOCKS,
    MOST_IN_ALL,
    MOST_TEXT,
    Block,
    Message,
    Picture,
    context,
    cut,
    header,
    rows_that_fit,
    section,
    weight,
)

HEADLINE = 150  # characters; it can stand alone
MOST_ROWS = 20  # of one message
MOST_POSTS = 5  # messages of one thread: whoever wants more asks
_PARAGRAPH, _LINE = 1_000, 600


@dataclass(frozen=True, slots=True)
class Row:
    """One thing of an answer: its blocks, which stay together, and the object that its buttons act on."""

    text: str
    blocks: tuple[Block, ...]
    object: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """An answer as its reader sees it; all texts are markup.

    ``headline`` can stand alone. ``summary`` are paragraphs below it, ``rows`` the things it lists, ``told`` paragraphs
    after them (what changed, what is unknown), ``fresh`` the small print.
    """

    headline: str
    summary: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    told: tuple[str, ...] = ()
    fresh: str = ""
    picture: Picture | None = None

    def message(self) -> Message:
        """Everything in one message, as many rows as fit."""
        above = [header(self.headline), *_paragraphs(self.summary)]
        below = [*_paragraphs(self.told), *self._small()]
        taken = self._fitting([*above, *below, context("and 888 more")])
        rest = len(self.rows) - taken
        more = [context(f"and {rest} more")] if rest else []
        shown = [block for row in self.rows[:taken] for block in row.blocks]
        return Message(self._text(self.rows[:taken]), (*above, *shown, *more, *below), self._files())

    def lead(self) -> Message:
        """The headline alone: what everybody in a channel sees."""
        line = cut(self.headline, HEADLINE)
        return Message(line, (section(f"*{line}*"),))

    def thread(self) -> tuple[Message, ...]:
        """Everything else, in as many messages as it takes (at most MOST_POSTS; the rest is counted)."""
        heads: list[Block] = _paragraphs(self.summary)
        posts: list[Message] = []
        left = list(self.rows)
        while left and len(posts) < MOST_POSTS:
            taken = rows_that_fit([row.blocks for row in left], heads, MOST_ROWS)
            shown, left = left[:taken], left[taken:]
            posts.append(_post([*heads, *(block for row in shown for block in row.blocks)], shown))
            heads = []
        tail: list[Block] = [*_paragraphs(self.told), *self._small()]
        if left:
            tail.insert(0, context(f"and {len(left)} more"))
        last = [*heads, *tail]
        if posts and _fits([*posts[-1].blocks, *last]):
            posts[-1] = Message(posts[-1].text, (*posts[-1].blocks, *last))
        elif last:
            said = "\n".join((*self.summary, *self.told)) or self.headline
            posts.append(Message(cut(said, MOST_TEXT), tuple(last)))
        if posts and self.picture:
            posts[0] = Message(posts[0].text, posts[0].blocks, self._files())
        return tuple(posts)

    def _small(self) -> list[Block]:
        return [context(cut(self.fresh, _LINE))] if self.fresh else []

    def _fitting(self, around: Sequence[Block]) -> int:
        return rows_that_fit([row.blocks for row in self.rows], around, MOST_ROWS) if self.rows else 0

    def _files(self) -> tuple[Picture, ...]:
        return (self.picture,) if self.picture else ()

    def _text(self, rows: Sequence[Row]) -> str:
        lines = [self.headline, *self.summary, *(row.text for row in rows), *self.told]
        return cut("\n".join(line for line in lines if line), MOST_TEXT)


def _fits(blocks: Sequence[Block]) -> bool:
    return len(blocks) <= MOST_BLOCKS and weight(blocks) < MOST_IN_ALL


def _post(blocks: Sequence[Block], rows: Sequence[Row]) -> Message:
    return Message(cut("\n".join(row.text for row in rows), MOST_TEXT), tuple(blocks))


def _paragraphs(texts: Sequence[str]) -> list[Block]:
    return [section(text, None, _PARAGRAPH) for text in texts if text]
