"""What does a question ask the ledger for, and what does it get?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from storage.records import (
    Account,
    Attention,
    Branch,
    Change,
    Commit,
    Deployment,
    External,
    Freeze,
    Handoff,
    Incident,
    Milestone,
    Publication,
    Release,
    Repository,
    Round,
    Ticket,
    Train,
)

if TYPE_CHECKING:
    import numpy as np

HANDOFFS_KEPT = timedelta(days=365)  # for so long after it was answered a handoff is shown, and may turn stale
MOST_LANDED = 20  # things told by name that landed in one scope after one signature: the first are what counts
MOST_SINCE = 2000  # deployments of one repository or service, where every one since a moment is asked for


class ReleaseScope(NamedTuple):
    """What makes a change a release's: the keys that it may name it by, in these repositories (None: in any)."""

    keys: tuple[str, ...]
    repositories: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Needs:
    """What to load for one question; everything is limited to ``repositories`` (None: every repository).

    ``release_keys`` are version keys whose members (by milestone, label, branch or assignment) are wanted, open and
    merged alike; ``release_objects`` the same by explicit assignment. ``open_in`` asks for every open change and
    release-blocking ticket of those repositories, ``undeployed_in`` for what merged there and is not yet in
    production. ``objects`` are wanted by name. ``sample_sets`` maps a name (a team, "workspace") to repositories
    (None: all) whose past turns are wanted. ``blockers_in`` asks for the open release-blocking tickets of
    repositories, ``incidents_in`` for their incidents. ``deployments_in`` (repositories) and ``services`` ask for the
    newest deployments to ``environments``. ``releases_of`` asks for the newest declared releases of products.
    ``linked`` follows what was loaded to what it depends on and to the changes that close it. ``repository_of`` maps
    services to repositories, so that deployments which only name a service count for their repository.

    For digests: ``attention`` asks for what people did lately about things of ``repositories``; ``familiar_in`` for who
    knows the files of the changes that wait for a review there, and how much each of them has in hand; ``moves_of``
    for the open changes and tickets whose turn is one of these accounts'. ``turns_in`` maps a set's name to
    repositories (None: all) whose turns that lasted at any time since ``turns_since`` are wanted, and what of them had
    merged and was not in production at each moment of ``backlog_at``; ``flow_in`` the same for the changes merged since
    ``flow_since``. ``deployments_since`` asks for every deployment since then, not only the newest. ``first_out`` asks
    for the deployments with which the loaded merged changes were first out, where these are not among the newest.
    ``handoffs`` asks for the handoffs that are open, or were answered within the recent days; ``gates`` only for those
    about a release, change, ticket, service or repository that is asked for, and for the rounds about such a release.
    Either way, and of handoffs among ``objects``, what landed in their scopes after what those that are done looked at;
    ``signed_releases`` maps the releases that such may be about to what makes a change theirs. ``tickets_in`` asks for
    every ticket of those repositories that was opened since ``tickets_since``.
    """

    repositories: frozenset[str] | None = None
    release_keys: tuple[str, ...] = ()
    release_objects: tuple[str, ...] = ()
    open_in: tuple[str, ...] = ()
    undeployed_in: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    sample_sets: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)
    sample_limit: int = 500
    sample_days: int = 365
    environments: tuple[str, ...] = ()
    all_releases: bool = False
    blocker_labels: tuple[str, ...] = ()
    incident_labels: tuple[str, ...] = ()
    recent_days: int = 90
    recent_limit: int = 500
    seen_by: str | None = None
    seen_key: str | None = None
    blockers_in: tuple[str, ...] = ()
    incidents_in: tuple[str, ...] = ()
    deployments_in: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    releases_of: tuple[str, ...] = ()
    linked: bool = True
    repository_of: Mapping[str, str] = field(default_factory=dict)
    attention: bool = False
    familiar_in: tuple[str, ...] = ()
    moves_of: tuple[str, ...] = ()
    turns_in: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)
    turns_since: datetime | None = None
    backlog_at: tuple[datetime, ...] = ()
    flow_in: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)
    flow_since: datetime | None = None
    deployments_since: datetime | None = None
    bug_labels: tuple[str, ...] = ()
    tickets_in: tuple[str, ...] = ()
    tickets_since: datetime | None = None
    first_out: bool = False
    heard_within: timedelta | None = None
    handoffs: bool = False
    gates: bool = False
    signed_releases: Mapping[str, ReleaseScope] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Samples:
    """Past turns of one kind as columns, newest first: seconds since the epoch (UTC), NaN where not yet known.

    ``began``, ``ended`` (of the turn) and ``cleared`` (when the thing was merged, abandoned or closed), equal length.
    """

    began: "np.ndarray"
    ended: "np.ndarray"
    cleared: "np.ndarray"


@dataclass(frozen=True, slots=True)
class MergedSamples:
    """Newest merged changes as columns: epoch seconds of the merge and of reaching production (NaN: not yet)."""

    merged: "np.ndarray"
    deployed: "np.ndarray"


@dataclass(frozen=True, slots=True)
class Knower:
    """Somebody who wrote or reviewed what a change touches: an account, in how many changes, and the newest of them.

    ``files`` says whether the same folders were touched; else they only know the repository.
    """

    account: str
    changes: int
    newest: datetime
    files: bool


@dataclass(frozen=True, slots=True)
class Flow:
    """Changes that merged in a period, oldest merge first: columns of one length, epoch seconds, NaN for not known.

    ``requested`` is when the oldest ticket that it closes was opened, ``fights`` whether it mends (it reverts, or
    closes a bug, a blocker or an incident), ``mends`` the same without bugs and blockers. ``undone`` are the places of
    a change and of the one that it reverts, where both are here. The turns of these changes are columns of another
    length: ``turn_of`` is the place of the change, ``turn_kind`` the kind's place in ``kinds``. ``shas`` are those that
    they were merged as, empty where not known. ``closes`` are the place of a change and a ticket that it closes.
    """

    objects: tuple[str, ...]
    shas: tuple[str, ...]
    requested: "np.ndarray"
    opened: "np.ndarray"
    merged: "np.ndarray"
    deployed: "np.ndarray"
    fights: "np.ndarray"
    mends: "np.ndarray"
    undone: tuple[tuple[int, int], ...]
    kinds: tuple[str, ...]
    turn_of: "np.ndarray"
    turn_kind: "np.ndarray"
    turn_began: "np.ndarray"
    turn_ended: "np.ndarray"
    closes: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Freshness:
    """The newest event per source, and when each was last heard or reconciled."""

    newest_event: Mapping[str, datetime]
    newest_receipt: Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the ledger knows for one question at one moment; tuples of records, columns for the past."""

    changes: tuple[Change, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    publications: tuple[Publication, ...] = ()
    commits: tuple[Commit, ...] = ()
    branches: tuple[Branch, ...] = ()
    deployments: tuple[Deployment, ...] = ()  # newest first, successful and failed, of the asked environments
    first_out: tuple[Deployment, ...] = ()
    # ^ older ones, of which the next is not known: those with which a loaded change was first out at some place
    landed: Mapping[tuple[str, str], Mapping[str, datetime]] = field(default_factory=dict)
    # ^ (repository casefolded, sha as a deployment said it) -> branch -> when it landed there; absent: never seen
    incidents: tuple[Incident, ...] = ()  # open, or closed within the recent days; labelled tickets among them
    releases: tuple[Release, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    trains: tuple[Train, ...] = ()
    externals: tuple[External, ...] = ()
    accounts: tuple[Account, ...] = ()
    repositories: tuple[Repository, ...] = ()
    samples: Mapping[str, Mapping[str, Samples]] = field(default_factory=dict)  # set name -> turn kind -> columns
    merged: Mapping[str, MergedSamples] = field(default_factory=dict)  # set name -> columns
    hints: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # object -> "field:title" it is claimed by
    recent_changes: int = 0
    recent_without_release: int = 0
    accounts_seen: tuple[str, ...] = ()  # logins that acted in the recent days, bots left out
    freshness: Freshness = field(default_factory=lambda: Freshness({}, {}))
    heard: Mapping[str, tuple[tuple[datetime, datetime], ...]] = field(default_factory=dict)
    # ^ source -> stretches, oldest first, in which it was never silent for longer than was asked; absent: not known
    last_heard: Mapping[str, datetime] = field(default_factory=dict)  # newest event of what was loaded, by repository
    seen: tuple[datetime, Any] | None = None  # when this viewer last saw the answer, and its remembered outline
    deploying: tuple[str, ...] = ()  # repositories and services that ever had a deployment in the asked environments
    events: int = 0  # whether anything was ever stored; 0 or 1 is enough
    left_out: int = 0  # members and open changes beyond what is handed over as records
    attention: Mapping[str, Attention] = field(default_factory=dict)  # by the object that it is about
    familiar: Mapping[str, tuple[Knower, ...]] = field(default_factory=dict)  # by change, who knows it best first
    in_hand: Mapping[str, int] = field(default_factory=dict)  # account, casefolded -> open things that wait for it
    turns: Mapping[str, Mapping[str, Samples]] = field(default_factory=dict)  # set name -> turn kind -> columns
    backlog: Mapping[str, tuple["np.ndarray | None", ...]] = field(default_factory=dict)
    # ^ set name -> for each moment of ``backlog_at`` when what was not in production had merged; None: not known
    flow: Mapping[str, Flow] = field(default_factory=dict)  # set name -> merged changes
    handoffs: tuple[Handoff, ...] = ()  # by object name; whose subject may be seen is for assistant.handoffs to say
    rounds: tuple[Round, ...] = ()  # by object name; whose release may be seen is for assistant.handoffs to say
    signed: "Facts | None" = None
    # ^ what landed in the scopes of those that are done since they were (``changes``, ``commits``), and what tells
    # whose it is, whoever may see it: for all it is the same whether a signature holds, what landed is not for all to
    # read


@dataclass(frozen=True, slots=True)
class NamedRelease:
    """A release by some evidence: its version key, one title as written, the repository, and what says so.

    ``source`` is milestone, label, branch, assigned, declared or published; ``product`` is known for declared ones.
    ``at`` is when it was published, its milestone closed, or somebody said that it shipped.
    """

    key: str
    title: str
    repository: str | None
    source: str
    product: str | None = None
    open: bool | None = None
    at: datetime | None = None
