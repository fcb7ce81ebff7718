"""What may enter a column, and what stands in for that which may not?

PostgreSQL refuses NUL in text, UTF-8 refuses lone surrogates, JSON readers refuse deep nesting. Raw bodies are kept as
bytes and need none of this; everything else passes through here, once, before it is stored.
"""

import re
from typing import Any

import msgspec

DEEPEST = 64  # levels of nesting kept of an event's data
HUGE = 2**63
_REFUSED = re.compile("[\x00\ud800-\udfff]")
_encoder = msgspec.json.Encoder(order="deterministic")


def clean(text: str) -> str:
    """The text with U+FFFD in the place of NUL and lone surrogates."""
    return text if text.isascii() and "\x00" not in text else _REFUSED.sub("\ufffd", text)


def clean_or_none(text: str | None) -> str | None:
    """``clean`` that lets "not known" through."""
    return None if text is None else clean(text)


def encode(data: Any) -> bytes:  # noqa: ANN401  any JSON
    """Canonical JSON of ``data`` (equal values give equal bytes), cleaned where it must be."""
    try:
        encoded = _encoder.encode(data)
    except (ValueError, TypeError, RecursionError, OverflowError):  # UnicodeEncodeError is a ValueError
        return _encoder.encode(_cleaned(data, DEEPEST))
    return _encoder.encode(_cleaned(data, DEEPEST)) if b"\\u0000" in encoded else encoded


def _cleaned(value: Any, depth: int) -> Any:  # noqa: ANN401  any JSON, and worse
    if isinstance(value, dict | list | tuple):
        return _cleaned_inside(value, depth - 1) if depth else "nested too deep"
    if isinstance(value, bool | float) or value is None:
        return value
    if isinstance(value, int):
        return value if -HUGE < value < HUGE else "a number beyond reason"
    return clean(str(value))


def _cleaned_inside(value: Any, depth: int) -> Any:  # noqa: ANN401  any JSON, and worse
    if isinstance(value, dict):
        return {clean(str(key)): _cleaned(inner, depth) for key, inner in value.items()}
    return [_cleaned(inner, depth) for inner in value]
