"""Is what shipped quiet yet: how many quiet days of how many, what started them anew, and when would it be stable?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.membership import labelled
from assistant.origin import Origin, origin_of_all
from assistant.policy import Policy
from assistant.risk import Band, risk_of, worst
from assistant.situation import Situation
from storage.naming import kind_of, subject_of
from storage.records import Change, Ticket

WINDOW = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Disturbance:
    """Something that starts the quiet days anew: its cause, when it began, and when it was over (None: not yet)."""

    cause: str
    began_at: datetime
    over_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stabilization:
    """The state of the clock. ``state`` is stabilizing, stable or unknown (nobody watched for incidents).

    ``ends_at`` is when it is stable if nothing happens, None while a disturbance lasts.
    """

    state: str
    shipped_at: datetime
    needed: timedelta
    quiet: timedelta
    ends_at: datetime | None
    restarts: tuple[Disturbance, ...] = ()


def stabilize(  # noqa: PLR0913  # what the definition of the quiet period names
    shipped_at: datetime,
    changes: Sequence[Change],
    disturbances: Iterable[Disturbance],
    policy: Policy,
    now: datetime,
    *,
    watched: bool,
) -> Stabilization:
    """Count the quiet days since shipping or the last disturbance. Source: definitions, "Stabilization"."""
    restarts = tuple(sorted((d for d in disturbances if d.began_at >= shipped_at), key=lambda d: d.began_at))
    needed = quiet_period(changes, policy)
    lasting = any(d.over_at is None for d in restarts)
    began = max([shipped_at, *(d.over_at for d in restarts if d.over_at)])
    quiet = timedelta(0) if lasting else max(timedelta(0), now - began)
    ends_at = None if lasting else began + needed
    whole = ends_at is not None and now >= ends_at
    state = "stabilizing" if not whole else "stable" if watched else "unknown"
    return Stabilization(state, shipped_at, needed, quiet, ends_at, restarts)


def quiet_period(changes: Sequence[Change], policy: Policy) -> timedelta:
    """The quiet time that a release of these changes needs: by its riskiest change, and by its origin by lines."""
    rules = policy.stabilization
    band = worst(risk_of(change).band for change in changes)
    days = rules.quiet_days[{Band.LOW: 0, Band.HIGH: 2}.get(band, 1)]
    origin, _ = origin_of_all(changes, policy)
    factors = {Origin.HUMAN_HEAVY: rules.human_heavy, Origin.MIXED: rules.mixed, Origin.AI_HEAVY: rules.ai_heavy}
    return timedelta(days=days * factors.get(origin, rules.unknown))


def disturbances_of(
    shipped_at: datetime, changes: Sequence[Change], tickets: Iterable[Ticket], situation: Situation
) -> list[Disturbance]:
    """What disturbed a release after it shipped: incidents, reverts of its changes, its blockers opened again.

    An incident counts when it names a change of the release, or began on its service within the window.
    """
    found = [
        Disturbance(f"incident {subject_of(i.object)}", i.opened_at, None if i.open else i.closed_at or i.last_event_at)
        for i in situation.facts.incidents
        if situation.viewer.may_see(i.repository) and _attributed(i, shipped_at, changes, situation)
    ]
    names = {change.object for change in changes} | {_commit(change) for change in changes if change.merge_sha}
    found += [
        Disturbance(f"revert {subject_of(change.object)}", change.merged_at, change.merged_at)
        for change in situation.changes.values()
        if change.merged_at and names & set(change.reverts)
    ]
    for ticket in tickets:
        reopened = ticket.reopened_at
        if reopened and labelled(ticket, situation.policy.labels.blocker):
            found.append(Disturbance(f"reopened {subject_of(ticket.object)}", reopened, ticket.closed_at))
    return found


def _attributed(incident: Ticket, shipped_at: datetime, changes: Sequence[Change], situation: Situation) -> bool:
    if any(_names(cause, change) for cause in incident.root_causes for change in changes):
        return True
    return situation.concerns(incident.repository) and shipped_at <= incident.opened_at <= shipped_at + WINDOW


def _names(cause: str, change: Change) -> bool:
    """Whether a stated cause is this change or its merge, by a commit that may be abbreviated."""
    if kind_of(cause) != "commit":
        return cause.casefold() == change.object.casefold()
    return _commit(change).casefold().startswith(cause.casefold()) if change.merge_sha else False


def _commit(change: Change) -> str:
    return f"commit:{change.repository}@{change.merge_sha}"
