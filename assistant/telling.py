"""How is a time, an age or a wait said to the one who reads it?"""

import math
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import jinja2

from assistant.counting import plural

_DAY_HOURS = 24


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom words are chosen: their zone, and the moment they read."""

    zone: ZoneInfo
    now: datetime


@jinja2.pass_context
def when(context: jinja2.runtime.Context, at: datetime | None) -> str:
    """Say an instant in the reader's zone, to the minute: ``today 10:04``, ``Tue 3 Nov 10:04``."""
    if at is None:
        return "at an unknown time"
    reader: Reader = context["reader"]
    local, today = at.astimezone(reader.zone), reader.now.astimezone(reader.zone).date()
    told = "today" if local.date() == today else _day(local.date(), today)
    return f"{told} {local:%H:%M}"


@jinja2.pass_context
def dated(context: jinja2.runtime.Context, at: datetime | None) -> str:
    """The same by its day alone, for what stands for days: ``Tue 3 Nov 10:04``, never "today"."""
    if at is None:
        return "at an unknown time"
    reader: Reader = context["reader"]
    local = at.astimezone(reader.zone)
    return f"{_day(local.date(), reader.now.astimezone(reader.zone).date())} {local:%H:%M}"


@jinja2.pass_context
def day(context: jinja2.runtime.Context, at: datetime | date | None) -> str:
    """Say the day of an instant in the reader's zone: ``Fri 13 Nov``, with the year when it is another one."""
    if at is None:
        return "an unknown day"
    reader: Reader = context["reader"]
    local = at.astimezone(reader.zone).date() if isinstance(at, datetime) else at
    return _day(local, reader.now.astimezone(reader.zone).date())


def _day(on: date, today: date) -> str:
    said = f"{on:%a} {on.day} {on:%b}"
    return said if on.year == today.year else f"{said} {on.year}"


@jinja2.pass_context
def age(context: jinja2.runtime.Context, at: datetime | None) -> str:
    """Say how long ago by the calendar, in whole units: ``5 minutes``, ``3 hours``, ``4 days``."""
    if at is None:
        return "an unknown time"
    reader: Reader = context["reader"]
    minutes = max(0, int((reader.now - at).total_seconds() // 60))
    if minutes < 60:  # noqa: PLR2004  minutes of an hour
        return plural(minutes, "minute")
    spent = minutes // 60
    return plural(spent, "hour") if spent < _DAY_HOURS else plural(spent // _DAY_HOURS, "day")


@jinja2.pass_context
def aged(context: jinja2.runtime.Context, at: datetime) -> str:
    """Say how long ago by the calendar; empty where it was today for the reader, since the hour tells that."""
    reader: Reader = context["reader"]
    today = at.astimezone(reader.zone).date() == reader.now.astimezone(reader.zone).date()
    return "" if today else age(context, at)


@jinja2.pass_context
def ago(context: jinja2.runtime.Context, at: datetime) -> str:
    """Add the age in brackets to an instant that is not of today: `` (3 days ago)``."""
    passed = aged(context, at)
    return f" ({passed} ago)" if passed else ""


def hours(value: float | None) -> str:
    """Say business hours: ``under 1 working hour``, ``26 working hours``; None is unknown."""
    if value is None or not math.isfinite(value):
        return "unknown working hours"
    return "under 1 working hour" if value < 1 else plural(round(value), "working hour")
