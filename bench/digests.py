"""What do 1,000 digests cost that are due at the same minute over a large workspace?

Each goes to a channel of its own: two fifths the daily bottleneck, two fifths stalled reviews, the rest stabilization
and the weekly one, over the workspace's teams in turn. Computing alone is held against a floor in the same run, turn
about: every SELECT that one of ours runs, with its parameters, on plain ``sqlite3``, all rows fetched; the same
picture, where there is one, by the charting library; and one compiled Jinja template of the size of our messages. No
record is decoded, no rule applied. The whole, with the outbox and a Slack that answers after 50 ms and takes one post a
second in a channel, is timed in a process of its own, whose largest resident set is its memory.

``python -m bench.digests COUNT CHANGES URL`` is one such run; it prints seconds, peak memory (KB) and what was posted.
"""

import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import time as clock_time
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import jinja2

import digests
from assistant.acts import subscribe
from assistant.desk import Desk
from assistant.policy import Policy
from assistant.policy.people import PersonEntry, ServiceEntry, TeamEntry
from assistant.showing import delivery as weekly
from assistant.viewer import Viewer
from bench.data import NOW, PEOPLE
from bench.databases import workspace_of
from bench.measured import Figure, median, ms, timed
from bench.slack import stand_in
from commands.terminal.serve import set_apart
from digests.delivery import Delivery, Terms
from digests.directory import Nobody
from digests.planning import Occasion, plan
from digests.slack import SlackPoster, client_for
from digests.speaking import Digests
from storage.database import Session
from storage.ledger import Ledger, open_ledger
from storage.records import ObjectKind, Subscription

LARGE, QUICK = 100_000, 5_000  # changes
MANY, FEW = 1_000, 100  # subscriptions
ROUNDS = 3
MIX = ("bottleneck", "stalled") * 8 + ("stabilization",) * 3 + ("weekly",)
TEAMS = 20
MINUTE = NOW.replace(hour=9, minute=0)
WHO = Viewer("terminal/bench", "bench")
SECONDS = 60.0
NO_PACE = 1_000_000
TIMEOUT = 900
Statement = tuple[str, tuple[Any, ...]]


def measure(*, quick: bool) -> list[Figure]:
    """Computing against its floor, and the whole thousand: seconds and memory."""
    changes, many = (QUICK, FEW) if quick else (LARGE, MANY)
    path = workspace_of(changes)
    ours, floor = computing(path)
    with stand_in() as url:
        few = whole(many // 2, changes, url)  # by then caches, threads and the charting library have their room
        all_of_them = whole(many, changes, url)
    posted = all_of_them["posted"]
    return [
        Figure(f"digests over {changes:,} changes: computing one", ms(ours), ms(floor), ours / floor, 3),
        Figure(
            f"digests: {many:,} due at once, {posted:,} posts, seconds",
            f"{all_of_them['seconds']:.1f} s", f"{SECONDS:g} s", all_of_them["seconds"], SECONDS,
        ),
        Figure(
            f"digests: peak memory, {many:,} against {many // 2:,}",
            _mb(all_of_them["peak"]), _mb(few["peak"]), all_of_them["peak"] / few["peak"], 1.2,
        ),
    ]  # fmt: skip


def policy() -> Policy:
    """A team for each repository, three people in each, no pace of its own."""
    each = {f"service-{number}": f"acme/service-{number}" for number in range(TEAMS)}
    people = {name: PersonEntry(name=name.title(), github=(name,)) for name in PEOPLE}
    teams = {
        key: TeamEntry(members=(PEOPLE[place % 12], PEOPLE[(place + 5) % 12]), repositories=(name,), services=(key,))
        for place, (key, name) in enumerate(each.items())
    }
    bare = Policy(people=people, teams=teams, services={k: ServiceEntry(repository=n) for k, n in each.items()})
    return bare.model_copy(update={"digests": bare.digests.model_copy(update={"pace": NO_PACE})})


def subscriptions(number: int) -> Iterator[subscribe.Wish]:
    """So many wishes, each for a channel of its own."""
    for place in range(number):
        yield subscribe.Wish(
            digest=MIX[place % len(MIX)], subscription=f"subscription:bench-{place}", channel=f"C{place:05d}",
            person=None, days=tuple(range(7)), time=clock_time(9), zone="UTC", about=f"team service-{place % TEAMS}",
            all_clear=False,
        )  # fmt: skip


@contextmanager
def subscribed(path: Path, number: int) -> Iterator[tuple[Desk, Ledger, list[Subscription]]]:
    """A desk over the workspace with so many subscriptions, which are gone afterwards."""
    rules = policy()
    with open_ledger(f"sqlite:///{path}", rules.fold_rules()) as ledger:
        clean(path)
        desk = Desk(ledger, rules, lambda: MINUTE + timedelta(seconds=1))
        for wish in subscriptions(number):
            desk.act(subscribe.NAME, wish, WHO, MINUTE - timedelta(days=1))
        found = [one for one in ledger.standing(ObjectKind.SUBSCRIPTION) if isinstance(one, Subscription)]
        try:
            yield desk, ledger, found
        finally:
            clean(path)


def clean(path: Path) -> None:
    """Leave the workspace as it was built: no subscription, no run, no post."""
    with sqlite3.connect(path, timeout=60) as connection:
        for table in ("event", "state"):
            connection.execute(f"DELETE FROM {table} WHERE object >= 'subscription:' AND object < 'subscription;'")
        connection.execute("DELETE FROM seen WHERE viewer >= 'subscription:' AND viewer < 'subscription;'")
        for table in ("run", "post", "hold"):
            connection.execute(f"DELETE FROM {table}")


def computing(path: Path) -> tuple[float, float]:
    """Seconds of one digest, and of its floor: the mean over the mix, the middle of some rounds."""
    with subscribed(path, len(MIX) * 4) as (desk, _, found):
        sides = [(ours_of(desk, one), floor_of(path, desk, one)) for one in found]
        taken: list[tuple[float, float]] = []
        for ours, floor in sides:
            ours()
            floor()
        set_apart()
        for _ in range(ROUNDS):
            pairs = [(timed(ours), timed(floor)) for ours, floor in sides]
            taken.append((sum(a for a, _ in pairs) / len(pairs), sum(b for _, b in pairs) / len(pairs)))
    return median([ours for ours, _ in taken]), median([floor for _, floor in taken])


def ours_of(desk: Desk, one: Subscription) -> Callable[[], object]:
    """Plan one digest as its run does."""
    when = Occasion(MINUTE, MINUTE + timedelta(seconds=1), MINUTE + timedelta(hours=2), asked=True)
    return lambda: plan(one, digests.BY_ID[one.digest], desk, Nobody(), when)


def floor_of(path: Path, desk: Desk, one: Subscription) -> Callable[[], object]:
    """The bare work behind one digest."""
    statements: dict[Statement, None] = {}
    drawn: list[tuple[Any, ...]] = []

    def noting(method: Callable[..., Any]) -> Callable[..., Any]:
        def noted(session: Session, sql: str, values: Sequence[Any] = ()) -> Any:  # noqa: ANN401  rows
            if sql.lstrip().startswith(("SELECT", "WITH")):
                statements[sql, tuple(values)] = None
            return method(session, sql, values)

        return noted

    draw = weekly.stacked

    def drawing(*said: Any) -> bytes:  # noqa: ANN401  whatever is drawn
        drawn.append(said)
        return draw(*said)

    with (
        patch.multiple(Session, all=noting(Session.all), one=noting(Session.one)),
        patch.object(weekly, "stacked", drawing),
    ):
        made: Any = ours_of(desk, one)()
    size = sum(len(json.dumps(post.message)) for post in made.posts)
    template = jinja2.Environment(autoescape=True).from_string("{% for one in rows %}{{ one }}\n{% endfor %}")
    rows = ["x" * 79] * (size // 80)
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("temp_store=MEMORY", "cache_size=-16384"):  # as ours has them
        connection.execute(f"PRAGMA {pragma}")

    def bare() -> None:
        connection.execute("BEGIN")
        for sql, values in statements:
            connection.execute(sql, values).fetchall()
        connection.execute("COMMIT")
        for said in drawn:
            draw(*said)
        template.render(rows=rows)

    return bare


def whole(number: int, changes: int, url: str) -> dict[str, Any]:
    """One run of so many, in a process of its own."""
    command = [sys.executable, "-m", "bench.digests", str(number), str(changes), url]
    said = subprocess.run(command, capture_output=True, check=True, timeout=TIMEOUT)  # noqa: S603  our own
    return dict(json.loads(said.stdout))


def run(number: int, changes: int, url: str) -> dict[str, Any]:
    """Claim, plan, owe and post so many, as a serving process does; how long until the last one stood in Slack."""
    with subscribed(workspace_of(changes), number) as (desk, ledger, _):
        speaking = Digests(desk, ledger.outbox, Nobody())
        poster = SlackPoster(client_for("xoxb-1", url))
        terms = Terms(pace=None)
        delivery = Delivery(ledger.outbox, poster, lambda: MINUTE + timedelta(seconds=time.monotonic() - began), terms)
        over, stop = threading.Event(), threading.Event()

        def posting() -> None:
            while not over.is_set():
                delivery.drain(stop, patience=2.0)
                over.wait(0.05)

        desk.clock = lambda: MINUTE + timedelta(seconds=time.monotonic() - began)
        set_apart()  # as `lastmile serve` does
        began = time.monotonic()
        thread = threading.Thread(target=posting)
        thread.start()
        runs = speaking.tick(stop)
        computed = time.monotonic() - began
        while ledger.outbox.waiting() is not None:
            time.sleep(0.05)
        seconds = time.monotonic() - began
        over.set()
        thread.join()
        figures = ledger.outbox.figures(MINUTE + timedelta(hours=1))
    assert runs.total() == number, f"{runs} of {number} were run"
    # not getrusage, whose peak a new process inherits from the one that started it
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    peak = int(status["VmHWM"].split()[0])
    return {"seconds": seconds, "computed": computed, "peak": peak, "posted": figures.posts.get("posted", 0),
            "posts": figures.posts, "runs": figures.runs}  # fmt: skip


def _mb(kilobytes: float) -> str:
    return f"{kilobytes / 1024:.0f} MB"


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])))
