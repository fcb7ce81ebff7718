"""A company in whose Slack handoffs are told of: who read what, where, and what stands there now."""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from assistant.desk import Desk
from digests import handing
from digests.directory import CouldNotAsk
from digests.handing import Handing
from tests.digests.saying import Known
from tests.handing import MORNING, company

HOUR = timedelta(hours=1)
ANNA, BO, CHO, DEE, EVE, FAY, GUS = (f"U{number}" for number in range(1, 8))


@dataclass
class Directory(Known):
    """Knows everybody whom the configuration gives a Slack id, but for ``unknown``; ``offline``: it can't be asked."""

    policy: object = None
    unknown: set = field(default_factory=set)
    offline: bool = False

    def slack_id(self, key, now):
        if self.offline:
            raise CouldNotAsk
        kind, _, rest = (key or "").partition("/")
        if kind == "slack":
            return rest
        entry = self.policy.people.get(rest) if kind == "person" else None
        return entry.slack if entry and entry.slack not in self.unknown else None


@dataclass
class Slack:
    """A poster: what stands where, and what it was asked to change. ``trouble`` is raised instead, one by one."""

    updates: list = field(default_factory=list)
    trouble: list = field(default_factory=list)

    def update(self, channel, ts, message):
        if self.trouble:
            raise self.trouble.pop(0)
        self.updates.append((channel, ts, message))


@dataclass
class Company:
    """Everything that a test of handoffs turns at. ``read`` is what was posted: (where, below what, message)."""

    desk: Desk
    handing: Handing
    directory: Directory
    slack: Slack
    now: datetime = MORNING
    read: list = field(default_factory=list)

    @property
    def outbox(self):
        return self.desk.ledger.outbox

    def tick(self, now=None, *, post=True):
        """What happens of itself at a moment; what everybody then reads that they had not read before."""
        self.now = now or self.now
        before = len(self.read)
        self.handing.tick(threading.Event(), self.slack)
        if post:
            self.drain()
            self.handing.tick(threading.Event(), self.slack)
        return [(where, said(message)) for where, _, message in self.read[before:]]

    def drain(self, refused=()):
        """Post what is owed; Slack refuses what goes to ``refused``."""
        moment = self.now
        while claimed := self.outbox.claim(moment, "test", timedelta(minutes=1), 100):
            for post in claimed:
                if post.channel in refused:
                    self.outbox.over(post.key, "test", moment, "failed", "user_disabled")
                    continue
                self.read.append((post.channel, post.thread_ts, post.message))
                ts = f"{moment.timestamp():.6f}"
                self.outbox.posted(post.key, "test", moment, ts, f"D{post.channel[1:]}")
            moment += timedelta(seconds=2)

    def stands(self, handoff, where):
        """What the messages about it that lead a thread say now in a place, oldest first."""
        found = [one for one in self.outbox.standing([handoff]) if one.channel == where and one.after is None]
        return [words(one.message) for one in sorted(found, key=lambda one: float(one.ts or 0)) if one.message]


def told(ledger, monkeypatch, more="") -> Company:
    """The company of tests/handing.py, with more in its configuration."""
    monkeypatch.setattr(handing, "EACH", timedelta(0))
    policy = company(more)
    desk = Desk(ledger, policy, lambda: made.now)
    directory = Directory(policy=policy)
    made = Company(desk, Handing(desk, ledger.outbox, directory), directory, Slack())
    return made


def said(message):
    """What a notification shows: the first line."""
    return message["text"].partition("\n")[0]


def words(message):
    """Everything that a message shows, a line each, buttons in brackets."""
    lines = []
    for block in message["blocks"]:
        if block["type"] == "section":
            lines += block["text"]["text"].split("\n")
        elif block["type"] == "context":
            lines += [element["text"] for element in block["elements"]]
        else:
            lines += [f"[{label}]" for element in block["elements"] for label in _labels(element)]
    return lines


def _labels(element):
    if element["type"] == "overflow":
        return [option["text"]["text"] for option in element["options"]]
    return [element["text"]["text"]]
