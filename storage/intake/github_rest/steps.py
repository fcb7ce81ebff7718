"""Which steps led a pull request from its opening to where it stands?"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from storage.intake.github import snapshots
from storage.intake.github.shapes import Pull, Shape, Time, User
from storage.intake.github_rest import items
from storage.intake.github_rest.items import Item, Snapshot, Step, listed, put
from storage.intake.making import account, stamp

_SIMPLE: dict[str, tuple[str, Snapshot]] = {
    "ready_for_review": ("readied", {"draft": False}),
    "convert_to_draft": ("drafted", {"draft": True}),
    "reopened": ("reopened", {"state": "open", "closed_at": None}),
    "added_to_merge_queue": ("queued", {}),
    "removed_from_merge_queue": ("dequeued", {}),
}


class Activity(Shape, frozen=True):
    """One movement of a branch as ``/repos/{o}/{r}/activity`` lists it."""

    before: str
    after: str
    ref: str
    timestamp: Time
    activity_type: str
    actor: User | None = None


def steps_of(entries: Iterable[Item], pull: Pull) -> Iterator[Step]:
    """The steps that the timeline tells, and the end that the pull request itself tells."""
    for item in _ended(entries, pull):
        step = items.common_step(item) or _asked(item) or _turned(item, pull)
        if step is not None:
            yield step


def _ended(entries: Iterable[Item], pull: Pull) -> list[Item]:
    found = list(entries)
    end = "merged" if pull.merged_at else "closed"
    if pull.closed_at and all(item.event != end for item in found):
        by = pull.merged_by if isinstance(pull.merged_by, User) else None
        found.append(Item(end, pull.merged_at or pull.closed_at, actor=by))
    return found


def _asked(item: Item) -> Step | None:
    by = snapshots.login(item.actor)
    if item.event == "reviewed" and item.submitted_at and item.user:
        who = account(item.user.login)
        return Step(item.submitted_at, who, "", {}, listed("asked", who, added=False))
    if item.created_at is None or item.event not in {"review_requested", "review_request_removed"}:
        return None
    added = item.event == "review_requested"
    if item.requested_reviewer:
        who = account(item.requested_reviewer.login)
        return Step(item.created_at, by, item.event, {"target": who}, listed("asked", who, added=added))
    if item.requested_team:
        team = item.requested_team.slug
        return Step(
            item.created_at, by, item.event, {"target": f"team/{team}"}, listed("asked_teams", team, added=added)
        )
    return None


def _turned(item: Item, pull: Pull) -> Step | None:
    at, by = item.created_at, snapshots.login(item.actor)
    if at is None:
        return None
    if item.event in _SIMPLE:
        verb, values = _SIMPLE[item.event]
        return Step(at, by, verb, {}, put(**values))
    if item.event == "merged" and pull.merged_at:
        merged: dict[str, Any] = {
            "state": "closed",
            "merged": True,
            "merged_at": stamp(pull.merged_at),
            "merge_sha": pull.merge_commit_sha,
            "merged_by": by,
            "closed_at": stamp(pull.closed_at),
        }
        return Step(pull.merged_at, by, "merged", {}, put(**merged))
    if item.event == "closed" and not (pull.merged_at and at >= pull.merged_at):
        return Step(at, by, "abandoned", {}, put(state="closed", closed_at=stamp(at)))
    return None


def pushes_of(repository: str, entries: Sequence[Item], moves: Sequence[Activity], pull: Pull) -> Iterator[Step]:
    """The pushes since the opening, by the activity of the branch; those of a fork, by the dates of their commits.

    Without its activity a branch of our own gives none here: its pushes are events of the branch, read elsewhere.
    """
    ref = f"refs/heads/{pull.head.ref}"
    for move in moves:
        if move.ref == ref and move.activity_type in {"push", "force_push"} and move.timestamp > pull.created_at:
            delta = {"sha": move.after, "before": move.before}
            yield Step(move.timestamp, snapshots.login(move.actor), "pushed", delta, put(head_sha=move.after))
    ours = pull.head.repo is not None and pull.head.repo.full_name.casefold() == repository.casefold()
    if not moves and not ours:
        yield from _by_commits(entries, pull)


def first_head(entries: Sequence[Item], pushes: Sequence[Step], pull: Pull) -> tuple[str | None, bool]:
    """The head at the opening, None where nothing tells it, and whether the steps tell every head after it."""
    dated = [(item.committer.date, item.sha) for item in entries if item.committer and item.committer.date]
    early = [sha for at, sha in dated if at <= pull.created_at]
    guess = early[-1] if early else None
    if pushes:
        return min(pushes, key=lambda step: step.at).delta.get("before") or guess, True
    pushed = len(early) < len(dated) or any(item.event == "head_ref_force_pushed" for item in entries)
    return (guess, False) if pushed else (pull.head.sha, True)


def _by_commits(entries: Sequence[Item], pull: Pull) -> Iterator[Step]:
    for place, item in enumerate(entries):
        if item.event == "head_ref_force_pushed" and item.created_at and item.commit_id:
            sha, at = item.commit_id, item.created_at
        elif item.event == "committed" and item.sha and item.committer and item.committer.date:
            sha, at = item.sha, item.committer.date
            if at <= pull.created_at or (place + 1 < len(entries) and entries[place + 1].event == "committed"):
                continue
        else:
            continue
        yield Step(at, snapshots.login(item.actor), "pushed", {"sha": sha, "before": None}, put(head_sha=sha))
