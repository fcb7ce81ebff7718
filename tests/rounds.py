"""How do tests let a round happen, and read what each person has in front of them?

The company is that of ``tests.handing``: Anna leads engineering, Bo QA, Eve (in New York) customer success, nobody
leads design.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from assistant.acts import ACTS
from assistant.desk import Desk
from assistant.errors import UserError
from assistant.handoffs.rounds import next_round
from digests.directory import CouldNotAsk
from digests.poster import Down
from digests.speaking import Digests
from storage.records import Readiness, Round, RoundAnswer
from tests.commands.conftest import shown
from tests.handing import MORNING, RELEASE, as_viewer, company

ROUND = next_round(RELEASE, ())
IDS = {"anna": "U1", "bo": "U2", "cho": "U3", "dee": "U4", "eve": "U5", "fay": "U6", "gus": "U7"}
LEADS = (
    ("engineering", "person/anna"), ("qa", "person/bo"), ("design", None), ("customer_success", "person/eve"),
)  # fmt: skip


@dataclass
class Known:
    """A directory that knows everybody of the company."""

    outside: set = field(default_factory=set)  # channels that people of another company read
    unseen: set = field(default_factory=set)  # channels that can't be seen
    guests: set = field(default_factory=set)
    unknown: set = field(default_factory=set)  # keys of people
    zones: dict = field(default_factory=dict)
    away: bool = False  # Slack can't be asked

    def slack_id(self, key, now):
        self._ask()
        kind, _, name = (key or "").partition("/")
        return name if kind == "slack" else None if key in self.unknown else IDS.get(name)

    def inside(self, user, now):
        self._ask()
        return user not in self.guests

    def zone(self, user, now):
        self._ask()
        return self.zones.get(user)

    def outsiders_in(self, channel, now):
        self._ask()
        if channel in self.unseen:
            raise UserError("Invite me.")
        return channel in self.outside

    def _ask(self):
        if self.away:
            raise CouldNotAsk


@dataclass
class Room:
    """A ledger in which rounds happen, and a Slack that shows what was posted; ``now`` is set by hand."""

    ledger: object
    policy: object = field(default_factory=company)
    directory: Known = field(default_factory=Known)
    now: object = MORNING
    down: bool = False  # Slack takes no updates
    messages: dict = field(default_factory=dict)  # (place, ts) -> [key, thread, message]
    updates: list = field(default_factory=list)
    refuses: set = field(default_factory=set)  # channels in which nothing may be posted

    def __post_init__(self):
        self.desk = Desk(self.ledger, self.policy, lambda: self.now)
        self.digests = Digests(self.desk, self.ledger.outbox, self.directory)
        self.asking = self.digests.asking

    def act(self, name, by="fay", /, **wish):
        return self.desk.act(name, ACTS[name].Wish(**wish), as_viewer(by, self.policy), self.now)

    def opened(self, by="fay", /, **more):
        """Begin a round about checkout 2.4 in its channel; its object."""
        filled = {"round": next_round(RELEASE, self.asking.rounds()), "release": RELEASE, "channel": "C1"} | more
        self.act("open_round", by, **filled)
        return filled["round"]

    def answered(self, function="qa", readiness="ready", by="bo", round_=ROUND, /, **more):
        self.act("answer_round", by, round=round_, function=function, readiness=readiness, **more)

    def closed(self, by="fay", round_=ROUND):
        self.act("close_round", by, round=round_, release=RELEASE)

    def round(self, name=ROUND):
        return self.ledger.get((name,))[name]

    def later(self, **span):
        self.now += timedelta(**span)

    def tick(self):
        """What a process does again and again: settle everything, then post what is owed. How many posts were owed."""
        import threading

        owed = self.asking.tick(_Hasty(threading.Event()), self)
        self.deliver()
        return owed

    def deliver(self):
        """Post what is owed, a second apart."""
        for second in range(0, 16, 2):
            at = self.now + timedelta(seconds=second)
            for post in self.ledger.outbox.claim(at, "test", timedelta(minutes=1), 100):
                if post.channel in self.refuses:
                    self.ledger.outbox.over(post.key, "test", at, "failed", "is_archived")
                    continue
                ts = f"{at.timestamp() + len(self.messages) / 1000:.6f}"
                place = post.to if post.to[0] in "CD" else f"D{post.to[1:]}"
                self.messages[place, ts] = [post.key, post.thread_ts, post.message]
                assert self.ledger.outbox.posted(post.key, "test", at, ts, place)

    def update(self, channel, ts, message):
        """As a poster does."""
        if self.down:
            raise Down("service_unavailable")
        self.updates.append((channel, ts))
        self.messages[channel, ts][2] = dict(message)

    def reads(self, place):
        """The messages that stand in a channel or with a person, oldest first, replies indented."""
        place = f"D{IDS[place][1:]}" if place in IDS else place
        found = [(ts, said) for (where, ts), said in sorted(self.messages.items()) if where == place]
        return [("  " if said[1] else "") + shown(said[2]["blocks"]) for _, said in found]


class _Hasty:
    """An event that waits for nothing."""

    def __init__(self, event):
        self._event = event

    def is_set(self):
        return self._event.is_set()

    def wait(self, _seconds):
        return False


def round_of(name=ROUND, **more):
    """A round as the ledger holds it: Fay's, about checkout 2.4, open since nine o'clock."""
    filled = {
        "release": RELEASE, "by": "person/fay", "opened_at": MORNING, "due_at": MORNING + timedelta(hours=8),
        "channel": "C1", "leads": LEADS,
    }  # fmt: skip
    return Round(name, **(filled | more))


def answer_of(function="qa", readiness=Readiness.NOT_READY, by="person/bo", at=MORNING, **more):
    """An answer as the ledger holds it."""
    filled = {"waits_for": "sandbox keys", "whom": "engineering"} if readiness is Readiness.NOT_READY else {}
    return RoundAnswer(function, by, at, readiness, **(filled | more))


def with_answers(*answers, **more):
    return replace(round_of(**more), answers=answers)
