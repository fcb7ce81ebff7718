"""Which gating handoffs hold it up, from the moment they are open, and whose move are they?"""

from collections.abc import Iterable
from datetime import datetime

from assistant.blockers.blocker import Blocker, BlockerKind, NextAction, Owner
from assistant.counting import plural
from assistant.handoffs.functions import Functions
from assistant.handoffs.gathering import stands
from assistant.handoffs.history import open_since
from assistant.handoffs.places import kept_in
from assistant.handoffs.standing import Stand, titled
from assistant.situation import Situation
from assistant.subject import SubjectKind
from storage.naming import kind_of, service_object
from storage.records import HandoffState, ObjectKind, TurnKind

_BY_SERVICE = (SubjectKind.SERVICE, SubjectKind.TEAM, SubjectKind.TRAIN, SubjectKind.WORKSPACE)
_NEXT = {
    HandoffState.OPEN: NextAction.TAKE_HANDOFF,
    HandoffState.ACKNOWLEDGED: NextAction.DO_HANDOFF,
    HandoffState.RETURNED: NextAction.ANSWER_HANDOFF,
    HandoffState.STALE: NextAction.LOOK_AGAIN,
}


def of_handoffs(situation: Situation) -> Iterable[Blocker]:
    """Gating handoffs about it, its members or its services that somebody still has to move.

    Source: definitions, "What is blocking it": open, acknowledged, returned and stale.
    """
    for stand in standing_in(situation):
        if stand.handoff.gating and stand.open and _holds_up(stand.handoff.about, situation):
            yield of_stand(stand, situation)


def standing_in(situation: Situation) -> tuple[Stand, ...]:
    """Where each handoff that was loaded stands for this reader."""
    facts = situation.facts
    return stands(facts, situation.policy, situation.viewer, situation.now) if facts.handoffs else ()


def of_stand(stand: Stand, situation: Situation) -> Blocker:
    """The blocker that an open handoff is."""
    handoff, since = stand.handoff, min(stand.since, situation.now)
    owners = tuple(owner for owner in stand.movers if _is_somebody(owner, situation))
    title = titled(handoff, situation.policy)
    began = _began(stand, since)
    return Blocker(
        kind=BlockerKind.HANDOFF_OPEN,
        object=handoff.object,
        subject=stand.about if kind_of(handoff.about) in {ObjectKind.CHANGE, ObjectKind.TICKET} else title,
        title=title,
        url=stand.url,
        owners=owners,
        waiting_since=since,
        waiting_hours=situation.waited(since, owners),
        next_action=_NEXT[stand.state],
        turn=TurnKind.HANDOFF_OPEN.value,
        turn_began_at=began,
        repository=handoff.repository,
        detail=_detail(stand, situation),
        due_at=stand.due_at,
    )


def _began(stand: Stand, since: datetime) -> datetime:
    """From when it lasts, as past handoffs are measured: however often it was passed on or sent back meanwhile."""
    signed = stand.handoff.signed
    if stand.state is HandoffState.STALE:
        return max(since, signed.at) if signed else since
    return min(open_since(stand.handoff), since)


def _detail(stand: Stand, situation: Situation) -> str:
    """How it stands, and that it is overdue."""
    match stand.state:
        case HandoffState.RETURNED:
            said = f"returned: {stand.handoff.returned_why or 'no reason given'}"
        case HandoffState.STALE:
            signed = stand.handoff.signed
            said = f"no longer holds: {_what_came(stand)} came after {signed.looked_at if signed else 'it'}"
        case HandoffState.ACKNOWLEDGED:
            said = "acknowledged, not done yet"
        case _:
            said = "not acknowledged yet"
    return f"overdue, {said}" if stand.overdue(situation.now) else said


def _what_came(stand: Stand) -> str:
    """The first that the reader may know by name, and how much more; where they may know none, how much."""
    if not stand.named:
        return stand.came
    rest = len(stand.later) - 1
    more = f" and {'more than ' if stand.more else ''}{plural(rest, 'thing')} more" if rest else ""
    return f"{stand.named[0].name}{more}"


def _holds_up(about: str, situation: Situation) -> bool:
    """Whether a handoff about this thing holds the subject up: itself, a member, or a service of what goes on."""
    subject, name = situation.subject, about.casefold()
    if subject.object is not None and name == subject.object.casefold():
        return True
    if subject.kind in _BY_SERVICE and kind_of(about) == "service":
        named = {service_object(service) for service in subject.services}
        return name in named or any(map(situation.concerns, kept_in(about, situation.policy) or ()))
    members = [change.object for change in situation.members.changes]
    members += [ticket.object for ticket in situation.members.tickets]
    return name in {member.casefold() for member in members}


def _is_somebody(owner: Owner, situation: Situation) -> bool:
    """Whether there is anybody behind an owner: a function that nobody is in owns nothing."""
    kind, _, function = owner.key.partition("/")
    return kind != "function" or Functions(situation.policy).configured(function)
