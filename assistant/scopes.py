"""Which repositories, services, teams and version names make up a release, service, train, team or change?"""

import re
from collections.abc import Iterable

from assistant.policy import Policy
from assistant.subject import Subject, SubjectKind
from storage.naming import called, kind_of, release_object, subject_of, version_key
from storage.records import Train

EVERYTHING = "everything"  # the words that mean the whole workspace
_BETWEEN = (" ", "-", "/", "@", "_", ":")
_DIGITS = re.compile(r"(\d+)")


def product_of(policy: Policy, repository: str) -> str:
    """The product that a repository is part of.

    A repository of no configured product is one by itself; where no product is configured at all, everything is one
    product, called after the workspace.
    """
    if not policy.products:
        return whole_workspace(policy)
    folded = repository.casefold()
    for key, product in policy.products.items():
        if any(folded == name.casefold() for name in product.repositories):
            return key
    return repository


def whole_workspace(policy: Policy) -> str:
    """What the one product is called where none is configured."""
    return (policy.workspace.name or "workspace").casefold()


def repositories_of(policy: Policy, product: str) -> tuple[str, ...] | None:
    """The repositories of a product; None (anywhere) for a product that nobody configured."""
    for key, entry in policy.products.items():
        if key.casefold() == product.casefold():
            return entry.repositories
    return (product,) if policy.products and "/" in product else None


def teams_of(policy: Policy, repositories: Iterable[str] | None) -> tuple[str, ...]:
    """The teams that own any of these repositories; every team where they may be anywhere."""
    if repositories is None:
        return tuple(policy.teams)
    wanted = {name.casefold() for name in repositories}
    return tuple(key for key, team in policy.teams.items() if wanted & {r.casefold() for r in team.repositories})


def services_of(policy: Policy, repositories: Iterable[str] | None) -> tuple[str, ...]:
    """The services that are built from any of these repositories."""
    if repositories is None:
        return tuple(policy.services)
    wanted = {name.casefold() for name in repositories}
    return tuple(key for key, service in policy.services.items() if service.repository.casefold() in wanted)


def split_version(policy: Policy, name: str) -> tuple[str | None, str]:
    """Take a product's name off a release's: ``Checkout v2.4`` is (checkout, 2.4) where checkout is a product."""
    key = version_key(name)
    for product, entry in policy.products.items():
        for spelt in {product.casefold(), (entry.name or product).casefold()}:
            rest = key.removeprefix(spelt)
            if rest != key and rest[:1] in _BETWEEN and rest[1:].strip():
                return product, version_key(rest[1:])
    return None, key


def release_subject(policy: Policy, product: str, version: str) -> Subject:
    """The release of a product; its members may name it with the product's name in front or without."""
    key = version_key(version)
    repositories = repositories_of(policy, product)
    entry = policy.products.get(product)
    names = {product.casefold(), ((entry.name if entry else None) or product).casefold()}
    spelt = [f"{name}{between}{v}{key}" for name in sorted(names) for between in _BETWEEN for v in ("", "v")]
    return Subject(
        SubjectKind.RELEASE,
        name=f"{product} {key}",
        words=f"release {product} {key}",
        object=release_object(product, key),
        product=product,
        version=key,
        repositories=repositories,
        keys=(key, *spelt),
        services=services_of(policy, repositories),
        teams=(entry.teams if entry else ()) or teams_of(policy, repositories),
    )


def service_subject(policy: Policy, service: str) -> Subject:
    """A service's next: what its repository has merged and not deployed, or ready for review."""
    repositories = (policy.services[service].repository,)
    owning = tuple(key for key, team in policy.teams.items() if service in team.services)
    return Subject(
        SubjectKind.SERVICE,
        name=service,
        words=f"service {service}",
        repositories=repositories,
        services=(service,),
        teams=owning or teams_of(policy, repositories),
    )


def repository_subject(policy: Policy, repository: str) -> Subject:
    """A repository that no configured service is built from, as the service that it then is by itself."""
    return Subject(
        SubjectKind.SERVICE,
        name=repository,
        words=f"service {repository}",
        repositories=(repository,),
        teams=teams_of(policy, (repository,)),
    )


def train_subject(policy: Policy, train: Train) -> Subject:
    """A train's next departure, over all that its product is made of."""
    repositories = repositories_of(policy, train.product)
    return Subject(
        SubjectKind.TRAIN,
        name=train.name,
        words=f"train {train.name}",
        object=train.object,
        product=train.product,
        repositories=repositories,
        services=services_of(policy, repositories),
        teams=teams_of(policy, repositories),
    )


def team_subject(policy: Policy, team: str) -> Subject:
    """All that a team has in hand."""
    entry = policy.teams[team]
    return Subject(
        SubjectKind.TEAM,
        name=entry.name or team,
        words=f"team {team}",
        repositories=entry.repositories,
        services=entry.services or services_of(policy, entry.repositories),
        teams=(team,),
    )


def workspace_subject(policy: Policy) -> Subject:
    """Everything that the reader may see."""
    return Subject(
        SubjectKind.WORKSPACE,
        name=policy.workspace.name or "everything",
        words=EVERYTHING,
        services=tuple(policy.services),
        teams=tuple(policy.teams),
    )


def change_subject(policy: Policy, object_name: str) -> Subject:
    """One change or ticket."""
    name = called(object_name)
    repositories = (subject_of(object_name).rpartition("#")[0],)
    return Subject(
        SubjectKind.CHANGE,
        name=name,
        words=name if kind_of(object_name) == "change" else f"ticket {name}",
        object=object_name,
        repositories=repositories,
        services=services_of(policy, repositories),
        teams=teams_of(policy, repositories),
    )


def version_order(version: str) -> tuple[tuple[int, int, str], ...]:
    """A key by which 2.10 comes after 2.9."""
    parts = (part for part in _DIGITS.split(version) if part)
    return tuple((1, int(part[:18]), "") if part.isdigit() else (0, 0, part) for part in parts)
