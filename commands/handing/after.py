"""What follows when somebody did something about a handoff: what stands of it is made true, and they read it done."""

import contextlib
from typing import TYPE_CHECKING

from digests.poster import Trouble
from digests.slack import SlackPoster

if TYPE_CHECKING:
    from commands.working import Errand
    from digests.speaking import Digests
    from storage.posts import Said


def settle(digests: "Digests", errand: "Errand", *handoffs: str) -> None:
    """Tell whoever is to be told, and bring what stands of each handoff up to date; what Slack refuses comes later."""
    for handoff in handoffs:
        with contextlib.suppress(Trouble):
            digests.handing.settle(handoff, errand.now, SlackPoster(errand.client))


def pressed_post(digests: "Digests", errand: "Errand") -> "Said | None":
    """The message whose button was pressed, as it is kept; None of one that only this person sees, or of no message."""
    container = errand.body.get("container") or {}
    channel, ts = str(container.get("channel_id") or ""), str(container.get("message_ts") or "")
    found = digests.outbox.find(channel, ts) if channel and ts and not errand.private else None
    return found[1] if found else None
