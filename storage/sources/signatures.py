"""Does this request truly come from the source that it names, and what does the source call it?

One entry of ``SCHEMES`` per source. Everything is checked over the raw body and compared in constant time.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from storage.intake.cdevents.envelope import called

_PRIVATE = re.compile(r"signature|authorization|token|secret|passcode|cookie|forwarded|real-ip")
_MOST_PROOFS = 20  # proofs looked at in one header
_LONGEST = 300  # characters of an id; longer ones are cut to what still tells them apart

Verify = Callable[[str, Mapping[str, str], bytes], bool]
Identify = Callable[[Mapping[str, str], bytes], str | None]


@dataclass(frozen=True, slots=True)
class Scheme:
    """How one source signs and numbers its deliveries; header names in lower case.

    ``header`` carries the proof: a request without it is refused before its body is read. ``verify`` takes the
    secret, the headers and the raw body. ``identify`` gives the source's own delivery id, None where it sent none.
    ``keeps`` are the beginnings of the names of headers worth storing; all others, the proof among them, are dropped.
    """

    header: str
    verify: Verify
    identify: Identify
    keeps: tuple[str, ...] = ("content-type",)


def hex_hmac(header: str, prefix: str = "") -> Verify:
    """A check of ``<prefix><hex HMAC-SHA256 of the body>`` in one header."""

    def verify(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
        expected = prefix + hmac.digest(secret.encode(), body, hashlib.sha256).hex()
        return _same(headers.get(header, ""), expected)

    return verify


def any_hex_hmac(header: str, prefix: str) -> Verify:
    """A check of several such proofs in one header, ``v1=<hex>,v1=<hex>``: one for each secret that is in use."""

    def verify(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
        expected = prefix + hmac.digest(secret.encode(), body, hashlib.sha256).hex()
        given = headers.get(header, "").split(",", _MOST_PROOFS)[:_MOST_PROOFS]
        return any(_same(proof.strip(), expected) for proof in given)

    return verify


def bearer(secret: str, headers: Mapping[str, str], _body: bytes) -> bool:
    """A check of ``Authorization: Bearer <secret>``; the scheme's name in any case, as HTTP has it."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and _same(token.strip(), secret)


def named_by(header: str) -> Identify:
    """Take the delivery id from a header."""
    return lambda headers, _body: headers.get(header) or None


class _Numbered(msgspec.Struct):
    id: str = ""


class _Event(msgspec.Struct):
    event: _Numbered = msgspec.field(default_factory=_Numbered)


_event = msgspec.json.Decoder(_Event)


def event_id(_headers: Mapping[str, str], body: bytes) -> str | None:
    """Take the delivery id from the body's ``event.id``, as PagerDuty sends it."""
    try:
        return _event.decode(body).event.id or None
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return None


SCHEMES: Mapping[str, Scheme] = {
    "github": Scheme(
        header="x-hub-signature-256",
        verify=hex_hmac("x-hub-signature-256", "sha256="),
        identify=named_by("x-github-delivery"),
        keeps=("content-type", "x-github-"),
    ),
    "pagerduty": Scheme(
        header="x-pagerduty-signature",
        verify=any_hex_hmac("x-pagerduty-signature", "v1="),
        identify=event_id,
    ),
    "jira": Scheme(
        header="x-hub-signature",
        verify=hex_hmac("x-hub-signature", "sha256="),
        identify=named_by("x-atlassian-webhook-identifier"),
        keeps=("content-type", "x-atlassian-webhook-"),
    ),
    "cdevents": Scheme(header="authorization", verify=bearer, identify=called, keeps=("content-type", "ce-")),
    "lastmile": Scheme(header="authorization", verify=bearer, identify=named_by("idempotency-key")),
}


def genuine(source: str, secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether the body was signed with the secret, as the source signs; an empty secret never verifies.

    ``headers`` by lower-case name. Source: the senders' own documents, by ``SCHEMES``.
    """
    return bool(secret) and SCHEMES[source].verify(secret, headers, body)


def delivery_id(source: str, headers: Mapping[str, str], body: bytes) -> str:
    """The source's own id of a delivery, else one made of its body, so that the same bytes still count once."""
    lowered = {name.lower(): value for name, value in headers.items()}
    scheme = SCHEMES.get(source)
    given = scheme.identify(lowered, body) if scheme else None
    if given and len(given) > _LONGEST:
        return f"sha256:{hashlib.sha256(given.encode('utf-8', 'replace')).hexdigest()}"
    return given or f"sha256:{hashlib.sha256(body).hexdigest()}"


def kept(source: str, headers: Mapping[str, str]) -> dict[str, str]:
    """The headers worth storing, by lower-case name: what reading needs, and never a signature, token or address.

    Of a source that has no entry yet (a file brought it) all are kept but those that prove or trace something.
    """
    scheme = SCHEMES.get(source)
    lowered = {name.lower(): value for name, value in headers.items()}
    if scheme is None:
        return {name: value for name, value in lowered.items() if not _PRIVATE.search(name)}
    return {name: value for name, value in lowered.items() if name.startswith(scheme.keeps)}


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), expected.encode())
