"""What is known of one incident?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.naming import subject_of
from storage.records import Folded, Incident, KnownEvent
from storage.state.corrections import corrected
from storage.state.rules import FoldRules
from storage.state.stated import each, instant, word, words

_OPENS = frozenset({"incident.detected", "incident.reopened"})


@dataclass(slots=True)
class _Life:
    """When an incident was resolved, reopened and acknowledged; of each the newest that still holds."""

    closed_at: datetime | None = None
    reopened_at: datetime | None = None
    acknowledged_at: datetime | None = None


def fold_incident(object_name: str, events: Sequence[KnownEvent], _: FoldRules) -> Folded:
    """Fold one incident's events, ordered; corrections alone make none.

    Its impact began at the earliest moment that anything gives: its creation as told, else the first that was heard.
    Once resolved it is open again only when its source detects it again or reopens it, or later shows it open.
    """
    own = [event for event in events if not event.kind.startswith("corrected.")]
    if not own:
        return Folded(None)
    told: dict[str, Any] = {}
    for event in own:
        told.update({key: value for key, value in event.data.items() if value not in (None, [])})
        if "assignees" in event.data:  # nobody is an answer too
            told |= {key: event.data.get(key) for key in ("assignees", "names")}
    opened_at = min([own[0].at, *(at for event in own if (at := instant(event.data, "began_at")))])
    life = _lived(own, opened_at)
    source = subject_of(object_name).partition("/")[0]
    incident = Incident(
        object=object_name,
        source=source,
        title=word(told, "title") or "",
        open=life.closed_at is None,
        opened_at=opened_at,
        last_event_at=max(own[-1].at, opened_at),
        url=word(told, "url"),
        closed_at=life.closed_at,
        acknowledged_at=life.acknowledged_at,
        repository=next((event.repository for event in own if event.repository), None),
        services=words(told, "services"),
        urgency=word(told, "urgency"),
        assignees=words(told, "assignees"),
        names=words(told, "names"),
        root_causes=each(words(event.data, "root_causes") for event in own),
        corrections=corrected([event for event in events if event.kind.startswith("corrected.")]),
        reopened_at=life.reopened_at,
        environment=word(told, "environment"),
    )
    return Folded(incident)


def _lived(own: Sequence[KnownEvent], opened_at: datetime) -> _Life:
    life = _Life()
    for event in own:
        opens = _opens(event.kind, event.data)
        if life.closed_at is None and opens is False:
            life.closed_at = max(event.at, opened_at)
        elif life.closed_at is not None and opens and event.at > life.closed_at:
            life.closed_at, life.reopened_at, life.acknowledged_at = None, event.at, None
        if life.closed_at is None and event.kind == "incident.acknowledged":
            life.acknowledged_at = life.acknowledged_at or event.at
        elif event.kind == "incident.unacknowledged":
            life.acknowledged_at = None
    return life


def _opens(kind: str, data: Mapping[str, Any]) -> bool | None:
    """Whether an event says that it is open (True), over (False), or neither."""
    if kind == "incident.resolved":
        return False
    if kind in _OPENS:
        return True
    said = data.get("open")
    return said if isinstance(said, bool) else None
