"""Which deployments failed, which only mended what had failed, and how long did it take to recover?

Deployments are counted, not incidents; failed runs of a pipeline are no deployments. Sources: definitions,
"Stabilization"; DORA's five metrics for the names. A deployment failed for certain (explicit) where an incident names
it or its change, where a rollback took its place, or where what it brought was reverted later; it may have failed
(same service) where it went to a service within 72 hours before an incident began there, or before a hotfix took its
place. How long the recovery took is known from incidents, and from rollbacks within those 72 hours: of a hotfix or a
revert alone nobody can tell since when it hurt.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import numpy as np

from assistant.links import WINDOW, Link, Links, Tier, is_bare
from assistant.mending import Mending, Purpose, out_at, successes
from assistant.policy import Policy
from storage.facts import Facts, Flow
from storage.indexing import repository_in
from storage.naming import kind_of, subject_of
from storage.records import Deployment, Incident

_HOUR = timedelta(hours=1)
_DIGITS = 3  # of the seconds by which a deployment is known again
_SHORTEST = 7  # characters by which a commit is named
_FOR_EVER = 1e18  # seconds


@dataclass(frozen=True, slots=True)
class Recovery:
    """One failure, once: what it is known by, when it began to hurt, and after how many hours it was over."""

    object: str
    began_at: datetime
    hours: float | None


@dataclass(frozen=True, slots=True)
class Failing:
    """Of the deployments that went out (oldest first) by object: which failed surely, maybe, and which only mended.

    ``over`` is when the last failure of a deployment was over, as epoch seconds; infinite while one lasts.
    """

    out: tuple[Deployment, ...]
    surely: frozenset[str]
    maybe: frozenset[str]
    rework: frozenset[str]
    recoveries: tuple[Recovery, ...]
    over: Mapping[str, float]


@dataclass(slots=True)
class _Found:
    surely: set[str] = field(default_factory=set)
    maybe: set[str] = field(default_factory=set)
    rework: set[str] = field(default_factory=set)
    recoveries: list[Recovery] = field(default_factory=list)
    over: dict[str, float] = field(default_factory=dict)

    def lasted(self, deployment: Deployment, until: datetime | None) -> None:
        """Note until when something that a deployment brought hurt."""
        ended = _FOR_EVER if until is None else until.timestamp()
        self.over[deployment.object] = max(ended, self.over.get(deployment.object, ended))


def carriers(flow: Flow, deployments: Iterable[Deployment], policy: Policy) -> list[Deployment | None]:
    """The deployment that brought each change to production, by its repository and the moment."""
    owner = {key.casefold(): service.repository.casefold() for key, service in policy.services.items()}
    by_moment: dict[tuple[str, float], Deployment] = {}
    for one in deployments:
        repository = (one.repository or "").casefold() or owner.get((one.service or "").casefold(), "")
        by_moment.setdefault((repository, round(out_at(one).timestamp(), _DIGITS)), one)
    moments = np.round(flow.deployed, _DIGITS).tolist()
    return [by_moment.get((_repository(name), at)) for name, at in zip(flow.objects, moments, strict=True)]


def failing(
    facts: Facts, incidents: Sequence[Incident], flow: Flow, carried: Sequence[Deployment | None], policy: Policy
) -> Failing:
    """Link these incidents, and what was rolled back, mended or reverted, to the deployments that brought them."""
    found = _Found()
    links = Links(facts.deployments, facts.changes, facts.landed, policy)
    named = _Named(flow, carried)
    for incident in incidents:
        known = [
            (link, link.deployment or named.of(link.named, partial(links.may_mean, incident, link.named)))
            for link in links.of(incident)
        ]
        _incident(incident, [(link, one) for link, one in known if one is not None], found)
    for mending in links.mendings:
        found.rework.add(mending.deployment.object)
        _mended(mending, found)
    for place, undone in flow.undone:
        mending_one, failed = carried[place], carried[undone]
        if mending_one and failed and mending_one.object != failed.object:
            found.surely.add(failed.object)
            found.lasted(failed, out_at(mending_one))
    found.rework |= {one.object for one, mends in zip(carried, flow.mends.tolist(), strict=True) if one and mends}
    return Failing(
        successes(facts.deployments), frozenset(found.surely), frozenset(found.maybe | found.surely),
        frozenset(found.rework), tuple(found.recoveries), found.over,
    )  # fmt: skip


def quiet_from(flow: Flow, carried: Sequence[Deployment | None], over: Mapping[str, float]) -> "np.ndarray":
    """When the quiet period of each change in production began: then, or when what it brought was mended."""
    ends = (over.get(one.object, 0.0) if one else 0.0 for one in carried)
    after = np.maximum(flow.deployed, np.fromiter(ends, dtype=np.float64, count=len(carried)))
    return np.where(after < _FOR_EVER, after, np.nan)


class _Named:
    """The deployments that brought the changes and commits that an incident may name."""

    def __init__(self, flow: Flow, carried: Sequence[Deployment | None]) -> None:
        self._flow, self._carried = flow, carried

    def of(self, name: str, meant: Callable[[Deployment], bool]) -> Deployment | None:
        """The deployment with a change, or with a commit (which may be cut short); None where it is not known.

        A commit that names no repository may be of any whose deployment may be ``meant``.
        """
        folded = name.casefold()
        if kind_of(name) == "commit":
            sha, repository = folded.rpartition("@")[2], repository_in(folded)
            begins = [place for place, known in enumerate(self._flow.shas) if known.startswith(sha)]
            places = [p for p in begins if is_bare(name) or _repository(self._flow.objects[p]) == repository]
            places = places if len(sha) >= _SHORTEST else []
        else:
            places = [place for place, change in enumerate(self._flow.objects) if change.casefold() == folded]
        found = [one for one in (self._carried[place] for place in places) if one is None or meant(one)]
        return found[0] if len(found) == 1 else None  # what could be several is none


def _incident(incident: Incident, known: Sequence[tuple[Link, Deployment]], found: _Found) -> None:
    until = None if incident.open else incident.closed_at or incident.last_event_at
    for link, deployment in known:
        (found.surely if link.tier is Tier.EXPLICIT else found.maybe).add(deployment.object)
        found.lasted(deployment, until)
    if known:
        hours = None if until is None else max(0.0, (until - incident.opened_at) / _HOUR)
        found.recoveries.append(Recovery(incident.object, incident.opened_at, hours))


def _mended(mending: Mending, found: _Found) -> None:
    """What a rollback took back failed; what a hotfix followed within the window may have.

    An incident that is linked to it tells more of when it hurt.
    """
    failed, by = mending.mends, mending.deployment
    if failed is None:
        return
    soon = by.created_at - out_at(failed) <= WINDOW
    if mending.purpose is Purpose.ROLLBACK:
        if soon and failed.object not in found.over:
            hours = max(0.0, (out_at(by) - out_at(failed)) / _HOUR)
            found.recoveries.append(Recovery(failed.object, out_at(failed), hours))
        found.surely.add(failed.object)
        found.lasted(failed, out_at(by))
    elif soon:
        found.maybe.add(failed.object)
        found.lasted(failed, out_at(by))


def _repository(change: str) -> str:
    return subject_of(change).rpartition("#")[0].casefold()
