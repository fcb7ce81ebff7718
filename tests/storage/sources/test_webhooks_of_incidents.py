"""Do PagerDuty and CDEvents reach the ledger through the real routes, and nobody who only says to be them?"""

import hashlib
import hmac
import json

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from storage.facts import Needs
from storage.sources.gate import Gate
from storage.sources.webhooks import Reception
from tests.builders import at
from tests.deliveries import payload

NOW = at("2026-11-17T13:00")
SECRETS = {"pagerduty": "hush", "cdevents": "t0ken"}
TOKEN = {"Authorization": "Bearer t0ken"}


@pytest.fixture
def client(ledger):
    gate = Gate(ledger.append).start()
    yield TestClient(Starlette(routes=Reception(gate, SECRETS, lambda: NOW).routes()))
    assert gate.stop(10)


def signed(body, *secrets):
    proofs = [f"v1={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}" for secret in secrets]
    return {"Content-Type": "application/json", "X-PagerDuty-Signature": ",".join(proofs)}


def page(client, name, *secrets, change=None):
    told = payload(f"pagerduty/{name}")
    if change:
        change(told["event"])
    body = json.dumps(told).encode()
    return client.post("/webhooks/pagerduty", content=body, headers=signed(body, *(secrets or ("hush",))))


def send(client, name, headers=TOKEN, **more):
    return client.post("/webhooks/cdevents", json=payload(f"cdevents/{name}") | more, headers=headers)


def incidents(ledger):
    return ledger.load(Needs(incidents_in=("acme/api",)), NOW).incidents


def test_an_incident_is_known_once_its_webhook_was_answered(client, ledger):
    answer = page(client, "incident__triggered")
    assert (answer.status_code, answer.json()) == (200, {"outcome": "new"})
    (found,) = incidents(ledger)
    assert (found.title, found.open) == ("Checkout answers with errors", True)
    assert page(client, "incident__resolved", "an older secret", "hush").status_code == 200
    assert not incidents(ledger)[0].open


def test_a_redelivery_counts_once_and_so_does_a_second_hook(client, ledger):
    page(client, "incident__triggered")
    assert page(client, "incident__triggered").json() == {"outcome": "duplicate"}
    again = page(client, "incident__triggered", change=lambda event: event.update(id="01ANOTHER"))
    assert again.json() == {"outcome": "new"}
    assert len(ledger.history("incident:pagerduty/PINC100")) == 1


@pytest.mark.parametrize("secrets", [("another",), ("another", "a third")])
def test_a_forged_page_gets_401_and_leaves_no_trace(client, ledger, secrets):
    assert page(client, "incident__triggered", *secrets).status_code == 401
    assert client.post("/webhooks/pagerduty", content=b"{}").status_code == 401
    assert ledger.figures().deliveries == {}


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"event_type": "pagey.ping"}, "ignored"),
        ({"event_type": "incident.teleported"}, "unknown"),
        ({"data": "\ud800"}, "unknown"),
        ({"occurred_at": 10**40}, "unknown"),
    ],
)
def test_what_is_not_read_is_answered_kept_and_counted(client, ledger, change, outcome):
    assert page(client, "incident__triggered", change=lambda event: event.update(change)).json() == {"outcome": outcome}
    assert ledger.figures().deliveries == {"pagerduty": {outcome: 1}}


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff"])
def test_no_json_gets_400(client, body):
    assert client.post("/webhooks/pagerduty", content=body, headers=signed(body, "hush")).status_code == 400
    assert client.post("/webhooks/cdevents", content=body, headers=TOKEN).status_code == 400


def test_cdevents_come_binary_structured_and_bare(client, ledger):
    event = payload("cdevents/service__deployed")
    binary = TOKEN | {"ce-id": "a", "ce-source": "/ci", "ce-type": event["context"]["type"], "ce-specversion": "1.0"}
    assert send(client, "service__deployed", binary).json() == {"outcome": "new"}
    envelope = {"specversion": "1.0", "id": "b", "source": "/ci", "type": event["context"]["type"], "data": event}
    body = json.dumps(envelope).encode()
    headers = TOKEN | {"Content-Type": "application/cloudevents+json"}
    assert client.post("/webhooks/cdevents", content=body, headers=headers).json() == {"outcome": "new"}
    assert send(client, "service__deployed").json() == {"outcome": "new"}
    assert send(client, "service__deployed").json() == {"outcome": "duplicate"}
    assert len(ledger.history("deployment:cdevents/checkout/production/2026-11-17T09:30:00Z")) == 1


def test_a_deployment_of_cdevents_knows_its_commit_once_its_artifact_was_told(client, ledger):
    send(client, "service__deployed")
    send(client, "artifact__packaged")
    needs = Needs(services=("checkout",), repository_of={"checkout": "acme/api"}, environments=("production",))
    (found,) = ledger.load(needs, NOW).deployments
    assert found.sha == "9b8a7c6d5e4f30211203f4e5d6c7b8a90a1b2c3d"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer another"}, {"Authorization": "Basic t0ken"}])
def test_without_the_token_nothing_is_taken(client, ledger, headers):
    answer = send(client, "incident__detected", headers)
    assert answer.status_code == 401
    assert ledger.figures().deliveries == {}
    if headers:
        assert answer.json() == {"error": "the token is wrong"}


def test_an_event_that_is_new_to_us_is_kept_and_its_sender_need_not_send_it_again(client, ledger):
    event = payload("cdevents/service__deployed")
    event["context"]["type"] = "dev.cdevents.service.teleported.0.1.0"
    answer = client.post("/webhooks/cdevents", json=event, headers=TOKEN)
    assert (answer.status_code, answer.json()) == (200, {"outcome": "unknown"})
    (sample,) = ledger.figures().samples
    assert "teleported" in sample.reason


@pytest.mark.parametrize("source", SECRETS)
def test_a_source_without_its_secret_is_refused(ledger, source):
    gate = Gate(ledger.append).start()
    client = TestClient(Starlette(routes=Reception(gate, {}, lambda: NOW).routes()))
    assert client.post(f"/webhooks/{source}", content=b"{}", headers=TOKEN).status_code == 503
    assert gate.stop(10)
