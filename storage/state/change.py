"""What is a change (a pull or merge request), after all that happened to it?"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from storage.naming import subject_of
from storage.records import Attribution, Change, ChangeState, Corrections, Folded, KnownEvent, Size
from storage.state.authorship import attribute
from storage.state.bots import Crowd, types_of
from storage.state.corrections import corrected
from storage.state.folders import folders_of
from storage.state.hints import hints
from storage.state.history import History
from storage.state.moment import Moment
from storage.state.pushes import Chain, Commit, chain, heads_told
from storage.state.rules import FoldRules
from storage.state.snapshots import latest
from storage.state.stated import each, instant, whole, word, words

_FIX = re.compile(r"\b(?:(?:hot|bug)?fix(?:e[sd])?|bugs?|defects?|patch(?:e[sd])?)\b", re.IGNORECASE)


class _Parts(NamedTuple):
    """A change's events by what they are good for, each part in order."""

    own: list[KnownEvent]
    pushed: list[KnownEvent]
    corrections: list[KnownEvent]


def fold_change(object_name: str, events: Sequence[KnownEvent], rules: FoldRules) -> Folded:
    """Fold a change's events, and those of its head commits and its branch, all in order.

    Without any snapshot there is no record, as nobody told what it is; its heads are followed all the same. The turns
    leave dependencies out: whether another change is merged is worked out when asked. Source: definitions, "Change".
    """
    parts = _sorted(object_name, events)
    told = latest(parts.own)
    if not told:
        return Folded(None, follows=_follows(object_name, heads_told(parts.own), told))
    opened_at = _opened_at(parts.own, told)
    pushes = chain(parts.own, parts.pushed, opened_at, _until(parts.own))
    crowd = Crowd(rules, types_of(parts.own, told))
    history = History(Moment(_repository(object_name), word(told, "author"), crowd, rules), opened_at, pushes)
    story = [event for event in events if _is_told(event, object_name, pushes)]
    history.tell(story)
    corrections = corrected(parts.corrections)
    commits = _commits(parts.own, pushes)
    origin = attribute(told, commits, rules)
    record = _record(object_name, told, history, story, crowd, origin, corrections)
    record = replace(record, folders=folders_of(told, commits, pushes.commits))
    return Folded(
        record=record,
        turns=history.turns.all(),
        hints=hints(record.milestone, record.labels, corrections, record.base),
        follows=_follows(object_name, _heads(parts, pushes), told),
    )


def _sorted(object_name: str, events: Sequence[KnownEvent]) -> _Parts:
    parts = _Parts([], [], [])
    for event in events:
        if event.object == object_name:
            (parts.corrections if event.kind.startswith("corrected.") else parts.own).append(event)
        elif event.kind == "branch.pushed":
            parts.pushed.append(event)
    return parts


def _is_told(event: KnownEvent, object_name: str, pushes: Chain) -> bool:
    """Whether an event is part of the change's own story: not what was corrected, nor another's pushes."""
    if event.object == object_name:
        return not event.kind.startswith("corrected.")
    return event.kind == "check.updated" or event.identity in pushes.missed


def _record(  # noqa: PLR0913, PLR0917 - a record is put together from all of these, here only
    object_name: str,
    told: Mapping[str, Any],
    history: History,
    story: Sequence[KnownEvent],
    crowd: Crowd,
    origin: Attribution,
    corrections: Corrections,
) -> Change:
    moment = history.moment
    author, labels = word(told, "author"), words(told, "labels")
    ended = ChangeState.MERGED if moment.merged else ChangeState.ABANDONED
    said = [event.data for event in story if event.kind == "change.commented"]
    return Change(
        object=object_name,
        repository=_repository(object_name),
        number=whole(told, "number") or int(object_name.rpartition("#")[2]),
        title=word(told, "title") or "",
        url=word(told, "url"),
        author=author,
        state=ChangeState.OPEN if moment.open else ended,
        draft=moment.draft,
        opened_at=history.opened_at,
        ready_at=moment.ready_at,
        base=word(told, "base") or "",
        head=word(told, "head") or "",
        head_sha=moment.head,
        last_event_at=max(story[-1].at, history.opened_at),
        author_is_bot=author is not None and not crowd.is_person(author),
        default_branch=word(told, "default_branch"),
        first_response_at=moment.first_response_at,
        merged_at=moment.end_at if moment.merged and not moment.open else None,
        merge_sha=_of_merge(story, "merge_sha") if moment.merged else None,
        merged_by=_of_merge(story, "merged_by") if moment.merged else None,
        closed_at=None if moment.open else moment.end_at,
        labels=labels,
        milestone=word(told, "milestone"),
        assignees=words(told, "assignees"),
        asked=moment.reviewers_asked(),
        asked_teams=words(told, "asked_teams"),
        reviews=moment.reviews.standing(),
        checks=moment.checks.on(moment.head),
        mergeable=moment.mergeable,
        depends_on=each([words(told, "depends_on"), *(words(data, "depends_on") for data in said)]),
        closes=words(told, "closes"),
        reverts=words(told, "reverts"),
        size=Size(whole(told, "added"), whole(told, "deleted"), whole(told, "files")),
        fix=any(_FIX.search(text) for text in (word(told, "title") or "", *labels)),
        attribution=origin,
        corrections=corrections,
        move=history.turns.now(),
        unknown=moment.unknown() if moment.open else (),
        head_moves=tuple(history.head_moves),
    )


def _of_merge(story: Sequence[KnownEvent], key: str) -> str | None:
    """What was last shown of the merge; a snapshot of its own second may not know of it yet."""
    shown = (event.data.get("snapshot") or {} for event in reversed(story))
    return next((word(snapshot, key) for snapshot in shown if snapshot.get("merged") is True and key in snapshot), None)


def _opened_at(own: Sequence[KnownEvent], told: Mapping[str, Any]) -> datetime:
    """Its opening as told, else by its snapshots, else the first that was heard of it."""
    created = next((event.at for event in own if event.kind == "change.created"), None)
    return created or instant(told, "opened_at") or own[0].at


def _until(own: Sequence[KnownEvent]) -> datetime | None:
    """When it ended, None if it was opened again; what is pushed after that is another change's."""
    until: datetime | None = None
    for event in own:
        if event.kind in {"change.merged", "change.abandoned"}:
            until = event.at
        elif event.kind == "change.reopened":
            until = None
    return until


def _commits(own: Sequence[KnownEvent], pushes: Chain) -> Sequence[Commit]:
    """Its commits: as the forge lists them for the newest head, else as they were pushed, else an older list."""
    listed: Sequence[Commit] = ()
    for event in own:
        if event.kind == "change.commits":
            listed = event.data.get("commits") or ()
            if pushes.heads and any(one.get("sha") == pushes.heads[-1] for one in listed):
                return listed
    return pushes.commits or listed


def _heads(parts: _Parts, pushes: Chain) -> dict[str, None]:
    """The heads whose checks are its own: those it was told of, and those that only its branch was told of."""
    missed = (event.data["after"] for event in parts.pushed if event.identity in pushes.missed)
    return {**heads_told(parts.own), **dict.fromkeys(missed)}


def _follows(object_name: str, heads: Iterable[str], told: Mapping[str, Any]) -> tuple[str, ...]:
    repository = _repository(object_name)
    branch, home = word(told, "head"), word(told, "head_repository")
    commits = (f"commit:{repository}@{sha}" for sha in heads)
    return (*commits, *([f"branch:{home}:{branch}"] if branch and home else []))


def _repository(object_name: str) -> str:
    return subject_of(object_name).rpartition("#")[0]
