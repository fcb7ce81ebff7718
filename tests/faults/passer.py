"""One of several processes that act on handoffs and rounds, or tell of them, from one database; made to die at a step."""

import contextlib
import os
import threading
from dataclasses import dataclass
from datetime import timedelta

from assistant.acts import ACTS
from assistant.desk import Desk
from assistant.errors import UserError
from assistant.handoffs.rounds import next_round
from assistant.viewer import viewer_for
from digests import asking, handing, updating
from digests.delivery import Delivery, Terms
from digests.pictures import Pictures
from digests.slack import SlackPoster, client_for
from storage.ledger import open_ledger
from storage.records import ObjectKind
from tests.builders import policy_of
from tests.digests.passing import Directory
from tests.faults.replica import LEASE, PICTURE, REQUEST, _now, dying

SENDERS, RECEIVERS = range(6), range(6, 12)
ABOUT = "release:checkout@1.0"
LIVE = 16  # handoffs that somebody is at, at once
EVERY = 5  # of so many turns one goes to a round
PACE = 0.03  # seconds between two acts
SCRIPTS = (  # what happens to a handoff after it was opened: who does what, and what its cards say then
    ((("receiver", "acknowledge"), ("receiver", "done")), "*Done* by"),
    ((("receiver", "acknowledge"), ("receiver", "return"), ("sender", "resend"), ("receiver", "acknowledge")),
     "*Acknowledged* by"),
    ((("receiver", "risk"),), "with a risk"),
    ((("receiver", "return"), ("sender", "withdraw")), "*Withdrawn* by"),
    ((("sender", "reassign"), ("other", "acknowledge"), ("other", "done")), "*Done* by"),
    ((("receiver", "acknowledge"), ("receiver", "return")), "*Returned* by"),
)  # fmt: skip
MOVES = {
    "acknowledge": ("acknowledge_handoff", {}), "done": ("finish_handoff", {"looked_at": "build 812"}),
    "risk": ("finish_handoff", {"looked_at": "build 812", "risk": "No load test"}),
    "return": ("return_handoff", {"why": "It does not start"}), "resend": ("resend_handoff", {"why": "It starts now"}),
    "withdraw": ("withdraw_handoff", {"why": "Not needed"}), "reassign": ("reassign_handoff", {}),
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """Where the database and Slack are. ``end`` becomes 1 when nothing new is to begin, ``stop`` when all is over."""

    database: str
    slack: str
    end: object
    stop: object


def policy():
    """A company of twelve: six who send, six who receive; two of them lead what is asked about releases."""
    people = "".join(f'[people.p{n}]\nname = "Person {n}"\nslack = "U{n:02}"\n' for n in range(12))
    members = {name: ", ".join(f'"p{n}"' for n in those) for name, those in (("a", SENDERS), ("b", RECEIVERS))}
    return policy_of(f"""
[workspace]
zone = "UTC"
{people}
[products.checkout]
repositories = ["acme/api"]
[teams.core]
members = ["p0"]
lead = "p0"
repositories = ["acme/api"]
[functions.engineering]
members = [{members["a"]}]
lead = "p0"
[functions.qa]
members = [{members["b"]}]
lead = "p6"
[rounds]
functions = ["engineering", "qa"]
""")


def handoff_name(number: int) -> str:
    return f"handoff:{number:016x}"


def number_of(name: str) -> int:
    return int(name.rpartition(":")[2], 16)


def parties(number: int) -> dict[str, str]:
    """Who has which part in a handoff."""
    sixth = number // len(SCRIPTS) + number
    return {"sender": f"p{number % 6}", "receiver": f"p{6 + sixth % 6}", "other": f"p{6 + (sixth + 1) % 6}"}


class Mind:
    """What a process has: a desk, what tells, what posts."""

    def __init__(self, world: World, step: str, times: int) -> None:
        handing.EACH = asking._EACH = timedelta(0)
        updating.LEASE = LEASE
        self.reached = dying(step, times)
        self.ledger = open_ledger(world.database, policy().fold_rules())
        self.desk = Desk(self.ledger, policy(), _now)
        directory = Directory(policy=self.desk.policy)
        self.handing = handing.Handing(self.desk, self.ledger.outbox, directory, self.reached)
        self.asking = asking.Asking(self.desk, self.ledger.outbox, directory, self.reached)
        client = client_for(str(os.getpid()), world.slack, REQUEST)
        self.poster = SlackPoster(client, Pictures(client, PICTURE))
        self.delivery = Delivery(self.ledger.outbox, self.poster, _now, Terms(LEASE, None, 4), reached=self.reached)

    def act(self, who: str, name: str, /, **wish) -> None:
        viewer = viewer_for(self.desk.policy, f"person/{who}", who)
        self.desk.act(name, ACTS[name].Wish(**wish), viewer, _now())

    # Acting

    def handoff_moves(self, *, new: bool) -> bool:
        """Do the next thing that somebody can do about a handoff; whether there was any."""
        known = {number_of(one.object): one for one in self.ledger.handoffs(_now() - timedelta(days=1))}
        live = {n: one for n, one in known.items() if len(one.steps) <= len(SCRIPTS[n % len(SCRIPTS)][0])}
        posts = self.ledger.outbox.standing([handoff_name(n) for n in live])
        for number, one in sorted(live.items()):
            if self._brought(one, posts):
                who, move = SCRIPTS[number % len(SCRIPTS)][0][len(one.steps) - 1]
                self._move(number, who, move)
                return True
        if new and len(live) < LIVE:
            self._open(max(known, default=-1) + 1)
        return bool(live) or new

    def _brought(self, one, posts) -> bool:
        """Whether whoever has it has it in front of them: nobody acts on what they don't see."""
        opens = [n for n, step in enumerate(one.steps, 1) if step.kind in {"handoff.opened", "handoff.reassigned"}]
        return any(post.key.startswith(f"{one.object}|to|{opens[-1]}|") and post.state == "posted" for post in posts)

    def _open(self, number: int) -> None:
        who = parties(number)
        self.act(
            who["sender"], "hand_off", handoff=handoff_name(number), from_function="engineering", to_function="qa",
            about=ABOUT, needed=f"Try number {number}", receiver=f"person/{who['receiver']}",
        )  # fmt: skip
        self._told(number)

    def _move(self, number: int, who: str, move: str) -> None:
        name, wish = MOVES[move]
        wish = {"receiver": f"person/{parties(number)['other']}"} if move == "reassign" else wish
        self.act(parties(number)[who], name, handoff=handoff_name(number), **wish)
        self._told(number)

    def _told(self, number: int) -> None:
        """What a button does right after the act; from a terminal nobody does."""
        self.reached("acted")
        if number % 2:
            self.handing.settle(handoff_name(number), _now(), self.poster)

    def round_moves(self, *, new: bool) -> bool:
        """The same of rounds."""
        rounds = {one.release: one for one in self.asking.rounds()}
        live = [one for one in rounds.values() if one.closed_at is None]
        for one in live:
            self._round(one)
        if new and len(live) < 2:
            version = f"5.{len(rounds)}"
            with contextlib.suppress(UserError):  # planned before whoever did it died
                self.act("p0", "plan_release", product="checkout", version=version)
            release = f"release:checkout@{version}"
            channel = f"C{len(rounds) % 5}"
            self.act("p0", "open_round", round=next_round(release, ()), release=release, channel=channel)
            self._settle(next_round(release, ()))
        return bool(live) or new

    def _round(self, one) -> None:
        posted = {post.key for post in self.ledger.outbox.standing([one.object]) if post.state == "posted"}
        answered = {answer.function for answer in one.answers}
        for function, who in (("engineering", "p0"), ("qa", "p6")):
            if function not in answered and f"{one.object}|ask|person/{who}" in posted:
                self.act(who, "answer_round", round=one.object, function=function, readiness="ready")
                return self._settle(one.object)
        if f"{one.object}|complete" in posted:
            self.act("p0", "close_round", round=one.object, release=one.release)
            self._settle(one.object)
        return None

    def _settle(self, name: str) -> None:
        self.reached("acted")
        self.asking.settle(name, _now(), self.poster)


def act(world: World, step: str, times: int) -> None:
    """Act on handoffs and rounds until all that began is over."""
    mind, idle, turn = Mind(world, step, times), threading.Event(), 0
    while not world.stop.value:
        turn += 1
        moves = mind.round_moves if turn % EVERY == 0 else mind.handoff_moves
        moves(new=not world.end.value)
        idle.wait(PACE)


def tell(world: World, step: str, times: int) -> None:
    """Tell of them, as a process that serves does."""
    mind, idle = Mind(world, step, times), threading.Event()
    while not world.stop.value:
        mind.handing.tick(idle, mind.poster)
        mind.asking.tick(idle, mind.poster)
        mind.delivery.drain(idle)
        idle.wait(0.1)


def finished(ledger) -> bool:
    """Whether everything that began came to its end."""
    handoffs = list(ledger.standing(ObjectKind.HANDOFF))
    over = all(len(one.steps) == 1 + len(SCRIPTS[number_of(one.object) % len(SCRIPTS)][0]) for one in handoffs)
    return over and all(one.closed_at for one in ledger.standing(ObjectKind.ROUND))
