"""Is a thing that was brought to somebody over, how did it end, and when?"""

from dataclasses import dataclass
from datetime import datetime

from storage.records import Change, ChangeState, External, Freeze, Incident, Record, Release, Ticket


@dataclass(frozen=True, slots=True)
class Ended:
    """How a thing ended, as a sentence about it says it, and when, where that is known."""

    how: str
    at: datetime | None


def ended(record: Record | None, now: datetime) -> Ended | None:
    """How and when a thing ended; None while it lasts, or of what nothing is known."""
    found: Ended | None = None
    match record:
        case Change(state=ChangeState.MERGED):
            found = Ended("merged", record.merged_at)
        case Change(state=ChangeState.ABANDONED):
            found = Ended("closed unmerged", record.closed_at)
        case Ticket(open=False):
            found = Ended("closed", record.closed_at)
        case Incident(open=False):
            found = Ended("resolved", record.closed_at)
        case External(closed_at=datetime()):
            found = Ended("over", record.closed_at)
        case Freeze(lifted_at=datetime()):
            found = Ended("lifted", record.lifted_at)
        case Freeze() if record.ends_at <= now:
            found = Ended("over", record.ends_at)
        case Release(ended=str(how)):
            found = Ended(how, record.ended_at)
    return found
