"""Is everything that comes over HTTP answered, whatever else is slow?"""

import concurrent.futures
import hashlib
import hmac
import threading
import time
import urllib.parse
from datetime import UTC, datetime

import httpx
import pytest
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from commands.metrics import Meters
from commands.web import LARGEST, build_web
from storage.facts import Freshness
from tests.serving import serving

SECRET = "signing"
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


def meters() -> Meters:
    return Meters(lambda: Freshness({}, {}), lambda: NOW)


def bolt(listener=lambda ack: ack("done")) -> App:
    app = App(
        signing_secret=SECRET,
        process_before_response=True,
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1"),
    )
    app.command("/blocking")(listener)
    return app


def slash(text: str = "2.4", *, secret: str = SECRET, at: float | None = None) -> dict:
    """A signed slash command, as arguments of a POST."""
    body = urllib.parse.urlencode(
        {"command": "/blocking", "text": text, "team_id": "T1", "user_id": "U1", "channel_id": "C1"}
    )
    stamp = str(int(at or time.time()))
    proof = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={proof}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return {"content": body, "headers": headers}


def test_a_signed_command_is_answered_by_bolt():
    with serving(build_web([], bolt(), lambda: True, meters())) as url:
        answer = httpx.post(f"{url}/slack/events", **slash())
    assert (answer.status_code, answer.text) == (200, "done")


@pytest.mark.parametrize("forged", [slash(secret="other"), slash(at=1_000_000_000), {"content": "command=%2Fblocking"}])
def test_a_command_that_is_forged_old_or_unsigned_is_refused(forged):
    with serving(build_web([], bolt(), lambda: True, meters())) as url:
        assert httpx.post(f"{url}/slack/events", **forged).status_code == 401


def test_without_a_signing_secret_nobody_can_sign():
    with serving(build_web([], None, lambda: True, meters())) as url:
        answer = httpx.post(f"{url}/slack/events", **slash())
    assert answer.status_code == 503
    assert "SLACK_SIGNING_SECRET" in answer.text


@pytest.mark.parametrize("body", [b"payload=" + b"[" * 200_000, b"\xff\xfe\x00", b'{"a":' * 50_000])
def test_a_body_that_breaks_parsers_is_refused_calmly(body):
    with serving(build_web([], bolt(), lambda: True, meters())) as url:
        for kind in ("application/json", "application/x-www-form-urlencoded"):
            answer = httpx.post(f"{url}/slack/events", content=body, headers={"Content-Type": kind})
            assert answer.status_code in {400, 401}
        assert httpx.get(f"{url}/healthz").status_code == 200


def test_a_body_larger_than_slacks_is_not_read_to_its_end():
    with serving(build_web([], bolt(), lambda: True, meters())) as url:
        assert httpx.post(f"{url}/slack/events", content=b"x" * (LARGEST + 1)).status_code == 413


def test_health_is_answered_at_once_while_sixteen_commands_are_slow_and_all_of_those_are_answered():
    release, arrived = threading.Event(), threading.Semaphore(0)

    def slow(ack):
        arrived.release()
        release.wait(10)
        ack("done")

    with (
        serving(build_web([], bolt(slow), lambda: True, meters())) as url,
        concurrent.futures.ThreadPoolExecutor(16) as people,
        httpx.Client() as client,
    ):
        asked = [people.submit(httpx.post, f"{url}/slack/events", timeout=20, **slash()) for _ in range(16)]
        assert all(arrived.acquire(timeout=10) for _ in range(16))
        client.get(f"{url}/healthz")
        took = []
        for _ in range(10):
            began = time.perf_counter()
            assert client.get(f"{url}/healthz").status_code == 200
            took.append(time.perf_counter() - began)
        release.set()
        assert [answer.result().status_code for answer in asked] == [200] * 16
    assert sorted(took)[5] < 0.1


@pytest.mark.parametrize(("said", "status"), [(True, 200), (False, 503)])
def test_readiness_is_what_the_database_says(said, status):
    with serving(build_web([], None, lambda: said, meters())) as url:
        assert httpx.get(f"{url}/readyz").status_code == status


def test_a_database_that_fails_is_not_ready():
    def fails():
        raise OSError("no database")

    with serving(build_web([], None, fails, meters())) as url:
        answer = httpx.get(f"{url}/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False})


def test_a_database_that_hangs_is_not_ready_and_holds_up_nobody(monkeypatch):
    monkeypatch.setattr("commands.web.CHECK_SECONDS", 0.1)
    release = threading.Event()
    try:
        with serving(build_web([], None, lambda: release.wait(20), meters())) as url:
            assert [httpx.get(f"{url}/readyz").status_code for _ in range(4)] == [503] * 4
            assert httpx.get(f"{url}/healthz").status_code == 200
    finally:
        release.set()


def test_requests_are_counted_by_route_and_never_by_path():
    async def hook(_request):
        return PlainTextResponse("ok")

    counted = meters()
    routes = [Route("/webhooks/{source}", hook, methods=["POST"])]
    with serving(build_web(routes, None, lambda: True, counted)) as url:
        httpx.post(f"{url}/webhooks/github?secret=hush")
        httpx.get(f"{url}/who/is/fired")
    sample = counted.registry.get_sample_value
    assert sample("lastmile_http_requests_total", {"route": "/webhooks/{source}", "status": "200"}) == 1
    assert sample("lastmile_http_requests_total", {"route": "none", "status": "404"}) == 1
