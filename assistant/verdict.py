"""How does it stand in one word, and why?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.blockers.blocker import Blocker
from assistant.forecast import Forecast
from assistant.stretches import how_long
from assistant.unknowns import Unknown
from assistant.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and the sentence that says why; ``names`` is the object of the blocker that the sentence is about."""

    verdict: Verdict
    because: str
    names: str | None = None


def judge(blockers: Sequence[Blocker], forecast: Forecast, target: datetime | None, unknown: str | None) -> Judgement:
    """The first verdict of the definitions that matches; ``unknown`` says what makes any verdict a guess, if anything.

    A remaining time that is missing or has no end makes it unknown only where it could decide: not where a gate
    without an owner blocks anyway, where the rest alone is late, or where there is no target to compare with.
    """
    if unknown is not None:
        return Judgement(Verdict.UNKNOWN, unknown)
    if target is None:
        return _without_target(blockers)
    late = forecast.known_p50 is not None and forecast.known_p50 > target
    if gated := _gated(blockers, target):
        return gated
    if forecast.missing and not late:
        told = how_long(missing.turn for missing in forecast.missing)
        return Judgement(Verdict.UNKNOWN, f"No date yet: how long {told} is unknown.")
    if forecast.earliest is None and not late:
        return Judgement(Verdict.UNKNOWN, "No date yet: something takes longer than any like case so far.")
    return _by_dates(forecast, target, late=late)


def settled(judgement: Judgement, found: Sequence[Unknown]) -> tuple[Judgement, tuple[Unknown, ...]]:
    """The verdict with good news withheld where a gap unsettles it, and the gaps, those that decide first."""
    doubted = next((gap.says for gap in found if gap.unsettles), None)
    if doubted is not None and judgement.verdict in {Verdict.ON_TRACK, Verdict.READY}:
        judgement = Judgement(Verdict.UNKNOWN, doubted)
    if judgement.verdict is Verdict.UNKNOWN:
        found = [replace(gap, decides=gap.decides or gap.unsettles) for gap in found]
    return judgement, tuple(sorted(found, key=lambda gap: not gap.decides))


def _gated(blockers: Sequence[Blocker], target: datetime) -> Judgement | None:
    for blocker in blockers:
        if blocker.hard and blocker.unowned:
            return _blocked_by(blocker, "Nobody owns a hard gate")
        if blocker.hard and blocker.remaining.p50 is not None and blocker.remaining.p50 > target:
            return _blocked_by(blocker, "A hard gate is expected to outlast the target")
    return None


def _blocked_by(blocker: Blocker, why: str) -> Judgement:
    return Judgement(Verdict.BLOCKED, f"{why}: {blocker.called.rstrip(' .')}.", blocker.object)


def _by_dates(forecast: Forecast, target: datetime, *, late: bool) -> Judgement:
    if late and forecast.earliest is None:
        return Judgement(Verdict.LATE, "What is known alone takes until after the target.")
    if late:
        return Judgement(Verdict.LATE, "The 50% date is after the target.")
    latest = forecast.earliest.p85 if forecast.earliest else None
    if latest is None or latest > target:
        return Judgement(Verdict.AT_RISK, "The 85% date is after the target.")
    return Judgement(Verdict.ON_TRACK, "The 85% date is within the target.")


def _without_target(blockers: Sequence[Blocker]) -> Judgement:
    for blocker in blockers:
        if blocker.hard:
            unowned = "Nobody owns a hard gate" if blocker.unowned else None
            return _blocked_by(blocker, unowned or "A hard gate stands, and there is no target to compare it with")
    if blockers:
        return Judgement(Verdict.NOT_READY, "Something still blocks it; it has no target date.")
    return Judgement(Verdict.READY, "Nothing blocks it; it has no target date.")


def in_order(blockers: Sequence[Blocker]) -> tuple[Blocker, ...]:
    """Blockers as the definitions order them, those first that are a hard gate and unowned both.

    An unknown remaining time counts as the longest.
    """
    return tuple(sorted(blockers, key=_rank))


def named_first(blockers: Sequence[Blocker], judgement: Judgement) -> tuple[Blocker, ...]:
    """The same blockers, the one that the verdict's reason names before all others: it is looked for at the top."""
    return tuple(sorted(blockers, key=lambda blocker: blocker.object != judgement.names))


def _rank(blocker: Blocker) -> tuple[int, float, float, int, str]:
    ends = blocker.remaining.p50
    return (
        -blocker.hard - blocker.unowned,
        -ends.timestamp() if ends else float("-inf"),
        -blocker.over,
        -blocker.unblocks,
        blocker.object,
    )
