"""What do GitHub's objects look like, as far as we read them?

Required is only what GitHub always sends and nothing works without; everything else may be absent, which is not the
same as empty. The webhooks and the REST API send the same objects, some of them shortened.
"""

from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

Time = Annotated[datetime, Meta(tz=True)]
Number = Annotated[int, Meta(ge=1, le=2**53)]
Id = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Name = Annotated[str, Meta(min_length=1, max_length=255)]
RepositoryName = Annotated[str, Meta(pattern=r"^[^\s/]+/[^\s/]+$", max_length=200)]
Sha = Annotated[str, Meta(min_length=1, max_length=64)]


class Shape(Struct, frozen=True, gc=False):
    """One object of GitHub's."""


class User(Shape, frozen=True):
    """An account; deleted ones are null where they stood."""

    login: Name
    id: int = 0
    type: str = "User"


class Team(Shape, frozen=True):
    """A team that is asked for a review."""

    slug: Name


class Label(Shape, frozen=True):
    """A label."""

    name: str


class Milestone(Shape, frozen=True):
    """A milestone, whole or as an item carries it."""

    number: Number
    title: str
    html_url: str | None = None
    state: str = "open"
    due_on: Time | None = None
    created_at: Time | None = None
    updated_at: Time | None = None
    closed_at: Time | None = None


class Repository(Shape, frozen=True):
    """A repository; ``pushed_at`` is seconds in pushes and a text elsewhere."""

    full_name: RepositoryName
    default_branch: str | None = None
    pushed_at: int | str | None = None


class Tip(Shape, frozen=True):
    """One end of a pull request; its repository is null when a fork was deleted."""

    ref: Name
    sha: Sha
    repo: Repository | None = None


class Pull(Shape, frozen=True):
    """A pull request, whole or as a review carries it."""

    number: Number
    title: str
    state: str
    user: User | None
    created_at: Time
    updated_at: Time
    head: Tip
    base: Tip
    html_url: str | None = None
    body: str | None = None
    author_association: str | None = None
    closed_at: Time | None = None
    merged_at: Time | None = None
    merge_commit_sha: str | None = None
    draft: bool | UnsetType = UNSET
    merged_by: User | UnsetType | None = UNSET
    labels: list[Label] | UnsetType = UNSET
    milestone: Milestone | UnsetType | None = UNSET
    assignees: list[User] | UnsetType = UNSET
    requested_reviewers: list[User] | UnsetType = UNSET
    requested_teams: list[Team] | UnsetType = UNSET
    mergeable: bool | UnsetType | None = UNSET
    mergeable_state: str | UnsetType | None = UNSET
    auto_merge: dict[str, Any] | UnsetType | None = UNSET
    additions: int | UnsetType = UNSET
    deletions: int | UnsetType = UNSET
    changed_files: int | UnsetType = UNSET
    commits: int | UnsetType = UNSET


class IssueType(Shape, frozen=True):
    """The type an organisation gave an issue: Bug, Feature, Task."""

    name: str | None = None


class Issue(Shape, frozen=True):
    """An issue; one with ``pull_request`` is a pull request in another dress."""

    number: Number
    title: str
    user: User | None
    created_at: Time
    updated_at: Time
    state: str | UnsetType = UNSET
    html_url: str | None = None
    body: str | None = None
    author_association: str | None = None
    closed_at: Time | None = None
    state_reason: str | None = None
    labels: list[Label] | UnsetType = UNSET
    milestone: Milestone | UnsetType | None = UNSET
    assignees: list[User] | UnsetType = UNSET
    type: IssueType | UnsetType | None = UNSET
    pull_request: dict[str, Any] | None = None


class Comment(Shape, frozen=True):
    """A comment in a conversation or on a line of a diff."""

    id: Id
    user: User | None
    created_at: Time
    updated_at: Time | None = None
    html_url: str | None = None
    body: str | None = None
    author_association: str | None = None


class Review(Shape, frozen=True):
    """A review; a pending one has not been submitted."""

    id: Id
    user: User | None
    state: str
    submitted_at: Time | None = None
    html_url: str | None = None
    commit_id: str | None = None
    author_association: str | None = None


class Delivered(Shape, frozen=True):
    """What every delivery of a repository carries."""

    repository: Repository
    sender: User | None = None
