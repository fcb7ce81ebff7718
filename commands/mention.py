"""What happens when the assistant is mentioned, or written to directly?

In a channel only the one who asked sees the answer, as with a command; a direct message is answered in place.
"""

import re
from typing import TYPE_CHECKING, Any

from commands.working import Errand, Later, handing_on

if TYPE_CHECKING:
    from slack_bolt import Ack, App

    from assistant.desk import Desk

_MENTION = re.compile(r"<@[UW][A-Z0-9]+(?:\|[^>]*)?>")


def register(app: "App", desk: "Desk") -> None:
    """Answer plain words in a mention or a direct message."""

    def asked(errand: Errand) -> None:
        words = _MENTION.sub(" ", str(errand.body["event"].get("text") or "")).strip()
        errand.show(desk.ask(words, errand.viewer, errand.now))

    def written(ack: "Ack", event: dict[str, Any], later: Later) -> None:
        ack()
        if event.get("channel_type") == "im" and not event.get("subtype") and not event.get("bot_id"):
            later(asked)

    app.event("app_mention")(handing_on(asked))
    app.event("message")(written)
