"""What does a delivery of GitHub's say happened?

Every event of GitHub's is read here, or known and ignored with its reason, or unknown: then it is kept and shown.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from storage.intake.bodies import Misfit, Reader, unwrapped
from storage.intake.github import changes, checks, commits, deployments, publications, reviews, tickets
from storage.records import Event, Ignored, UnknownEvent

__all__ = ["HANDLED", "IGNORED", "IGNORED_ACTIONS", "read"]

_Read = Callable[[Any], list[Event] | Ignored]

HANDLED: dict[str, tuple[type[msgspec.Struct], _Read]] = {
    "pull_request": (changes.PullRequest, changes.read),
    "pull_request_review": (reviews.PullRequestReview, reviews.read_review),
    "pull_request_review_comment": (reviews.PullRequestReviewComment, reviews.read_comment),
    "pull_request_review_thread": (reviews.PullRequestReviewThread, reviews.read_thread),
    "issue_comment": (tickets.IssueComment, tickets.read_comment),
    "issues": (tickets.Issues, tickets.read_issue),
    "milestone": (tickets.Milestoned, tickets.read_milestone),
    "push": (commits.Push, commits.read_push),
    "create": (commits.Reference, commits.read_created),
    "delete": (commits.Reference, commits.read_deleted),
    "check_run": (checks.CheckRunDelivery, checks.read_check_run),
    "status": (checks.StatusDelivery, checks.read_status),
    "deployment": (deployments.DeploymentDelivery, deployments.read_deployment),
    "deployment_status": (deployments.DeploymentStatusDelivery, deployments.read_status),
    "release": (publications.ReleaseDelivery, publications.read),
}

IGNORED: dict[str, str] = {
    "ping": "GitHub says hello",
    "label": "a label tells nothing until an item carries it, and the item says so",
    "check_suite": "each of its check runs reports by itself, under the name that a rule may require",
    "workflow_run": "each of its jobs is a check run and reports by itself",
    "workflow_job": "each job is a check run and reports by itself",
    "workflow_dispatch": "the run that it starts reports by itself",
    "merge_group": "a change says itself when it joins or leaves the merge queue",
    "installation": "which repositories count is configured here, not there",
    "installation_repositories": "which repositories count is configured here, not there",
    "installation_target": "which repositories count is configured here, not there",
    "github_app_authorization": "nobody signs in here with GitHub",
    "meta": "a hook that is taken away falls silent, and freshness shows it",
    "member": "who belongs to what is configured here, not there",
    "membership": "who belongs to what is configured here, not there",
    "organization": "who belongs to what is configured here, not there",
    "team": "who belongs to what is configured here, not there",
    "team_add": "who belongs to what is configured here, not there",
    "deployment_review": "the deployment's own status says when it waits and when it goes on",
    "deployment_protection_rule": "the deployment's own status says when it waits and when it goes on",
    "issue_dependencies": "what a ticket waits for is read from its text",
    "sub_issues": "what a ticket is part of is read from its text",
    "repository": "a repository's settings move nothing",
    "public": "who may see what is configured here, not there",
    "fork": "interest is not delivery",
    "star": "interest is not delivery",
    "watch": "interest is not delivery",
    "gollum": "a wiki page ships nothing",
    "commit_comment": "a remark on a commit is no review of a change",
    "discussion": "a discussion is no ticket",
    "discussion_comment": "a discussion is no ticket",
    "branch_protection_rule": "which checks are required is configured here",
    "branch_protection_configuration": "which checks are required is configured here",
    "repository_ruleset": "which checks are required is configured here",
}


_MOVED = (
    "this repository has another name now, and what comes is kept under that: write the new name in the configuration, "
    "run `lastmile forget OLD/NAME`, then `lastmile backfill github NEW/NAME`"
)
# What somebody has to do something about, by event and action.
IGNORED_ACTIONS: dict[tuple[str, str], str] = {
    ("label", "edited"): (
        "a renamed label is known by its old name on each item until that item's next delivery; "
        "where [labels] names it, write both names"
    ),
    ("repository", "renamed"): _MOVED,
    ("repository", "transferred"): _MOVED,
}


class _Any(msgspec.Struct):
    """Any JSON object: of an event that is not read further, only what was done matters."""

    action: Any = None


_any = Reader(_Any)
_readers: dict[str, tuple[Reader[Any], _Read]] = {name: (Reader(shape), by) for name, (shape, by) in HANDLED.items()}


def read(headers: Mapping[str, str], body: bytes) -> tuple[Event, ...] | Ignored | UnknownEvent:
    """Read one delivery. Raises ``Malformed`` when the body is no JSON object; nothing else, whatever was sent."""
    name = _named(headers)
    body = unwrapped(body)
    try:
        if name not in _readers:
            return _other(name, _any.read(body).action)
        reader, by = _readers[name]
        events = by(reader.read(body))
    except Misfit as error:
        return UnknownEvent(f"{name[:50] or 'an event without a name'}: {error}")
    return events if isinstance(events, Ignored) else tuple(events)


def _named(headers: Mapping[str, str]) -> str:
    name = headers.get("X-GitHub-Event")
    if name is None:
        name = next((value for key, value in headers.items() if key.lower() == "x-github-event"), "")
    return name


def _other(name: str, action: object) -> Ignored | UnknownEvent:
    if isinstance(action, str) and (name, action) in IGNORED_ACTIONS:
        return Ignored(IGNORED_ACTIONS[name, action])
    if name in IGNORED:
        return Ignored(IGNORED[name])
    return UnknownEvent(f"an event that is not known: {name[:50]}" if name else "no X-GitHub-Event header")
