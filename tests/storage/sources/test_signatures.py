"""Does a request count as its source's own exactly when it was signed as the source signs?"""

import hashlib
import hmac
import inspect

import pytest

from storage.sources import signatures
from storage.sources.signatures import SCHEMES, bearer, delivery_id, genuine, hex_hmac, kept

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
    assert all("_same(" in inspect.getsource(check) for check in (bearer, hex_hmac))


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
