"""What do CDEvents look like, as far as we read them?

Required is what the specification (0.5.1) requires and nothing works without; everything else may be absent.
"""

from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType, field

from storage.intake.github.shapes import Shape, Time

Id = Annotated[str, Meta(min_length=1, max_length=1000)]


class Context(Shape, frozen=True):
    """Who says it, when, and of what type; ``version`` is what ``specversion`` was called before 0.5."""

    id: Id
    source: Id
    type: Id
    timestamp: Time | None = None
    specversion: str | None = None
    version: str | None = None


class Subject(Shape, frozen=True):
    """What it is about; its content differs by type."""

    id: Id
    source: str | None = None
    content: dict[str, Any] = field(default_factory=dict)


class CDEvent(Shape, frozen=True, rename="camel"):
    """An event, whole."""

    context: Context
    subject: Subject
    custom_data: Any = None


class Named(Shape, frozen=True):
    """Another thing, by its id where its source calls it so."""

    id: Id
    source: str | None = None


class Service(Shape, frozen=True, rename="camel"):
    """The content of a service that was put somewhere: both are required."""

    environment: Named
    artifact_id: Id


class Packaged(Shape, frozen=True):
    """The content of an artifact that was made."""

    change: Named | None = None


class Incident(Shape, frozen=True, rename="camel"):
    """The content of an incident."""

    description: str | None = None
    environment: Named | None = None
    service: Named | None = None
    artifact_id: str | None = None
    ticket_uri: str | None = field(default=None, name="ticketURI")


class Change(Shape, frozen=True):
    """The content of a change."""

    repository: Named | None = None
    description: str | None = None


class Ticket(Shape, frozen=True):
    """The content of a ticket."""

    uri: str | None = None
    summary: str | None = None
    creator: str | None = None
    assignees: tuple[str, ...] | UnsetType = UNSET
    labels: tuple[str, ...] | UnsetType = UNSET
    resolution: str | None = None
