"""What stands between a release (service, train, team, change) and its date?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.blockers.blocker import Blocker, Owner
from assistant.examination import Asker, Examination, examine
from assistant.forecast import Earliest
from assistant.needing import Reach, needs_of, seen_by
from assistant.policy import Policy
from assistant.since import Since, since, stamp
from assistant.subject import Subject
from assistant.unknowns import Unknown
from assistant.verdicts import Verdict
from assistant.viewer import Viewer
from assistant.waivers import Accepted
from storage.facts import Facts, Needs

NAME = "blocking"
HELP = "What blocks a release, service, train, team or change: who moves next, since when, and when it could ship."
EXAMPLES = (
    "what's blocking release 2.4",
    "is checkout 2.4 on track",
    "when will 2.4 ship",
    "what is blocking acme/api#101",
    "blocking service api",
)
# What a person may type: {about} is the thing asked about, a|b are choices (a_b is two words), (...) may be left out.
PHRASES = (
    "what is blocking ({about})",
    "what blocks|stops {about}",
    "what is holding up|back {about}",
    "what is holding {about} up|back",
    "what stands between us|customers and {about}",
    "what is left|missing|open for|in|of|on {about}",
    "(show|list|the) blocking|blockers|blocked (of|for|in|on) ({about})",
    "who is blocking {about}",
    "why is {about} late|blocked|stuck|delayed|waiting",
    "is {about} on_track|at_risk|late|blocked|ready|stuck|delayed|done|shipped",
    "will {about} ship|be_ready|be_on_time|make_it",
    "can we ship|release {about}",
    "when will {about} ship|be_ready|be_out|be_done|be_released",
    "when does|can {about} ship|leave|go_out",
    "when is {about} due|ready|out|shipping|done",
    "when do we ship {about}",
    "when can we ship|expect {about}",
    "how is {about} (doing|going|looking)",
    "what is the status|state of {about}",
    "(the) status of {about}",
    "status {about}",
)
FIRST_SCREEN = 3


@dataclass(frozen=True, slots=True)
class Parameters:
    """What is asked about, and for whom; ``known`` are all repositories that the ledger knows."""

    subject: Subject
    viewer: Viewer
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """How one subject stands. ``blockers`` are all of them in their order; the first screen shows the first three."""

    asked_at: datetime
    subject: Subject
    verdict: Verdict
    because: str
    state: str | None
    owner: Owner | None
    target: datetime | None
    earliest: Earliest | None
    shipped_at: datetime | None
    stable_at: datetime | None
    blockers: tuple[Blocker, ...]
    accepted_risks: tuple[Accepted, ...]
    risks: tuple[str, ...]
    conflicts: tuple[str, ...]
    unknown: tuple[Unknown, ...]
    freshness: Mapping[str, datetime]
    reconciled_at: datetime | None
    since: Since | None
    members: int

    @property
    def top(self) -> tuple[Blocker, ...]:
        """The blockers of the first screen."""
        return self.blockers[:FIRST_SCREEN]

    @property
    def more(self) -> int:
        """How many blockers there are beyond the first screen."""
        return len(self.blockers) - len(self.top)

    def as_data(self) -> dict[str, Any]:
        """The answer as JSON values; documented in the README, and the same for every later question."""
        subject, earliest = self.subject, self.earliest
        return {
            "question": NAME,
            "asked_at": stamp(self.asked_at),
            "subject": {
                "kind": subject.kind, "name": subject.name, "product": subject.product, "version": subject.version,
            },
            "release": subject.name if subject.version else None,
            "verdict": self.verdict,
            "because": self.because,
            "state": self.state,
            "owner": self.owner.name if self.owner else None,
            "target": stamp(self.target),
            "earliest": earliest and {"p50": stamp(earliest.p50), "p85": stamp(earliest.p85)},
            "shipped_at": stamp(self.shipped_at),
            "stable_at": stamp(self.stable_at),
            "blockers": [blocker_data(blocker) for blocker in self.blockers],
            "more": self.more,
            "accepted_risks": [accepted.as_data() for accepted in self.accepted_risks],
            "risks": list(self.risks),
            "conflicts": list(self.conflicts),
            "unknown": [unknown.as_data() for unknown in self.unknown],
            "freshness": {source: stamp(at) for source, at in sorted(self.freshness.items())},
            "reconciled_at": stamp(self.reconciled_at),
            "changed_since": self.since.as_data() if self.since else None,
        }  # fmt: skip


def needs(parameters: Parameters, policy: Policy, _now: datetime) -> Needs:
    """What to load: the subject's members, its places in production, the past of its teams, what was last seen."""
    wanted = needs_of((parameters.subject,), policy, Reach(parameters.viewer, parameters.known))
    return seen_by(wanted, parameters.viewer, seen_key(parameters.subject))


def answer(facts: Facts, parameters: Parameters, policy: Policy, now: datetime) -> Answer:
    """Work out the answer from what was loaded."""
    found = examine(parameters.subject, facts, policy, Asker(parameters.viewer, parameters.known), now)
    standing = found.standing
    reconciled = [r.reconciled_at for r in facts.repositories if r.reconciled_at and _shown(r.name, parameters)]
    return Answer(
        asked_at=now,
        subject=found.subject,
        verdict=found.judgement.verdict,
        because=found.judgement.because,
        state=standing.state,
        owner=standing.owner,
        target=standing.target,
        earliest=found.earliest,
        shipped_at=standing.shipped_at,
        stable_at=standing.clock.ends_at if standing.clock else None,
        blockers=found.blockers,
        accepted_risks=found.accepted,
        risks=found.risks,
        conflicts=found.conflicts,
        unknown=found.unknown,
        freshness=facts.freshness.newest_event,
        reconciled_at=min(reconciled, default=None),
        since=since(facts.seen, _outline(found), parameters.viewer, now),
        members=found.members,
    )


def outline(given: Answer) -> dict[str, Any]:
    """What to remember of an answer, so that the next one can say what changed; JSON values."""
    return _sketch(given.verdict, given.target, given.earliest, given.blockers)


def seen_key(subject: Subject) -> str:
    """Under which key a viewer's last look at this subject is remembered."""
    return f"{NAME}:{subject.seed}"


def _outline(found: Examination) -> dict[str, Any]:
    return _sketch(found.judgement.verdict, found.standing.target, found.earliest, found.blockers)


def _sketch(
    verdict: Verdict, target: datetime | None, earliest: Earliest | None, blockers: tuple[Blocker, ...]
) -> dict[str, Any]:
    return {
        "verdict": str(verdict),
        "target": stamp(target),
        "p50": stamp(earliest.p50) if earliest else None,
        "blockers": {blocker.object: [blocker.subject, str(blocker.kind)] for blocker in blockers},
    }


def _shown(repository: str, parameters: Parameters) -> bool:
    scope = parameters.subject.repositories
    ours = scope is None or repository.casefold() in {name.casefold() for name in scope}
    return ours and parameters.viewer.may_see(repository)


def blocker_data(blocker: Blocker) -> dict[str, Any]:
    """One blocker as JSON values, the same in every answer that lists any."""
    remaining = blocker.remaining
    hours = blocker.waiting_hours
    return {
        "kind": blocker.kind,
        "subject": blocker.subject,
        "title": blocker.title,
        "url": blocker.url,
        "owner": blocker.owner,
        "owners": [{"key": owner.key, "name": owner.name} for owner in blocker.owners],
        "waiting_since": stamp(blocker.waiting_since),
        "waiting_business_hours": None if hours is None else round(hours, 2),
        "service_level_hours": blocker.level,
        "over_service_level": blocker.over > 0,
        "next_action": blocker.next_step,
        "detail": blocker.detail,
        "origin": blocker.origin,
        "risk": blocker.risk,
        "hard_gate": blocker.hard,
        "waits_for_second": blocker.waits_for_second,
        "ends_at": stamp(blocker.ends_at),
        "due_at": stamp(blocker.due_at),
        "unblocks": blocker.unblocks,
        "expected_end": {
            "p50": stamp(remaining.p50), "p85": stamp(remaining.p85), "source": remaining.source,
            "samples": remaining.samples, "by": remaining.by,
        },
    }  # fmt: skip
