"""What a serving process does by itself about digests."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog

from commands.metrics import Meters
from commands.settings import Settings
from commands.terminal.delivering import delivery_for, directory_for, jobs
from commands.terminal.tools import Tools
from digests.speaking import Digests
from tests import fakes
from tests.digests.saying import BEFORE, DECLARED, NINE, company

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


@pytest.mark.parametrize("error", ["ratelimited", "internal_error", "missing_scope", fakes.Status(503)])
def test_a_blink_of_slack_at_nine_loses_empties_and_pauses_nothing(office, tools, slack, error):
    one = office.subscribed(channel="C1", at=NINE - timedelta(hours=1))
    through = Digests(office.desk, office.desk.ledger.outbox, _directory(tools), DECLARED)
    slack.errors |= {"users.conversations": error, "conversations.info": error}
    with structlog.testing.capture_logs():
        assert dict(through.tick(GO_ON)) == {"put off": 1}
    assert office.tiny.asked == []
    slack.errors.clear()
    office.now = NINE + timedelta(minutes=2)
    assert dict(through.tick(GO_ON)) == {"posted": 1}
    assert office.find(one).paused_at is None
    assert office.owed()[0].message["text"] == "2 things in acme/secret, acme/web"


def test_where_slack_is_not_there_at_nine_it_comes_once_slack_is(office, tools, slack):
    office.subscribed(channel="C1", at=NINE - timedelta(hours=1))
    for url, expected in (("http://127.0.0.1:9/", {"put off": 1}), (slack.url, {"posted": 1})):
        settings = replace(tools.settings, slack_api_url=url)
        known = directory_for(settings, office.desk.policy, office.desk.ledger)
        with structlog.testing.capture_logs():
            assert dict(Digests(office.desk, office.desk.ledger.outbox, known, DECLARED).tick(GO_ON)) == expected
        office.now += timedelta(minutes=2)


def test_a_person_who_became_a_guest_gets_no_digest_any_more(office, tools, slack):
    one = office.subscribed("person/bo", at=NINE - timedelta(hours=1))
    slack.users["U2"] = fakes.MEMBER | {"is_restricted": True}
    through = Digests(office.desk, office.desk.ledger.outbox, _directory(tools), DECLARED)
    assert dict(through.tick(GO_ON)) == {"skipped": 1}
    assert "no longer a member" in office.find(one).paused_why
    assert office.owed() == []


def _directory(tools):
    return directory_for(tools.settings, tools.policy(), tools.ledger())


def test_planning_posting_and_refreshing_do_not_wait_for_each_other(tools):
    from commands.terminal.delivering import THREADS

    work = doing(tools)
    assert {name: job.every.total_seconds() for name, job in work.items()} == {
        "digests": 15, "handoffs": 15, "rules": 15, "posts": 1, "refresh": 600, "outbox": 86400,
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


def test_what_came_of_each_post_is_counted_where_there_are_meters(office, tools):
    office.subscribed(channel="C1", at=NINE - timedelta(hours=1))
    office.digests.tick(GO_ON)
    outbox = office.desk.ledger.outbox
    meters = Meters(office.desk.ledger.freshness, lambda: office.now, lambda: outbox.figures(office.now))
    sample = meters.registry.get_sample_value
    owed = sample("lastmile_posts_owed")
    {job.name: job for job in jobs(tools, meters)}["posts"].work(GO_ON)
    assert sample("lastmile_posts_total", {"outcome": "posted"}) == owed - sample("lastmile_posts_owed") == 1


def test_what_was_over_long_ago_is_dropped(office, tools):
    office.subscribed(channel="C1", at=BEFORE)
    office.digests.tick(GO_ON)
    office.now = NINE + timedelta(days=61)
    assert doing(tools)["outbox"].work(GO_ON) == 0


def test_refreshing_where_nothing_was_posted_changes_nothing(tools):
    assert doing(tools)["refresh"].work(GO_ON) == 0


def test_the_rules_are_looked_at_whether_or_not_there_is_a_slack_and_what_they_do_is_counted(tools, monkeypatch):
    from collections import Counter

    from commands.terminal.delivering import ruling
    from storage.facts import Freshness

    meters = Meters(lambda: Freshness({}, {}), lambda: NINE)
    monkeypatch.setattr("digests.ruling.Ruling.tick", lambda _self, _stopping: Counter({"hand_off": 2, "refused": 1}))
    job = ruling(tools, meters)
    assert (job.name, job.every.total_seconds()) == ("rules", 15)
    job.work(GO_ON)
    ruling(tools).work(GO_ON)
    counted = {outcome: meters.registry.get_sample_value("lastmile_rules_total", {"outcome": outcome}) for outcome in
               ("hand_off", "refused")}  # fmt: skip
    assert counted == {"hand_off": 2, "refused": 1}


@pytest.mark.parametrize("speaks", [True, False])
def test_a_process_without_slack_looks_at_the_rules_by_itself(tools, monkeypatch, speaks):
    from contextlib import ExitStack
    from types import SimpleNamespace

    from commands.terminal import serve

    named = []

    def upkeep(jobs, *_more):
        named.extend(job.name for job in jobs)
        return SimpleNamespace(start=lambda: None, stop=lambda: None)

    monkeypatch.setattr("commands.upkeep.Upkeep", upkeep)
    token = {"slack_bot_token": "xoxb-1" if speaks else None, "slack_signing_secret": "hush"}
    with ExitStack() as closing:
        serve._upkeep(replace(tools, settings=replace(tools.settings, **token)), SimpleNamespace(), closing)
    assert ("rules" in named) is not speaks
