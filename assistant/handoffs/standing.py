"""Where does a handoff stand now, since when, and whose move is it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.blockers.blocker import Owner
from assistant.handoffs.functions import Functions
from assistant.people import People
from assistant.policy import Policy
from storage.records import Handoff, HandoffState

RECEIVERS = frozenset({HandoffState.OPEN, HandoffState.ACKNOWLEDGED, HandoffState.STALE})
DONE = frozenset({HandoffState.DONE, HandoffState.DONE_WITH_RISK})
OPEN = RECEIVERS | {HandoffState.RETURNED}  # somebody has to move; gating ones hold their subject up


@dataclass(frozen=True, slots=True)
class Later:
    """A change or commit that landed in the scope of a handoff after what was looked at."""

    object: str
    name: str
    at: datetime
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Stand:
    """A handoff as it stands: its state (STALE among them) since ``since``, whose move it is (empty: nobody's).

    ``later`` is what landed after what its receiver looked at, oldest first; ``about`` what people call its subject,
    with ``title`` and ``url`` where those are known.
    """

    handoff: Handoff
    state: HandoffState
    since: datetime
    movers: tuple[Owner, ...] = ()
    later: tuple[Later, ...] = ()
    about: str = ""
    title: str = ""
    url: str | None = None

    @property
    def open(self) -> bool:
        """Whether somebody still has to move."""
        return self.state in OPEN

    @property
    def due_at(self) -> datetime | None:
        """By when somebody has to move; None where that was over when it had to be looked at once more."""
        handoff, due = self.handoff, self.handoff.due_at
        again = handoff.signed is not None and due is not None and due < self.since
        return due if self.open and not again else None

    def overdue(self, now: datetime) -> bool:
        """Whether it is past its due time and somebody still has to move."""
        return self.due_at is not None and self.due_at < now


def titled(handoff: Handoff, policy: Policy) -> str:
    """What a list or a sentence calls a handoff: ``Engineering to QA: try the new payment``."""
    functions = Functions(policy)
    names = functions.name(handoff.from_function), functions.name(handoff.to_function)
    return f"{' to '.join(names)}: {handoff.needed}"


def standing_of(  # noqa: PLR0913, PLR0917  what is known of one handoff
    handoff: Handoff, later: Sequence[Later], people: People, now: datetime, about: str = "", title: str = "",
    url: str | None = None,
) -> Stand:  # fmt: skip
    """Where it stands, given what landed after what was looked at. Source: definitions, "Handoffs"."""
    state, since = handoff.state, handoff.state_at or handoff.opened_at
    if state in DONE and later:
        state, since = HandoffState.STALE, min(one.at for one in later)
    return Stand(handoff, state, since, _movers(handoff, state, people, now), tuple(later), about, title, url)


def _taken_by(handoff: Handoff, state: HandoffState, people: People) -> str | None:
    """Who acknowledged what went to a whole function; None while nobody did, or where a rule did it for nobody."""
    if state is not HandoffState.ACKNOWLEDGED:
        return None
    by = next((step.by for step in reversed(handoff.steps) if step.kind == "handoff.acknowledged"), None)
    return by if by and people.settled(by).startswith(("person/", "slack/")) else None


def _movers(handoff: Handoff, state: HandoffState, people: People, now: datetime) -> tuple[Owner, ...]:
    """The receiver (a person, whoever took it, is on duty, else the function), or the sender of what was returned."""
    if state is HandoffState.RETURNED:
        return (people.owner(handoff.sender),)
    if state not in RECEIVERS:
        return ()
    functions = Functions(people.policy)
    key = handoff.receiver or _taken_by(handoff, state, people) or functions.on_duty(handoff.to_function, now)
    return (
        (people.owner(key),)
        if key
        else (Owner(f"function/{handoff.to_function}", functions.name(handoff.to_function)),)
    )
