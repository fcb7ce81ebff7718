"""Who is reached for a round: each function's lead, and where its answers are gathered?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from assistant.acts.authority import deciders, product_leads
from assistant.calendar import Calendar
from assistant.errors import UserError
from assistant.handoffs.rounds import ITSELF, product_of
from assistant.handoffs.seeing import may_see
from assistant.people import People
from assistant.policy import Policy
from assistant.viewer import Viewer, shared_in, viewer_for
from digests.directory import CouldNotAsk, Directory
from storage.posts import Stood
from storage.records import Release, Round

UNKNOWN, OUTSIDE, HIDDEN, REFUSED = "unknown", "outside", "hidden", "refused"
SHARED, ABSENT = "shared", "absent"
_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Contact:
    """A person in Slack: ``user`` None where they can't be written to, ``why`` says so (empty: nobody knows yet)."""

    user: str | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Gathering:
    """Where the answers are gathered: the key of that post, the channel or person, for whom, and why not elsewhere."""

    key: str
    channel: str
    reader: Viewer
    why: str = ""


@dataclass(frozen=True, slots=True)
class Reaching:
    """Finds people and channels for rounds at one moment."""

    policy: Policy
    people: People
    directory: Directory
    now: datetime

    def lead(self, key: str, round_: Round) -> Contact:
        """How somebody is reached who is to know of a round."""
        try:
            user = self.directory.slack_id(key, self.now)
            inside = user is not None and self.directory.inside(user, self.now)
        except CouldNotAsk:
            return Contact(None)
        viewer = self.viewer(key)
        if user is None:
            return Contact(None, UNKNOWN)
        if not inside or not viewer.inside:
            return Contact(None, OUTSIDE)
        return Contact(user) if may_see(round_, viewer, self.policy) else Contact(None, HIDDEN)

    def viewer(self, key: str) -> Viewer:
        """Somebody as a reader; who holds the database, and the schedule, see all."""
        name = self.people.name(key)
        if key == ITSELF or key.startswith("terminal/"):
            return Viewer(key, name, self.people.calendar().zone)
        return viewer_for(self.policy, key, name)

    def calendar(self, key: str, user: str) -> Calendar:
        """When somebody works, in the zone that they set in Slack where the configuration says none."""
        calendar = self.people.calendar(key)
        if self.people.zoned(key):
            return calendar
        try:
            zone = self.directory.zone(user, self.now)
        except CouldNotAsk:
            zone = None
        return replace(calendar, zone=zone) if zone else calendar

    def gathering(self, round_: Round, release: Release | None, stood: Mapping[str, Stood]) -> Gathering | None:
        """Where the answers go: the channel, where its readers may, else whoever began it or answers for the release.

        Raises CouldNotAsk.
        """
        why = ""
        if round_.channel:
            reader, why = self._channel(round_, round_.channel, stood.get(f"{round_.object}|summary"))
            if reader:
                return Gathering(f"{round_.object}|summary", round_.channel, reader)
        key = f"{round_.object}|gathered"
        for person in self._whose(round_, release):
            contact = self.lead(person, round_)
            there = stood.get(key)
            if contact.user and (there is None or there.channel == contact.user):
                return Gathering(key, contact.user, self.viewer(person), why)
        return None

    def _channel(self, round_: Round, channel: str, there: Stood | None) -> tuple[Viewer | None, str]:
        if there and not there.alive:
            return None, ABSENT
        try:
            outsiders = self.directory.outsiders_in(channel, self.now)
        except CouldNotAsk:
            raise
        except UserError:
            return None, ABSENT
        reader = shared_in(self.viewer(round_.by), self.policy, channel, outsiders=outsiders)
        if may_see(round_, reader, self.policy):
            return replace(reader, zone=self.people.calendar().zone), ""
        return None, SHARED if outsiders else HIDDEN

    def _whose(self, round_: Round, release: Release | None) -> Iterator[str]:
        """Who gets the answers where no channel does, in the order in which they are tried."""
        if round_.by != ITSELF:
            yield round_.by
        yield from _once(
            [*((release.owner,) if release and release.owner else ()),
             *(deciders(release, self.policy) if release else ()),
             *product_leads(product_of(round_.release), self.policy)]
        )  # fmt: skip


def at_work(calendar: Calendar, now: datetime) -> bool:
    """Whether somebody works at a moment."""
    return calendar.hours_between(now, now + _MOMENT) > 0


def _once(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(keys))
