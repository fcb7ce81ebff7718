"""How does a post get into Slack, and how is it found there again?

No retries here: whoever delivers decides, for only that side knows what was posted. Codes are those of Slack's
reference of chat.postMessage; what is not known to be a refusal of the channel is held against the message alone.
"""

import http.client
import logging
import re
import ssl
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.error import URLError

from digests.pictures import Pictures
from digests.poster import (
    CannotRead,
    Down,
    Limited,
    Lost,
    Refused,
    Said,
    Sent,
    StillMine,
    Trouble,
    Unanswered,
    Unpostable,
    Unreadable,
    always,
)

if TYPE_CHECKING:
    from slack_sdk import WebClient
    from slack_sdk.errors import SlackApiError
    from slack_sdk.web import SlackResponse

SECONDS = 10  # for one request; a lease lasts longer
EVENT_TYPE = "lastmile_post"
_PAGE, _PAGES = 100, 20  # of a channel's messages that are looked through
_MARGIN = timedelta(minutes=10)  # by which Slack's clock and ours may differ
_PATIENCE = 30.0  # seconds to wait where Slack does not say how long
_MOST_OPENED = 5_000  # direct messages whose channel is remembered
_CODE = re.compile(r"[a-z][a-z_]*")
_AWAY, _SILENT = "service_unavailable", "request_timeout"
_TOO_MANY, _UNAVAILABLE, _BROKEN = 429, 503, 500

_REFUSED = frozenset((
    "access_denied", "cannot_dm_bot", "channel_is_archived", "channel_not_found", "ekm_access_denied", "is_archived",
    "messages_tab_disabled", "no_permission", "not_in_channel", "posting_to_general_channel_denied", "user_disabled",
    "user_not_found", "user_not_visible", "users_not_found",
))  # fmt: skip
_RESTRICTED = "restricted_action"  # and what begins with it, but a locked thread, which is no matter of the channel
_LOCKED = "restricted_action_thread_locked"
_UNREADABLE = frozenset((
    "block_mismatch", "invalid_arguments", "invalid_attachments", "invalid_block_type", "invalid_blocks",
    "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "too_many_blocks",
))  # fmt: skip
_LIMITED = frozenset(("message_limit_exceeded", "rate_limited", "ratelimited"))
_DOWN = frozenset((  # Slack as a whole, or how we are let in: that is for whoever runs this, and no channel's fault
    "accesslimited", "account_inactive", "invalid_auth", "missing_scope", "not_allowed_token_type", "not_authed",
    "org_login_required", "service_unavailable", "team_access_not_granted", "team_added_to_org", "token_expired",
    "token_revoked", "two_factor_setup_required",
))  # fmt: skip
_UNSURE = frozenset(("fatal_error", "internal_error", "request_timeout"))  # by Slack's own word it may have happened
_BLIND = _REFUSED | {"missing_scope", "not_allowed_token_type", "method_not_supported_for_channel_type"}


def client_for(token: str, base_url: str, seconds: int = SECONDS) -> "WebClient":
    """Slack's API without retries: a second try is decided where it is known what the first one did."""
    from slack_sdk import WebClient

    logger = logging.getLogger("lastmile.digests.slack")
    logger.setLevel(logging.CRITICAL)  # it writes bodies; what goes wrong is raised
    certificates = ssl.create_default_context()  # read once, not for every request
    return WebClient(token, base_url, timeout=seconds, ssl=certificates, retry_handlers=[], logger=logger)


class SlackPoster:
    """Posts by Slack's web API; safe to use from many threads. ``client`` must not retry by itself."""

    def __init__(self, client: "WebClient", pictures: Pictures | None = None) -> None:
        self._client = client
        self._pictures = pictures or Pictures(client)
        self._opened: dict[str, str] = {}

    def post(  # noqa: PLR0913, PLR0917  as of any poster
        self, channel: str, message: Mapping[str, Any], thread_ts: str | None, key: str,
        pictures: Sequence[tuple[bytes, str, str]] = (), still_mine: StillMine = always,
    ) -> Sent:  # fmt: skip
        """Post a message with its pictures; where those can't be shown it goes without them and says so.

        All that comes before the message has one deadline, and then it is asked whether the post is still ours.
        """
        until = self._pictures.deadline()
        place = self._place(channel)

        def posted(said: Said, changed: Said | None) -> Sent:
            if not still_mine():
                raise Lost
            return self._post(place, said, thread_ts, key, changed)

        said: Said = {"text": message["text"], "blocks": list(message.get("blocks", ()))}
        if not pictures:
            return posted(said, None)
        shown = self._pictures.shown(pictures, said, until)
        try:
            return posted(shown, shown)
        except Unreadable:
            without = self._pictures.without(said)
            return posted(without, without)

    def find(self, channel: str, thread_ts: str | None, key: str, since: datetime) -> Sent | None:
        """Look for the message that carries ``key`` among all that was posted there since."""
        place = self._place(channel)
        asked = {
            "channel": place, "oldest": f"{(since - _MARGIN).timestamp():.6f}", "limit": _PAGE,
            "include_all_metadata": True, **({"ts": thread_ts} if thread_ts else {}),
        }  # fmt: skip
        read = self._client.conversations_replies if thread_ts else self._client.conversations_history
        for _ in range(_PAGES):
            page = _call(lambda: read(**asked), _reading)  # type: ignore[arg-type]
            for message in page.get("messages") or ():
                if _key_of(message) == key:
                    return Sent(message["ts"], place, Pictures.kept(message))
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None
            asked["cursor"] = cursor
        problem = "too much was posted there since"
        raise CannotRead(problem)

    def update(self, channel: str, ts: str, message: Mapping[str, Any]) -> None:
        """Put a message in the place of one of ours."""
        said = {"text": message["text"], "blocks": list(message.get("blocks", ()))}
        _call(lambda: self._client.chat_update(channel=channel, ts=ts, parse="none", **said), _posting)

    def _post(self, place: str, said: Said, thread_ts: str | None, key: str, changed: Said | None) -> Sent:
        answer = _call(
            lambda: self._client.chat_postMessage(
                channel=place, text=said["text"], blocks=said["blocks"] or None, thread_ts=thread_ts, parse="none",
                unfurl_links=False, unfurl_media=False,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
            ), _posting,
        )  # fmt: skip
        return Sent(str(answer["ts"]), str(answer.get("channel") or place), changed)

    def _place(self, channel: str) -> str:
        """The channel of a direct message, for a person; any other channel as it is."""
        if channel[:1] not in {"U", "W"}:
            return channel
        if channel not in self._opened:
            answer = _call(lambda: self._client.conversations_open(users=[channel]), _opening)
            if len(self._opened) >= _MOST_OPENED:
                self._opened.clear()
            self._opened[channel] = str(answer["channel"]["id"])
        return self._opened[channel]


def _call(ask: Callable[[], "SlackResponse"], judge: Callable[[str], Trouble]) -> "SlackResponse":
    """Ask Slack; what goes wrong becomes a Trouble by what it says of the message."""
    from slack_sdk.errors import SlackApiError

    try:
        return ask()
    except SlackApiError as error:
        raise _trouble(error, judge) from error
    except URLError as error:  # the connection was not made, or broke before all was sent
        raise judge(_AWAY) from error
    except (OSError, http.client.HTTPException) as error:
        raise judge(_SILENT) from error


def _trouble(error: "SlackApiError", judge: Callable[[str], Trouble]) -> Trouble:
    response = error.response
    code = str(response.get("error") or "")
    if response.status_code == _TOO_MANY or code in _LIMITED:
        return Limited(_seconds(response.headers))
    if response.status_code == _UNAVAILABLE:
        return judge(_AWAY)
    if response.status_code >= _BROKEN or not _CODE.fullmatch(code):
        return judge(_SILENT)  # something between us and Slack answered in its place
    return judge(code)


def _posting(code: str) -> Trouble:
    """What a code says of a message that was to be posted."""
    if code in _REFUSED or (code.startswith(_RESTRICTED) and code != _LOCKED):
        return Refused(code)
    for codes, kind in ((_UNREADABLE, Unreadable), (_DOWN, Down), (_UNSURE, Unanswered)):
        if code in codes:
            return kind(code)
    return Unpostable(code)


def _opening(code: str) -> Trouble:
    """As for posting, but that nothing was posted yet, whatever became of the question."""
    return Down(code) if code in _UNSURE else _posting(code)


def _reading(code: str) -> Trouble:
    """What a code says of a look at what was posted."""
    return CannotRead(code) if code in _BLIND or code not in _DOWN | _UNSURE else Down(code)


def _seconds(headers: Mapping[str, str]) -> float:
    said = next((value for name, value in headers.items() if name.casefold() == "retry-after"), "")
    return float(said) if said.isdigit() else _PATIENCE


def _key_of(message: Mapping[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    return (metadata.get("event_payload") or {}).get("key") if metadata.get("event_type") == EVENT_TYPE else None
