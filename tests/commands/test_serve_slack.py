"""Are Slack's commands acknowledged at once, answered however slow the work is, and finished when the process stops?"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from assistant.desk import Desk
from commands.settings import Settings
from tests.builders import at, policy_of
from tests.commands.running import Running
from tests.fakes import SECRET, fake_slack, signed, slash

NOW = at("2026-11-02T09:00:00Z")
AT_ONCE = 16


class SlowDesk(Desk):
    """Answers only when it may."""

    def __init__(self, ledger) -> None:
        super().__init__(ledger, policy_of(), lambda: NOW)
        self.begun = threading.Semaphore(0)
        self.may = threading.Event()

    def blocking(self, *words, **more):
        self.begun.release()
        assert self.may.wait(20)
        return super().blocking(*words, **more)


@pytest.fixture
def desk(sqlite_ledger):
    return SlowDesk(sqlite_ledger)


@pytest.fixture
def slack():
    with fake_slack() as speaking:
        yield speaking


@pytest.fixture
def settings(slack):
    return Settings(
        slack_bot_token="xoxb-1",
        slack_signing_secret=SECRET,
        slack_api_url=slack.url,
        github_webhook_secret="hush",
        metrics_port=0,
    )


def ask(url: str, slack, about: str) -> httpx.Response:
    """Send a signed /blocking as Slack does."""
    request = signed(slash(slack, "/blocking", about))
    headers = {name: values[0] for name, values in request.headers.items()}
    return httpx.post(f"{url}/slack/events", content=request.raw_body, headers=headers, timeout=20)


def test_sixteen_slow_commands_are_acknowledged_at_once_and_hold_up_no_health_check(
    settings, slack, desk, sqlite_ledger
):
    with (
        Running(settings, sqlite_ledger, desk) as process,
        ThreadPoolExecutor(AT_ONCE) as people,
        httpx.Client() as client,
    ):
        began = time.monotonic()
        acknowledged = list(people.map(lambda n: ask(process.url, slack, f"9.{n}"), range(AT_ONCE)))
        assert [answer.status_code for answer in acknowledged] == [200] * AT_ONCE
        assert time.monotonic() - began < 3
        assert all(desk.begun.acquire(timeout=10) for _ in range(AT_ONCE))
        client.get(f"{process.url}/healthz")
        took = []
        for _ in range(10):
            asked = time.perf_counter()
            assert client.get(f"{process.url}/healthz").status_code == 200
            took.append(time.perf_counter() - asked)
        desk.may.set()
    assert sorted(took)[5] < 0.1
    answers = [answer["text"] for answer in slack.heard("respond")]
    assert len(answers) == AT_ONCE
    assert all("9." in answer for answer in answers)


def test_what_was_acknowledged_when_the_stop_came_is_still_answered(settings, slack, desk, sqlite_ledger):
    with Running(settings, sqlite_ledger, desk) as process:
        assert ask(process.url, slack, "9.1").status_code == 200
        assert desk.begun.acquire(timeout=10)
        process.ask_to_stop()
        time.sleep(0.2)
        assert slack.heard("respond") == []
        desk.may.set()
    assert len(slack.heard("respond")) == 1


def test_a_command_that_is_not_signed_by_slack_is_refused(settings, slack, desk, sqlite_ledger):
    with Running(settings, sqlite_ledger, desk) as process:
        forged = httpx.post(f"{process.url}/slack/events", content=slash(slack, "/blocking", "9.1"))
    assert forged.status_code == 401
    assert slack.heard("respond") == []


def test_the_same_command_sent_twice_is_answered_once(settings, slack, desk, sqlite_ledger):
    desk.may.set()
    request = signed(slash(slack, "/blocking", "9.1"))
    headers = {name: values[0] for name, values in request.headers.items()}
    with Running(settings, sqlite_ledger, desk) as process:
        for _ in range(2):
            answer = httpx.post(f"{process.url}/slack/events", content=request.raw_body, headers=headers)
            assert answer.status_code == 200
    assert len(slack.heard("respond")) == 1
