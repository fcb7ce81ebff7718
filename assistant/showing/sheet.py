"""What does an answer consist of, whether it fills one message or a headline with a thread below it?"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

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
from assistant.words import escape

HEADLINE = 150  # characters; it can stand alone
MOST_ROWS = 20  # of one message
MOST_POSTS = 5  # messages of one thread: whoever wants more asks
_PARAGRAPH, _LINE = 1_000, 600
_MOST_PARAGRAPHS = 20
_ABOVE, _BELOW = 3_200, 3_400  # what paragraphs may weigh beside rows, in one message


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
        above = [header(_one_line(self.headline)), *_within(_paragraphs(self.summary), _ABOVE)]
        below = [*_within(_paragraphs(self.told), _BELOW), *self._small()]
        around = [*above, *below, context("and 888 more")]
        taken = rows_that_fit([row.blocks for row in self.rows], around, MOST_ROWS) if self.rows else 0
        shown = [block for row in self.rows[:taken] for block in row.blocks]
        lines = [self.headline, *self.summary, *(row.text for row in self.rows[:taken]), *self.told]
        return Message(_said(lines, self), (*above, *shown, *self._more(taken), *below), self._files())

    def lead(self) -> Message:
        """The headline alone: what everybody in a channel sees."""
        line = cut(_one_line(self.headline), HEADLINE)
        return Message(line or "…", (section(f"*{line}*" if line else "…"),))

    def thread(self) -> tuple[Message, ...]:
        """Everything else, in as many messages as it takes (rows in at most MOST_POSTS; the rest is counted)."""
        pages = [_Page()]
        for block in _paragraphs(self.summary):
            _page_for((block,), pages).add((block,))
        taken = 0
        for row in self.rows:
            page = _page_for(row.blocks, pages, rows=1)
            if len(pages) > MOST_POSTS:
                pages.pop()
                break
            page.add(row.blocks, row.text)
            taken += 1
        for block in (*self._more(taken), *_paragraphs(self.told), *self._small()):
            _page_for((block,), pages).add((block,))
        if self.picture and not pages[0].blocks:
            pages[0].add((section(escape(self.picture.title)),))
        posts = [Message(_said(page.texts, self), tuple(page.blocks)) for page in pages if page.blocks]
        return tuple(replace(post, files=() if place else self._files()) for place, post in enumerate(posts))

    def _more(self, taken: int) -> list[Block]:
        rest = len(self.rows) - taken
        return [context(f"and {rest:,} more")] if rest else []

    def _small(self) -> list[Block]:
        return [context(cut(self.fresh, _LINE))] if self.fresh else []

    def _files(self) -> tuple[Picture, ...]:
        return (self.picture,) if self.picture else ()


@dataclass(slots=True)
class _Page:
    """One message of a thread while it is filled."""

    blocks: list[Block] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    rows: int = 0

    def fits(self, blocks: Sequence[Block], rows: int) -> bool:
        """Whether these blocks go beside what is here; whatever comes first does."""
        together = [*self.blocks, *blocks]
        few = self.rows + rows <= MOST_ROWS and len(together) <= MOST_BLOCKS
        return not self.blocks or (few and weight(together) <= MOST_IN_ALL - MOST_TEXT)

    def add(self, blocks: Sequence[Block], text: str | None = None) -> None:
        """Take these blocks; ``text`` is what a row among them says."""
        self.blocks += blocks
        self.rows += text is not None
        said = [text] if text is not None else [_text_of(block) for block in blocks]
        self.texts += [one for one in said if one]


def _page_for(blocks: Sequence[Block], pages: list[_Page], rows: int = 0) -> _Page:
    """The last page, or a new one where these blocks do not fit into it."""
    if not pages[-1].fits(blocks, rows):
        pages.append(_Page())
    return pages[-1]


def _text_of(block: Block) -> str:
    return str(block["text"]["text"]) if block["type"] == "section" else ""


def _said(lines: Sequence[str], sheet: Sheet) -> str:
    """What is read out: the lines, the headline where they say nothing."""
    said = "\n".join(line for line in lines if line.strip()) or _one_line(sheet.headline) or "…"
    return cut(said, MOST_TEXT)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _paragraphs(texts: Sequence[str]) -> list[Block]:
    return [section(text, None, _PARAGRAPH) for text in texts[:_MOST_PARAGRAPHS] if text.strip()]


def _within(blocks: Sequence[Block], room: int) -> list[Block]:
    """As many blocks, from the first on, as weigh no more than ``room``; "…" in place of the others."""
    kept: list[Block] = []
    for block in blocks:
        if weight([*kept, block]) > room:
            return [*kept, context("…")]
        kept.append(block)
    return kept
