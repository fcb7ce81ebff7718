"""How does a deployment that a pipeline tells of get its time, when the pipeline names none?"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from storage.records import Delivery
from storage.sources.signatures import delivery_id


def delivery(told: Mapping[str, Any], received_at: datetime) -> Delivery:
    """Make a delivery of what ``lastmile deployed`` was told: service, sha, environment, perhaps at, id, url, state."""
    said = {name: value for name, value in told.items() if value is not None}
    body = timed(json.dumps(said).encode(), received_at)
    return Delivery("lastmile", delivery_id("lastmile", {}, body), {}, body, received_at)


def timed(body: bytes, received_at: datetime) -> bytes:
    """The body with ``at`` set to its receipt where it has neither a time nor an id; anything else as it is.

    Two deployments of one commit to one place (there, back, there again) are then two, not a duplicate.
    """
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return body  # its reader says what is wrong with it
    if not isinstance(told, dict) or told.get("at") is not None or told.get("id") is not None:
        return body
    at = received_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return json.dumps({**told, "at": at}).encode()
