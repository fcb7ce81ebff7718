"""What does the data of an event hold, where it holds it in the right shape?

Imported history may hold anything: each reader gives None for what is absent or of another type.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any


def word(data: Mapping[str, Any], key: str) -> str | None:
    """Read a text that is not empty."""
    value = data.get(key)
    return value if isinstance(value, str) and value else None


def words(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Read a list of texts, leaving out what is none."""
    value = data.get(key)
    return tuple(one for one in value if isinstance(one, str) and one) if isinstance(value, list | tuple) else ()


def whole(data: Mapping[str, Any], key: str) -> int | None:
    """Read a whole number."""
    value = data.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def instant(data: Mapping[str, Any], key: str) -> datetime | None:
    """Read an ISO-8601 instant as aware UTC; a text without a zone is none."""
    value = data.get(key)
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) else None
        return read.astimezone(UTC) if read and read.tzinfo else None
    except (ValueError, OverflowError):
        return None


def each(lists: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """The texts of several lists, each once, in order."""
    return tuple(dict.fromkeys(text for texts in lists for text in texts))
