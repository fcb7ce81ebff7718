"""Which deployment, and which change, did an incident come from, and how sure is that?

Incident -> deployment -> change. Source: definitions, "Stabilization". Explicit: the incident names a change, a commit
or a deployment, a person linked them, or what ended it was a revert or a rollback. Same service: without any of that,
every deployment of a service that the incident struck which was out at most 72 hours before its impact began, nearest
first. Never across services by time alone, never beyond the window.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from assistant.membership import closes
from assistant.mending import Landed, Purpose, mendings, out_at, successes
from assistant.policy import Policy
from assistant.struck import Struck, short_names, struck
from storage.naming import kind_of, subject_of
from storage.records import Change, Deployment, Incident, ObjectKind

WINDOW = timedelta(hours=72)
CAUSES = frozenset({ObjectKind.CHANGE, ObjectKind.COMMIT, ObjectKind.DEPLOYMENT})  # what an incident can come from
_HOUR = timedelta(hours=1)
_SHORTEST_SHA = 7


class Tier(StrEnum):
    """How sure a link is."""

    EXPLICIT = "explicit"
    SAME_SERVICE = "same_service"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Link:
    """What an incident is taken to come from; of a tier ``none`` there is nothing else.

    ``hours_before``: how long the deployment was out when the impact began, None where no deployment is known.
    ``named`` is the object that the incident, or a person, named; empty where none did.
    """

    incident: Incident
    tier: Tier
    deployment: Deployment | None = None
    change: Change | None = None
    hours_before: float | None = None
    named: str = ""


def links_of(
    incident: Incident, deployments: Iterable[Deployment], changes: Iterable[Change], landed: Landed, policy: Policy
) -> tuple[Link, ...]:
    """The links of one incident, surest and nearest first; see ``Links`` for many incidents."""
    return Links(deployments, changes, landed, policy).of(incident)


class Links:
    """Links incidents to these deployments to production and these changes; made once for many incidents."""

    def __init__(
        self,
        deployments: Iterable[Deployment],
        changes: Iterable[Change],
        landed: Landed,
        policy: Policy,
        first_out: Iterable[Deployment] = (),
    ) -> None:
        """``landed`` says when a deployed commit landed on which branch, as facts hold it.

        Of those that were ``first_out`` with something the next is not known: none is taken to mend another.
        """
        self._policy, self._landed = policy, landed
        out = successes(deployments)
        self._out = successes((*out, *first_out))
        self._times = [out_at(one) for one in self._out]
        self._changes = tuple(changes)
        self._by_name = {change.object.casefold(): change for change in self._changes}
        self._by_sha = {change.merge_sha: change for change in self._changes if change.merge_sha}
        self._reverting = [(c, {name.casefold() for name in closes(c)}) for c in self._changes if c.reverts]
        self.mendings = mendings(out, landed, self._changes)
        self._rollbacks = [m for m in self.mendings if m.purpose is Purpose.ROLLBACK and m.mends]

    def of(self, incident: Incident) -> tuple[Link, ...]:
        """The links of one incident; one of tier ``none`` where nothing links it."""
        denied = {name.casefold() for name in incident.corrections.not_linked}
        explicit = [
            link
            for name in dict.fromkeys((*incident.corrections.linked, *self._named(incident)))
            if kind_of(name) in CAUSES and name.casefold() not in denied
            for link in [self._explicit(incident, name)]
            if not _denied(link, denied)
        ]
        if explicit:
            return tuple(explicit)
        near = [link for link in self._nearest(incident) if not _denied(link, denied)]
        return tuple(near) or (Link(incident, Tier.NONE),)

    def first_with(self, change: Change) -> Deployment | None:
        """The first deployment that brought a merged change to production."""
        return next((one for one in self._out if self.brings(one, change)), None)

    def brings(self, deployment: Deployment, change: Change) -> bool:
        """Whether a deployment's commit is known to contain a merged change: by the commit, else by when it landed."""
        if change.merged_at is None:
            return False
        if deployment.sha and deployment.sha == change.merge_sha:
            return True
        if deployment.repository and deployment.repository.casefold() != change.repository.casefold():
            return False
        landed = self._landed.get((change.repository.casefold(), deployment.sha or ""), {})
        return change.base in landed and landed[change.base] >= change.merged_at

    def _named(self, incident: Incident) -> Sequence[str]:
        """What the incident itself says it came from, and what was reverted or rolled back to end it."""
        own = incident.object.casefold()
        reverted = [name for change, closed in self._reverting if own in closed for name in change.reverts]
        where = struck(incident, self._policy)
        rolled_back = [
            mending.mends.object
            for mending in self._rollbacks
            if mending.mends and self._ended_by(incident, mending.deployment) and self.on(mending.mends, where)
            and incident.opened_at - WINDOW <= out_at(mending.mends) <= incident.opened_at
        ]  # fmt: skip
        return (*incident.root_causes, *reverted, *rolled_back)

    @staticmethod
    def _ended_by(incident: Incident, rollback: Deployment) -> bool:
        """Whether a rollback began while the incident hurt."""
        over = incident.closed_at or incident.last_event_at
        return incident.opened_at <= rollback.created_at and (incident.open or rollback.created_at <= over)

    def _explicit(self, incident: Incident, name: str) -> Link:
        kind = kind_of(name)
        change = self._by_name.get(name.casefold()) if kind == "change" else None
        deployment = None
        if kind == "deployment":
            deployment = next((one for one in self._out if one.object.casefold() == name.casefold()), None)
        elif kind == "commit":
            changes = (one for one in self._changes if is_commit(name, one))
            change = next((one for one in changes if self._within(one, incident, name)), None)
            deployed = (one for one in self._out if _deploys(one, name))
            deployment = next((one for one in deployed if self.may_mean(incident, name, one)), None)
        if change is not None and deployment is None:
            deployment = self.first_with(change)
        return Link(incident, Tier.EXPLICIT, deployment, change, _hours(deployment, incident), name)

    def _nearest(self, incident: Incident) -> list[Link]:
        """Deployments on what it struck that were out within the window, or still going out as it began."""
        where = struck(incident, self._policy)
        start = bisect_left(self._times, incident.opened_at - WINDOW)
        found = [
            Link(incident, Tier.SAME_SERVICE, one, self._by_sha.get(one.sha or ""), _hours(one, incident))
            for one in self._out[start:]
            if one.created_at <= incident.opened_at and self.on(one, where)
        ]
        return sorted(
            found, key=lambda link: (link.hours_before or 0.0, link.deployment.object if link.deployment else "")
        )

    def may_mean(self, incident: Incident, name: str, deployment: Deployment) -> bool:
        """Whether an incident that names a commit may mean that of a deployment.

        Where the name says no repository, it is one of the services that the incident names, if it names any.
        """
        return not (is_bare(name) and incident.services) or self.on(deployment, struck(incident, self._policy))

    def _within(self, change: Change, incident: Incident, name: str) -> bool:
        """The same of a change: it is of a repository that was struck, or that goes by the name of such a service."""
        if not (is_bare(name) and incident.services):
            return True
        where, repository = struck(incident, self._policy), change.repository.casefold()
        return repository in where.repositories or not short_names([repository]).isdisjoint(where.services)

    def on(self, deployment: Deployment, where: Struck) -> bool:
        """Whether a deployment is of what was struck; one that names no service is of all of its repository's."""
        if deployment.service is None:
            return (deployment.repository or "").casefold() in where.repositories
        name = deployment.service.casefold()
        own = {key.casefold() for key in self._policy.services}
        return name in where.services or (name not in own and name in short_names(where.repositories))


def is_commit(name: str, change: Change) -> bool:
    """Whether a commit's name is the one that a change was merged as; it may be cut short, or name no repository."""
    return kind_of(name) == ObjectKind.COMMIT and _is_sha(name, change.merge_sha, change.repository)


def is_bare(commit: str) -> bool:
    """Whether a commit's name says no repository: ``commit:@1f2e3d4``."""
    return kind_of(commit) == ObjectKind.COMMIT and subject_of(commit).startswith("@")


def _deploys(deployment: Deployment, commit: str) -> bool:
    return _is_sha(commit, deployment.sha, deployment.repository)


def _is_sha(commit: str, sha: str | None, repository: str | None) -> bool:
    named, _, beginning = subject_of(commit).casefold().rpartition("@")
    if not sha or len(beginning) < _SHORTEST_SHA or not sha.casefold().startswith(beginning):
        return False
    return not named or repository is None or named == repository.casefold()


def _denied(link: Link, denied: set[str]) -> bool:
    """Whether a person said that the incident does not come from this."""
    names = {link.named.casefold()}
    names |= {link.deployment.object.casefold()} if link.deployment else set()
    names |= {link.change.object.casefold()} if link.change else set()
    commit = link.change and any(is_commit(name, link.change) for name in denied)
    deployed = link.deployment and any(kind_of(name) == "commit" and _deploys(link.deployment, name) for name in denied)
    return bool(names & denied or commit or deployed)


def _hours(deployment: Deployment | None, incident: Incident) -> float | None:
    if deployment is None:
        return None
    return max(0.0, (incident.opened_at - out_at(deployment)) / _HOUR)
