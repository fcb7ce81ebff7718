"""Which pushes made a change what it is, and which of them brought new content?

A push of new content answers reviewers; a rebase, or merging the base branch, does not.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from storage.records import KnownEvent
from storage.state.stated import word

Commit = Mapping[str, Any]
Size = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """What the pushes to a change's branch amount to.

    ``heads`` are the commits that headed it, oldest first. ``content`` says of a head whether the push that made it
    brought new content (absent: not known). ``missed`` are pushes that no event of the change itself told, by the
    identity of their event. ``commits`` are the commits of the newest head, oldest first, merges among them.
    ``pushers`` are the accounts (casefolded) that pushed content to it, with when they first did.
    """

    heads: tuple[str, ...]
    content: Mapping[str, bool] = field(default_factory=dict)
    missed: frozenset[str] = frozenset()
    commits: tuple[Commit, ...] = ()
    pushers: Mapping[str, datetime] = field(default_factory=dict)


def chain(
    own: Sequence[KnownEvent], pushed: Sequence[KnownEvent], opened_at: datetime, until: datetime | None
) -> Chain:
    """Link the change's heads to the pushes of its branch.

    ``own`` are the change's events, ``pushed`` all ``branch.pushed`` of the branch (names get used again: those of
    another change's time are left out), both in order. Pushes after ``until`` (None: it is open) are another story.
    """
    told = heads_told(own)
    if not pushed:
        return Chain(tuple(told))
    pushed = _once(pushed)
    heads = {**told, **_earlier(told, pushed)}
    pushed_told = {event.data.get("sha") for event in own if event.kind == "change.pushed"}
    missed: set[str] = set()
    for event in pushed:
        after, before = word(event.data, "after"), word(event.data, "before")
        while_open = opened_at < event.at and (until is None or event.at <= until)
        if after and while_open and (after in heads or before in heads) and not event.data.get("deleted"):
            heads[after] = None
            missed |= {event.identity} if after not in pushed_told else set()
    members = [event for event in pushed if event.data.get("after") in heads]
    content, commits = _replayed(members, _sizes(own) if any(e.data.get("forced") for e in members) else {})
    names = dict.fromkeys([*(e.data["after"] for e in members if e.data["after"] not in told), *told])
    return Chain(tuple(names), content, frozenset(missed), commits, _pushers(members, content))


def _pushers(members: Sequence[KnownEvent], content: Mapping[str, bool]) -> dict[str, datetime]:
    """Who wrote to the branch, by the account that pushed: anybody can write any address into a commit."""
    pushers: dict[str, datetime] = {}
    for event in members:
        empty = event.data.get("commits") == []  # a branch that was only made, at a commit of another one
        if event.actor and content[event.data["after"]] and not empty:
            pushers.setdefault(event.actor.casefold(), event.at)
    return pushers


def _once(pushed: Sequence[KnownEvent]) -> list[KnownEvent]:
    """Each push once: a history of the branch that was read later tells it again, without its commits."""
    known = {_movement(event) for event in pushed if event.data.get("commits") is not None}
    return [e for e in pushed if e.data.get("commits") is not None or _movement(e) not in known]


def _movement(event: KnownEvent) -> tuple[object, object]:
    return event.data.get("before"), event.data.get("after")


def heads_told(own: Sequence[KnownEvent]) -> dict[str, None]:
    """The heads that the change's own events name, oldest first."""
    told: dict[str, None] = {}
    for event in own:
        data = event.data
        if event.kind == "change.pushed":
            told.update(dict.fromkeys(sha for key in ("before", "sha") if (sha := word(data, key))))
        elif (snapshot := data.get("snapshot")) and (sha := snapshot.get("head_sha")):
            told[sha] = None
    return told


def _earlier(heads: Mapping[str, None], pushed: Sequence[KnownEvent]) -> dict[str, None]:
    """The commits that the branch pointed to on its way to these heads, back to where it was made."""
    came_from: dict[str, list[str]] = {}
    for event in pushed:
        after, before = word(event.data, "after"), word(event.data, "before")
        if after and before and not event.data.get("created"):
            came_from.setdefault(after, []).append(before)
    found: dict[str, None] = {}
    ahead = list(heads)
    while ahead:
        for before in came_from.get(ahead.pop(), ()):
            if before not in found and before not in heads:
                found[before] = None
                ahead.append(before)
    return found


def _sizes(own: Sequence[KnownEvent]) -> dict[str, Size]:
    sizes: dict[str, Size] = {}
    for event in own:
        told = event.data.get("snapshot") or {}
        size = (told.get("added"), told.get("deleted"), told.get("files"))
        if None not in size and isinstance(told.get("head_sha"), str):
            sizes[told["head_sha"]] = size
    return sizes


def _replayed(members: Sequence[KnownEvent], sizes: Mapping[str, Size]) -> tuple[dict[str, bool], tuple[Commit, ...]]:
    """Go through the pushes in order: what content each brought, and which commits there are in the end."""
    content: dict[str, bool] = {}
    commits: list[Commit] = []
    for event in members:
        brought = [one for one in event.data.get("commits") or () if one.get("distinct", True)]
        after, before = event.data["after"], event.data.get("before", "")
        if event.data.get("forced"):
            kept, new = _rewritten(commits, brought)
            amended = before in sizes and after in sizes and sizes[before] != sizes[after]
            content[after] = new or amended or not brought
            commits = [*kept, *brought]
        else:
            content[after] = any(not one.get("merge") for one in brought) or not event.data.get("commits")
            commits.extend(brought)
    return content, tuple(commits)


def _rewritten(before: Sequence[Commit], brought: Sequence[Commit]) -> tuple[list[Commit], bool]:
    """Which of the commits a forced push left alone, and whether it brought one that was not there before."""
    copies = Counter(one.get("message_key") for one in brought if not one.get("merge"))
    kept = []
    for one in before:
        if copies[one.get("message_key")] > 0:
            copies[one.get("message_key")] -= 1
        else:
            kept.append(one)
    return kept, any(count > 0 for count in copies.values())
