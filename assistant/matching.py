"""Which words call which thing: what would each name, typed by a person, mean?"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from assistant import scopes
from assistant.policy import Policy
from assistant.subject import Subject, SubjectKind
from assistant.viewer import Viewer
from storage.facts import NamedRelease
from storage.naming import is_tracker
from storage.records import Train

SHIPPED = timedelta(days=60)  # longer than any usual quiet period: what shipped before that is of no more interest
_SPACES = re.compile(r"[\s_-]+")
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger knows of the names asked for: releases by some evidence, trains, objects, repositories."""

    named: tuple[NamedRelease, ...] = ()
    trains: tuple[Train, ...] = ()
    changes: tuple[str, ...] = ()
    repositories: tuple[str, ...] = ()


def plain(name: str) -> str:
    """A name without case, and with one space wherever it had spaces, dashes or underscores."""
    return _SPACES.sub(" ", name.casefold()).strip()


class Book:
    """Everything that this viewer may ask about, by what it is called."""

    def __init__(self, known: Known, policy: Policy, viewer: Viewer) -> None:
        """Nothing that the viewer may not see gets in, so that no candidate gives it away."""
        self._policy, self._viewer = policy, viewer
        self.trains = tuple(
            scopes.train_subject(policy, train)
            for train in known.trains
            if train.ended_at is None and self._sees_any(scopes.repositories_of(policy, train.product))
        )
        self.services = tuple(
            scopes.service_subject(policy, key)
            for key, service in policy.services.items()
            if viewer.may_see(service.repository)
        ) + tuple(
            scopes.repository_subject(policy, name)
            for name in known.repositories
            if viewer.may_see(name) and not is_tracker(name) and not scopes.services_of(policy, (name,))
        )
        self.teams = tuple(
            scopes.team_subject(policy, key)
            for key, team in policy.teams.items()
            if self._sees_any(team.repositories or None)
        )
        self._evidence = self._gathered(known.named)

    def releases(self, key: str | None = None, product: str | None = None) -> Iterator[Subject]:
        """Releases of that version key and product (None: any), newest version first."""
        wanted = [
            (scopes.version_order(version), called, version)
            for called, version in self._evidence
            if (key is None or version == key) and (product is None or called.casefold() == product.casefold())
        ]
        for _, called, version in sorted(wanted, reverse=True):
            yield scopes.release_subject(self._policy, called, version)

    def open_releases(self) -> tuple[Subject, ...]:
        """Releases that something still says are open, or that nothing says are over; newest version first."""
        return tuple(s for s in self.releases() if _is_open(self._evidence[s.product or "", s.version or ""]))

    def shipped_lately(self, scope: Subject, now: datetime) -> tuple[Subject, ...]:
        """Releases within a scope that may have shipped so lately that they may not be stable yet.

        Those that something says are over or published within SHIPPED, newest first; then those that were declared and
        have not ended, newest version first.
        """
        found = [
            (newest, scopes.version_order(version), product, version)
            for (product, version), evidence in self._evidence.items()
            if (newest := _over_at(evidence, now)) and self._within(scope, product, evidence)
        ]
        ordered = sorted(found, reverse=True)
        return tuple(scopes.release_subject(self._policy, product, version) for _, _, product, version in ordered)

    def _within(self, scope: Subject, product: str, evidence: Iterable[NamedRelease]) -> bool:
        """Whether a release of a product is within a scope; where nobody says what a product is, its evidence tells."""
        if scope.repositories is None:
            return True
        wanted = {name.casefold() for name in scope.repositories}
        its = scopes.repositories_of(self._policy, product)
        if its is not None:
            return bool(wanted & {name.casefold() for name in its})
        where = {one.repository.casefold() for one in evidence if one.repository}
        return bool(wanted & where) or not where

    def called(self, words: str) -> Iterator[Subject]:
        """Trains, services and teams of exactly this name, and the open releases of a product of this name."""
        wanted = plain(words)
        for subject in (*self.trains, *self.services, *self.teams):
            names = {plain(subject.name), plain(subject.words.partition(" ")[2])}
            if subject.kind is SubjectKind.SERVICE:
                names.add(plain(subject.name.rpartition("/")[2]))
            if wanted in names or (subject.kind is SubjectKind.SERVICE and wanted in {f"{n} next" for n in names}):
                yield subject
        for product in self.products(wanted):
            yield from (subject for subject in self.open_releases() if subject.product == product)

    def products(self, words: str) -> tuple[str, ...]:
        """The products that are called so: by key, by name, or as some release gives it."""
        configured = {key: {plain(key), plain(entry.name or key)} for key, entry in self._policy.products.items()}
        for product, _ in self._evidence:
            configured.setdefault(product, {plain(product)})
        return tuple(product for product, names in configured.items() if plain(words) in names)

    def all(self) -> tuple[Subject, ...]:
        """Everything that can be asked about by name."""
        return (*self.releases(), *self.trains, *self.services, *self.teams)

    def _gathered(self, named: Iterable[NamedRelease]) -> dict[tuple[str, str], list[NamedRelease]]:
        """Evidence by (product, version key); without configured products one declared product takes it all."""
        found: defaultdict[tuple[str, str], list[NamedRelease]] = defaultdict(list)
        declared: defaultdict[str, set[str]] = defaultdict(set)
        for one in named:
            if one.product:
                declared[one.key].add(one.product)
        for one in named:
            if not self._may_see(one):
                continue
            product, version = scopes.split_version(self._policy, one.title if one.source != "declared" else one.key)
            claimed = declared[version]
            if one.product:
                product = one.product
            elif product is None and not self._policy.products and len(claimed) == 1:
                product = next(iter(claimed))
            elif product is None:
                product = scopes.product_of(self._policy, one.repository or "")
            found[product, version].append(one)
        return dict(found)

    def _may_see(self, one: NamedRelease) -> bool:
        if one.repository is not None:
            return self._viewer.may_see(one.repository)
        return self._sees_any(scopes.repositories_of(self._policy, one.product or ""))

    def _sees_any(self, repositories: tuple[str, ...] | None) -> bool:
        if not repositories:
            return self._viewer.may_see(None)
        return any(self._viewer.may_see(name) for name in repositories)


def _is_open(evidence: Iterable[NamedRelease]) -> bool:
    said = [False if one.source == "published" else one.open for one in evidence]
    return True in said or False not in said


def _over_at(evidence: Iterable[NamedRelease], now: datetime) -> datetime | None:
    """When the newest evidence says that a release was out; long ago where it is declared and not ended."""
    told = [one.at for one in evidence if one.at and now - SHIPPED <= one.at <= now]
    declared = any(one.source == "declared" and one.open for one in evidence)
    return max(told, default=_LONG_AGO if declared else None)
