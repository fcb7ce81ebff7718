"""What does a list say of each handoff: from whom to whom, whose move, how late, and what its reader may press?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from assistant.blockers.blocker import Blocker
from assistant.handoffs.functions import Functions
from assistant.handoffs.sides import Sides
from assistant.handoffs.standing import Stand
from assistant.people import People
from assistant.since import stamp
from assistant.subject import Subject, SubjectKind
from assistant.waits import outline
from storage.naming import called, kind_of
from storage.records import Handoff, HandoffState

_FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Listed:
    """One handoff in a list: names as people read them; ``late`` are business hours past its due time (0: not late).

    ``receives`` and ``sends`` say whether its reader may make the receiver's and the sender's moves. ``spares`` names
    what it is listed under and, though it holds something up, does not hold up.
    """

    stand: Stand
    from_name: str
    to_name: str
    sender: str
    receiver: str | None
    late: float = 0.0
    receives: bool = False
    sends: bool = False
    spares: str = ""

    @property
    def handoff(self) -> Handoff:
        """What was handed off."""
        return self.stand.handoff

    @property
    def state(self) -> HandoffState:
        """Where it stands."""
        return self.stand.state

    @property
    def about(self) -> str:
        """What people call what it is about."""
        return self.stand.about or called(self.handoff.about)

    @property
    def due_at(self) -> datetime | None:
        """By when somebody has to move; of one that is over, by when it was due."""
        return self.stand.due_at if self.stand.open else self.handoff.due_at

    @property
    def owner(self) -> str:
        """Whose move it is, by name; empty where nobody has to move."""
        return " or ".join(mover.name for mover in self.stand.movers)

    def as_data(self) -> dict[str, Any]:
        """It as JSON values."""
        one, signed = self.handoff, self.handoff.signed
        return {
            "object": one.object,
            "about": {"object": one.about, "name": self.about, "title": self.stand.title or None,
                      "url": self.stand.url},
            "needed": one.needed,
            "from": one.from_function,
            "to": one.to_function,
            "from_name": self.from_name,
            "to_name": self.to_name,
            "sender": {"key": one.sender, "name": self.sender},
            "receiver": one.receiver and {"key": one.receiver, "name": self.receiver},
            "state": self.state,
            "since": stamp(self.stand.since),
            "owner": self.owner or None,
            "owners": [{"key": mover.key, "name": mover.name} for mover in self.stand.movers],
            "due_at": stamp(self.due_at),
            "overdue": self.late > 0,
            "overdue_business_hours": round(self.late, 2),
            "gating": one.gating,
            "does_not_hold_up": self.spares or None,
            "checklist": list(one.checklist),
            "links": list(one.links),
            "returned_why": one.returned_why if self.state is HandoffState.RETURNED else None,
            "looked_at": signed.looked_at if signed else None,
            "landed_since": [{"object": None if later.hidden else later.object, "name": later.name or None,
                              "at": stamp(later.at), "url": later.url} for later in self.stand.later],
            "more_landed_since": self.stand.more,
            "previous": one.previous,
            "round": one.round,
        }  # fmt: skip


def listed(
    stands: Iterable[Stand], sides: Sides, people: People, now: datetime, under: Subject | None = None
) -> tuple[Listed, ...]:
    """Each of these handoffs as a list ``under`` a subject says it, overdue ones first, then by when they are due."""
    functions = Functions(people.policy)
    made = [
        Listed(
            stand,
            functions.name(stand.handoff.from_function),
            functions.name(stand.handoff.to_function),
            people.name(stand.handoff.sender),
            people.name(stand.handoff.receiver) if stand.handoff.receiver else None,
            _late(stand, people, now),
            sides.receives(stand.handoff),
            sides.sends(stand.handoff),
            _spares(stand.handoff, under),
        )
        for stand in stands
    ]
    return tuple(sorted(made, key=lambda one: (not one.stand.overdue(now), *_due(one.stand))))


def outline_of(things: Iterable[Listed], blockers: Iterable[Blocker] = ()) -> dict[str, Any]:
    """What to remember of a list, and of what else is listed beside it, so that the next one can say what changed."""
    made = outline(blockers)
    said = {one.handoff.object: [_called(one), one.state.replace("_", " ")] for one in things}
    return made | {"blockers": said | made["blockers"]}


def _spares(handoff: Handoff, under: Subject | None) -> str:
    """The name of a release that a handoff about one of its product's services goes with and does not hold up."""
    if under is None or under.kind is not SubjectKind.RELEASE or not handoff.gating:
        return ""
    return under.name if kind_of(handoff.about) == "service" else ""


def _called(one: Listed) -> str:
    return f"{one.about}, {one.from_name} to {one.to_name}"


def _due(stand: Stand) -> tuple[datetime, datetime, str]:
    return stand.due_at or _FOREVER, stand.handoff.opened_at, stand.handoff.object


def _late(stand: Stand, people: People, now: datetime) -> float:
    """Business hours of whoever has to move since it was due; never none for what is overdue."""
    due = stand.due_at
    if due is None or not stand.overdue(now):
        return 0.0
    keys = [mover.key for mover in stand.movers if not mover.key.startswith("function/")]
    calendars = [people.calendar(key) for key in keys] or [people.calendar()]
    return max(0.01, *(calendar.hours_between(due, now) for calendar in calendars))
