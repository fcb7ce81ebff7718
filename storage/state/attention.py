"""What did people do about a thing that was brought to them: who saw it, put it off, said it is not theirs, took it?

Of each person the newest act of a kind holds. Some acts take an earlier one of the same person back: whoever says that
it is not theirs has neither seen to it nor taken it nor put it off; whoever takes it, or sees to it, says that it is
theirs after all. An act without a person behind it is none.
"""

from collections.abc import Mapping, Sequence

from storage.naming import subject_of
from storage.records import Attention, Folded, KnownEvent, Mark
from storage.state.rules import FoldRules
from storage.state.stated import instant

ACKNOWLEDGED, SNOOZED = "attention.acknowledged", "attention.snoozed"
DECLINED, TAKEN = "attention.declined", "attention.taken"
_TAKES_BACK: Mapping[str, tuple[str, ...]] = {
    ACKNOWLEDGED: (DECLINED,),
    SNOOZED: (),
    DECLINED: (ACKNOWLEDGED, TAKEN, SNOOZED),
    TAKEN: (DECLINED, SNOOZED),
}


def fold_attention(object_name: str, events: Sequence[KnownEvent], rules: FoldRules) -> Folded:
    """Fold what people did about one thing, in the order in which they did it."""
    _ = rules
    acts = [event for event in events if event.object == object_name and event.actor and event.kind in _TAKES_BACK]
    about = subject_of(object_name)
    if not acts or not about:
        return Folded(None)
    marks: dict[str, dict[str, Mark]] = {kind: {} for kind in _TAKES_BACK}
    for event in acts:
        _mark(marks, event, event.actor or "")
    repository = next((event.repository for event in reversed(acts) if event.repository), None)
    return Folded(
        Attention(
            object=object_name,
            about=about,
            repository=repository,
            last_at=acts[-1].at,
            acknowledged=_in_order(marks[ACKNOWLEDGED]),
            snoozed=_in_order(marks[SNOOZED]),
            declined=_in_order(marks[DECLINED]),
            taken=_in_order(marks[TAKEN]),
        )
    )


def _mark(marks: Mapping[str, dict[str, Mark]], event: KnownEvent, actor: str) -> None:
    """Let one act hold in place of what it takes back; a snooze that names no later moment ends the one before."""
    who = actor.casefold()
    until = instant(event.data, "until") if event.kind == SNOOZED else None
    for kind in _TAKES_BACK[event.kind]:
        marks[kind].pop(who, None)
    marks[event.kind].pop(who, None)
    if event.kind != SNOOZED or (until and until > event.at):
        marks[event.kind][who] = Mark(actor, event.at, until)


def _in_order(marks: Mapping[str, Mark]) -> tuple[Mark, ...]:
    return tuple(sorted(marks.values(), key=lambda mark: (mark.at, mark.by)))
