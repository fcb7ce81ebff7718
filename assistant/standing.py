"""Where does a subject stand between planned and stable, when is it due, and whose is it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.blockers.blocker import Blocker, BlockerKind, Owner
from assistant.disturbances import Shipped
from assistant.shipping import out_of
from assistant.shipping_gaps import shipping_gaps
from assistant.situation import Situation
from assistant.stabilization import Stabilization
from assistant.subject import SubjectKind
from assistant.trains import next_cutoff
from assistant.unknowns import Unknown
from storage.naming import version_key
from storage.records import ChangeState, Train

CLOSED = "closed_unmerged"
_ENDED = {"cancelled", "superseded", CLOSED}
# These do not say that something of it has not shipped: they stand beside it, or began afterwards.
_BESIDE = {
    BlockerKind.INCIDENT_OPEN, BlockerKind.FREEZE, BlockerKind.STABILIZING, BlockerKind.HANDOFF_OPEN,
    BlockerKind.ENABLEMENT_MISSING,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """``state`` as the definitions name it (planned ... stable), None for what has no states.

    ``shipped_by`` says what the shipping rests on: a person's word (said), the deployments, the published release, or
    both of these. ``untold`` is why nobody can tell whether it has shipped; empty where it is known.
    """

    state: str | None = None
    target: datetime | None = None
    owner: Owner | None = None
    shipped_at: datetime | None = None
    shipped_by: str | None = None
    clock: Stabilization | None = None
    untold: tuple[Unknown, ...] = ()

    @property
    def over(self) -> bool:
        """Whether nothing is left to ship: it has shipped, ended or was given up."""
        return self.shipped_at is not None or self.state in _ENDED


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
        clock = Shipped(shipped_at, changes, situation).clock(situation.members.tickets)
        state = "shipped" if clock.state == "unknown" else clock.state
        return Standing(state, target, owner, shipped_at, by, clock)
    state = "scope_frozen" if release is not None and release.scope_frozen_at is not None else "planned"
    untold = _untold(situation, blockers)
    return Standing("shipping" if _partly(situation, blockers) else state, target, owner, untold=untold)


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
    if change is None:
        named = situation.change(situation.subject.object or "")
        closed = named is not None and named.state is ChangeState.ABANDONED
        return Standing(CLOSED if closed else None, target)
    shipped = situation.production.shipped(change)
    return Standing("shipped" if shipped else None, target, None, shipped, "deployments" if shipped else None)


def _shipped(situation: Situation, blockers: Sequence[Blocker]) -> tuple[datetime | None, str | None]:
    """When everything in it was in production: as somebody said, else as its deployments and publications show.

    What nobody can tell of, or may not be shown to this reader, may not be out.
    """
    release = situation.release
    if release is not None and release.shipped_at is not None:
        return release.shipped_at, "said"
    out = out_of(situation)
    if out.at is None or list(shipping_gaps(situation, out)):
        return None, None
    hindered = any(_hinders(blocker, out.at, out.by) for blocker in blockers)
    return (None, None) if hindered else (out.at, out.by)


def _untold(situation: Situation, blockers: Sequence[Blocker]) -> tuple[Unknown, ...]:
    """Why nobody can tell whether it has shipped; nothing where something is known to be left to do."""
    if any(_hinders(blocker, situation.now, None) for blocker in blockers):
        return ()
    return tuple(shipping_gaps(situation, out_of(situation)))


def _hinders(blocker: Blocker, at: datetime, by: str | None) -> bool:
    """Whether a blocker says that not all of it shipped at ``at``; a published release speaks for its open work."""
    if blocker.kind is BlockerKind.BLOCKER_BUG:
        return blocker.turn_began_at is None or blocker.turn_began_at < at
    return blocker.kind not in _BESIDE and (by != "published" or blocker.kind is BlockerKind.EXTERNAL)


def _partly(situation: Situation, blockers: Sequence[Blocker]) -> bool:
    if any(blocker.kind is BlockerKind.ROLLOUT_INCOMPLETE for blocker in blockers):
        return True
    merged = [c for c in situation.members.changes if c.state is ChangeState.MERGED]
    scheduled = situation.release is not None and situation.release.scope_frozen_at is not None
    return scheduled and any(situation.production.shipped(change) for change in merged)
