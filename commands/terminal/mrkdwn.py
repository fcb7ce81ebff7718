"""How does a text in Slack's mrkdwn read in a terminal?

Everything that came from outside may hold control characters, which could move the cursor, rename the window or
hide text: they are taken out here, before a byte of them reaches a terminal.
"""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text

# C0 but line feed, DEL and C1, and lone surrogates.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# Marks that reorder or hide what stands around them.
_INVISIBLE = re.compile(r"[\u200b\u2060-\u2069\u202a-\u202e\ufeff]")
_BREAK = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_TOKEN = re.compile(
    r"```(?P<block>.+?)```|`(?P<code>[^`\n]+)`"
    r"|<(?P<link>https?://[^|>\s]+)(?:\|(?P<label>[^>]*))?>"
    r"|<!date\^[^>|]*\|(?P<date>[^>]*)>"
    r"|<(?P<mark>[@#!])(?P<id>[^|>]+)(?:\|(?P<name>[^>]*))?>"
    r"|(?<!\w)\*(?P<bold>[^*\s](?:[^*\n]*[^*\s])?)\*(?!\w)"
    r"|(?<!\w)_(?P<italic>[^_\s](?:[^_\n]*[^_\s])?)_(?!\w)"
    r"|(?<!\w)~(?P<gone>[^~\s](?:[^~\n]*[^~\s])?)~(?!\w)",
    re.DOTALL,
)
_STYLE = {"bold": "bold", "italic": "italic", "gone": "strike"}


def harmless(text: str) -> str:
    """The text without what a terminal would obey: control characters become U+FFFD, invisible marks nothing."""
    seen = _INVISIBLE.sub("", _BREAK.sub("\n", text).replace("\t", " "))
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", seen)


def one_line(text: str) -> str:
    """The text made harmless and laid on one line."""
    return " ".join(harmless(text).split())


def read(text: str, *, links: bool) -> "Text":
    """Turn mrkdwn into rich text; with ``links`` a link hides behind its label, without it the address follows."""
    from rich.text import Text

    return _append(Text(), harmless(text), "", links=links)


def _append(line: "Text", text: str, style: str, *, links: bool) -> "Text":
    end = 0
    for found in _TOKEN.finditer(text):
        line.append(_unescaped(text[end : found.start()]), style)
        end = found.end()
        part = {name: value for name, value in found.groupdict().items() if value is not None}
        within = next((name for name in _STYLE if name in part), None)
        if within:
            _append(line, part[within], f"{style} {_STYLE[within]}".strip(), links=links)
        else:
            words, own = _token({name: _unescaped(value) for name, value in part.items()}, links=links)
            line.append(words, f"{style} {own}".strip())
    line.append(_unescaped(text[end:]), style)
    return line


def _token(part: dict[str, str], *, links: bool) -> tuple[str, str]:
    """What one token says, and in which style."""
    if "link" in part:
        return _link(part["link"], part.get("label"), links=links)
    if "mark" in part:
        sign = "#" if part["mark"] == "#" else "@"
        name = part.get("name") or part["id"]
        return (name if name.startswith(sign) else sign + name), "bold"
    if "date" in part:
        return part["date"], ""
    return part.get("block") or part["code"], "cyan"


def _link(address: str, label: str | None, *, links: bool) -> tuple[str, str]:
    if links:
        return label or address, f"link {address}"
    return (f"{label} ({address})" if label and label != address else address), ""


def _unescaped(text: str) -> str:
    """Slack escapes exactly three characters; anything else that looks like an entity is text."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
