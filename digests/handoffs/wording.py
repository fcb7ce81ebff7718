"""What do the messages of one handoff say, each to its reader, and no more than that one may see?"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assistant.blocks import MOST_TEXT, Message, cut, section
from assistant.handoffs.functions import Functions
from assistant.handoffs.seeing import may_see
from assistant.handoffs.standing import seen_by
from assistant.showing import handoff as showing
from assistant.telling import Reader
from assistant.viewer import Viewer
from assistant.words import Words, zone_of
from digests.handoffs.reaching import Lost
from digests.handoffs.scene import Scene, assigned_by
from digests.planning import as_json
from digests.reaching import personal
from storage.outbox import Stood
from storage.records import HandoffState


def says(scene: Scene, post: Stood) -> Message:
    """What a message that leads a thread should say now to whoever reads it."""
    viewer = scene.viewers[post.channel]
    if post.key.startswith(f"{scene.object}|from|"):
        return card(scene, viewer, "sender", notes=tuple(notes(scene, reader_of(viewer, scene))))
    if post.key.startswith(f"{scene.object}|up|"):
        ours = assigned_by(post.key) == scene.assigned
        more = (escalated(scene, reader_of(viewer, scene)),) if post.key == scene.up_key and scene.clock else ()
    else:
        lead, more = scene.thread_of(scene.assigned), ()
        ours = lead is not None and lead.key == post.key
    return card(scene, viewer, "receiver" if ours else "past", one=personal(post.channel), notes=more)


def due(scene: Scene) -> Iterator[tuple[Stood, Mapping[str, Any] | None]]:
    """Each message that leads a thread, with what it should say: None where its readers may see it no more."""
    for post in scene.posts:
        if post.after is None and post.alive:
            readable = post.channel in scene.viewers and post.state == "posted"
            yield post, as_json(says(scene, post)) if readable else None


def card(  # noqa: PLR0913  who reads it, as what
    scene: Scene, viewer: Viewer, for_whom: showing.ForWhom, *, one: bool = True, notes: Sequence[str] = (),
    text: str = "",
) -> Message:  # fmt: skip
    """The message about it; ``one`` person reads it, or a channel."""
    policy = scene.naming.people.policy
    return showing.message(
        seen_by(viewer, scene.stand), [link for link in scene.chain if may_see(link.handoff, viewer, policy)],
        reader_of(viewer, scene), scene.naming, for_whom=for_whom, personal=one, notes=notes, text=text,
    )  # fmt: skip


def line(said: str) -> Message:
    """A line by itself."""
    return Message(cut(said, MOST_TEXT), (section(said),))


def reader_of(viewer: Viewer, scene: Scene) -> Reader:
    """For whom times are said."""
    return Reader(zone_of(viewer.zone), scene.now)


def notes(scene: Scene, reader: Reader) -> Iterator[str]:
    """What the sender's message says beside the state."""
    if scene.escalates:
        yield late(scene, reader)
    if found := scene.lost:
        yield lost(scene, found, reader)


def stale(scene: Scene, viewer: Viewer) -> str:
    """That what was done is to be looked at again; empty where it is not."""
    if scene.stand.state is not HandoffState.STALE:
        return ""
    stand, reader = seen_by(viewer, scene.stand), reader_of(viewer, scene)
    told = showing.card_of(stand, reader, scene.naming, "sender")
    return Words("handoff", reader)("stale", told)


def late(scene: Scene, reader: Reader) -> str:
    """That it is late, and who else knows."""
    lead = scene.leader
    how = "nobody" if lead is None else "lost" if isinstance(lead, Lost) else "told" if scene.tells_leader else ""
    who = showing.named(lead.who, scene.naming, lead.name) if lead else ""
    deadline = scene.clock.deadline if scene.clock else None
    return Words("handoff", reader)("late", deadline, who, function(scene), how)


def escalated(scene: Scene, reader: Reader) -> str:
    """That it is late, to whoever leads the function."""
    deadline = scene.clock.deadline if scene.clock else None
    return Words("handoff", reader)("escalated", function(scene), scene.stand.about, deadline)


def lost(scene: Scene, found: Lost, reader: Reader) -> str:
    """That it reached nobody, why, and what to do about it."""
    who = showing.named(found.who, scene.naming, found.name)
    return Words("handoff", reader)("lost", found.code, who, function(scene))


def function(scene: Scene) -> str:
    """What people call the function that it went to."""
    return Functions(scene.naming.people.policy).name(scene.stand.handoff.to_function)
