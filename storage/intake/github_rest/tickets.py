"""Which events do an issue and a milestone amount to that were read by REST?"""

from collections.abc import Iterable, Iterator, Sequence

from storage.intake.bodies import fit
from storage.intake.github import snapshots, tickets
from storage.intake.github.shapes import Issue, Milestone
from storage.intake.github_rest import items
from storage.intake.github_rest.items import Item, Json, Snapshot, Step, put
from storage.intake.making import Scene, stamp
from storage.records import Event

_NOT_YET: Snapshot = {
    "open": True,
    "closed_at": None,
    "closed_reason": None,
    "labels": [],
    "assignees": [],
    "milestone": None,
    "milestone_number": None,
}


def issue_events(
    repository: str, issue: Json, *, timeline: Sequence[Json] = (), comments: Sequence[Json] = ()
) -> list[Event]:
    """The events of one issue, from its own answer and those about it. Raises ``Misfit``.

    One that is a pull request gives none: it is read as such.
    """
    whole = fit(issue, Issue)
    if whole.pull_request is not None:
        return []
    entries = items.timeline(timeline)
    start = {
        **snapshots.of_issue(whole, repository),
        **_NOT_YET,
        "title": items.first_title(entries, whole.title),
        "updated_at": stamp(whole.created_at),
    }
    opened = Scene(repository, snapshots.login(whole.user))
    number = whole.number
    return [
        tickets.verb_event(opened, number, "created", whole.created_at, {"snapshot": start}),
        *(_event(repository, number, step, now) for step, now in items.walk(start, _steps(entries))),
        *_comments(repository, whole, (*items.told(timeline, "commented"), *comments)),
        tickets.ticket_event(Scene(repository), whole, "updated"),
    ]


def milestone_events(repository: str, milestone: Json) -> list[Event]:
    """The events of one milestone. Raises ``Misfit``."""
    whole = fit(milestone, Milestone)
    verbs = ["created", *(["closed"] if whole.closed_at else []), "updated"]
    return [tickets.milestone_event(Scene(repository), whole, verb) for verb in verbs]


def _event(repository: str, number: int, step: Step, now: Snapshot) -> Event:
    data = {"snapshot": now, **step.delta}
    return tickets.verb_event(items.scene(repository, step), number, step.verb, step.at, data)


def _steps(entries: Iterable[Item]) -> Iterator[Step]:
    for item in entries:
        step = items.common_step(item) or _turned(item)
        if step is not None:
            yield step


def _turned(item: Item) -> Step | None:
    at, by = item.created_at, snapshots.login(item.actor)
    if at is None:
        return None
    if item.event == "closed":
        return Step(at, by, "closed", {}, put(open=False, closed_at=stamp(at), closed_reason=item.state_reason))
    if item.event == "reopened":
        return Step(at, by, "reopened", {}, put(open=True, closed_at=None, closed_reason=None))
    return None


def _comments(repository: str, issue: Issue, talk: Iterable[Json]) -> Iterator[Event]:
    for comment in items.comments(talk):
        yield tickets.commented(Scene(repository), issue, comment)
        yield from items.proofs_of(comment)
