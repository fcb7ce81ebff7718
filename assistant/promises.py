"""Which releases were promised for these weeks, and which of them shipped by their first date?

Source: definitions, "Promise reliability": by the first promised date, of all that were promised for the period; what
was cancelled or put off since counts as promised. Roadmap commitments are not recorded, so releases alone speak.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.measures import Measure
from assistant.policy import Policy
from assistant.scoped import Scoped
from assistant.scopes import repositories_of, whole_workspace
from assistant.shipping import out_of
from assistant.since import stamp
from assistant.situation import Situation, situation_of
from assistant.subject import Subject, SubjectKind
from assistant.weeks import Span
from storage.facts import Facts
from storage.records import ChangeState, Release


@dataclass(frozen=True, slots=True)
class Promise:
    """A release, the first date that was named for it, and when it shipped (None: not as far as is known)."""

    release: Release
    first: datetime
    shipped_at: datetime | None

    @property
    def kept(self) -> bool:
        """Whether it shipped by its first date."""
        return self.shipped_at is not None and self.shipped_at <= self.first

    @property
    def name(self) -> str:
        """What people call the release."""
        return f"{self.release.product} {self.release.name}"

    def as_data(self) -> dict[str, Any]:
        """The promise as JSON values."""
        return {
            "release": self.release.object, "name": self.name, "first": stamp(self.first),
            "shipped_at": stamp(self.shipped_at), "kept": self.kept,
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


def promises(
    facts: Facts, shipped_at: Mapping[str, datetime], parameters: Scoped, policy: Policy, span: Span
) -> tuple[Promise, ...]:
    """The promises of a scope for a period, by their first date; those that the reader may not see are left out."""
    products = {name.casefold() for name in promised(parameters.subject, policy)}
    only = parameters.subject.object if parameters.subject.kind is SubjectKind.RELEASE else None
    found = []
    for release in facts.releases:
        first = release.targets_before[0][0] if release.targets_before else release.target
        own = release.product.casefold() in products and only in {None, release.object}
        if first is not None and span.holds(first) and own and _seen(release, parameters, policy):
            at = release.shipped_at or shipped_at.get(release.object.casefold())
            found.append(Promise(release, first, at))
    return tuple(sorted(found, key=lambda promise: (promise.first, promise.release.object)))


def kept(found: Iterable[Promise]) -> Measure:
    """The share of promises that were kept, of however few there are: each is a fact; none: not known."""
    made = tuple(found)
    hits = tuple(promise.release.object for promise in made if promise.kept)
    value = len(hits) / len(made) if made else None
    return Measure(value, tuple(promise.release.object for promise in made), hits=hits)


def shipped(facts: Facts, parameters: Scoped, policy: Policy, now: datetime) -> dict[str, datetime]:
    """When each release that lately went out did, by its deployments or publications; casefolded object names."""
    declared = {release.object.casefold() for release in facts.releases}
    found = {}
    for subject in parameters.releases:
        name = (subject.object or "").casefold()
        if name in declared:
            situation = situation_of(subject, facts, policy, viewer=parameters.viewer, now=now, heard=parameters.known)
            if at := _whole(situation):
                found[name] = at
    return found


def _whole(situation: Situation) -> datetime | None:
    """When all of a release was out, None while something of it is not, or nobody can tell."""
    out, members = out_of(situation), situation.members.changes
    published = out.by in {"published", "both"}
    left = any(
        change.state is ChangeState.OPEN or (change.state is ChangeState.MERGED and situation.production.lacks(change))
        for change in members
    )
    return None if out.untold or (left and not published) or situation.partly_hidden else out.at


def _seen(release: Release, parameters: Scoped, policy: Policy) -> bool:
    repositories = repositories_of(policy, release.product)
    if repositories is None:
        return parameters.viewer.sees_all or any(map(parameters.viewer.may_see, parameters.known))
    return any(map(parameters.viewer.may_see, repositories))
