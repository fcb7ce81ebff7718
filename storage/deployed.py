"""What was deployed lately, and what merged since?"""

from collections.abc import Iterable, Sequence
from operator import attrgetter

from storage.facts import MOST_SINCE, Needs
from storage.indexing import place, scope_of
from storage.instants import stamp
from storage.production import Landings, Merge, Targets, arrivals, landings
from storage.records import Change, Deployment
from storage.shelf import COLUMNS, Shelf

NEWEST = 50  # deployments handed over of each repository and service
_NEWEST = f"SELECT {COLUMNS} FROM state s WHERE s.kind = 'deployment' AND s.scope = ?"
_OUT = f"SELECT {COLUMNS} FROM state s WHERE s.landed_at IN ({{}}) AND s.kind = 'deployment' AND s.scope = ?"
_EVER = "SELECT 1 FROM state WHERE kind = 'deployment' AND scope = ?"
_MERGED = (
    "SELECT s.object, s.branch, s.landed_at FROM state s"
    " WHERE s.kind = 'change' AND s.scope = ? AND s.landed_at > ? ORDER BY s.landed_at DESC LIMIT ?"
)


class Deployed:
    """The newest deployments to production of the repositories and services that a question asks about."""

    def __init__(self, shelf: Shelf, needs: Needs, targets: Targets, since: int, known: Landings | None = None) -> None:
        """``since`` is the stamp before which a merge is of no interest; ``known`` landings are not looked up again."""
        self._shelf, self._needs, self._targets, self._since = shelf, needs, targets, since
        asked = shelf.visible((*needs.deployments_in, *needs.undeployed_in))
        self._scopes = targets.scopes(asked)
        for service in needs.services:
            repository = needs.repository_of.get(service, "")
            if shelf.scopes is None or not repository or shelf.visible([repository]):
                self._scopes |= Targets(services={service: repository}).scopes([repository])
        self._condition, self._names = targets.condition()
        self._known, self.landed = known or {}, Landings()
        self._all_since: dict[str, int] = {}  # scope -> from when on its deployments are loaded, where some are not
        self._given: set[str] = set()

    def newest(self) -> list[Deployment]:
        """The newest deployments of each repository and service, newest first, whatever became of them.

        And every one since ``deployments_since``, at most MOST_SINCE a scope.
        """
        shelf, since = self._shelf, self._needs.deployments_since
        sql = f"{_NEWEST}{self._condition} ORDER BY s.began_at DESC LIMIT {NEWEST}"
        every = f"{_NEWEST}{self._condition} AND s.began_at >= ? ORDER BY s.began_at DESC LIMIT {MOST_SINCE}"
        names: list[str] = []
        for scope in self._scopes:
            rows = shelf.session.all(sql, (scope, *self._names))
            if since is not None and len(rows) == NEWEST:
                rows += shelf.session.all(every, (scope, *self._names, stamp(since)))
            shelf.add(rows)
            if len(rows) >= NEWEST:
                self._all_since[scope] = min(stamp(d.created_at) for d in self._loaded(row[0] for row in rows))
            names += [row[0] for row in rows]
        self._given |= set(names)
        return self._placed(names)

    def first(self) -> list[Deployment]:
        """The deployments that first brought loaded merged changes somewhere and are not among the newest of it.

        Newest first. By environment, as a place is one: and by scope, so that no busy service hides another's.
        """
        names: set[str] = set()
        places: list[tuple[str, ...]] = [(name,) for name in self._names]
        for scope, since in self._all_since.items() if self._needs.first_out else ():
            if merges := self._merges(self._scopes[scope], since):
                for environments in places or [()]:
                    names |= self._first(merges, Targets(environments, self._targets.services, scope))
        return self._placed(names)

    def _merges(self, repository: str, until: int) -> list[Merge]:
        """The loaded changes of a repository that had merged before a stamp."""
        merged = (
            Merge(repository, change.base, stamp(change.merged_at))
            for change in self._shelf.of(Change)
            if change.merged_at and change.repository.casefold() == repository
        )
        return sorted({merge for merge in merged if merge.at < until})

    def _first(self, merges: Sequence[Merge], targets: Targets) -> set[str]:
        """The names of the deployments within these targets that went out when one of these merges was first out."""
        at = {at for at in arrivals(self._shelf.session, merges, targets, self.landed) if at is not None}
        condition, names = targets.condition()
        rows = self._shelf.session.among(_OUT + condition, at, targets.within, *names)
        fresh = [row for row in rows if row[0] not in self._given]
        self._shelf.add(fresh)
        return {row[0] for row in fresh}

    def _loaded(self, names: Iterable[str]) -> list[Deployment]:
        """The deployments on the shelf by these names."""
        found = (self._shelf.records.get(name) for name in names)
        return [record for record in found if isinstance(record, Deployment)]

    def _placed(self, names: Iterable[str]) -> list[Deployment]:
        """The deployments by these names, newest first; from then on ``landed`` tells where their commits landed."""
        found = self._loaded(set(names))
        commits = {(self._repository(d), d.sha) for d in found if d.sha} - self.landed.keys()
        self.landed |= landings(self._shelf.session, commits - self._known.keys())
        self.landed |= {commit: self._known[commit] for commit in commits & self._known.keys()}
        return sorted(found, key=attrgetter("created_at", "object"), reverse=True)

    def undeployed(self) -> None:
        """Load what merged recently and later than what is deployed, newest first, at most ``recent_limit`` a place.

        Where a repository has several services or environments, the one that lags behind most decides.
        """
        wanted: list[str] = []
        for scope in self._shelf.visible(self._needs.undeployed_in):
            upto = self._upto(scope)
            rows = self._shelf.session.all(_MERGED, (scope, self._since, self._needs.recent_limit))
            wanted += [name for name, branch, at in rows if at > upto.get(branch, 0)]
        self._shelf.fetch(wanted)

    def deploying(self) -> tuple[str, ...]:
        """The repositories and services that ever had a deployment in the asked environments."""
        sql = f"{_EVER}{self._condition} LIMIT 1"
        ever = [scope for scope in self._scopes if self._shelf.session.one(sql, (scope, *self._names))]
        return tuple(sorted(scope.removeprefix("service:") for scope in ever))

    def _upto(self, repository: str) -> dict[str, int]:
        """Up to when each branch is deployed in every service and environment; absent where one has nothing of it."""
        current: dict[tuple[str, str], Deployment] = {}
        kept = {scope for scope, name in self._scopes.items() if name == repository}
        for record in self._out(kept):
            current.setdefault((record.service or "", record.environment.casefold()), record)
        landed = [self.landed.get((repository, record.sha or ""), {}) for record in current.values()]
        branches = {branch for places in landed for branch in places}
        return {branch: min(places.get(branch, 0) for places in landed) for branch in branches}

    def _repository(self, deployment: Deployment) -> str:
        return self._scopes[scope_of(deployment.object, deployment) or ""]

    def _out(self, scopes: Iterable[str]) -> list[Deployment]:
        """The loaded deployments under these scopes that went out, newest first."""
        wanted = set(scopes)
        out = [d for d in self._shelf.of(Deployment) if place(d).landed and scope_of(d.object, d) in wanted]
        return sorted(out, key=lambda d: (d.finished_at or d.created_at, d.object), reverse=True)
