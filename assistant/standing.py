"""Where does a subject stand between planned and stable, when is it due, and whose is it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.blockers.blocker import Blocker, BlockerKind, Owner
from assistant.situation import Situation
from assistant.stabilization import Stabilization, disturbances_of, stabilize
from assistant.subject import SubjectKind
from assistant.trains import next_cutoff
from storage.naming import version_key
from storage.records import ChangeState, Train

# These do not say that something of it has not shipped: they may as well begin afterwards.
_AFTER_SHIPPING = {
    BlockerKind.INCIDENT_OPEN, BlockerKind.BLOCKER_BUG, BlockerKind.EXTERNAL, BlockerKind.FREEZE,
    BlockerKind.STABILIZING,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """``state`` as the definitions name it (planned ... stable), None for what has no states.

    ``shipped_by`` says what the shipping rests on: a person's word, the deployments, or the published release.
    """

    state: str | None = None
    target: datetime | None = None
    owner: Owner | None = None
    shipped_at: datetime | None = None
    shipped_by: str | None = None
    clock: Stabilization | None = None


def standing_of(situation: Situation, blockers: Sequence[Blocker]) -> Standing:
    """The standing of a subject with these blockers, those let through left out."""
    kind, release = situation.subject.kind, situation.release
    target, owner = target_of(situation), None
    if release is not None and release.owner:
        owner = situation.people.owner(release.owner)
    if kind is SubjectKind.CHANGE:
        return _change(situation, target)
    if kind is not SubjectKind.RELEASE:
        return Standing(None, target, owner)
    if release is not None and release.ended:
        return Standing(release.ended, target, owner)
    shipped_at, by = _shipped(situation, blockers)
    if shipped_at is not None:
        changes = [c for c in situation.members.changes if c.state is ChangeState.MERGED]
        watched = bool(situation.facts.incidents)
        disturbances = disturbances_of(shipped_at, changes, situation.members.tickets, situation)
        clock = stabilize(shipped_at, changes, disturbances, situation.policy, situation.now, watched=watched)
        state = "shipped" if clock.state == "unknown" else clock.state
        return Standing(state, target, owner, shipped_at, by, clock)
    if _partly(situation, blockers):
        return Standing("shipping", target, owner)
    frozen = release is not None and release.scope_frozen_at is not None
    return Standing("scope_frozen" if frozen else "planned", target, owner)


def target_of(situation: Situation) -> datetime | None:
    """When it is due: as set here, else as its train leaves, else as its milestone says (the earliest, if several)."""
    release, subject = situation.release, situation.subject
    if release is not None and release.target is not None:
        return release.target
    train = _train(situation)
    if train is not None:
        return next_cutoff(train, situation.now)
    if subject.kind is not SubjectKind.RELEASE:
        return None
    due = [
        milestone.due_at
        for milestone in situation.facts.milestones
        if milestone.due_at and not milestone.deleted and version_key(milestone.title) in subject.keys
        and situation.concerns(milestone.repository)
        and situation.viewer.may_see(milestone.repository)
    ]  # fmt: skip
    return min(due, default=None)


def _train(situation: Situation) -> Train | None:
    boarded = situation.release.train if situation.release else None
    wanted = situation.subject.object if situation.subject.kind is SubjectKind.TRAIN else boarded
    return next((t for t in situation.facts.trains if wanted in {t.object, t.name} and t.ended_at is None), None)


def _change(situation: Situation, target: datetime | None) -> Standing:
    change = next(iter(situation.members.changes), None)
    reached = situation.production.reached(change) if change else None
    return Standing("shipped" if reached else None, target, None, reached, "deployments" if reached else None)


def _shipped(situation: Situation, blockers: Sequence[Blocker]) -> tuple[datetime | None, str | None]:
    """When everything in it was in production, by the strongest source there is: said, deployed, published."""
    release, members = situation.release, situation.members.changes
    if release is not None and release.shipped_at is not None:
        return release.shipped_at, "said"
    if any(situation.production.has_source(change.repository) for change in members):
        hindered = any(blocker.kind not in _AFTER_SHIPPING for blocker in blockers)
        reached = [at for change in members if (at := situation.production.reached(change))]
        return (max(reached), "deployments") if reached and not hindered else (None, None)
    published = [
        p.published_at
        for p in situation.facts.publications
        if p.published_at and not p.draft and not p.prerelease and not p.deleted
        and version_key(p.tag) in situation.subject.keys and situation.concerns(p.repository)
    ]  # fmt: skip
    return (min(published), "published") if published else (None, None)


def _partly(situation: Situation, blockers: Sequence[Blocker]) -> bool:
    if any(blocker.kind is BlockerKind.ROLLOUT_INCOMPLETE for blocker in blockers):
        return True
    merged = [c for c in situation.members.changes if c.state is ChangeState.MERGED]
    scheduled = situation.release is not None and situation.release.scope_frozen_at is not None
    return scheduled and any(situation.production.reached(change) for change in merged)
