"""What does a pipeline tell by ``lastmile deployed SERVICE SHA ENVIRONMENT`` or its HTTP twin?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta

from storage.intake.bodies import Misfit, Reader
from storage.intake.github.shapes import Name, Shape, Time
from storage.intake.making import Scene, event, stamp
from storage.records import Event, Ignored, UnknownEvent

_STATES = frozenset({"pending", "running", "succeeded", "failed", "inactive"})


class Deployed(Shape, frozen=True):
    """The body: which commit of which service reached which environment.

    ``at`` is an ISO time, filled in by whoever takes the body when it is absent; ``id`` the pipeline's own name for
    this deployment, by which its later states are known as the same; ``exposure`` the part of customers that get it;
    ``purpose`` is said of one that mends: it takes back what an earlier one brought, or puts it right.
    """

    service: Name
    sha: Annotated[str, Meta(pattern=r"^[0-9A-Za-z._-]{1,100}$")]
    environment: Name
    at: Time | None = None
    id: Annotated[str, Meta(max_length=200)] | int | None = None
    url: Annotated[str, Meta(max_length=2000)] | None = None
    state: str = "succeeded"
    exposure: Annotated[float, Meta(ge=0, le=1)] | None = None
    by: Name | None = None
    purpose: Literal["rollback", "hotfix"] | None = None


_reader = Reader(Deployed)


def read(_headers: Mapping[str, str], body: bytes) -> tuple[Event, ...] | Ignored | UnknownEvent:
    """Read one body. Raises ``Malformed`` when it is no JSON object."""
    try:
        told = _reader.read(body)
    except Misfit as error:
        return UnknownEvent(f"deployed: {error}")
    if told.state not in _STATES:
        return UnknownEvent(f"deployed: no state of a deployment: {told.state[:50]}")
    return (_event(told, told.at),)


def _event(told: Deployed, at: datetime | None) -> Event:
    name = str(told.id) if told.id is not None else stamp(at) or "-"
    sha = told.sha.lower()
    data: dict[str, Any] = {
        "service": told.service,
        "sha": sha,
        "environment": told.environment,
        "state": told.state,
        "exposure": told.exposure,
        "url": told.url,
        "id": None if told.id is None else str(told.id),
        "deployer": told.by,
        "purpose": told.purpose,
    }
    subject = f"deployment:lastmile/{told.service}/{sha}/{told.environment}/{name}"
    key = f"{name}|{told.state}|{told.exposure}"
    return event(Scene("", told.by), subject, "service.deployed", at, key, data, source="lastmile")
