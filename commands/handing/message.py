"""What does a message of Slack say to the form that turns it into a handoff?

Its words as people read them, its permalink, its files and the first thing it names that is known here. Whether not
everybody reads the conversation it is of; where Slack does not say, that counts as so.
"""

import re
from collections.abc import Mapping
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

from assistant.acts.hand_off import LONGEST_NEED, MOST_LINKS
from assistant.deciding import is_web
from assistant.errors import UserError
from assistant.words import unescape
from commands.handing.form import worded
from commands.handing.reach import DIRECT, PRIVATE
from commands.handing.read import about_of

if TYPE_CHECKING:
    from assistant.desk import Desk
    from commands.working import Errand

NO_LINK = "I could not get a link to the message, so it says only what is written."
NO_TEXT = "The message has no words that I can read: write what is needed."
_HIDDEN = {"directmessage": DIRECT, "privategroup": PRIVATE}  # what Slack calls a conversation that it does not name
_MARKUP = re.compile(r"<(?P<what>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")
_NAMED = re.compile(
    r"https?://[^\s<>|]+/(?:pull|issues|merge_requests)/\d+|[\w.-]+/[\w.-]+#\d+|\b[A-Z][A-Z0-9_]+-\d+\b"
)
_MOST_ASKED, _MOST_READ = 3, 20_000


def filled(desk: "Desk", errand: "Errand") -> tuple[dict[str, Any], str]:
    """What stands in the form at first, and a sentence about what could not be had; empty where all could."""
    message = errand.body.get("message") or {}
    raw = str(message.get("text") or "")[:_MOST_READ]
    link = _permalink(errand, message)
    files = [str(one.get("permalink") or "") for one in message.get("files") or () if isinstance(one, Mapping)]
    written = [found["what"] for found in _MARKUP.finditer(raw)]
    links = [one for one in dict.fromkeys([link, *files, *map(unescape, written)]) if is_web(one)]
    text = _words(raw, errand)
    found = {
        "needed": text[:LONGEST_NEED], "links": links[:MOST_LINKS], "about": _named(desk, errand, unescape(raw)),
        "private": _private(errand),
    }  # fmt: skip
    said = " ".join([*([] if link else [NO_LINK]), *([] if text else [NO_TEXT])])
    return {name: value for name, value in found.items() if value}, said


def _words(raw: str, errand: "Errand") -> str:
    """The text as people read it: names for people and channels, labels for links."""

    def shown(found: "re.Match[str]") -> str:
        what, label = found["what"], found["label"]
        if what.startswith(("@U", "@W")):
            return f"@{label or errand.people.name(errand.people.key(what[1:], errand.now), errand.now)}"
        if what.startswith("#"):
            return f"#{label or 'a channel'}"
        if what.startswith("!"):
            return (label or f"@{what[1:].partition('^')[0]}").strip()
        return label or what

    return unescape(_MARKUP.sub(shown, raw)).strip()


def _permalink(errand: "Errand", message: Mapping[str, Any]) -> str:
    from slack_sdk.errors import SlackClientError

    channel, ts = str((errand.body.get("channel") or {}).get("id") or ""), str(message.get("ts") or "")
    try:
        return str(errand.client.chat_getPermalink(channel=channel, message_ts=ts).get("permalink") or "")
    except (SlackClientError, HTTPException, OSError):
        return ""


def _private(errand: "Errand") -> str:
    """What kind of conversation this is, where not everybody here can read it; empty where they can."""
    from slack_sdk.errors import SlackClientError

    channel = errand.body.get("channel") or {}
    if hidden := _HIDDEN.get(str(channel.get("name"))):
        return hidden
    if str(channel.get("id")).startswith("D"):
        return DIRECT
    try:
        found = errand.client.conversations_info(channel=str(channel.get("id"))).get("channel") or {}
    except (SlackClientError, HTTPException, OSError):
        return PRIVATE
    if found.get("is_im") or found.get("is_mpim"):
        return DIRECT
    return PRIVATE if found.get("is_private") else ""


def _named(desk: "Desk", errand: "Errand", text: str) -> str:
    """The first change or ticket that the text names and this person may see, in words that mean it; empty for none."""
    for name in list(dict.fromkeys(_NAMED.findall(text)))[:_MOST_ASKED]:
        try:
            return worded(about_of(desk, name, errand.viewer, errand.viewer.channel))
        except UserError:
            continue
    return ""
