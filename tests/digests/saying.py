"""A company in which digests speak: a tiny question, a directory that knows everybody, a clock that is set by hand."""

import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace

from assistant import questions
from assistant.acts.subscribe import Wish
from assistant.blocks import Picture, section
from assistant.desk import Desk
from assistant.showing.sheet import Row, Sheet
from assistant.viewer import viewer_for
from digests.digest import Digest
from digests.directory import CouldNotAsk
from digests.speaking import Digests, new_subscription
from storage.facts import Needs
from storage.records import Subscription
from tests.builders import at, policy_of
from tests.commands.conftest import arrive

NINE = at("2026-11-18T08:00")  # in Berlin, a Wednesday
BEFORE = NINE - timedelta(days=30)
POLICY = """
[workspace]
zone = "Europe/Berlin"
[people.anna]
name = "Anna Berg"
slack = "U1"
[people.bo]
name = "Bo Cole"
slack = "U2"
days = ["mon", "tue", "wed", "thu"]
[teams.web]
members = ["anna"]
repositories = ["acme/web"]
channels = ["C7"]
[services.web]
repository = "acme/web"
[access.channels]
C9 = ["acme/web"]
"""
PNG = b"\x89PNG"


@dataclass(frozen=True)
class Answer:
    """What the tiny question found: the repositories that its reader may see, and what there is to do."""

    repositories: tuple[str, ...]
    things: tuple[str, ...]
    person: str | None
    seen: object
    question: str = "tiny"

    def as_data(self):
        return {"question": "tiny", "repositories": list(self.repositories), "things": list(self.things)}


@dataclass
class Tiny:
    """The tiny question, as a module would be; ``things`` is what it finds, ``breaks`` the readers for whom it fails."""

    things: list = field(default_factory=lambda: ["web#1", "web#2"])
    breaks: set = field(default_factory=set)
    asked: list = field(default_factory=list)
    NAME = "tiny"

    def needs(self, scoped, policy, now):
        return Needs(seen_by=scoped.viewer.key, seen_key=self.seen_key(scoped))

    def answer(self, facts, scoped, policy, now):
        self.asked.append(scoped)
        if scoped.viewer.key in self.breaks:
            raise RuntimeError("the tiny question broke")
        return Answer(scoped.repositories, tuple(self.things), scoped.person, facts.seen and facts.seen[1])

    def outline(self, answer):
        return {"things": list(answer.things)}

    def seen_key(self, scoped):
        return f"tiny:{scoped.subject.seed}"


def sheet(answer, reader, naming):
    """A headline, a row for each thing and a picture."""
    rows = tuple(Row(name, (section(name),), name) for name in answer.things)
    told = f"seen: {answer.seen}" if answer.seen else ""
    head = f"{len(rows)} things in {', '.join(answer.repositories) or 'nothing'}"
    return Sheet(head, rows=rows, told=(told,), picture=Picture(lambda: PNG, "A chart", "Two bars") if rows else None)


DIGEST = Digest("tiny", "Tiny things", "What is tiny.", "tiny", lambda answer: not answer.things)
OWN = Digest("own", "My tiny things", "What is mine.", "tiny", lambda answer: not answer.things, personal=True)
DECLARED = {"tiny": DIGEST, "own": OWN}


@dataclass
class Known:
    """A directory; ``outside`` are channels shared with other companies, ``unseen`` those that can't be seen."""

    outside: set = field(default_factory=set)
    unseen: set = field(default_factory=set)
    guests: set = field(default_factory=set)
    zones: dict = field(default_factory=dict)
    away: bool = False  # Slack can't be asked
    asked: int = 0

    def slack_id(self, key, now):
        ids = {"person/anna": "U1", "person/bo": "U2"}
        kind, _, rest = (key or "").partition("/")
        return rest if kind == "slack" else ids.get(key)

    def inside(self, user, now):
        return user not in self.guests

    def zone(self, user, now):
        return self.zones.get(user)

    def outsiders_in(self, channel, now):
        self.asked += 1
        if self.away:
            raise CouldNotAsk
        if channel in self.unseen:
            from assistant.errors import UserError

            raise UserError("Invite me.")
        return channel in self.outside


@dataclass
class Company:
    """Everything that a test of digests reads from and turns at."""

    digests: Digests
    desk: Desk
    tiny: Tiny
    directory: Known
    now: datetime = NINE

    def subscribed(self, by="person/anna", at=BEFORE, **more):
        """Set a subscription up, as somebody did some time ago; the record."""
        wish = Wish(**({"subscription": new_subscription(), "digest": "tiny", "zone": "Europe/Berlin"} | more))
        who = viewer_for(self.desk.policy, by, by)
        self.desk.act("subscribe", wish, who, at)
        return self.digests.find(wish.subscription)

    def find(self, one: Subscription) -> Subscription:
        return self.digests.find(one.object)

    def owed(self):
        """What waits to be posted, in its order: claimed, so that a second look finds nothing."""
        found, now = [], self.now
        while claimed := self.desk.ledger.outbox.claim(now, "test", timedelta(minutes=1), 100):
            for post in claimed:
                found.append(post)
                self.desk.ledger.outbox.posted(post.key, "test", now, f"{len(found)}.0", post.channel)
            now += timedelta(seconds=2)
        return found

    def states(self, one: Subscription):
        return {run.moment: run.state for run in self.desk.ledger.outbox.runs([one.object], 50)}


def company(ledger, monkeypatch, declared=None) -> Company:
    """A company over a ledger, at nine o'clock."""
    tiny = Tiny()
    monkeypatch.setitem(questions.BY_NAME, "tiny", tiny)
    monkeypatch.setitem(sys.modules, "assistant.showing.tiny", SimpleNamespace(sheet=sheet))
    directory = Known()
    for number, repository in enumerate(("acme/web", "acme/secret")):
        arrive(ledger, "pull_request__opened", 101 + number, repository, BEFORE, title="A change", body="")
    desk = Desk(ledger, policy_of(POLICY), lambda: made.now)
    made = Company(Digests(desk, ledger.outbox, directory, declared or DECLARED), desk, tiny, directory)
    return made
