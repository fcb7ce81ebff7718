"""When is somebody reminded of what was handed to them, and when does their lead hear that it is late?

All in the working hours of whoever is to move: some hours before it is due, when it is due, and some hours after. What
came back to them only after it was due, or shortly before, has its hours counted from then. A snooze mutes reminders
and nothing else: whoever waits is told that it is late all the same. There is one deadline: cards, lists, blockers and
reminders read it of where the handoff stands.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

import numpy as np

from assistant.calendar import Calendar
from assistant.handoffs.functions import Functions
from assistant.handoffs.standing import RECEIVERS, Stand
from assistant.people import People
from assistant.policy.handing import HandoffsPolicy
from storage.records import Handoff, HandoffState

_NEVER = datetime.max.replace(tzinfo=UTC)
_BEGINS = frozenset({"handoff.opened", "handoff.resent", "handoff.reassigned"})


class Nudge(StrEnum):
    """What is to be said about the time; each only until the next."""

    BEFORE = "before"
    DUE = "due"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Clock:
    """The times of one turn of a receiver: since when it lasts, its deadline, and when its lead is told."""

    began_at: datetime
    deadline: datetime
    late_at: datetime


def began_at(stand: Stand) -> datetime:
    """Since when it is the receiver's turn; that they acknowledged it is no turn of its own."""
    if stand.state is HandoffState.STALE:
        return stand.since
    began, before = stand.handoff.opened_at, ""
    for step in stand.handoff.steps:
        again = step.kind == "handoff.acknowledged" and before == "handoff.done"  # it was stale
        began = (step.since or step.at) if step.kind in _BEGINS or again else began
        before = before if step.kind in {"handoff.rescheduled", "handoff.snoozed"} else step.kind
    return began


def dated(stand: Stand, people: People) -> Stand:
    """The same with the deadline of this turn, in the hours of whoever had it when the turn began."""
    if stand.state not in RECEIVERS or stand.handoff.due_at is None:
        return stand
    handoff, functions, began = stand.handoff, Functions(people.policy), began_at(stand)
    key = handoff.receiver or functions.on_duty(handoff.to_function, began) or functions.lead(handoff.to_function)
    deadline = _deadline(handoff, began, people.policy.handoffs, people.calendar(key))
    return replace(stand, deadline=deadline if deadline < _NEVER else None)


def clock_of(stand: Stand, policy: HandoffsPolicy, calendar: Calendar) -> Clock | None:
    """The times of a receiver's turn, None while it is not their turn or nothing is due."""
    if stand.state not in RECEIVERS or stand.handoff.due_at is None:
        return None
    began = began_at(stand)
    deadline = stand.deadline or _deadline(stand.handoff, began, policy, calendar)
    return Clock(began, deadline, after(calendar, deadline, policy.escalate_hours))


def _deadline(handoff: Handoff, began: datetime, policy: HandoffsPolicy, calendar: Calendar) -> datetime:
    """When it is due; of what came back to its receiver no earlier than that, some working hours after it did."""
    due = handoff.due_at or _NEVER
    return due if began < due or began <= handoff.opened_at else after(calendar, began, policy.remind_hours)


def nudge_of(stand: Stand, clock: Clock, policy: HandoffsPolicy, calendar: Calendar, now: datetime) -> Nudge | None:
    """What is to be said at this moment, None for nothing yet."""
    if now >= clock.late_at:
        return Nudge.LATE
    if snoozed_until(stand.handoff, now):
        return None
    if now >= clock.deadline:
        return Nudge.DUE
    long_enough = calendar.hours_between(clock.began_at, clock.deadline) > policy.remind_hours
    soon = calendar.hours_between(now, clock.deadline) <= policy.remind_hours
    return Nudge.BEFORE if long_enough and soon else None


def snoozed_until(handoff: Handoff, now: datetime) -> datetime | None:
    """Until when its receivers want no reminders, None where they do."""
    return max((mark.until for mark in handoff.snoozed if mark.until and mark.until > now), default=None)


def after(calendar: Calendar, began: datetime, hours: float) -> datetime:
    """When so many working hours are over; never, where somebody never works."""
    if began >= _NEVER:
        return _NEVER
    ended = float(calendar.after(np.array([began.timestamp()]), np.array([hours]))[0])
    return datetime.fromtimestamp(ended, UTC) if np.isfinite(ended) else _NEVER
