"""What do the snapshots that came with a subject's events amount to?"""

from collections.abc import Sequence
from typing import Any

from storage.records import KnownEvent

_ADDS = {"labeled": "labels", "assigned": "assignees", "milestoned": "milestone", "review_requested": "asked_teams"}
_TAKES = {
    "unlabeled": "labels", "unassigned": "assignees", "demilestoned": "milestone",
    "review_request_removed": "asked_teams",
}  # fmt: skip
_TEAM = "team/"


def latest(events: Sequence[KnownEvent]) -> dict[str, Any]:
    """The newest word on each attribute, empty where there was never a snapshot.

    Snapshots may be partial. Of several in one instant none need know all that was done in it: what was done (a label
    added, somebody assigned) counts after what they show. ``events`` are ordered.
    """
    told: dict[str, Any] = {}
    at, done = None, list[KnownEvent]()
    for event in events:
        if event.at != at:
            at, done = event.at, []
        if snapshot := event.data.get("snapshot"):
            told.update(snapshot)
        if "target" in event.data:
            done.append(event)
        for one in done if told else ():
            _do(told, one)
    return told


def _do(told: dict[str, Any], event: KnownEvent) -> None:
    verb, target = event.kind.rpartition(".")[2], event.data.get("target")
    attribute = _ADDS.get(verb) or _TAKES.get(verb)
    if (
        attribute is None
        or not isinstance(target, str)
        or (attribute == "asked_teams" and not target.startswith(_TEAM))
    ):
        return
    target = target.removeprefix(_TEAM) if attribute == "asked_teams" else target
    there = told.get(attribute)
    if attribute == "milestone":
        if verb in _ADDS:
            told[attribute] = target
        elif there == target:
            told[attribute] = None
    elif verb in _ADDS:
        told[attribute] = [*(there or ()), target] if target not in (there or ()) else there
    elif target in (there or ()):
        told[attribute] = [one for one in there or () if one != target]
