"""What is one thing that a release cannot ship with, who moves next, and how long has it waited?"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.records import HARD_GATES


class BlockerKind(StrEnum):
    """The kinds of blocker, as the definitions list them.

    There is none for running checks: nobody waits for a person then, as with a draft, so such a change is
    ``in_progress`` with the machine as its owner (a kind of its own would tell a reader of the data nothing to do).
    """

    REVIEW_PENDING = "review_pending"
    CHANGES_REQUESTED = "changes_requested"
    CHECKS_FAILING = "checks_failing"
    MERGE_CONFLICT = "merge_conflict"
    READY_TO_MERGE = "ready_to_merge"
    IN_PROGRESS = "in_progress"
    DEPENDENCY = "dependency"
    NOT_IN_BRANCH = "not_in_branch"
    AWAITING_DEPLOY = "awaiting_deploy"
    DEPLOY_FAILED = "deploy_failed"
    BLOCKER_BUG = "blocker_bug"
    INCIDENT_OPEN = "incident_open"
    FREEZE = "freeze"
    STABILIZING = "stabilizing"
    ROLLOUT_INCOMPLETE = "rollout_incomplete"
    HANDOFF_OPEN = "handoff_open"
    ENABLEMENT_MISSING = "enablement_missing"
    EXTERNAL = "external"


class NextAction(StrEnum):
    """What the owner does next; the value is the phrase that the data gives and that templates may word better."""

    REVIEW = "review it"
    FIND_REVIEWER = "find a reviewer"
    ANSWER_REVIEW = "answer the review"
    FIX_CHECKS = "make the checks pass"
    RESOLVE_CONFLICT = "resolve the conflict"
    MERGE = "merge it"
    FINISH = "finish it"
    START = "start on it"
    ASSIGN = "find an owner"
    WAIT_FOR_CHECKS = "wait for the checks"
    LAND_DEPENDENCY = "land what it depends on"
    BRING_TO_BRANCH = "bring it to the release branch"
    DEPLOY = "deploy it"
    MEND_DEPLOY = "mend the deployment"
    FIX_BUG = "fix the bug"
    RESOLVE_INCIDENT = "resolve the incident"
    WAIT_FOR_END = "wait for its end"
    LIFT_FREEZE = "ship before it begins or lift it"
    RAISE_EXPOSURE = "finish the rollout"
    CLOSE_EXTERNAL = "get the answer from outside"
    TAKE_HANDOFF = "acknowledge it and do it"
    DO_HANDOFF = "do it and say so"
    ANSWER_HANDOFF = "answer why it came back"
    LOOK_AGAIN = "look at it again"
    PROVIDE = "provide it"


@dataclass(frozen=True, slots=True)
class Owner:
    """Who moves next.

    ``key`` is ``person/..``, ``github/..``, ``team/..``, ``function/..``, ``machine`` or ``clock``.
    """

    key: str
    name: str


MACHINE = Owner("machine", "the checks")
CLOCK = Owner("clock", "the clock")


@dataclass(frozen=True, slots=True)
class Remaining:
    """How much longer a blocker is expected to take: instants of its end at 50% and 85%.

    ``source`` is team, workspace, end (it has one), estimate or unknown; ``samples`` how many past cases speak;
    ``by`` whose estimate it is. Unknown has no instants.
    """

    source: str
    p50: datetime | None = None
    p85: datetime | None = None
    samples: int = 0
    by: str | None = None


UNKNOWN_REMAINING = Remaining("unknown")


@dataclass(frozen=True, slots=True)
class Blocker:
    """One blocker of one subject.

    ``object`` is its full name (``change:acme/api#101``), which acts and corrections use; ``subject`` what people
    read; ``turn`` the kind of past turns that its remaining time is compared with. Hours are business hours of the
    one who must move. ``level`` is the service level in the same hours, None where none applies; ``due_at`` is by
    when it was asked for, which ends nothing. ``level_by_origin`` says that another origin could have another one.
    ``specialists`` are the names of those of whom one should look at it too. ``after`` names the objects that must
    be done before it, ``unblocks`` counts those that wait for it, ``frees`` are the business hours of waiting that
    its move would end, with what waits for it (None where that was not worked out).
    """

    kind: BlockerKind
    object: str
    subject: str
    title: str
    url: str | None
    owners: tuple[Owner, ...]
    waiting_since: datetime | None
    waiting_hours: float | None
    next_action: NextAction
    turn: str
    turn_began_at: datetime | None = None
    repository: str | None = None
    level: float | None = None
    level_by_origin: bool = False
    origin: str | None = None
    risk: str | None = None
    detail: str | None = None
    ends_at: datetime | None = None
    due_at: datetime | None = None
    after: tuple[str, ...] = ()
    unblocks: int = 0
    frees: float | None = None
    waits_for_second: bool = False
    specialists: tuple[str, ...] = ()
    remaining: Remaining = UNKNOWN_REMAINING

    @property
    def called(self) -> str:
        """What a sentence calls it: ``web#402 Total is wrong``, the title alone where it has no number."""
        short = self.subject.rpartition("/")[2]
        numbered = ("#" in short and self.subject != self.title) or self.object.startswith("ticket:")
        return f"{short} {self.title}" if numbered else self.title

    @property
    def next_step(self) -> str:
        """What the owner does next, in words, and with whom."""
        named = " or ".join(self.specialists)
        return f"{self.next_action}, with a specialist: {named}" if named else self.next_action.value

    @property
    def hard(self) -> bool:
        """Whether only two people together may let it through."""
        return self.kind in HARD_GATES

    @property
    def unowned(self) -> bool:
        """Whether nobody is known who must move."""
        return not self.owners

    @property
    def owner(self) -> str | None:
        """The names of those who must move, None when nobody is known."""
        return ", ".join(owner.name for owner in self.owners) or None

    @property
    def over(self) -> float:
        """Business hours past its service level; 0 within it, or where none applies."""
        if self.level is None or self.waiting_hours is None:
            return 0.0
        return max(0.0, self.waiting_hours - self.level)
