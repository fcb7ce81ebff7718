"""Until when does nobody want to be called for a thing?

Until the working day of whoever asks begins, tomorrow or next week; what is counted stays counted.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from assistant.acts.attending import attended, called, held, thing
from assistant.calendar import Calendar
from assistant.deciding import Outcome, Records, Refused, stamp
from assistant.people import people_of
from assistant.policy import Policy
from assistant.viewer import Viewer

NAME = "snooze"
HELP = "Put a thing off until tomorrow or next week: nobody is called for it until then, it still counts."
Until = Literal["tomorrow", "next week"]
_WEEK = 7
_AHEAD = 60  # days: a longer leave is no snooze
_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """Put ``about`` (the object of a thing, or ``acme/api#101``) off."""

    about: str
    until: Until


def objects(wish: Wish) -> tuple[str, ...]:
    """The thing, and what people did about it."""
    return held(wish.about)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Put it off, for any insider who may see the thing."""
    found = thing(records, wish.about, who, policy, now)
    if isinstance(found, Refused):
        return found
    until = ends(wish.until, replace(people_of(policy).calendar(who.key), zone=who.zone), now)
    data = {"called": called(*found), "until": stamp(until)}
    return (attended(found[0], "attention.snoozed", who, now, data),)


def ends(until: Until, calendar: Calendar, now: datetime) -> datetime:
    """When a working day begins: the first from tomorrow on, or from next Monday on."""
    here = now.astimezone(ZoneInfo(calendar.zone))
    first = here.date() + timedelta(days=1 if until == "tomorrow" else _WEEK - here.weekday())
    begins = [
        datetime.combine(first + timedelta(days=days), calendar.start, here.tzinfo).astimezone(UTC)
        for days in range(_AHEAD)
    ]
    worked = (begin for begin in begins if calendar.hours_between(begin, begin + _MOMENT) > 0)
    return next(worked, begins[0])  # somebody who never works is called all the same
