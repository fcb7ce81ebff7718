"""Did anybody watch these services for incidents, so that their silence means that all was well?

Source: definitions, "Stabilization": stable is a whole quiet period during which an incident source covered every
service concerned. Which sources watch a service, ``[services.KEY] watched_by`` says. Where it says nothing, a source
watches whatever it ever told an incident of. A source that was silent for longer than ``[sources] silent_hours`` before
the period was over vouches for nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.counting import series
from assistant.policy import Policy
from assistant.struck import place_of
from assistant.unknowns import Unknown
from storage.facts import Facts, Freshness
from storage.records import Incident

KEY = "not_watched"
_CALLED = {"github": "GitHub", "pagerduty": "PagerDuty", "cdevents": "CDEvents"}


@dataclass(frozen=True, slots=True)
class Concerned:
    """What has to be quiet: services that are configured, by key, and repositories of which no service is."""

    services: tuple[str, ...]
    repositories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which sources watched; ``gap`` says what was not watched and what would change that, None where all was."""

    sources: tuple[str, ...]
    gap: Unknown | None = None


def concerned(repositories: Iterable[str], policy: Policy, services: Iterable[str] = ()) -> Concerned:
    """What is concerned by work in these repositories, and these services themselves."""
    wanted = {name.casefold(): name for name in repositories}
    own = [key for key, service in policy.services.items() if service.repository.casefold() in wanted]
    served = {policy.services[key].repository.casefold() for key in own}
    keys = tuple(dict.fromkeys((*own, *(key for key in services if key in policy.services))))
    return Concerned(keys, tuple(name for folded, name in sorted(wanted.items()) if folded not in served))


def coverage_of(what: Concerned, until: datetime, facts: Facts, policy: Policy) -> Coverage:
    """Whether sources that were heard at, or shortly before, the end of a period watched all that is concerned."""
    limit = until - timedelta(hours=policy.sources.silent_hours)
    telling = _telling(what, facts.incidents, policy)
    sources: list[str] = []
    unwatched: list[str] = []
    silent: list[str] = []
    for name in (*what.services, *what.repositories) or ("it",):
        configured = watched_by(name, policy)
        watching = configured or telling
        heard = [source for source in watching if heard_at(source, facts.freshness, limit)]
        sources += heard
        if not watching:
            unwatched.append(name)
        elif not heard:
            silent += watching
    return Coverage(tuple(dict.fromkeys(sources)), _gap(unwatched, silent))


def watched_by(service: str, policy: Policy) -> tuple[str, ...]:
    """The sources that the configuration names for a service; empty where it names none."""
    entry = policy.services.get(service)
    return entry.watched_by if entry else ()


def heard_at(source: str, freshness: Freshness, limit: datetime) -> bool:
    """Whether a source was heard at or after an instant."""
    told = (freshness.newest_event.get(source), freshness.newest_receipt.get(source))
    return any(at is not None and at >= limit for at in told)


def _telling(what: Concerned, incidents: Iterable[Incident], policy: Policy) -> tuple[str, ...]:
    """The sources that ever told of an incident of what is concerned; of anything where nobody knows what is."""
    place = place_of(what.services, what.repositories, policy)
    known = bool(what.services or what.repositories)
    return tuple(dict.fromkeys(one.source for one in incidents if not known or place.hit_by(one)))


def _gap(unwatched: Sequence[str], silent: Sequence[str]) -> Unknown | None:
    if unwatched:
        names = series(unwatched)
        return Unknown(
            KEY, f"Nobody is known to watch {names} for incidents, so that nothing was heard says nothing.",
            f"Connect what tells of incidents (PagerDuty, CDEvents, or issues with an incident label), and name it as "
            f"`watched_by` of {names} in the configuration.",
        )  # fmt: skip
    if silent:
        called = series([_CALLED.get(source, source) for source in dict.fromkeys(silent)])
        return Unknown(
            KEY, f"{called} fell silent, which would have told of incidents.",
            "Check its webhook's deliveries: once it is heard again, the quiet days count.",
        )  # fmt: skip
    return None
