"""What do we owe to Slack, and who posts it, so that every message stands there once?

A run belongs to a subscription and a scheduled moment; the database refuses a second one. What it is to post is owed
in the transaction that ends it. Claiming and ending are durable; that something was posted need not be: a mark that a
power cut takes away leaves a post whose lease runs out, and Slack is asked before it is posted again.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from storage import told
from storage.caches import remember_seen
from storage.claiming import CLAIMING, Claimer, anything, lapse, lapsing, take
from storage.cleaning import clean
from storage.database import Database, Row, Session
from storage.instants import instant, stamp
from storage.posts import (
    LONGEST_KEY,
    NOTICE,
    Claimed,
    Lapsed,
    OutboxFigures,
    Owed,
    Posted,
    Run,
    Said,
    Seen,
    Stood,
    packed,
    packed_pictures,
    unpacked,
    unpacked_seen,
)

__all__ = ["NOTICE", "Claimed", "Lapsed", "Outbox", "OutboxFigures", "Owed", "Posted", "Run", "Seen", "Stood"]

_AT_ONCE = 200  # posts given up at once
_CLAIM_RUN = """
    INSERT INTO run (subscription, moment, state, who, lease, at, why) VALUES (?, ?, 'claimed', ?, ?, ?, '')
    ON CONFLICT (subscription, moment) DO UPDATE SET who = excluded.who, lease = excluded.lease, at = excluded.at
    WHERE run.state = 'claimed' AND run.lease <= excluded.at"""
_FINISH_RUN = """
    UPDATE run SET state = ?, at = ?, why = ? WHERE subscription = ? AND moment = ? AND state = 'claimed' AND who = ?"""
_PUT_OFF = """
    UPDATE run SET lease = ?, at = ?, why = ? WHERE subscription = ? AND moment = ? AND state = 'claimed' AND who = ?"""
_OWE = """
    INSERT INTO post (key, cause, moment, place, after, channel, payload, pictures, state, plain, due, until, who,
        lease, tries, began, tried_at, at, why)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'owed', 0, ?, ?, '', 0, 0, 0, 0, ?, '') ON CONFLICT (key) DO NOTHING"""
_MINE = " WHERE key = ? AND who = ? AND state = 'sending'"
_POSTED = f"""
    UPDATE post SET state = 'posted', sent_channel = ?, ts = ?, posted_at = ?, tried_at = ?, at = ?, pictures = NULL,
        why = '', payload = coalesce(?, payload){_MINE}"""
_AGAIN = f"""
    UPDATE post SET state = 'owed', due = ?, why = ?, plain = CASE WHEN ? = 1 THEN 1 ELSE plain END{_MINE}"""
_KEEP = f"UPDATE post SET lease = ?, at = ?, why = ?{_MINE}"
_OVER = f"UPDATE post SET state = ?, tried_at = ?, at = ?, why = ?, pictures = NULL{_MINE}"
_HOLD = """
    INSERT INTO hold (channel, until) VALUES (?, ?)
    ON CONFLICT (channel) DO UPDATE SET until = CASE WHEN hold.until > excluded.until THEN hold.until
        ELSE excluded.until END"""
_HELD = f"SELECT payload FROM post{_MINE}"
_FIND = "SELECT key, payload FROM post WHERE sent_channel = ? AND ts = ? AND state = 'posted'"
_AMEND = "UPDATE post SET payload = ?, at = ? WHERE key = ?"
_LATELY = """
    SELECT sent_channel, ts, key, payload, cause, posted_at FROM post
    WHERE posted_at >= ? AND state = 'posted' AND (posted_at < ? OR posted_at = ? AND key < ?)
    ORDER BY posted_at DESC, key DESC LIMIT 100"""
_RUNS = """
    SELECT subscription, moment, state, at, why FROM (
        SELECT subscription, moment, state, at, why,
            row_number() OVER (PARTITION BY subscription ORDER BY moment DESC) AS nth
        FROM run WHERE subscription IN ({})) AS runs
    WHERE nth <= ? ORDER BY moment DESC, subscription"""
_OF_RUN = "SELECT state, why FROM post WHERE cause = ? AND moment = ? ORDER BY place LIMIT 1"
_COUNT = "SELECT state, count(*) FROM {} GROUP BY state ORDER BY state"
_OLD = "at < ? AND state NOT IN ('owed', 'sending')"
_OVER_OF = f"SELECT DISTINCT cause FROM post WHERE {_OLD}"
_DROP = f"DELETE FROM post WHERE cause = ? AND {_OLD}"
_WAITING = "SELECT min(CASE state WHEN 'owed' THEN due ELSE lease END) FROM post WHERE state IN ('owed', 'sending')"


class Outbox:
    """Runs of digests and the posts they owe. Every method is safe to call from many threads and processes at once.

    ``who`` names one process: a claim is its claimer's alone, and what is done by anybody else changes nothing.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    # Runs

    def claim_run(self, subscription: str, moment: datetime, now: datetime, lease: timedelta, who: str) -> bool:
        """Take a run: the first to ask gets it, or whoever asks when an unfinished claim's lease is over."""
        row = (subscription, stamp(moment), who, stamp(now + lease), stamp(now))
        return self._database.jot(_CLAIM_RUN, row) > 0

    def finish_run(  # noqa: PLR0913, PLR0917  a run, its holder, and how it ended
        self, subscription: str, moment: datetime, who: str, now: datetime, state: str,
        posts: Sequence[Owed] = (), why: str = "",
    ) -> bool:  # fmt: skip
        """End a run as posted, silent, skipped or failed, and owe its posts, in one transaction.

        False, and nothing is written, when the claim went to another meanwhile.
        """
        values = (state, stamp(now), clean(why), subscription, stamp(moment), who)
        rows = _rows(posts, now, stamp(moment))

        def work(session: Session) -> bool:
            if not session.run(_FINISH_RUN, values):
                return False
            session.many(_OWE, rows)
            return True

        return self._database.write([], work)

    def put_off(  # noqa: PLR0913, PLR0917  a run, its holder, until when and why
        self, subscription: str, moment: datetime, who: str, now: datetime, until: datetime, why: str
    ) -> bool:
        """Give a claim back from ``until`` on, to whoever asks first; False when it is another's already."""
        values = (stamp(until), stamp(now), clean(why), subscription, stamp(moment), who)
        return self._database.write([], lambda session: session.run(_PUT_OFF, values)) > 0

    def runs(self, subscriptions: Iterable[str], most: int) -> tuple[Run, ...]:
        """The newest runs, at most ``most`` of each subscription, newest first, each with what became of its posts."""
        with self._database.reading() as session:
            rows = session.among(_RUNS, subscriptions, most)
            return tuple(_run(session, row) for row in sorted(rows, key=lambda row: row[1], reverse=True))

    # Posting

    def owe(self, posts: Sequence[Owed], now: datetime) -> int:
        """Owe posts that no run caused; how many were new by their key."""
        rows = _rows(posts, now, None)
        return self._database.write([], lambda session: sum(session.run(_OWE, row) for row in rows))

    def claim(
        self, now: datetime, who: str, lease: timedelta, most: int, pace: int | None = None
    ) -> tuple[Claimed, ...]:
        """Claim what may be posted now: never two of a channel within a second, a reply only after its lead.

        At most ``pace`` tries a minute, over all processes. What comes back must be answered before its lease ends by
        ``posted``, ``again``, ``keep`` or ``over``.
        """
        with self._database.reading() as session:
            if not anything(session, now):
                return ()
        claimer = Claimer(who, lease, most, pace)
        return self._database.write([CLAIMING], lambda session: take(session, now, claimer))

    def lapse(self, now: datetime) -> tuple[Lapsed, ...]:
        """Give up posts that nobody tried in their time, and those whose lead was given up; which."""
        with self._database.reading() as session:
            if not lapsing(session, now):
                return ()
        return self._database.write([CLAIMING], lambda session: lapse(session, now, _AT_ONCE))

    def posted(  # noqa: PLR0913, PLR0917  a post, its holder, and where it stands
        self, key: str, who: str, now: datetime, ts: str, channel: str, said: Said | None = None
    ) -> bool:
        """Note where a post stands; ``said`` is what it says there where that is not what was owed.

        What its readers have seen by it is remembered first: after a crash between the two both are done again.
        """
        with self._database.reading() as session:
            held = session.one(_HELD, (key, who))
        if held and (seen := unpacked_seen(bytes(held[0]))):
            remember_seen(self._database, *seen)
        at, payload = stamp(now), None if said is None else packed(said)
        return self._database.jot(_POSTED, (channel, ts, at, at, at, payload, key, who)) > 0

    def again(self, key: str, who: str, due: datetime, why: str, *, plain: bool = False) -> bool:
        """Try again from ``due``: Slack surely did not take it. ``plain``: without its blocks."""
        return self._database.jot(_AGAIN, (stamp(due), clean(why), int(plain), key, who)) > 0

    def keep(self, key: str, who: str, now: datetime, lease: datetime, why: str = "") -> bool:
        """Hold a claim until another moment; False when it is lost. Nothing is tried again before, then unsure."""
        return self._database.write([], lambda it: it.run(_KEEP, (stamp(lease), stamp(now), clean(why), key, who))) > 0

    def over(self, key: str, who: str, now: datetime, state: str, why: str) -> bool:
        """Give a post up as skipped or failed, with why."""
        at = stamp(now)
        return self._database.write([], lambda it: it.run(_OVER, (state, at, at, clean(why), key, who))) > 0

    def hold(self, channel: str, until: datetime) -> None:
        """Post nothing to a channel until a moment; others go on."""
        self._database.jot(_HOLD, (channel, stamp(until)))

    def held(self, channel: str, now: datetime) -> datetime | None:
        """Until when a channel is held, None where it is free."""
        with self._database.reading() as session:
            row = session.one("SELECT until FROM hold WHERE channel = ? AND until > ?", (channel, stamp(now)))
        return instant(row[0]) if row else None

    def waiting(self) -> datetime | None:
        """From when the next post may be tried at the earliest; None where none waits."""
        with self._database.reading() as session:
            first = session.all(_WAITING)[0][0]
        return None if first is None else instant(first)

    # What stands in Slack

    def find(self, channel: str, ts: str) -> tuple[str, Said] | None:
        """The key of the post that stands there, and what it says."""
        with self._database.reading() as session:
            return _found(session, channel, ts)

    def amend(self, channel: str, ts: str, work: Callable[[Said], Said | None], now: datetime) -> Said | None:
        """Change what a posted message says; gives what it then says, None where it is not ours or not changed.

        ``work`` must be pure: it is called again when the database asks for another try.
        """

        def amending(session: Session) -> Said | None:
            found = _found(session, channel, ts)
            changed = None if found is None else work(found[1])
            if found is None or changed is None:
                return None
            session.run(_AMEND, (packed(changed), stamp(now), found[0]))
            return changed

        return self._database.write([f"post:{channel}:{ts}"], amending)

    def standing(self, causes: Iterable[str]) -> tuple[Stood, ...]:
        """Every post that these things caused, whatever became of it, by key."""
        with self._database.reading() as session:
            return told.of_causes(session, causes)

    def restate(
        self, key: str, message: Mapping[str, Any], now: datetime, was: Mapping[str, Any] | None = None
    ) -> bool:
        """Let a posted message say something else; it counts as not shown until ``shown`` is told so.

        False, and it stays as it is, where it says something else than ``was`` by now (None: whatever it says).
        """
        return self._database.write([], lambda session: told.restate(session, key, message, now, was))

    def unshow(self, key: str) -> Mapping[str, Any] | None:
        """Count a message as not shown, whatever it says: what that is, None where it is gone."""
        return self._database.write([], lambda session: told.unshow(session, key))

    def shown(self, key: str, message: Mapping[str, Any]) -> bool:
        """Note that Slack shows this message; False where it is to say something else by now."""
        return self._database.write([], lambda session: told.shown(session, key, message))

    def forgo(self, key: str, cause: str, why: str, now: datetime) -> bool:
        """Note a post that nobody can be sent, with why; whether that is new."""
        return self._database.write([], lambda session: told.forgo(session, key, cause, why, now))

    def lately(self, since: datetime) -> Iterable[Posted]:
        """Messages posted since a moment, newest first; streams."""
        before, last = stamp(since) + (1 << 60), ""
        while True:
            with self._database.reading() as session:
                rows = session.all(_LATELY, (stamp(since), before, before, last))
            for channel, ts, key, payload, cause, posted_at in rows:
                if said := unpacked(bytes(payload)):
                    yield Posted(channel, ts, key, said, cause, instant(posted_at))
            if not rows:
                return
            before, last = rows[-1][5], rows[-1][2]

    # Upkeep

    def figures(self, now: datetime) -> OutboxFigures:
        """How many runs and posts are in which state, and since when the oldest that is due waits."""
        with self._database.reading() as session:
            runs: dict[str, int] = dict(session.all(_COUNT.format("run")))
            posts: dict[str, int] = dict(session.all(_COUNT.format("post")))
            oldest = session.all("SELECT min(due) FROM post WHERE state = 'owed' AND due <= ?", (stamp(now),))[0][0]
        return OutboxFigures(runs, posts, None if oldest is None else instant(oldest))

    def prune(self, before: datetime, lasting: Collection[str] = ()) -> int:
        """Drop runs and posts that were over before a moment; how many posts.

        What things caused that are ``lasting`` stays: more may be said below it, and what it says may change.
        """
        at = stamp(before)

        def work(session: Session) -> int:
            session.run("DELETE FROM run WHERE at < ? AND moment < ?", (at, at))
            causes = [cause for (cause,) in session.all(_OVER_OF, (at,)) if cause not in lasting]
            return sum(session.run(_DROP, (cause, at)) for cause in causes)

        return self._database.write([], work)


def _rows(posts: Sequence[Owed], now: datetime, moment: int | None) -> list[tuple[Any, ...]]:
    return [_row(post, place, now, moment) for place, post in enumerate(posts)]


def _row(post: Owed, place: int, now: datetime, moment: int | None) -> tuple[Any, ...]:
    if not 0 < len(post.key) <= LONGEST_KEY:
        message = f"the key of a post has {len(post.key)} characters, not 1 to {LONGEST_KEY}"
        raise ValueError(message)
    return (
        post.key, post.cause, moment, place, post.after, post.channel, packed(post.message, post.seen),
        packed_pictures(post.pictures), stamp(post.due), stamp(post.until), stamp(now),
    )  # fmt: skip


def _run(session: Session, row: Row) -> Run:
    """A run is what became of its lead: owed while it waits, and skipped or failed with it."""
    subscription, moment, state, at, why = row
    if state == "posted":
        became, said = session.one(_OF_RUN, (subscription, moment)) or (state, why)
        state, why = "owed" if became in {"owed", "sending"} else became, said or why
    return Run(subscription, instant(moment), state, instant(at), why)


def _found(session: Session, channel: str, ts: str) -> tuple[str, Said] | None:
    row = session.one(_FIND, (channel, ts))
    said = None if row is None else unpacked(bytes(row[1]))
    return None if row is None or said is None else (row[0], said)
