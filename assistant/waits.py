"""Which things wait, what is said of each in data, and what is not known below such a list?"""

from collections.abc import Iterable, Iterator
from typing import Any

from assistant.blockers.blocker import Blocker
from assistant.counting import plural
from assistant.gaps import NO_EVENTS
from assistant.silence import connecting, stale
from assistant.since import stamp
from assistant.situation import Situation
from assistant.unknowns import Unknown


def as_data(blocker: Blocker) -> dict[str, Any]:
    """One thing that waits as JSON values, under the keys of the blocking answer."""
    hours = blocker.waiting_hours
    return {
        "kind": blocker.kind,
        "object": blocker.object,
        "subject": blocker.subject,
        "title": blocker.title,
        "url": blocker.url,
        "owner": blocker.owner,
        "owners": [{"key": owner.key, "name": owner.name} for owner in blocker.owners],
        "waiting_since": stamp(blocker.waiting_since),
        "waiting_business_hours": None if hours is None else round(hours, 2),
        "service_level_hours": blocker.level,
        "over_service_level": blocker.over > 0,
        "over_business_hours": round(blocker.over, 2),
        "next_action": blocker.next_step,
        "detail": blocker.detail,
        "origin": blocker.origin,
        "risk": blocker.risk,
        "specialists": list(blocker.specialists),
    }


def most_over(blocker: Blocker) -> tuple[float, float, str]:
    """The order of a list: whatever is furthest over its level, then whatever has waited longest."""
    return -blocker.over, -(blocker.waiting_hours or 0.0), blocker.object


def outline(listed: Iterable[Blocker]) -> dict[str, Any]:
    """What to remember of a list, so that the next one can say what changed; no verdict and no dates."""
    things = {one.object: [one.subject, str(one.kind)] for one in listed}
    return {"verdict": None, "target": None, "p50": None, "blockers": things}


def unheard(situation: Situation) -> tuple[Unknown, ...]:
    """The gaps of a list that would be shorter where nobody told: silence is no good news."""
    return tuple(sorted(_unheard(situation), key=lambda gap: not gap.decides))


def _unheard(situation: Situation) -> Iterator[Unknown]:
    if not situation.facts.events or situation.heard == frozenset():
        yield NO_EVENTS
        return
    yield from _never(situation)
    yield from stale(situation)
    if situation.partly_hidden:
        yield Unknown(
            "hidden", "Part of it is in repositories that may not be shown here, and is left out.",
            "Ask somebody who may see them.", unsettles=True,
        )  # fmt: skip
    if situation.facts.left_out:
        yield Unknown(
            "too_many", f"There are {plural(situation.facts.left_out, 'more thing')} than are looked at; the newest "
            "are.", "Ask about a part of it: a team, a service or a release.", unsettles=True,
        )  # fmt: skip


def _never(situation: Situation) -> Iterator[Unknown]:
    heard = situation.heard
    names = [] if heard is None else [n for n in situation.subject.repositories or () if n.casefold() not in heard]
    if names := [name for name in names if situation.viewer.may_see(name)]:
        yield Unknown(
            "never_heard", f"Never heard from {', '.join(names)}, so nothing is known of what waits there.",
            connecting(names[0]), unsettles=True,
        )  # fmt: skip
