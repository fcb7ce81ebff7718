"""Which repositories are those of what a handoff is about?"""

from assistant.policy import Policy
from assistant.scopes import repositories_of
from storage.naming import built_from, kind_of, subject_of
from storage.records import ObjectKind


def kept_in(about: str, policy: Policy) -> tuple[str, ...] | None:
    """The repositories that hold a thing: of a release its product's, of a service the one that it is built from.

    None: any, as for a product that nobody configured; none at all for a service that nobody did.
    """
    kind, name = kind_of(about), subject_of(about)
    if kind == ObjectKind.RELEASE:
        return repositories_of(policy, name.rpartition("@")[0])
    if kind == "service":
        where = built_from(name, {key: entry.repository for key, entry in policy.services.items()})
    else:
        where = name.rpartition("#")[0]
    return (where,) if where else ()


def lands_in(about: str, policy: Policy) -> tuple[str, ...] | None:
    """The repositories in which what is part of a thing lands: a ticket is closed from any."""
    return None if kind_of(about) == ObjectKind.TICKET else kept_in(about, policy)
