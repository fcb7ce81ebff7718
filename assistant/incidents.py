"""Whose is an incident, on which services is it, and who may know of it?

A source of incidents names services as it calls them; ``[services.KEY] incidents`` says which of ours those are.
"""

from assistant.blockers.blocker import Owner
from assistant.people import People
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.records import Incident, Ticket

# Where no customer is, unless the configuration calls it production.
_ELSEWHERE = frozenset({
    "ci", "dev", "development", "local", "pre-production", "preprod", "preview", "qa", "sandbox", "stage", "staging",
    "test", "testing", "uat",
})  # fmt: skip


def services_of(incident: Incident, policy: Policy) -> tuple[str, ...]:
    """The configured services that an incident names, by their keys or as its source calls them."""
    named = {name.casefold() for name in incident.services}
    return tuple(
        key
        for key, service in policy.services.items()
        if named & {key.casefold(), *(name.casefold() for name in service.incidents)}
    )


def may_see(incident: Incident, viewer: Viewer, policy: Policy) -> bool:
    """Whether somebody may know of an incident: who sees its repository, else one of its services'.

    One on no service that is known is for members of the workspace.
    """
    if incident.repository is not None:
        return viewer.may_see(incident.repository)
    services = services_of(incident, policy)
    if not services:
        return viewer.inside
    return any(viewer.may_see(policy.services[key].repository) for key in services)


def in_production(incident: Incident, policy: Policy) -> bool:
    """Whether it can hurt customers: it says no environment, or none that is known to have no customers."""
    where = (incident.environment or "").casefold()
    return where not in _ELSEWHERE or where in policy.production()


def commanders(incident: Incident | Ticket, people: People) -> tuple[Owner, ...]:
    """Who is on it: known people under their own names, others as its source calls them; bots own nothing."""
    called = dict(zip(incident.assignees, incident.names, strict=False))
    found: dict[str, Owner] = {}
    for key in incident.assignees:
        if people.is_bot(key):
            continue
        owner = people.owner(key)
        if people.person(key) is None and called.get(key):
            owner = Owner(key, called[key])
        found.setdefault(owner.key.casefold(), owner)
    return tuple(found.values())
