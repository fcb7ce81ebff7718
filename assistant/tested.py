"""When was each change with QA: from handed over to done, by itself, with a ticket, its release or its service?

Source: definitions, "The customer's clock". A handoff about a change, or about a ticket that it closes, is of that
change whenever it merged. One about a release is of its members, one about a service of its next: of what had merged
by when it was done and was not in production before it was handed over.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from assistant.calendar import Calendar, Floats
from assistant.handoffs.concerning import within
from assistant.handoffs.history import Stretch, stretches
from assistant.handoffs.later import release_of
from assistant.membership import members_of
from assistant.policy import Policy
from assistant.policy.handing import TESTERS
from assistant.scoped import Scoped
from storage.facts import Facts, Flow
from storage.indexing import repository_in
from storage.naming import kind_of, service_object
from storage.records import Handoff, ObjectKind

_DAY = 86_400.0


Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class WithTesters:
    """The times in which changes were with QA: columns of one length, ``of`` the place of the change.

    In the order of those places. ``taken`` is when QA took it up, ``ended`` when it was over; NaN where neither has
    happened yet.
    """

    of: Places
    began: Floats
    taken: Floats
    ended: Floats


_NONE = np.empty(0)
NEVER_TESTED = WithTesters(_NONE.astype(np.int64), _NONE, _NONE, _NONE)


def to_testers(parameters: Scoped, policy: Policy) -> tuple[Handoff, ...]:
    """The handoffs that were QA's at any time, of those that may be about anything in the scope."""
    found = within(parameters.handoffs, parameters.subject, policy)
    return tuple(one for one in found if any(stretch.function == TESTERS for stretch in stretches(one)))


def with_testers(flow: Flow, facts: Facts, parameters: Scoped, policy: Policy) -> WithTesters:
    """The times with QA of the changes of a flow; what was taken back before it was done is no test."""
    scope, found = _Scope(flow, facts, parameters, policy), list[tuple[Places, Stretch]]()
    for handoff in to_testers(parameters, policy):
        its = (one for one in stretches(handoff) if one.function == TESTERS and (one.done or one.ended is None))
        found += [(scope.places(handoff, one), one) for one in its]
    if not found:
        return NEVER_TESTED
    of = np.concatenate([places for places, _ in found])
    counts, order = [len(places) for places, _ in found], np.argsort(of, kind="stable")
    times = ([one.began for _, one in found], [one.taken for _, one in found], [one.ended for _, one in found])
    return WithTesters(of[order], *(np.repeat(_seconds(column), counts)[order] for column in times))


class _Scope:
    """The changes of a flow, found by what a handoff is about."""

    def __init__(self, flow: Flow, facts: Facts, parameters: Scoped, policy: Policy) -> None:
        self._flow, self._facts, self._viewer, self._policy = flow, facts, parameters.viewer, policy
        self._where = np.array([repository_in(name).casefold() for name in flow.objects], dtype=np.object_)
        self._of: dict[str, list[int]] = {}
        for place, name in enumerate(flow.objects):
            self._of.setdefault(name.casefold(), []).append(place)
        for place, ticket in flow.closes:
            self._of.setdefault(ticket.casefold(), []).append(place)

    def places(self, handoff: Handoff, stretch: Stretch) -> Places:
        """The places of the changes that were tested in one stretch of a handoff."""
        about = handoff.about.casefold()
        its = np.array(self._made_of(about), dtype=np.int64)
        if kind_of(about) in {ObjectKind.CHANGE, ObjectKind.TICKET}:
            return its
        ended = np.inf if stretch.ended is None else stretch.ended.timestamp()
        out_before = self._flow.deployed[its] < stretch.began.timestamp()
        return its[(self._flow.merged[its] <= ended) & ~out_before]

    def _made_of(self, about: str) -> Sequence[int]:
        """The changes of a thing; those of a release or service are looked up once."""
        kind = kind_of(about)
        if about not in self._of and kind == ObjectKind.RELEASE:
            members = members_of(release_of(about, self._policy), self._facts, self._policy, self._viewer)
            names = [change.object.casefold() for change in members.changes]
            self._of[about] = [place for name in names for place in self._of.get(name, ())]
        elif about not in self._of and kind == "service":
            services = self._policy.services.items()
            where = [one.repository.casefold() for key, one in services if service_object(key) == about]
            self._of[about] = np.flatnonzero(np.isin(self._where, where)).tolist()
        return self._of.get(about, ())


@dataclass(frozen=True, slots=True)
class Sums:
    """What tests by QA come to, a row for each change, NaN where QA had none of it or is not through with it.

    ``days`` are those in which it was with QA or waited for checks, ``beside`` the part with QA while it was also being
    made, reviewed or deployed, ``waited`` the business hours until QA took it up.
    """

    days: Floats
    beside: Floats
    waited: Floats


def sums(flow: Flow, found: WithTesters, checks: WithTesters, calendar: Calendar) -> Sums:
    """Sum the tests of each change; time that counts as two of them counts once. ``checks`` are those of pipelines."""
    count = len(flow.objects)
    tested = np.isin(np.arange(count), found.of)
    over = np.bincount(found.of[np.isnan(found.ended)], minlength=count) == 0
    known = np.where(tested & over, 0.0, np.nan)
    ended = np.where(np.isnan(found.ended), found.began, found.ended)
    of = np.concatenate([found.of, checks.of])
    began, until = np.concatenate([found.began, checks.began]), np.concatenate([ended, checks.ended])
    out = np.where(np.isnan(flow.deployed), np.inf, flow.deployed)[found.of]
    first = np.maximum(found.began, flow.opened[found.of])
    hours = calendar.elapsed(found.began, found.taken)
    return Sums(
        _together(of, began, until, count) / _DAY + known,
        _together(found.of, first, np.maximum(first, np.minimum(ended, out)), count) / _DAY + known,
        _summed(found.of, hours, count) + np.where(tested, 0.0, np.nan),
    )


def _together(of: Places, began: Floats, ended: Floats, count: int) -> Floats:
    """How long the stretches of each change lasted together; what two of them share counts once.

    Each change is moved to a time of its own, so that one pass over all of them in order will do.
    """
    if not of.size:
        return np.zeros(count)
    apart = of * (float(ended.max() - began.min()) + 1.0)
    order = np.argsort(began + apart, kind="stable")
    since, until = (began + apart)[order], (ended + apart)[order]
    before = np.concatenate([[-np.inf], np.maximum.accumulate(until)[:-1]])
    lasted = np.maximum(0.0, until - np.maximum(since, before))
    return _summed(of[order], lasted, count)


def _summed(of: Places, values: Floats, count: int) -> Floats:
    return np.bincount(of, weights=values, minlength=count).astype(np.float64)


def _seconds(times: Iterable[datetime | None]) -> Floats:
    return np.array([np.nan if at is None else at.timestamp() for at in times], dtype=np.float64)
