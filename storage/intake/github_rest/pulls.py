"""Which events does a pull request amount to that was read by REST?"""

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from storage.intake.bodies import fit
from storage.intake.github import changes, snapshots
from storage.intake.github import reviews as said
from storage.intake.github.commits import facts
from storage.intake.github.shapes import Pull, Shape
from storage.intake.github_rest import items
from storage.intake.github_rest.items import Dated, Item, Json, Snapshot, Step
from storage.intake.github_rest.steps import Activity, first_head, pushes_of, steps_of
from storage.intake.making import Scene, event, stamp
from storage.records import Event

_NOT_YET: Snapshot = {
    "state": "open",
    "merged": False,
    "merged_at": None,
    "merge_sha": None,
    "merged_by": None,
    "closed_at": None,
    "labels": [],
    "assignees": [],
    "asked": [],
    "asked_teams": [],
    "milestone": None,
    "milestone_number": None,
}
_ONLY_NOW = (
    "mergeable",
    "mergeable_state",
    "auto_merge",
    "added",
    "deleted",
    "files",
    "commits",
    "base_sha",
    "head_sha",
)


class CommitBody(Shape, frozen=True):
    """What git holds of a commit."""

    message: str
    author: Dated = Dated()
    committer: Dated = Dated()


class Known(Shape, frozen=True):
    """The account that an address is of; an empty object where GitHub knows none."""

    login: str | None = None


class RestCommit(Shape, frozen=True):
    """A commit as the API lists it."""

    sha: str
    commit: CommitBody
    author: Known | None = None

    def signed(self) -> Dated:
        """Who wrote it, with the account that GitHub knows the address to be of, as a push says it."""
        by = self.commit.author
        return replace(by, username=self.author.login) if self.author and self.author.login else by


def pull_events(  # noqa: PLR0913 - the API tells of one pull request in this many answers
    repository: str,
    pull: Json,
    *,
    timeline: Sequence[Json] = (),
    reviews: Sequence[Json] = (),
    review_comments: Sequence[Json] = (),
    comments: Sequence[Json] = (),
    commits: Sequence[Json] = (),
    pushes: Sequence[Json] = (),
) -> list[Event]:
    """The events of one pull request, from its own answer and those about it. Raises ``Misfit``.

    ``pushes`` is the activity of its head branch; without it, or when it is a fork's, see ``pushes_of``.
    """
    whole = fit(pull, Pull)
    entries = items.timeline(timeline)
    moves = [fit(move, Activity) for move in pushes]
    pushed = list(pushes_of(repository, entries, moves, whole))
    steps = [*steps_of(entries, whole), *pushed]
    start = _start(repository, whole, entries, steps)
    head, known = first_head(entries, pushed, whole)
    at_first = {"head_sha": head} if head else {}
    number = whole.number
    opened = Scene(repository, snapshots.login(whole.user))
    created = changes.verb_event(
        opened, number, "created", whole.created_at, {"snapshot": start | at_first, "action": "opened"}
    )
    passed = (
        _event(repository, number, step, snapshot)
        for step, snapshot in items.walk(start | (at_first if known else {}), steps)
    )
    return [
        created,
        *(one for one in passed if one is not None),
        *_said(repository, number, entries, (*items.told(timeline, "reviewed"), *reviews)),
        *_comments(repository, number, (*items.told(timeline, "commented"), *comments), review_comments),
        *_commits(repository, whole, entries, [fit(commit, RestCommit) for commit in commits]),
        changes.change_event(Scene(repository), whole, "updated"),
    ]


def _event(repository: str, number: int, step: Step, snapshot: Snapshot) -> Event | None:
    if not step.verb:
        return None
    data = {"snapshot": snapshot, **step.delta}
    return changes.verb_event(items.scene(repository, step), number, step.verb, step.at, data)


def _start(repository: str, pull: Pull, entries: Sequence[Item], steps: Sequence[Step]) -> Snapshot:
    now = {**snapshots.of_pull(pull, repository), **_NOT_YET}
    for key in _ONLY_NOW:
        now.pop(key, None)
    turned = next((step.verb for step in steps if step.verb in {"readied", "drafted"}), None)
    if turned:
        now["draft"] = turned == "readied"
    return {
        **now,
        "title": items.first_title(entries, pull.title),
        "updated_at": stamp(pull.created_at),
    }


def _said(repository: str, number: int, entries: Sequence[Item], answers: Sequence[Json]) -> Iterator[Event]:
    reviews = items.reviews(answers)
    undone = {i.dismissed_review.review_id: i for i in entries if i.dismissed_review and i.created_at}
    for review in reviews.values():
        end = undone.get(review.id)
        state = end.dismissed_review.state if end and end.dismissed_review else None
        said_then = said.reviewed(Scene(repository), number, review, state)
        if said_then is not None:
            yield said_then
        if end is not None and end.created_at is not None:
            by = Scene(repository, snapshots.login(end.actor))
            yield said.dismissed(by, number, review, end.created_at, state)


def _comments(repository: str, number: int, talk: Iterable[Json], remarks: Iterable[Json]) -> Iterator[Event]:
    where = Scene(repository)
    for comment in items.comments(talk):
        yield said.commented(where, number, comment, review=False)
        yield from items.proofs_of(comment)
    for comment in items.comments(remarks):
        yield said.commented(where, number, comment, review=True)


def _commits(repository: str, pull: Pull, entries: Iterable[Item], listed_ones: Sequence[RestCommit]) -> list[Event]:
    found = {
        item.sha: (item.message, item.author or Dated(), item.committer or Dated())
        for item in entries
        if item.event == "committed" and item.sha and item.message is not None
    }
    found |= {one.sha: (one.commit.message, one.signed(), one.commit.committer) for one in listed_ones}
    if not found:
        return []
    data = {"commits": [facts(repository, sha, text, by, by.date) for sha, (text, by, _) in found.items()]}
    dates = [by.date for _, _, by in found.values() if by.date] or [pull.created_at]
    at = min(max(dates), pull.updated_at)
    return [
        event(Scene(repository), changes.subject(repository, pull.number), "change.commits", at, pull.head.sha, data)
    ]
