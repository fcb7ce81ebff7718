"""What was deployed lately, and what merged since?"""

from collections.abc import Iterable
from operator import attrgetter

from storage.facts import MOST_SINCE, Needs
from storage.indexing import place, scope_of
from storage.instants import stamp
from storage.production import Landings, Targets, landings
from storage.records import Deployment
from storage.shelf import COLUMNS, Shelf

NEWEST = 50  # deployments handed over of each repository and service
_NEWEST = f"SELECT {COLUMNS} FROM state s WHERE s.kind = 'deployment' AND s.scope = ?"
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

    def newest(self) -> list[Deployment]:
        """The newest deployments of each repository and service, newest first, whatever became of them.

        And every one since ``deployments_since``, at most MOST_SINCE a scope. From then on ``landed`` tells where their
        commits landed.
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
            names += [row[0] for row in rows]
        wanted = set(names)
        found = [deployment for deployment in shelf.of(Deployment) if deployment.object in wanted]
        commits = {(self._repository(d), d.sha) for d in found if d.sha}
        self.landed = landings(shelf.session, commits - self._known.keys())
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
