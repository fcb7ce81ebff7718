"""Which posts may be tried now, and by whom?

One claimer at a time looks (the caller holds CLAIMING): so no two take the same post, two posts of one channel, or more
than the pace allows. A post that was claimed and never answered is claimed again only when its lease is over.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from storage.database import Row, Session
from storage.instants import instant, stamp
from storage.posts import Claimed, Lapsed, unpacked, unpacked_pictures

CLAIMING = "outbox"  # held by whoever claims
APART = timedelta(seconds=1)  # between two posts of one channel
_SECOND, _MINUTE = 1_000_000, 60

_ANY = "SELECT 1 FROM post WHERE state IN ('owed', 'sending') AND due <= ? LIMIT 1"
_READY = """
    SELECT ready.key FROM (
        SELECT p.key, p.due, p.place, row_number() OVER (PARTITION BY p.channel ORDER BY p.due, p.place, p.key) AS turn
        FROM post p LEFT JOIN post l ON l.key = p.after
        WHERE p.state IN ('owed', 'sending') AND p.due <= ?
            AND (p.state = 'owed' AND p.until > ? OR p.state = 'sending' AND p.lease <= ?)
            AND (p.after IS NULL OR l.state = 'posted')
            AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.channel = p.channel AND h.until > ?)
            AND NOT EXISTS (SELECT 1 FROM post q WHERE q.channel = p.channel AND q.tried_at > ?)
            AND NOT EXISTS (
                SELECT 1 FROM post q WHERE q.channel = p.channel AND q.state = 'sending' AND q.lease > ?)
    ) AS ready WHERE ready.turn = 1 ORDER BY ready.due, ready.place, ready.key LIMIT ?"""
_TAKEN = """
    SELECT p.key, p.cause, p.channel, l.sent_channel, l.ts, p.payload, p.pictures, p.plain, p.tries, p.began, p.until
    FROM post p LEFT JOIN post l ON l.key = p.after
    WHERE p.key IN ({}) AND p.who = ? AND p.tried_at = ? AND p.state = 'sending' ORDER BY p.due, p.place, p.key"""
_TAKE = """
    UPDATE post SET began = CASE state WHEN 'owed' THEN ? ELSE began END, state = 'sending', who = ?, lease = ?,
        tries = tries + 1, tried_at = ?, at = ?
    WHERE key = ? AND (state = 'owed' OR state = 'sending' AND lease <= ?)"""
_TRIED = "SELECT coalesce(sum(tries), 0) FROM pace WHERE second > ?"
_TRY = """
    INSERT INTO pace (second, tries) VALUES (?, ?)
    ON CONFLICT (second) DO UPDATE SET tries = pace.tries + excluded.tries"""
_LATE = "SELECT key, cause, channel, why FROM post WHERE state = 'owed' AND until <= ? ORDER BY key LIMIT ?"
_HEADLESS = """
    SELECT p.key, p.cause, p.channel, '' FROM post p JOIN post l ON l.key = p.after
    WHERE p.state = 'owed' AND l.state IN ('skipped', 'failed') ORDER BY p.key LIMIT ?"""
_SKIP = "UPDATE post SET state = 'skipped', why = ?, at = ?, pictures = NULL WHERE key = ? AND state = 'owed'"
_LATER = "it was too late to post it"
_ALONE = "what it belongs under was not posted"


class Claimer(NamedTuple):
    """Who claims, for how long, how many at most, and how many tries a minute there may be in all (None: any)."""

    who: str
    lease: timedelta
    most: int
    pace: int | None


def anything(session: Session, now: datetime) -> bool:
    """Whether any post is due, free or not: a look that costs next to nothing."""
    return session.one(_ANY, (stamp(now),)) is not None


def take(session: Session, now: datetime, claimer: Claimer) -> tuple[Claimed, ...]:
    """Claim what may be posted now, oldest first, leads before what goes in their threads."""
    at = stamp(now)
    most = min(claimer.most, _left(session, at, claimer.pace))
    if most <= 0:
        return ()
    apart = at - APART // timedelta(microseconds=1)
    keys = [row[0] for row in session.all(_READY, (at, at, at, at, apart, at, most))]
    if not keys:
        return ()
    lease = now + claimer.lease
    session.many(_TAKE, [(at, claimer.who, stamp(lease), at, at, key, at) for key in keys])
    rows = session.among(_TAKEN, keys, claimer.who, at)  # without those that were answered this very moment
    session.run(_TRY, (at // _SECOND, len(rows)))
    return tuple(_claimed(row, now, lease, claimer.who) for row in rows)


def lapse(session: Session, now: datetime, most: int) -> tuple[Lapsed, ...]:
    """Give up what is too late, and what belongs under a lead that was given up."""
    at = stamp(now)
    late = _given_up(session.all(_LATE, (at, most)), _LATER)
    for gone in late:
        session.run(_SKIP, (gone.why, at, gone.key))
    headless = _given_up(session.all(_HEADLESS, (most,)), _ALONE)
    for gone in headless:
        session.run(_SKIP, (gone.why, at, gone.key))
    session.run("DELETE FROM pace WHERE second < ?", (at // _SECOND - _MINUTE,))
    session.run("DELETE FROM hold WHERE until <= ?", (at,))
    return (*late, *headless)


def lapsing(session: Session, now: datetime) -> bool:
    """Whether there is anything to give up."""
    return bool(session.all(_LATE, (stamp(now), 1)) or session.all(_HEADLESS, (1,)))


def _left(session: Session, at: int, pace: int | None) -> int:
    if pace is None:
        return 1 << 30
    return pace - int(session.all(_TRIED, (at // _SECOND - _MINUTE,))[0][0])


def _given_up(rows: Iterable[Row], why: str) -> list[Lapsed]:
    return [Lapsed(key, cause, channel, f"{why}: {said}" if said else why) for key, cause, channel, said in rows]


def _claimed(row: Row, now: datetime, lease: datetime, who: str) -> Claimed:
    key, cause, channel, lead, ts, payload, pictures, plain, tries, began, until = row
    return Claimed(
        key, cause, channel, lead or channel, ts, unpacked(bytes(payload)), unpacked_pictures(pictures), bool(plain),
        began < stamp(now), tries, instant(began), instant(until), lease, who,
    )  # fmt: skip
