"""Which instant does a person mean by "friday 17:00", "in 3 days" or "2026-12-01"?"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from assistant.errors import UserError

END_OF_DAY = time(17)
_LONGEST = 80
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_HOURS = {"minute": 1 / 60, "min": 1 / 60, "hour": 1.0, "h": 1.0}
_WEEKS = {"day": 1, "week": 7}
_UNDERSTOOD = 'I understand "2026-12-01", "1 december", "friday 17:00", "next friday", "tomorrow" and "in 3 days".'

_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[t ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:z|[+-]\d{2}:?\d{2})?")
_TIME = re.compile(r"(?:^|\s|,)(?:at\s+)?(\d{1,2}):(\d{2})$|(?:^|\s)(?:at\s+)?(\d{1,2})(?::(\d{2}))?\s*(am|pm)$")
_SPAN = re.compile(r"in\s+(an?|\d{1,4})\s*(minute|min|hour|h|day|week)s?")
_SLASHES = re.compile(r"(\d{1,2})[./](\d{1,2})(?:[./](\d{2,4}))?")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?\s+([a-z]{3,9})\.?(?:,?\s+(\d{4}))?")
_MONTH_DAY = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?")


@dataclass(frozen=True, slots=True)
class When:
    """An instant (UTC) and the sentence that says how it was understood, in the asker's zone."""

    at: datetime
    said: str


def read_when(text: str, zone: str, now: datetime, day_ends: time = END_OF_DAY) -> When:
    """Read a moment as the asker in ``zone`` means it; a day without a time means the end of its working day.

    Raises UserError, with the forms that are understood, for what can't be read or could be two dates.
    """
    words = " ".join(text.casefold().split())
    if not words or len(words) > _LONGEST:
        raise _unread(text)
    here = now.astimezone(ZoneInfo(zone))
    at = _instant(words, here) or _span(words, here, day_ends) or _day_and_time(words, here, day_ends)
    if at is None:
        raise _unread(text)
    try:
        settled = at.astimezone(UTC)
    except OverflowError:
        raise _unread(text) from None
    return When(settled, f"understood as {in_words(settled, zone)}{_doubt(words)}")


def in_words(at: datetime, zone: str) -> str:
    """Write an instant for a reader in ``zone``: ``Friday 4 December 2026, 17:00 (Europe/Berlin)``."""
    local = at.astimezone(ZoneInfo(zone))
    day = f"{_DAYS[local.weekday()].title()} {local.day} {_MONTHS[local.month - 1].title()} {local.year}"
    return f"{day}, {local:%H:%M} ({zone})"


def _instant(words: str, here: datetime) -> datetime | None:
    if not _INSTANT.fullmatch(words):
        return None
    try:
        read = datetime.fromisoformat(words.upper().replace(" ", "T", 1).replace(" ", ""))
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=here.tzinfo)


def _span(words: str, here: datetime, day_ends: time) -> datetime | None:
    found = _SPAN.fullmatch(words)
    if not found:
        return None
    count = 1 if found[1].startswith("a") else int(found[1])
    if found[2] in _HOURS:
        return here.astimezone(UTC) + timedelta(hours=count * _HOURS[found[2]])
    return _at(here.date() + timedelta(days=count * _WEEKS[found[2]]), day_ends, here)


def _day_and_time(words: str, here: datetime, day_ends: time) -> datetime | None:
    clock, day_words = _clock(words)
    hour = clock or day_ends
    if not day_words:
        today = _at(here.date(), hour, here)
        return today if today > here else _at(here.date() + timedelta(days=1), hour, here)
    day = _named_day(day_words, here, hour) or _calendar_day(day_words, here, hour)
    return _at(day, hour, here) if day else None


def _clock(words: str) -> tuple[time | None, str]:
    """Split a time of day off the end: ``friday at 5pm`` -> 17:00 and ``friday``."""
    found = _TIME.search(words)
    if not found:
        return None, words
    hour, minute = int(found[1] or found[3]), int(found[2] or found[4] or 0)
    if found[5]:
        hour = hour % 12 + (12 if found[5] == "pm" else 0)
    if hour > 23 or minute > 59:  # noqa: PLR2004 - the clock's own
        return None, words
    return time(hour, minute), words[: found.start()].rstrip(" ,")


def _named_day(words: str, here: datetime, hour: time) -> date | None:
    """Read today, tomorrow and weekdays; a weekday is the coming one, today only while its time is ahead."""
    today = here.date()
    if words in {"today", "tomorrow"}:
        return today + timedelta(days=words == "tomorrow")
    name = re.sub(r"^(?:(?:on|by|this|next|coming)\s+)+", "", words)
    index = next((at for at, day in enumerate(_DAYS) if name in {day, day[:3]}), None)
    if index is None:
        return None
    ahead = (index - today.weekday()) % 7
    if ahead == 0 and (words.startswith("next") or _at(today, hour, here) <= here):
        ahead = 7
    return today + timedelta(days=ahead)


def _calendar_day(words: str, here: datetime, hour: time) -> date | None:
    words = words.removeprefix("on ").removeprefix("by ")
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", words):
            return date.fromisoformat(words)
        if _SLASHES.fullmatch(words):
            return _slashed(words)
        if found := _DAY_MONTH.fullmatch(words):
            return _month_day(found[2], int(found[1]), found[3], here, hour)
        if found := _MONTH_DAY.fullmatch(words):
            return _month_day(found[1], int(found[2]), found[3], here, hour)
    except ValueError:
        return None
    return None


def _month_day(name: str, day: int, year: str | None, here: datetime, hour: time) -> date | None:
    """Read a day of a named month; without a year it is the next one to come."""
    number = next((at for at, month in enumerate(_MONTHS, 1) if month.startswith(name)), None)
    if number is None:
        return None
    if year:
        return date(int(year), number, day)
    this = date(here.year, number, day)
    return this if _at(this, hour, here) > here else date(here.year + 1, number, day)


def _slashed(words: str) -> date:
    """Refuse ``3/4`` and its like: half the world reads it the other way round."""
    message = f'"{words}" could be two dates: write it like 2026-12-01 or 1 december.'
    raise UserError(message)


def _at(day: date, hour: time, here: datetime) -> datetime:
    # Through UTC, so that a time which the clocks skip becomes one that exists.
    return datetime.combine(day, hour, here.tzinfo).astimezone(UTC)


def _doubt(words: str) -> str:
    return ", the coming one; write the date for another" if re.match(r"(?:by |on )?next [a-z]", words) else ""


def _unread(text: str) -> UserError:
    shown = " ".join(text.split())[:_LONGEST]
    return UserError(f'"{shown}" is no date I can read. {_UNDERSTOOD}')
