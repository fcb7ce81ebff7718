"""Does the process start, hear, and stop without losing what it accepted?"""

import hashlib
import hmac
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from assistant.errors import UserError
from commands.settings import Settings
from commands.terminal import serve
from commands.terminal.tools import Tools
from storage.facts import Freshness
from storage.records import Outcome
from tests.builders import policy_of
from tests.commands.running import NOW, Running
from tests.deliveries import payload

ROOT = Path(__file__).parent.parent.parent
BODY = json.dumps(payload("github/pull_request__opened")).encode()


def signed(delivery: str = "1", secret: str = "hush", body: bytes = BODY) -> dict:
    """A webhook of GitHub, as arguments of a POST."""
    proof = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {
        "X-GitHub-Event": "pull_request",
        "X-GitHub-Delivery": delivery,
        "X-Hub-Signature-256": f"sha256={proof}",
    }
    return {"content": body, "headers": headers}


class Ledger:
    """Stores deliveries in a list, as slowly as it is told."""

    def __init__(self) -> None:
        self.stored = []
        self.may = threading.Event()
        self.may.set()

    def append(self, taken, counted=None):
        assert self.may.wait(20)
        self.stored += taken
        return [Outcome.NEW for _ in taken]

    def ready(self):
        return True

    def freshness(self):
        return Freshness({}, {})


@pytest.fixture
def ledger():
    return Ledger()


@pytest.fixture
def running(ledger):
    settings = Settings(github_webhook_secret="hush", deploy_token="token", metrics_port=0)
    with Running(settings, ledger) as process:
        yield process


def test_a_signed_webhook_is_stored_and_a_forged_one_is_not(running, ledger):
    assert httpx.post(f"{running.url}/webhooks/github", **signed()).status_code == 200
    assert httpx.post(f"{running.url}/webhooks/github", **signed(secret="other")).status_code == 401
    assert [taken.delivery.delivery_id for taken in ledger.stored] == ["1"]


def test_a_pipeline_tells_a_deployment_with_the_token(running, ledger):
    told = {"service": "web", "sha": "a" * 40, "environment": "production"}
    url = f"{running.url}/webhooks/lastmile"
    assert httpx.post(url, json=told, headers={"Authorization": "Bearer token"}).status_code == 200
    assert httpx.post(url, json=told, headers={"Authorization": "Bearer other"}).status_code == 401
    assert [taken.delivery.source for taken in ledger.stored] == ["lastmile"]


def test_the_process_says_that_it_lives_and_is_ready(running):
    assert httpx.get(f"{running.url}/healthz").text == "ok\n"
    assert httpx.get(f"{running.url}/readyz").json() == {"ready": True}


def test_health_is_answered_while_the_database_is_stuck(running, ledger):
    ledger.may.clear()
    waiting = threading.Thread(target=httpx.post, args=[f"{running.url}/webhooks/github"], kwargs=signed(), daemon=True)
    waiting.start()
    try:
        began = time.perf_counter()
        assert httpx.get(f"{running.url}/healthz").status_code == 200
        assert time.perf_counter() - began < 1
    finally:
        ledger.may.set()
        waiting.join(10)


def test_slack_is_refused_where_nothing_is_set(running):
    assert httpx.post(f"{running.url}/slack/events", content=b"").status_code == 503


def test_figures_are_not_on_the_public_port(running):
    assert httpx.get(f"{running.url}/metrics").status_code == 404


def test_what_was_accepted_when_the_stop_came_is_stored_and_answered(ledger):
    ledger.may.clear()
    answers = []
    with Running(Settings(github_webhook_secret="hush", metrics_port=0), ledger) as process:
        url = f"{process.url}/webhooks/github"
        post = threading.Thread(target=lambda: answers.append(httpx.post(url, timeout=20, **signed())))
        post.start()
        time.sleep(0.3)
        process.ask_to_stop()
        time.sleep(0.3)
        ledger.may.set()
        post.join(10)
    assert [answer.status_code for answer in answers] == [200]
    assert len(ledger.stored) == 1


def test_a_taken_port_is_said_before_anything_is_built():
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(UserError, match=r"can't be listened on"):
        serve._listening("127.0.0.1", taken.getsockname()[1])


def test_a_taken_port_for_figures_does_not_keep_the_rest_from_running(ledger):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = Settings(github_webhook_secret="hush", metrics_port=taken.getsockname()[1])
        with Running(settings, ledger) as process:
            assert httpx.get(f"{process.url}/healthz").status_code == 200


def test_with_nothing_connected_all_that_is_missing_is_said_at_once():
    with pytest.raises(UserError) as said:
        serve.run(None, Tools(Settings(), lambda: NOW, policy_of, lambda: None, lambda: None))
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "GITHUB_WEBHOOK_SECRET"):
        assert name in str(said.value)


@pytest.fixture
def process(tmp_path):
    """The whole thing as a process of its own; gives it and its address."""
    environment = {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "GITHUB_WEBHOOK_SECRET": "hush", "PORT": "0",
        "METRICS_PORT": "0", "HOST": "127.0.0.1",
    }  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-m", "app", "serve"], cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True
    ) as started:
        ports = {}
        for line in started.stderr:
            said = json.loads(line)
            ports[said["event"]] = said.get("port")
            if said["event"] == "serving":
                break
        yield started, ports
        if started.poll() is None:
            started.kill()


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_a_process_that_is_told_to_stop_ends_well_with_all_that_it_took_in(process, tmp_path, name):
    started, ports = process
    url = f"http://127.0.0.1:{ports['serving']}"
    with httpx.Client(transport=httpx.HTTPTransport(retries=5)) as client:
        assert [client.post(f"{url}/webhooks/github", **signed(str(n))).status_code for n in range(5)] == [200] * 5
        figures = client.get(f"http://127.0.0.1:{ports['metrics']}/metrics").text
    assert 'lastmile_deliveries_total{source="github",status="200"} 5.0' in figures
    title = payload("github/pull_request__opened")["pull_request"]["title"]
    started.send_signal(name)
    logged = started.stderr.read()
    assert started.wait(30) == 0
    assert "hush" not in logged + figures
    assert title not in logged + figures
    with sqlite3.connect(tmp_path / "lastmile.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert max(connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables) >= 5
