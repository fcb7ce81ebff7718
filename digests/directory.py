"""Who reads a channel, how is a person reached in Slack, and do they belong to this workspace?

Slack says yes or no, or it can't be asked: that is a verdict of its own, for nothing may be told on a guess.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Protocol

from assistant.errors import UserError

if TYPE_CHECKING:
    from slack_sdk import WebClient

KEPT_FOR = timedelta(minutes=5)  # which channels are shared
MEMBERS_KEPT_FOR = timedelta(hours=1)
LISTED_AGAIN = timedelta(minutes=1)  # after a list that Slack broke off: calls are counted
_CHANNELS, _MEMBERS = 999, 500  # on a page
_MOST_PAGES = 20
_GUEST = ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot", "deleted")
COULD_NOT_ASK = "I could not ask Slack who reads this. Please try again in a minute."


class CouldNotAsk(UserError):  # noqa: N818  a verdict
    """Slack did not answer, or not the question: it may in a minute."""

    def __init__(self) -> None:
        super().__init__(COULD_NOT_ASK)


class Directory(Protocol):
    """What is asked of Slack before anything is said there; each may raise CouldNotAsk."""

    def slack_id(self, key: str | None, now: datetime) -> str | None:
        """The Slack user that a person is; None where nobody can tell."""

    def inside(self, user: str, now: datetime) -> bool:
        """Whether a Slack user is a member of this workspace: no guest, and not deactivated."""

    def zone(self, user: str, now: datetime) -> str | None:
        """The time zone that a Slack user set there; None where nobody can tell."""

    def outsiders_in(self, channel: str, now: datetime) -> bool:
        """Whether people of another workspace read a channel. Raises UserError where it can't be seen at all."""


class Nobody:
    """A directory without a Slack: nobody is reached by mention, and nobody from outside reads along."""

    def slack_id(self, _key: str | None, _now: datetime) -> str | None:
        """Nobody."""
        return None

    def inside(self, _user: str, _now: datetime) -> bool:
        """Yes."""
        return True

    def zone(self, _user: str, _now: datetime) -> str | None:
        """Unknown."""
        return None

    def outsiders_in(self, _channel: str, _now: datetime) -> bool:
        """No."""
        return False


class Surveyed:
    """Knows the channels that the assistant is in, and the members, by a few calls; asks ``people`` for any other.

    A thousand digests at nine would else be a thousand questions, and Slack answers fifty a minute.
    """

    def __init__(self, people: Directory, client: "WebClient") -> None:
        self._people = people
        self._shared = _Listed(
            lambda cursor: client.users_conversations(
                types="public_channel,private_channel", limit=_CHANNELS, cursor=cursor
            ),
            lambda page: ((one["id"], is_shared(one)) for one in page.get("channels") or ()),
            KEPT_FOR,
        )
        self._guests = _Listed(
            lambda cursor: client.users_list(limit=_MEMBERS, cursor=cursor),
            lambda page: ((one["id"], is_guest(one)) for one in page.get("members") or ()),
            MEMBERS_KEPT_FOR,
        )

    def slack_id(self, key: str | None, now: datetime) -> str | None:
        """The Slack user that a person is."""
        return self._people.slack_id(key, now)

    def inside(self, user: str, now: datetime) -> bool:
        """Whether a Slack user is a member of this workspace."""
        guest = self._guests.says(user, now)
        return self._people.inside(user, now) if guest is None else not guest

    def zone(self, user: str, now: datetime) -> str | None:
        """The time zone that a Slack user set there."""
        return self._people.zone(user, now)

    def outsiders_in(self, channel: str, now: datetime) -> bool:
        """Whether people of another workspace read a channel."""
        shared = self._shared.says(channel, now)
        return self._people.outsiders_in(channel, now) if shared is None else shared


class _Listed:
    """What Slack says of many ids in a few calls. A list that it broke off is asked for again soon."""

    def __init__(
        self,
        page: Callable[[str | None], Any],
        read: Callable[[Any], Iterable[tuple[str, bool]]],
        kept_for: timedelta,
    ) -> None:
        self._page, self._read, self._kept_for = page, read, kept_for
        self._said: Mapping[str, bool] = {}
        self._until: datetime | None = None
        self._asking = threading.Lock()

    def says(self, name: str, now: datetime) -> bool | None:
        """What it says of one; None where it says nothing. Raises CouldNotAsk where Slack can't be reached."""
        with self._asking:
            if self._until is None or now >= self._until:
                self._said, whole = self._asked()
                self._until = now + (self._kept_for if whole else LISTED_AGAIN)
            return self._said.get(name)

    def _asked(self) -> tuple[dict[str, bool], bool]:
        """What the pages say that Slack gave, and whether those were all that it has, or that we look at."""
        from slack_sdk.errors import SlackApiError, SlackClientError

        found: dict[str, bool] = {}
        cursor: str | None = None
        for _ in range(_MOST_PAGES):
            try:
                page = self._page(cursor)
            except SlackApiError:  # each is then asked about by itself
                return found, False
            except (SlackClientError, HTTPException, OSError) as problem:  # neither would that be answered
                raise CouldNotAsk from problem
            found.update(self._read(page))
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                break
        return found, True


def is_shared(channel: Mapping[str, Any]) -> bool:
    """Whether a channel, as Slack tells of it, is read by people of another workspace, or may be any moment."""
    return bool(channel.get("is_ext_shared") or channel.get("is_pending_ext_shared"))


def is_guest(user: Mapping[str, Any]) -> bool:
    """Whether somebody, as Slack tells of them, is no member: a guest, a stranger, a machine or deactivated."""
    return any(user.get(flag) for flag in _GUEST)
