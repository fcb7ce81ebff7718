"""What are the things of the field, and what is known of each?

Frozen values, standard library only: the ground floor that every other room stands on. All instants are aware
UTC datetimes; a tuple stands wherever order or absence matters; ``None`` always means "not known", never "no".

The length is deliberate: one reader's page of nouns, no behaviour beyond what a noun can say of itself.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class ObjectKind(StrEnum):
    """The kinds of subject that events are about; the part of an object's name before its colon."""

    CHANGE = "change"  # change:acme/api#101
    TICKET = "ticket"  # ticket:acme/api#55
    MILESTONE = "milestone"  # milestone:acme/api#3
    COMMIT = "commit"  # commit:acme/api@<sha>
    BRANCH = "branch"  # branch:acme/api:<name>
    DEPLOYMENT = "deployment"  # deployment:<source>/<id>
    ARTIFACT = "artifact"  # artifact:<package URL>: has no record; deployments of it learn its commit
    ISSUE = "issue"  # issue:jira/<number>: has no record; tickets learn what Jira tells by that number alone
    VERSION = "version"  # version:jira/<number>: has no record; milestones learn the same
    PUBLICATION = "publication"  # publication:acme/api@<tag>: a release as the forge publishes it
    RELEASE = "release"  # release:<product>@<version key>: what people call a release
    FREEZE = "freeze"  # freeze:<id>
    TRAIN = "train"  # train:<name key>
    ACCOUNT = "account"  # account:github/<login>
    REPOSITORY = "repository"  # repository:acme/api
    EXTERNAL = "external"  # external:<id>: an outside wait that a person declared
    INCIDENT = "incident"  # incident:pagerduty/<id>, incident:cdevents/<id>; an issue with a label stays a ticket
    SUBSCRIPTION = "subscription"  # subscription:<id>: who wants which digest, where and when
    ATTENTION = "attention"  # attention:<object>: what people did about a thing that was brought to them
    HANDOFF = "handoff"  # handoff:<id>: what one function passes on to another
    ROUND = "round"  # round:<id>: each function is asked whether a release is ready


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message as a source sent it; ``body`` is the raw bytes, kept whole.

    ``received_at`` is None for history that carries no receipt (backfill, imported lists).
    """

    source: str
    delivery_id: str
    headers: dict[str, str]
    body: bytes
    received_at: datetime | None


@dataclass(frozen=True, slots=True)
class Event:
    """One fact about one object, as a source or a person stated it.

    ``identity`` is the event's own: (object, kind, its time or id), never the delivery's, so that a redelivery, a
    second hook and the backfill count once. ``at`` is the time the source gives, None where it gives none.
    ``data`` holds JSON values only. ``actor`` is an account ``github/<login>`` or a person ``person/<key>``.
    """

    identity: str
    object: str
    kind: str
    at: datetime | None
    source: str
    actor: str | None = None
    repository: str | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """An event as the ledger holds it: ``at`` settled (clamped to its earliest receipt), ``known_at`` beside it."""

    identity: str
    object: str
    kind: str
    at: datetime
    known_at: datetime
    source: str
    actor: str | None
    repository: str | None
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ignored:
    """A delivery that is known and of no use here, with the reason a reader would accept."""

    reason: str


@dataclass(frozen=True, slots=True)
class UnknownEvent:
    """A delivery whose event or shape we do not know: kept whole, counted, shown by the doctor."""

    reason: str


class Malformed(ValueError):  # noqa: N818  a verdict on a delivery, raised by its reader
    """A body that is no message of its source at all (no JSON, no object): kept and counted, its sender told."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A delivery beside what its reader made of it; what the ledger takes in."""

    delivery: Delivery
    verdict: tuple[Event, ...] | Ignored | UnknownEvent | Malformed


class Outcome(StrEnum):
    """What became of a delivery in the ledger."""

    NEW = "new"
    DUPLICATE = "duplicate"  # the ledger held this delivery already
    IGNORED = "ignored"
    UNKNOWN = "unknown"
    MALFORMED = "malformed"


class TurnKind(StrEnum):
    """Whose move a change or ticket can be; each is also the blocker it makes while it lasts."""

    IN_PROGRESS = "in_progress"  # a draft: its author is at work; nobody else waits
    DEPENDENCY = "dependency"  # another's unmerged change
    MERGE_CONFLICT = "merge_conflict"  # the author's
    CHECKS_FAILING = "checks_failing"  # the author's
    CHECKS_RUNNING = "checks_running"  # the machine's
    CHANGES_REQUESTED = "changes_requested"  # the author's
    REVIEW_PENDING = "review_pending"  # each reviewer still asked
    READY_TO_MERGE = "ready_to_merge"  # whoever may merge
    OPEN = "open"  # a ticket that nobody has closed
    HANDOFF_OPEN = "handoff_open"  # a handoff that nobody has done or taken back


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch of time in which the next move was one party's; ``ended_at`` None while it lasts.

    ``movers`` are the accounts of the party at its end (``github/<login>``), empty when nobody is asked.
    """

    kind: TurnKind
    began_at: datetime
    ended_at: datetime | None
    movers: tuple[str, ...] = ()


class ReviewState(StrEnum):
    """What a review said."""

    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    COMMENTED = "commented"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Review:
    """The latest standing review of one person on one change."""

    reviewer: str
    state: ReviewState
    at: datetime


class CheckState(StrEnum):
    """How a check on a commit stands."""

    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """One check or status on the head commit; ``required`` is None where nobody told us."""

    name: str
    state: CheckState
    at: datetime
    required: bool | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why AI is believed to have written some of a change: the rule that fired and how sure it is (0 to 1).

    ``whole`` says that it speaks of the whole change, otherwise of one commit of it.
    """

    rule: str
    confidence: float
    detail: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Attribution:
    """What is known of a change's authorship: evidence, commits seen, and commits with evidence.

    ``share`` is the estimated share of added lines written by AI (0 to 1), None when no commit was seen or only
    weak evidence speaks; 0 when commits were seen and none bears a mark, which says human only where a source covers.
    ``automation`` marks work of update bots: neither AI nor human.
    """

    share: float | None
    evidence: tuple[Evidence, ...] = ()
    commits_seen: int = 0
    commits_with_evidence: int = 0
    automation: bool = False
    rules_version: str = ""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a change is, None where the source did not say."""

    added: int | None = None
    deleted: int | None = None
    files: int | None = None


@dataclass(frozen=True, slots=True)
class Corrections:
    """What people said of a change or ticket that overrides what its sources said.

    ``releases`` maps a release object to True (belongs) or False (does not); ``owner`` is a person or account;
    ``origin`` one of ai_heavy, human_heavy, mixed; ``shipped_at`` when it was already out; ``not_linked`` names
    objects that it was wrongly linked to. ``joined`` is since when somebody's word has it belong to a release.
    """

    owner: str | None = None
    origin: str | None = None
    shipped_at: datetime | None = None
    releases: tuple[tuple[str, bool], ...] = ()
    linked: tuple[str, ...] = ()
    not_linked: tuple[str, ...] = ()
    joined: tuple[tuple[str, datetime], ...] = ()


class ChangeState(StrEnum):
    """Where a change is between opening and its end."""

    OPEN = "open"
    MERGED = "merged"
    ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True)
class Change:
    """A pull or merge request. Accounts are ``github/<login>``; times as in definitions: ready, first response.

    ``depends_on`` and ``closes`` are object names (``change:acme/api#7``, ``ticket:acme/api#5``). ``mergeable`` is
    None while the forge has not worked it out. ``move`` is the turn that lasts now, None once merged or abandoned.
    ``folders`` are those that its commits touch, two levels deep, the most touched first; empty where no push told.
    ``head_moves`` are when another commit came to head it, the newest 20, oldest first.
    """

    object: str
    repository: str
    number: int
    title: str
    url: str | None
    author: str | None
    state: ChangeState
    draft: bool
    opened_at: datetime
    ready_at: datetime | None
    base: str
    head: str
    head_sha: str | None
    last_event_at: datetime
    author_is_bot: bool = False
    default_branch: str | None = None
    first_response_at: datetime | None = None
    merged_at: datetime | None = None
    merge_sha: str | None = None
    merged_by: str | None = None
    closed_at: datetime | None = None
    labels: tuple[str, ...] = ()
    milestone: str | None = None
    assignees: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    asked_teams: tuple[str, ...] = ()
    reviews: tuple[Review, ...] = ()
    checks: tuple[Check, ...] = ()
    mergeable: bool | None = None
    depends_on: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    reverts: tuple[str, ...] = ()
    size: Size = Size()
    fix: bool = False
    attribution: Attribution = Attribution(None)
    corrections: Corrections = Corrections()
    move: Turn | None = None
    unknown: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    head_moves: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Ticket:
    """An issue: a bug, a feature, or (by its labels) an incident that is kept as one.

    One of Jira's is of the repository ``jira/<PROJECT>``. ``type`` is what its source calls its kind (bug, story, epic)
    and ``status`` its state there, since ``status_at``; ``part_of`` names the epics or features that it is a part of,
    ``versions`` every release that its source says it is for, beside its milestone. ``priority`` is how urgent its
    source calls it, ``names`` what it calls the assignees, in their order, where it does.
    """

    object: str
    repository: str
    number: int
    title: str
    url: str | None
    author: str | None
    open: bool
    opened_at: datetime
    last_event_at: datetime
    closed_at: datetime | None = None
    closed_reason: str | None = None
    reopened_at: datetime | None = None
    labels: tuple[str, ...] = ()
    milestone: str | None = None
    assignees: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    root_causes: tuple[str, ...] = ()
    corrections: Corrections = Corrections()
    move: Turn | None = None
    type: str | None = None
    status: str | None = None
    status_at: datetime | None = None
    part_of: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    priority: str | None = None
    names: tuple[str, ...] = ()

    @property
    def marks(self) -> tuple[str, ...]:
        """By what it can be told for a blocker, a bug or an incident: its labels, its kind and its priority."""
        return (*self.labels, *filter(None, (self.type, self.priority)))


@dataclass(frozen=True, slots=True)
class Milestone:
    """A forge's milestone: a release by another name, with its due date."""

    object: str
    repository: str
    number: int
    title: str
    url: str | None
    open: bool
    due_at: datetime | None
    created_at: datetime
    closed_at: datetime | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Publication:
    """A release as the forge published it: a tag with a date."""

    object: str
    repository: str
    tag: str
    name: str | None
    url: str | None
    published_at: datetime | None
    prerelease: bool = False
    draft: bool = False
    target: str | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: which branch it landed on and when, every branch it is known on, and what the checks on it say."""

    object: str
    repository: str
    sha: str
    landed_on: str | None = None
    landed_at: datetime | None = None
    checks: tuple[Check, ...] = ()
    branches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch and whether it exists; release branches make membership and "not in branch" visible."""

    object: str
    repository: str
    name: str
    exists: bool
    head_sha: str | None = None
    pushed_at: datetime | None = None
    created_at: datetime | None = None


class DeploymentState(StrEnum):
    """How far a deployment got; a failed one never counts as a deployment in metrics."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    INACTIVE = "inactive"


@dataclass(frozen=True, slots=True)
class Deployment:
    """One attempt to put a commit into an environment. ``exposure`` is 0 to 1, None without a rollout source."""

    object: str
    repository: str | None
    service: str | None
    environment: str
    sha: str | None
    ref: str | None
    state: DeploymentState
    created_at: datetime
    finished_at: datetime | None = None
    deployer: str | None = None
    url: str | None = None
    exposure: float | None = None
    purpose: str | None = None  # rollback or hotfix, where its source or a person says so


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that hurts customers, from when it began to hurt until it was resolved.

    One that is kept as a labelled issue goes by its ticket's object name. ``services`` are named as the source names
    them; ``root_causes`` are objects that the incident itself names (change, commit, deployment); ``assignees`` are
    accounts (``pagerduty/<id>``, ``github/<login>``) beside the names that people read, where the source gives any.
    One that is reopened goes on: its impact began when it first did. ``environment`` is where, if its source says so.
    """

    object: str
    source: str
    title: str
    open: bool
    opened_at: datetime
    last_event_at: datetime
    url: str | None = None
    closed_at: datetime | None = None
    acknowledged_at: datetime | None = None
    repository: str | None = None
    services: tuple[str, ...] = ()
    urgency: str | None = None
    assignees: tuple[str, ...] = ()
    names: tuple[str, ...] = ()  # of the assignees, in their order
    root_causes: tuple[str, ...] = ()
    corrections: Corrections = Corrections()
    reopened_at: datetime | None = None
    environment: str | None = None


HARD_GATES = frozenset({"incident_open", "freeze", "blocker_bug"})  # kinds whose waiver needs a second person


@dataclass(frozen=True, slots=True)
class AcceptedRisk:
    """A blocker that a named person let through: who, why, until when, and who seconded a hard gate."""

    blocker: str
    kind: str
    by: str
    reason: str
    at: datetime
    expires_at: datetime | None
    second: str | None = None
    deferred_to: str | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A person's own word on when a blocker will be gone; shown as theirs, never blended."""

    blocker: str
    by: str
    until: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Provided:
    """Something that a release needs for its customers and that is there, or is not after all: by whose word, where."""

    what: str
    by: str
    at: datetime
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """What people call a release: (product, version) and all that was decided about it in the assistant.

    ``waiting_second`` are waivers of hard gates that need another person. ``ended`` is superseded or cancelled.
    ``impact`` is how much customers notice of it, as a person said at ``impact_at`` (none, some, high); ``provided`` is
    what of training, support brief, release notes and the like is there, ``lacking`` what is not after all.
    """

    object: str
    product: str
    version: str
    name: str
    declared_at: datetime
    target: datetime | None = None
    targets_before: tuple[tuple[datetime, str, str, datetime], ...] = ()  # (target, moved by, why, moved at)
    owner: str | None = None
    delegates: tuple[str, ...] = ()
    scope_frozen_at: datetime | None = None
    train: str | None = None
    accepted: tuple[AcceptedRisk, ...] = ()
    deferred: tuple[AcceptedRisk, ...] = ()
    waiting_second: tuple[AcceptedRisk, ...] = ()
    estimates: tuple[Estimate, ...] = ()
    shipped_at: datetime | None = None
    ended: str | None = None
    ended_at: datetime | None = None
    impact: str | None = None
    impact_at: datetime | None = None
    provided: tuple[Provided, ...] = ()
    lacking: tuple[Provided, ...] = ()


@dataclass(frozen=True, slots=True)
class Freeze:
    """A stretch in which a service (or every one) must not be deployed, with who declared it."""

    object: str
    services: tuple[str, ...]  # empty: every service
    begins_at: datetime
    ends_at: datetime
    reason: str
    by: str
    lifted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Train:
    """A recurring release: its weekday cutoff in a zone; what misses it is proposed for the next."""

    object: str
    name: str
    product: str
    weekday: int  # 0 is Monday
    time: str  # "14:00"
    zone: str
    every_weeks: int
    first_on: str  # ISO date of one cutoff, from which the weeks are counted
    owner: str | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class External:
    """An outside wait declared by a person: an app store, legal, a customer's window."""

    object: str
    release: str
    title: str
    by: str
    began_at: datetime
    ends_at: datetime | None = None
    owner: str | None = None
    url: str | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A code account: whether it is a bot, and which person proved it theirs."""

    object: str
    login: str
    is_bot: bool | None = None
    person: str | None = None
    code_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Repository:
    """What a source said of a repository: who may see it there, and how far a backfill got."""

    object: str
    name: str
    private: bool | None = None
    default_branch: str | None = None
    backfill_since: datetime | None = None
    backfill_done: float | None = None  # 0 to 1
    reconciled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who wants which digest, where and when: a channel, or (``channel`` None) a person by direct message.

    ``days`` are weekdays (0 is Monday), ``time`` is local ("09:00") in ``zone``. ``about`` are the words that mean its
    team, repository or release; empty: everything that may be seen. ``since`` is when it was last set or resumed: no
    moment before it is due. ``person`` is whose direct messages, as a key (``person/anna``, ``slack/U1``).
    """

    object: str
    digest: str
    by: str
    created_at: datetime
    since: datetime
    channel: str | None = None
    person: str | None = None
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    time: str = "09:00"
    zone: str = "UTC"
    about: str = ""
    all_clear: bool = False  # whether a week in which nothing was to be said ends in a short word that all is well
    paused_at: datetime | None = None
    paused_why: str | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """That somebody did something about a thing, and when; ``until`` where it only holds for a while."""

    by: str
    at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attention:
    """What people did about a thing that was brought to them; each the newest of one person, oldest first.

    ``about`` is the thing's object. An answer counts what stands whatever is here: this only says whom to mention, and
    (``taken``, ``declined``) who is to review.
    """

    object: str
    about: str
    repository: str | None
    last_at: datetime
    acknowledged: tuple[Mark, ...] = ()
    snoozed: tuple[Mark, ...] = ()
    declined: tuple[Mark, ...] = ()
    taken: tuple[Mark, ...] = ()


class HandoffState(StrEnum):
    """Where a handoff is between asked and answered. Source: definitions, "Handoffs".

    STALE is never stored: it is worked out when asked, from what landed after what was looked at.
    """

    OPEN = "open"  # the receiver's move
    ACKNOWLEDGED = "acknowledged"  # the receiver's move, and they said so
    RETURNED = "returned"  # the sender's move
    DONE = "done"
    DONE_WITH_RISK = "done_with_risk"
    WITHDRAWN = "withdrawn"
    STALE = "stale"  # the receiver's move again


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a handoff: which event, who, when, from where (``via``), and what they said.

    ``to_function`` and ``receiver`` are whose it was from then on, where it was opened or reassigned; ``until`` the
    new due time, or the end of a snooze. ``since`` is when what was done had gone stale, where this takes it up again.
    """

    kind: str
    by: str
    at: datetime
    via: str = ""
    said: str = ""
    to_function: str | None = None
    receiver: str | None = None
    until: datetime | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """What was looked at when a handoff was done: ``looked_at`` a build, commit or version as its receiver named it.

    ``as_of`` is the moment up to which what was looked at holds all that had landed (of a commit: when it landed), the
    moment of signing where nobody can tell; ``head`` the head of the change that it is about, as it was then.
    """

    looked_at: str
    by: str
    at: datetime
    as_of: datetime
    ticked: tuple[str, ...] = ()
    risk: str | None = None  # the risk that its signer accepts
    head: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Handoff:
    """What one function passes on to another: from whom, to whom, about what, what is needed, by when.

    ``from_function`` and ``to_function`` are keys of functions; ``sender`` and ``receiver`` persons as keys, the
    receiver None where the whole function is meant. ``about`` is an object (``release:shop@2.4``,
    ``change:acme/api#7``, ``ticket:jira/SHOP#12``) or ``service:<key>``. ``gating`` ones block what they are about.
    ``state`` is the newest that somebody stated, since ``state_at``; ``due_at`` is set for all but the oldest data.
    ``previous`` is the handoff that this one carries on, ``round`` the round that it came of, ``rule`` the rule of the
    configuration by which a source opened it. ``steps`` are all that happened, oldest first.
    """

    object: str
    from_function: str
    to_function: str
    sender: str
    about: str
    needed: str
    opened_at: datetime
    last_at: datetime
    state: HandoffState = HandoffState.OPEN
    state_at: datetime | None = None
    receiver: str | None = None
    repository: str | None = None  # of the change or ticket that it is about
    due_at: datetime | None = None
    gating: bool = True
    checklist: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    signed: Signed | None = None  # the newest signature, kept when it was opened again
    returned_why: str | None = None
    snoozed: tuple[Mark, ...] = ()
    previous: str | None = None
    round: str | None = None
    rule: str | None = None
    steps: tuple[Step, ...] = ()


class Readiness(StrEnum):
    """What a function answers in a round."""

    READY = "ready"
    READY_WITH_RISK = "ready_with_risk"
    NOT_READY = "not_ready"


@dataclass(frozen=True, slots=True)
class RoundAnswer:
    """What one function answered: whether it is ready, what is not, what it waits for and from whom, by when.

    ``customers`` is what customers must be told; ``risk`` the risk that ``by`` accepts where it is ready with one.
    ``whom`` is a function or a person as they wrote it.
    """

    function: str
    by: str
    at: datetime
    readiness: Readiness
    not_ready: str = ""
    waits_for: str = ""
    whom: str = ""
    by_when: datetime | None = None
    customers: str = ""
    risk: str = ""
    via: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """One round of asking each function whether a release is ready; ``leads`` pairs a function with who answers for it.

    A lead is None where nobody leads the function. ``answers`` holds the newest of each function. ``channel`` is where
    the summary goes, None: to ``by`` alone. ``cause`` says what began it: asked, schedule or scope_freeze.
    """

    object: str
    release: str
    by: str
    opened_at: datetime
    due_at: datetime | None = None
    channel: str | None = None
    leads: tuple[tuple[str, str | None], ...] = ()
    answers: tuple[RoundAnswer, ...] = ()
    cause: str = "asked"
    closed_at: datetime | None = None
    closed_by: str | None = None


Record = (
    Change | Ticket | Milestone | Publication | Commit | Branch | Deployment | Incident
    | Release | Freeze | Train | External | Account | Repository | Subscription | Attention
    | Handoff | Round
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hint:
    """A word by which a change or ticket says which release it is for.

    ``field`` is milestone, label, branch or assigned; ``key`` the version key (see naming.py). For ``assigned`` the
    key is the whole release object.
    """

    field: str
    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Folded:
    """All that one object's events amount to.

    ``follows`` names the objects whose events this object is also folded from (a change follows its head commits
    and its branch): when one of those gets an event, this one is folded again.
    """

    record: Record | None
    turns: tuple[Turn, ...] = ()
    hints: tuple[Hint, ...] = ()
    follows: tuple[str, ...] = ()
