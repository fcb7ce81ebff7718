"""What would PagerDuty send? A small stand-in that writes the deliveries of an incident, from its trigger to its end.

The shapes are those of PagerDuty's documentation of its v3 webhooks, cut to the fields that any receiver needs.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from demo.forge import Json, stamp


@dataclass(frozen=True)
class Page:
    """One incident on a service, with who took it: ``told`` are its steps, each with when."""

    number: int
    service: str
    title: str
    who: str
    told: tuple[tuple[str, datetime], ...]
    urgency: str = "high"

    def deliveries(self, until: datetime) -> Iterator[Json]:
        """Yield what PagerDuty sent by ``until``, one import line each."""
        name = _id("incident", self.number)
        for step, at in self.told:
            if at > until:
                return
            event_id = _id(step, self.number, stamp(at))
            data = {
                "id": name, "type": "incident", "number": self.number, "title": self.title, "status": step,
                "html_url": f"https://pagerduty.example/incidents/{name}", "created_at": stamp(self.told[0][1]),
                "service": {"id": _id("service", self.service)[:7], "summary": self.service,
                            "type": "service_reference"},
                "assignees": [{"id": _id("user", self.who)[:7], "summary": self.who, "type": "user_reference"}],
                "urgency": self.urgency, "priority": None, "teams": [], "resolve_reason": None,
            }  # fmt: skip
            event = {
                "id": event_id, "event_type": f"incident.{step}", "resource_type": "incident",
                "occurred_at": stamp(at), "agent": None, "client": None, "data": data,
            }  # fmt: skip
            yield {
                "source": "pagerduty",
                "headers": {"Content-Type": "application/json"},
                "received_at": stamp(at),
                "payload": {"event": event},
            }


def _id(*words: object) -> str:
    """Make up an id that is the same in every run."""
    return "Q" + hashlib.sha256(repr(words).encode()).hexdigest()[:13].upper()
