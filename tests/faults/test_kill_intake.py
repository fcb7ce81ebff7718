"""Is every delivery that was acknowledged still there after the process was killed in the middle?"""

import hashlib
import hmac
import http.client
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.faults

ROOT = Path(__file__).parent.parent.parent
SECRET = "hush"
SENDERS = 8


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(folder, port):
    """Start `lastmile serve` and wait until it takes requests."""
    environment = {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "GITHUB_WEBHOOK_SECRET": SECRET, "PORT": str(port),
        "HOST": "127.0.0.1", "METRICS_PORT": "0", "LASTMILE_DATABASE_URL": f"sqlite:///{folder / 'ledger.db'}",
    }  # fmt: skip
    with (folder / "log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve"], cwd=folder, env=environment, stdout=log, stderr=log
        )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, (folder / "log").read_text()
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return process
        except OSError:
            time.sleep(0.05)
    pytest.fail((folder / "log").read_text())


class Sender(threading.Thread):
    """Sends one signed delivery after the other until nobody answers; remembers what was acknowledged."""

    def __init__(self, port, name):
        super().__init__(name=name)
        self.port = port
        self.acknowledged = []
        self.refused = []

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        for count in range(100_000):
            delivery = f"{self.name}-{count}"
            body = issue(delivery)
            try:
                connection.request("POST", "/webhooks/github", body, signed(body, delivery))
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                return
            (self.acknowledged if answer.status == 200 else self.refused).append(delivery)


def issue(delivery):
    number = int(hashlib.sha256(delivery.encode()).hexdigest()[:8], 16) + 1
    at = "2026-11-02T09:00:00Z"
    told = {
        "number": number,
        "title": delivery,
        "state": "open",
        "user": {"login": "anna"},
        "created_at": at,
        "updated_at": at,
    }
    return json.dumps({"action": "opened", "issue": told, "repository": {"full_name": "acme/api"}}).encode()


def signed(body, delivery):
    return {
        "X-GitHub-Event": "issues", "X-GitHub-Delivery": delivery, "Content-Type": "application/json",
        "X-Hub-Signature-256": "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest(),
    }  # fmt: skip


def stored(folder):
    """What a process that knows nothing of the killed one finds: deliveries, titles in events, and its own verdict."""
    with sqlite3.connect(folder / "ledger.db") as base:
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        deliveries = {row[0] for row in base.execute("SELECT delivery_id FROM delivery WHERE verdict = 'new'")}
        told = {json.loads(row[0])["snapshot"]["title"] for row in base.execute("SELECT data FROM event")}
        objects = base.execute("SELECT COUNT(DISTINCT object) FROM event").fetchone()
        states = base.execute("SELECT COUNT(*) FROM state").fetchone()
    assert deliveries == told
    assert states == objects
    return deliveries


def round_of(folder, name, ending, seconds):
    """Send from many sides, end the process by a signal after a while; the ids that were acknowledged."""
    port = free_port()
    process = start(folder, port)
    senders = [Sender(port, f"{name}-{number}") for number in range(SENDERS)]
    for sender in senders:
        sender.start()
    time.sleep(seconds)
    process.send_signal(ending)
    status = process.wait(60)
    for sender in senders:
        sender.join(60)
    return status, {delivery for sender in senders for delivery in sender.acknowledged}


@pytest.mark.timeout(600)
def test_whatever_was_acknowledged_is_there_after_kill_9(tmp_path):
    chance = random.Random(20)
    acknowledged = set()
    for number in range(8):
        status, said = round_of(tmp_path, f"round-{number}", signal.SIGKILL, chance.uniform(0.2, 1.5))
        assert status == -signal.SIGKILL
        acknowledged |= said
        assert acknowledged <= stored(tmp_path)
    assert len(acknowledged) > 200


@pytest.mark.timeout(120)
def test_asked_to_stop_it_finishes_what_it_accepted_and_leaves_in_order(tmp_path):
    status, acknowledged = round_of(tmp_path, "once", signal.SIGTERM, 1.0)
    assert status == 0, (tmp_path / "log").read_text()
    assert acknowledged
    assert stored(tmp_path) >= acknowledged
