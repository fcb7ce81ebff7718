"""Who may decide what, and what does somebody read who may not?

The only place that knows. ``[decide] who`` lists roles (owner, delegates, leads, anyone) and people; ``seconds`` are
those who may second the waiver of a hard gate. Guests and outsiders may do nothing.
"""

from collections.abc import Iterable

from assistant.deciding import LONGEST_NAME, Records, Refused, cleaned, spoken
from assistant.people import people_of
from assistant.persons import ask, listed, same_as_any
from assistant.policy import Policy
from assistant.policy.model import near
from assistant.scopes import repositories_of
from assistant.viewer import Viewer
from storage.naming import subject_of
from storage.records import AcceptedRisk, Release

_OUTSIDE = "Only members of this workspace decide here. Ask a member to do it."


def outsider(who: Viewer) -> Refused | None:
    """Refuse guests and people of other workspaces."""
    return None if who.inside else Refused(_OUTSIDE)


def unseen(subject: str, name: str = "", among: Iterable[str] = ()) -> Refused:
    """Refuse what is unknown and what is hidden in the same words, so that neither gives the other away.

    ``among`` are the names that the person may see: the one nearest to ``name`` is offered.
    """
    hint = near(name.casefold(), among) or "."
    return Refused(
        f"I know nothing of {subject} that you may see{hint} Check the spelling, or ask someone who works on it."
    )


def product_key(product: str, policy: Policy) -> str:
    """A product as the configuration writes it; casefolded where it is configured nowhere."""
    name = cleaned(product, LONGEST_NAME).casefold()
    return next((key for key in policy.products if key.casefold() == name), name)


def sees_product(product: str, who: Viewer, policy: Policy) -> bool:
    """Whether a person may know of a product: they may see one of its repositories, or it lists none."""
    repositories = repositories_of(policy, product)
    return any(map(who.may_see, repositories or (None,)))


def sees_release(release_object: str, who: Viewer, policy: Policy) -> bool:
    """Whether a person may know of a release: of its product."""
    return sees_product(subject_of(release_object).rpartition("@")[0], who, policy)


def sees_service(service: str, who: Viewer, policy: Policy) -> bool:
    """Whether a person may know of a service; one that is configured nowhere hides nothing."""
    entry = next((e for key, e in policy.services.items() if key.casefold() == service.casefold()), None)
    return entry is None or who.may_see(entry.repository)


def seen_release(records: Records, release_object: str, who: Viewer, policy: Policy) -> Release | Refused | None:
    """The release as this person may see it; None when nobody decided anything about it yet."""
    refused = outsider(who)
    if refused or not sees_release(release_object, who, policy):
        return refused or unseen(spoken(release_object))
    found = records.get(release_object)
    return found if isinstance(found, Release) else None


def planned_release(records: Records, release_object: str, who: Viewer, policy: Policy) -> Release | Refused:
    """The release, if this person may see it, somebody planned it, and it is still to come."""
    release = seen_release(records, release_object, who, policy)
    if isinstance(release, Refused):
        return release
    if release is None:
        return Refused(
            f"Nobody has planned {spoken(release_object)} yet. Plan it first: whoever plans it becomes its owner."
        )
    if release.ended:
        return Refused(f"{release.name} was {release.ended}. Plan it again, with a reason, to bring it back.")
    return release


def release_to_decide(records: Records, release_object: str, who: Viewer, policy: Policy) -> Release | Refused:
    """The release, if it is still to come and this person may decide about it."""
    release = planned_release(records, release_object, who, policy)
    return release if isinstance(release, Refused) else barred(release, who, policy) or release


def barred(release: Release, who: Viewer, policy: Policy) -> Refused | None:
    """Refuse whoever may not decide about this release, naming those who may."""
    if "anyone" in policy.decide.who:
        return None
    able = deciders(release, policy)
    if same_as_any(who.key, able, policy):
        return None
    if not able:
        return Refused(f"{release.name} has no owner. Become its owner first, by planning it.")
    return Refused(f"Only {listed(able, policy)} may decide about {release.name}. {ask(able, policy)}")


def deciders(release: Release, policy: Policy) -> tuple[str, ...]:
    """Everyone who may decide about a release, as person keys or accounts."""
    roles = {
        "owner": (release.owner,) if release.owner else (),
        "delegates": release.delegates,
        "leads": product_leads(release.product, policy),
        "anyone": (),
    }
    keys = (key for word in policy.decide.who for key in roles.get(word, (f"person/{word}",)))
    return tuple(dict.fromkeys(map(people_of(policy).settled, keys)))


def extra_people(policy: Policy) -> tuple[str, ...]:
    """The people whom the configuration lets decide about everything."""
    roles = {"owner", "delegates", "leads", "anyone"}
    return tuple(f"person/{word}" for word in policy.decide.who if word not in roles)


def product_leads(product: str, policy: Policy) -> tuple[str, ...]:
    """Who leads the teams of a product: those it lists, else those that share a repository with it."""
    entry = next((e for key, e in policy.products.items() if key.casefold() == product.casefold()), None)
    if entry is None:
        return ()
    mine = {name.casefold() for name in entry.repositories}
    sharing = [key for key, team in policy.teams.items() if mine & {name.casefold() for name in team.repositories}]
    return _leads(entry.teams or sharing, policy)


def service_stewards(services: Iterable[str], policy: Policy) -> tuple[str, ...]:
    """Who answers for services: their owners (a team: its lead, else all of it), and the leads of their teams.

    No services: every service, so whoever answers for any.
    """
    asked = {name.casefold() for name in services} or {name.casefold() for name in policy.services}
    owners = [s.owner for key, s in policy.services.items() if key.casefold() in asked and s.owner]
    teams = [key for key, team in policy.teams.items() if asked & {name.casefold() for name in team.services}]
    people = [key for owner in owners for key in _owner_people(owner, policy)]
    return tuple(dict.fromkeys([*people, *_leads(teams, policy), *extra_people(policy)]))


def barred_from(what: str, able: Iterable[str], who: Viewer, policy: Policy) -> Refused | None:
    """Refuse whoever is not among those able; where nobody is, or anyone may, it is anyone inside."""
    keys = tuple(able)
    if not keys or "anyone" in policy.decide.who or same_as_any(who.key, keys, policy):
        return None
    return Refused(f"Only {listed(keys, policy)} may {what}. {ask(keys, policy)}")


def no_second(standing: AcceptedRisk, who: Viewer, policy: Policy) -> Refused | None:
    """Refuse whoever can't be the second person for a proposal: its first, or somebody not allowed to second."""
    able = tuple(f"person/{key}" for key in policy.decide.seconds)
    others = tuple(key for key in able if not same_as_any(key, (standing.by,), policy))
    named = listed(others, policy) if others else "a member of the workspace other than you"
    if same_as_any(who.key, (standing.by,), policy):
        return Refused(f"You proposed this; a second person has to confirm it. Ask {named} to do the same.")
    if able and not same_as_any(who.key, able, policy):
        return Refused(f"Only {named} may second the waiver of a hard gate. {ask(others, policy)}")
    if who.key.startswith("terminal/") != standing.by.startswith("terminal/"):
        return Refused(
            f"{listed((standing.by,), policy)} proposed this, and I can't tell whether that is you. "
            "Add both of you to [people] in the configuration, then confirm."
        )
    return None


def _owner_people(owner: str, policy: Policy) -> tuple[str, ...]:
    if owner in policy.people:
        return (f"person/{owner}",)
    team = policy.teams.get(owner)
    if team is None:
        return ()
    return (f"person/{team.lead}",) if team.lead else tuple(f"person/{key}" for key in team.members)


def _leads(teams: Iterable[str], policy: Policy) -> tuple[str, ...]:
    found = (policy.teams[key].lead for key in teams if key in policy.teams)
    return tuple(dict.fromkeys(f"person/{lead}" for lead in found if lead))
