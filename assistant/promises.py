"""Which releases were promised for these weeks, and which of them were delivered by their first date?

Source: definitions, "Promise reliability": by the first promised date, of all that were promised for the period; what
was cancelled or put off since counts as promised. Delivered is shipped and stable, dated at the start of the quiet
period: what has shipped and is not stable yet is not decided. Roadmap commitments are not recorded, so releases alone
speak.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from assistant.coverage import Watch
from assistant.disturbances import Shipped
from assistant.measures import Measure
from assistant.policy import Policy
from assistant.scoped import Scoped
from assistant.scopes import repositories_of, whole_workspace
from assistant.shipping import Out, out_of
from assistant.since import stamp
from assistant.situation import Situation, situation_of
from assistant.stabilization import Cause, Disturbance, first_quiet, quiet_period
from assistant.subject import Subject, SubjectKind
from assistant.weeks import Span
from storage.facts import Facts, Flow
from storage.naming import subject_of
from storage.records import ChangeState, Release


class Fate(StrEnum):
    """What became of a promise; the last three are not decided, or nobody can tell."""

    KEPT = "kept"
    BROKEN = "broken"
    SETTLING = "settling"  # it shipped in time, and is not stable yet
    UNWATCHED = "unwatched"  # it shipped in time, and nobody watched whether it was quiet
    UNTOLD = "untold"  # nobody can tell whether it shipped


@dataclass(frozen=True, slots=True)
class Promise:
    """A release, the first date that was named for it, what became of it, and when it shipped (None: not as known)."""

    release: Release
    first: datetime
    fate: Fate
    shipped_at: datetime | None = None
    quiet_since: datetime | None = None

    @property
    def kept(self) -> bool | None:
        """Whether it was delivered by its first date; None where that is not decided or not known."""
        return {Fate.KEPT: True, Fate.BROKEN: False}.get(self.fate)

    @property
    def name(self) -> str:
        """What people call the release."""
        return f"{self.release.product} {self.release.name}"

    def as_data(self) -> dict[str, Any]:
        """The promise as JSON values."""
        return {
            "release": self.release.object, "name": self.name, "first": stamp(self.first), "fate": self.fate,
            "shipped_at": stamp(self.shipped_at), "quiet_since": stamp(self.quiet_since), "kept": self.kept,
        }  # fmt: skip


def promised(subject: Subject, policy: Policy) -> tuple[str, ...]:
    """The products whose releases are promises of a scope: those that any of its repositories is part of."""
    if not policy.products:
        return (whole_workspace(policy),)
    if subject.product:
        return (subject.product,)
    scope = None if subject.repositories is None else {name.casefold() for name in subject.repositories}
    return tuple(
        key
        for key, product in policy.products.items()
        if scope is None or scope & {name.casefold() for name in product.repositories}
    )


def promises(facts: Facts, parameters: Scoped, policy: Policy, span: Span, now: datetime) -> tuple[Promise, ...]:
    """The promises of a scope for a period, by their first date; those that the reader may not see are left out."""
    products = {name.casefold() for name in promised(parameters.subject, policy)}
    only = parameters.subject.object if parameters.subject.kind is SubjectKind.RELEASE else None
    examined = _Examined(facts, parameters, policy, now)
    found = []
    for release in facts.releases:
        first = release.targets_before[0][0] if release.targets_before else release.target
        own = release.product.casefold() in products and only in {None, release.object}
        if first is not None and span.holds(first) and own and _seen(release, parameters, policy):
            found.append(examined.promise(release, first))
    return tuple(sorted(found, key=lambda promise: (promise.first, promise.release.object)))


def kept(found: Iterable[Promise]) -> Measure:
    """The share of promises that were kept, of however few are decided: each is a fact; none: not known."""
    made = tuple(promise for promise in found if promise.kept is not None)
    hits = tuple(promise.release.object for promise in made if promise.kept)
    value = len(hits) / len(made) if made else None
    return Measure(value, tuple(promise.release.object for promise in made), hits=hits)


class _Examined:
    """The releases of a scope, each looked at as far as its promise needs it."""

    def __init__(self, facts: Facts, parameters: Scoped, policy: Policy, now: datetime) -> None:
        self._facts, self._parameters, self._policy, self._now = facts, parameters, policy, now
        self._subjects = {(subject.object or "").casefold(): subject for subject in parameters.releases}
        self._watch = Watch(facts, policy)
        self._undone = _undone(facts.flow)

    def promise(self, release: Release, first: datetime) -> Promise:
        """What became of the promise of one release."""
        if release.ended and release.shipped_at is None:
            return Promise(release, first, Fate.BROKEN)
        subject = self._subjects.get(release.object.casefold())
        if subject is None:  # beyond those that are examined
            late = release.shipped_at is not None and release.shipped_at > first
            return Promise(release, first, Fate.BROKEN if late else Fate.UNTOLD, release.shipped_at)
        situation = situation_of(
            subject, self._facts, self._policy, viewer=self._parameters.viewer, now=self._now,
            heard=self._parameters.known,
        )  # fmt: skip
        at, told = (release.shipped_at, True) if release.shipped_at else _shipped(situation)
        if at is None or at > first:
            return Promise(release, first, Fate.BROKEN if told else Fate.UNTOLD, at)
        return self._quieted(release, first, at, situation)

    def _quieted(self, release: Release, first: datetime, at: datetime, situation: Situation) -> Promise:
        """What became of one that shipped in time: whether it was quiet from then on."""
        members = situation.members
        shipped = Shipped(at, [c for c in members.changes if c.state is ChangeState.MERGED], situation)
        disturbances = [*shipped.disturbances(members.tickets), *self._reverted(shipped)]
        needed = quiet_period(shipped.changes, self._policy).needed
        began = first_quiet(at, disturbances, needed)
        if began is None or began > first:
            return Promise(release, first, Fate.BROKEN, at, began)
        quiet = Span(began, max(began, min(began + needed, self._now)))
        if self._watch.over(shipped.concerned, quiet).gap:
            return Promise(release, first, Fate.UNWATCHED, at, began)
        over = began + needed <= self._now
        return Promise(release, first, Fate.KEPT if over else Fate.SETTLING, at, began)

    def _reverted(self, shipped: Shipped) -> Iterator[Disturbance]:
        for change in shipped.changes:
            if at := self._undone.get(change.object):
                yield Disturbance(Cause.REVERT, change.object, at, at, subject_of(change.object), change.url)


def _undone(flows: Mapping[str, Flow]) -> dict[str, datetime]:
    """When what reverts a change was merged, by the change."""
    return {
        flow.objects[undone]: datetime.fromtimestamp(float(flow.merged[by]), UTC)
        for flow in flows.values()
        for by, undone in flow.undone
    }


def _shipped(situation: Situation) -> tuple[datetime | None, bool]:
    """When all of a release was out, None while something of it is not; and whether that is known."""
    out, members = out_of(situation), situation.members
    left = any(
        change.state is ChangeState.OPEN or (change.state is ChangeState.MERGED and situation.production.lacks(change))
        for change in members.changes
    ) or any(ticket.open for ticket in members.tickets)
    if left and out.by not in {"published", "both"}:
        return None, True  # whatever nobody can tell of the rest, this is not out
    if situation.partly_hidden or _untold(out, situation):
        return None, False
    return out.at, True


def _untold(out: Out, situation: Situation) -> bool:
    """Whether nobody can tell what is out: of a repository without deployments, a commit never seen, or no work."""
    unsettled = any(situation.production.unsettled(change) for change in situation.members.changes)
    return bool(out.untold) or unsettled or out.at is None


def _seen(release: Release, parameters: Scoped, policy: Policy) -> bool:
    repositories = repositories_of(policy, release.product)
    if repositories is None:
        return parameters.viewer.sees_all or any(map(parameters.viewer.may_see, parameters.known))
    return any(map(parameters.viewer.may_see, repositories))
