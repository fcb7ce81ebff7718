"""How is the owner of a next move named in a post: by a mention that reaches them, or by name alone?

Nobody is mentioned for what is not their move, outside of their working hours, for what was snoozed, or for what they
themselves acted on since their turn began.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from markupsafe import Markup

from assistant.blockers.blocker import Owner
from assistant.people import People, people_of
from assistant.policy import Policy
from assistant.words import clip, escape, joined
from storage.records import Attention, Mark

_MOMENT = timedelta(minutes=1)
_LONGEST = 60

Reached = Callable[[str], str | None]


def nobody(_key: str) -> str | None:
    """The Slack id of no one: for answers that mention nobody."""
    return None


def awake(reached: Reached, zone: Callable[[str], str | None], policy: Policy, now: datetime) -> Reached:
    """The same, but nobody outside of their working hours in the zone that ``zone`` gives for their Slack id.

    It is asked only of those whose zone the configuration does not say; where it gives none the workspace's holds.
    """
    people = people_of(policy)

    def found(key: str) -> str | None:
        user = reached(key)
        if user is None or people.zoned(key) or (there := zone(user)) is None:
            return user
        calendar = replace(people.calendar(key), zone=there)
        return user if calendar.hours_between(now, now + _MOMENT) > 0 else None

    return found


@dataclass(frozen=True, slots=True)
class Naming:
    """Names owners; ``reached`` gives the Slack id of a key, None where nobody is to be mentioned."""

    people: People
    now: datetime
    reached: Reached = nobody

    def of(self, owners: Iterable[Owner], attention: Attention | None = None, since: datetime | None = None) -> Markup:
        """The owners of one thing, ``since`` when it is their turn; empty for no owners."""
        return joined(self._one(owner, attention, since) for owner in owners)

    def _one(self, owner: Owner, attention: Attention | None, since: datetime | None) -> Markup:
        name = escape(clip(owner.name, _LONGEST))
        if snoozed_until(attention, self.now) or self._acted(owner, attention, since) or not self._works(owner):
            return name
        user = self.reached(owner.key)
        return Markup("<@{}>").format(user) if user else name

    def _works(self, owner: Owner) -> bool:
        return self.people.calendar(owner.key).hours_between(self.now, self.now + _MOMENT) > 0

    def _acted(self, owner: Owner, attention: Attention | None, since: datetime | None) -> bool:
        marks = (*attention.acknowledged, *attention.taken, *attention.declined) if attention else ()
        return any(self.people.same(owner.key, mark.by) and _holds(mark, since) for mark in marks)


def snoozed_until(attention: Attention | None, now: datetime) -> datetime | None:
    """Until when a thing is snoozed, None when it is not."""
    ends = [mark.until for mark in attention.snoozed if mark.until and mark.until > now] if attention else []
    return max(ends, default=None)


def _holds(mark: Mark, since: datetime | None) -> bool:
    return since is None or mark.at >= since
