"""How is a CDEvent wrapped for its way over HTTP, and what is it called there?

CloudEvents 1.0 as JSON: ``structured``, the event within an envelope, or ``binary``, the event as the body and the
envelope in ``ce-`` headers. A bare event, without any envelope, is read too: its own context says all that an
envelope would.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any, NamedTuple

from storage.intake.bodies import Misfit, parse

STRUCTURED = "application/cloudevents+json"
_ENVELOPES = "application/cloudevents"


class Wrapped(NamedTuple):
    """A CDEvent as parsed JSON, and the time that its envelope gives."""

    event: dict[str, Any]
    time: object = None


def unwrap(headers: Mapping[str, str], body: bytes) -> Wrapped:
    """Take the event out of its envelope. Raises ``Malformed`` or ``Misfit``."""
    lowered = {name.lower(): value for name, value in headers.items()}
    form = lowered.get("content-type", "").partition(";")[0].strip().lower()
    if form.startswith(_ENVELOPES) and form != STRUCTURED:
        message = f"{form[:50]} is not read here: send each event by itself, as JSON"
        raise Misfit(message)
    told = parse(body)
    if form == STRUCTURED or ("context" not in told and "specversion" in told):
        return Wrapped(_data(told), told.get("time"))
    return Wrapped(told, lowered.get("ce-time"))


def called(headers: Mapping[str, str], body: bytes) -> str | None:
    """The event's own id beside its source, as its envelope gives them, else its context; None where neither does."""
    lowered = {name.lower(): value for name, value in headers.items()}
    told: Mapping[str, Any] = {"id": lowered.get("ce-id"), "source": lowered.get("ce-source")}
    if not told["id"]:
        try:
            told = parse(body)
        except ValueError:
            return None
        context = told.get("context")
        told = context if isinstance(context, dict) else told
    name, source = told.get("id"), told.get("source")
    return f"{name} of {source}" if isinstance(name, str) and name and isinstance(source, str) else None


def _data(envelope: Mapping[str, Any]) -> dict[str, Any]:
    data = envelope.get("data")
    if isinstance(envelope.get("data_base64"), str):
        try:
            data = base64.b64decode(envelope["data_base64"], validate=True).decode("utf-8", "replace")
        except (binascii.Error, ValueError) as error:
            message = "data_base64 is no base64"
            raise Misfit(message) from error
    if isinstance(data, str):
        data = parse(data.encode("utf-8", "replace"))
    if not isinstance(data, dict):
        message = "the envelope holds no data"
        raise Misfit(message)
    return data
