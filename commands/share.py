"""How does an answer that one person sees become a message that a channel sees?

The desk answers again for the channel, so that it holds only what everybody there may see; the post says as of when
and who shared it, by name and without a mention.
"""

from typing import TYPE_CHECKING

from assistant.errors import UserError
from assistant.rendering import Message, shared
from assistant.screens import SHARE
from assistant.subject import Candidates
from assistant.viewer import shared_in
from commands.people import INVITE
from commands.working import Errand, handing_on

if TYPE_CHECKING:
    from slack_bolt import App

    from assistant.desk import Desk

HIDDEN = (
    "People in this channel may not see this, so I did not post it. "
    "`[access.channels]` in the configuration says what they may see."
)
_ABSENT = {"not_in_channel", "channel_not_found", "restricted_action", "is_archived"}


def register(app: "App", desk: "Desk") -> None:
    """Post the first screen into the channel where the button was pressed."""

    def share(errand: Errand) -> None:
        outsiders = errand.people.outsiders_in(errand.channel, errand.now)
        channel = shared_in(errand.viewer, desk.policy, errand.channel, outsiders=outsiders)
        reply = desk.blocking(str(errand.pressed["about"]), channel, errand.now)
        if isinstance(reply.answer, Candidates | None):
            raise UserError(HIDDEN)
        post(errand, shared(reply.message, errand.viewer.name, channel, errand.now))
        reply.seen()

    app.action(SHARE)(handing_on(share))


def post(errand: Errand, message: Message, channel: str | None = None) -> None:
    """Post into a channel (None: where the errand happens) for all to see.

    Raises UserError where the assistant may not write.
    """
    from slack_sdk.errors import SlackApiError

    try:
        errand.client.chat_postMessage(
            channel=channel or errand.channel, text=message.text, blocks=list(message.blocks), unfurl_links=False,
            unfurl_media=False, parse="none", link_names=False,
        )  # fmt: skip
    except SlackApiError as problem:
        if problem.response.get("error") in _ABSENT:
            raise UserError(INVITE) from problem
        raise
