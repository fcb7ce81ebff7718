"""Does Jira reach the ledger through the real route, and nobody who only says to be it?"""

import hashlib
import hmac
import json

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from storage.sources.gate import Gate
from storage.sources.signatures import delivery_id, kept
from storage.sources.webhooks import Reception
from tests.builders import at
from tests.deliveries import payload

NOW = at("2026-11-17T13:00")
TICKET = "ticket:jira/SHOP#12"


@pytest.fixture
def client(ledger):
    gate = Gate(ledger.append).start()
    yield TestClient(Starlette(routes=Reception(gate, {"jira": "hush"}, lambda: NOW).routes()))
    assert gate.stop(10)


def send(client, name, secret="hush", hook="hook-1", **more):
    body = json.dumps(payload(f"jira/{name}") | more).encode()
    proof = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature": f"sha256={proof}", "X-Atlassian-Webhook-Identifier": hook, "X-Forwarded-For": "::1"}
    return client.post("/webhooks/jira", content=body, headers=headers)


def test_an_issue_is_known_once_its_webhook_was_answered(client, ledger):
    answer = send(client, "issue__created")
    assert (answer.status_code, answer.json()) == (200, {"outcome": "new"})
    assert ledger.get([TICKET])[TICKET].title == "Retry a payment that timed out"


def test_a_redelivery_counts_once(client, ledger):
    send(client, "issue__created")
    assert send(client, "issue__created").json() == {"outcome": "duplicate"}
    assert send(client, "issue__created", hook="hook-2").json() == {"outcome": "new"}
    assert len(ledger.history(TICKET)) == 1


def test_a_forged_delivery_gets_401_and_leaves_no_trace(client, ledger):
    assert send(client, "issue__created", secret="another").status_code == 401
    assert client.post("/webhooks/jira", content=b"{}").status_code == 401
    assert ledger.figures().deliveries == {}


def test_what_is_of_no_use_is_kept_and_counted_with_its_reason(client, ledger):
    assert send(client, "sprint__started").json() == {"outcome": "ignored"}
    assert send(client, "issue__created", hook="h3", webhookEvent="jira:new_thing").json() == {"outcome": "unknown"}
    assert ledger.figures().deliveries["jira"] == {"ignored": 1, "unknown": 1}


def test_only_what_reading_needs_is_kept_of_the_headers():
    headers = {"X-Hub-Signature": "sha256=1", "X-Atlassian-Webhook-Identifier": "7", "Cookie": "c", "Content-Type": "j"}
    assert kept("jira", headers) == {"x-atlassian-webhook-identifier": "7", "content-type": "j"}
    assert delivery_id("jira", headers, b"{}") == "7"
