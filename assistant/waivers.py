"""Which blockers did somebody let through, and does that still hold?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.blockers.blocker import Blocker, Owner
from assistant.situation import Situation
from storage.records import AcceptedRisk


@dataclass(frozen=True, slots=True)
class Accepted:
    """A blocker that is there and was let through (or put off to another release): who, why, until when."""

    blocker: Blocker
    by: Owner
    reason: str
    at: datetime
    expires_at: datetime | None
    second: Owner | None = None
    deferred_to: str | None = None

    def as_data(self) -> dict[str, object]:
        """The waiver as JSON values."""
        return {
            "subject": self.blocker.subject,
            "kind": self.blocker.kind,
            "url": self.blocker.url,
            "by": self.by.name,
            "reason": self.reason,
            "at": _iso(self.at),
            "expires_at": _iso(self.expires_at),
            "second": self.second.name if self.second else None,
            "deferred_to": self.deferred_to,
        }


def waive(blockers: Iterable[Blocker], situation: Situation) -> tuple[tuple[Blocker, ...], tuple[Accepted, ...]]:
    """Part blockers into those that stand and those let through; an expired waiver lets nothing through.

    A hard gate needs two different people, whatever kind it was when it was waived; until the second has spoken it
    stands, marked as waiting for them. Source: definitions, "What is blocking it".
    """
    release = situation.release
    waivers = (*release.accepted, *release.deferred) if release else ()
    held = {w.blocker.casefold(): w for w in waivers if _holds(w, situation.now)}
    asked = {w.blocker.casefold() for w in (release.waiting_second if release else ()) if _holds(w, situation.now)}
    left: list[Blocker] = []
    through: list[Accepted] = []
    for blocker in blockers:
        waiver = held.get(blocker.object.casefold())
        if waiver is not None and (not blocker.hard or _seconded(waiver, situation)):
            through.append(_accepted(blocker, waiver, situation))
        else:
            waits = blocker.object.casefold() in asked or (waiver is not None and blocker.hard)
            left.append(replace(blocker, waits_for_second=True) if waits else blocker)
    return tuple(left), tuple(through)


def in_sequence(accepted: Sequence[Accepted]) -> tuple[Accepted, ...]:
    """Waivers by when they end, those without an end last."""
    return tuple(sorted(accepted, key=lambda a: (a.expires_at is None, a.expires_at or a.at, a.blocker.object)))


def _holds(waiver: AcceptedRisk, now: datetime) -> bool:
    return waiver.expires_at is None or waiver.expires_at > now


def _seconded(waiver: AcceptedRisk, situation: Situation) -> bool:
    return waiver.second is not None and not situation.people.same(waiver.by, waiver.second)


def _accepted(blocker: Blocker, waiver: AcceptedRisk, situation: Situation) -> Accepted:
    return Accepted(
        blocker=blocker,
        by=situation.people.owner(waiver.by),
        reason=waiver.reason,
        at=waiver.at,
        expires_at=waiver.expires_at,
        second=situation.people.owner(waiver.second) if waiver.second else None,
        deferred_to=waiver.deferred_to,
    )


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")
