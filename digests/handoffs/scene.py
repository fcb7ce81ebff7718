"""What is there to know of one handoff, at one moment, before anything is said of it?

Keys are made here. They name nobody: what was posted outlives the people in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import blake2b

from assistant.handoffs.standing import RECEIVERS, Stand
from assistant.handoffs.timing import Clock, Nudge
from assistant.mentioning import Naming
from assistant.telling import Reader
from assistant.viewer import Viewer
from assistant.words import zone_of
from digests.handoffs.reaching import REFUSED, Found, Lost, Place
from storage.instants import stamp
from storage.outbox import Stood
from storage.records import HandoffState, Step

AGAIN = timedelta(days=1)  # after Slack refused the message to a receiver
OPENS = frozenset({"handoff.opened", "handoff.reassigned"})


@dataclass(frozen=True)
class Scene:
    """One handoff at one moment: how it stands, its chain, who reads where, what was posted, and the time it is.

    ``receiver`` is where it is brought while it is the receiver's move, ``leader`` who is told that it is late (None:
    nobody leads the function). ``ids`` are the Slack users of whoever took a step, ``viewers`` who reads what stands
    in each place in which something may still be told of it.
    """

    stand: Stand
    chain: tuple[Stand, ...]
    sender: Found
    receiver: Found | None
    leader: Found | None
    clock: Clock | None
    nudge: Nudge | None
    naming: Naming
    now: datetime
    posts: tuple[Stood, ...] = ()
    ids: Mapping[str, str | None] = field(default_factory=dict)
    viewers: Mapping[str, Viewer] = field(default_factory=dict)

    @property
    def object(self) -> str:
        """The handoff."""
        return self.stand.handoff.object

    @property
    def steps(self) -> tuple[Step, ...]:
        """All that happened, oldest first."""
        return self.stand.handoff.steps

    @cached_property
    def known(self) -> Mapping[str, Stood]:
        """What was posted, by key."""
        return {post.key: post for post in self.posts}

    @cached_property
    def assigned(self) -> int:
        """The step by which it came to whoever has it, counted from 1."""
        return max((n for n, step in enumerate(self.steps, 1) if step.kind in OPENS), default=1)

    @property
    def assigned_at(self) -> datetime:
        """When it came to whoever has it."""
        return self.steps[self.assigned - 1].at if self.steps else self.stand.handoff.opened_at

    @property
    def waits(self) -> bool:
        """Whether it is its receiver's move."""
        return self.stand.state in RECEIVERS

    @cached_property
    def lead_key(self) -> str | None:
        """The key of the message that is the receiver's now; None where nobody is to have one.

        Whoever acknowledged it while they were on duty keeps it. One that Slack refused is tried again after a day.
        """
        if not self.waits or not isinstance(self.receiver, Place):
            return None
        kept = self.newest_of(self.assigned)
        if kept and self.stand.state is HandoffState.ACKNOWLEDGED:
            return kept.key
        turn = f"{self.receiver.who} {self.receiver.since.date()}" if self.receiver.since else self.receiver.who
        name = f"{self.object}|to|{self.assigned}|{mark(turn)}|"
        tried = sorted((one for one in self.posts if _is_lead(one, name)), key=lambda one: one.at)
        if tried and (tried[-1].alive or self.now - tried[-1].at < AGAIN):
            return tried[-1].key
        return f"{name}{len(tried)}"

    def newest_of(self, assigned: int) -> Stood | None:
        """The newest message that stands of those by which one step brought it to somebody."""
        name = f"{self.object}|to|{assigned}|"
        return newest([one for one in self.posts if one.alive and _is_lead(one, name)])

    def thread_of(self, assigned: int) -> Stood | None:
        """The message below which all is told to whom one step brought it; None where none stands."""
        lead = self.known.get(self.lead_key or "") if assigned == self.assigned else None
        if lead is not None:
            return lead if lead.alive else None
        return self.newest_of(assigned)

    def sent_to(self, channel: str) -> str | None:
        """The key of the message to the sender that stands where they read; None where there is none."""
        name = f"{self.object}|from|"
        lead = newest([one for one in self.posts if one.alive and one.channel == channel and _is_lead(one, name)])
        return lead.key if lead else None

    @cached_property
    def escalates(self) -> bool:
        """Whether it is told that it is late: from the working hours on of whoever leads the function and hears it.

        Once anybody was told it stays said, whatever the hour.
        """
        if self.nudge is not Nudge.LATE or self.clock is None:
            return False
        waits = isinstance(self.leader, Place) and self.tells_leader and not self.leader.awake
        return not waits or self._told_late

    @property
    def _told_late(self) -> bool:
        """Whether anybody was told already that it is late."""
        late, up = f"|{Nudge.LATE}|{self.deadline}", f"{self.object}|up|{self.assigned}|{self.deadline}|"
        return any(key.endswith(late) or key.startswith(up) for key in self.known)

    @property
    def tells_leader(self) -> bool:
        """Whether whoever leads the function can be told, and is neither who has it nor who waits for it."""
        sides = {one.channel for one in (self.sender, self.receiver) if isinstance(one, Place)}
        return isinstance(self.leader, Place) and self.leader.channel not in sides

    @property
    def up_key(self) -> str:
        """The key of what whoever leads the function reads of its being late."""
        return f"{self.object}|up|{self.assigned}|{self.deadline}|{mark(self.leader.who) if self.leader else ''}"

    @property
    def deadline(self) -> int:
        """When it is due, as keys hold it."""
        return stamp(self.clock.deadline) if self.clock else 0

    @property
    def stale_key(self) -> str:
        """What tells one signature's going stale from another's."""
        signed = self.stand.handoff.signed
        return f"stale|{stamp(signed.at) if signed else 0}"

    @property
    def lost(self) -> Lost | None:
        """Whom it does not reach while it is theirs, by what is known of them or by what Slack said to the message."""
        if not self.waits or self.receiver is None or isinstance(self.receiver, Lost):
            return self.receiver if self.waits and isinstance(self.receiver, Lost) else None
        post = self.known.get(self.lead_key or "")
        return Lost(self.receiver.who, self.receiver.name, REFUSED) if post and not post.alive else None

    @property
    def restless(self) -> bool:
        """Whether more may have to be said though nothing about it changes: by what becomes of what was posted."""
        return (self.lost is not None and self.lost.code == REFUSED) or any(
            one.state in {"owed", "sending"} for one in self.posts
        )

    def reader(self, channel: str) -> Reader:
        """For whom the times are said of what stands in a place."""
        viewer = self.viewers.get(channel)
        return Reader(zone_of(viewer.zone if viewer else "UTC"), self.now)


def newest(posts: list[Stood]) -> Stood | None:
    """The newest of several messages; what does not stand yet is the newest of all."""
    return max(posts, key=lambda one: (one.ts is None, float(one.ts or 0), one.key), default=None)


def assigned_by(key: str) -> int:
    """The step that a message to a receiver, or to whoever leads them, goes back to."""
    return int(key.split("|")[2])


def mark(who: str) -> str:
    """A short name for somebody that does not say who."""
    return blake2b(who.casefold().encode(), digest_size=4).hexdigest()


def _is_lead(post: Stood, name: str) -> bool:
    return post.after is None and post.key.startswith(name)
