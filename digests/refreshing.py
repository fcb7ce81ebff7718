"""How does what was posted stay true: what became of the things that a message lists?

Read off the ledger each time it is asked for, so that two that do it at once end in the same.
"""

import math
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from assistant.over import ended
from assistant.showing.attended import Line, line, listed, renewed
from assistant.showing.attended import over as over_line
from assistant.telling import Reader
from assistant.words import zone_of
from digests.poster import Poster, Trouble
from storage.naming import attention_object
from storage.posts import Posted
from storage.records import Attention, Subscription

if TYPE_CHECKING:
    from assistant.policy import Policy
    from storage.ledger import Ledger

FOR = timedelta(hours=24)  # an older post is yesterday's news
EACH = timedelta(seconds=1.5)  # between two updates: Slack takes fifty a minute
MOST = 200  # updates of one round; the next goes on
_TRIES = 5  # buttons may be pressed meanwhile


def posted_at(ts: str) -> datetime:
    """When a message was posted, as Slack's name for it says."""
    try:
        seconds = float(ts)
    except ValueError:
        seconds = 0.0
    return datetime.fromtimestamp(seconds if math.isfinite(seconds) else 0.0, UTC)


def reader_of(key: str, ts: str, ledger: "Ledger", policy: "Policy") -> Reader:
    """For whom a post's times are said: in the zone of its subscription, on the day on which it was posted."""
    name = key.partition("|")[0]
    found = ledger.get((name,)).get(name)
    zone = found.zone if isinstance(found, Subscription) else policy.workspace.zone or policy.hours.zone or "UTC"
    return Reader(zone_of(zone), posted_at(ts))


def became(
    message: Mapping[str, Any], ledger: "Ledger", names: Callable[[str], str], reader: Reader, now: datetime
) -> dict[str, Line]:
    """What became of each thing that a message lists, since it was posted."""
    things = listed(message.get("blocks") or ())
    records = ledger.get([*things, *map(attention_object, things)])
    told: dict[str, Line] = {}
    for name in things:
        done = records.get(attention_object(name))
        attention = done if isinstance(done, Attention) else None
        if said := line(attention, ended(records.get(name), now), reader.now, names, reader):
            told[name] = said
    return told


def refresh(
    ledger: "Ledger", policy: "Policy", poster: Poster, now: datetime, stopping: threading.Event | None = None
) -> int:
    """Say in the posts of the last day which of their things are over; how many messages that changed.

    One that Slack does not take is passed over: its row is then still what it was when it was posted.
    """
    pause, changed = stopping or threading.Event(), 0
    for post in ledger.outbox.lately(now - FOR):
        if changed >= MOST or pause.is_set():
            break
        lines = _over(post, ledger, policy, now)
        saying = _saying(lines)
        amended = ledger.outbox.amend(post.channel, post.ts, saying, now) if saying(post.message) else None
        if amended is not None:
            changed += 1
            _update(poster, ledger, post, amended)
            pause.wait(EACH.total_seconds())
    return changed


def _over(post: Posted, ledger: "Ledger", policy: "Policy", now: datetime) -> dict[str, Line]:
    """A line for each thing that is over; what people did about it stands there already."""
    things = listed(post.message.get("blocks") or ())
    over = {name: ended(record, now) for name, record in ledger.get(things).items()}
    if not any(over.values()):
        return {}
    reader = reader_of(post.key, post.ts, ledger, policy)
    return {name: Line(None, over_line(how, reader)) for name, how in over.items() if how}


def _saying(lines: Mapping[str, Line]) -> Callable[[dict[str, Any]], dict[str, Any] | None]:
    return lambda said: renewed(said, lines)


def _update(poster: Poster, ledger: "Ledger", post: Posted, message: Mapping[str, Any]) -> None:
    """Show it; once more where somebody pressed a button meanwhile."""
    shown: Mapping[str, Any] | None = None
    newest: Mapping[str, Any] = message
    for _ in range(_TRIES):
        try:
            poster.update(post.channel, post.ts, newest)
        except Trouble as problem:
            _log(post, problem)
            return
        shown, found = newest, ledger.outbox.find(post.channel, post.ts)
        if found is None or found[1] == shown:
            return
        newest = found[1]


def _log(post: Posted, problem: Trouble) -> None:
    import structlog

    structlog.get_logger("lastmile.digests").warning("not refreshed", action="refresh", post=post.key, why=problem.why)
