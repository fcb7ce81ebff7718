"""Where in Slack does each side of a handoff read of it, and when do they work?

Whoever can't be reached is a finding of its own, with why: it is told to whoever waits, never guessed around.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from assistant.calendar import Calendar
from assistant.handoffs.functions import Functions
from assistant.handoffs.rounds import product_of
from assistant.handoffs.seeing import may_see
from assistant.handoffs.standing import Stand
from assistant.people import People
from assistant.policy import Policy
from assistant.viewer import Viewer, viewer_for
from digests.directory import Directory
from digests.reaching import CLOSED, OUTSIDE, SHARED, UNKNOWN, Finding, at_work, personal
from storage.records import Handoff

__all__ = [
    "CHANNEL", "CLOSED", "NOBODY", "OUTSIDE", "REFUSED", "SHARED", "UNKNOWN", "UNSEEN", "Found", "Lost", "Place",
    "Reach",
]  # fmt: skip

NOBODY, UNSEEN, CHANNEL, REFUSED = "nobody", "unseen", "channel", "refused"
_LINGERS = timedelta(minutes=10)  # at the end of a day: what is due with it is said then, not the next morning


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody reads: ``who`` as a key, the Slack id of a user or channel, and who may see what there.

    ``since`` is the day from which it is on them by turns, ``awake`` whether they work at this moment.
    """

    who: str
    name: str
    channel: str
    viewer: Viewer
    calendar: Calendar
    awake: bool = True
    since: datetime | None = None

    @property
    def personal(self) -> bool:
        """Whether one person reads it, not a channel."""
        return personal(self.channel)


@dataclass(frozen=True, slots=True)
class Lost:
    """Whom nothing reaches: ``who`` as a key, and why, as a code of this module."""

    who: str
    name: str
    code: str


Found = Place | Lost


@dataclass(slots=True)
class Reach:
    """Finds everybody, at one moment; each is asked for once. Raises CouldNotAsk where Slack does not say."""

    policy: Policy
    people: People
    directory: Directory
    now: datetime
    _persons: dict[str, Found] = field(default_factory=dict)
    _ids: dict[str, str | None] = field(default_factory=dict)
    _turns: dict[tuple[str, date], datetime | None] = field(default_factory=dict)
    _barred: dict[str, str] = field(default_factory=dict)  # why nothing is posted to a channel, empty: it may be

    def person(self, key: str, handoff: Handoff) -> Found:
        """Where a person reads of a handoff."""
        settled = self.people.settled(key)
        if settled not in self._persons:
            self._persons[settled] = self._person(settled)
        found = self._persons[settled]
        if isinstance(found, Place) and not may_see(handoff, found.viewer, self.policy):
            return Lost(settled, found.name, UNSEEN)
        return found

    def receiver(self, stand: Stand) -> Found:
        """Where it is brought: to its receiver, whoever is on duty, the function's channel, or whoever leads it."""
        handoff, functions = stand.handoff, Functions(self.policy)
        if handoff.receiver:
            return self.person(handoff.receiver, handoff)
        lost: list[Lost] = []
        duty = functions.on_duty(handoff.to_function, self.now)
        for found in self._tried(handoff, duty):
            if isinstance(found, Place):
                by_turns = duty is not None and found.who == self.people.settled(duty)
                return replace(found, since=self._since(handoff)) if by_turns else found
            lost.append(found)
        function = f"function/{handoff.to_function}"
        return lost[0] if lost else Lost(function, functions.name(handoff.to_function), NOBODY)

    def leader(self, stand: Stand) -> Found | None:
        """Where whoever leads the function reads that it is late; None where nobody does."""
        key = Functions(self.policy).lead(stand.handoff.to_function, product_of(stand.handoff.about))
        return self.person(key, stand.handoff) if key else None

    def ids(self, keys: Iterable[str]) -> dict[str, str | None]:
        """The Slack users that people are."""
        for key in keys:
            if key not in self._ids:
                self._ids[key] = self.directory.slack_id(self.people.settled(key), self.now)
        return {key: self._ids[key] for key in keys}

    def reader(self, channel: str, handoff: Handoff, key: str | None = None) -> Viewer | None:
        """Who reads what stands somewhere: a person (``key``), or a channel as whoever handed it off shares with it.

        None where nothing may be told of it there, whatever stands there from before.
        """
        if personal(channel):
            inside = self.directory.inside(channel, self.now)
            viewer = self._finding.viewer(key or f"slack/{channel}", channel) if inside else None
        else:
            viewer = None if self._why_not(channel) else self._readers(channel, handoff)
        return viewer if viewer and viewer.inside and may_see(handoff, viewer, self.policy) else None

    @property
    def _finding(self) -> Finding:
        return Finding(self.policy, self.people, self.directory, self.now)

    def _tried(self, handoff: Handoff, duty: str | None) -> Iterable[Found]:
        functions = Functions(self.policy)
        if duty:
            yield self.person(duty, handoff)
        channel = functions.entry(handoff.to_function).channel
        if channel:
            yield self._channel(channel, handoff)
        lead = functions.lead(handoff.to_function, product_of(handoff.about))
        if lead and lead != duty:
            yield self.person(lead, handoff)

    def _person(self, settled: str) -> Found:
        name, found = self.people.name(settled), self._finding.person(settled)
        if isinstance(found, str):
            return Lost(settled, name, found)
        return Place(settled, name, found.user, found.viewer, found.calendar, self._works(found.calendar))

    def _channel(self, channel: str, handoff: Handoff) -> Found:
        who, name = f"function/{handoff.to_function}", Functions(self.policy).name(handoff.to_function)
        if code := self._why_not(channel):
            return Lost(who, name, code)
        viewer, calendar = self._readers(channel, handoff), self.people.calendar()
        if not may_see(handoff, viewer, self.policy):
            return Lost(who, name, CHANNEL)
        return Place(who, name, channel, viewer, calendar, self._works(calendar))

    def _why_not(self, channel: str) -> str:
        if channel not in self._barred:
            self._barred[channel] = self._finding.barred(channel)
        return self._barred[channel]

    def _readers(self, channel: str, handoff: Handoff) -> Viewer:
        return self._finding.readers(channel, viewer_for(self.policy, handoff.sender, ""))

    def _works(self, calendar: Calendar) -> bool:
        return at_work(calendar, self.now, _LINGERS)

    def _since(self, handoff: Handoff) -> datetime | None:
        """The beginning of the turn of whoever is on duty; None where it was theirs when it was opened."""
        functions = Functions(self.policy)
        key = (handoff.to_function, handoff.opened_at.astimezone(functions.zone).date())
        if key not in self._turns:
            self._turns[key] = functions.turn_began(handoff.to_function, self.now, handoff.opened_at)
        return self._turns[key]
