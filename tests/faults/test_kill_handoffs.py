"""Does every message about handoffs and rounds stand once, and say what is true, when processes are killed anywhere?"""

import collections
import multiprocessing
import os
import random
import signal
import time
from multiprocessing.sharedctypes import RawValue

import pytest

from storage.ledger import open_ledger
from storage.records import ObjectKind
from tests.builders import NOON
from tests.fakes import Status, fake_slack
from tests.faults import passer

pytestmark = pytest.mark.faults

HEARD, TAKEN = "sent, not taken, unanswered", "sent, taken, unanswered"  # Slack's side sees the process die
HEARD_UPDATE, TAKEN_UPDATE = "update sent, not taken, unanswered", "update sent, taken, unanswered"
METHODS = {
    HEARD: "chat.postMessage", TAKEN: "chat.postMessage", HEARD_UPDATE: "chat.update", TAKEN_UPDATE: "chat.update",
}  # fmt: skip
TOLD = (
    "planned", "owed", "claimed", "sending", "posted", "recorded", "restated", "updated", HEARD, TAKEN, HEARD_UPDATE,
    TAKEN_UPDATE,
)  # fmt: skip
ACTED = ("acted", "planned", "owed", "restated")  # acted and told nobody, ...
SECONDS = 60  # to bring everything to its end


class Scene:
    """A Slack, a database, two processes that tell, one that acts; they are killed and started again."""

    def __init__(self, url, slack, kills, seed):
        self.slack, self.kills, self.chance = slack, kills, random.Random(seed)
        acted = kills // 4
        self.steps = {passer.act: self.shuffled(ACTED, acted), passer.tell: self.shuffled(TOLD, kills - acted)}
        self.doomed = {}  # process -> the step at which Slack's side sees it die
        self.killed = collections.Counter()
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["tests.faults.passer", "storage.state.fold", "slack_sdk", "psycopg"])
        self.world = passer.World(url, slack.url, RawValue("i", 0), RawValue("i", 0))
        self.ledger = open_ledger(url, passer.policy().fold_rules())
        slack.slow["chat.postMessage"] = 0.03
        slack.hears = lambda method, _said: self.watch((HEARD, HEARD_UPDATE), method)
        slack.answers = lambda method, _said: self.watch((TAKEN, TAKEN_UPDATE), method)

    def shuffled(self, steps, number):
        found = [steps[at % len(steps)] for at in range(number)]
        self.chance.shuffle(found)
        return found

    def watch(self, steps, method):
        """Kill the process whose request this is, if that is how it shall die."""
        pid = int(self.slack.caller.token)
        step = self.doomed.get(pid)
        if step in steps and method == METHODS[step]:
            del self.doomed[pid]
            os.kill(pid, signal.SIGKILL)
            if step in {HEARD, HEARD_UPDATE}:
                raise Status(500)

    def start(self, work):
        """Start a process that will die at the next step, or, once all have died, one that goes on."""
        step = self.steps[work].pop() if self.steps[work] else ""
        process = self.context.Process(target=work, args=(self.world, step, self.chance.randint(1, 2)))
        process.start()
        if step in METHODS:
            self.doomed[process.pid] = step
        return process, work, step

    def play(self):
        """Kill as often as was wanted, then let those that live bring everything to its end."""
        mind = passer.Mind(self.world, "", 0)
        mind.act("p0", "plan_release", product="checkout", version="1.0")
        running = [self.start(work) for work in (passer.tell, passer.tell, passer.act)]
        while self.killed.total() < self.kills:
            time.sleep(0.02)
            for place, (process, work, step) in enumerate(running):
                if not process.is_alive():
                    assert process.exitcode == -signal.SIGKILL, (process.exitcode, step)
                    self.killed[f"{'acting' if work is passer.act else 'telling'}: {step}"] += 1
                    running[place] = self.start(work)
        self.world.end.value = 1
        self.settle()
        self.world.stop.value = 1
        for process, _, _ in running:
            process.join(20)
            assert process.exitcode == 0

    def settle(self):
        deadline, wrong = time.monotonic() + SECONDS, ["not looked at yet"]
        while time.monotonic() < deadline:
            figures = self.ledger.outbox.figures(NOON)
            waits = sum(figures.posts.get(state, 0) for state in ("owed", "sending"))
            if not waits and passer.finished(self.ledger):
                wrong = [*self.lacking(), *self.untrue()]
                if not wrong:
                    return
            time.sleep(0.2)
        pytest.fail(f"not done in time: {figures}, {wrong[:10]}")

    # What should stand, by what happened alone

    def due(self):
        """How each message begins or is called that should stand, each exactly once."""
        for one in self.ledger.standing(ObjectKind.HANDOFF):
            yield from _due_of(one)
        for one in self.ledger.standing(ObjectKind.ROUND):
            for what in ("summary", "ask|person/p0", "ask|person/p6", "complete", "closed"):
                yield f"{one.object}|{what}"

    def standing(self):
        """Every message in Slack by what it is: its key, without who it is for."""
        return collections.Counter(_called(said) for there in self.slack.messages.values() for said in there)

    def lacking(self):
        standing = self.standing()
        return [key for key in self.due() if standing[key] != 1] + [key for key in standing if standing[key] > 1]

    def untrue(self):
        """The messages in Slack that do not say what the outbox has them say, or not how things stand at the end."""
        ends = {one.object: one for one in self.ledger.standing(ObjectKind.HANDOFF)}
        causes = [*ends, *(one.object for one in self.ledger.standing(ObjectKind.ROUND))]
        kept = {post.key: post for post in self.ledger.outbox.standing(causes)}
        for said in (said for there in self.slack.messages.values() for said in there):
            key, text = _key(said), str(said["blocks"])
            if kept[key].message["blocks"] != said["blocks"] or not kept[key].shown:
                yield f"{key} says something else than is kept"
            cause = key.partition("|")[0]
            if cause in ends and "thread_ts" not in said:
                script, words = passer.SCRIPTS[passer.number_of(cause) % len(passer.SCRIPTS)]
                gone = script[0][1] == "reassign" and "|to|1|" in key
                words = "nothing to do here any more" if gone else words
                if words not in text:
                    yield f"{key} does not say {words}"
            if key.endswith("|summary") and ("How ready" not in text or text.count(": ready (") != 2):
                yield f"{key} does not say how ready it is"

    def counts(self):
        standing, due = self.standing(), list(self.due())
        with self.ledger._database.reading() as session:
            given_up = session.all("SELECT count(*) FROM post WHERE state IN ('skipped', 'failed')")[0][0]
        return {
            "kills": self.killed.total(),
            "handoffs": len(self.ledger.standing(ObjectKind.HANDOFF)),
            "rounds": len(self.ledger.standing(ObjectKind.ROUND)),
            "messages that should stand": len(due),
            "standing exactly once": sum(standing[key] == 1 for key in due),
            "standing twice": sum(count > 1 for count in standing.values()),
            "lost": sum(standing[key] == 0 for key in due),
            "standing, and nobody needs them": len(set(standing) - set(due)),
            "given up": given_up,
            "not true at the end": len(list(self.untrue())),
            "updates that Slack took": len(self.slack.heard("chat.update")),
        }


def _due_of(one):
    """The messages of a handoff that should stand: a card for each who had it, a line for all that others did."""
    who = passer.parties(passer.number_of(one.object))
    holder, assigned = who["receiver"], 1
    yield f"{one.object}|to|1"
    for number, step in enumerate(one.steps[1:], 2):
        if step.by != f"person/{holder}":
            yield f"{one.object}|to|{assigned}|{number}"
        if step.by != f"person/{who['sender']}":
            yield f"{one.object}|from|{number}"
        if step.kind == "handoff.reassigned":
            holder, assigned = who["other"], number
            yield f"{one.object}|to|{assigned}"


def _key(said):
    return said["metadata"]["event_payload"]["key"]


def _called(said):
    """A message's key without who it is for and how often that was tried."""
    parts = _key(said).split("|")
    return "|".join([*parts[:3], *parts[5:]]) if parts[1] == "to" else "|".join(parts)


def played(url, kills, seed, capsys, name):
    with fake_slack() as slack:
        scene = Scene(url, slack, kills, seed)
        began = time.monotonic()
        scene.play()
        counts = scene.counts()
        scene.ledger.close()
    with capsys.disabled():
        print(f"\n{name}, three processes, {time.monotonic() - began:.0f} s")  # noqa: T201  for whoever runs it
        for what, number in (*counts.items(), *((f"  killed {step}", count) for step, count in scene.killed.items())):
            print(f"{number:6} {what}")  # noqa: T201
    assert counts["standing exactly once"] == counts["messages that should stand"]
    assert counts["standing twice"] == counts["lost"] == counts["not true at the end"] == counts["given up"] == 0
    assert counts["standing, and nobody needs them"] == 0
    return scene


@pytest.mark.timeout(150)
def test_killed_forty_times_every_message_about_handoffs_and_rounds_stands_once_and_is_true(postgres_url, capsys):
    scene = played(postgres_url, 40, 7, capsys, "PostgreSQL")
    assert len(scene.killed) == len(ACTED) + len(TOLD)


@pytest.mark.timeout(150)
def test_killed_on_one_file_every_message_stands_once_and_is_true_as_well(sqlite_url, capsys):
    played(sqlite_url, 16, 8, capsys, "SQLite")
