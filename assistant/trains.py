"""When does a train leave next?"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.records import Train

_WEEK = 7


def next_cutoff(train: Train, now: datetime) -> datetime:
    """The first cutoff at or after ``now``, in UTC: its weekday and time in its own zone, every so many weeks."""
    zone, at = ZoneInfo(train.zone), time.fromisoformat(train.time)
    first = date.fromisoformat(train.first_on)
    first += timedelta((train.weekday - first.weekday()) % _WEEK)
    span = _WEEK * max(1, train.every_weeks)
    passed = max(0, (now.astimezone(zone).date() - first).days // span)
    for turn in (passed, passed + 1):
        cutoff = datetime.combine(first + timedelta(turn * span), at, zone).astimezone(UTC)
        if cutoff >= now:
            return cutoff
    return cutoff
