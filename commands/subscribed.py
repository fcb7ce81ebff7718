"""How does the form behind `/digest` show what comes to a channel and to a person, and how one would read?"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from assistant.blocks import MOST_BLOCKS, Block, actions, button, context, divider, section
from assistant.rendering import words_for
from assistant.sentences import weekdays
from assistant.words import escape
from commands import forms

if TYPE_CHECKING:
    from assistant.showing.sheet import Sheet
    from commands.working import Errand
    from digests.speaking import Digests
    from storage.records import Subscription

TITLE = "Digests"
NEW, EDIT, PAUSE, RESUME = "digest.new", "digest.edit", "digest.pause", "digest.resume"
REMOVE, SEND, PREVIEW = "digest.remove", "digest.send", "digest.preview"
HERE = ("C", "G")  # what the ids of channels begin with; a direct message's does not
MOST = 40  # subscriptions of one list


def listing(digests: "Digests", errand: "Errand", channel: str, said: str = "") -> dict[str, Any]:
    """Everything that comes to a channel and to whoever asks, ``said`` above it."""
    words = words_for("subscribed", errand.viewer, errand.now)
    found = digests.subscriptions(channel or None, errand.viewer.key)
    runs = {run.subscription: run for run in digests.runs(found)}
    blocks: list[Block] = [section(escape(said)), divider()] if said else []
    shown = found[:MOST]
    for title, ones in (
        (words("here"), [one for one in shown if one.channel]),
        (words("yours"), [one for one in shown if not one.channel]),
    ):
        blocks += [section(title)] if ones else []
        for one in ones:
            blocks += _entry(digests, errand, one, runs.get(one.object))
    if not found:
        blocks.append(section(words("nothing")))
    if len(found) > MOST:
        blocks.append(context(words("more", len(found) - MOST)))
    blocks.append(actions(button("New…", NEW, "{}", "primary")))
    return forms.modal(TITLE, "digest.list", blocks, {"channel": channel}, submit=None)


def _entry(digests: "Digests", errand: "Errand", one: "Subscription", last: object) -> Iterator[Block]:
    declared = digests.declared.get(one.digest)
    words = words_for("subscribed", errand.viewer, errand.now)
    coming = digests.coming(one, errand.now)
    yield section(words("entry", declared.title if declared else one.digest, one, weekdays(one.days), coming, last))
    carried = forms.kept({"subscription": one.object})
    offered = [("Edit", EDIT), ("Resume", RESUME) if one.paused_at else ("Pause", PAUSE)]
    offered += [("Send one now", SEND), ("Preview", PREVIEW), ("Remove", REMOVE)]
    *buttons, remove = (button(label, action, carried) for label, action in offered)
    yield actions(*buttons, remove | {"confirm": forms.confirmed("Remove it?", words("removed"), "Remove")})


def preview(sheet: "Sheet", title: str, errand: "Errand", channel: str | None) -> dict[str, Any]:
    """A digest as its readers would see it, its thread below its headline; without buttons, which act on posts."""
    words = words_for("subscribed", errand.viewer, errand.now)
    lead, *thread = (sheet.lead(), *sheet.thread())
    blocks: list[Block] = [context(words("looks", "in the channel" if channel else "to you alone")), *lead.blocks]
    blocks += [divider()] if thread else []
    for message in thread:
        blocks += [context(words("pictured", picture)) for picture in message.files]
        blocks += _without_buttons(message.blocks)
    return forms.modal(title, "digest.preview", blocks[: 2 * MOST_BLOCKS], {}, submit=None)


def _without_buttons(blocks: Sequence[Mapping[str, Any]]) -> list[Block]:
    kept = [block for block in blocks if block.get("type") != "actions"]
    return [{name: value for name, value in block.items() if name not in {"accessory", "block_id"}} for block in kept]
