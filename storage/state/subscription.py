"""Who wants which digest, where and when?

The newest setting holds and lets a paused one go on; what was removed stays removed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from storage.records import Folded, KnownEvent, Subscription
from storage.state.rules import FoldRules
from storage.state.stated import word

_WEEK = range(7)


def fold_subscription(object_name: str, events: Sequence[KnownEvent], _rules: FoldRules) -> Folded:
    """Fold the events of one subscription, ordered."""
    found: Subscription | None = None
    for event in events:
        if event.object != object_name or not event.actor or (found and found.ended_at):
            continue
        if event.kind == "subscription.set":
            found = _set(object_name, event, found) or found
        elif found:
            found = _moved(found, event)
    return Folded(found)


def _moved(found: Subscription, event: KnownEvent) -> Subscription:
    if event.kind == "subscription.paused" and found.paused_at is None:
        return replace(found, paused_at=event.at, paused_why=word(event.data, "why"))
    if event.kind == "subscription.resumed" and found.paused_at:
        return replace(found, since=event.at, paused_at=None, paused_why=None)
    return replace(found, ended_at=event.at) if event.kind == "subscription.ended" else found


def _set(object_name: str, event: KnownEvent, before: Subscription | None) -> Subscription | None:
    data = event.data
    digest, hour, zone = word(data, "digest"), word(data, "time"), word(data, "zone")
    channel, person, days = word(data, "channel"), word(data, "person"), _days(data)
    if not digest or not hour or not zone or not days or not (channel or person) or not _keeps_time(hour, zone):
        return None
    return Subscription(
        object=object_name,
        digest=digest,
        by=event.actor or "",
        created_at=before.created_at if before else event.at,
        since=event.at,
        channel=channel,
        person=None if channel else person,
        days=days,
        time=hour,
        zone=zone,
        about=word(data, "about") or "",
        all_clear=data.get("all_clear") is True,
    )


def _days(data: Mapping[str, Any]) -> tuple[int, ...]:
    listed = data.get("days")
    if not isinstance(listed, list | tuple):
        return ()
    return tuple(sorted({day for day in listed if type(day) is int and day in _WEEK}))


def _keeps_time(hour: str, zone: str) -> bool:
    """Whether a moment can be worked out from these: nobody downstream should have to ask again."""
    try:
        ZoneInfo(zone)
        return time.fromisoformat(hour).tzinfo is None
    except (KeyError, ValueError, OSError):
        return False
