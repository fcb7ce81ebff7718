"""What happens to a digest that can't be sent where it should go?

It pauses, and whoever subscribed reads once how to mend it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from markupsafe import Markup

from assistant.acts import pause_subscription
from assistant.blocks import Message, section
from assistant.deciding import stamp
from assistant.rendering import words_for
from assistant.viewer import Viewer
from assistant.words import unescape
from digests.digest import Digest
from digests.directory import CouldNotAsk, Directory
from digests.planning import GUEST, as_json
from storage.outbox import Owed
from storage.records import Subscription

if TYPE_CHECKING:
    from assistant.desk import Desk
    from storage.outbox import Outbox

ITSELF = Viewer("lastmile/assistant", "Last Mile")  # who pauses it
TOLD_WITHIN = timedelta(days=1)


class Refusals:
    """Pauses what Slack refuses."""

    def __init__(self, desk: "Desk", outbox: "Outbox", directory: Directory, declared: Mapping[str, Digest]) -> None:
        self._desk, self._outbox, self._directory, self._declared = desk, outbox, directory, declared

    def refused(self, cause: str, code: str, now: datetime) -> None:
        """Pause the subscription ``cause`` for what Slack said, once; of a notice there is nobody left to tell.

        Where Slack can't be asked whom to tell it goes on: the next one is refused as well, and paused then.
        """
        found = self._desk.ledger.get([cause]).get(cause)
        if not isinstance(found, Subscription) or found.paused_at or found.ended_at:
            return
        words = words_for("speaking", ITSELF, now)
        # Owed first: a crash between the two leaves it to be refused again, and its key is owed once.
        try:
            notice = self._notice(found, code, now)
        except CouldNotAsk:
            return
        self._outbox.owe(notice, now)
        wish = pause_subscription.Wish(found.object, unescape(" ".join(words("mend", code).split())))
        self._desk.act(pause_subscription.NAME, wish, ITSELF, now)

    def _notice(self, found: Subscription, code: str, now: datetime) -> tuple[Owed, ...]:
        """What its subscriber reads; nobody where they can't be reached, or their own messages are what is refused.

        Where the subscriber is gone, the channel reads it.
        """
        reader = found.channel if code == GUEST else self._directory.slack_id(found.by, now)
        if reader is None or (found.channel is None and code != "about"):
            return ()
        digest = self._declared.get(found.digest)
        where = Markup("<#{}>").format(found.channel) if found.channel else "you"
        said = words_for("speaking", ITSELF, now)("stopped", digest.title if digest else found.digest, where, code)
        line = " ".join(said.split())
        return (
            Owed(
                key=f"{found.object}|{stamp(found.since)}|stopped",
                channel=reader,
                message=as_json(Message(line, (section(line),))),
                due=now,
                until=now + TOLD_WITHIN,
            ),
        )
