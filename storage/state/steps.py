"""What does one event do to a change as it stands, and how did the change stand before it?"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from storage.records import KnownEvent
from storage.state.moment import Moment
from storage.state.pushes import Chain
from storage.state.stated import word, words

_NO_COMMIT = "0" * 40


def show(moment: Moment, snapshot: Mapping[str, Any], at: datetime, chain: Chain) -> None:
    """Take in what a snapshot shows."""
    if head := word(snapshot, "head_sha"):
        _head(moment, head, chain)
    moment.told(snapshot, at)


def do(moment: Moment, event: KnownEvent, at: datetime, chain: Chain) -> None:
    """Take in what the event says was done."""
    step = _STEPS.get(event.kind)
    if step is not None:
        step(moment, event, at)
    elif event.kind == "change.pushed" and (sha := word(event.data, "sha")):
        _head(moment, sha, chain)
    elif event.identity in chain.missed:
        _head(moment, event.data["after"], chain)


def begin(moment: Moment, events: Sequence[KnownEvent], chain: Chain) -> None:
    """Set a moment to how the change stood when it was opened.

    That is its first snapshot, with what was done until then undone: history read later tells one at the end only.
    """
    first = next((index for index, event in enumerate(events) if event.data.get("snapshot")), None)
    if first is None:
        return
    snapshot = events[first].data["snapshot"]
    moment.draft = snapshot.get("draft") is True
    moment.head, moment.base = word(snapshot, "head_sha"), word(snapshot, "base")
    moment.asked = {account.casefold(): account for account in words(snapshot, "asked")}
    moment.assignees = words(snapshot, "assignees")
    for event in reversed(events[: first + 1]):
        _undo(moment, event, chain)


def _undo(moment: Moment, event: KnownEvent, chain: Chain) -> None:
    kind, target = event.kind, word(event.data, "target") or ""
    if kind in {"change.readied", "change.drafted"}:
        moment.draft = kind == "change.readied"
    elif kind == "change.review_requested":
        moment.asks_no_more(target)
    elif kind == "change.review_request_removed" and not target.startswith("team/"):
        moment.asked[target.casefold()] = target
    elif kind == "change.pushed" or (event.identity in chain.missed and event.data["after"] == moment.head):
        before = word(event.data, "before")
        moment.head = moment.head if before in {None, _NO_COMMIT} else before


def _head(moment: Moment, sha: str, chain: Chain) -> None:
    """Move to another head; where none was known this is no news of a push."""
    if sha != moment.head:
        moment.pushed(sha, content=moment.head is not None and chain.content.get(sha, True))


def _readied(moment: Moment, _: KnownEvent, at: datetime) -> None:
    if moment.draft:
        moment.readied(at)


def _asked(moment: Moment, event: KnownEvent, _: datetime) -> None:
    target = word(event.data, "target")
    if target and not target.startswith("team/"):
        moment.asks(target)


_STEPS: Mapping[str, Callable[[Moment, KnownEvent, datetime], None]] = {
    "check.updated": lambda moment, event, _: moment.checks.updated(event),
    "change.readied": _readied,
    "change.drafted": lambda moment, _, __: moment.drafted(),
    "change.reviewed": lambda moment, event, at: moment.reviewed(event, at),
    "change.review_dismissed": lambda moment, event, _: moment.dismissed(event),
    "change.commented": lambda moment, event, at: moment.responded(word(event.data, "author"), at),
    "change.review_requested": _asked,
    "change.review_request_removed": lambda moment, event, _: moment.asks_no_more(word(event.data, "target") or ""),
    "change.queued": lambda moment, _, __: moment.enters_queue(),
    "change.dequeued": lambda moment, _, __: moment.leaves_queue(),
    "change.merged": lambda moment, _, at: moment.ended(at, merged=True),
    "change.abandoned": lambda moment, _, at: moment.ended(at, merged=False),
    "change.reopened": lambda moment, _, __: moment.reopened(),
}
