"""What does every request from Slack pass, and what holds however slow or broken the rest is?"""

import json
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from structlog.testing import capture_logs

from assistant.errors import UserError
from commands.app import build_bolt, working_for
from commands.people import UNSURE
from commands.settings import Settings
from tests import fakes
from tests.commands.conftest import shown

ACKNOWLEDGED = 3.0  # seconds that Slack waits


def test_a_request_that_slack_did_not_sign_is_refused_and_does_nothing(busy):
    answer = busy.app.dispatch(fakes.signed(fakes.slash(busy.slack, "/blocking", "2.4"), secret="guessed"))
    assert answer.status == 401
    assert busy.working.settle(5)
    assert busy.slack.calls == []


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_request_from_another_time_is_refused(busy, seconds):
    answer = busy.app.dispatch(fakes.signed(fakes.slash(busy.slack, "/blocking", "2.4"), at=time.time() + seconds))
    assert answer.status == 401
    assert busy.slack.calls == []


def test_without_a_signing_secret_nobody_gets_in_over_http(office, slack):
    settings = Settings(slack_bot_token="xoxb-1", slack_app_token="xapp-1", slack_api_url=slack.url)
    app = build_bolt(office.desk, settings, office.working)
    assert app.dispatch(fakes.signed(fakes.slash(slack, "/blocking"), secret="")).status == 401


def test_a_replayed_command_is_answered_once(busy):
    body = fakes.slash(busy.slack, "/blocking", "2.4")
    assert busy.send(body).status == busy.send(body).status == 200
    assert len(busy.answers) == 1


def test_a_replayed_form_acts_once(busy):
    busy.press("wrong.open", {"blocker": "change:acme/api#101", "release": None})
    body = fakes.submit(busy.form, {"origin": fakes.chosen("mixed"), "why": fakes.typed("seen")})
    busy.send(body)
    busy.send(body)
    events = [e for e in busy.desk.ledger.history("change:acme/api#101") if e.kind == "corrected.origin"]
    assert len(events) == 1


def test_an_event_that_slack_delivers_again_is_answered_once(busy):
    body = fakes.event("app_mention", text="<@UBOT> releases")
    for _ in range(3):
        busy.send(body)
    assert len(busy.slack.heard("chat.postEphemeral")) == 1


def test_a_replay_is_known_after_a_restart(busy, slack, settings):
    body = fakes.slash(slack, "/blocking", "2.4")
    busy.send(body)
    after = working_for(busy.desk, settings)
    build_bolt(busy.desk, settings, after).dispatch(fakes.signed(body))
    assert after.settle(10)
    after.close()
    assert len(busy.answers) == 1


class Slow:
    """A desk whose answers take their time."""

    def __init__(self, desk, seconds: float) -> None:
        self._desk, self._seconds = desk, seconds
        self.clock, self.policy, self.ledger = desk.clock, desk.policy, desk.ledger

    def blocking(self, *asked, **more):
        time.sleep(self._seconds)
        return self._desk.blocking(*asked, **more)

    def __getattr__(self, name):
        return getattr(self._desk, name)


def test_sixteen_slow_commands_are_acknowledged_at_once_and_none_is_refused(busy, slack, settings):
    slow = Slow(busy.desk, 1.0)
    working = working_for(slow, settings)
    app = build_bolt(slow, settings, working)
    app.dispatch(fakes.signed(fakes.slash(slack, "/lastmile", "nothing")))  # who we are is asked once

    def ask(_):
        begun = time.monotonic()
        return app.dispatch(fakes.signed(fakes.slash(slack, "/blocking", "2.4"))).status, time.monotonic() - begun

    with ThreadPoolExecutor(16) as people:
        answers = list(people.map(ask, range(16)))
    assert [status for status, _ in answers] == [200] * 16
    assert max(seconds for _, seconds in answers) < ACKNOWLEDGED
    assert working.settle(30)
    working.close()
    assert sum("checkout 2.4" in answer["text"] for answer in busy.answers) == 16


def test_a_slow_database_does_not_hold_up_the_acknowledgement(busy, monkeypatch):
    held = threading.Event()
    real = busy.desk.ledger.remember_once
    monkeypatch.setattr(busy.desk.ledger, "remember_once", lambda *seen: held.wait(10) and real(*seen), raising=False)
    begun = time.monotonic()
    answer = busy.app.dispatch(fakes.signed(fakes.slash(busy.slack, "/blocking", "2.4")))
    assert (answer.status, time.monotonic() - begun < ACKNOWLEDGED) == (200, True)
    held.set()
    assert busy.working.settle(10)
    assert "checkout 2.4" in busy.answers[-1]["text"]


def test_a_slack_that_does_not_say_who_we_are_does_not_hold_it_up_either(office):
    office.slack.slow["auth.test"] = 4
    begun = time.monotonic()
    answer = office.app.dispatch(fakes.signed(fakes.slash(office.slack, "/releases")))
    assert (answer.status, time.monotonic() - begun < ACKNOWLEDGED) == (200, True)


def test_what_fails_is_one_calm_sentence_with_a_reference_that_finds_the_log_line(busy, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("the database says: secret title")

    monkeypatch.setattr(busy.desk, "blocking", broken)
    with capture_logs() as logs:
        busy.ask("/blocking", "2.4")
    (line,) = [log for log in logs if log["log_level"] == "error"]
    assert "That did not work, and it is not your fault." in busy.read
    assert line["reference"] in busy.read
    assert line["action"] == "/blocking"
    assert "secret" not in busy.read


def test_a_failing_form_says_so_in_the_form(busy, monkeypatch):
    monkeypatch.setattr(busy.desk, "act", lambda *_: 1 / 0)
    busy.press("wrong.open", {"blocker": "change:acme/api#101", "release": None})
    busy.submit({"origin": fakes.chosen("mixed"), "why": fakes.typed("x")})
    assert "give your admin this reference" in shown(busy.form["blocks"])


def test_a_listener_that_fails_before_it_hands_on_answers_calmly_too(busy, monkeypatch):
    monkeypatch.setattr(busy.working, "later", lambda *_, **__: 1 / 0)
    answer = busy.app.dispatch(fakes.signed(fakes.slash(busy.slack, "/blocking", "2.4")))
    assert answer.status == 200
    assert "give your admin this reference" in json.loads(answer.body)["text"]


def test_what_the_person_did_wrong_they_read(busy, monkeypatch):
    def refused(*_, **__):
        raise UserError("Name a <release>.")

    monkeypatch.setattr(busy.desk, "blocking", refused)
    busy.ask("/blocking", "2.4")
    assert busy.read == "Name a &lt;release&gt;."


def test_a_slack_that_takes_no_answer_is_logged_and_not_raised(busy):
    busy.slack.errors["views.open"] = "expired_trigger_id"
    with capture_logs() as logs:
        busy.ask("/release", "2.4")
    assert [log["action"] for log in logs] == ["/release"]
    assert "give your admin this reference" in busy.read


def test_while_slack_does_not_say_who_we_are_nobody_counts_as_a_member(office):
    unset = office.desk.policy.workspace.model_copy(update={"team_id": None})
    office.desk.policy = office.desk.policy.model_copy(update={"workspace": unset})
    office.slack.errors["auth.test"] = "invalid_auth"
    settings = Settings(slack_bot_token="xoxb-1", slack_signing_secret=fakes.SECRET, slack_api_url=office.slack.url)
    working = working_for(office.desk, settings)
    app = build_bolt(office.desk, settings, working)
    app.dispatch(fakes.signed(fakes.slash(office.slack, "/releases")))
    working.close()
    assert UNSURE in office.read


def test_what_was_acknowledged_is_done_before_the_end(busy, slack, settings):
    slow = Slow(busy.desk, 0.5)
    working = working_for(slow, settings)
    app = build_bolt(slow, settings, working)
    app.dispatch(fakes.signed(fakes.slash(slack, "/blocking", "2.4")))
    working.close()
    assert len(busy.answers) == 1


def test_bolt_logs_no_bodies_and_no_signatures(busy, caplog):
    with caplog.at_level(logging.DEBUG):
        busy.app.dispatch(fakes.signed(fakes.slash(busy.slack, "/blocking", "topsecret"), secret="guessed"))
        busy.ask("/blocking", "topsecret")
    assert "topsecret" not in caplog.text
