"""At which instants is a digest due?

A subscription names local time, so 09:00 stays 09:00 whatever the clocks do. A time that the clocks skip is the first
instant after the gap; one that they show twice is its first. Days on which nobody of it works are left out; what comes
once a week comes on the next day of that week (counted from its own day) on which somebody works.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from assistant.calendar import Calendar
from storage.records import Subscription

ON_TIME = timedelta(minutes=10)  # how long after its moment a digest is not called late
_DAY = timedelta(days=1)
_MOMENT = timedelta(minutes=1)
_WEEK = 7  # days
_MOST_MISSED = 10  # moments of one subscription that are told of
_FURTHEST = timedelta(days=400)  # no need to look further for what comes next


@dataclass(frozen=True, slots=True)
class Due:
    """A moment that has come; ``late`` when it came a good while ago."""

    moment: datetime
    late: bool


def moments(subscription: Subscription, calendar: Calendar, after: datetime, until: datetime) -> Iterator[datetime]:
    """The moments later than ``after``, up to and with ``until``, in order."""
    zone, hour = ZoneInfo(subscription.zone), time.fromisoformat(subscription.time)
    today, last = after.astimezone(zone).date() - _WEEK * _DAY, until.astimezone(zone).date() + _DAY
    while today <= last:
        day = _day(subscription, calendar, today) if today.weekday() in subscription.days else None
        moment = instant(day, hour, zone) if day else None
        if moment and after < moment <= until:
            yield moment
        today += _DAY


def due(subscription: Subscription, calendar: Calendar, now: datetime, within: timedelta) -> Due | None:
    """The newest moment that has come and may still be sent ``within`` so long; None when there is none."""
    found = list(moments(subscription, calendar, max(subscription.since, now - within), now))
    return Due(found[-1], now - found[-1] > ON_TIME) if found else None


def missed(
    subscription: Subscription, calendar: Calendar, looked: datetime, now: datetime, within: timedelta
) -> tuple[datetime, ...]:
    """The newest moments that came after ``looked``, when somebody last did, and are past being sent late; in order."""
    found = list(moments(subscription, calendar, max(subscription.since, looked), now - within))
    return tuple(found[-_MOST_MISSED:])


def coming(subscription: Subscription, calendar: Calendar, now: datetime) -> datetime | None:
    """The next moment; None while it is paused, once it was removed, and where no day of it is worked."""
    if subscription.paused_at or subscription.ended_at:
        return None
    return next(moments(subscription, calendar, now, now + _FURTHEST), None)


def week_before(subscription: Subscription, calendar: Calendar, moment: datetime) -> tuple[datetime, ...] | None:
    """The moments of a week (from Monday, local) before its last one; None where ``moment`` is not the last."""
    zone = ZoneInfo(subscription.zone)
    today = moment.astimezone(zone).date()
    monday = today - today.weekday() * _DAY
    begins, ends = (instant(day, time(0), zone) - _MOMENT for day in (monday, monday + 7 * _DAY))
    week = list(moments(subscription, calendar, begins, ends))
    return tuple(week[:-1]) if week and week[-1] == moment else None


def instant(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """The instant (UTC) of a local time: the first of two, and the end of the gap where the clocks skip it."""
    local = datetime.combine(day, hour, zone)
    first = local.astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return first
    return _end_of_gap(local.replace(fold=1).astimezone(UTC), first, zone)


def works(calendar: Calendar, day: date) -> bool:
    """Whether work begins on a day: a working day, no holiday, no leave."""
    begins = datetime.combine(day, calendar.start, ZoneInfo(calendar.zone)).astimezone(UTC)
    return calendar.hours_between(begins, begins + _MOMENT) > 0


def _day(subscription: Subscription, calendar: Calendar, own: date) -> date | None:
    """The day on which it comes instead of its own, if any: it never reaches the same day of the next week."""
    if works(calendar, own):
        return own
    if len(subscription.days) > 1 or own.weekday() not in calendar.days:
        return None
    following = (own + number * _DAY for number in range(1, _WEEK))
    return next((day for day in following if works(calendar, day)), None)


def _end_of_gap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first second at which a zone's clock stands as it does ``after``, which is not as it does ``before``."""
    low, high = int(before.timestamp()), int(after.timestamp())
    changed = after.astimezone(zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, UTC).astimezone(zone).utcoffset() == changed:
            high = middle
        else:
            low = middle
    return datetime.fromtimestamp(high, UTC)
