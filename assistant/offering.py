"""Who could take a review over: somebody who knows the files, with less in hand than those who are asked?

Names only, never how much anybody has: that decides whom to ask, it says nothing of how good they are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from assistant.blockers.blocker import Blocker, Owner
from assistant.people import People
from assistant.situation import Situation
from storage.facts import Knower
from storage.records import Change, ReviewState

MOST_NAMED = 2


@dataclass(frozen=True, slots=True)
class Offer:
    """Who could take a review; ``files`` says whether they know its files, else they know its repository."""

    people: tuple[Owner, ...]
    files: bool

    @property
    def names(self) -> tuple[str, ...]:
        """What people read."""
        return tuple(owner.name for owner in self.people)


class Offers:
    """Who could take each review of one situation."""

    def __init__(self, situation: Situation) -> None:
        """What everybody has in hand is added up once, over all of their accounts."""
        self._situation = situation
        self._hands: dict[str, int] = {}
        self._working: dict[str, bool] = {}
        self._owners: dict[str, Owner | None] = {}
        for account, count in situation.facts.in_hand.items():
            key = situation.people.settled(account).casefold()
            self._hands[key] = self._hands.get(key, 0) + count

    def of(self, change: Change, blocker: Blocker) -> Offer | None:
        """At most two people for one change; None where nobody fits. Source: definitions, "Stalled reviews"."""
        knowers = self._situation.facts.familiar.get(change.object, ())
        taken = self._out_of_question(change, blocker)
        asked = [owner.key.casefold() for owner in blocker.owners]
        limit = min((self._hands[key] for key in asked if key in self._hands), default=None)
        fitting = [
            (self._hands.get(owner.key.casefold(), 0), place, owner)
            for place, owner in enumerate(self._people(knowers))
            if owner.key.casefold() not in taken and self._works_today(owner.key)
        ]
        chosen = sorted(one for one in fitting if limit is None or one[0] < limit)[:MOST_NAMED]
        files = any(knower.files for knower in knowers)
        return Offer(tuple(owner for _, _, owner in chosen), files) if chosen else None

    def _people(self, knowers: Sequence[Knower]) -> list[Owner]:
        """The people who know it, each once, who knows it best first."""
        found = (self._owner(knower.account) for knower in knowers)
        return list({owner.key.casefold(): owner for owner in found if owner}.values())

    def _owner(self, account: str) -> Owner | None:
        """Whose an account is; None for a bot's."""
        if account not in self._owners:
            people = self._situation.people
            self._owners[account] = None if people.is_bot(account) else people.owner(account)
        return self._owners[account]

    def _out_of_question(self, change: Change, blocker: Blocker) -> set[str]:
        """Its author, whoever is asked or has approved already, and whoever said that it is not theirs."""
        attention = self._situation.attention(change.object)
        keys: list[str | None] = [change.author, change.corrections.owner, *change.asked]
        keys += [owner.key for owner in blocker.owners]
        keys += [review.reviewer for review in change.reviews if review.state is ReviewState.APPROVED]
        keys += [mark.by for mark in attention.declined] if attention else []
        return _plain(keys, self._situation.people)

    def _works_today(self, key: str) -> bool:
        """Whether somebody has working hours today; whoever is not configured is not known to be away."""
        if key not in self._working:
            people, now = self._situation.people, self._situation.now
            self._working[key] = people.person(key) is None or _works_on_the_day_of(now, key, people)
        return self._working[key]


def _works_on_the_day_of(now: datetime, key: str, people: People) -> bool:
    calendar = people.calendar(key)
    start = now.astimezone(ZoneInfo(calendar.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return calendar.hours_between(start, start + timedelta(days=1)) > 0


def _plain(keys: Iterable[str | None], people: People) -> set[str]:
    return {people.settled(key).casefold() for key in keys if key}
