"""Did anybody watch these services for incidents, so that their silence means that all was well?

Source: definitions, "Stabilization": stable is a whole quiet period during which an incident source covered every
service concerned; with a gap, unknown. Which sources watch a service, ``[services.KEY] watched_by`` says. Where it says
nothing, a source watches the services of which it ever told an incident, and no others. A source vouches for a period
only if it was heard before the period began and never fell silent until its end: it is silent once nothing was heard
of it for longer than ``[sources] silent_hours``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from assistant.counting import series
from assistant.policy import Policy
from assistant.struck import place_of
from assistant.unknowns import Unknown
from assistant.weeks import Span
from storage.facts import Facts

KEY = "not_watched"
_CALLED = {"github": "GitHub", "pagerduty": "PagerDuty", "cdevents": "CDEvents", "jira": "Jira"}
_CONNECT = (
    "Connect what tells of incidents (PagerDuty, CDEvents, or issues with an incident label), and name it as "
    "`watched_by` of {names} in the configuration."
)
_CHECK = "Check its webhook's deliveries: days on which it is heard count."


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


class Watch:
    """Who watches what, and over which stretches; made once for many periods."""

    def __init__(self, facts: Facts, policy: Policy) -> None:
        self._incidents, self._policy = facts.incidents, policy
        self._heard, self._silence = facts.heard, silence(policy)
        self._by_service: dict[str, list[str]] = {}
        self._by_repository: dict[str, list[str]] = {}
        for one in facts.incidents:
            for service in one.services:
                self._by_service.setdefault(service.casefold(), []).append(one.source)
            if not one.services and one.repository:
                self._by_repository.setdefault(one.repository.casefold(), []).append(one.source)

    def over(self, what: Concerned, period: Span) -> Coverage:
        """Whether each service that is concerned was watched all through a period."""
        sources: list[str] = []
        unwatched: list[str] = []
        silent: list[str] = []
        for name, watching in self._watching(what):
            vouching = [source for source in watching if self._vouches(source, period)]
            sources += vouching
            if not watching:
                unwatched.append(name)
            elif not vouching:
                silent += watching
        return Coverage(tuple(dict.fromkeys(sources)), self._gap(unwatched, tuple(dict.fromkeys(silent)), period))

    def all_through(
        self, what: Concerned, begins: npt.NDArray[np.float64], ends: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.bool_]:
        """The same of many periods, columns of epoch seconds: which of them were watched."""
        watched = np.ones(len(begins), dtype=np.bool_)
        for _, watching in self._watching(what):
            vouched = np.zeros(len(begins), dtype=np.bool_)
            for first, last in (stretch for source in watching for stretch in self._heard.get(source, ())):
                vouched |= (begins >= first.timestamp()) & (ends <= (last + self._silence).timestamp())
            watched &= vouched
        return watched

    def _watching(self, what: Concerned) -> list[tuple[str, tuple[str, ...]]]:
        """Each service or repository that is concerned, and which sources watch it."""
        if not (what.services or what.repositories):  # nobody knows what is: whoever told of anything
            return [("it", tuple(dict.fromkeys(one.source for one in self._incidents)))]
        services = [(key, watched_by(key, self._policy) or self._telling((key,), ())) for key in what.services]
        return services + [(name, self._telling((), (name,))) for name in what.repositories]

    def _telling(self, services: tuple[str, ...], repositories: tuple[str, ...]) -> tuple[str, ...]:
        """The sources that ever told of an incident of a service or a repository."""
        place = place_of(services, repositories, self._policy)
        told = [source for name in sorted(place.names) for source in self._by_service.get(name, ())]
        told += [s for name in sorted(place.where.repositories) for s in self._by_repository.get(name, ())]
        return tuple(dict.fromkeys(told))

    def _vouches(self, source: str, period: Span) -> bool:
        stretches = self._heard.get(source, ())
        return any(first <= period.begin and period.end <= last + self._silence for first, last in stretches)

    def _gap(self, unwatched: Sequence[str], silent: Sequence[str], period: Span) -> Unknown | None:
        if unwatched:
            names = series(unwatched)
            return Unknown(
                KEY, f"Nobody is known to watch {names} for incidents, so that nothing was heard says nothing.",
                _CONNECT.format(names=names),
            )  # fmt: skip
        if not silent:
            return None
        told = (self._silent(source, period) for source in silent)
        says = next((said for said in told if said), None)
        if says is None:
            called = series([_CALLED.get(source, source) for source in silent])
            says = f"{called} fell silent, which would have told of incidents."
        return Unknown(KEY, says, _CHECK)

    def _silent(self, source: str, period: Span) -> str | None:
        """When a source was not heard that was heard at the end of a period; None where it was not."""
        heard, called = self._heard.get(source, ()), _CALLED.get(source, source)
        if not heard or heard[-1][1] + self._silence < period.end:
            return None
        if heard[0][0] > period.begin:
            return f"{called} is not known to have been heard before {_day(heard[0][0])}: the days before say nothing."
        begun, ended = next(
            (before[1], after[0])
            for before, after in pairwise(heard)
            if after[0] > period.begin and before[1] + self._silence < period.end
        )
        return f"{called} was silent from {_day(begun)} to {_day(ended)}: those days say nothing."


def silence(policy: Policy) -> timedelta:
    """How long a source may be silent and still be believed."""
    return timedelta(hours=policy.sources.silent_hours)


def watched_by(service: str, policy: Policy) -> tuple[str, ...]:
    """The sources that the configuration names for a service; empty where it names none."""
    entry = policy.services.get(service)
    return entry.watched_by if entry else ()


def _day(at: datetime) -> str:
    return f"{at.day} {at:%b %Y}"
