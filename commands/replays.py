"""Has Slack sent us this very request before?

Slack delivers an event again when it got no answer in time, and a captured request stays validly signed for five
minutes. An event carries its own id; commands, buttons and forms have none, so their trigger stands in, and without
one a form's view with the hash of what was in it.
"""

import hashlib
from collections.abc import Mapping
from typing import Any


def key_of(body: Mapping[str, Any]) -> str | None:
    """What two deliveries of one request share, short enough for a column; None where Slack gave nothing to go by."""
    if event := body.get("event_id"):
        return _short("event", event)
    if trigger := body.get("trigger_id"):
        return _short("trigger", trigger)
    view = body.get("view") or {}
    if view.get("id"):
        return _short("view", f"{view['id']}:{view.get('hash', '')}")
    return None


def _short(kind: str, value: object) -> str:
    return f"slack:{kind}:{hashlib.sha256(str(value).encode()).hexdigest()[:40]}"
