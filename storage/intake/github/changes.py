"""What happened to a pull request?"""

from datetime import datetime
from typing import Any

from msgspec import UNSET, UnsetType

from storage.intake.bodies import Misfit
from storage.intake.github import snapshots
from storage.intake.github.shapes import Delivered, Label, Milestone, Number, Pull, Team, User
from storage.intake.making import Scene, account, event, stamp
from storage.records import Event, Ignored

_KINDS = {
    "opened": "created",
    "closed": "abandoned",
    "reopened": "reopened",
    "converted_to_draft": "drafted",
    "ready_for_review": "readied",
    "synchronize": "pushed",
    "review_requested": "review_requested",
    "review_request_removed": "review_request_removed",
    "labeled": "labeled",
    "unlabeled": "unlabeled",
    "assigned": "assigned",
    "unassigned": "unassigned",
    "milestoned": "milestoned",
    "demilestoned": "demilestoned",
    "edited": "edited",
    "enqueued": "queued",
    "dequeued": "dequeued",
    "auto_merge_enabled": "updated",
    "auto_merge_disabled": "updated",
    "locked": "updated",
    "unlocked": "updated",
}
TARGETED = frozenset({
    "review_requested", "review_request_removed", "labeled", "unlabeled", "assigned", "unassigned", "milestoned",
    "demilestoned",
})  # fmt: skip


class PullRequest(Delivered, frozen=True, kw_only=True):
    """A ``pull_request`` delivery."""

    action: str
    pull_request: Pull
    number: Number | None = None
    label: Label | None = None
    assignee: User | None = None
    milestone: Milestone | None = None
    requested_reviewer: User | None = None
    requested_team: Team | None = None
    changes: dict[str, Any] | None = None
    before: str | None = None
    after: str | None = None
    reason: str | None = None


def read(delivery: PullRequest) -> list[Event] | Ignored:
    """One event of the action's kind, with the pull request as it stood."""
    verb = _KINDS.get(delivery.action)
    if verb is None:
        message = f"an action of pull_request that is not known: {delivery.action[:50]}"
        raise Misfit(message)
    pull = delivery.pull_request
    scene = Scene(delivery.repository.full_name, snapshots.login(delivery.sender))
    if verb == "abandoned" and pull.merged_at:
        verb = "merged"
    return [change_event(scene, pull, verb, _delta(delivery, verb), action=delivery.action)]


def change_event(
    scene: Scene, pull: Pull, verb: str, delta: dict[str, Any] | None = None, *, action: str | None = None
) -> Event:
    """An event of a pull request as its payload shows it."""
    snapshot = snapshots.of_pull(pull, scene.repository)
    delta = delta or {}
    data = {"snapshot": snapshot, **({"action": action} if action else {}), **delta}
    return verb_event(scene, pull.number, verb, _at(pull, verb), data)


def verb_event(scene: Scene, number: int, verb: str, at: datetime, data: dict[str, Any]) -> Event:
    """An event of a pull request, named by its time and by whom or what it was done to."""
    key = str(stamp(at))
    if verb == "pushed":
        key = f"{data.get('before') or ''}..{data['sha']}"
    elif verb in TARGETED:
        key = f"{key}|{data['target']}"
    return event(scene, subject(scene.repository, number), f"change.{verb}", at, key, data)


def subject(repository: str, number: int) -> str:
    """Name a pull request."""
    return f"change:{repository}#{number}"


def target(label: Label | None, user: User | None, team: Team | None, milestone: Milestone | None) -> str | None:
    """To whom or what an action was done: a label, an account, a team, a milestone; None where it does not say."""
    if label:
        return label.name
    if user:
        return account(user.login)
    if team:
        return f"team/{team.slug}"
    return milestone.title if milestone else None


def _at(pull: Pull, verb: str) -> datetime:
    if verb == "created":
        return pull.created_at
    if verb == "merged":
        return pull.merged_at or pull.updated_at
    return (pull.closed_at if verb == "abandoned" else None) or pull.updated_at


def _delta(delivery: PullRequest, verb: str) -> dict[str, Any]:
    if verb == "pushed":
        return {"sha": delivery.after or delivery.pull_request.head.sha, "before": delivery.before}
    if verb == "edited":
        return {"changed": sorted(delivery.changes or {})}
    if verb == "dequeued":
        return {"why": delivery.reason}
    if verb not in TARGETED:
        return {}
    user = delivery.requested_reviewer if verb.startswith("review_request") else delivery.assignee
    milestone = delivery.milestone or _carried(delivery.pull_request.milestone)
    return {"target": target(delivery.label, user, delivery.requested_team, milestone)}


def _carried(milestone: Milestone | UnsetType | None) -> Milestone | None:
    return None if milestone is UNSET else milestone
