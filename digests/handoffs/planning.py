"""What is still to be told of one handoff, and to whom?

A plan is a value, worked out from the handoff as it stands, whatever became of it on the way: each post has a key made
of the handoff and what it tells, so that the outbox refuses the second. The receiver gets one message, all that follows
goes in its thread; the sender gets one at the first change that matters, and the others in its thread. Nobody is told
what they did themselves. A step is told for two days; what somebody still has to do, for a month: by then the outbox
remembers all of it, so nothing is told twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.blocks import Message
from assistant.handoffs.timing import Nudge, began_at
from assistant.showing import handoff as showing
from assistant.telling import Reader
from assistant.words import Words, zone_of
from digests.handoffs import wording
from digests.handoffs.reaching import Lost, Place
from digests.handoffs.scene import OPENS, Scene, mark
from digests.planning import as_json
from digests.reaching import personal
from storage.outbox import Owed, Stood

TOLD_FOR, OWED_FOR = timedelta(hours=48), timedelta(days=30)
_NEVER = 9_000  # the year of what never comes
_MATTERS = frozenset({
    "handoff.acknowledged", "handoff.done", "handoff.returned", "handoff.withdrawn", "handoff.reassigned",
    "handoff.rescheduled", "handoff.resent",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be posted, and what can be told to nobody: its key and why, as a code of ``reaching``."""

    posts: tuple[Owed, ...] = ()
    untold: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _News:
    """One change that matters to the sender: its key, what it says, how long it is worth telling, what is lost."""

    key: str
    said: str
    until: datetime
    lost: str = ""


def plan(scene: Scene) -> Plan:
    """What is still to be told. Pure."""
    untold: tuple[tuple[str, str], ...] = ()
    if isinstance(scene.sender, Lost):
        found = _lost(scene, Reader(zone_of("UTC"), scene.now))
        untold = tuple((one.key, one.lost) for one in found if one.key not in scene.known)
    return Plan((*_brought(scene), *_in_threads(scene), *_to_leader(scene), *_to_sender(scene)), untold)


# To its receiver


def _brought(scene: Scene) -> Iterator[Owed]:
    """The message to whoever has it now, once."""
    key, place = scene.lead_key, scene.receiver
    if key is not None and key not in scene.known and isinstance(place, Place):
        since = max(scene.assigned_at, began_at(scene.stand), place.since or scene.assigned_at)
        card = wording.card(scene, place.viewer, "receiver", one=place.personal)
        yield from _owed(scene, key, place.channel, card, since + OWED_FOR)


def _in_threads(scene: Scene) -> Iterator[Owed]:
    """What happened since, below each message to those who had it, while they may see it: until it went on."""
    opens = [n for n, step in enumerate(scene.steps, 1) if step.kind in OPENS]
    for first, last in zip(opens, [*opens[1:], len(scene.steps)], strict=True):
        lead = scene.thread_of(first)
        if lead is None or lead.channel not in scene.viewers:
            continue
        for n, step in enumerate(scene.steps[first:last], first + 1):
            if not (personal(lead.channel) and scene.ids.get(step.by) == lead.channel):
                said = showing.step_said(scene.stand, step, scene.reader(lead.channel), scene.naming)
                yield from _line(scene, f"{lead.key}|{n}", lead, said, step.at + TOLD_FOR)
        if first == scene.assigned and lead.key == scene.lead_key:
            yield from _reminded(scene, lead)


def _reminded(scene: Scene, lead: Stood) -> Iterator[Owed]:
    """That it went stale, and what there is to say about the time, in the working hours of who has it."""
    place, clock = scene.receiver, scene.clock
    if not isinstance(place, Place):
        return
    said = wording.stale(scene, scene.viewers[lead.channel])
    yield from _line(scene, f"{lead.key}|{scene.stale_key}", lead, said, scene.stand.since + OWED_FOR)
    if clock is None or not place.awake:
        return
    reader = wording.reader_of(place.viewer, scene)
    words, key = Words("handoff", reader), f"{lead.key}|{scene.nudge}|{scene.deadline}"
    match scene.nudge:
        case Nudge.BEFORE:
            left = place.calendar.hours_between(scene.now, clock.deadline)
            yield from _line(scene, key, lead, words("before", clock.deadline, left), clock.deadline)
        case Nudge.DUE:
            yield from _line(scene, key, lead, words("due", clock.deadline), clock.late_at)
        case Nudge.LATE if scene.escalates:
            yield from _line(scene, key, lead, wording.late(scene, reader), _later(clock.late_at))


def _to_leader(scene: Scene) -> Iterator[Owed]:
    """Whoever leads the function reads that it is late, once for each due time."""
    place, clock = scene.leader, scene.clock
    if clock and scene.escalates and scene.tells_leader and isinstance(place, Place) and place.awake:
        said = wording.escalated(scene, wording.reader_of(place.viewer, scene))
        card = wording.card(scene, place.viewer, "receiver", notes=(said,), text=said)
        yield from _owed(scene, scene.up_key, place.channel, card, _later(clock.late_at))


# To its sender


def _to_sender(scene: Scene) -> Iterator[Owed]:
    """What the sender is still to be told: the first change leads, the others go in its thread."""
    place, other = scene.sender, scene.receiver
    if isinstance(place, Lost) or (isinstance(other, Place) and other.channel == place.channel):
        return  # nobody to tell, or the same person on both sides, whose one message tells it all
    reader, lead = wording.reader_of(place.viewer, scene), scene.sent_to(place.channel)
    for one in _news(scene, reader, place):
        if lead is None and one.key not in scene.known and one.until > scene.now:
            text = f"{Words('handoff', reader)('called', scene.stand.about)}: {one.said}"
            card = wording.card(scene, place.viewer, "sender", notes=tuple(wording.notes(scene, reader)), text=text)
            yield from _owed(scene, one.key, place.channel, card, one.until)
            lead = one.key
        else:
            yield from _owed(scene, one.key, place.channel, wording.line(one.said), one.until, after=lead)


def _news(scene: Scene, reader: Reader, place: Place) -> Iterator[_News]:
    """All changes that matter to the sender and were not their own doing."""
    people, name = scene.naming.people, f"{scene.object}|from"
    for n, step in enumerate(scene.steps, 1):
        own = scene.ids.get(step.by) == place.channel or people.same(step.by, place.who)
        if step.kind in _MATTERS and not own:
            said = showing.step_said(scene.stand, step, reader, scene.naming)
            yield _News(f"{name}|{n}", said, step.at + TOLD_FOR)
    if stale := wording.stale(scene, place.viewer):
        yield _News(f"{name}|{scene.stale_key}", stale, scene.stand.since + OWED_FOR)
    if scene.clock and scene.escalates:
        said = wording.late(scene, reader)
        yield _News(f"{name}|late|{scene.deadline}", said, _later(scene.clock.late_at))
    yield from _lost(scene, reader)


def _lost(scene: Scene, reader: Reader) -> Iterator[_News]:
    """That it reached nobody, and what to do about it: once for each reason."""
    if found := scene.lost:
        key = f"{scene.object}|from|lost|{scene.assigned}|{mark(found.who)}|{found.code}"
        since = max(scene.assigned_at, began_at(scene.stand))
        yield _News(key, wording.lost(scene, found, reader), since + OWED_FOR, found.code)


def _line(scene: Scene, key: str, lead: Stood, said: str, until: datetime) -> Iterator[Owed]:
    if said:
        yield from _owed(scene, key, lead.channel, wording.line(said), until, after=lead.key)


def _owed(  # noqa: PLR0913, PLR0917  a post and its place
    scene: Scene, key: str, channel: str, message: Message, until: datetime, after: str | None = None
) -> Iterator[Owed]:
    """The post, unless it was owed before or would come too late."""
    if key not in scene.known and until > scene.now:
        yield Owed(key, channel, as_json(message), scene.now, until, scene.object, after)


def _later(late_at: datetime) -> datetime:
    return late_at if late_at.year > _NEVER else late_at + OWED_FOR
