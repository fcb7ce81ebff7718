"""How many working hours lie between two instants, and when are so many of them over?

Business hours are counted in the calendar of the one who must move: zone, working days, hours, holidays, leave. A
calendar becomes breakpoints, the instants at which work begins and ends with the working seconds until then, so that
both directions are one interpolation over columns of any length. Instants are UTC, as datetimes or as seconds since
the epoch; a day's hours are read in its zone, so they keep through clock changes.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

HOUR = 3600.0
_EARLIEST, _LATEST = 1971, 2200
_WEEK_DAYS = 7
_MARGIN_YEARS = 2
_MOMENT = 1e-5


@dataclass(frozen=True, slots=True)
class Calendar:
    """Somebody's working time: ``days`` as weekdays (Monday is 0); an ``end`` not after ``start`` is the next day's.

    ``holidays`` are ISO dates and countries (``NL``, ``DE-BY``); ``leave`` are first and last days, both included.
    """

    zone: str = "UTC"
    days: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    start: time = time(9)
    end: time = time(17)
    holidays: tuple[str, ...] = ()
    leave: tuple[tuple[date, date], ...] = ()

    def elapsed(self, began: Floats, ended: Floats) -> Floats:
        """Business hours between columns of epoch seconds; never negative, NaN where either is."""
        known = np.concatenate((began[np.isfinite(began)], ended[np.isfinite(ended)]))
        if not known.size:
            return np.full(began.shape, np.nan)
        instants, worked = _table(self, _year(known.min()), _year(known.max()))
        spent: Floats = np.interp(ended, instants, worked) - np.interp(began, instants, worked)
        return np.maximum(spent, 0.0) / HOUR

    def after(self, began: Floats, hours: Floats) -> Floats:
        """The epoch second, to the millisecond, at which so many hours after ``began`` are over; at once for none.

        Infinite hours, or an infinite beginning, give infinity. What ends with a working day ends then, not the next
        morning.
        """
        known = began[np.isfinite(began)]
        if not known.size:
            return np.full(np.broadcast(began, hours).shape, np.inf)
        first, last = _year(known.min()), _year(known.max())
        while True:
            instants, worked = _table(self, first, last)
            due = np.interp(began, instants, worked, right=np.inf) + np.maximum(hours, 0.0) * HOUR
            lacking = due[np.isfinite(due)].max(initial=0.0) - worked[-1]
            if lacking <= 0 or last >= _LATEST:
                break
            last = min(_LATEST, last + _MARGIN_YEARS + int(lacking / self._yearly()))
        # A moment before the exact second: at the end of a day that is still today, not the next morning's beginning.
        ended: Floats = np.interp(due - _MOMENT, worked, instants, right=np.inf)
        return np.maximum(began, np.round(ended + _MOMENT, 3))

    def hours_between(self, began: datetime, ended: datetime) -> float:
        """Business hours from one instant to a later one; 0 when it is not later."""
        instants, worked = _table(self, _year(began.timestamp()), _year(ended.timestamp()))
        spent = np.interp(ended.timestamp(), instants, worked) - np.interp(began.timestamp(), instants, worked)
        return max(0.0, float(spent)) / HOUR

    def _yearly(self) -> float:
        """Working seconds of a year without holidays: how far to look ahead at once."""
        return max(1.0, len(self.days) * 52 * HOUR)


def _year(instant: float) -> int:
    """The year of an instant, give or take a day that the table has room for; within what can be counted."""
    return min(_LATEST, max(_EARLIEST, int(1970 + instant / (365.2425 * 86400))))


@lru_cache(maxsize=1024)
def _table(calendar: Calendar, first: int, last: int) -> tuple[Floats, Floats]:
    """Breakpoints over whole years: instants (epoch seconds) and the working seconds until each."""
    years = range(first - 1, last + 2)
    begins, ends = (
        np.concatenate(column)
        for column in zip(*(_edges(calendar.zone, calendar.start, calendar.end, y) for y in years), strict=True)
    )
    days = np.arange(np.datetime64(f"{years[0]}-01-01"), np.datetime64(f"{years[-1] + 1}-01-01"))
    works = np.isin((days.astype(np.int64) + 3) % _WEEK_DAYS, list(calendar.days))  # the epoch was a Thursday
    works &= ~np.isin(days, _days_off(calendar.holidays, years[0], years[-1]))
    for away, back in calendar.leave:
        works &= ~((days >= np.datetime64(away)) & (days <= np.datetime64(back)))
    begins, ends = begins[works], ends[works]
    instants = np.column_stack((begins, ends)).ravel()
    worked = np.column_stack((np.zeros(len(begins)), ends - begins)).ravel().cumsum()
    edge = _edges(calendar.zone, calendar.start, calendar.end, years[0])[0][0]
    return np.concatenate(([edge - 1.0], instants)), np.concatenate(([0.0], worked))


@lru_cache(maxsize=2048)
def _edges(zone: str, start: time, end: time, year: int) -> tuple[Floats, Floats]:
    """When each day of a year begins and ends its work, in epoch seconds; a day never ends before it begins."""
    here = ZoneInfo(zone)
    days = [date(year, 1, 1) + timedelta(day) for day in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    late = timedelta(days=1) if end <= start else timedelta(0)
    begins = np.array([datetime.combine(day, start, here).timestamp() for day in days])
    ends = np.array([datetime.combine(day + late, end, here).timestamp() for day in days])
    return begins, np.maximum(begins, ends)


@lru_cache(maxsize=256)
def _days_off(holidays: tuple[str, ...], first: int, last: int) -> npt.NDArray[np.datetime64]:
    """The days of a list of ISO dates and countries; the library of countries is loaded only when one is named."""
    off = [day for day in holidays if day[:1].isdigit()]
    for place in holidays:
        if not place[:1].isdigit():
            off += [day.isoformat() for day in country_holidays(place, first, last)]
    return np.array(sorted(set(off)), dtype="datetime64[D]")


def country_holidays(place: str, first: int, last: int) -> tuple[date, ...]:
    """The public holidays of a country or its region (``DE-BY``) from one year to another, by the holidays library.

    Raises NotImplementedError for a place that it does not know.
    """
    import holidays

    country, _, region = place.partition("-")
    return tuple(sorted(holidays.country_holidays(country, subdiv=region or None, years=range(first, last + 1))))
