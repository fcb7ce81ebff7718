"""Who is reached for a round: each function's lead, and where its answers are gathered?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from assistant.acts.authority import deciders, product_leads
from assistant.calendar import Calendar
from assistant.handoffs.rounds import ITSELF, product_of
from assistant.handoffs.seeing import may_see
from assistant.people import People
from assistant.policy import Policy
from assistant.viewer import Viewer, viewer_for
from digests.directory import CouldNotAsk, Directory
from digests.reaching import CLOSED, SHARED, Finding
from storage.posts import Stood
from storage.records import Release, Round

HIDDEN, REFUSED = "hidden", "refused"


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


def gathers(round_: Round) -> tuple[str, str]:
    """The keys under which the answers may stand: in the channel, with a person."""
    return f"{round_.object}|summary", f"{round_.object}|gathered"


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
            found = self._finding.person(key)
        except CouldNotAsk:
            return Contact(None)
        if isinstance(found, str):
            return Contact(None, found)
        return Contact(found.user) if may_see(round_, found.viewer, self.policy) else Contact(None, HIDDEN)

    def viewer(self, key: str) -> Viewer:
        """Somebody as a reader; who holds the database, and the schedule, see all."""
        name = self.people.name(key)
        if key == ITSELF or key.startswith("terminal/"):
            return Viewer(key, name, self.people.calendar().zone)
        return viewer_for(self.policy, key, name)

    def calendar(self, key: str, user: str) -> Calendar:
        """When somebody works, in the zone that they set in Slack where the configuration says none."""
        try:
            return self._finding.calendar(key, user)
        except CouldNotAsk:
            return self.people.calendar(key)

    def gathering(self, round_: Round, release: Release | None, stood: Mapping[str, Stood]) -> Gathering | None:
        """Where the answers go: the channel, where its readers may, else whoever began it or answers for the release.

        Raises CouldNotAsk.
        """
        here, key = gathers(round_)
        why = ""
        if round_.channel:
            reader, why = self._channel(round_, round_.channel, stood.get(here))
            if reader:
                return Gathering(here, round_.channel, reader)
        for person in self._whose(round_, release):
            contact = self.lead(person, round_)
            there = stood.get(key)
            if contact.user and (there is None or (there.alive and there.channel == contact.user)):
                return Gathering(key, contact.user, self.viewer(person), why)
        return None

    def _channel(self, round_: Round, channel: str, there: Stood | None) -> tuple[Viewer | None, str]:
        why = CLOSED if there and not there.alive else self._finding.barred(channel)
        if why == CLOSED:
            return None, CLOSED
        reader = self._finding.readers(channel, self.viewer(round_.by), outsiders=why == SHARED)
        return (reader, "") if may_see(round_, reader, self.policy) else (None, why or HIDDEN)

    def _whose(self, round_: Round, release: Release | None) -> Iterator[str]:
        """Who gets the answers where no channel does, in the order in which they are tried."""
        if round_.by != ITSELF:
            yield round_.by
        yield from _once(
            [*((release.owner,) if release and release.owner else ()),
             *(deciders(release, self.policy) if release else ()),
             *product_leads(product_of(round_.release) or "", self.policy)]
        )  # fmt: skip

    @property
    def _finding(self) -> Finding:
        return Finding(self.policy, self.people, self.directory, self.now)


def _once(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(keys))
