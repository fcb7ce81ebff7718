"""How is a number of things said, and how several names in a row?"""

from collections.abc import Sequence


def plural(count: int, word: str, many: str | None = None) -> str:
    """Count things: ``1 change``, ``2 changes``."""
    return f"{count:,} {word if count == 1 else many or word + 's'}"


def series(names: Sequence[str]) -> str:
    """Name several things: ``a, b and c``."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
