"""What a serving process does by itself about digests."""

import threading
from datetime import timedelta

import pytest
import structlog

from commands.settings import Settings
from commands.terminal.delivering import delivery_for, jobs
from commands.terminal.tools import Tools
from tests import fakes
from tests.digests.saying import BEFORE, NINE, company

GO_ON = threading.Event()


@pytest.fixture
def slack():
    with fakes.fake_slack() as speaking:
        yield speaking


@pytest.fixture
def office(sqlite_ledger, monkeypatch):
    return company(sqlite_ledger, monkeypatch)


@pytest.fixture
def tools(office, slack):
    settings = Settings(slack_bot_token="xoxb-1", slack_signing_secret=fakes.SECRET, slack_api_url=slack.url)
    ledger, policy = office.desk.ledger, office.desk.policy
    return Tools(
        settings, lambda: office.now, lambda: policy, lambda: ledger, lambda: office.desk, lambda: office.digests
    )


def doing(tools):
    return {job.name: job for job in jobs(tools)}


def test_what_is_due_is_planned_and_posted(office, tools, slack):
    office.subscribed(channel="C1", at=NINE - timedelta(hours=1))
    work = doing(tools)
    work["digests"].work(GO_ON)
    work["posts"].work(GO_ON)
    posted = slack.heard("chat.postMessage")
    assert posted[0]["channel"] == "C1"
    assert posted[0]["text"] == "2 things in acme/secret, acme/web"


def test_planning_posting_and_refreshing_do_not_wait_for_each_other(tools):
    from commands.terminal.delivering import THREADS

    work = doing(tools)
    assert {name: job.every.total_seconds() for name, job in work.items()} == {
        "digests": 15, "posts": 1, "refresh": 600, "outbox": 86400,
    }  # fmt: skip
    assert len(work) == THREADS


def test_what_slack_refuses_pauses_what_was_subscribed(office, tools, slack):
    one = office.subscribed(channel="C1", at=NINE - timedelta(hours=1))
    slack.errors["chat.postMessage"] = "is_archived"
    office.digests.tick(GO_ON)
    with structlog.testing.capture_logs() as logs:
        delivery_for(tools).drain(GO_ON)
    assert office.find(one).paused_why.startswith("The channel is archived")
    assert [line["event"] for line in logs][:1] == ["failed"]


def test_what_was_over_long_ago_is_dropped(office, tools):
    office.subscribed(channel="C1", at=BEFORE)
    office.digests.tick(GO_ON)
    office.now = NINE + timedelta(days=61)
    assert doing(tools)["outbox"].work(GO_ON) == 0


def test_refreshing_where_nothing_was_posted_changes_nothing(tools):
    assert doing(tools)["refresh"].work(GO_ON) == 0
