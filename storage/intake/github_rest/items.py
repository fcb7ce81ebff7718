"""What does GitHub's REST API tell of the past of a change or a ticket, and how is it replayed?

The API shows an object as it is now, and its timeline. The webhooks showed it at every step: so the object is taken
back to its opening and led forward along its timeline, which gives the events that the webhooks would have given.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.intake.bodies import fit
from storage.intake.github import snapshots
from storage.intake.github.commits import Signature
from storage.intake.github.shapes import Comment, Id, Label, Review, Shape, Team, Time, User
from storage.intake.github.tickets import proofs
from storage.intake.making import Scene, account, stamp
from storage.records import Event

Snapshot = dict[str, Any]
Json = Mapping[str, Any]


class Dated(Signature, frozen=True):
    """Who git says wrote a commit, and when."""

    date: Time | None = None


class Titled(Shape, frozen=True):
    """A milestone as the timeline names it."""

    title: str


class Dismissal(Shape, frozen=True):
    """What a dismissed review had said."""

    review_id: Id
    state: str | None = None


class Item(Shape, frozen=True):
    """One entry of a timeline: a field is there when its kind of entry has it."""

    event: str
    created_at: Time | None = None
    submitted_at: Time | None = None
    actor: User | None = None
    user: User | None = None
    label: Label | None = None
    assignee: User | None = None
    milestone: Titled | None = None
    rename: dict[str, str] | None = None
    requested_reviewer: User | None = None
    requested_team: Team | None = None
    commit_id: str | None = None
    state_reason: str | None = None
    dismissed_review: Dismissal | None = None
    sha: str | None = None
    message: str | None = None
    author: Dated | None = None
    committer: Dated | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an object's life: what was done (the verb of its event), with what, and what it changed."""

    at: datetime
    actor: str | None
    verb: str
    delta: Json
    changed: Callable[[Snapshot], Json]


def timeline(entries: Iterable[Json]) -> list[Item]:
    """Read a timeline."""
    return [fit(entry, Item) for entry in entries]


def told(entries: Sequence[Json], kind: str) -> list[Json]:
    """The entries of a timeline that are objects of their own: its comments, its reviews."""
    return [entry for entry in entries if entry.get("event") == kind]


def comments(entries: Iterable[Json]) -> list[Comment]:
    """Read comments, each once."""
    read = [fit(entry, Comment) for entry in entries]
    return list({comment.id: comment for comment in read}.values())


def reviews(entries: Iterable[Json]) -> dict[int, Review]:
    """Read reviews by their id."""
    read = [fit(entry, Review) for entry in entries]
    return {review.id: review for review in read}


def walk(start: Snapshot, steps: Iterable[Step]) -> list[tuple[Step, Snapshot]]:
    """Lead a snapshot along its steps in the order of time: each step beside the snapshot after it."""
    passed, now = [], start
    for step in sorted(steps, key=lambda step: step.at):
        now = {**now, **step.changed(now), "updated_at": stamp(step.at)}
        passed.append((step, now))
    return passed


def common_step(item: Item) -> Step | None:
    """The steps that a change and a ticket share: labels, milestone, title, assignees, being reopened."""
    if item.created_at is None:
        return None
    by = snapshots.login(item.actor)
    if item.label and item.event in {"labeled", "unlabeled"}:
        name = item.label.name
        return Step(
            item.created_at, by, item.event, {"target": name}, listed("labels", name, added=item.event == "labeled")
        )
    if item.assignee and item.event in {"assigned", "unassigned"}:
        who = account(item.assignee.login)
        return Step(
            item.created_at, by, item.event, {"target": who}, listed("assignees", who, added=item.event == "assigned")
        )
    if item.milestone and item.event in {"milestoned", "demilestoned"}:
        title = item.milestone.title if item.event == "milestoned" else None
        return Step(item.created_at, by, item.event, {"target": item.milestone.title}, put(milestone=title))
    if item.rename and item.event == "renamed":
        return Step(item.created_at, by, "edited", {"changed": ["title"]}, put(title=item.rename.get("to")))
    return None


def first_title(items: Sequence[Item], last: str) -> str:
    """The title at the opening: the one before the first renaming."""
    return next((item.rename.get("from", last) for item in items if item.rename), last)


def scene(repository: str, step: Step) -> Scene:
    """Where a step happened and who took it."""
    return Scene(repository, step.actor)


def listed(key: str, value: str, *, added: bool) -> Callable[[Snapshot], Json]:
    """A step that puts a value on a list or takes it off."""

    def changed(now: Snapshot) -> Json:
        others = [one for one in now.get(key, []) if one != value]
        return {key: [*others, value] if added else others}

    return changed


def put(**values: Any) -> Callable[[Snapshot], Json]:  # noqa: ANN401 - any JSON values
    """A step that sets values."""
    return lambda _now: values


def proofs_of(comment: Comment) -> list[Event]:
    """What a comment proves of its writer's account; nothing when it was edited, as others may have done that."""
    untouched = comment.updated_at is None or comment.updated_at == comment.created_at
    return proofs(comment) if untouched else []
