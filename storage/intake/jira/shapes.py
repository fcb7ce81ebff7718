"""What do Jira's objects look like, as far as we read them?

Required is only what every delivery has and nothing works without; what is absent was not told, which is not the same
as empty. Jira Cloud names people by ``accountId``, Server and Data Center by ``name`` or ``key``.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType
from msgspec import field as spelt

from storage.intake.bodies import Misfit
from storage.intake.github.shapes import Shape
from storage.intake.making import epoch, utc

SOURCE = "jira"
Id = Annotated[str, Meta(min_length=1, max_length=30)] | Annotated[int, Meta(ge=0, le=2**63 - 1)]
Key = Annotated[str, Meta(min_length=1, max_length=80)]
_PERSON = re.compile(r"[\w.@:+-]{1,128}")
_MILLISECONDS = 1000


class User(Shape, frozen=True, rename="camel"):
    """An account; apps have one too."""

    account_id: str | None = None
    name: str | None = None
    key: str | None = None
    display_name: str | None = None
    account_type: str | None = None


class Named(Shape, frozen=True):
    """Anything that is known by its name: a priority, a type, a resolution."""

    name: str


class Category(Shape, frozen=True):
    """To which of the three groups a status belongs: new, indeterminate (at work) or done."""

    key: str


class Status(Shape, frozen=True, rename="camel"):
    """A status, as a project calls it."""

    name: str
    status_category: Category | None = None


class Reference(Shape, frozen=True):
    """Another issue, as an issue names it."""

    key: Key


class LinkType(Shape, frozen=True, rename="camel"):
    """What a link says of its two ends; links on their own and links in an issue spell the ends differently."""

    name: str | None = None
    inward: str | None = None
    outward: str | None = None
    inward_name: str | None = None
    outward_name: str | None = None


class Link(Shape, frozen=True, rename="camel"):
    """A link as an issue carries it: the other end is what it points to, or what points to it."""

    id: Id
    type: LinkType
    inward_issue: Reference | None = None
    outward_issue: Reference | None = None


class Version(Shape, frozen=True, rename="camel"):
    """A version of a project: what it calls a release."""

    id: Id
    name: Annotated[str, Meta(min_length=1, max_length=255)]
    self: str | None = None
    released: bool = False
    archived: bool = False
    release_date: str | None = None


class Fields(Shape, frozen=True):
    """What an issue holds; comments and links carry only some of it."""

    summary: str | UnsetType | None = UNSET
    status: Status | UnsetType | None = UNSET
    issuetype: Named | UnsetType | None = UNSET
    priority: Named | UnsetType | None = UNSET
    labels: tuple[str, ...] | UnsetType = UNSET
    security: Any = UNSET  # who may see it is more narrow than its project, where it says anything here
    assignee: User | UnsetType | None = UNSET
    reporter: User | UnsetType | None = UNSET
    creator: User | UnsetType | None = UNSET
    created: str | None = None
    updated: str | None = None
    statuscategorychangedate: str | None = None
    resolution: Named | UnsetType | None = UNSET
    resolutiondate: str | None = None
    versions: tuple[Version, ...] | UnsetType = spelt(default=UNSET, name="fixVersions")
    issuelinks: tuple[Link, ...] | UnsetType = UNSET
    parent: Reference | UnsetType | None = UNSET
    epic: Any = spelt(default=UNSET, name="customfield_10014")  # the epic's key, where the epic is no parent yet


_NO_FIELDS = Fields()


class Issue(Shape, frozen=True):
    """An issue, whole or as a comment's delivery shortens it."""

    id: Id
    key: Key
    self: str | None = None
    fields: Fields = _NO_FIELDS


class Item(Shape, frozen=True):
    """One thing that was changed: its field, and what it was and is, by id and as people read it."""

    field: str
    before_id: str | None = spelt(default=None, name="from")
    after_id: str | None = spelt(default=None, name="to")
    before: str | None = spelt(default=None, name="fromString")
    after: str | None = spelt(default=None, name="toString")


class Changelog(Shape, frozen=True):
    """All that one hand changed at once."""

    id: Id | None = None
    items: tuple[Item, ...] = ()


class Comment(Shape, frozen=True, rename="camel"):
    """What somebody wrote under an issue."""

    id: Id
    self: str | None = None
    author: User | None = None
    body: Any = None
    created: str | None = None


class IssueLink(Shape, frozen=True, rename="camel"):
    """A link on its own: it names both ends by Jira's inner numbers only."""

    id: Id
    source_issue_id: Id
    destination_issue_id: Id
    issue_link_type: LinkType


class Delivered(Shape, frozen=True, rename="camel"):
    """What every delivery has; ``timestamp`` is milliseconds since 1970."""

    timestamp: Annotated[int, Meta(ge=0, le=2**53)] | None = None
    user: User | None = None


class OfIssue(Delivered, frozen=True, kw_only=True, rename="camel"):
    """A delivery about an issue, or about a comment on it."""

    issue: Issue
    changelog: Changelog | None = None
    comment: Comment | None = None


class OfLink(Delivered, frozen=True, kw_only=True, rename="camel"):
    """A delivery about a link."""

    issue_link: IssueLink


class OfVersion(Delivered, frozen=True, kw_only=True, rename="camel"):
    """A delivery about a version."""

    version: Version


def account(user: User | None) -> str | None:
    """The account of a user; None for nobody, and for a name that can be none."""
    told = (user.account_id or user.name or user.key) if user else None
    return f"{SOURCE}/{told}" if told and _PERSON.fullmatch(told) else None


def instant(told: str | None) -> datetime | None:
    """Read a time as Jira writes it, ``2026-11-17T10:00:00.000+0000``. Raises Misfit for what is none."""
    if told is None:
        return None
    try:
        at = datetime.fromisoformat(told[:40])
    except ValueError as error:
        message = "a time that can't be read"
        raise Misfit(message) from error
    return utc(at if at.tzinfo else at.replace(tzinfo=UTC))


def moment(delivery: Delivered) -> datetime | None:
    """When a delivery says that it happened."""
    return None if delivery.timestamp is None else epoch(delivery.timestamp / _MILLISECONDS)
