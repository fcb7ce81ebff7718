"""What waits for a function, what has it in hand, what did it return, and what does it wait for from others?"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from assistant.blockers.blocker import Blocker, BlockerKind
from assistant.blockers.changes import of_changes
from assistant.blockers.finding import find
from assistant.handoffs.functions import Functions
from assistant.handoffs.listing import Listed
from assistant.handoffs.standing import RECEIVERS
from assistant.membership import in_scope, labelled
from assistant.since import stamp
from assistant.situation import Situation
from assistant.standing import standing_of
from assistant.subject import Subject
from assistant.unknowns import Unknown
from assistant.waits import as_data, most_over
from assistant.waivers import waive
from storage.naming import called, enablement_object, is_tracker
from storage.records import HandoffState, Ticket

_PLANNED = {"epic", "story", "task", "sub-task", "subtask", "feature", "initiative"}  # tickets that nobody reported


@dataclass(frozen=True, slots=True)
class Noted:
    """A ticket as a list names it; ``name`` is what people call it."""

    object: str
    name: str
    title: str
    url: str | None
    opened_at: datetime
    open: bool
    type: str | None

    def as_data(self) -> dict[str, Any]:
        """It as JSON values."""
        return {
            "object": self.object, "subject": self.name, "title": self.title, "url": self.url,
            "opened_at": stamp(self.opened_at), "open": self.open, "type": self.type,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lacking:
    """Something that customers still lack of a release: ``what`` in policy's words, and the blocker that it is."""

    release: Subject
    what: str
    blocker: Blocker

    def as_data(self) -> dict[str, Any]:
        """It as JSON values."""
        return {"release": self.release.name, "what": self.what, **as_data(self.blocker)}


@dataclass(frozen=True, slots=True)
class Launch:
    """A release that shipped, and the tickets that were opened since where it is built, newest first.

    ``tickets`` is None where nothing tells of any there.
    """

    release: str
    shipped_at: datetime
    tickets: tuple[Noted, ...] | None


@dataclass(frozen=True, slots=True)
class Enabling:
    """What customers still lack of each open release, and what was reported since the newest launch of each product."""

    missing: tuple[Lacking, ...] = ()
    launches: tuple[Launch, ...] = ()
    untold: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True)
class Queue:
    """One function: ``waiting`` for it (stale ones too), ``in_hand``, ``returned`` by it, ``came_back`` to it.

    ``waits_for`` is what it handed off and others have. ``reviews`` are what its team at the forge is asked for,
    ``debt`` the open tickets that note design debt.
    """

    function: str
    name: str
    waiting: tuple[Listed, ...] = ()
    in_hand: tuple[Listed, ...] = ()
    returned: tuple[Listed, ...] = ()
    came_back: tuple[Listed, ...] = ()
    waits_for: tuple[Listed, ...] = ()
    reviews: tuple[Blocker, ...] = ()
    debt: tuple[Noted, ...] = ()
    enabling: Enabling = field(default_factory=Enabling)

    @property
    def handoffs(self) -> tuple[Listed, ...]:
        """Every handoff of it, in the order in which they are listed."""
        return (*self.waiting, *self.came_back, *self.in_hand, *self.returned, *self.waits_for)

    @property
    def blockers(self) -> tuple[Blocker, ...]:
        """What waits for it beside handoffs."""
        return (*self.reviews, *(one.blocker for one in self.enabling.missing))

    @property
    def moves(self) -> int:
        """How many things wait for it to begin or go on."""
        own = (self.waiting, self.in_hand, self.came_back, self.reviews, self.enabling.missing)
        return sum(len(things) for things in own)

    @property
    def anything(self) -> bool:
        """Whether there is anything to say of it."""
        return bool(self.handoffs or self.reviews or self.debt or self.enabling.missing or self.enabling.launches)

    def as_data(self) -> dict[str, Any]:
        """The queue as JSON values."""
        return {
            "function": self.function,
            "name": self.name,
            "waiting": [one.as_data() for one in self.waiting],
            "in_hand": [one.as_data() for one in self.in_hand],
            "returned": [one.as_data() for one in self.returned],
            "came_back": [one.as_data() for one in self.came_back],
            "waits_for": [one.as_data() for one in self.waits_for],
            "reviews": [as_data(one) for one in self.reviews],
            "design_debt": [one.as_data() for one in self.debt],
            "enablement_missing": [one.as_data() for one in self.enabling.missing],
            "since_launch": [
                {"release": one.release, "shipped_at": stamp(one.shipped_at),
                 "tickets": None if one.tickets is None else [ticket.as_data() for ticket in one.tickets]}
                for one in self.enabling.launches
            ],
        }  # fmt: skip


def queue_of(function: str, name: str, things: Iterable[Listed], **more: Any) -> Queue:  # noqa: ANN401  other lists
    """Sort the open handoffs from and to one function into its queue."""
    kept = tuple(things)
    to = [one for one in kept if one.handoff.to_function == function]
    own = [one for one in kept if one.handoff.from_function == function]
    return Queue(
        function,
        name,
        waiting=tuple(one for one in to if one.state in {HandoffState.OPEN, HandoffState.STALE}),
        in_hand=tuple(one for one in to if one.state is HandoffState.ACKNOWLEDGED),
        returned=tuple(one for one in to if one.state is HandoffState.RETURNED),
        came_back=tuple(one for one in own if one.state is HandoffState.RETURNED),
        waits_for=tuple(one for one in own if one.state in RECEIVERS),
        **more,
    )


def reviews(function: str, situation: Situation) -> tuple[Blocker, ...]:
    """The changes that wait for a review of which this function's team at the forge is asked."""
    teams = {team.casefold() for team in Functions(situation.policy).entry(function).teams}
    asked = {c.object for c in situation.members.changes if teams & {team.casefold() for team in c.asked_teams}}
    if not asked:
        return ()
    found = (one for one in of_changes(situation) if one.kind is BlockerKind.REVIEW_PENDING and one.object in asked)
    return tuple(sorted(found, key=most_over))


def noted(situation: Situation) -> tuple[Noted, ...]:
    """The open tickets of the scope that note design debt, oldest first."""
    labels = situation.policy.labels.design_debt
    found = [t for t in situation.tickets.values() if t.open and labelled(t, labels) and in_scope(t, situation.subject)]
    return tuple(map(_noted, sorted(found, key=_opened)))


def enabling(releases: Iterable[Situation]) -> Enabling:
    """What is missing for the open ones of these releases, and what was reported since the shipped ones."""
    missing: list[Lacking] = []
    launches: dict[str, Launch] = {}
    untold: dict[str, Unknown] = {}
    for one in releases:
        left = waive(find(one), one)[0]
        standing = standing_of(one, left)
        product = one.subject.product or ""
        if standing.shipped_at is not None:
            newest = launches.get(product)
            if newest is None or newest.shipped_at < standing.shipped_at:
                launches[product] = Launch(one.subject.name, standing.shipped_at, _since(standing.shipped_at, one))
        elif not standing.over:
            missing += [_lacking(one, b) for b in left if b.kind is BlockerKind.ENABLEMENT_MISSING]
            untold |= {gap.key: gap for gap in standing.untold}
    unknown = (*untold.values(), *(_unreported(one) for one in launches.values() if one.tickets is None))
    return Enabling(tuple(missing), tuple(launches.values()), unknown)


def _unreported(launch: Launch) -> Unknown:
    return Unknown(
        "no_ticket_source", f"What was reported since {launch.release} shipped: nothing tells of tickets where it is "
        "built.", "Add the Jira project in which it is reported to the product's repositories, as "
        'in "jira/SHOP", or let the webhook send issues.', in_settings=True, unsettles=True,
    )  # fmt: skip


def _lacking(situation: Situation, blocker: Blocker) -> Lacking:
    what = blocker.object.removeprefix(enablement_object(situation.subject.object or "", ""))
    return Lacking(situation.subject, what, blocker)


def _since(at: datetime, situation: Situation) -> tuple[Noted, ...] | None:
    """The tickets opened since a launch where that release is built; what was planned was not reported.

    None where nothing tells of any: no tracker that is known there, nor any ticket.
    """
    if not _told_of_tickets(situation):
        return None
    found = [
        ticket
        for ticket in situation.tickets.values()
        if ticket.opened_at > at and in_scope(ticket, situation.subject)
        and (ticket.type or "").casefold() not in _PLANNED
    ]  # fmt: skip
    return tuple(map(_noted, sorted(found, key=_opened, reverse=True)))


def _told_of_tickets(situation: Situation) -> bool:
    scope = situation.subject.repositories
    trackers = [name for name in situation.heard or () if is_tracker(name) and situation.viewer.may_see(name)]
    if any(scope is None or name in {one.casefold() for one in scope} for name in trackers):
        return True
    return any(in_scope(ticket, situation.subject) for ticket in situation.tickets.values())


def _noted(ticket: Ticket) -> Noted:
    return Noted(
        ticket.object, called(ticket.object), ticket.title, ticket.url, ticket.opened_at, ticket.open, ticket.type
    )


def _opened(ticket: Ticket) -> tuple[datetime, str]:
    return ticket.opened_at, ticket.object
