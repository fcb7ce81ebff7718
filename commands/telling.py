"""By which way does an answer reach the person who asked?

Three ways, by what Slack sent: the ``response_url`` of a command or button, the form that is open, or a message that
only this person sees. Text always goes beside blocks, and nothing unfurls.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from assistant.rendering import Message
from commands import forms

if TYPE_CHECKING:
    from slack_bolt import BoltContext
    from slack_sdk import WebClient

OK = 200
OPENED = "app_home_opened"


class UndeliveredError(RuntimeError):
    """Slack did not take a message; the text says what it answered, never what was in it."""


def quiet_logger(name: str) -> logging.Logger:
    """A logger for Slack's libraries, which write bodies and signatures at every level below error."""
    logger = logging.getLogger(f"lastmile.{name}")
    logger.setLevel(logging.ERROR)
    return logger


class Tell(Protocol):
    """Sends a message to whoever asked; ``replace`` puts it in the place of the one that was pressed."""

    def __call__(self, message: Message, *, replace: bool) -> None:
        """Raise when it was not taken."""


def teller(context: "BoltContext", body: Mapping[str, Any], client: "WebClient") -> Tell:
    """The way back for one request."""
    if form := _form(body):
        return _into_view(client, form["id"], form["title"]["text"], context.user_id)
    if (body.get("event") or {}).get("type") == OPENED:
        return onto_home(client, context.user_id or "")
    if context.response_url:
        return _by_response_url(context)
    return _only_to(client, context)


def opened(title: str, body: Mapping[str, Any], client: "WebClient") -> Tell:
    """Open a form that says it is loading, at once; what is told next stands in its place.

    Where a form is open already, it lies above that.
    """
    trigger, view = body["trigger_id"], forms.loading(title)
    if _form(body):
        answer = client.views_push(trigger_id=trigger, view=view)
    else:
        answer = client.views_open(trigger_id=trigger, view=view)
    user = (body.get("user") or {}).get("id") or body.get("user_id")
    return _into_view(client, answer["view"]["id"], title, user)


def _form(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The form that is open; the home tab is a view as well, and none."""
    view = body.get("view") or {}
    return view if view and view.get("type") != "home" else None


def onto_home(client: "WebClient", user: str) -> Tell:
    """The home tab of one person as the way: what is told is all that stands there then."""

    def tell(message: Message, *, replace: bool) -> None:  # noqa: ARG001  it always stands in its place
        view = {"type": "home", "blocks": list(message.blocks[: forms.MOST_VIEW_BLOCKS])}
        client.views_publish(user_id=user, view=view)

    return tell


def _by_response_url(context: "BoltContext") -> Tell:
    def tell(message: Message, *, replace: bool) -> None:
        from slack_sdk.webhook import WebhookClient

        answer = WebhookClient(context.response_url or "", logger=quiet_logger("webhook")).send(
            text=message.text, blocks=list(message.blocks), response_type="ephemeral",
            replace_original=replace, unfurl_links=False, unfurl_media=False,
        )  # fmt: skip
        if answer.status_code != OK:
            problem = f"response_url answered {answer.status_code}"
            raise UndeliveredError(problem)

    return tell


class _IntoView:
    """An open form as the way back; a closed one is no reason to stay silent."""

    def __init__(self, client: "WebClient", view_id: str, title: str, user: str | None) -> None:
        self._client = client
        self.view_id = view_id
        self._title = title
        self._user = user

    def __call__(self, message: Message, *, replace: bool) -> None:  # noqa: ARG002  it always stands in its place
        put(self, forms.told(self._title, message), (message,))

    def put(self, view: Mapping[str, Any]) -> None:
        """Show a form in place of the one that is open."""
        self._client.views_update(view_id=self.view_id, view=dict(view))

    def send(self, message: Message) -> None:
        """Say something by direct message to the one whose form it is."""
        self._client.chat_postMessage(
            channel=self._user or "", text=message.text, blocks=list(message.blocks),
            unfurl_links=False, unfurl_media=False,
        )  # fmt: skip


def _into_view(client: "WebClient", view_id: str, title: str, user: str | None) -> Tell:
    return _IntoView(client, view_id, title, user)


def put(tell: Tell, view: Mapping[str, Any], closed: Sequence[Message] = ()) -> None:
    """Show a filled form where ``opened`` showed a loading one; where that was ``closed``, these messages are sent."""
    from slack_sdk.errors import SlackApiError

    if not isinstance(tell, _IntoView):
        problem = "no form is open"
        raise TypeError(problem)
    try:
        tell.put(view)
    except SlackApiError:
        if not closed:
            raise
        for message in closed:
            tell.send(message)


def _only_to(client: "WebClient", context: "BoltContext") -> Tell:
    def tell(message: Message, *, replace: bool) -> None:  # noqa: ARG001  nothing was pressed
        channel, user = context.channel_id or "", context.user_id or ""
        said: dict[str, Any] = {"text": message.text, "blocks": list(message.blocks)}
        if not channel or channel.startswith("D"):  # nowhere: on the home tab
            client.chat_postMessage(channel=channel or user, **said, unfurl_links=False, unfurl_media=False)
        else:
            client.chat_postEphemeral(channel=channel, user=user, **said)

    return tell
