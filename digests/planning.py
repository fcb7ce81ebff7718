"""What is to be posted for one digest at one moment? A plan is a value: nothing is sent and nothing remembered here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from assistant.blocks import MOST_TEXT, Message, context, cut
from assistant.deciding import stamp
from assistant.desk import Reply, Told
from assistant.errors import UserError
from assistant.loading import Loaded
from assistant.mentioning import awake
from assistant.people import people_of
from assistant.policy import Policy
from assistant.rendering import words_for
from assistant.viewer import Viewer, shared_in, viewer_for
from digests.digest import Digest
from digests.directory import CouldNotAsk, Directory
from storage.outbox import Owed, Seen
from storage.records import Subscription

if TYPE_CHECKING:
    from assistant.desk import Desk

POSTED, SILENT, SKIPPED, FAILED = "posted", "silent", "skipped", "failed"  # how a run ends
PUT_OFF = "put off"  # it does not end yet: Slack could not be asked
GUEST = "guest"  # what is broken where whoever it speaks for is no member
UNASKED = "Slack could not be asked who reads it"


@dataclass(frozen=True, slots=True)
class Plan:
    """How a run is to end, and what it posts: the lead carries what its readers have seen once it stands.

    ``why`` says why nothing is posted; ``broken`` is what has to be mended before the next one can come.
    """

    state: str
    posts: tuple[Owed, ...] = ()
    why: str = ""
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why a digest is planned: its moment and the present, until when it may be sent, and how much it has to say.

    ``late`` marks it as such; ``asked`` is when a person wants it now: then it is never silent; ``week_was_silent``
    is when this is the last moment of a week in which nothing was posted. ``loaded`` are the facts of what else is
    planned at the same moment.
    """

    moment: datetime
    now: datetime
    until: datetime
    late: bool = False
    asked: bool = False
    week_was_silent: bool = False
    loaded: Loaded | None = None


def plan(subscription: Subscription, digest: Digest, desk: "Desk", directory: Directory, when: Occasion) -> Plan:
    """Answer the digest's question for its readers, and lay the posts out: a lead, and the rest in its thread."""
    try:
        return _planned(subscription, digest, desk, directory, when)
    except CouldNotAsk:  # a person who waits for it asks again themselves
        return Plan(SKIPPED if when.asked else PUT_OFF, why=UNASKED)


def _planned(subscription: Subscription, digest: Digest, desk: "Desk", directory: Directory, when: Occasion) -> Plan:
    where = subscription.channel or directory.slack_id(subscription.person, when.now)
    if not where:
        return Plan(SKIPPED, why="nobody can tell who they are in Slack", broken="unreachable")
    if not _inside(subscription, where, directory, when.now):
        return Plan(SKIPPED, why="whoever it speaks for is no member of this workspace", broken=GUEST)
    try:
        reader = reader_of(subscription, desk.policy, directory, when.now)
    except CouldNotAsk:
        raise
    except UserError:
        return Plan(SKIPPED, why="the channel can't be seen", broken="not_in_channel")
    told = answered(subscription, digest, desk, directory, reader, when)
    if isinstance(told, Reply):
        return Plan(SKIPPED, why=f"{subscription.about!r} is unknown or several things", broken="about")
    quiet = digest.quiet(told.answer)
    if quiet and not when.asked and not (subscription.all_clear and when.week_was_silent):
        return Plan(SILENT, why="nothing needs anybody and nothing changed")
    messages = _messages(told, reader, when, quiet=quiet and not when.asked)
    return Plan(POSTED, _owed(subscription, where, messages, when, told.outline))


def reader_of(subscription: Subscription, policy: Policy, directory: Directory, now: datetime) -> Viewer:
    """Who reads it: the person, or the channel as a reader of what whoever subscribed it shares there.

    What they saw last is remembered of this subscription alone.
    """
    if subscription.channel is None:
        return replace(_person(subscription.person or "", subscription, policy), key=subscription.object)
    outsiders = directory.outsiders_in(subscription.channel, now)
    by = _person(subscription.by, subscription, policy)
    return replace(shared_in(by, policy, subscription.channel, outsiders=outsiders), key=subscription.object)


def answered(  # noqa: PLR0913, PLR0917  what is asked, of whom, for whom
    subscription: Subscription, digest: Digest, desk: "Desk", directory: Directory, reader: Viewer, when: Occasion
) -> Told | Reply:
    """The answer of a digest's question, with the Slack ids of those who may be mentioned."""
    return desk.told(
        digest.question,
        subscription.about,
        reader,
        when.now,
        reached=awake(
            lambda key: _mentioned(key, directory, when.now),
            lambda user: _zone(user, directory, when.now),
            desk.policy,
            when.now,
        ),
        person=subscription.person,
        loaded=when.loaded,
    )


def as_json(message: Message) -> Mapping[str, Any]:
    """A message as the outbox keeps it."""
    return {"text": message.text, "blocks": list(message.blocks)}


def _inside(subscription: Subscription, where: str, directory: Directory, now: datetime) -> bool:
    """Whether the person whom it comes to, or who shares what they see with a channel, is a member as far as known."""
    user = directory.slack_id(subscription.by, now) if subscription.channel else where
    return user is None or directory.inside(user, now)


def _zone(user: str, directory: Directory, now: datetime) -> str | None:
    """The zone of a Slack user, None while Slack can't be asked: then the workspace's hours hold."""
    try:
        return directory.zone(user, now)
    except CouldNotAsk:
        return None


def _mentioned(key: str, directory: Directory, now: datetime) -> str | None:
    """The Slack id of somebody; a digest need not wait for that of one whom it only names."""
    try:
        return directory.slack_id(key, now)
    except CouldNotAsk:
        return None


def _person(key: str, subscription: Subscription, policy: Policy) -> Viewer:
    name = people_of(policy).name(key)
    if key.startswith("terminal/"):  # who holds the database holds it all
        return Viewer(key, name, subscription.zone)
    return viewer_for(policy, key, name, subscription.zone)


def _messages(told: Told, reader: Viewer, when: Occasion, *, quiet: bool) -> tuple[Message, ...]:
    words = words_for("speaking", reader, when.now)
    lead = told.sheet.lead()
    lead = _with(lead, words("late", when.moment)) if when.late else lead
    return (_with(lead, words("quiet_week")),) if quiet else (lead, *told.sheet.thread())


def _with(message: Message, line: str) -> Message:
    return Message(cut(f"{message.text}\n{line}", MOST_TEXT), (*message.blocks, context(line)), message.files)


def _owed(
    subscription: Subscription, where: str, messages: tuple[Message, ...], when: Occasion, seen: Seen
) -> tuple[Owed, ...]:
    """The posts: the first leads, all others wait for it and go into its thread."""
    names = [f"{subscription.object}|{stamp(when.moment)}|{place}" for place in range(len(messages))]
    return tuple(
        Owed(
            key=name,
            channel=where,
            message=as_json(message),
            pictures=tuple((one.draw(), one.title, one.alt) for one in message.files),
            due=when.now,
            until=when.until,
            after=names[0] if place else None,
            cause=subscription.object,
            seen=None if place else seen,
        )
        for place, (name, message) in enumerate(zip(names, messages, strict=True))
    )
