"""What was asked of another function, what became of it, and whose move was it when?

Acts say which step of the handoff they are, counted from 1: they were decided one after the other, whatever the clocks
of those who decided them say. What does not fit where the handoff stood by then counts for nothing, so two who press
at once leave one mark. An act without a person behind it is none.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from storage.naming import kind_of, subject_of
from storage.records import Folded, Handoff, HandoffState, KnownEvent, Mark, ObjectKind, Signed, Step, Turn, TurnKind
from storage.state.rules import FoldRules
from storage.state.stated import instant, whole, word, words

_IN_REPOSITORY = {ObjectKind.CHANGE, ObjectKind.TICKET}
SIGNED = frozenset({HandoffState.DONE, HandoffState.DONE_WITH_RISK})
_ASKED = frozenset({HandoffState.OPEN, HandoffState.ACKNOWLEDGED})
WAITED_FOR = _ASKED | {HandoffState.RETURNED}
_ANSWERABLE = _ASKED | SIGNED  # done may have gone stale: whether it has is worked out elsewhere
# Where a handoff has to stand for a thing to happen to it; once done, only when that went stale or is taken back.
FITS: Mapping[str, frozenset[HandoffState]] = {
    "handoff.acknowledged": frozenset({HandoffState.OPEN}) | SIGNED,
    "handoff.done": _ANSWERABLE,
    "handoff.returned": _ANSWERABLE,
    "handoff.resent": frozenset({HandoffState.RETURNED}) | SIGNED,
    "handoff.withdrawn": WAITED_FOR | SIGNED,
    "handoff.reassigned": _ANSWERABLE,
    "handoff.rescheduled": WAITED_FOR | SIGNED,
    "handoff.snoozed": WAITED_FOR | SIGNED,
}


def fold_handoff(object_name: str, events: Sequence[KnownEvent], _rules: FoldRules) -> Folded:
    """Fold the acts about one handoff, given in order of time."""
    found: Handoff | None = None
    turns: list[Turn] = []
    for event in _in_order([one for one in events if one.object == object_name and one.actor]):
        before = found
        found = _opened(object_name, event) if found is None else _moved(found, event)
        _turn(turns, before, found, event)
    return Folded(found, tuple(turns))


def _in_order(events: Sequence[KnownEvent]) -> Sequence[KnownEvent]:
    """As they were decided, where every one of them says so."""
    steps = {event.identity: whole(event.data, "step") for event in events}
    if None in steps.values():
        return events
    return sorted(events, key=lambda event: steps[event.identity] or 0)


def _opened(object_name: str, event: KnownEvent) -> Handoff | None:
    data = event.data
    from_function, to_function = word(data, "from"), word(data, "to")
    about, needed = word(data, "about"), word(data, "needed")
    if event.kind != "handoff.opened" or not from_function or not to_function or not about or not needed:
        return None
    return Handoff(
        object=object_name,
        from_function=from_function,
        to_function=to_function,
        sender=event.actor or "",
        about=about,
        needed=needed,
        opened_at=event.at,
        last_at=event.at,
        state_at=event.at,
        receiver=word(data, "receiver"),
        repository=subject_of(about).rpartition("#")[0] or None if kind_of(about) in _IN_REPOSITORY else None,
        due_at=instant(data, "due_at"),
        gating=data.get("gating") is not False,
        checklist=words(data, "checklist"),
        links=words(data, "links"),
        previous=word(data, "previous"),
        round=word(data, "round"),
        rule=word(data, "rule"),
        steps=(_step(event, needed),),
    )


def _moved(found: Handoff, event: KnownEvent) -> Handoff:
    """What an act made of it; as it was, where the act does not fit or lacks what it needs."""
    fits = event.kind in FITS and found.state in FITS[event.kind]
    moved = _MOVES[event.kind](found, event) if fits else None
    if moved is None:
        return found
    step = replace(_step(event, _said(event)), since=_stale_since(found, event))
    return replace(moved, last_at=max(found.last_at, event.at), steps=(*found.steps, step))


def _acknowledged(found: Handoff, event: KnownEvent) -> Handoff:
    return replace(found, state=HandoffState.ACKNOWLEDGED, state_at=event.at)


def _done(found: Handoff, event: KnownEvent) -> Handoff | None:
    data, looked_at = event.data, word(event.data, "looked_at")
    if not looked_at:
        return None
    risk, as_of = word(data, "risk"), instant(data, "as_of")
    signed = Signed(
        looked_at=looked_at,
        by=event.actor or "",
        at=event.at,
        as_of=min(as_of, event.at) if as_of else event.at,
        ticked=words(data, "ticked"),
        risk=risk,
        head=word(data, "head"),
        url=word(data, "url"),
    )
    state = HandoffState.DONE_WITH_RISK if risk else HandoffState.DONE
    return replace(found, state=state, state_at=event.at, signed=signed, snoozed=())


def _returned(found: Handoff, event: KnownEvent) -> Handoff | None:
    why = word(event.data, "why")
    if not why:
        return None
    return replace(found, state=HandoffState.RETURNED, state_at=event.at, returned_why=why, snoozed=())


def _resent(found: Handoff, event: KnownEvent) -> Handoff:
    due_at = instant(event.data, "due_at") or found.due_at
    return replace(found, state=HandoffState.OPEN, state_at=event.at, due_at=due_at, returned_why=None, snoozed=())


def _withdrawn(found: Handoff, event: KnownEvent) -> Handoff:
    return replace(found, state=HandoffState.WITHDRAWN, state_at=event.at, snoozed=())


def _reassigned(found: Handoff, event: KnownEvent) -> Handoff | None:
    to_function = word(event.data, "to")
    if not to_function:
        return None
    receiver = word(event.data, "receiver")
    return replace(
        found, to_function=to_function, receiver=receiver, state=HandoffState.OPEN, state_at=event.at, snoozed=()
    )


def _rescheduled(found: Handoff, event: KnownEvent) -> Handoff | None:
    due_at = instant(event.data, "due_at")
    return replace(found, due_at=due_at) if due_at else None


def _snoozed(found: Handoff, event: KnownEvent) -> Handoff | None:
    """Of each person the newest; one that names no later moment ends the one before."""
    who, until = event.actor or "", instant(event.data, "until")
    if until is None:
        return None
    others = tuple(mark for mark in found.snoozed if mark.by.casefold() != who.casefold())
    mine = (Mark(who, event.at, until),) if until > event.at else ()
    return replace(found, snoozed=(*others, *mine))


def _step(event: KnownEvent, said: str) -> Step:
    """One act as the handoff's history tells it."""
    data = event.data
    return Step(
        kind=event.kind,
        by=event.actor or "",
        at=event.at,
        via=word(data, "via") or "",
        said=said,
        to_function=word(data, "to"),
        receiver=word(data, "receiver"),
        until=instant(data, "until") or instant(data, "due_at"),
    )


def _said(event: KnownEvent) -> str:
    """What whoever did it said: why, or what they looked at and the risk that they accept."""
    heard = (word(event.data, key) for key in ("why", "looked_at", "risk"))
    return ": ".join(part for part in heard if part)


def _turn(turns: list[Turn], before: Handoff | None, after: Handoff | None, event: KnownEvent) -> None:
    """One turn from when it is asked, or what was done goes stale, until it is done or taken back.

    That it went stale is known from whoever took it up; signed anew at once, it was a turn all the same.
    """
    waited, waits = (one is not None and one.state in WAITED_FOR for one in (before, after))
    again = _stale_since(before, event) if before else None
    if waits and not waited:
        turns.append(Turn(TurnKind.HANDOFF_OPEN, again or event.at, None))
    elif waited and not waits:
        turns[-1] = replace(turns[-1], ended_at=max(turns[-1].began_at, event.at))
    elif again and after is not before and event.kind == "handoff.done":
        turns.append(Turn(TurnKind.HANDOFF_OPEN, again, max(again, event.at)))


def _stale_since(found: Handoff, event: KnownEvent) -> datetime | None:
    """Since when what was done was stale when this took it up: no earlier than it was done, no later than this."""
    since = instant(event.data, "stale_since") if found.state in SIGNED and found.signed else None
    return max(min(since, event.at), found.signed.at) if since and found.signed else None


_MOVES: Mapping[str, Callable[[Handoff, KnownEvent], Handoff | None]] = {
    "handoff.acknowledged": _acknowledged,
    "handoff.done": _done,
    "handoff.returned": _returned,
    "handoff.resent": _resent,
    "handoff.withdrawn": _withdrawn,
    "handoff.reassigned": _reassigned,
    "handoff.rescheduled": _rescheduled,
    "handoff.snoozed": _snoozed,
}
