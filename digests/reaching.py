"""How is a person reached in Slack and when do they work, and who reads a channel?

What Slack does not say raises CouldNotAsk: nothing is told on a guess.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from assistant.calendar import Calendar
from assistant.errors import UserError
from assistant.people import People
from assistant.policy import Policy
from assistant.viewer import Viewer, shared_in, viewer_for
from digests.directory import CouldNotAsk, Directory

UNKNOWN, OUTSIDE = "unknown", "outside"  # why a person can't be written to
SHARED, CLOSED = "shared", "closed"  # why nothing goes into a channel
_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Someone:
    """A person who can be written to: as which Slack user, what they may see, and when they work."""

    user: str
    viewer: Viewer
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Finding:
    """Finds people and the readers of channels, at one moment."""

    policy: Policy
    people: People
    directory: Directory
    now: datetime

    def person(self, key: str) -> Someone | str:
        """A person of this company by key; why they can't be reached else, as a code of this module."""
        settled = self.people.settled(key)
        user = self.directory.slack_id(settled, self.now)
        if not user:
            return UNKNOWN
        if not self.directory.inside(user, self.now):
            return OUTSIDE
        viewer = self.viewer(settled, user)
        return Someone(user, viewer, self.calendar(settled, user)) if viewer.inside else OUTSIDE

    def viewer(self, key: str, user: str) -> Viewer:
        """Somebody as a reader, in the zone in which they work."""
        settled = self.people.settled(key)
        zone = self.calendar(settled, user).zone
        return viewer_for(self.policy, settled, self.people.name(settled), zone)

    def calendar(self, key: str, user: str) -> Calendar:
        """When somebody works: in the zone that they set in Slack where the configuration says none."""
        settled = self.people.settled(key)
        calendar = self.people.calendar(settled)
        zone = None if self.people.zoned(settled) else self.directory.zone(user, self.now)
        return replace(calendar, zone=zone) if zone else calendar

    def barred(self, channel: str) -> str:
        """Why nothing that is only for this company goes into a channel, as a code of this module; empty: it may."""
        try:
            return SHARED if self.directory.outsiders_in(channel, self.now) else ""
        except CouldNotAsk:
            raise
        except UserError:
            return CLOSED

    def readers(self, channel: str, sharer: Viewer, *, outsiders: bool = False) -> Viewer:
        """Whoever reads a channel, of what somebody shares there."""
        shared = shared_in(sharer, self.policy, channel, outsiders=outsiders)
        return replace(shared, zone=self.people.calendar().zone)


def personal(channel: str) -> bool:
    """Whether one person reads a place, not a channel."""
    return not channel.startswith(("C", "G"))


def at_work(calendar: Calendar, now: datetime, lingers: timedelta = timedelta(0)) -> bool:
    """Whether somebody works at a moment, or did until so shortly before."""
    return calendar.hours_between(now - lingers, now + _MOMENT) > 0
