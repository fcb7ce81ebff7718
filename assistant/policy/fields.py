"""Which small values may stand in the configuration: a zone, a weekday, a time of day, a holiday list, a glob?"""

from datetime import date, time
from functools import lru_cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MIDNIGHT = "24:00"
_SHORTEST_DAY = 2


class Section(BaseModel):
    """One table of the file: frozen, and a key that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@lru_cache(maxsize=512)
def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        message = f"{name!r} is no time zone; zones are written like Europe/Berlin"
        raise ValueError(message) from None
    return name


def _weekday(value: object) -> object:
    words = str(value).strip().casefold()
    for number, name in enumerate(WEEKDAYS):
        if len(words) >= _SHORTEST_DAY and name.startswith(words):
            return number
    message = f"{value!r} is no day of the week; days are written like mon or monday"
    raise ValueError(message)


def _time_of_day(value: object) -> object:
    return time(0) if value == _MIDNIGHT else value


def _holiday(value: object) -> str:
    words = value.isoformat() if isinstance(value, date) else str(value).strip()
    if words[:1].isdigit():
        return date.fromisoformat(words).isoformat()
    country, _, region = words.upper().partition("-")
    if len(country) == len("NL") and country.isalpha() and _known_place(country, region):
        return words.upper()
    message = f"{words!r} is neither a date like 2026-12-24 nor a country like NL or DE-BY"
    raise ValueError(message)


def _known_place(country: str, region: str) -> bool:
    """Whether the holidays library knows a country and its region; loaded only for those who name one."""
    import holidays

    try:
        holidays.country_holidays(country, subdiv=region or None)
    except NotImplementedError:
        return False
    return True


def _listed(value: Any) -> Any:  # noqa: ANN401  # whatever the file holds, before it is checked
    return value if isinstance(value, list | tuple) else [value]


Zone = Annotated[str, AfterValidator(_known_zone)]
Weekday = Annotated[int, BeforeValidator(_weekday)]
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
Holidays = Annotated[tuple[Annotated[str, BeforeValidator(_holiday)], ...], BeforeValidator(_listed)]
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]
Glob = Annotated[str, Field(min_length=1)]
RepositoryName = Annotated[str, Field(pattern=r"^[^/\s]+/[^/\s]+$")]
