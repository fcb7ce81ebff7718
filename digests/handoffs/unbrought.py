"""Which handoffs reached nobody, and why? Read off the outbox alone: whoever asks need not be able to ask Slack."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from assistant.handoffs.standing import RECEIVERS
from digests.handoffs.reaching import CHANNEL, CLOSED, NOBODY, OUTSIDE, REFUSED, SHARED, UNKNOWN, UNSEEN
from digests.handoffs.scene import OPENS
from storage.records import Handoff

if TYPE_CHECKING:
    from storage.outbox import Outbox, Stood

WHY = {
    NOBODY: "nobody is on duty, there is no channel, and nobody leads the function",
    UNKNOWN: "nobody can tell who they are in Slack",
    OUTSIDE: "they are a guest, or their account was deactivated",
    UNSEEN: "they may not see what it is about",
    SHARED: "people of another company read the channel",
    CLOSED: "I am not in the channel",
    CHANNEL: "not all who read the channel may see what it is about",
    REFUSED: "Slack did not take the message",
}


def unbrought(outbox: "Outbox", handoffs: Iterable[Handoff]) -> tuple[tuple[Handoff, str], ...]:
    """Those that wait for their receiver and stand nowhere in Slack, each with why."""
    waiting = [one for one in handoffs if one.state in RECEIVERS]
    posts: dict[str, list[Stood]] = {}
    for post in outbox.standing([one.object for one in waiting]):
        posts.setdefault(post.cause, []).append(post)
    found = ((one, _why(one, posts.get(one.object, []))) for one in waiting)
    return tuple((one, why) for one, why in found if why)


def _why(handoff: Handoff, posts: "list[Stood]") -> str:
    """Why it stands nowhere; empty where it stands, or was not tried yet."""
    assigned = max((n for n, step in enumerate(handoff.steps, 1) if step.kind in OPENS), default=1)
    leads = [one for one in posts if one.key.startswith(f"{handoff.object}|to|{assigned}|") and one.after is None]
    lost = [one for one in posts if one.key.startswith(f"{handoff.object}|from|lost|{assigned}|")]
    if any(one.alive for one in leads):
        return ""
    if leads:
        newest = max(leads, key=lambda one: one.at)
        return f"{WHY[REFUSED]}: {newest.why}" if newest.why else WHY[REFUSED]
    code = max(lost, key=lambda one: one.at).key.rpartition("|")[2] if lost else ""
    return WHY.get(code, code)
