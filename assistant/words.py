"""How does a value become words that can be nothing but words?

Templates live in ``templates/`` and are macros only. Whatever they print passes ``finalize``: control and
right-to-left characters are neutralised and ``& < >`` escaped, exactly the three that Slack asks for (HTML's escaping
of quotes would show). Only ``link`` makes markup.
"""

import contextlib
import functools
import sys
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

import jinja2
from jinja2.bccache import Bucket
from markupsafe import Markup

from assistant.counting import plural
from assistant.deciding import spoken
from assistant.telling import Reader, aged, ago, dated, day, hours, when

_HERE = Path(__file__)
ISOLATE, RELEASED = "\u2068", "\u2069"
_KEPT_FORMAT = {"\u200c", "\u200d"}  # joiners that some scripts and emoji need
_LONGEST_URL = 1_000


def clean(text: str) -> str:
    """Neutralise what would not show as itself: control, bidirectional, unpaired and invisible characters.

    Line breaks and other separators become one space; text with right-to-left letters is isolated, so that what
    stands around it keeps its order.
    """
    if text.isascii() and text.isprintable():
        return text
    kept = (_shown(character) for character in text)
    words = " ".join("".join(kept).split())
    if any(unicodedata.bidirectional(character) in {"R", "AL", "AN"} for character in words):
        return f"{ISOLATE}{words}{RELEASED}"
    return words


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    if category == "Cf":
        return character if character in _KEPT_FORMAT else ""
    return "\ufffd" if category in {"Cs", "Cn"} else character


def escape(value: object) -> Markup:
    """Make any value safe to print; what is markup already passes."""
    if isinstance(value, Markup):
        return value
    words = clean(str(value)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Markup(words)  # noqa: S704  escaped on the line above


def unescape(markup: str) -> str:
    """Read markup without links as the text it shows: for plain_text objects, which parse nothing."""
    return str(markup).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def clip(text: object, limit: int = 120) -> str:
    """Shorten to ``limit`` characters, the last of them "…"."""
    said = str(text)
    if len(said) > 4 * limit:
        said = said[: 4 * limit]
    said = clean(said)
    if len(said) <= limit:
        return said
    short = said[: limit - 1].rstrip() + "…"
    return short + RELEASED if ISOLATE in short else short


def strong(text: object, limit: int = 120) -> Markup:
    """Write ``*words*``; an asterisk within, which would end them, becomes one that is only a sign."""
    return Markup("*{}*").format(escape(clip(text, limit).replace("*", "\u2217").strip()))


def sentence(text: str) -> str:
    """Begin with a capital and end with a full stop, as a sentence does."""
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."


def link(url: str | None, label: object, limit: int = 120) -> Markup:
    """Write ``<url|label>`` for a web address, the label alone for anything else."""
    words = escape(clip(str(label).replace("|", " "), limit))
    return Markup(f"<{_web(url)}|{words}>") if url and _web(url) else words  # noqa: S704  both halves are escaped


@functools.lru_cache(maxsize=4_096)
def _web(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host:
        return ""
    if any(character.isspace() or not character.isprintable() for character in url):
        return ""
    written = quote(url, safe="%/:?#[]@!$&'()*+,;=~-._", errors="replace").replace("&", "&amp;")
    return written if len(written) <= _LONGEST_URL else ""


def joined(values: Iterable[object], between: str = ", ") -> Markup:
    """Join values, each escaped on its own (Jinja's own join would escape quotes too)."""
    return escape(between).join(escape(value) for value in values)


class _Compiled(jinja2.FileSystemBytecodeCache):
    """Templates compiled once, beside Python's own bytecode, made anew when a template or this module changes."""

    def __init__(self) -> None:
        super().__init__(str(_HERE.parent / "__pycache__"), "%s.template")
        self._made = _HERE.stat().st_mtime_ns

    def get_source_checksum(self, source: str) -> str:
        return super().get_source_checksum(f"{self._made} {source}")

    def dump_bytecode(self, bucket: Bucket) -> None:
        if not sys.dont_write_bytecode:
            with contextlib.suppress(OSError):  # where nothing can be written, each process compiles
                super().dump_bytecode(bucket)


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE.parent / "templates"),
        undefined=jinja2.StrictUndefined, autoescape=True, finalize=escape, trim_blocks=True, lstrip_blocks=True,
        auto_reload=False, bytecode_cache=_Compiled(),
    )  # fmt: skip
    environment.filters |= {
        "when": when, "dated": dated, "day": day, "aged": aged, "ago": ago, "hours": hours, "plural": plural,
        "link": link, "clip": clip, "strong": strong, "sentence": sentence, "joined": joined, "spoken": spoken,
        "instant": datetime.fromisoformat,
    }  # fmt: skip
    return environment


@functools.lru_cache(maxsize=64)
def _macros(template: str, reader: Reader) -> object:
    """The macros for one reader at one moment: a list asks for them row by row."""
    return _environment().get_template(f"{template}.j2").make_module({"reader": reader})


class Words:
    """The macros of one template, chosen for one reader: ``words("item", blocker)`` is markup."""

    def __init__(self, template: str, reader: Reader) -> None:
        self._macros = _macros(template, reader)

    def __call__(self, macro: str, *values: object) -> str:
        """Print one macro, white space around it removed."""
        return str(getattr(self._macros, macro)(*values)).strip()


def zone_of(name: str) -> ZoneInfo:
    """The zone of that name; UTC where nobody knows the name."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return ZoneInfo("UTC")
