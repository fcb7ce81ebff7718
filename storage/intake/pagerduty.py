"""What does a delivery of PagerDuty's (v3 webhooks) say happened to an incident?

Every event of PagerDuty's is read here, or known and ignored with its reason, or unknown: then it is kept and shown.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta

from storage.intake.bodies import Misfit, Reader, fit
from storage.intake.causes import causes
from storage.intake.github.shapes import Shape, Time
from storage.intake.making import Scene, event, stamp
from storage.records import Event, Ignored, UnknownEvent

__all__ = ["HANDLED", "IGNORED", "read"]

SOURCE = "pagerduty"
_Key = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
_STATUSES = {"triggered": True, "acknowledged": True, "resolved": False}  # whether it is open

HANDLED: dict[str, str] = {
    "incident.triggered": "incident.detected",
    "incident.acknowledged": "incident.acknowledged",
    "incident.unacknowledged": "incident.unacknowledged",
    "incident.resolved": "incident.resolved",
    "incident.reopened": "incident.reopened",
    "incident.escalated": "incident.updated",
    "incident.delegated": "incident.updated",
    "incident.reassigned": "incident.updated",
    "incident.priority_updated": "incident.updated",
    "incident.urgency_updated": "incident.updated",
    "incident.service_updated": "incident.updated",
    "incident.title_updated": "incident.updated",
    "incident.incident_type.changed": "incident.updated",
    "incident.annotated": "incident.updated",
    "incident.status_update_published": "incident.updated",
}
_TEXTS = frozenset({"incident.annotated", "incident.status_update_published"})  # which carry no whole incident

_HELP = "who helps does not change whose incident it is"
_WORK = "what is done about an incident is told when the incident itself changes"
IGNORED: dict[str, str] = {
    "pagey.ping": "PagerDuty says hello",
    "incident.responder.added": _HELP,
    "incident.responder.replied": _HELP,
    "incident.role.assigned": _HELP,
    "incident.conference_bridge.updated": "where people meet moves nothing",
    "incident.custom_field_values.updated": "a custom field means what each account makes of it",
    "incident.task.created": _WORK,
    "incident.task.updated": _WORK,
    "incident.task.completed": _WORK,
    "incident.action_invocation.created": _WORK,
    "incident.action_invocation.updated": _WORK,
    "incident.action_invocation.terminated": _WORK,
    "incident.workflow.started": _WORK,
    "incident.workflow.completed": _WORK,
    "service.created": "which services there are is configured here, not there",
    "service.updated": "which services there are is configured here, not there",
    "service.deleted": "which services there are is configured here, not there",
    "service.custom_field_values.updated": "a custom field means what each account makes of it",
}


class Reference(Shape, frozen=True):
    """A person, a service or an incident as another thing names it."""

    id: _Key
    summary: str | None = None
    type: str | None = None


class Incident(Shape, frozen=True):
    """An incident, whole."""

    id: _Key
    status: str
    title: str | None = None
    html_url: str | None = None
    created_at: Time | None = None
    service: Reference | None = None
    assignees: tuple[Reference, ...] = ()
    urgency: str | None = None
    priority: Reference | None = None


class Text(Shape, frozen=True):
    """A note on an incident, or what its followers were told."""

    id: _Key
    incident: Reference
    content: str | None = None
    message: str | None = None


class Happening(Shape, frozen=True):
    """What happened, when, and by whose hand."""

    event_type: str
    occurred_at: Time
    data: dict[str, Any]
    agent: Reference | None = None


class Delivered(Shape, frozen=True):
    """A delivery."""

    event: Happening


class _Kind(Shape, frozen=True):
    event_type: str


class _Any(Shape, frozen=True):
    event: _Kind


_kind, _reader = Reader(_Any), Reader(Delivered)


def read(_headers: Mapping[str, str], body: bytes) -> tuple[Event, ...] | Ignored | UnknownEvent:
    """Read one delivery. Raises ``Malformed`` when the body is no JSON object; nothing else, whatever was sent."""
    name = "an event without a type"
    try:
        name = _kind.read(body).event.event_type
        if name in IGNORED:
            return Ignored(IGNORED[name])
        if name not in HANDLED:
            return UnknownEvent(f"an event that is not known: {name[:50]}")
        happening = _reader.read(body).event
        return (_text(happening) if name in _TEXTS else _whole(happening),)
    except Misfit as error:
        return UnknownEvent(f"{name[:50]}: {error}")


def _whole(happening: Happening) -> Event:
    incident = fit(happening.data, Incident)
    if incident.status not in _STATUSES:
        message = f"a status of an incident that is not known: {incident.status[:50]}"
        raise Misfit(message)
    service = incident.service
    data = {
        "open": _STATUSES[incident.status],
        "title": incident.title,
        "url": incident.html_url,
        "began_at": stamp(incident.created_at),
        "services": [name for name in (service.summary, service.id) if name] if service else [],
        "urgency": incident.urgency,
        "priority": incident.priority.summary if incident.priority else None,
        "assignees": [f"{SOURCE}/{one.id}" for one in incident.assignees],
        "names": [one.summary or one.id for one in incident.assignees],
        "root_causes": causes(incident.title),
    }
    return _event(happening, incident.id, stamp(happening.occurred_at), data)


def _text(happening: Happening) -> Event:
    """A note or an update: it may say what the incident came from, and shows that somebody is at it."""
    text = fit(happening.data, Text)
    data = {"title": text.incident.summary, "root_causes": causes(text.content, text.message)}
    return _event(happening, text.incident.id, text.id, data)


def _event(happening: Happening, incident: str, key: str | datetime | None, data: dict[str, Any]) -> Event:
    """An event, named by what happened and when (a text: by its own id), so that two hooks' copies are one."""
    agent, name = happening.agent, happening.event_type
    person = agent is not None and (agent.type or "").startswith("user")
    scene = Scene("", f"{SOURCE}/{agent.id}" if agent and person else None)
    said = {"action": name.partition(".")[2], **data}
    subject = f"incident:{SOURCE}/{incident}"
    return event(scene, subject, HANDLED[name], happening.occurred_at, f"{name}|{key}", said, source=SOURCE)
