"""What was said of a change: reviews, remarks on its lines, threads settled?

Each of these deliveries carries the pull request as well: a change whose opening was missed becomes known by them.
"""

from datetime import datetime

from msgspec import UNSET, UnsetType

from storage.intake.bodies import Misfit
from storage.intake.directives import directives
from storage.intake.github import snapshots
from storage.intake.github.changes import change_event, subject
from storage.intake.github.shapes import Comment, Delivered, Pull, Review, Shape, Time
from storage.intake.making import Scene, event, stamp
from storage.records import Event, Ignored

_STATES = {"approved", "changes_requested", "commented"}


class PullRequestReview(Delivered, frozen=True, kw_only=True):
    """A ``pull_request_review`` delivery."""

    action: str
    pull_request: Pull
    review: Review


class PullRequestReviewComment(Delivered, frozen=True, kw_only=True):
    """A ``pull_request_review_comment`` delivery."""

    action: str
    pull_request: Pull
    comment: Comment


class Thread(Shape, frozen=True):
    """A thread of remarks on one place of a diff."""

    node_id: str


class PullRequestReviewThread(Delivered, frozen=True, kw_only=True):
    """A ``pull_request_review_thread`` delivery."""

    action: str
    pull_request: Pull
    thread: Thread
    updated_at: Time | UnsetType | None = UNSET


def read_review(delivery: PullRequestReview) -> list[Event] | Ignored:
    """A review submitted or dismissed."""
    scene, pull, review = _scene(delivery), delivery.pull_request, delivery.review
    known = change_event(scene, pull, "updated")
    if delivery.action in {"submitted", "edited"}:
        said = reviewed(scene, pull.number, review)
        return [known] if said is None else [said, known]
    if delivery.action == "dismissed":
        return [dismissed(scene, pull.number, review, pull.updated_at, None), known]
    message = f"an action of pull_request_review that is not known: {delivery.action[:50]}"
    raise Misfit(message)


def read_comment(delivery: PullRequestReviewComment) -> list[Event] | Ignored:
    """A remark on a line."""
    if delivery.action == "deleted":
        return Ignored("a remark that was taken back was still made")
    if delivery.action not in {"created", "edited"}:
        message = f"an action of pull_request_review_comment that is not known: {delivery.action[:50]}"
        raise Misfit(message)
    scene, pull = _scene(delivery), delivery.pull_request
    return [commented(scene, pull.number, delivery.comment, review=True), change_event(scene, pull, "updated")]


def read_thread(delivery: PullRequestReviewThread) -> list[Event] | Ignored:
    """A thread settled, or opened again."""
    if delivery.action not in {"resolved", "unresolved"}:
        message = f"an action of pull_request_review_thread that is not known: {delivery.action[:50]}"
        raise Misfit(message)
    scene, pull, thread = _scene(delivery), delivery.pull_request, delivery.thread.node_id
    at = pull.updated_at if delivery.updated_at is UNSET else delivery.updated_at or pull.updated_at
    name, kind = subject(scene.repository, pull.number), f"change.thread_{delivery.action}"
    settled = event(scene, name, kind, at, f"{thread}|{stamp(at)}", {"thread": thread, "by": scene.actor})
    return [settled, change_event(scene, pull, "updated")]


def reviewed(scene: Scene, number: int, review: Review, state: str | None = None) -> Event | None:
    """A submitted review; None for one that is pending, or whose words are not known any more.

    ``state`` is what it said before it was dismissed, where that is told elsewhere.
    """
    said = state or review.state.lower()
    if review.submitted_at is None or said not in _STATES:
        return None
    data = {
        "id": review.id,
        "reviewer": snapshots.login(review.user),
        "reviewer_type": review.user.type if review.user else None,
        "association": review.author_association,
        "state": said,
        "url": review.html_url,
        "sha": review.commit_id,
    }
    by = Scene(scene.repository, snapshots.login(review.user))
    return event(by, subject(scene.repository, number), "change.reviewed", review.submitted_at, str(review.id), data)


def dismissed(scene: Scene, number: int, review: Review, at: datetime, state: str | None) -> Event:
    """A review that counts no more; ``state`` is what it had said, where that is told."""
    data = {
        "id": review.id,
        "reviewer": snapshots.login(review.user),
        "reviewer_type": review.user.type if review.user else None,
        "state": state,
        "url": review.html_url,
    }
    return event(scene, subject(scene.repository, number), "change.review_dismissed", at, str(review.id), data)


def commented(scene: Scene, number: int, comment: Comment, *, review: bool) -> Event:
    """A comment on a change, in its conversation or (``review``) on a line."""
    key = f"{'review_comment' if review else 'comment'}/{comment.id}"
    found = directives(comment.body, scene.repository, comment.author_association)
    data = {
        "id": key,
        "author": snapshots.login(comment.user),
        "author_type": comment.user.type if comment.user else None,
        "association": comment.author_association,
        "review": review,
        "url": comment.html_url,
        "depends_on": list(found.depends_on),
        "root_causes": list(found.root_causes),
    }
    by = Scene(scene.repository, snapshots.login(comment.user))
    return event(by, subject(scene.repository, number), "change.commented", comment.created_at, key, data)


def _scene(delivery: Delivered) -> Scene:
    return Scene(delivery.repository.full_name, snapshots.login(delivery.sender))
