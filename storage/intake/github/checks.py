"""What do the checks on a commit say?

A check run and a status are what "required" names; a suite or a workflow run only gathers them, and is left out.
"""

from datetime import datetime
from typing import Any

from storage.intake.bodies import Misfit
from storage.intake.github import snapshots
from storage.intake.github.shapes import Delivered, Id, Name, Number, Repository, Sha, Shape, Time, User
from storage.intake.making import Scene, event, stamp
from storage.records import Event, Ignored

_PASSED = frozenset({"success", "neutral", "skipped"})
_STATUSES = {"pending": "running", "success": "passed", "failure": "failed", "error": "failed"}


class App(Shape, frozen=True):
    """The app that runs a check."""

    slug: str | None = None


class Concerned(Shape, frozen=True):
    """A pull request whose head is the checked commit."""

    number: Number


class CheckRun(Shape, frozen=True):
    """One run of one check; running it again makes another."""

    id: Id
    name: Name
    head_sha: Sha
    status: str
    conclusion: str | None = None
    started_at: Time | None = None
    completed_at: Time | None = None
    html_url: str | None = None
    details_url: str | None = None
    app: App | None = None
    pull_requests: tuple[Concerned, ...] = ()


class CheckRunDelivery(Delivered, frozen=True, kw_only=True):
    """A ``check_run`` delivery."""

    action: str
    check_run: CheckRun


class Status(Shape, frozen=True, kw_only=True):
    """A commit status; every change of it is another with its own id."""

    id: Id
    context: Name
    state: str
    created_at: Time | None = None
    updated_at: Time | None = None
    target_url: str | None = None


class StatusDelivery(Status, frozen=True, kw_only=True):
    """A ``status`` delivery: the status itself, and where."""

    sha: Sha
    repository: Repository
    sender: User | None = None


def read_check_run(delivery: CheckRunDelivery) -> list[Event] | Ignored:
    """A check that began or ended."""
    if delivery.action in {"rerequested", "requested_action"}:
        return Ignored("a check that is asked for again reports by itself")
    if delivery.action not in {"created", "completed"}:
        message = f"an action of check_run that is not known: {delivery.action[:50]}"
        raise Misfit(message)
    return [check_run_event(Scene(delivery.repository.full_name, snapshots.login(delivery.sender)), delivery.check_run)]


def read_status(delivery: StatusDelivery) -> list[Event] | Ignored:
    """A status that was set on a commit."""
    scene = Scene(delivery.repository.full_name, snapshots.login(delivery.sender))
    return [status_event(scene, delivery.sha, delivery)]


def check_run_event(scene: Scene, run: CheckRun) -> Event:
    """How a check run stands."""
    state = "running"
    if run.status == "completed" and run.conclusion:
        state = "passed" if run.conclusion in _PASSED else "failed"
    data = {
        "name": run.name,
        "id": f"check_run/{run.id}",
        "state": state,
        "url": run.html_url or run.details_url,
        "started_at": stamp(run.started_at),
        "completed_at": stamp(run.completed_at),
        "changes": [concerned.number for concerned in run.pull_requests],
        "app": run.app.slug if run.app else None,
    }
    at = run.started_at if state == "running" else run.completed_at or run.started_at
    return _updated(scene, run.head_sha, at, data)


def status_event(scene: Scene, sha: str, status: Status) -> Event:
    """How a status stands."""
    if status.state not in _STATUSES:
        message = f"a state of a status that is not known: {status.state[:50]}"
        raise Misfit(message)
    state = _STATUSES[status.state]
    at = status.updated_at or status.created_at
    data: dict[str, Any] = {
        "name": status.context,
        "id": f"status/{status.id}",
        "state": state,
        "url": status.target_url,
        "started_at": stamp(status.created_at),
        "completed_at": None if state == "running" else stamp(at),
        "changes": [],
        "app": None,
    }
    return _updated(scene, sha, at, data)


def _updated(scene: Scene, sha: str, at: datetime | None, data: dict[str, Any]) -> Event:
    key = f"{data['id']}|{data['state']}|{stamp(at) or ''}"
    return event(scene, f"commit:{scene.repository}@{sha}", "check.updated", at, key, data)
