"""What is a post that we owe to Slack, while it is owed and once it is posted?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from storage.cleaning import encode
from storage.instants import instant, stamp

LONGEST_KEY = 300  # characters
NOTICE = "notice"  # the cause of a post that no subscription caused

_SEEN = "seen"
Said = dict[str, Any]  # a message as Slack takes it: its text and its blocks


class Seen(NamedTuple):
    """What is remembered of an answer once its reader has it: whose, of what, when, and its outline (any JSON)."""

    viewer: str
    key: str
    at: datetime
    outline: Any


class Shown(NamedTuple):
    """A picture that goes with a post: a PNG, its title, and what it shows in words."""

    png: bytes
    title: str
    alt: str


@dataclass(frozen=True, slots=True)
class Owed:
    """One message to be posted between ``due`` and ``until``, once: ``key`` makes it the same message.

    ``channel`` is Slack's id of a channel, or of a person for a direct message. ``after`` is the key of the post in
    whose thread it goes: it waits until that is posted. ``cause`` is the subscription's object, or NOTICE. ``seen`` is
    remembered as soon as it stands in Slack, and never where it is given up.
    """

    key: str
    channel: str
    message: Mapping[str, Any]
    due: datetime
    until: datetime
    cause: str = NOTICE
    after: str | None = None
    pictures: tuple[tuple[bytes, str, str], ...] = ()
    seen: Seen | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A post that ``who``, which names this one claim, alone may post until ``lease``.

    ``to`` is where: its channel, or the channel in which its lead stands, as ``thread_ts`` of that. ``unsure``: an
    earlier try, since ``since``, was never answered, so that it may be posted already. ``message`` is None once what it
    spoke of was forgotten; ``plain`` says that Slack refused its blocks.
    """

    key: str
    cause: str
    channel: str
    to: str
    thread_ts: str | None
    message: Said | None
    pictures: tuple[Shown, ...]
    plain: bool
    unsure: bool
    tries: int
    since: datetime
    until: datetime
    lease: datetime
    who: str


class Posted(NamedTuple):
    """A message that stands in Slack: where, which post it was, and what it says."""

    channel: str
    ts: str
    key: str
    message: Said
    cause: str
    posted_at: datetime


class Stood(NamedTuple):
    """What became of a post that one thing caused: ``state`` is owed, sending, posted, skipped or failed, since ``at``.

    ``channel`` is where it was to go, ``place`` and ``ts`` where it stands. ``message`` is what it says there, None
    once that was forgotten; ``shown`` is False as long as Slack may still show something older. ``after`` is the key of
    the post in whose thread it goes, ``why`` the reason where it was given up.
    """

    key: str
    cause: str
    state: str
    channel: str
    place: str | None
    ts: str | None
    after: str | None
    message: Said | None
    at: datetime
    why: str
    shown: bool

    @property
    def alive(self) -> bool:
        """Whether it stands in Slack, or still may."""
        return self.state not in {"skipped", "failed"}

    @property
    def message_blocks(self) -> list[dict[str, Any]]:
        """The blocks of what it says; none where that was forgotten."""
        return list((self.message or {}).get("blocks") or ())


class Lapsed(NamedTuple):
    """A post that was given up without a try, and why."""

    key: str
    cause: str
    channel: str
    why: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a subscription. ``state`` is claimed, posted, silent, skipped or failed; owed while posts wait."""

    subscription: str
    moment: datetime
    state: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class OutboxFigures:
    """How many runs and posts are in which state, and since when the oldest post waits that is due."""

    runs: Mapping[str, int]
    posts: Mapping[str, int]
    oldest: datetime | None


def packed(message: Mapping[str, Any], seen: Seen | None = None) -> bytes:
    """A message as it is kept, with what is to be remembered once it stands."""
    kept: dict[str, Any] = {"text": message.get("text", ""), "blocks": list(message.get("blocks", ()))}
    if seen is not None:
        kept[_SEEN] = [seen.viewer, seen.key, stamp(seen.at), seen.outline]
    return encode(kept)


def unpacked(payload: bytes) -> Said | None:
    """The message that was kept; None where it was forgotten."""
    kept = msgspec.json.decode(payload) if payload else None
    return None if kept is None else {part: said for part, said in kept.items() if part != _SEEN}


def unpacked_seen(payload: bytes) -> Seen | None:
    """What is to be remembered once the message stands; None where it is nothing."""
    kept = msgspec.json.decode(payload).get(_SEEN) if payload else None
    return None if kept is None else Seen(kept[0], kept[1], instant(kept[2]), kept[3])


def packed_pictures(pictures: tuple[tuple[bytes, str, str], ...]) -> bytes | None:
    """Pictures as they are kept, None where there are none."""
    return msgspec.msgpack.encode([tuple(picture) for picture in pictures]) if pictures else None


def unpacked_pictures(kept: bytes | None) -> tuple[Shown, ...]:
    """The pictures that were kept."""
    return tuple(Shown(*one) for one in msgspec.msgpack.decode(kept)) if kept else ()
