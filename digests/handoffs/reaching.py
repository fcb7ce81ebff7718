"""Where in Slack does each side of a handoff read of it, and when do they work?

Whoever can't be reached is a finding of its own, with why: it is told to whoever waits, never guessed around.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from assistant.calendar import Calendar
from assistant.errors import UserError
from assistant.handoffs.functions import Functions
from assistant.handoffs.seeing import may_see
from assistant.handoffs.standing import Stand
from assistant.people import People
from assistant.policy import Policy
from assistant.viewer import Viewer, shared_in, viewer_for
from assistant.words import zone_of
from digests.directory import CouldNotAsk, Directory
from storage.naming import kind_of, subject_of
from storage.records import Handoff, ObjectKind

NOBODY, UNKNOWN, OUTSIDE, UNSEEN = "nobody", "unknown", "outside", "unseen"
SHARED, CLOSED, CHANNEL, REFUSED = "shared", "closed", "channel", "refused"
_MOMENT = timedelta(minutes=1)
_LINGERS = timedelta(minutes=10)  # at the end of a day: what is due with it is said then, not the next morning
_WEEK = 7


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
        return not self.channel.startswith(("C", "G"))


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
    _outsiders: dict[str, str] = field(default_factory=dict)  # why nothing is posted to a channel, empty: it may be

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
                return replace(found, since=self._since(handoff.to_function, duty)) if by_turns else found
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

    def viewer(self, channel: str, handoff: Handoff, key: str | None = None) -> Viewer:
        """Who reads what stands somewhere: a person (``key``), or a channel as whoever handed it off shares with it."""
        if not channel.startswith(("C", "G")):
            return self._viewer(self.people.settled(key or f"slack/{channel}"), channel)
        return replace(shared_in(viewer_for(self.policy, handoff.sender, ""), self.policy, channel), zone=self.zone)

    @property
    def zone(self) -> str:
        """The workspace's."""
        return self.policy.workspace.zone or self.policy.hours.zone or "UTC"

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
        name = self.people.name(settled)
        user = self.directory.slack_id(settled, self.now)
        if not user:
            return Lost(settled, name, UNKNOWN)
        if not self.directory.inside(user, self.now):
            return Lost(settled, name, OUTSIDE)
        viewer, calendar = self._viewer(settled, user), self.people.calendar(settled)
        if not self.people.zoned(settled):
            calendar = replace(calendar, zone=viewer.zone)
        return Place(settled, name, user, viewer, calendar, self._works(calendar))

    def _channel(self, channel: str, handoff: Handoff) -> Found:
        who, name = f"function/{handoff.to_function}", Functions(self.policy).name(handoff.to_function)
        if channel not in self._outsiders:
            self._outsiders[channel] = self._barred(channel)
        if code := self._outsiders[channel]:
            return Lost(who, name, code)
        viewer, calendar = self.viewer(channel, handoff), self.people.calendar()
        if not may_see(handoff, viewer, self.policy):
            return Lost(who, name, CHANNEL)
        return Place(who, name, channel, viewer, calendar, self._works(calendar))

    def _barred(self, channel: str) -> str:
        try:
            return SHARED if self.directory.outsiders_in(channel, self.now) else ""
        except CouldNotAsk:
            raise
        except UserError:
            return CLOSED

    def _viewer(self, settled: str, user: str) -> Viewer:
        zone = None if self.people.zoned(settled) else self.directory.zone(user, self.now)
        return viewer_for(self.policy, settled, self.people.name(settled), zone)

    def _works(self, calendar: Calendar) -> bool:
        return calendar.hours_between(self.now - _LINGERS, self.now + _MOMENT) > 0

    def _since(self, function: str, duty: str | None) -> datetime | None:
        """The beginning of the first day on which the same person is on duty; None where it was no turn of theirs."""
        functions, zone = Functions(self.policy), zone_of(self.zone)
        noon = self.now.astimezone(zone).replace(hour=12, minute=0, second=0, microsecond=0)
        for days in range(1, _WEEK + 1):
            if functions.on_duty(function, noon - timedelta(days=days)) != duty:
                return (noon - timedelta(days=days - 1)).replace(hour=0).astimezone(UTC)
        return None


def product_of(about: str) -> str | None:
    """The product of a release; None of anything else."""
    return subject_of(about).rpartition("@")[0] if kind_of(about) == ObjectKind.RELEASE else None
