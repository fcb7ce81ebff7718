"""What is to be said of a round now, to whom, and what should stand there? A plan is a value: nothing is sent here.

Each post has a key that is made of the round and of what it tells, so that it is owed once whoever works it out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from assistant.calendar import Calendar
from assistant.handoffs.rounds import (
    ITSELF,
    UNASKED,
    Place,
    Standing,
    answer_of,
    holds_up,
    passed_to,
    stands,
    wanted,
)
from assistant.rendering import reader_of
from assistant.showing.round import Gathered, closing, complete, question, reminder, summary
from assistant.viewer import Viewer
from digests.planning import as_json
from digests.reaching import at_work
from digests.refreshing import posted_at
from digests.rounds.reaching import REFUSED, Contact, Gathering, Reaching, gathers
from storage.naming import external_object
from storage.posts import Stood
from storage.records import External, Handoff, Release, Round

CHASES = 2
TOLD_FOR = timedelta(hours=48)  # what ended longer ago is not told any more
ASKED_FOR = timedelta(days=14)  # nobody is asked anew for the first time in a round that is so old
POSTED_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A post as it should stand; ``new`` where it is owed when it is not there yet."""

    key: str
    channel: str
    message: Mapping[str, Any]
    after: str | None = None
    new: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one round: its release, what was made of its answers, and what was posted of it."""

    round: Round
    release: Release | None = None
    externals: Mapping[str, External] = field(default_factory=dict)
    handoffs: Sequence[Handoff] = ()
    stood: Mapping[str, Stood] = field(default_factory=dict)


def plan(known: Known, reaching: Reaching) -> tuple[Wanted, ...]:
    """Everything that should stand of a round; nobody is asked for what nobody would read.

    Raises CouldNotAsk where Slack can't be asked who reads it.
    """
    contacts = _contacts(known, reaching)
    places = places_of(known, reaching, contacts)
    posts: list[Wanted] = []
    gathering = reaching.gathering(known.round, known.release, known.stood)
    if gathering:
        posts += _gathered(known, places, gathering, reaching)
    for lead, contact in contacts.items():
        its = tuple(one for one in places if one.lead == lead)
        posts += _asked(known, its, lead, contact, reaching, read=gathering is not None)
    return tuple(posts)


def places_of(known: Known, reaching: Reaching, contacts: Mapping[str, Contact] | None = None) -> tuple[Place, ...]:
    """How each function stands."""
    found = _contacts(known, reaching) if contacts is None else contacts
    return tuple(_place(function, lead, known, reaching, found) for function, lead in known.round.leads)


def _contacts(known: Known, reaching: Reaching) -> dict[str, Contact]:
    return {lead: reaching.lead(lead, known.round) for _, lead in known.round.leads if lead}


def asking(round_: Round, lead: str) -> str:
    """The key of the post that asks somebody."""
    return f"{round_.object}|ask|{lead}"


def unread(round_: Round) -> str:
    """The key of what marks that nobody could be reached who reads the answers."""
    return f"{round_.object}|unread"


def unread_by_all(round_: Round, stood: Mapping[str, Stood]) -> bool:
    """Whether nobody could be reached who reads the answers, and they stand nowhere since, by what was posted."""
    return unread(round_) in stood and not any(key in stood and stood[key].alive for key in gathers(round_))


def chasing(round_: Round, lead: str, number: int) -> str:
    """The key of a post that asks somebody again."""
    return f"{round_.object}|chase|{number}|{lead}"


def _place(function: str, lead: str | None, known: Known, reaching: Reaching, contacts: Mapping[str, Contact]) -> Place:
    round_, answer = known.round, answer_of(known.round, function)
    if answer:
        made = known.externals.get(external_object(round_.release, wanted(answer))) if holds_up(answer) else None
        passed = passed_to(round_, function, known.handoffs)
        return Place(function, lead, stands(answer), answer, blocker=_open(made), passed_to=passed)
    if lead is None:
        return Place(function, None, Standing.NOBODY_LEADS)
    asked, contact = known.stood.get(asking(round_, lead)), contacts[lead]
    if asked and not asked.alive:
        contact = Contact(None, REFUSED)
    if contact.why:
        return Place(function, lead, Standing.UNREACHABLE, why=contact.why)
    chases = [one for one in _chases(known, lead) if one.alive]
    standing = Standing.NOT_ANSWERED if _given_up(chases, known, lead, contact, reaching) else Standing.WAITING
    waits = contact.user is None or unread_by_all(round_, known.stood)
    unasked = UNASKED if not asked and waits else ""
    return Place(function, lead, standing, chased=len(chases), why=unasked)


def _open(made: External | None) -> bool:
    return made is not None and made.closed_at is None


def _chases(known: Known, lead: str) -> list[Stood]:
    found = (known.stood.get(chasing(known.round, lead, number)) for number in range(1, CHASES + 1))
    return [one for one in found if one]


def _given_up(chases: Sequence[Stood], known: Known, lead: str, contact: Contact, reaching: Reaching) -> bool:
    """Whether nobody waits for an answer any more: it was asked for often enough, or the round is over."""
    if known.round.closed_at:
        return True
    if len(chases) < CHASES:
        return False
    calendar = reaching.calendar(lead, contact.user or chases[-1].channel)
    return _passed(chases[-1], known.round, calendar, reaching.now) >= reaching.policy.rounds.chase_hours


def _passed(post: Stood, round_: Round, calendar: Calendar, now: datetime) -> float:
    """Working hours since a post stood there; none while it does not."""
    since = max(posted_at(post.ts), round_.opened_at) if post.state == "posted" and post.ts else now
    return calendar.hours_between(since, now)


def _gathered(known: Known, places: tuple[Place, ...], gathering: Gathering, reaching: Reaching) -> Iterator[Wanted]:
    """The answers in one message, and in its thread that all are there, and how it ended."""
    round_, now = known.round, reaching.now
    told = _told(known, places, gathering.reader, reaching, gathering.why)
    young = _recent(round_, now)
    yield Wanted(gathering.key, gathering.channel, as_json(summary(told)), new=young)
    began = None if round_.by in {ITSELF, round_.closed_by} else _user(round_.by, reaching)
    whole = f"{round_.object}|complete"
    answered = all(one.answer or one.standing is Standing.NOBODY_LEADS for one in places)
    if whole in known.stood or (answered and any(one.answer for one in places)):
        fresh = young and answered and not round_.closed_at
        yield Wanted(whole, gathering.channel, as_json(complete(told, began)), gathering.key, new=fresh)
    if round_.closed_at:
        ended = as_json(closing(told, began))
        yield Wanted(f"{round_.object}|closed", gathering.channel, ended, gathering.key, new=young)


def _recent(round_: Round, now: datetime) -> bool:
    """Whether it is still told of; nobody wants to read of an outage's leftovers."""
    if round_.closed_at:
        return now - round_.closed_at < TOLD_FOR
    return now - round_.opened_at < ASKED_FOR


def _asked(  # noqa: PLR0913  whom, of what, and whether anybody reads what they say
    known: Known, places: tuple[Place, ...], lead: str, contact: Contact, reaching: Reaching, *, read: bool
) -> Iterator[Wanted]:
    """What somebody reads who leads these functions: the question, and twice that the answer is still missing.

    Nothing more once they may not read it any more, and while nobody can tell.
    """
    round_, key = known.round, asking(known.round, lead)
    there = known.stood.get(key)
    if not contact.user:
        return
    user = there.channel if there else contact.user
    viewer = replace(reaching.viewer(lead), zone=reaching.calendar(lead, user).zone)
    told = _told(known, places, viewer, reaching)
    missing = [one for one in places if one.open]
    open_ = not round_.closed_at and not _over(known.release) and _recent(round_, reaching.now)
    asks = read and open_ and bool(missing)
    yield Wanted(key, user, as_json(question(told, places)), new=asks)
    for number in range(1, CHASES + 1):
        again = chasing(round_, lead, number)
        last = number == CHASES
        due = asks and _chase_due(known, lead, user, number, reaching)
        yield Wanted(again, user, as_json(reminder(told, places, user, last=last)), key, new=due)


def _chase_due(known: Known, lead: str, user: str, number: int, reaching: Reaching) -> bool:
    """Whether it is time to ask again: so many of their working hours after the last time, while they work."""
    before = known.stood.get(asking(known.round, lead) if number == 1 else chasing(known.round, lead, number - 1))
    if before is None or before.state != "posted":
        return False
    calendar = reaching.calendar(lead, user)
    passed = _passed(before, known.round, calendar, reaching.now)
    return passed >= reaching.policy.rounds.chase_hours and at_work(calendar, reaching.now)


def _over(release: Release | None) -> bool:
    """Whether there is nothing left to be ready for."""
    return release is not None and bool(release.ended or release.shipped_at)


def _told(known: Known, places: tuple[Place, ...], viewer: Viewer, reaching: Reaching, why: str = "") -> Gathered:
    return Gathered(known.round, places, reaching.people, reader_of(viewer, reaching.now), why)


def _user(key: str, reaching: Reaching) -> str | None:
    """The Slack user to call by name."""
    from digests.directory import CouldNotAsk

    try:
        return reaching.directory.slack_id(key, reaching.now)
    except CouldNotAsk:
        return None
