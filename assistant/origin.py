"""Who wrote it: AI, people, both, or is that not known?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum

from assistant.policy import Policy
from storage.records import Change

_AI_FROM = 0.5
_HUMAN_TO = 0.1


class Origin(StrEnum):
    """Where the added lines of a change come from; automation (update bots) is neither side's."""

    AI_HEAVY = "ai_heavy"
    HUMAN_HEAVY = "human_heavy"
    MIXED = "mixed"
    UNKNOWN = "unknown"
    AUTOMATION = "automation"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of how many changes the origin is known."""

    known: int
    total: int


def origin_of(change: Change, policy: Policy) -> Origin:
    """The origin of a change by its evidence, a person's correction first. Source: definitions, "Origin".

    Human-heavy needs an attribution source that covered the repository when the change was opened: without one the
    absence of evidence says nothing, and unknown is never folded into human.
    """
    if change.corrections.origin in set(Origin):
        return Origin(change.corrections.origin)
    if change.attribution.automation:
        return Origin.AUTOMATION
    share = change.attribution.share
    if share is not None and share >= _AI_FROM:
        return Origin.AI_HEAVY
    if share is not None and share > _HUMAN_TO:
        return Origin.MIXED
    if share is None and change.attribution.evidence:
        return Origin.UNKNOWN  # too weak to say AI, too much to say human
    return Origin.HUMAN_HEAVY if covered(change.repository, change.opened_at, policy) else Origin.UNKNOWN


def covered(repository: str, at: datetime, policy: Policy) -> bool:
    """Whether a source of attribution covered a repository at that time, as the configuration says."""
    since = policy.repository(repository).attribution_since
    return since is not None and at >= datetime.combine(since, time(), UTC)


def origin_of_all(changes: Iterable[Change], policy: Policy) -> tuple[Origin, Coverage]:
    """The origin of many changes together, by added lines (a change of unknown size counts as one line).

    Where more than a tenth of the lines are unknown the whole is unknown, so that not declaring never looks better.
    """
    lines = dict.fromkeys(Origin, 0.0)
    share = 0.0
    known = total = 0
    for change in changes:
        origin, added = origin_of(change, policy), float(change.size.added or 1)
        lines[origin] += added
        share += added * _share(origin, change)
        total += 1
        known += origin is not Origin.UNKNOWN
    counted = sum(lines.values()) - lines[Origin.AUTOMATION]
    if not counted or lines[Origin.UNKNOWN] > _HUMAN_TO * counted:
        return Origin.UNKNOWN, Coverage(known, total)
    part = share / counted
    heavy = Origin.AI_HEAVY if part >= _AI_FROM else Origin.MIXED
    return (Origin.HUMAN_HEAVY if part <= _HUMAN_TO else heavy), Coverage(known, total)


def _share(origin: Origin, change: Change) -> float:
    """The AI share that a change adds to a sum; a correction without a measured share counts as its band's middle."""
    if change.corrections.origin is not None or change.attribution.share is None:
        return {Origin.AI_HEAVY: 1.0, Origin.MIXED: 0.3}.get(origin, 0.0)
    return 0.0 if origin is Origin.AUTOMATION else change.attribution.share
