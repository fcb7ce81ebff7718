"""What does an incident hurt: which services, and so whose deployments and releases does it concern?"""

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.policy import Policy
from storage.records import Incident


@dataclass(frozen=True, slots=True)
class Struck:
    """Where an incident hurts: names of services, and the repositories of those that are configured; casefolded."""

    services: frozenset[str]
    repositories: frozenset[str]


def struck(incident: Incident, policy: Policy) -> Struck:
    """The services that an incident names, by key or as its source calls them; else its repository and its services."""
    named = {name.casefold() for name in incident.services}
    if not named:
        repository = (incident.repository or "").casefold()
        own = {key.casefold() for key, s in policy.services.items() if s.repository.casefold() == repository}
        return Struck(frozenset(own), frozenset({repository} - {""}))
    found, repositories = set(named), set()
    for key, service in policy.services.items():
        if named & {key.casefold(), service.repository.casefold(), *(name.casefold() for name in service.incidents)}:
            found.add(key.casefold())
            repositories.add(service.repository.casefold())
    return Struck(frozenset(found), frozenset(repositories | {name for name in named if "/" in name}))


@dataclass(frozen=True, slots=True)
class Place:
    """What may be struck: every name by which an incident may call a service of it, and its repositories."""

    names: frozenset[str]
    where: Struck

    def hit_by(self, incident: Incident) -> bool:
        """Whether an incident is there: by the services that it names, else by its repository."""
        if incident.services:
            return any(name.casefold() in self.names for name in incident.services)
        return (incident.repository or "").casefold() in self.where.repositories


def place_of(services: Iterable[str], repositories: Iterable[str], policy: Policy) -> Place:
    """The place of configured services, by key, and of repositories that none is built from."""
    entries = {key: policy.services[key] for key in services}
    alone = {name.casefold() for name in repositories}
    own = {entry.repository.casefold() for entry in entries.values()}
    names = {name.casefold() for key, entry in entries.items() for name in (key, *entry.incidents)}
    where = Struck(frozenset(key.casefold() for key in entries), frozenset(own | alone))
    return Place(frozenset(names | own | short_names(alone)), where)


def short_names(repositories: Iterable[str]) -> set[str]:
    """What repositories may be called, in full and without their owner, as services that nobody configured are."""
    return {name for full in repositories for name in (full, full.rpartition("/")[2])}
