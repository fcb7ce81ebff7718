"""Is every digest posted exactly once, or told as skipped, when processes are killed at every step of it?"""

import collections
import multiprocessing
import os
import random
import signal
import time
from multiprocessing.sharedctypes import RawValue

import pytest

from storage.database import Database
from storage.outbox import Outbox
from tests.builders import NOON
from tests.fakes import Status, fake_slack
from tests.faults import replica

pytestmark = pytest.mark.faults

REPLICAS = 2
SUBSCRIPTIONS = 24
HERE = ("run claimed", "planned", "claimed", "sending", "posted", "recorded")  # the process kills itself there
HEARD, TAKEN = "sent, not taken, unanswered", "sent, taken, unanswered"  # Slack's side sees the process die
UPLOADED = "picture there, not shown"  # as well
STEPS = (*HERE, HEARD, TAKEN, UPLOADED)
METHODS = {HEARD: "chat.postMessage", TAKEN: "chat.postMessage", UPLOADED: "files.completeUploadExternal"}


class Scene:
    """A Slack, a database, and processes that are killed and started again."""

    def __init__(self, url, slack, kills, seed):
        self.slack, self.kills = slack, kills
        self.chance = random.Random(seed)
        steps = [STEPS[number % len(STEPS)] for number in range(kills)]
        self.chance.shuffle(steps)
        self.steps = steps
        self.doomed = {}  # process -> the step at which Slack's side sees it die
        self.killed = collections.Counter()
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["tests.faults.replica"])
        self.world = replica.World(url, slack.url, SUBSCRIPTIONS, time.time(), RawValue("i", 1 << 30), RawValue("i", 0))
        self.database = Database(url)
        self.outbox = Outbox(self.database)
        slack.slow["chat.postMessage"] = 0.05
        slack.hears = lambda method, _said: self.watch(HEARD, method)
        slack.answers = lambda method, _said: self.watch(TAKEN, method) or self.watch(UPLOADED, method)

    def watch(self, step, method):
        """Kill the process whose request this is, if that is how it shall die."""
        pid = int(self.slack.caller.token)
        if method == METHODS[step] and self.doomed.get(pid) == step:
            del self.doomed[pid]
            os.kill(pid, signal.SIGKILL)
            if step == HEARD:
                raise Status(500)

    def start(self):
        """Start a process that will die at the next step, or, once all have died, one that goes on."""
        step = self.steps.pop() if self.steps else ""
        process = self.context.Process(target=replica.run, args=(self.world, step, self.chance.randint(1, 4)))
        process.start()
        if step in METHODS:
            self.doomed[process.pid] = step
        return process, step

    def play(self):
        """Kill as often as was wanted, then let two processes bring everything to its end."""
        running = [self.start() for _ in range(REPLICAS)]
        while self.killed.total() < self.kills:
            time.sleep(0.02)
            for place, (process, step) in enumerate(running):
                if not process.is_alive():
                    assert process.exitcode == -signal.SIGKILL, (process.exitcode, step)
                    self.killed[step] += 1
                    running[place] = self.start()
        self.world.end.value = int((time.time() - self.world.start) // replica.EVERY)
        self.settle()
        self.world.stop.value = 1
        for process, _ in running:
            process.join(20)
            assert process.exitcode == 0

    def settle(self):
        due = self.world.runs(replica._now())
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            figures = self.outbox.figures(NOON)
            waits = sum(figures.posts.get(state, 0) for state in ("owed", "sending")) + figures.runs.get("claimed", 0)
            if sum(figures.runs.values()) == len(due) and not waits:
                return
            time.sleep(0.2)
        pytest.fail(f"not done in time: {figures}")

    def counts(self):
        """What became of every message: how often it stands in Slack, beside what the outbox says of it."""
        standing = collections.Counter(
            said["metadata"]["event_payload"]["key"] for there in self.slack.messages.values() for said in there
        )
        with self.database.reading() as session:
            states = dict(session.all("SELECT key, state FROM post"))
        due = [key for run in self.world.runs(replica._now()) for key in replica.keys_of(*run)]
        assert set(standing) <= set(due)
        return {
            "kills": self.killed.total(),
            "messages": len(due),
            "posted with a picture": sum(
                any(block["type"] == "image" for block in said.get("blocks", ()))
                for there in self.slack.messages.values()
                for said in there
            ),
            "posted exactly once": sum(standing[key] == 1 for key in due),
            "told as skipped": sum(standing[key] == 0 and states.get(key) == "skipped" for key in due),
            "told as skipped, though posted": sum(standing[key] == 1 and states.get(key) == "skipped" for key in due),
            "posted twice": sum(standing[key] > 1 for key in due),
            "lost": sum(standing[key] == 0 and states.get(key) != "skipped" for key in due),
        }

    def threads_are_right(self):
        """Whether each reply stands under its own headline."""
        for there in self.slack.messages.values():
            leads = {said["text"]: said["ts"] for said in there if "thread_ts" not in said}
            for said in there:
                if "thread_ts" in said:
                    assert leads[f"{said['text'][:-1]}0"] == said["thread_ts"]


def played(url, kills, seed, capsys, name, **errors):
    with fake_slack() as slack:
        slack.errors.update(errors)
        scene = Scene(url, slack, kills, seed)
        began = time.monotonic()
        scene.play()
        counts = scene.counts()
        scene.threads_are_right()
        scene.database.close()
    with capsys.disabled():
        print(f"\n{name}, {REPLICAS} processes, {time.monotonic() - began:.0f} s")  # noqa: T201  for whoever runs it
        for what, number in (*counts.items(), *((f"  killed at: {step}", scene.killed[step]) for step in STEPS)):
            print(f"{number:6} {what}")  # noqa: T201
    assert counts["posted twice"] == counts["lost"] == 0
    assert counts["posted exactly once"] + counts["told as skipped"] == counts["messages"]
    assert counts["posted with a picture"]
    assert all(scene.killed[step] for step in STEPS)
    return counts


@pytest.mark.timeout(420)
def test_killed_a_hundred_times_every_digest_is_posted_exactly_once(postgres_url, capsys):
    counts = played(postgres_url, 100, 3, capsys, "PostgreSQL")
    assert counts["told as skipped"] == 0


@pytest.mark.timeout(200)
def test_two_processes_on_one_file_post_exactly_once_as_well(sqlite_url, capsys):
    counts = played(sqlite_url, 32, 4, capsys, "SQLite")
    assert counts["told as skipped"] == 0


@pytest.mark.timeout(200)
def test_where_we_may_not_read_what_stands_there_digests_are_skipped_and_none_is_posted_twice(postgres_url, capsys):
    blind = {"conversations.history": "missing_scope", "conversations.replies": "missing_scope"}
    counts = played(postgres_url, 32, 5, capsys, "PostgreSQL, not allowed to read", **blind)
    assert counts["told as skipped"] > 0
