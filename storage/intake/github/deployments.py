"""What was deployed where, and how did it go?"""

from collections.abc import Mapping
from typing import Any

from storage.intake.bodies import Misfit, parse
from storage.intake.github import snapshots
from storage.intake.github.shapes import Delivered, Id, Name, Sha, Shape, Time, User
from storage.intake.making import Scene, event, stamp
from storage.records import Event, Ignored

_STATES = {
    "queued": "pending",
    "pending": "pending",
    "waiting": "pending",
    "in_progress": "running",
    "success": "succeeded",
    "failure": "failed",
    "error": "failed",
    "inactive": "inactive",
}
_PURPOSES = ("rollback", "hotfix")
_LONGEST_PAYLOAD = 65_536  # characters that are read


class Deployment(Shape, frozen=True):
    """A deployment asked for."""

    id: Id
    sha: Sha
    ref: str
    environment: Name
    created_at: Time
    task: str | None = None
    payload: Any = None
    creator: User | None = None
    url: str | None = None
    production_environment: bool | None = None
    transient_environment: bool | None = None


class DeploymentStatus(Shape, frozen=True):
    """One report on a deployment."""

    id: Id
    state: str
    created_at: Time
    environment: str | None = None
    target_url: str | None = None
    log_url: str | None = None
    environment_url: str | None = None
    creator: User | None = None


class DeploymentDelivery(Delivered, frozen=True, kw_only=True):
    """A ``deployment`` delivery."""

    action: str = "created"
    deployment: Deployment


class DeploymentStatusDelivery(Delivered, frozen=True, kw_only=True):
    """A ``deployment_status`` delivery."""

    action: str = "created"
    deployment: Deployment
    deployment_status: DeploymentStatus


def read_deployment(delivery: DeploymentDelivery) -> list[Event] | Ignored:
    """A deployment asked for."""
    return [deployment_event(_scene(delivery), delivery.deployment)]


def read_status(delivery: DeploymentStatusDelivery) -> list[Event] | Ignored:
    """A report on a deployment."""
    return [status_event(_scene(delivery), delivery.deployment, delivery.deployment_status)]


def deployment_event(scene: Scene, deployment: Deployment) -> Event:
    """A deployment as it was asked for."""
    data = _facts(deployment)
    key = str(deployment.id)
    return event(scene, _name(deployment), "deployment.created", deployment.created_at, key, data)


def status_event(scene: Scene, deployment: Deployment, status: DeploymentStatus) -> Event:
    """One report, with the deployment that it is on: either may arrive first, or alone."""
    if status.state not in _STATES:
        message = f"a state of a deployment that is not known: {status.state[:50]}"
        raise Misfit(message)
    data = {
        **_facts(deployment),
        "environment": status.environment or deployment.environment,
        "state": _STATES[status.state],
        "status_id": status.id,
        "log_url": status.log_url or status.target_url,
        "environment_url": status.environment_url,
        "reported_at": stamp(status.created_at),
    }
    return event(scene, _name(deployment), "deployment.updated", status.created_at, str(status.id), data)


def _facts(deployment: Deployment) -> dict[str, Any]:
    return {
        "environment": deployment.environment,
        "sha": deployment.sha,
        "ref": deployment.ref,
        "task": deployment.task,
        "purpose": _purpose(deployment.payload),
        "deployer": snapshots.login(deployment.creator),
        "creator_type": deployment.creator.type if deployment.creator else None,
        "service": None,
        "url": deployment.url,
        "production": deployment.production_environment,
        "transient": deployment.transient_environment,
        "created_at": stamp(deployment.created_at),
    }


def _purpose(payload: object) -> str | None:
    """What the pipeline's own payload says it is for; GitHub gives it as an object, or as the text that was posted."""
    if isinstance(payload, str) and payload.startswith("{") and len(payload) <= _LONGEST_PAYLOAD:
        try:
            payload = parse(payload.encode("utf-8", "replace"))
        except ValueError:
            return None
    if not isinstance(payload, Mapping):
        return None
    said = payload.get("purpose")
    if isinstance(said, str) and said.casefold() in _PURPOSES:
        return said.casefold()
    return next((purpose for purpose in _PURPOSES if payload.get(purpose) is True), None)


def _name(deployment: Deployment) -> str:
    return f"deployment:github/{deployment.id}"


def _scene(delivery: Delivered) -> Scene:
    return Scene(delivery.repository.full_name, snapshots.login(delivery.sender))
