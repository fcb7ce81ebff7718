"""What did people decide about a freeze, a train, an outside wait or a release?

A decision without a person behind it is none: events without an actor are passed over.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from zoneinfo import ZoneInfo

from storage.naming import kind_of, subject_of
from storage.records import External, Folded, Freeze, KnownEvent, ObjectKind, Release, Train
from storage.state.release import fold_release
from storage.state.stated import instant, whole, word, words

# Of one instant, what confirms, ends or takes back comes after what it is about.
_AFTER = {
    "release.scope_unfrozen": 1,
    "release.ended": 1,
    "risk.accepted": 1,
    "risk.deferred": 1,
    "risk.withdrawn": 2,
    "freeze.lifted": 1,
    "train.ended": 1,
    "external.closed": 1,
}
Decided = Release | Freeze | Train | External


def fold_decision(object_name: str, events: Sequence[KnownEvent]) -> Folded:
    """Fold the decisions about one release, freeze, train or external; any order and any duplicates, same record."""
    once = {event.identity: event for event in events if event.object == object_name and event.actor}
    ordered = sorted(once.values(), key=lambda event: (event.at, _AFTER.get(event.kind, 0), event.identity))
    fold = _FOLDS.get(kind_of(object_name))
    return Folded(fold(object_name, ordered) if fold and ordered else None)


def _freeze(object_name: str, events: Sequence[KnownEvent]) -> Freeze | None:
    """The first declaration stands until it is lifted; whoever wants other dates lifts it and declares anew."""
    freeze: Freeze | None = None
    for event in events:
        if event.kind == "freeze.declared" and (freeze is None or freeze.lifted_at):
            freeze = _declared_freeze(object_name, event) or freeze
        elif event.kind == "freeze.lifted" and freeze and not freeze.lifted_at:
            freeze = replace(freeze, lifted_at=event.at)
    return freeze


def _declared_freeze(object_name: str, event: KnownEvent) -> Freeze | None:
    begins_at, ends_at = instant(event.data, "begins_at"), instant(event.data, "ends_at")
    if not begins_at or not ends_at or ends_at <= begins_at:
        return None
    return Freeze(
        object=object_name,
        services=words(event.data, "services"),
        begins_at=begins_at,
        ends_at=ends_at,
        reason=word(event.data, "reason") or "",
        by=event.actor or "",
    )


def _train(object_name: str, events: Sequence[KnownEvent]) -> Train | None:
    """The newest timetable holds; setting it again after its end starts it again."""
    train: Train | None = None
    for event in events:
        if event.kind == "train.set":
            train = _set_train(object_name, event) or train
        elif event.kind == "train.ended" and train and not train.ended_at:
            train = replace(train, ended_at=event.at)
    return train


def _set_train(object_name: str, event: KnownEvent) -> Train | None:
    data = event.data
    weekday, weeks = whole(data, "weekday"), whole(data, "every_weeks")
    product, hour, zone, first_on = (word(data, key) for key in ("product", "time", "zone", "first_on"))
    if weekday is None or not weeks or not product or not hour or not zone or not first_on:
        return None
    if not 0 <= weekday <= 6 or weeks < 1 or not _keeps_time(hour, zone, first_on):  # noqa: PLR2004 - a week's days
        return None
    return Train(
        object=object_name,
        name=word(data, "name") or subject_of(object_name),
        product=product,
        weekday=weekday,
        time=hour,
        zone=zone,
        every_weeks=weeks,
        first_on=first_on,
        owner=word(data, "owner"),
    )


def _keeps_time(hour: str, zone: str, first_on: str) -> bool:
    """Whether a cutoff can be worked out from these: nobody downstream should have to ask again."""
    try:
        time.fromisoformat(hour)
        date.fromisoformat(first_on)
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _external(object_name: str, events: Sequence[KnownEvent]) -> External | None:
    """The first declaration says since when and by whom; later ones move its end, owner and link."""
    wait: External | None = None
    for event in events:
        if event.kind == "external.declared":
            wait = _declared_external(object_name, event, None if wait is None or wait.closed_at else wait) or wait
        elif event.kind == "external.closed" and wait and not wait.closed_at:
            wait = replace(wait, closed_at=event.at)
    return wait


def _declared_external(object_name: str, event: KnownEvent, before: External | None) -> External | None:
    release, title = word(event.data, "release"), word(event.data, "title")
    if not release or not title:
        return None
    return External(
        object=object_name,
        release=before.release if before else release,
        title=title,
        by=before.by if before else event.actor or "",
        began_at=before.began_at if before else event.at,
        ends_at=instant(event.data, "ends_at"),
        owner=word(event.data, "owner"),
        url=word(event.data, "url"),
    )


_FOLDS: Mapping[str, Callable[[str, Sequence[KnownEvent]], Decided | None]] = {
    ObjectKind.RELEASE: fold_release,
    ObjectKind.FREEZE: _freeze,
    ObjectKind.TRAIN: _train,
    ObjectKind.EXTERNAL: _external,
}
