"""What does a delivery of CDEvents (0.5, in CloudEvents over HTTP) say happened?

Every type of the vocabulary is read here, or known and ignored with its reason; any other is unknown: then it is kept
and shown.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from storage.intake.bodies import Misfit, fit
from storage.intake.causes import causes
from storage.intake.cdevents.artifacts import artifact, commit_of, commit_said, told_of
from storage.intake.cdevents.envelope import unwrap
from storage.intake.cdevents.shapes import CDEvent, Incident, Service
from storage.intake.cdevents.work import change_of, ticket_of
from storage.intake.github.shapes import Shape, Time
from storage.intake.making import Scene, bounded, event, stamp
from storage.records import Event, Ignored, UnknownEvent

__all__ = ["HANDLED", "IGNORED", "read"]

SOURCE = "cdevents"
_TYPE = re.compile(r"dev\.(?P<vocabulary>cdeventsx?)\.(?P<kind>[\w-]+\.[\w-]+)\.\d+\.\d+\.\d+[\w.+-]*")
_PURPOSES = ("rollback", "hotfix")
_Read = Callable[[CDEvent, str, datetime], Event | Ignored]


class _Envelope(Shape, frozen=True):
    time: Time


def _service(told: CDEvent, kind: str, at: datetime) -> Event:
    """A service that was put into an environment: one deployment, named by its place and time."""
    content = fit(told.subject.content, Service)
    custom = told.custom_data if isinstance(told.custom_data, Mapping) else {}
    purpose = "rollback" if kind == "service.rolledback" else custom.get("purpose")
    service, environment = told.subject.id, content.environment.id
    data = {
        "service": service,
        "environment": environment,
        "state": "succeeded",
        "sha": commit_said(custom) or commit_of(content.artifact_id),
        "artifact": artifact(content.artifact_id),
        "purpose": purpose if purpose in _PURPOSES else None,
    }
    name = bounded(f"deployment:{SOURCE}/{service}/{environment}/{stamp(at)}")
    return event(Scene(""), name, kind, at, content.artifact_id, data, source=SOURCE)


def _artifact(told: CDEvent, kind: str, at: datetime) -> Event | Ignored:
    """An artifact whose commit is told, so that whoever deploys it deploys that commit."""
    data = told_of(told)
    if data is None:
        return Ignored("an artifact that names no commit does not say what is in it")
    return event(Scene(""), artifact(told.subject.id), kind, at, str(stamp(at)), data, source=SOURCE)


def _incident(told: CDEvent, kind: str, at: datetime) -> Event:
    """An incident, named by its id and by whoever calls it so: two tools may both have a number 7."""
    content = fit(told.subject.content, Incident)
    whose = (told.subject.source or told.context.source).strip("/")
    name = bounded(f"incident:{SOURCE}/{told.subject.id}{'@' if whose else ''}{whose}")
    over = kind == "incident.resolved"  # its words then tell how it ended
    custom = told.custom_data if isinstance(told.custom_data, Mapping) else {}
    urgency = custom.get("severity")
    data = {
        "open": False if over else None,
        "title": None if over else content.description,
        "url": content.ticket_uri if (content.ticket_uri or "").startswith(("https://", "http://")) else None,
        "services": [content.service.id] if content.service else [],
        "environment": content.environment.id if content.environment else None,
        "artifact": content.artifact_id,
        "urgency": urgency if isinstance(urgency, str) else None,
        "root_causes": causes(content.description),
    }
    return event(Scene(""), name, kind, at, str(stamp(at)), data, source=SOURCE)


def _work(told: CDEvent, kind: str, at: datetime) -> Event | Ignored:
    """A change or a ticket, as far as it can be told which one it is."""
    thing = kind.partition(".")[0]
    found = change_of(told) if thing == "change" else ticket_of(told)
    if found is None:
        return Ignored(f"it can't be told which repository's {thing} it is, and which number it has there")
    repository, number, snapshot = found
    name = f"{thing}:{repository}#{number}"
    return event(Scene(repository), name, kind, at, str(stamp(at)), {"snapshot": snapshot}, source=SOURCE)


HANDLED: dict[str, _Read] = {
    "service.deployed": _service,
    "service.upgraded": _service,
    "service.rolledback": _service,
    "artifact.packaged": _artifact,
    "artifact.published": _artifact,
    "incident.detected": _incident,
    "incident.reported": _incident,
    "incident.resolved": _incident,
    "change.created": _work,
    "change.updated": _work,
    "change.merged": _work,
    "change.abandoned": _work,
    "ticket.created": _work,
    "ticket.updated": _work,
    "ticket.closed": _work,
}

_RUN = "a run is no deployment: what comes of it says so itself"
_TEST = "a test's outcome counts as a check of a commit, and this names none"
_PLACE = "which repositories and environments count is configured here"
_BRANCH = "a branch counts with what is pushed to it, and this names no commit"
_COPY = "what is done with an artifact changes no place where it runs"
IGNORED: dict[str, str] = {
    "change.reviewed": "it says neither who reviewed nor with which verdict",
    "service.removed": "a service that is taken away was out before, and nothing new is",
    "service.published": "that a service can be reached says not which commit it runs",
    "artifact.signed": _COPY,
    "artifact.downloaded": _COPY,
    "artifact.deleted": _COPY,
    "environment.created": _PLACE,
    "environment.modified": _PLACE,
    "environment.deleted": _PLACE,
    "repository.created": _PLACE,
    "repository.modified": _PLACE,
    "repository.deleted": _PLACE,
    "branch.created": _BRANCH,
    "branch.deleted": _BRANCH,
    "build.queued": _RUN,
    "build.started": _RUN,
    "build.finished": _RUN,
    "pipelinerun.queued": _RUN,
    "pipelinerun.started": _RUN,
    "pipelinerun.finished": _RUN,
    "taskrun.started": _RUN,
    "taskrun.finished": _RUN,
    "testcaserun.queued": _TEST,
    "testcaserun.started": _TEST,
    "testcaserun.finished": _TEST,
    "testcaserun.skipped": _TEST,
    "testsuiterun.queued": _TEST,
    "testsuiterun.started": _TEST,
    "testsuiterun.finished": _TEST,
    "testoutput.published": _TEST,
}
_OWN = "a tool's own event, outside the vocabulary of CDEvents"


def read(headers: Mapping[str, str], body: bytes) -> tuple[Event, ...] | Ignored | UnknownEvent:
    """Read one delivery. Raises ``Malformed`` when the body is no JSON object; nothing else, whatever was sent."""
    name = "a CDEvent"
    try:
        wrapped = unwrap(headers, body)
        told = fit(wrapped.event, CDEvent)
        context = told.context
        kind = _TYPE.fullmatch(context.type)
        name = kind["kind"] if kind else "a CDEvent"
        if kind is None or (kind["vocabulary"] == "cdevents" and name not in HANDLED and name not in IGNORED):
            return UnknownEvent(f"an event that is not known: {context.type[:80]}")
        if context.specversion is None and context.version is None:
            return UnknownEvent(f"{name}: neither context.specversion nor context.version")
        if kind["vocabulary"] != "cdevents":
            return Ignored(_OWN)
        if name in IGNORED:
            return Ignored(IGNORED[name])
        at = context.timestamp or fit({"time": wrapped.time}, _Envelope).time
        made = HANDLED[name](told, name, at)
    except Misfit as error:
        return UnknownEvent(f"{name[:50]}: {error}")
    return made if isinstance(made, Ignored) else (made,)
