"""Who reads a channel, and how is a person reached in Slack?"""

from datetime import datetime, timedelta
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slack_sdk import WebClient

KEPT_FOR = timedelta(hours=1)
_PAGE = 999
_MOST_PAGES = 20


class Directory(Protocol):
    """What is asked of Slack before anything is said there."""

    def slack_id(self, key: str | None, now: datetime) -> str | None:
        """The Slack user that a person is; None where nobody can tell."""

    def outsiders_in(self, channel: str, now: datetime) -> bool:
        """Whether people of another workspace read a channel. Raises UserError where it can't be seen at all."""


class Nobody:
    """A directory without a Slack: nobody is reached by mention, and nobody from outside reads along."""

    def slack_id(self, _key: str | None, _now: datetime) -> str | None:
        """Nobody."""
        return None

    def outsiders_in(self, _channel: str, _now: datetime) -> bool:
        """No."""
        return False


class Surveyed:
    """Knows the channels that the assistant is in by a few calls for all of them; asks ``people`` for any other.

    A thousand digests at nine would else be a thousand questions, and Slack answers fifty a minute.
    """

    def __init__(self, people: Directory, client: "WebClient") -> None:
        self._people, self._client = people, client
        self._shared: Mapping[str, bool] = {}
        self._at: datetime | None = None

    def slack_id(self, key: str | None, now: datetime) -> str | None:
        """The Slack user that a person is."""
        return self._people.slack_id(key, now)

    def outsiders_in(self, channel: str, now: datetime) -> bool:
        """Whether people of another workspace read a channel."""
        if self._at is None or now - self._at >= KEPT_FOR:
            self._at, self._shared = now, self._survey()
        known = self._shared.get(channel)
        return self._people.outsiders_in(channel, now) if known is None else known

    def _survey(self) -> dict[str, bool]:
        """Which channels are shared; those of the pages that Slack gave."""
        from slack_sdk.errors import SlackClientError

        found: dict[str, bool] = {}
        cursor: str | None = None
        for _ in range(_MOST_PAGES):
            try:
                page: Any = self._client.users_conversations(
                    types="public_channel,private_channel", limit=_PAGE, cursor=cursor
                )
            except (SlackClientError, HTTPException, OSError):  # each channel is then asked about by itself
                break
            for one in page.get("channels") or ():
                found[one["id"]] = bool(one.get("is_ext_shared") or one.get("is_pending_ext_shared"))
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                break
        return found
