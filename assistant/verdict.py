"""How does it stand in one word, and why?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.blockers.blocker import Blocker
from assistant.forecast import Forecast
from assistant.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and the sentence that says why."""

    verdict: Verdict
    because: str


def judge(blockers: Sequence[Blocker], forecast: Forecast, target: datetime | None, unknown: str | None) -> Judgement:
    """The first verdict of the definitions that matches; ``unknown`` says what makes any verdict a guess, if anything.

    A remaining time that is missing makes it unknown only where it could decide: not where a gate without an owner
    blocks anyway, where the rest alone is late, or where there is no target to compare with.
    """
    if unknown is not None:
        return Judgement(Verdict.UNKNOWN, unknown)
    if target is None:
        return _without_target(blockers)
    late = forecast.known_p50 is None or forecast.known_p50 > target
    if gated := _gated(blockers, target):
        return gated
    if forecast.missing and not late:
        turns = ", ".join(missing.turn for missing in forecast.missing)
        return Judgement(Verdict.UNKNOWN, f"How long this still takes is unknown ({turns}), and it could decide.")
    return _by_dates(forecast, target, late=late)


def _gated(blockers: Sequence[Blocker], target: datetime) -> Judgement | None:
    for blocker in blockers:
        if blocker.hard and blocker.unowned:
            return Judgement(Verdict.BLOCKED, f"{blocker.title} ({blocker.subject}) is a hard gate that nobody owns.")
        if blocker.hard and blocker.remaining.p50 is not None and blocker.remaining.p50 > target:
            return Judgement(Verdict.BLOCKED, f"{blocker.title} ({blocker.subject}) is expected to outlast the target.")
    return None


def _by_dates(forecast: Forecast, target: datetime, *, late: bool) -> Judgement:
    if late:
        return Judgement(Verdict.LATE, "The 50% date is after the target.")
    latest = forecast.earliest.p85 if forecast.earliest else None
    if latest is None or latest > target:
        return Judgement(Verdict.AT_RISK, "The 85% date is after the target.")
    return Judgement(Verdict.ON_TRACK, "The 85% date is within the target.")


def _without_target(blockers: Sequence[Blocker]) -> Judgement:
    for blocker in blockers:
        if blocker.hard:
            said = f"{blocker.title} ({blocker.subject}) is a hard gate, and there is no target to outlast."
            return Judgement(Verdict.BLOCKED, said)
    if blockers:
        return Judgement(Verdict.NOT_READY, "Something still blocks it; it has no target date.")
    return Judgement(Verdict.READY, "Nothing blocks it; it has no target date.")


def in_order(blockers: Sequence[Blocker]) -> tuple[Blocker, ...]:
    """Blockers as the definitions order them; an unknown remaining time counts as the longest."""
    return tuple(sorted(blockers, key=_rank))


def _rank(blocker: Blocker) -> tuple[bool, float, float, int, str]:
    ends = blocker.remaining.p50
    return (
        not (blocker.hard or blocker.unowned),
        -ends.timestamp() if ends else float("-inf"),
        -blocker.over,
        -blocker.unblocks,
        blocker.object,
    )
