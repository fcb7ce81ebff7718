"""How is an instant kept in a column that every database sorts alike?"""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
FOREVER = 2**62  # later than any datetime; fits a BIGINT


def stamp(instant: datetime) -> int:
    """Microseconds since the epoch, UTC; a naive datetime raises TypeError."""
    return (instant - EPOCH) // MICROSECOND


def instant(stamped: int) -> datetime:
    """The aware UTC datetime of a stamp."""
    return EPOCH + timedelta(microseconds=stamped)


def stamp_or_none(moment: datetime | None) -> int | None:
    """``stamp`` that lets "not known" through."""
    return None if moment is None else stamp(moment)
