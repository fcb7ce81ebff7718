"""When was a handoff somebody's to answer, whose was it then, and how long did it wait until they took it up?

From the opening to done, or to when it was withdrawn; again from when what was done turned stale, as whoever took it
up again says. That it is stale while nobody takes it up is worked out when asked, of now.
"""

from dataclasses import dataclass
from datetime import datetime

from storage.records import Handoff, HandoffState

_ENDS = {"done", "withdrawn"}
_RESUMES = {"acknowledged", "returned", "resent", "reassigned"}
_TAKEN = {"acknowledged", "done", "returned"}  # its receiver looked at it
_OVER = {HandoffState.DONE, HandoffState.DONE_WITH_RISK, HandoffState.WITHDRAWN}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which a handoff to one function was open: ``ended`` None while it lasts.

    ``taken`` is when its receiver first did anything about it, ``done`` whether it ended in that it was done.
    """

    function: str
    began: datetime
    ended: datetime | None = None
    taken: datetime | None = None
    done: bool = False


def stretches(handoff: Handoff) -> tuple[Stretch, ...]:
    """The times in which it was open, oldest first; what was passed on to another function begins anew there."""
    first = next((step.to_function for step in handoff.steps if step.to_function), None) or handoff.to_function
    function, began, taken = first, handoff.opened_at, None
    found: list[Stretch] = []
    lasts = True
    for step in handoff.steps:
        word = named(step.kind)
        if not lasts and (word in _RESUMES or (word == "done" and step.since)):
            lasts, began, taken = True, step.since or step.at, None
        if lasts and word in _TAKEN and taken is None:
            taken = step.at
        if lasts and (word in _ENDS or (word == "reassigned" and step.to_function not in {None, function})):
            found.append(Stretch(function, began, max(began, step.at), taken, done=word == "done"))
            lasts, began, taken = word not in _ENDS, step.at, None
        if word == "reassigned":
            function = step.to_function or function
    if lasts:
        over = (handoff.state_at or handoff.last_at) if handoff.state in _OVER else None
        done = over is not None and handoff.state is not HandoffState.WITHDRAWN
        found.append(Stretch(function, began, over and max(began, over), taken or over, done))
    return tuple(found)


def open_since(handoff: Handoff) -> datetime:
    """Since when somebody has had to move, whichever function had it: from there past handoffs are measured too."""
    found = stretches(handoff)
    began = found[-1].began
    for before, after in zip(found[-2::-1], found[:0:-1], strict=True):
        if before.done or before.ended != after.began:
            break
        began = before.began
    return began


def named(kind: str) -> str:
    """What a step is without what it happened to: ``done`` of ``handoff.done``."""
    return kind.removeprefix("handoff.")
