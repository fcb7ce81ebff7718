"""What does one function pass on to another, by when, and does it hold a release up?"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite

import numpy as np

from assistant.handoffs.functions import Functions
from assistant.people import people_of
from assistant.policy import Policy
from assistant.policy.handing import PAIRS, PairEntry
from storage.records import Handoff


@dataclass(frozen=True, slots=True)
class Pair:
    """The checklist of a pair of functions, its usual due time in business hours, and whether it gates."""

    checklist: tuple[str, ...]
    due_hours: float
    gating: bool


def pair_of(from_function: str, to_function: str, policy: Policy) -> Pair:
    """What is configured for a pair, else what is usual for it, else an empty checklist that gates.

    Source: definitions, "Handoffs".
    """
    found = _found((*policy.handoffs.pairs, *PAIRS), from_function, to_function)
    due = policy.handoffs.due_hours
    if found is None:
        return Pair((), due, gating=True)
    return Pair(found.checklist, found.due_hours or due, found.gating)


def usual_due(pair: Pair, to_function: str, receiver: str | None, policy: Policy, now: datetime) -> datetime:
    """When it is due unless somebody says otherwise: in the working hours of whoever receives it.

    That is the person, else whoever of the function is on duty, else its lead; the workspace's where there is none.
    """
    functions = Functions(policy)
    key = receiver or functions.on_duty(to_function, now) or functions.lead(to_function)
    calendar, began = people_of(policy).calendar(key), now.replace(microsecond=0)
    due = float(calendar.after(np.array([began.timestamp()]), np.array([pair.due_hours]))[0])
    return datetime.fromtimestamp(due, UTC) if isfinite(due) else began + timedelta(hours=pair.due_hours)


def due_again(handoff: Handoff, policy: Policy, now: datetime) -> datetime:
    """When what goes out again is due: as before, or after the usual hours from now where those end later."""
    pair = pair_of(handoff.from_function, handoff.to_function, policy)
    usual = usual_due(pair, handoff.to_function, handoff.receiver, policy, now)
    return max(handoff.due_at, usual) if handoff.due_at else usual


def _found(pairs: tuple[PairEntry, ...], from_function: str, to_function: str) -> PairEntry | None:
    return next((p for p in pairs if (p.from_function, p.to_function) == (from_function, to_function)), None)
