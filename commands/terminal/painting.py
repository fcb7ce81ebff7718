"""How does a message look in a terminal?

Paints any message of plain Slack blocks: whatever an answer learns to say later is painted the same way. Without a
terminal at the other end it is plain text, links written out, no colour.
"""

from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import IO, TYPE_CHECKING, Any

from commands.terminal.mrkdwn import one_line, read

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

Block = Mapping[str, Any]

TONES = {
    "blocked": "bold red",
    "late": "bold red",
    "at_risk": "bold yellow",
    "not_ready": "bold yellow",
    "on_track": "bold green",
    "ready": "bold green",
}
_PLAIN_WIDTH = 10_000  # a pipe has no width: a table is as wide as what is in it


def paint(blocks: Sequence[Block], out: IO[str], *, verdict: str | None = None, width: int | None = None) -> None:
    """Print the blocks on ``out``; headings in the colour of ``verdict``, one of the answer's own words."""
    drawn = StringIO()  # not on ``out`` itself: rich ends the process where a pipe is closed
    console = _console(drawn, width, live=out.isatty())
    painter = _Painter(links=console.is_terminal, heading=TONES.get(verdict or "", "bold"))
    for number, block in enumerate(blocks):
        if number and block.get("type") in {"header", "table"}:
            console.print()
        for part in painter.drawn(block):
            console.print(part, soft_wrap=not console.is_terminal and not _is_table(block))
    out.write("".join(f"{line.rstrip()}\n" for line in drawn.getvalue().splitlines()))


def _console(out: IO[str], width: int | None, *, live: bool) -> "Console":
    from rich.console import Console

    return Console(
        file=out,
        width=width or (None if live else _PLAIN_WIDTH),
        color_system="auto" if live else None,
        force_terminal=live,  # FORCE_COLOR and its like must not put escapes into a file
        highlight=False,
        markup=False,
        emoji=False,
    )


def _is_table(block: Block) -> bool:
    return block.get("type") == "table"


class _Painter:
    """Turns one block after another into what rich prints; unknown kinds of blocks are left out."""

    def __init__(self, *, links: bool, heading: str) -> None:
        self.links = links
        self.heading = heading

    def drawn(self, block: Block) -> Iterable["RenderableType"]:
        draw = {
            "header": self._header, "section": self._section, "context": self._context, "divider": self._divider,
            "image": self._image, "markdown": self._markdown, "table": self._table, "rich_text": self._rich_text,
        }.get(str(block.get("type")))  # fmt: skip
        return draw(block) if draw else ()

    def _header(self, block: Block) -> Iterable["RenderableType"]:
        line = self._plain(block.get("text"))
        line.stylize(self.heading)
        return (line,)

    def _section(self, block: Block) -> Iterable["RenderableType"]:
        texts = [block["text"]] if block.get("text") else []
        return [self._text(text) for text in [*texts, *block.get("fields", ())]]

    def _context(self, block: Block) -> Iterable["RenderableType"]:
        from rich.text import Text

        line = Text("  ").join(self._text(e) for e in block.get("elements", ()) if e.get("type") != "image")
        line.stylize("dim")
        return (line,)

    def _divider(self, _block: Block) -> Iterable["RenderableType"]:
        from rich.text import Text

        return (Text("─" * 40, style="dim"),)

    def _image(self, block: Block) -> Iterable["RenderableType"]:
        from rich.text import Text

        return (Text(f"[{one_line(str(block.get('alt_text', '')))}]", style="dim"),)

    def _markdown(self, block: Block) -> Iterable["RenderableType"]:
        return (self._text({"type": "mrkdwn", "text": block.get("text", "")}),)

    def _table(self, block: Block) -> Iterable["RenderableType"]:
        from rich import box
        from rich.table import Table

        head, *rows = block.get("rows") or [[]]
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for cell, setting in zip(head, [*(block.get("column_settings") or []), *[None] * len(head)], strict=False):
            right = (setting or {}).get("align") == "right"
            table.add_column(self._cell(cell), justify="right" if right else "left", overflow="fold")
        for row in rows:
            table.add_row(*(self._cell(cell) for cell in row))
        return (table,)

    def _rich_text(self, block: Block) -> Iterable["RenderableType"]:
        return (self._cell(block),)

    def _cell(self, cell: Block | None) -> "Text":
        """A table's cell: raw text, mrkdwn, or a tree of rich text of which the leaves are read."""
        from rich.text import Text

        if not cell:
            return Text()
        if cell.get("type") == "link":
            return self._text({"type": "mrkdwn", "text": f"<{cell.get('url')}|{_escaped(cell.get('text') or '')}>"})
        if cell.get("type") == "mrkdwn":
            return self._text(cell)
        if "elements" in cell:
            return Text().join(self._cell(element) for element in cell["elements"])
        bold = "bold" if (cell.get("style") or {}).get("bold") else ""
        return Text(one_line(str(cell.get("text", ""))) if cell.get("type") == "raw_text" else _spaced(cell), bold)

    def _text(self, text: Block) -> "Text":
        if text.get("type") == "mrkdwn":
            return read(str(text.get("text", "")), links=self.links)
        return self._plain(text)

    def _plain(self, text: Block | None) -> "Text":
        from rich.text import Text

        return Text(one_line(str((text or {}).get("text", ""))))


def _spaced(leaf: Block) -> str:
    """A leaf of rich text keeps the blanks at its ends: its neighbours lean on them."""
    text = str(leaf.get("text", ""))
    inner = one_line(text)
    return f"{' ' if text[:1].isspace() else ''}{inner}{' ' if text[-1:].isspace() and inner else ''}"


def _escaped(text: object) -> str:
    """A label for a link in mrkdwn, which must not end it."""
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("|", "¦")
