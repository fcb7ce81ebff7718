"""For which others does a ticket of Jira's wait?

An issue's own deliveries show its links whole, with the keys of the others. A link made or taken away later is told by
inner numbers alone: those events are kept under the number of the issue that waits, and what a number is called is
told beside each delivery of that issue.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from storage.records import KnownEvent
from storage.state.stated import word

_MANY = 200


def waited_for(own: Sequence[KnownEvent], events: Sequence[KnownEvent]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The tickets that it waits for, by name, and what has to be followed to know them; events are ordered."""
    number, shown_at = None, None
    links: dict[str, str] = {}
    for event in own:
        snapshot: Mapping[str, Any] = event.data.get("snapshot") or {}
        number = word(snapshot, "issue") or number
        if isinstance(snapshot.get("links"), list):
            links, shown_at = _pairs(snapshot["links"]), event.at
    if number is None:
        return (), ()
    names = {
        event.object: name for event in events if event.kind == "issue.named" and (name := word(event.data, "name"))
    }
    _later(links, [event for event in events if event.object == number], shown_at)
    follows = tuple(dict.fromkeys([number, *(on for on in links.values() if on.startswith("issue:"))]))
    waits = (names.get(on, on) for on in links.values())
    return tuple(dict.fromkeys(name for name in waits if name.startswith("ticket:"))), follows


def _later(links: dict[str, str], events: Sequence[KnownEvent], shown_at: datetime | None) -> None:
    """Do to the links what was done after they were shown."""
    for event in events:
        link, on = word(event.data, "link"), word(event.data, "on")
        if link is None or on is None or (shown_at is not None and event.at <= shown_at):
            continue
        if event.kind == "issue.linked":
            links.setdefault(link, on)
        elif event.kind == "issue.unlinked":
            links.pop(link, None)


def _pairs(told: Sequence[Any]) -> dict[str, str]:
    pairs = (one for one in told[:_MANY] if isinstance(one, list) and len(one) == len(("link", "name")))
    return {link: name for link, name in pairs if isinstance(link, str) and isinstance(name, str)}
