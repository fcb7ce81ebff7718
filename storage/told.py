"""What was posted of a thing, what does it say there, and what could not be told to anybody?

What stands in Slack says what is true now: it is rewritten here first, marked as not shown, and the mark goes once
Slack shows exactly that. A process that dies between the two leaves the mark, and somebody shows it later.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from storage.cleaning import clean
from storage.database import Row, Session
from storage.instants import instant, stamp
from storage.posts import Stood, packed, unpacked

_UNSHOWN = "not shown yet"
_OF = """
    SELECT key, cause, state, channel, sent_channel, ts, after, payload, at, why FROM post WHERE cause IN ({})
    ORDER BY key"""
_RESTATE = "UPDATE post SET payload = ?, at = ?, why = ? WHERE key = ? AND state = 'posted' AND length(payload) > 0"
_IF_IT_SAYS = " AND payload = ?"
_UNSHOW = "UPDATE post SET why = ? WHERE key = ? AND state = 'posted' AND length(payload) > 0"
_SAYS = "SELECT payload FROM post WHERE key = ? AND state = 'posted'"
_SHOWN = "UPDATE post SET why = '' WHERE key = ? AND payload = ? AND why = ?"
_FORGO = """
    INSERT INTO post (key, cause, moment, place, after, channel, payload, pictures, state, plain, due, until, who,
        lease, tries, began, tried_at, at, why)
    VALUES (?, ?, NULL, 0, NULL, '', ?, NULL, 'skipped', 0, ?, ?, '', 0, 0, 0, 0, ?, ?) ON CONFLICT (key) DO NOTHING"""


def of_causes(session: Session, causes: Iterable[str]) -> tuple[Stood, ...]:
    """Every post that these things caused, as it stands."""
    return tuple(map(_stood, session.among(_OF, dict.fromkeys(causes))))


def restate(
    session: Session, key: str, message: Mapping[str, Any], now: datetime, was: Mapping[str, Any] | None = None
) -> bool:
    """Let a posted message say something else; it counts as not shown until ``shown`` is told so.

    Where it says something else than ``was`` by now (None: whatever it says), it stays as it is.
    """
    values = (packed(message), stamp(now), _UNSHOWN, key)
    if was is None:
        return session.run(_RESTATE, values) > 0
    return session.run(_RESTATE + _IF_IT_SAYS, (*values, packed(was))) > 0


def unshow(session: Session, key: str) -> Mapping[str, Any] | None:
    """Note that nobody knows what Slack shows of a posted message; what it is to say, None where it is gone."""
    session.run(_UNSHOW, (_UNSHOWN, key))
    row = session.one(_SAYS, (key,))
    return unpacked(bytes(row[0])) if row else None


def shown(session: Session, key: str, message: Mapping[str, Any]) -> bool:
    """Note that Slack shows this message; False, and nothing is noted, where it is to say something else by now."""
    return session.run(_SHOWN, (key, packed(message), _UNSHOWN)) > 0


def forgo(session: Session, key: str, cause: str, why: str, now: datetime) -> bool:
    """Note a post that nobody can be sent, with why; whether that is new."""
    at = stamp(now)
    return session.run(_FORGO, (key, cause, b"", at, at, at, clean(why))) > 0


def _stood(row: Row) -> Stood:
    key, cause, state, channel, place, ts, after, payload, at, why = row
    unshown = state == "posted" and why == _UNSHOWN
    return Stood(
        key, cause, state, channel, place, ts, after, unpacked(bytes(payload)), instant(at), "" if unshown else why,
        not unshown,
    )  # fmt: skip
