"""How does a terminal list what comes where?"""

from typing import TYPE_CHECKING, Any

from storage.naming import subject_of

if TYPE_CHECKING:
    from datetime import datetime

    from storage.outbox import Run
    from storage.records import Subscription


def row(one: "Subscription", coming: "datetime | None", last: "Run | None") -> dict[str, Any]:
    """A subscription as data: where it comes, when next, and what became of its last run."""
    return {
        "id": subject_of(one.object),
        "digest": one.digest,
        "channel": one.channel,
        "person": one.person,
        "days": list(one.days),
        "time": one.time,
        "zone": one.zone,
        "about": one.about or None,
        "all_clear": one.all_clear,
        "next": coming.isoformat() if coming else None,
        "paused": one.paused_why if one.paused_at else None,
        "last": {"moment": last.moment.isoformat(), "state": last.state, "why": last.why or None} if last else None,
        "by": one.by,
    }


def line(row: dict[str, Any]) -> str:
    """The same as a line to read."""
    from assistant.sentences import weekdays

    about = f" about {row['about']}" if row["about"] else ""
    when = f"{weekdays(row['days'])} at {row['time']} ({row['zone']})"
    last = row["last"]
    parts = [
        f"{row['id']}  {row['digest']}{about} to {row['channel'] or row['person']}, {when}",
        f"next {row['next']}" if row["next"] else f"paused: {row['paused'] or 'somebody paused it'}",
        f"last {last['moment']}: {last['state']}{', ' + last['why'] if last['why'] else ''}" if last else "",
    ]
    return "; ".join(part for part in parts if part)
