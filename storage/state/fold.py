"""What do one object's events amount to?"""

from collections.abc import Callable, Mapping, Sequence

from storage.naming import kind_of
from storage.records import Folded, KnownEvent, ObjectKind
from storage.state.account import fold_account
from storage.state.attention import fold_attention
from storage.state.branch import fold_branch
from storage.state.change import fold_change
from storage.state.commit import fold_commit
from storage.state.decisions import fold_decision
from storage.state.deployment import fold_deployment
from storage.state.handoff import fold_handoff
from storage.state.incident import fold_incident
from storage.state.milestone import fold_milestone
from storage.state.publication import fold_publication
from storage.state.repository import fold_repository
from storage.state.round import fold_round
from storage.state.rules import FoldRules
from storage.state.subscription import fold_subscription
from storage.state.ticket import fold_ticket

_NOTHING = Folded(None)

# Sources give whole seconds: of what happened within one, this order is the likely one (0 first). What a source shows
# beside an event, or of the whole in the end, comes last: it knows most.
_RANKS = {
    "change.created": 0, "ticket.created": 0, "check.updated": 2, "change.commented": 3, "change.reviewed": 3,
    "change.review_dismissed": 4, "change.merged": 5, "change.abandoned": 5, "ticket.closed": 5, "change.reopened": 6,
    "ticket.reopened": 6, "change.updated": 7, "ticket.updated": 7, "incident.detected": 0, "incident.reported": 0,
    "incident.resolved": 5, "incident.reopened": 6, "incident.updated": 7,
    "round.opened": 0, "round.closed": 5, "handoff.opened": 0, "handoff.done": 5, "handoff.returned": 5,
    "handoff.withdrawn": 6, "handoff.resent": 6, "handoff.reassigned": 6,
}  # fmt: skip
_ANY_RANK = 1


def fold(object_name: str, events: Sequence[KnownEvent], rules: FoldRules) -> Folded:
    """Fold an object's events, and those of the objects that it follows, into its record, turns and hints.

    The events may come in any order and any number of times: they are put in order of time (within one instant: of
    what usually comes first, then of identity), and an identity counts once. An object of a kind nobody knows, or
    without events of its own, has no record.
    """
    once = {event.identity: event for event in events}
    ordered = sorted(once.values(), key=lambda event: (event.at, _RANKS.get(event.kind, _ANY_RANK), event.identity))
    if not any(event.object == object_name for event in ordered):
        return _NOTHING
    by_kind = _FOLDS.get(kind_of(object_name))
    return by_kind(object_name, ordered, rules) if by_kind else _NOTHING


def _decided(object_name: str, events: Sequence[KnownEvent], _: FoldRules) -> Folded:
    return fold_decision(object_name, events)


_FOLDS: Mapping[str, Callable[[str, Sequence[KnownEvent], FoldRules], Folded]] = {
    ObjectKind.CHANGE: fold_change,
    ObjectKind.TICKET: fold_ticket,
    ObjectKind.MILESTONE: fold_milestone,
    ObjectKind.COMMIT: fold_commit,
    ObjectKind.BRANCH: fold_branch,
    ObjectKind.DEPLOYMENT: fold_deployment,
    ObjectKind.PUBLICATION: fold_publication,
    ObjectKind.ACCOUNT: fold_account,
    ObjectKind.REPOSITORY: fold_repository,
    ObjectKind.RELEASE: _decided,
    ObjectKind.FREEZE: _decided,
    ObjectKind.TRAIN: _decided,
    ObjectKind.EXTERNAL: _decided,
    ObjectKind.INCIDENT: fold_incident,
    ObjectKind.SUBSCRIPTION: fold_subscription,
    ObjectKind.ATTENTION: fold_attention,
    ObjectKind.HANDOFF: fold_handoff,
    ObjectKind.ROUND: fold_round,
}
