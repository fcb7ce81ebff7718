"""Does a request count as its source's own exactly when it was signed as the source signs?"""

import hashlib
import hmac
import inspect
import json

import pytest

from storage.sources import signatures
from storage.sources.signatures import SCHEMES, any_hex_hmac, bearer, delivery_id, genuine, hex_hmac, kept

# The example of GitHub's own document "Validating webhook deliveries".
SECRET = "It's a Secret to Everybody"
BODY = b"Hello, World!"
PUBLISHED = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"


def github(signature: str) -> dict[str, str]:
    return {"x-hub-signature-256": signature}


def test_github_s_published_example_verifies():
    assert genuine("github", SECRET, github(PUBLISHED), BODY)


@pytest.mark.parametrize(
    ("secret", "signature", "body"),
    [
        ("another secret", PUBLISHED, BODY),
        (SECRET, PUBLISHED, b"Hello, World?"),
        (SECRET, PUBLISHED[:-1] + "8", BODY),
        (SECRET, PUBLISHED.removeprefix("sha256="), BODY),
        (SECRET, PUBLISHED.upper(), BODY),
        (SECRET, "sha256=", BODY),
        (SECRET, "", BODY),
        (SECRET, "sha1=" + hmac.new(SECRET.encode(), BODY, hashlib.sha1).hexdigest(), BODY),
        (SECRET, PUBLISHED[:-2] + "é1", BODY),
    ],
    ids=["secret", "body", "last digit", "no prefix", "capitals", "only prefix", "empty", "the old SHA-1", "not ASCII"],
)
def test_anything_else_does_not_verify(secret, signature, body):
    assert not genuine("github", secret, github(signature), body)


def test_a_request_without_the_header_does_not_verify():
    assert not genuine("github", SECRET, {}, BODY)


def test_an_empty_secret_verifies_nothing_even_when_the_sender_used_one_too():
    signed = "sha256=" + hmac.new(b"", BODY, hashlib.sha256).hexdigest()
    assert not genuine("github", "", github(signed), BODY)


@pytest.mark.parametrize(
    ("authorization", "right"),
    [
        ("Bearer t0ken", True),
        ("bearer t0ken", True),
        ("Bearer  t0ken ", True),
        ("Bearer t0ke", False),
        ("Basic t0ken", False),
        ("t0ken", False),
        ("Bearer", False),
        ("", False),
    ],
)
def test_a_bearer_token_is_compared_whole(authorization, right):
    assert bearer("t0ken", {"authorization": authorization}, b"") is right


def test_a_missing_token_never_equals_an_empty_secret():
    assert not genuine("lastmile", "", {"authorization": "Bearer "}, b"")


def test_another_source_is_one_entry_with_its_own_header_and_prefix():
    verify = hex_hmac("linear-signature")
    signature = hmac.new(b"key", b"{}", hashlib.sha256).hexdigest()
    assert verify("key", {"linear-signature": signature}, b"{}")
    assert not verify("key", {"linear-signature": "sha256=" + signature}, b"{}")


def test_secrets_are_compared_in_constant_time():
    source = inspect.getsource(signatures._same)
    assert "hmac.compare_digest(" in source
    assert all("_same(" in inspect.getsource(check) for check in (bearer, hex_hmac, any_hex_hmac))


# The example that PagerDuty's own client for Go verifies itself by.
PAGERDUTY_SECRET = "lDQHScfUeXUKaQRNF+8XIiDKZ7XX3itBAYzwU0TARw8lJqRnkKl2iB1anSb0Z+IK"
PAGERDUTY_PUBLISHED = "v1=0c0b9495b893a39e70d1fea2fe11fbe0a825f88b9f67846f6cc07dd2bc5476cd"


def _reference(kind, its_id, summary, path=None, web=None):
    path = path or f"{kind}s"
    return {
        "html_url": f"https://acme.pagerduty.com/{web or f'{path}/{its_id}'}", "id": its_id,
        "self": f"https://api.pagerduty.com/{path.removeprefix('incident_')}/{its_id}", "summary": summary,
        "type": f"{kind}_reference",
    }  # fmt: skip


def pagerduty_body():
    """The bytes of that example."""
    data = {
        "id": "PGR0VU2", "type": "incident", "self": "https://api.pagerduty.com/incidents/PGR0VU2",
        "html_url": "https://acme.pagerduty.com/incidents/PGR0VU2", "number": 2, "status": "triggered",
        "title": "A little bump in the road", "service": _reference("service", "PF9KMXH", "API Service"),
        "assignees": [_reference("user", "PTUXL6G", "User 123")],
        "escalation_policy": _reference("escalation_policy", "PUS0KTE", "Default", "escalation_policies"),
        "teams": [_reference("team", "PFCVPS0", "Engineering")],
        "priority": _reference("priority", "PSO75BM", "P1", "priorities", "account/incident_priorities"),
        "urgency": "high", "conference_bridge": {"conference_number": 1000, "conference_url": "https://example.com"},
        "resolve_reason": None,
    }  # fmt: skip
    event = {
        "id": "01BWDWL3NYY7LUFPZCC28QUCMK", "event_type": "incident.priority_updated", "resource_type": "incident",
        "occurred_at": "2021-04-26T17:36:27.458Z", "agent": _reference("user", "PLH1HKV", "Tenex Engineer"),
        "client": None, "data": data,
    }  # fmt: skip
    return json.dumps({"event": event}, separators=(",", ":")).encode()


def paged(signature: str) -> dict[str, str]:
    return {"x-pagerduty-signature": signature}


@pytest.mark.parametrize(
    ("signature", "right"),
    [
        (PAGERDUTY_PUBLISHED, True),
        (f"v1={'0' * 64},{PAGERDUTY_PUBLISHED}", True),
        (f"{PAGERDUTY_PUBLISHED},v1={'0' * 64}", True),
        (f"v2={'0' * 64}, {PAGERDUTY_PUBLISHED}", True),
        (f"v1={'0' * 64}", False),
        (PAGERDUTY_PUBLISHED.removeprefix("v1="), False),
        (PAGERDUTY_PUBLISHED.replace("v1", "v2"), False),
        (PAGERDUTY_PUBLISHED[:-1], False),
        (f"v1={'0' * 64}," * 1000 + PAGERDUTY_PUBLISHED, False),
        ("v1=é", False),
        (",", False),
        ("", False),
    ],
)
def test_one_of_pagerdutys_signatures_is_enough(signature, right):
    assert genuine("pagerduty", PAGERDUTY_SECRET, paged(signature), pagerduty_body()) is right


def test_pagerdutys_example_verifies_with_its_own_secret_and_body_only():
    assert not genuine("pagerduty", "another", paged(PAGERDUTY_PUBLISHED), pagerduty_body())
    assert not genuine("pagerduty", PAGERDUTY_SECRET, paged(PAGERDUTY_PUBLISHED), pagerduty_body() + b" ")
    assert not genuine("pagerduty", "", paged(PAGERDUTY_PUBLISHED), pagerduty_body())
    assert not genuine("pagerduty", PAGERDUTY_SECRET, {}, pagerduty_body())


def test_pagerduty_numbers_its_deliveries_in_the_body():
    assert delivery_id("pagerduty", {}, pagerduty_body()) == "01BWDWL3NYY7LUFPZCC28QUCMK"
    for odd in (
        b"",
        b"[]",
        b"{}",
        b'{"event": 7}',
        b'{"event": {"id": 7}}',
        b'{"event": {"id": ""}}',
        b"\xff",
        b"[" * 99_999,
    ):
        assert delivery_id("pagerduty", {}, odd).startswith("sha256:")


def test_cdevents_come_with_a_token_and_are_numbered_by_id_and_source():
    assert genuine("cdevents", "t0ken", {"authorization": "Bearer t0ken"}, b"{}")
    assert not genuine("cdevents", "t0ken", {"authorization": "Bearer t0ke"}, b"{}")
    said = {"Ce-Id": "7", "ce-source": "/ci"}
    assert delivery_id("cdevents", said, b"{}") == "7 of /ci"
    assert delivery_id("cdevents", said | {"ce-source": "/cd"}, b"{}") != "7 of /ci"
    assert delivery_id("cdevents", {}, b'{"context": {"id": "7", "source": "/ci"}}') == "7 of /ci"
    assert delivery_id("cdevents", {}, b"{}").startswith("sha256:")


def test_a_number_of_any_length_fits_where_numbers_are_kept():
    one, other = ({"ce-id": "7" * 100_000 + last, "ce-source": "/ci"} for last in "ab")
    assert len(delivery_id("cdevents", one, b"{}")) < 100
    assert delivery_id("cdevents", one, b"{}") != delivery_id("cdevents", other, b"{}")


def test_of_an_envelope_its_headers_are_kept():
    said = {"CE-Type": "dev.cdevents.x", "ce-time": "2026-11-17T09:00:00Z", "Authorization": "Bearer x"}
    assert set(kept("cdevents", said)) == {"ce-type", "ce-time"}


def test_github_numbers_its_deliveries_in_a_header_of_any_case():
    assert delivery_id("github", {"X-GitHub-Delivery": "72d3162e"}, b"{}") == "72d3162e"


def test_a_delivery_without_a_number_is_named_by_its_bytes():
    named = delivery_id("github", {}, b"{}")
    assert named == delivery_id("github", {"x-github-delivery": ""}, b"{}")
    assert named.startswith("sha256:")
    assert named != delivery_id("github", {}, b"{ }")


def test_a_source_that_has_no_entry_is_named_by_its_bytes_too():
    assert delivery_id("elsewhere", {"x-id": "1"}, b"{}").startswith("sha256:")


@pytest.mark.parametrize("source", SCHEMES)
def test_no_proof_is_ever_stored(source):
    said = {"Authorization": "Bearer x", "Cookie": "a=b", "X-Forwarded-For": "10.0.0.1", SCHEMES[source].header: "x"}
    assert kept(source, {**said, "Content-Type": "application/json"}) == {"content-type": "application/json"}


def test_what_reading_needs_is_stored_under_lower_case_names():
    assert kept("github", {"X-GitHub-Event": "push", "X-Hub-Signature-256": PUBLISHED}) == {"x-github-event": "push"}
