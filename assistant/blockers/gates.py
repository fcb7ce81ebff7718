"""Which gates stand in the way that are nobody's work: freezes, waits outside, a release that is not quiet yet?"""

from collections.abc import Iterable
from datetime import datetime

from assistant.blockers.blocker import CLOCK, Blocker, BlockerKind, NextAction
from assistant.situation import Situation
from storage.naming import release_object, subject_of
from storage.records import Freeze


def of_externals(situation: Situation) -> Iterable[Blocker]:
    """Outside waits that a person declared for the release and nobody closed."""
    wanted = (situation.subject.object or "").casefold()
    for external in situation.facts.externals:
        if external.closed_at is not None or external.release.casefold() != wanted:
            continue
        owners = situation.owners((external.owner,), (external.by,))
        since = min(external.began_at, situation.now)
        yield Blocker(
            kind=BlockerKind.EXTERNAL,
            object=external.object,
            subject=external.title,
            title=external.title,
            url=external.url,
            owners=owners,
            waiting_since=since,
            waiting_hours=situation.waited(since, owners),
            next_action=NextAction.CLOSE_EXTERNAL,
            turn=BlockerKind.EXTERNAL,
            turn_began_at=since,
            ends_at=external.ends_at,
        )


def freezes_of(situation: Situation) -> tuple[Freeze, ...]:
    """The freezes to come, or under way, that cover a service of the subject, by when they begin."""
    covered = [f for f in situation.facts.freezes if f.lifted_at is None and f.ends_at > situation.now]
    ours = _places(situation)
    covered = [f for f in covered if not f.services or ours & {service.casefold() for service in f.services}]
    return tuple(sorted(covered, key=lambda freeze: (freeze.begins_at, freeze.object)))


def of_freeze(freeze: Freeze, situation: Situation) -> Blocker:
    """The blocker that a freeze is when the expected ship time falls into it; owned by who declared it."""
    owners = situation.owners((freeze.by,))
    since = min(freeze.begins_at, situation.now)
    services = ", ".join(freeze.services) or "every service"
    return Blocker(
        kind=BlockerKind.FREEZE,
        object=freeze.object,
        subject=subject_of(freeze.object),
        title=f"Deployment freeze of {services}: {freeze.reason}",
        url=None,
        owners=owners,
        waiting_since=since,
        waiting_hours=situation.waited(since, owners),
        next_action=NextAction.LIFT_FREEZE if freeze.begins_at > situation.now else NextAction.WAIT_FOR_END,
        turn=BlockerKind.FREEZE,
        turn_began_at=since,
        ends_at=freeze.ends_at,
    )


def of_previous(version: str, since: datetime, ends_at: datetime | None, situation: Situation) -> Blocker:
    """The blocker that a previous release is while it is not quiet, where the policy says that it blocks."""
    product = situation.subject.product or ""
    return Blocker(
        kind=BlockerKind.STABILIZING,
        object=release_object(product, version),
        subject=f"{product} {version}",
        title=f"{product} {version} is not quiet yet",
        url=None,
        owners=(CLOCK,),
        waiting_since=min(since, situation.now),
        waiting_hours=situation.waited(min(since, situation.now), ()),
        next_action=NextAction.WAIT_FOR_END,
        turn=BlockerKind.STABILIZING,
        turn_began_at=min(since, situation.now),
        ends_at=ends_at,
    )


def _places(situation: Situation) -> frozenset[str]:
    """The services of the subject that have something in it, else all of them; a repository may be named for one."""
    members = {change.repository.casefold() for change in situation.members.changes}
    members |= {ticket.repository.casefold() for ticket in situation.members.tickets}
    repositories = members or {name.casefold() for name in situation.subject.repositories or ()}
    services = {
        service
        for service in situation.subject.services
        if situation.policy.services[service].repository.casefold() in repositories
    }
    tails = {name.rpartition("/")[2] for name in repositories}
    return frozenset({service.casefold() for service in services} | repositories | tails)
