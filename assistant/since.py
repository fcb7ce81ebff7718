"""What changed since this person last saw the answer (in a channel: since it was last posted there)?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from assistant.recalling import visible
from assistant.viewer import Viewer

_DATE_MOVED = timedelta(days=1)  # dates drift by minutes as time goes on; a day is news


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed: ``what`` is new, cleared, changed, verdict, target or date.

    ``subject`` is what people call the blocker; ``before`` and ``after`` are words or ISO times, None for none.
    """

    what: str
    subject: str | None = None
    before: str | None = None
    after: str | None = None

    def as_data(self) -> dict[str, str | None]:
        """The difference as JSON values."""
        return {"what": self.what, "subject": self.subject, "before": self.before, "after": self.after}


@dataclass(frozen=True, slots=True)
class Since:
    """When the answer was last seen, and what is different now; nothing different is an answer too."""

    at: datetime
    differences: tuple[Difference, ...]

    def as_data(self) -> dict[str, object]:
        """The differences as JSON values."""
        return {"at": stamp(self.at), "changes": [difference.as_data() for difference in self.differences]}


def since(seen: tuple[datetime, Any] | None, outline: Mapping[str, Any], viewer: Viewer, now: datetime) -> Since | None:
    """Compare an outline with the remembered one; None when this viewer had not seen the answer by ``now``.

    Of what they saw then, nothing is told that they may not see now.

    An outline is ``{"verdict", "target", "p50", "blockers": {object: [subject, kind]}}``. One that can't be read (an
    older version's) counts as never seen.
    """
    if seen is None or seen[0] > now or not isinstance(seen[1], dict) or not isinstance(seen[1].get("blockers"), dict):
        return None
    at, before = seen[0], {**seen[1], "blockers": visible(seen[1]["blockers"], viewer)}
    return Since(at, (*_verdict(before, outline), *_dates(before, outline), *_blockers(before, outline)))


def stamp(at: datetime | None) -> str | None:
    """An instant as answers give it in data: ISO-8601 with a Z."""
    return None if at is None else at.isoformat().replace("+00:00", "Z")


def _verdict(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    if before.get("verdict") == after["verdict"]:
        return []
    return [Difference("verdict", None, before.get("verdict"), after["verdict"])]


def _dates(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    found = []
    if before.get("target") != after["target"]:
        found.append(Difference("target", None, before.get("target"), after["target"]))
    was, now = _instant(before.get("p50")), _instant(after["p50"])
    if (was is None) != (now is None) or (was and now and abs(now - was) >= _DATE_MOVED):
        found.append(Difference("date", None, before.get("p50"), after["p50"]))
    return found


def _blockers(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    was, now = before["blockers"], after["blockers"]
    cleared = [Difference("cleared", was[name][0], was[name][1], None) for name in was if name not in now]
    new = [Difference("new", now[name][0], None, now[name][1]) for name in now if name not in was]
    both = [name for name in now if name in was and was[name][1] != now[name][1]]
    return cleared + new + [Difference("changed", now[name][0], was[name][1], now[name][1]) for name in both]


def _instant(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None
