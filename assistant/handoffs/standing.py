"""Where does a handoff stand now, since when, and whose move is it?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.blockers.blocker import Owner
from assistant.counting import plural
from assistant.handoffs.functions import Functions
from assistant.people import People
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.facts import MOST_LANDED
from storage.indexing import repository_in
from storage.naming import kind_of
from storage.records import Handoff, HandoffState, ObjectKind

RECEIVERS = frozenset({HandoffState.OPEN, HandoffState.ACKNOWLEDGED, HandoffState.STALE})
DONE = frozenset({HandoffState.DONE, HandoffState.DONE_WITH_RISK})
OPEN = RECEIVERS | {HandoffState.RETURNED}  # somebody has to move; gating ones hold their subject up


@dataclass(frozen=True, slots=True)
class Later:
    """A change or commit that landed in the scope of a handoff after what was looked at.

    Of one that a reader may not see there is no ``name``, and ``object`` says its kind alone.
    """

    object: str
    name: str
    at: datetime
    url: str | None = None

    @property
    def hidden(self) -> bool:
        """Whether its reader may know that it landed, and not what it is."""
        return not self.name


@dataclass(frozen=True, slots=True)
class Stand:
    """A handoff as it stands: its state (STALE among them) since ``since``, whose move it is (empty: nobody's).

    ``deadline`` is by when its receiver has to move this time: ``due_at`` reads it, wherever it is shown.
    ``later`` is what landed after what its receiver looked at, oldest first, and ``more`` says that more did than that;
    ``about`` is what people call its subject, with ``title`` and ``url`` where those are known.
    """

    handoff: Handoff
    state: HandoffState
    since: datetime
    movers: tuple[Owner, ...] = ()
    later: tuple[Later, ...] = ()
    about: str = ""
    title: str = ""
    url: str | None = None
    deadline: datetime | None = None
    more: bool = False

    @property
    def came(self) -> str:
        """How much landed since, in words: ``2 changes and 1 commit``, and how much of it its reader may not see."""
        return _came(self.later, more=self.more)

    @property
    def named(self) -> tuple[Later, ...]:
        """What of it has a name for its reader."""
        return tuple(one for one in self.later if not one.hidden)

    def beyond(self, shown: int) -> str:
        """How much landed beside so many that are shown: ``3 more``, ``others``; empty for nothing."""
        rest = len(self.later) - shown
        if self.more:
            return f"more than {rest} more" if rest else "more"
        return f"{rest} more" if rest > 0 else ""

    @property
    def open(self) -> bool:
        """Whether somebody still has to move."""
        return self.state in OPEN

    @property
    def due_at(self) -> datetime | None:
        """By when somebody has to move; None where nothing says so: what came back after it was due has no other."""
        if not self.open or self.deadline is not None:
            return self.deadline
        handoff, due = self.handoff, self.handoff.due_at
        again = handoff.signed is not None and due is not None and due < self.since
        return None if again else due

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
    shown, movers = tuple(later[:MOST_LANDED]), _movers(handoff, state, people, now)
    return Stand(handoff, state, since, movers, shown, about, title, url, more=len(later) > len(shown))


def seen_by(viewer: Viewer, stand: Stand) -> Stand:
    """The same without the names of later changes that a reader may not see; that they landed is for all to know."""
    told = tuple(
        one if viewer.may_see(repository_in(one.object)) else Later(f"{kind_of(one.object)}:", "", one.at)
        for one in stand.later if not one.hidden
    )  # fmt: skip
    kept = tuple(one for one in stand.later if one.hidden)
    return replace(stand, later=tuple(sorted((*told, *kept), key=lambda one: (one.at, one.object))))


def _came(later: Sequence[Later], *, more: bool) -> str:
    kinds = [kind_of(one.object) for one in later]
    commits, unseen = kinds.count(ObjectKind.COMMIT), sum(one.hidden for one in later)
    changes = len(later) - commits
    if more:
        words = [*(["changes"] if changes else []), *(["commits"] if commits else [])]
        return f"more than {len(later)} {' and '.join(words)}{', some of which you may not see' if unseen else ''}"
    said = [plural(changes, "change")] if changes or not commits else []
    said += [plural(commits, "commit")] if commits else []
    if not unseen:
        return " and ".join(said)
    hidden = "that you may not see" if unseen == len(later) else f", {unseen} of which you may not see"
    return f"{' and '.join(said)}{'' if hidden.startswith(',') else ' '}{hidden}"


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
