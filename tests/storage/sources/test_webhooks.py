"""What happens to a delivery that a source sends us over HTTP?"""

import hashlib
import hmac
import http.client
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from storage.records import Ignored, Malformed, Outcome, UnknownEvent
from storage.sources.gate import Gate
from storage.sources.webhooks import Reception
from tests.serving import serving

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SECRETS = {"github": "hush", "lastmile": "t0ken"}
ISSUE = {
    "action": "opened",
    "issue": {
        "number": 7, "title": "Totals are off", "state": "open", "user": {"login": "anna"},
        "created_at": "2026-11-02T08:59:00Z", "updated_at": "2026-11-02T08:59:00Z",
    },
    "repository": {"full_name": "acme/api"},
    "sender": {"login": "anna"},
}  # fmt: skip


class Store:
    """A made-up ledger: what was appended, in order, with an outcome by verdict."""

    def __init__(self):
        self.taken = []
        self.fails = None
        self.open = threading.Event()
        self.open.set()

    def append(self, taken):
        assert self.open.wait(10)
        if self.fails:
            raise self.fails
        self.taken += taken
        return [outcome(one.verdict) for one in taken]


def outcome(verdict):
    kinds = {Ignored: Outcome.IGNORED, UnknownEvent: Outcome.UNKNOWN, Malformed: Outcome.MALFORMED}
    return kinds.get(type(verdict), Outcome.NEW)


def signed(body, secret=SECRETS["github"], event="issues", delivery="d-1"):
    return {
        "Content-Type": "application/json",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": delivery,
        "X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(),
    }


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def gate(store):
    gate = Gate(store.append, waiting=4).start()
    yield gate
    store.open.set()
    assert gate.stop(10)


@pytest.fixture
def told():
    return []


@pytest.fixture
def app(gate, told):
    reception = Reception(gate, SECRETS, lambda: NOW, told=lambda source, status: told.append((source, status)))
    return Starlette(routes=reception.routes())


@pytest.fixture
def client(app):
    return TestClient(app)


BODY = json.dumps(ISSUE).encode()


def test_a_signed_delivery_is_stored_whole_and_then_acknowledged(client, store):
    answer = client.post("/webhooks/github", content=BODY, headers=signed(BODY))
    assert (answer.status_code, answer.json()) == (200, {"outcome": "new"})
    [taken] = store.taken
    assert taken.delivery.source == "github"
    assert taken.delivery.delivery_id == "d-1"
    assert taken.delivery.body == BODY
    assert taken.delivery.received_at == NOW
    assert taken.verdict[0].object == "ticket:acme/api#7"


def test_no_signature_is_stored(client, store):
    client.post("/webhooks/github", content=BODY, headers=signed(BODY))
    assert store.taken[0].delivery.headers == {
        "content-type": "application/json", "x-github-event": "issues", "x-github-delivery": "d-1",
    }  # fmt: skip


@pytest.mark.parametrize(
    "headers",
    [
        signed(BODY, secret="another"),
        signed(BODY + b" "),
        {**signed(BODY), "X-Hub-Signature-256": "sha256=00"},
        {key: value for key, value in signed(BODY).items() if key != "X-Hub-Signature-256"},
    ],
    ids=["another secret", "another body", "nonsense", "missing"],
)
def test_a_delivery_that_is_not_signed_as_it_should_be_gets_401_and_leaves_no_trace(client, store, headers):
    assert client.post("/webhooks/github", content=BODY, headers=headers).status_code == 401
    assert store.taken == []


@pytest.mark.parametrize("secret", [None, ""])
def test_a_source_without_its_secret_is_refused_with_the_reason(gate, store, secret):
    client = TestClient(Starlette(routes=Reception(gate, {"github": secret}, lambda: NOW).routes()))
    answer = client.post("/webhooks/github", content=BODY, headers=signed(BODY, secret=""))
    assert answer.status_code == 503
    assert "secret of github is not set" in answer.json()["error"]
    assert store.taken == []


def test_an_unknown_source_is_not_found(client, told):
    assert client.post("/webhooks/elsewhere", content=b"{}").status_code == 404
    assert told == [("unknown", 404)]


def test_only_posts_are_deliveries(client):
    assert client.get("/webhooks/github").status_code == 405


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"\xff\xfe", b"null"])
def test_a_malformed_body_gets_400_and_is_kept_when_its_signature_was_right(client, store, body):
    answer = client.post("/webhooks/github", content=body, headers=signed(body))
    assert answer.status_code == 400
    [taken] = store.taken
    assert isinstance(taken.verdict, Malformed)
    assert taken.delivery.body == body


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
        b'{"number": ' + b"9" * 10_000 + b"}",
        b'{"title": "\\ud800 \\u0000"}',
        json.dumps({**ISSUE, "issue": {**ISSUE["issue"], "number": "seven"}}).encode(),
    ],
    ids=["nested deeply", "a huge number", "half a character", "another shape"],
)
def test_an_odd_body_is_kept_whole_and_acknowledged_as_unknown(client, store, body):
    answer = client.post("/webhooks/github", content=body, headers=signed(body))
    assert (answer.status_code, answer.json()) == (200, {"outcome": "unknown"})
    assert store.taken[0].delivery.body == body


def test_an_event_that_nobody_knows_is_kept_and_acknowledged(client, store):
    answer = client.post("/webhooks/github", content=b"{}", headers=signed(b"{}", event="moon_phase"))
    assert answer.json() == {"outcome": "unknown"}
    assert len(store.taken) == 1


def test_a_ping_is_acknowledged(client):
    body = b'{"zen": "Keep it logically awesome."}'
    assert client.post("/webhooks/github", content=body, headers=signed(body, event="ping")).status_code == 200


def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_read(client, store):
    headers = {**signed(b""), "Content-Length": str(25 * 1024 * 1024 + 1)}
    assert client.post("/webhooks/github", content=b"", headers=headers).status_code == 413
    assert store.taken == []


def test_a_body_that_turns_out_too_large_is_refused_while_it_streams(gate, store):
    client = TestClient(Starlette(routes=Reception(gate, SECRETS, lambda: NOW, largest=1_000).routes()))
    sent = []

    def chunks():
        for _ in range(20):
            sent.append(100)
            yield b"x" * 100

    assert client.post("/webhooks/github", content=chunks(), headers=signed(b"")).status_code == 413
    assert store.taken == []


def test_a_body_of_exactly_the_limit_is_taken(gate, store):
    client = TestClient(Starlette(routes=Reception(gate, SECRETS, lambda: NOW, largest=len(BODY)).routes()))
    assert client.post("/webhooks/github", content=BODY, headers=signed(BODY)).status_code == 200


def test_a_large_body_is_read_beside_the_event_loop_and_kept_whole(client, store):
    body = json.dumps({**ISSUE, "padding": "x" * 1_000_000}).encode()
    assert client.post("/webhooks/github", content=body, headers=signed(body)).json() == {"outcome": "new"}
    assert store.taken[0].delivery.body == body


def test_a_delivery_without_a_number_is_still_taken_once(client, store):
    headers = {key: value for key, value in signed(BODY).items() if key != "X-GitHub-Delivery"}
    client.post("/webhooks/github", content=BODY, headers=headers)
    client.post("/webhooks/github", content=BODY, headers=headers)
    assert len({taken.delivery.delivery_id for taken in store.taken}) == 1


def test_what_cannot_be_stored_is_not_acknowledged_and_asked_for_again(client, store):
    store.fails = RuntimeError("the disk is full of titles")
    answer = client.post("/webhooks/github", content=BODY, headers=signed(BODY))
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "d-1" in answer.json()["error"]
    assert "titles" not in answer.text


def test_after_the_gate_has_closed_deliveries_are_asked_for_again(client, gate):
    assert gate.stop(10)
    answer = client.post("/webhooks/github", content=BODY, headers=signed(BODY))
    assert answer.status_code == 503
    assert "retry-after" in answer.headers


def test_every_answer_is_told_for_the_metrics(client, told):
    client.post("/webhooks/github", content=BODY, headers=signed(BODY))
    client.post("/webhooks/github", content=BODY, headers=signed(BODY, secret="x"))
    assert told == [("github", 200), ("github", 401)]


def test_a_reader_that_fails_on_what_it_did_not_foresee_loses_nothing(client, store, monkeypatch):
    def fail(_headers, _body):
        raise ZeroDivisionError

    monkeypatch.setitem(__import__("storage.intake").intake.READERS, "github", fail)
    assert client.post("/webhooks/github", content=BODY, headers=signed(BODY)).json() == {"outcome": "unknown"}
    assert store.taken[0].verdict == UnknownEvent("its reader failed: ZeroDivisionError")


DEPLOYED = {"service": "api", "sha": "a" * 40, "environment": "production"}


def deploy(client, told, token="t0ken", **headers):
    return client.post("/webhooks/lastmile", json=told, headers={"Authorization": f"Bearer {token}", **headers})


def test_a_pipeline_tells_of_its_deployment_with_a_token(client, store):
    assert deploy(client, DEPLOYED).json() == {"outcome": "new"}
    [taken] = store.taken
    [event] = taken.verdict
    assert (event.kind, event.at, event.data["service"]) == ("service.deployed", NOW, "api")
    assert "authorization" not in taken.delivery.headers


def test_a_wrong_token_tells_nothing(client, store):
    assert deploy(client, DEPLOYED, token="token").status_code == 401
    assert store.taken == []


def test_a_pipeline_s_own_key_makes_its_second_try_the_same_delivery(client, store):
    for _ in range(2):
        deploy(client, {**DEPLOYED, "id": "run 5"}, **{"Idempotency-Key": "run 5"})
    assert {taken.delivery.delivery_id for taken in store.taken} == {"run 5"}


def test_nobody_accepts_a_risk_with_a_deployment_token(client, store):
    deploy(client, {"kind": "risk.accepted", "object": "release:checkout@2.4", "data": {"blocker": "x"}})
    assert [type(taken.verdict) for taken in store.taken] == [UnknownEvent]


def post(address, body, headers):
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
    connection.request("POST", "/webhooks/github", body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def test_over_real_http_no_answer_comes_before_the_commit(app, store):
    with serving(app) as address, ThreadPoolExecutor(4) as pool:
        store.open.clear()
        waiting = pool.submit(post, address, BODY, signed(BODY))
        with pytest.raises(TimeoutError):
            waiting.result(0.2)
        assert store.taken == []
        store.open.set()
        assert waiting.result(10) == 200
        assert len(store.taken) == 1


def test_over_real_http_more_than_may_wait_is_sent_away_and_the_rest_is_stored(app, store, gate):
    with serving(app) as address, ThreadPoolExecutor(20) as pool:
        store.open.clear()
        answers = [pool.submit(post, address, BODY, signed(BODY, delivery=f"d-{n}")) for n in range(20)]
        while sum(answer.done() for answer in answers) < 10:  # the writer holds some, four wait, the others must go
            threading.Event().wait(0.01)
        store.open.set()
        statuses = [answer.result(10) for answer in answers]
    assert set(statuses) == {200, 503}
    assert len(store.taken) == statuses.count(200)


def test_a_sender_that_hangs_up_half_way_leaves_the_server_well(app, store):
    with serving(app) as address:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
        connection.putrequest("POST", "/webhooks/github")
        for name, value in {**signed(BODY), "Content-Length": str(len(BODY))}.items():
            connection.putheader(name, value)
        connection.endheaders(BODY[:20])
        connection.close()
        assert post(address, BODY, signed(BODY)) == 200
    assert len(store.taken) == 1
