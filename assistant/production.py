"""What has reached production, what tried and failed, and which repositories have no source that would tell?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from assistant.branches import Branches
from assistant.links import Links
from assistant.policy import Policy
from assistant.policy.model import PRODUCTION
from storage.facts import Facts
from storage.records import Change, ChangeState, Deployment, DeploymentState

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
        """``facts`` hold the newest deployments of every place that is asked about, and the first with each change."""
        self._facts, self._policy, self._branches = facts, policy, branches
        self._places: dict[str, tuple[Place, ...]] = {}
        self._reached: dict[str, datetime | None] = {}
        self._shipped: dict[str, datetime | None] = {}
        each = (*facts.deployments, *facts.first_out)
        self._deployments = tuple(sorted(each, key=lambda d: (d.finished_at or d.created_at, d.object), reverse=True))

    @cached_property
    def _tried(self) -> list[tuple[tuple[str, str], str, Deployment]]:
        """What finished deploying: of what it is, where, and the deployment itself; newest first."""
        return [(_of(d), d.environment.casefold(), d) for d in self._deployments if d.state in _TRIED]

    @cached_property
    def _heard(self) -> frozenset[str]:
        heard = {name.casefold() for name in self._facts.deploying}
        heard |= {d.repository.casefold() for d in self._deployments if d.repository}
        return frozenset(heard | {d.service.casefold() for d in self._deployments if d.service})

    @cached_property
    def links(self) -> Links:
        """What incidents are linked to, among these deployments and changes."""
        facts = self._facts
        return Links(facts.deployments, facts.changes, facts.landed, self._policy, facts.first_out)

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
        if change.object not in self._reached:
            self._reached[change.object] = self._all_reached(change)
        return self._reached[change.object]

    def shipped(self, change: Change) -> datetime | None:
        """When a merged change was in every place, though what runs there by now may be a commit nobody saw land.

        That leaves open what is in production now; that it was there it does not undo. A deployment that is known to
        lack it does. Source: definitions, "Shipped".
        """
        if change.object not in self._shipped:
            at = self.reached(change)
            if at is None and self.unsettled(change):
                at = _latest([self._arrived_once(change, place) for place in self.places(change.repository)])
            self._shipped[change.object] = at
        return self._shipped[change.object]

    def _all_reached(self, change: Change) -> datetime | None:
        places = self.places(change.repository)
        if change.corrections.shipped_at is not None:
            return change.corrections.shipped_at
        if change.merged_at is None or not places or not self.has_source(change.repository):
            return None
        return _latest([self._arrived(change, place) for place in places])

    def brought_by(self, change: Change) -> tuple[Deployment, ...]:
        """The deployments that brought a merged change to each place of its repository for the first time."""
        found = []
        for place in self.places(change.repository):
            out = (d for d in reversed(place.attempts) if d.state is DeploymentState.SUCCEEDED)
            found += [first for first in [next((d for d in out if self.holds(d, change)), None)] if first]
        return tuple(found)

    def lacks(self, change: Change) -> bool:
        """Whether a merged change is known not to be in production yet."""
        return self.has_source(change.repository) and self.reached(change) is None and not self.unsettled(change)

    def unsettled(self, change: Change) -> tuple[tuple[Place, Deployment], ...]:
        """Where it can't be told whether a merged change is in production, with what was deployed there last.

        Empty where nobody would tell, and where some place is known to lack it: then it is not in production.
        """
        if self.reached(change) is not None or change.merged_at is None or not self.has_source(change.repository):
            return ()
        unseen = []
        for place in self.places(change.repository):
            held = self.holds(place.newest, change) if place.newest else False
            if held is False:
                return ()
            if held is None and place.newest:
                unseen.append((place, place.newest))
        return tuple(unseen)

    def holds(self, deployment: Deployment, change: Change) -> bool | None:
        """Whether a deployment's commit contains a merged change; None where the commit was never seen to land.

        By the commit itself; else by the time it landed on the change's branch. A commit of a release branch: see
        ``Branches.holds``. What was deployed before the merge does not contain it, whatever it was.
        """
        if change.merged_at is None:
            return False
        if deployment.sha and deployment.sha == change.merge_sha:
            return True
        repository = (deployment.repository or change.repository).casefold()
        landed = self._facts.landed.get((repository, deployment.sha or ""), {})
        if change.base in landed:
            return landed[change.base] >= change.merged_at
        if not landed:
            return None if deployment.created_at >= change.merged_at else False
        held = [self._on_other(change, branch, at) for branch, at in landed.items()]
        return True if True in held else None if None in held else False

    def _on_other(self, change: Change, branch: str, at: datetime) -> bool | None:
        """Whether what landed on another branch than the change's at that time contains the change."""
        brought = self._branches.brought(change, branch, ChangeState.MERGED) or change
        if brought.merged_at is None or at < brought.merged_at:
            return False
        return self._branches.holds(change, branch)

    def _arrived(self, change: Change, place: Place) -> datetime | None:
        newest = place.newest
        return self._first(change, place) if newest is not None and self.holds(newest, change) else None

    def _arrived_once(self, change: Change, place: Place) -> datetime | None:
        """The same by the newest deployment of which anybody knows whether it holds the change."""
        held = (self.holds(d, change) for d in place.attempts if d.state is DeploymentState.SUCCEEDED)
        return self._first(change, place) if next((each for each in held if each is not None), False) else None

    def _first(self, change: Change, place: Place) -> datetime:
        succeeded = (d for d in reversed(place.attempts) if d.state is DeploymentState.SUCCEEDED)
        first = next(d for d in succeeded if self.holds(d, change))
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
        wanted, whole = {name.casefold() for name in environments}, repository.casefold()
        names = {("service", service.casefold()), ("service", whole), ("repository", whole)}
        return tuple(d for name, environment, d in self._tried if environment in wanted and name in names)


def _of(deployment: Deployment) -> tuple[str, str]:
    """A deployment is of the service that it names; one that names none is of every service of its repository."""
    if deployment.service is not None:
        return "service", deployment.service.casefold()
    return "repository", (deployment.repository or "").casefold()


def _latest(arrivals: Sequence[datetime | None]) -> datetime | None:
    """When the last of all arrived, None while one has not."""
    told = [at for at in arrivals if at]
    return max(told, default=None) if len(told) == len(arrivals) else None


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
