"""Which releases are open, and how does each stand?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from assistant.blockers.blocker import Blocker
from assistant.examination import Asker, Examination, examine
from assistant.forecast import Earliest
from assistant.gaps import NO_EVENTS
from assistant.needing import Reach, needs_of
from assistant.policy import Policy
from assistant.since import stamp
from assistant.subject import Subject
from assistant.unknowns import Unknown
from assistant.verdicts import Verdict
from assistant.viewer import Viewer
from storage.facts import Facts, Needs

NAME = "releases"
HELP = "Which releases are open, each with its verdict, its earliest date and its target."
EXAMPLES = ("releases", "what's open", "which releases are open")
PHRASES = (
    "(list|show|all|the) (all) (open|upcoming|planned|current|next) releases",
    "what|which releases are open|planned|coming|there|under_way",
    "what|which releases do we have",
    "what is open|planned|coming|shipping|upcoming",
    "what are we shipping",
    "how are the releases (doing|going)",
)
_NEVER = datetime.max.replace(tzinfo=UTC)
# Gaps that are those of one release, not of the list.
_OF_ONE = {
    "remaining_time", "open_ended", "nothing_linked", "branch_unsettled", "rules_unknown", "checks_unreported",
    "conflicts_unknown", "origin", "too_many",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parameters:
    """The releases to look at, already settled, and for whom; ``more`` counts those left out for their number."""

    subjects: tuple[Subject, ...]
    viewer: Viewer
    known: tuple[str, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One open release; ``words`` typed again mean exactly it, ``blockers`` is their number."""

    subject: Subject
    verdict: Verdict
    because: str
    state: str | None
    target: datetime | None
    earliest: Earliest | None
    blockers: int
    top: Blocker | None

    @property
    def name(self) -> str:
        """What people call the release."""
        return self.subject.name

    @property
    def words(self) -> str:
        """What typed again means exactly this release."""
        return self.subject.words

    def as_data(self) -> dict[str, Any]:
        """The row as JSON values, under the keys of the blocking answer."""
        return {
            "release": self.name,
            "product": self.subject.product,
            "version": self.subject.version,
            "verdict": self.verdict,
            "because": self.because,
            "state": self.state,
            "target": stamp(self.target),
            "earliest": self.earliest and {"p50": stamp(self.earliest.p50), "p85": stamp(self.earliest.p85)},
            "blockers": self.blockers,
            "top": self.top and {"kind": self.top.kind, "subject": self.top.subject, "owner": self.top.owner},
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """The open releases, the nearest target first."""

    asked_at: datetime
    releases: tuple[Row, ...]
    more: int
    unknown: tuple[Unknown, ...]
    freshness: Mapping[str, datetime]

    def as_data(self) -> dict[str, Any]:
        """The answer as JSON values."""
        return {
            "question": NAME,
            "asked_at": stamp(self.asked_at),
            "releases": [row.as_data() for row in self.releases],
            "more": self.more,
            "unknown": [unknown.as_data() for unknown in self.unknown],
            "freshness": {source: stamp(at) for source, at in sorted(self.freshness.items())},
        }


def needs(parameters: Parameters, policy: Policy, _now: datetime) -> Needs:
    """What to load: the members of all these releases, and what each of them rests on."""
    return needs_of(parameters.subjects, policy, Reach(parameters.viewer, parameters.known))


def answer(facts: Facts, parameters: Parameters, policy: Policy, now: datetime) -> Answer:
    """Examine each release on the same facts; one that shipped or ended is not open any more."""
    asker = Asker(parameters.viewer, parameters.known)
    found = [examine(subject, facts, policy, asker, now) for subject in parameters.subjects]
    rows = [_row(one) for one in found if not _is_over(one)]
    gaps = {gap.says: gap for one in found for gap in one.unknown if gap.key not in _OF_ONE}
    if not found and not facts.events:
        gaps = {NO_EVENTS.says: NO_EVENTS}
    return Answer(
        asked_at=now,
        releases=tuple(sorted(rows, key=_nearest)),
        more=parameters.more,
        unknown=tuple(gaps.values()),
        freshness=facts.freshness.newest_event,
    )


def _row(found: Examination) -> Row:
    return Row(
        subject=found.subject,
        verdict=found.judgement.verdict,
        because=found.judgement.because,
        state=found.standing.state,
        target=found.standing.target,
        earliest=found.earliest,
        blockers=len(found.blockers),
        top=found.blockers[0] if found.blockers else None,
    )


def _is_over(found: Examination) -> bool:
    return found.standing.shipped_at is not None or found.standing.state in {"cancelled", "superseded"}


def _nearest(row: Row) -> tuple[bool, datetime, str]:
    return (row.target is None, row.target or _NEVER, row.name)
