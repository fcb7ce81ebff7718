"""Who was asked whether a release is ready, and what did each function answer?

The first opening stands; an answer may be changed until the round is closed, and closed it stays. Only the functions
that were asked answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from storage.records import Folded, KnownEvent, Readiness, Round, RoundAnswer
from storage.state.rules import FoldRules
from storage.state.stated import instant, word

_PAIR = 2


def fold_round(object_name: str, events: Sequence[KnownEvent], _rules: FoldRules) -> Folded:
    """Fold the events of one round, ordered."""
    found: Round | None = None
    for event in events:
        if event.object != object_name or not event.actor or (found and found.closed_at):
            continue
        if found is None:
            found = _opened(object_name, event) if event.kind == "round.opened" else None
        elif event.kind == "round.answered":
            found = _answered(found, event)
        elif event.kind == "round.closed":
            found = replace(found, closed_at=event.at, closed_by=event.actor)
    return Folded(found)


def _opened(object_name: str, event: KnownEvent) -> Round | None:
    release = word(event.data, "release")
    if not release:
        return None
    return Round(
        object=object_name,
        release=release,
        by=event.actor or "",
        opened_at=event.at,
        due_at=instant(event.data, "due_at"),
        channel=word(event.data, "channel"),
        leads=_leads(event.data),
        cause=word(event.data, "cause") or "asked",
    )


def _leads(data: Mapping[str, Any]) -> tuple[tuple[str, str | None], ...]:
    """Each function once, with who answers for it; what is no such pair is left out."""
    listed = data.get("leads")
    found: dict[str, str | None] = {}
    for pair in listed if isinstance(listed, list | tuple) else ():
        if isinstance(pair, list | tuple) and len(pair) == _PAIR and isinstance(pair[0], str) and pair[0]:
            found.setdefault(pair[0], pair[1] if isinstance(pair[1], str) and pair[1] else None)
    return tuple(found.items())


def _answered(found: Round, event: KnownEvent) -> Round:
    """The round with this answer in the place of what the function said before."""
    answer = _answer(event)
    if answer is None or answer.function not in {function for function, _ in found.leads}:
        return found
    others = tuple(one for one in found.answers if one.function != answer.function)
    return replace(found, answers=(*others, answer))


def _answer(event: KnownEvent) -> RoundAnswer | None:
    data, function = event.data, word(event.data, "function")
    if not function or data.get("readiness") not in set(Readiness):
        return None
    said = {key: word(data, key) or "" for key in ("not_ready", "waits_for", "whom", "customers", "risk", "via")}
    return RoundAnswer(
        function=function,
        by=event.actor or "",
        at=event.at,
        readiness=Readiness(data["readiness"]),
        by_when=instant(data, "by_when"),
        **said,
    )
