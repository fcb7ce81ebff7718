"""Does an answer with nothing to say hide that something is not known? Then silence would pass for good news.

A gap that stays is told at once and then once a week, not every day.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from assistant.recalling import Seen
from assistant.unknowns import Unknown

AGAIN = timedelta(days=6)  # a little less than a week: what comes on Fridays tells it every Friday
GAPS = "gaps"  # under this an outline keeps what was told


def deciding(unknown: Iterable[Unknown]) -> list[str]:
    """What decides among gaps, by its keys: to be remembered as told."""
    return sorted({gap.key for gap in unknown if gap.decides})


def untold(unknown: Iterable[Unknown], seen: Seen, now: datetime) -> bool:
    """Whether something decides of which this reader was not told within the week."""
    found = deciding(unknown)
    if seen is None or not isinstance(seen[1], dict) or not timedelta(0) <= now - seen[0] < AGAIN:
        return bool(found)
    told = seen[1].get(GAPS)
    return not set(found) <= set(told if isinstance(told, list) else ())
