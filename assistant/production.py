"""What has reached production, what tried and failed, and which repositories have no source that would tell?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from assistant.branches import Branches
from assistant.policy import Policy
from assistant.policy.model import PRODUCTION
from storage.facts import Facts
from storage.records import Change, Commit, Deployment, DeploymentState

_TRIED = {DeploymentState.SUCCEEDED, DeploymentState.FAILED}


@dataclass(frozen=True, slots=True)
class Place:
    """One place that a repository's work must reach: a service (or the repository itself) in its environments.

    ``attempts`` are the finished deployments to it, newest first.
    """

    service: str
    repository: str
    owner: str | None
    attempts: tuple[Deployment, ...]

    @property
    def newest(self) -> Deployment | None:
        """What is in production now: the newest deployment that succeeded."""
        return next((d for d in self.attempts if d.state is DeploymentState.SUCCEEDED), None)

    @property
    def failed(self) -> Deployment | None:
        """The newest attempt, when it failed."""
        newest = self.attempts[0] if self.attempts else None
        return newest if newest is not None and newest.state is DeploymentState.FAILED else None


class Production:
    """Production as the deployments tell it. A deployment of an older commit takes newer changes out again."""

    def __init__(self, facts: Facts, policy: Policy, branches: Branches) -> None:
        """``facts`` hold the newest deployments of every place that is asked about, newest first."""
        self._facts, self._policy, self._branches = facts, policy, branches
        self._places: dict[str, tuple[Place, ...]] = {}
        ordered = sorted(facts.deployments, key=lambda d: (d.finished_at or d.created_at, d.object), reverse=True)
        self._deployments = tuple(ordered)

    @cached_property
    def _commits(self) -> dict[str, Commit]:
        return {commit.object.casefold(): commit for commit in self._facts.commits}

    @cached_property
    def _heard(self) -> frozenset[str]:
        heard = {name.casefold() for name in self._facts.deploying}
        heard |= {d.repository.casefold() for d in self._deployments if d.repository}
        return frozenset(heard | {d.service.casefold() for d in self._deployments if d.service})

    def has_source(self, repository: str) -> bool:
        """Whether a production deployment of this repository was ever heard of."""
        names = {repository.casefold(), repository.casefold().rpartition("/")[2]}
        names |= {key.casefold() for key, s in self._policy.services.items() if _same(s.repository, repository)}
        return bool(names & self._heard)

    def places(self, repository: str) -> tuple[Place, ...]:
        """Everywhere that a repository's work must reach; a target of a service is a place of its own."""
        key = repository.casefold()
        if key not in self._places:
            self._places[key] = tuple(self._made(repository))
        return self._places[key]

    def reached(self, change: Change) -> datetime | None:
        """When a merged change was in every place of its repository, None while it is not, or nobody would tell."""
        places = self.places(change.repository)
        if change.corrections.shipped_at is not None:
            return change.corrections.shipped_at
        if change.merged_at is None or not places or not self.has_source(change.repository):
            return None
        arrivals = [self._arrived(change, place) for place in places]
        return max((at for at in arrivals if at), default=None) if all(arrivals) else None

    def holds(self, deployment: Deployment, change: Change) -> bool:
        """Whether a deployment's commit contains a merged change.

        By the commit itself; else by the time it landed on the change's branch; where the commit was never seen to
        land, by whether the deployment began after the merge. A commit of a release branch: see ``Branches.holds``.
        """
        if change.merged_at is None:
            return False
        if deployment.sha and deployment.sha == change.merge_sha:
            return True
        commit = self._commits.get(f"commit:{deployment.repository or change.repository}@{deployment.sha}".casefold())
        if commit is None or commit.landed_at is None:
            return deployment.created_at >= change.merged_at
        if commit.landed_on not in {None, change.base}:
            return self._branches.holds(change, commit.landed_on or "") is True and commit.landed_at >= change.merged_at
        return commit.landed_at >= change.merged_at

    def _arrived(self, change: Change, place: Place) -> datetime | None:
        newest = place.newest
        if newest is None or not self.holds(newest, change):
            return None
        holding = [d for d in place.attempts if d.state is DeploymentState.SUCCEEDED and self.holds(d, change)]
        first = holding[-1]
        return first.finished_at or first.created_at

    def _made(self, repository: str) -> list[Place]:
        services = {k: s for k, s in self._policy.services.items() if _same(s.repository, repository)}
        made = []
        for key, service in services.items():
            each: list[tuple[str, ...]] = [(target,) for target in service.targets]
            made += [
                Place(key, repository, service.owner, self._attempts(repository, key, environments))
                for environments in each or [service.environments or PRODUCTION]
            ]
        if not services:
            tail = repository.rpartition("/")[2]
            attempts = self._attempts(repository, tail, self._policy.production())
            made.append(Place(tail, repository, None, attempts))
        return made

    def _attempts(self, repository: str, service: str, environments: Sequence[str]) -> tuple[Deployment, ...]:
        wanted = {name.casefold() for name in environments}
        return tuple(
            d
            for d in self._deployments
            if d.state in _TRIED and d.environment.casefold() in wanted and _is_of(d, repository, service)
        )


def _is_of(deployment: Deployment, repository: str, service: str) -> bool:
    """A deployment is of the service that it names; one that names none is of every service of its repository."""
    if deployment.service is not None:
        return deployment.service.casefold() in {service.casefold(), repository.casefold()}
    return deployment.repository is not None and _same(deployment.repository, repository)


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
