"""Over which stretches was each source heard without too long a pause?

A source that tells of incidents vouches for a time only where it was alive all through it. Read in long steps, from one
word to the newest that is not too long after it: a year costs as many looks into an index as there are such pauses in
it, whatever the number of events.
"""

from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter

from storage.database import Session
from storage.instants import instant, stamp
from storage.records import Outcome

BACK = timedelta(days=400)  # so far back is looked; nothing is said of the time before
Stretch = tuple[datetime, datetime]
_MICROSECOND = timedelta(microseconds=1)
_EACH = (
    "SELECT {pick}(e.at) AS at FROM event e WHERE e.source = {of}.source AND e.at {when}",
    *(
        "SELECT {pick}(d.received_at) AS at FROM delivery d"
        f" WHERE d.source = {{of}}.source AND d.verdict = '{verdict.value}' AND d.received_at {{when}}"
        for verdict in Outcome
        if verdict is not Outcome.DUPLICATE
    ),
)  # an event when it happened, a delivery when it came: each costs one look into an index
_WORD = f"(SELECT {{pick}}(word.at) FROM ({' UNION ALL '.join(_EACH)}) AS word)"
_SOON = ", ".join(f"({each})" for each in _EACH)  # any that is soon enough will do: mostly the first look finds one
_LOOSE = """{name}(source) AS (
    SELECT min(source) FROM {table} UNION ALL
    SELECT (SELECT min(t.source) FROM {table} t WHERE t.source > {name}.source) FROM {name} WHERE source IS NOT NULL)"""
_STEPS = """
    WITH RECURSIVE {telling}, {sending}, sources(source) AS (
        SELECT source FROM telling WHERE source IS NOT NULL UNION SELECT source FROM sending WHERE source IS NOT NULL
    ), steps(source, at) AS (
        SELECT source, coalesce({last}, {first}) FROM sources UNION ALL
        SELECT source, coalesce({soon}, {later}) FROM steps WHERE steps.at IS NOT NULL
    ) SELECT source, at FROM steps WHERE at IS NOT NULL ORDER BY source, at"""


def heard(session: Session, silence: timedelta, now: datetime) -> dict[str, tuple[Stretch, ...]]:
    """By source, oldest first, the stretches in which it was never silent for longer than ``silence``."""
    since, pause = stamp(now - BACK), silence // _MICROSECOND
    rows = session.all(
        _STEPS.format(
            telling=_LOOSE.format(name="telling", table="event"),
            sending=_LOOSE.format(name="sending", table="delivery"),
            last=_WORD.format(pick="max", of="sources", when=f"<= {since}"),
            first=_WORD.format(pick="min", of="sources", when=f"> {since}"),
            soon=_SOON.format(pick="max", of="steps", when=f"BETWEEN steps.at + 1 AND steps.at + {pause}"),
            later=_WORD.format(pick="min", of="steps", when="> steps.at"),
        )
    )
    return {source: _stretches([at for _, at in words], pause) for source, words in groupby(rows, key=itemgetter(0))}


def _stretches(words: list[int], pause: int) -> tuple[Stretch, ...]:
    found = [[words[0], words[0]]]
    for at in words[1:]:
        if at - found[-1][1] > pause:
            found.append([at, at])
        found[-1][1] = at
    return tuple((instant(begun), instant(ended)) for begun, ended in found)
