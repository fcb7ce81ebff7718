"""How much came from where, how fresh is it, and what could nobody read?"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from storage.database import Row, Session, chunks
from storage.facts import Freshness
from storage.figures import Figures, UnknownSample
from storage.instants import instant
from storage.records import Outcome

_LOUD = (Outcome.UNKNOWN.value, Outcome.MALFORMED.value)
_LOOSE = """
    WITH RECURSIVE sources(source) AS (
        SELECT min(source) FROM {table} UNION ALL
        SELECT (SELECT min(t.source) FROM {table} t WHERE t.source > sources.source) FROM sources
        WHERE source IS NOT NULL
    ) SELECT source, {newest} FROM sources WHERE source IS NOT NULL"""
_NEWEST_EVENTS = _LOOSE.format(
    table="event", newest="(SELECT max(e.at) FROM event e WHERE e.source = sources.source)"
)  # each source costs one look into an index, whatever the number of events
_HEARD = """
    WITH asked(scope) AS (VALUES {}) SELECT scope, (
        SELECT e.at FROM event e WHERE e.scope = asked.scope AND e.source <> 'lastmile' ORDER BY e.at DESC LIMIT 1
    ) FROM asked"""
_OF_VERDICT = "(SELECT max(d.received_at) FROM delivery d WHERE d.source = sources.source AND d.verdict = '{verdict}')"
_VERDICTS = [outcome.value for outcome in Outcome if outcome is not Outcome.DUPLICATE]
_NEWEST_RECEIPTS = _LOOSE.format(
    table="delivery", newest=", ".join(_OF_VERDICT.format(verdict=verdict) for verdict in _VERDICTS)
)
_COUNTS = "SELECT source, verdict, count(*) FROM delivery GROUP BY source, verdict"
_REASONS = """
    SELECT source, verdict, coalesce(reason, ''), count(*) FROM delivery WHERE verdict <> 'new'
    GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3 LIMIT 100"""
_SAMPLES = """
    SELECT source, delivery_id, received_at, verdict, coalesce(reason, ''), headers FROM delivery
    WHERE verdict IN (?, ?) ORDER BY id DESC LIMIT ?"""
_BODIES = "SELECT count(*), coalesce(sum(length(body)), 0) FROM delivery WHERE body IS NOT NULL"


def freshness(session: Session) -> Freshness:
    """The newest event and the newest receipt of each source."""
    events = {source: instant(at) for source, at in session.all(_NEWEST_EVENTS) if at is not None}
    receipts = {
        source: instant(max(at for at in newest if at is not None))
        for source, *newest in session.all(_NEWEST_RECEIPTS)
        if any(at is not None for at in newest)
    }
    return Freshness(events, receipts)


def last_heard(session: Session, scopes: Iterable[str]) -> dict[str, datetime]:
    """The newest event that a source told of each of these repositories (casefolded); what was said here is none."""
    rows: list[Row] = []
    for chunk in chunks(scopes):
        rows += session.all(_HEARD.format(",".join(["(?)"] * len(chunk))), chunk)
    return {scope: instant(at) for scope, at in rows if at is not None}


def figures(session: Session, samples: int, version: str) -> Figures:
    """What the doctor shows; counts everything, so it takes as long as there are deliveries."""
    deliveries: dict[str, dict[str, int]] = {}
    for source, verdict, count in session.all(_COUNTS):
        deliveries.setdefault(source, {})[verdict] = count
    unknown = tuple(
        UnknownSample(source, name, None if at is None else instant(at), verdict, reason, msgspec.json.decode(headers))
        for source, name, at, verdict, reason, headers in session.all(_SAMPLES, (*_LOUD, samples))
    )
    bodies, size = session.all(_BODIES)[0]
    return Figures(
        deliveries=deliveries,
        reasons=tuple((row[0], row[1], row[2], row[3]) for row in session.all(_REASONS)),
        samples=unknown,
        events=session.all("SELECT count(*) FROM event")[0][0],
        objects=session.all("SELECT count(*) FROM state")[0][0],
        bodies=bodies,
        body_bytes=int(size),
        freshness=freshness(session),
        version=version,
    )
