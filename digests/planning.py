"""What is to be posted for one digest at one moment? A plan is a value: nothing is sent and nothing remembered here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from assistant.blocks import MOST_TEXT, Message, context, cut
from assistant.deciding import stamp
from assistant.desk import Reply, Told
from assistant.errors import UserError
from assistant.people import people_of
from assistant.policy import Policy
from assistant.rendering import words_for
from assistant.viewer import Viewer, shared_in, viewer_for
from digests.digest import Digest
from digests.directory import Directory
from storage.outbox import Owed
from storage.records import Subscription

if TYPE_CHECKING:
    from assistant.desk import Desk

POSTED, SILENT, SKIPPED, FAILED = "posted", "silent", "skipped", "failed"  # how a run ends


@dataclass(frozen=True, slots=True)
class Plan:
    """How a run is to end, what it posts, and how to remember that it was seen once that is owed.

    ``why`` says why nothing is posted; ``broken`` is what has to be mended before the next one can come.
    """

    state: str
    posts: tuple[Owed, ...] = ()
    seen: Callable[[], None] = lambda: None
    why: str = ""
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why a digest is planned: its moment and the present, until when it may be sent, and how much it has to say.

    ``late`` marks it as such; ``asked`` is when a person wants it now: then it is never silent; ``week_was_silent``
    is when this is the last moment of a week in which nothing was posted.
    """

    moment: datetime
    now: datetime
    until: datetime
    late: bool = False
    asked: bool = False
    week_was_silent: bool = False


def plan(subscription: Subscription, digest: Digest, desk: "Desk", directory: Directory, when: Occasion) -> Plan:
    """Answer the digest's question for its readers, and lay the posts out: a lead, and the rest in its thread."""
    where = subscription.channel or directory.slack_id(subscription.person, when.now)
    if not where:
        return Plan(SKIPPED, why="nobody can tell who they are in Slack", broken="unreachable")
    try:
        reader = reader_of(subscription, desk.policy, directory, when.now)
    except UserError:
        return Plan(SKIPPED, why="the channel can't be seen", broken="not_in_channel")
    told = answered(subscription, digest, desk, directory, reader, when.now)
    if isinstance(told, Reply):
        return Plan(SKIPPED, why=f"{subscription.about!r} is unknown or several things", broken="about")
    quiet = digest.quiet(told.answer)
    if quiet and not when.asked and not (subscription.all_clear and when.week_was_silent):
        return Plan(SILENT, why="nothing needs anybody and nothing changed")
    messages = _messages(told, reader, when, quiet=quiet and not when.asked)
    return Plan(POSTED, _owed(subscription, where, messages, when), told.seen)


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
    subscription: Subscription, digest: Digest, desk: "Desk", directory: Directory, reader: Viewer, now: datetime
) -> Told | Reply:
    """The answer of a digest's question, with the Slack ids of those who may be mentioned."""
    return desk.told(
        digest.question,
        subscription.about,
        reader,
        now,
        reached=lambda key: directory.slack_id(key, now),
        person=subscription.person,
    )


def as_json(message: Message) -> Mapping[str, Any]:
    """A message as the outbox keeps it."""
    return {"text": message.text, "blocks": list(message.blocks)}


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


def _owed(subscription: Subscription, where: str, messages: tuple[Message, ...], when: Occasion) -> tuple[Owed, ...]:
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
        )
        for place, (name, message) in enumerate(zip(names, messages, strict=True))
    )
