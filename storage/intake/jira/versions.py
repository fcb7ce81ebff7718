"""What is a version of a project, which is a release by another name?

A version's own deliveries name its project by a number alone. So they are kept under the version's id, which the
milestone follows that issues named together with its project.
"""

import re
from datetime import UTC, date, datetime, time
from typing import Any

from storage.intake.jira.shapes import SOURCE, OfVersion, Version, account, moment
from storage.intake.making import Scene, digest, event, stamp
from storage.naming import jira_version
from storage.records import Event

_KINDS = {
    "created": "created",
    "updated": "updated",
    "moved": "updated",
    "released": "closed",
    "unreleased": "opened",
    "deleted": "deleted",
}
_NUMBER = re.compile(r"\d{1,18}")
_NOON = time(12, tzinfo=UTC)  # the hour at which it is the same day nearly everywhere


def read_version(delivery: OfVersion, verb: str) -> list[Event]:
    """What happened to a version."""
    version, at = delivery.version, moment(delivery)
    told = {**snapshot(version, at, None), "number": _number(version)}
    if verb == "released":
        told |= {"open": False, "closed_at": stamp(at)}
    elif verb == "unreleased":
        told |= {"open": True, "closed_at": None}
    kind = f"milestone.{_KINDS[verb]}"
    name = jira_version(str(version.id))
    scene = Scene("", account(delivery.user))
    return [event(scene, name, kind, at, stamp(at) or digest(told), {"snapshot": told}, source=SOURCE)]


def milestone(scene: Scene, version: Version, at: datetime | None, site: str | None) -> list[Event]:
    """A version as an issue names it, and whose it is: of the project that the issue is of; none without a number."""
    number = _number(version)
    if number is None:
        return []
    told = {"number": number, **snapshot(version, at, site and f"{site}/versions/{number}")}
    name, key = f"milestone:{scene.repository}#{number}", digest({**told, "closed_at": None})
    here, its = Scene(scene.repository), jira_version(str(version.id))
    return [
        event(here, name, "milestone.updated", at, key, {"snapshot": told, "version": its}, source=SOURCE),
        event(here, its, "version.named", at, name, {"name": name}, source=SOURCE),
    ]


def snapshot(version: Version, at: datetime | None, url: str | None) -> dict[str, Any]:
    """What is told of a version; released on its day, or when that was told where it says no day before that."""
    due = _day(version.release_date)
    ended = version.released or version.archived
    told: dict[str, Any] = {
        "title": version.name,
        "open": not ended,
        "due_at": stamp(due),
        "closed_at": stamp(due if due and at and due < at else at) if ended and at else None,
    }
    return {**told, "url": url} if url else told


def _number(version: Version) -> int | None:
    return int(version.id) if _NUMBER.fullmatch(str(version.id)) else None


def _day(told: str | None) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(told), _NOON) if told else None
    except ValueError:
        return None
