"""Which events does an answer of GitHub's REST API amount to?

Pure, and the same events with the same identities as the webhooks make, so that a backfill ends in the same state. An
answer is kept as a delivery of the source ``github_rest``, whose body is ``{"kind", "repository", ...its parts}``.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from storage.intake.bodies import Misfit, Reader
from storage.intake.github.shapes import RepositoryName
from storage.intake.github_rest.listings import (
    activity_events,
    check_run_events,
    deployment_events,
    landed_events,
    release_events,
    status_events,
)
from storage.intake.github_rest.pulls import pull_events
from storage.intake.github_rest.tickets import issue_events, milestone_events
from storage.records import Event, Ignored, UnknownEvent

__all__ = [
    "activity_events",
    "check_run_events",
    "deployment_events",
    "issue_events",
    "landed_events",
    "milestone_events",
    "pull_events",
    "read",
    "release_events",
    "status_events",
]

_Objects = list[dict[str, Any]]


class Answer(Struct, frozen=True):
    """What was read of one object, or of one list (``items``)."""

    kind: str
    repository: RepositoryName
    default_branch: str | None = None
    branch: str = ""
    sha: str = ""
    object: dict[str, Any] = {}
    items: _Objects = []
    timeline: _Objects = []
    reviews: _Objects = []
    review_comments: _Objects = []
    comments: _Objects = []
    commits: _Objects = []
    pushes: _Objects = []


_reader = Reader(Answer)


def read(_headers: Mapping[str, str], body: bytes) -> tuple[Event, ...] | Ignored | UnknownEvent:
    """Read one kept answer. Raises ``Malformed`` when it is no JSON object."""
    try:
        answer = _reader.read(body)
        return tuple(_events(answer))
    except Misfit as error:
        return UnknownEvent(f"answer of the REST API: {error}")


def _events(answer: Answer) -> list[Event]:  # noqa: PLR0911 - one line a kind
    name = answer.repository
    match answer.kind:
        case "pull":
            return pull_events(
                name,
                answer.object,
                timeline=answer.timeline,
                reviews=answer.reviews,
                review_comments=answer.review_comments,
                comments=answer.comments,
                commits=answer.commits,
                pushes=answer.pushes,
            )
        case "issue":
            return issue_events(name, answer.object, timeline=answer.timeline, comments=answer.comments)
        case "milestone":
            return milestone_events(name, answer.object)
        case "release":
            return release_events(name, answer.object)
        case "deployment":
            return deployment_events(name, answer.object, answer.items)
        case "check_runs":
            return check_run_events(name, answer.items)
        case "statuses":
            return status_events(name, answer.sha, answer.items)
        case "activity":
            return activity_events(name, answer.default_branch, answer.items)
        case "commits":
            return landed_events(name, answer.branch, answer.items, default=answer.branch == answer.default_branch)
        case _:
            message = f"a kind of answer that is not known: {answer.kind[:50]}"
            raise Misfit(message)
