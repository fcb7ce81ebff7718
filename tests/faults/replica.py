"""One of several processes that run digests from one database, made to die at a step."""

import os
import secrets
import signal
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from digests.delivery import Delivery, Terms
from digests.pictures import Pictures
from digests.slack import SlackPoster, client_for
from storage.database import Database
from storage.outbox import Outbox, Owed

PICTURE = 1.0  # seconds until a picture is given up
PNG = b"\x89PNG"
REQUEST = 1  # seconds until a request is given up; a lease lasts longer, as in production
LEASE = timedelta(seconds=3)
EVERY = 4  # seconds between the moments of one subscription
OVER = "SELECT subscription, moment FROM run WHERE state <> 'claimed'"


@dataclass(frozen=True)
class World:
    """Where the database and Slack are, who subscribes, from when, and what all processes are told meanwhile.

    ``end`` is the last moment that is due, as a number of EVERY seconds since the start; ``stop`` becomes 1.
    """

    database: str
    slack: str
    subscriptions: int
    start: float
    end: object
    stop: object

    def moment(self, number: int) -> datetime:
        return datetime.fromtimestamp(self.start + number * EVERY, UTC)

    def runs(self, now: datetime) -> list[tuple[str, datetime]]:
        """Every run that is due by now."""
        last = min(self.end.value, int((now.timestamp() - self.start) // EVERY))
        names = [f"subscription:{number}" for number in range(self.subscriptions)]
        return [(name, self.moment(number)) for number in range(last + 1) for name in names]


def keys_of(subscription: str, moment: datetime) -> tuple[str, str]:
    """The keys of a digest's headline and of what goes in its thread."""
    return f"{subscription}|{moment.isoformat()}|0", f"{subscription}|{moment.isoformat()}|1"


def planned(subscription: str, moment: datetime, now: datetime) -> list[Owed]:
    """A headline, that of every fourth subscription with a picture, and one message in its thread."""
    pictures = ((PNG, "A chart", "Two bars"),) if int(subscription.rpartition(":")[2]) % 4 == 0 else ()
    lead, reply = keys_of(subscription, moment)
    channel, until = f"C{subscription.rpartition(':')[2]}", now + timedelta(minutes=30)
    return [
        Owed(lead, channel, {"text": lead, "blocks": []}, now, until, subscription, pictures=pictures),
        Owed(reply, channel, {"text": reply, "blocks": []}, now, until, subscription, after=lead),
    ]  # fmt: skip


def dying(step: str, times: int):
    """Kill this process when it reaches a step for the ``times``-th time."""
    lock, left = threading.Lock(), [times]

    def reached(here: str) -> None:
        if here == step:
            with lock:
                left[0] -= 1
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)

    return reached


def run(world: World, step: str, times: int) -> None:
    """Claim, plan and post what is due until told to stop, or killed at ``step``."""
    database = Database(world.database)
    outbox, who, reached, clock = Outbox(database), secrets.token_hex(8), dying(step, times), _now
    client = client_for(str(os.getpid()), world.slack, REQUEST)
    poster = SlackPoster(client, Pictures(client, PICTURE))
    delivery = Delivery(outbox, poster, clock, Terms(LEASE, None, 4), reached=reached)
    idle = threading.Event()
    while not world.stop.value:
        with database.reading() as session:
            over = set(session.all(OVER))
        for subscription, moment in world.runs(clock()):
            if (subscription, int(moment.timestamp() * 1_000_000)) in over:
                continue
            if outbox.claim_run(subscription, moment, clock(), LEASE, who):
                reached("run claimed")
                now = clock()
                outbox.finish_run(subscription, moment, who, now, "posted", planned(subscription, moment, now))
                reached("planned")
        delivery.drain(idle)
        idle.wait(0.1)


def _now() -> datetime:
    return datetime.now(UTC)
