"""How does one subject stand: what blocks it, what was let through, when could it ship, and what is not known?"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from assistant.blockers.blocker import Blocker, BlockerKind, Remaining
from assistant.blockers.finding import find
from assistant.blockers.gates import freezes_of, of_freeze, of_previous
from assistant.disturbances import Shipped
from assistant.forecast import Earliest, Forecast, forecast
from assistant.gaps import gaps
from assistant.handoffs.enabling import UNSAID
from assistant.handoffs.said_in_rounds import said_in_rounds
from assistant.policy import Policy
from assistant.scopes import version_order
from assistant.situation import Situation, situation_of
from assistant.stabilization import Stabilization
from assistant.standing import Standing, standing_of
from assistant.subject import Subject, SubjectKind
from assistant.unknowns import Unknown, undecidable
from assistant.unseen import KEY as COMMIT_UNSEEN
from assistant.verdict import Judgement, in_order, judge, named_first, settled
from assistant.verdicts import Verdict
from assistant.viewer import Viewer
from assistant.waivers import Accepted, in_sequence, waive
from storage.facts import Facts
from storage.records import Freeze, Release

_AHEAD = timedelta(days=14)  # how far ahead a freeze is told of where there is no target
_BY = {
    "said": ", as somebody said", "deployments": ", by its deployments", "published": ", by its published release",
    "both": ", by its deployments and its published release",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asker:
    """For whom it is worked out: the viewer, and all repositories that anything was heard of (None: not told)."""

    viewer: Viewer
    heard: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """All that the answers about a subject are made of."""

    subject: Subject
    judgement: Judgement
    standing: Standing
    earliest: Earliest | None
    blockers: tuple[Blocker, ...]
    accepted: tuple[Accepted, ...]
    risks: tuple[str, ...]
    conflicts: tuple[str, ...]
    unknown: tuple[Unknown, ...]
    members: int


def examine(subject: Subject, facts: Facts, policy: Policy, asker: Asker, now: datetime) -> Examination:
    """Work everything out for one subject; pure."""
    situation = situation_of(subject, facts, policy, viewer=asker.viewer, now=now, heard=asker.heard)
    previous = _previous(situation)
    left, accepted = waive((*find(situation), *_unquiet_gate(previous, situation)), situation)
    standing = standing_of(situation, left)
    if standing.over:
        return _over(situation, standing, left, accepted)
    freezes, let_through = _freezes(situation)
    expected = forecast(left, tuple(freezes), situation)
    frozen = [_ending(freezes[freeze]) for freeze in expected.frozen]
    blockers = in_order(_counted((*expected.blockers, *frozen)))
    found = gaps(situation, expected)
    judgement, unknown = settled(judge(blockers, expected, standing.target, undecidable(found)), found)
    return Examination(
        subject,
        judgement,
        standing,
        None if undecidable(unknown) else expected.earliest,
        named_first(blockers, judgement),
        in_sequence((*accepted, *let_through)),
        (
            *_other_freezes(expected, freezes, standing, now),
            *_unquiet_risk(previous, situation),
            *said_in_rounds(situation),
        ),
        situation.members.conflicts,
        unknown,
        len(situation.members.changes) + len(situation.members.tickets),
    )


def _over(
    situation: Situation, standing: Standing, blockers: tuple[Blocker, ...], accepted: tuple[Accepted, ...]
) -> Examination:
    """What has shipped or ended is blocked by nothing; what is open all the same is told as a contradiction."""
    at, target = standing.shipped_at, standing.target
    if at is None:
        judgement = Judgement(Verdict.NOT_READY, "It was " + (standing.state or "").replace("_", " ") + ".")
    else:
        said = f"It shipped on {at:%Y-%m-%d}" + _BY.get(standing.shipped_by or "", "") + "."
        in_time = Verdict.ON_TRACK if target and at <= target else Verdict.LATE
        judgement = Judgement(in_time if target else Verdict.READY, said)
    found = _beside(situation, standing)
    if doubted := undecidable(found):
        judgement = Judgement(Verdict.UNKNOWN, doubted)
    return Examination(
        situation.subject,
        judgement,
        standing,
        Earliest(at, at) if at else None,
        (),
        in_sequence(accepted),
        (),
        (*situation.members.conflicts, *_open_still(blockers, at)),
        found,
        len(situation.members.changes) + len(situation.members.tickets),
    )


def _beside(situation: Situation, standing: Standing) -> tuple[Unknown, ...]:
    """What is not known of something that is over. Only whether it is still in production decides, until it is stable.

    And what keeps it from being called stable: nobody watched for incidents.
    """
    clock, at = standing.clock, standing.shipped_at
    open_still = at is not None and not (clock and clock.state == "stable")
    found = [gap for gap in gaps(situation, Forecast(None, at, ())) if gap.key not in {"open_ended", UNSAID}]
    if clock and clock.gap and clock.state == "unknown" and clock.gap not in found:
        found.append(clock.gap)
    return tuple(replace(gap, decides=open_still and gap.key == COMMIT_UNSEEN) for gap in found)


def _open_still(blockers: tuple[Blocker, ...], shipped_at: datetime | None) -> tuple[str, ...]:
    """What stands although it is over; an incident since it shipped is told by its quiet days.

    Nor does it matter to what shipped what was handed over since.
    """
    left = [blocker for blocker in blockers if not _since(blocker, shipped_at)]
    names = [blocker.subject if "#" in blocker.subject else blocker.title for blocker in left]
    standing = "thing of it is" if len(names) == 1 else "things of it are"
    return (f"{len(names)} {standing} still open: {', '.join(names)}.",) if names else ()


def _since(blocker: Blocker, shipped_at: datetime | None) -> bool:
    began = blocker.turn_began_at
    later = blocker.kind in {BlockerKind.INCIDENT_OPEN, BlockerKind.HANDOFF_OPEN}
    return later and bool(shipped_at and began and began >= shipped_at)


def _freezes(situation: Situation) -> tuple[dict[Freeze, Blocker], tuple[Accepted, ...]]:
    """The freezes that stand, each with the blocker it would be, and those that two people let through."""
    each = {freeze: of_freeze(freeze, situation) for freeze in freezes_of(situation)}
    left, through = waive(each.values(), situation)
    standing = {blocker.object: blocker for blocker in left}
    return {freeze: standing[freeze.object] for freeze in each if freeze.object in standing}, through


def _ending(blocker: Blocker) -> Blocker:
    return replace(blocker, remaining=Remaining("end", p50=blocker.ends_at, p85=blocker.ends_at))


def _counted(blockers: tuple[Blocker, ...]) -> list[Blocker]:
    """Blockers with how many of them wait for each."""
    waits = Counter(name.casefold() for blocker in blockers for name in blocker.after)
    return [replace(b, unblocks=b.unblocks + n) if (n := waits[b.object.casefold()]) else b for b in blockers]


def _other_freezes(expected: Forecast, freezes: Iterable[Freeze], standing: Standing, now: datetime) -> list[str]:
    """Freezes that are no blocker, for nothing is expected to ship within them, and that one should know of."""
    until = standing.target or now + _AHEAD
    found = []
    for freeze in freezes:
        if freeze in expected.frozen or freeze.begins_at > until:
            continue
        when = f"until {freeze.ends_at:%Y-%m-%d}"
        if freeze.begins_at > now:
            when = f"from {freeze.begins_at:%Y-%m-%d} to {freeze.ends_at:%Y-%m-%d}"
        covers = ": it covers the later of the expected dates" if freeze in expected.near else ""
        found.append(f"A deployment freeze {when} ({freeze.reason}){covers}.")
    return found


def _previous(situation: Situation) -> tuple[Release, Stabilization] | None:
    """The release of the same product that shipped last before this one, while it is not quiet yet.

    What was in it is not loaded: its quiet period is that of medium risk and unknown origin.
    """
    subject = situation.subject
    if subject.kind is not SubjectKind.RELEASE:
        return None
    shipped = [
        (release.shipped_at, release)
        for release in situation.facts.releases
        if release.product.casefold() == (subject.product or "").casefold() and release.shipped_at
        and release.shipped_at <= situation.now and release.object != subject.object
        and version_order(release.version) < version_order(subject.version or "")
    ]  # fmt: skip
    if not shipped:
        return None
    at, release = max(shipped, key=lambda pair: pair[0])
    clock = Shipped(at, (), situation, release.object).clock(())
    return (release, clock) if clock.state == "stabilizing" else None


def _unquiet_gate(previous: tuple[Release, Stabilization] | None, situation: Situation) -> list[Blocker]:
    if previous is None or not situation.policy.stabilization.blocks or _is_hotfix(situation):
        return []
    release, clock = previous
    return [of_previous(release.version, clock.shipped_at, clock.ends_at, situation)]


def _unquiet_risk(previous: tuple[Release, Stabilization] | None, situation: Situation) -> list[str]:
    if previous is None or _unquiet_gate(previous, situation):
        return []
    release, clock = previous
    quiet, needed = clock.quiet.days, clock.needed.days
    return [f"{release.product} {release.name} is not quiet yet: {quiet} of {needed} quiet days."]


def _is_hotfix(situation: Situation) -> bool:
    names = (situation.subject.version, situation.release.name if situation.release else None)
    return any("hotfix" in (name or "").casefold() for name in names)
