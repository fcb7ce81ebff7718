"""What happened to an issue or a milestone, and what was said in a conversation?"""

import hashlib
import re
from datetime import datetime
from typing import Any

from storage.intake.bodies import Misfit
from storage.intake.directives import directives
from storage.intake.github import snapshots
from storage.intake.github.changes import TARGETED, target
from storage.intake.github.reviews import commented as change_commented
from storage.intake.github.shapes import Comment, Delivered, Issue, Label, Milestone, Repository, Shape, User
from storage.intake.making import Scene, account, event, stamp
from storage.naming import account_object
from storage.records import Event, Ignored

_KINDS = {
    "opened": "created",
    "closed": "closed",
    "reopened": "reopened",
    "edited": "edited",
    "labeled": "labeled",
    "unlabeled": "unlabeled",
    "assigned": "assigned",
    "unassigned": "unassigned",
    "milestoned": "milestoned",
    "demilestoned": "demilestoned",
    "typed": "updated",
    "untyped": "updated",
    "deleted": "deleted",
    "transferred": "transferred",
}
_IDLE = {"pinned", "unpinned", "locked", "unlocked"}
_MILESTONE_KINDS = {
    "created": "created",
    "edited": "updated",
    "closed": "closed",
    "opened": "opened",
    "deleted": "deleted",
}
_LINK = re.compile(r"(?:^|\s)lastmile-link:\s*([A-Za-z0-9_-]{4,100})(?:\s|$)")


class Moved(Shape, frozen=True):
    """What a delivery says has changed: where a transferred issue went."""

    new_issue: Issue | None = None
    new_repository: Repository | None = None


class Issues(Delivered, frozen=True, kw_only=True):
    """An ``issues`` delivery."""

    action: str
    issue: Issue
    label: Label | None = None
    assignee: User | None = None
    milestone: Milestone | None = None
    changes: Moved | None = None


class IssueComment(Delivered, frozen=True, kw_only=True):
    """An ``issue_comment`` delivery: on an issue, or in a pull request's conversation."""

    action: str
    issue: Issue
    comment: Comment


class Milestoned(Delivered, frozen=True, kw_only=True):
    """A ``milestone`` delivery."""

    action: str
    milestone: Milestone


def read_issue(delivery: Issues) -> list[Event] | Ignored:
    """One event of the action's kind, with the issue as it stood."""
    if delivery.action in _IDLE:
        return Ignored("pinning and locking move nobody")
    verb = _KINDS.get(delivery.action)
    if verb is None:
        message = f"an action of issues that is not known: {delivery.action[:50]}"
        raise Misfit(message)
    scene = Scene(delivery.repository.full_name, snapshots.login(delivery.sender))
    delta: dict[str, Any] = {}
    moved = delivery.changes
    if verb in TARGETED:
        delta["target"] = target(delivery.label, delivery.assignee, None, delivery.milestone)
    elif verb == "transferred" and moved and moved.new_issue and moved.new_repository:
        delta["to"] = subject(moved.new_repository.full_name, moved.new_issue.number)
    return [ticket_event(scene, delivery.issue, verb, delta)]


def read_comment(delivery: IssueComment) -> list[Event] | Ignored:
    """A comment; one that holds the code of ``lastmile-link`` also proves whose account wrote it."""
    if delivery.action == "deleted":
        return Ignored("a comment that was taken back was still made")
    if delivery.action not in {"created", "edited"}:
        message = f"an action of issue_comment that is not known: {delivery.action[:50]}"
        raise Misfit(message)
    scene = Scene(delivery.repository.full_name, snapshots.login(delivery.sender))
    issue, comment = delivery.issue, delivery.comment
    events = [commented(scene, issue, comment)]
    if issue.pull_request is None:
        events.append(ticket_event(scene, issue, "updated"))
    own = delivery.action == "created" and scene.actor == snapshots.login(comment.user)
    return [*events, *(proofs(comment) if own else ())]


def read_milestone(delivery: Milestoned) -> list[Event] | Ignored:
    """One event of the action's kind, with the milestone as it stood."""
    verb = _MILESTONE_KINDS.get(delivery.action)
    if verb is None:
        message = f"an action of milestone that is not known: {delivery.action[:50]}"
        raise Misfit(message)
    return [
        milestone_event(
            Scene(delivery.repository.full_name, snapshots.login(delivery.sender)), delivery.milestone, verb
        )
    ]


def ticket_event(scene: Scene, issue: Issue, verb: str, delta: dict[str, Any] | None = None) -> Event:
    """An event of an issue as its payload shows it."""
    at = issue.updated_at
    if verb == "created":
        at = issue.created_at
    elif verb == "closed":
        at = issue.closed_at or issue.updated_at
    data = {"snapshot": snapshots.of_issue(issue, scene.repository), **(delta or {})}
    return verb_event(scene, issue.number, verb, at, data)


def verb_event(scene: Scene, number: int, verb: str, at: datetime, data: dict[str, Any]) -> Event:
    """An event of an issue, named by its time and by whom or what it was done to."""
    key = f"{stamp(at)}|{data['target']}" if verb in TARGETED else str(stamp(at))
    return event(scene, subject(scene.repository, number), f"ticket.{verb}", at, key, data)


def milestone_event(scene: Scene, milestone: Milestone, verb: str) -> Event:
    """An event of a milestone as its payload shows it."""
    at = milestone.updated_at
    if verb == "created":
        at = milestone.created_at or at
    elif verb == "closed":
        at = milestone.closed_at or at
    name = f"milestone:{scene.repository}#{milestone.number}"
    return event(scene, name, f"milestone.{verb}", at, str(stamp(at)), {"snapshot": snapshots.of_milestone(milestone)})


def commented(scene: Scene, issue: Issue, comment: Comment) -> Event:
    """A comment on an issue, or in the conversation of the pull request that the issue is."""
    if issue.pull_request is not None:
        return change_commented(scene, issue.number, comment, review=False)
    found = directives(comment.body, scene.repository, comment.author_association)
    key = f"comment/{comment.id}"
    data = {
        "id": key,
        "author": snapshots.login(comment.user),
        "author_type": comment.user.type if comment.user else None,
        "association": comment.author_association,
        "url": comment.html_url,
        "depends_on": list(found.depends_on),
        "root_causes": list(found.root_causes),
    }
    by = Scene(scene.repository, snapshots.login(comment.user))
    name = subject(scene.repository, issue.number)
    return event(by, name, "ticket.commented", comment.created_at, key, data)


def proofs(comment: Comment) -> list[Event]:
    """The proof, if the comment holds one, that whoever asked for the code holds the account that wrote it.

    The code itself is not kept, only its SHA-256. Words that were edited in prove nothing: others may edit them.
    """
    found = _LINK.search(comment.body or "")
    if found is None or comment.user is None:
        return []
    code = hashlib.sha256(found[1].encode()).hexdigest()
    who = account(comment.user.login)
    return [event(Scene("", who), account_object(who), "account.proved", comment.created_at, code, {"code_hash": code})]


def subject(repository: str, number: int) -> str:
    """Name an issue."""
    return f"ticket:{repository}#{number}"
