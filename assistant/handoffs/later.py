"""What landed in the scope of a handoff after what its receiver looked at?

It is the same whoever asks. A release that somebody said has shipped, or that has ended, takes in nothing more.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from assistant.branches import Branches
from assistant.handoffs.places import kept_in
from assistant.handoffs.standing import DONE, Later
from assistant.membership import claims, closes, in_scope, members_of, parts_of
from assistant.policy import Policy
from assistant.scopes import release_subject
from assistant.subject import Subject
from assistant.viewer import Viewer
from storage.facts import Facts
from storage.naming import called, kind_of, subject_of, version_key
from storage.records import Change, ChangeState, Commit, Handoff, HandoffState, ObjectKind, Release, Signed

_HEX = re.compile(r"(?<![0-9a-zA-Z])[0-9a-f]{7,40}(?![0-9a-zA-Z])")
_WHOLE, _SHORT = 40, 7  # characters of a commit id, and of one as people write it
_NOTHING = Facts()
_EVERYBODY = Viewer("signed", "")  # sees all: what may be read of it is for each reader to be told
_USUAL = frozenset({"main", "master"})  # where nobody told which branch is the default


def shas(words: str) -> tuple[str, ...]:
    """What in these words may be a commit: letters and digits both, for a number alone is a build's."""
    found = (one for one in _HEX.findall(words.casefold()))
    return tuple(one for one in found if len(one) == _WHOLE or not (one.isdigit() or one.isalpha()))


def release_of(about: str, policy: Policy) -> Subject:
    """The release that an object's name means, its product as the configuration writes it."""
    product, _, version = subject_of(about).rpartition("@")
    known = next((key for key in policy.products if key.casefold() == product.casefold()), product)
    return release_subject(policy, known, version)


class Landed:
    """What landed in the scope of each handoff, by what was loaded for them: the same whatever else was asked for."""

    def __init__(self, facts: Facts, policy: Policy) -> None:
        """``facts.signed`` holds what the handoffs that are done are about, and what landed there since."""
        self._facts, self._policy = facts.signed or _NOTHING, policy
        self._merged = tuple(one for one in self._facts.changes if one.state is ChangeState.MERGED and one.merged_at)
        self._branches = Branches(self._facts)
        self._releases = {one.object.casefold(): one for one in self._facts.releases}
        self._changes = {one.object.casefold(): one for one in self._facts.changes}
        self._members: dict[str, tuple[Change, ...]] = {}

    def after(self, handoff: Handoff) -> tuple[Later, ...]:
        """What landed after what was looked at, oldest first; nothing for what is not done.

        Source: definitions, "Handoffs".
        """
        signed = handoff.signed
        if signed is None or handoff.state not in DONE:
            return ()
        match kind_of(handoff.about):
            case ObjectKind.CHANGE:
                found = self._head(handoff.about, signed)
            case ObjectKind.TICKET:
                found = _changes(self._closing(handoff.about), signed)
            case ObjectKind.RELEASE:
                found = self._in_release(handoff.about, signed)
            case _:
                found = self._on_service(handoff, signed)
        return tuple(sorted(found, key=lambda later: (later.at, later.object)))

    def _head(self, about: str, signed: Signed) -> Iterator[Later]:
        """A change whose head is not the commit that was looked at, unless that one holds its merge."""
        change = self._changes.get(about.casefold())
        head = change.head_sha if change else None
        if change is None or head is None:
            return
        said = shas(signed.looked_at)
        if _is_any(head, said) or _is_any(change.merge_sha, said):
            return
        moved = signed.head is not None and signed.head != head
        if not (moved or said) or (change.merged_at is not None and change.merged_at <= signed.as_of):
            return
        at = next((at for at in change.head_moves if at > signed.at), signed.at)
        yield Later(change.object, f"{called(change.object)} ({head[:_SHORT]})", at if moved else signed.at, change.url)

    def _closing(self, about: str) -> Iterator[Change]:
        """What closes a ticket, or a part of it: of an epic its stories."""
        whole = {about, *(part.object for part in parts_of(about, self._facts.tickets))}
        return (one for one in self._merged if whole & (closes(one) - set(one.corrections.not_linked)))

    def _in_release(self, about: str, signed: Signed) -> Iterator[Later]:
        """Members that merged later or were made members later, and what landed later on the release's branches."""
        release, subject = self._releases.get(about.casefold()), release_of(about, self._policy)
        until = _over(release)
        merged = [one for one in self._in(subject) if until is None or (one.merged_at and one.merged_at <= until)]
        for change in merged:
            joined = _joined(change, subject, self._facts)
            if until is None or joined is None or joined <= until:
                yield from _changes((change,), signed, joined)
        known = {change.merge_sha for change in merged}
        for commit in self._facts.commits:
            branch = self._branches.of_release(commit.repository, subject.keys)
            there = branch is not None and commit.landed_on == branch.name
            if there and commit.sha not in known and (until is None or _landed(commit) <= until):
                yield from _commits((commit,), signed)

    def _in(self, subject: Subject) -> tuple[Change, ...]:
        key = subject.seed
        if key not in self._members:
            recent = replace(self._facts, changes=self._merged, tickets=())
            self._members[key] = members_of(subject, recent, self._policy, _EVERYBODY).changes
        return self._members[key]

    def _on_service(self, handoff: Handoff, signed: Signed) -> Iterator[Later]:
        """What landed later on the default branch of a service; for the newest of what was passed on about it alone.

        A service goes on for ever: where the same was passed on anew, that one is to be looked at.
        """
        where = next((name.casefold() for name in kept_in(handoff.about, self._policy) or ()), None)
        if where is None or any(_renews(other, handoff, signed) for other in self._facts.handoffs):
            return
        default = self._default(where)
        merged = [
            c for c in self._merged if c.repository.casefold() == where and c.base in (default or {c.default_branch})
        ]
        yield from _changes(merged, signed)
        known = {change.merge_sha for change in merged}
        on = default or _USUAL
        here = (c for c in self._facts.commits if c.repository.casefold() == where and c.landed_on in on)
        yield from _commits((commit for commit in here if commit.sha not in known), signed)

    def _default(self, repository: str) -> frozenset[str]:
        """The default branch of a repository, by its own word or its changes'; empty where nobody told."""
        told = {one.default_branch for one in self._facts.repositories if one.name.casefold() == repository}
        told = told - {None} or {c.default_branch for c in self._facts.changes if c.repository.casefold() == repository}
        return frozenset(name for name in told if name)


def _joined(change: Change, release: Subject, facts: Facts) -> datetime | None:
    """Since when a change is a release's by somebody's word alone; None where it says so itself, or nobody did."""
    said = any(version_key(title) in release.keys for _, title in claims(change, facts.hints))
    if said and in_scope(change, release):
        return None
    return next((at for name, at in change.corrections.joined if name.casefold() == release.seed.casefold()), None)


def _changes(changes: Iterable[Change], signed: Signed, joined: datetime | None = None) -> Iterator[Later]:
    """Those that merged, or joined, later and were not themselves what was looked at."""
    said = shas(signed.looked_at)
    for one in changes:
        at = max((at for at in (one.merged_at, joined) if at is not None), default=None)
        if at is not None and at > signed.as_of and not _is_any(one.merge_sha, said):
            yield Later(one.object, called(one.object), at, one.url)


def _commits(commits: Iterable[Commit], signed: Signed) -> Iterator[Later]:
    said = shas(signed.looked_at)
    for one in commits:
        if _landed(one) > signed.as_of and not _is_any(one.sha, said):
            yield Later(one.object, f"{one.repository}@{one.sha[:_SHORT]}", _landed(one))


def _landed(commit: Commit) -> datetime:
    assert commit.landed_at is not None  # noqa: S101  landings are what landed
    return commit.landed_at


def _is_any(sha: str | None, said: Sequence[str]) -> bool:
    return sha is not None and any(sha.casefold().startswith(one) for one in said)


def _over(release: Release | None) -> datetime | None:
    """When nothing more came into a release, by somebody's word."""
    return None if release is None else release.shipped_at or release.ended_at


def _renews(other: Handoff, handoff: Handoff, signed: Signed) -> bool:
    """Whether the same was passed on between the same functions again after it was done, and not taken back since."""
    ours = (handoff.about.casefold(), handoff.from_function, handoff.to_function)
    theirs = (other.about.casefold(), other.from_function, other.to_function)
    same = other.previous == handoff.object or _plain(other.needed) == _plain(handoff.needed)
    newer = other.object != handoff.object and other.opened_at > signed.at
    return ours == theirs and same and newer and other.state is not HandoffState.WITHDRAWN


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())
