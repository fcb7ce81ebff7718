"""How is Slack answered: which listeners are there, and what does every request pass first?

Signature and age are checked by Bolt before anything of ours runs; each listener acknowledges and hands on (see
working.py). ``process_before_response`` makes Bolt answer from the calling thread at once instead of polling for it.
"""

import functools
import secrets
from collections.abc import Callable
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

from assistant.rendering import notice
from commands import (
    attend,
    blocking,
    decide,
    digest,
    enablement,
    forms,
    freeze,
    handoff,
    handoffs,
    home,
    incident_link,
    lastmile,
    mention,
    release,
    releases,
    rounds,
    share,
    train,
    wrong,
)
from commands.handing import answers
from commands.people import People
from commands.telling import quiet_logger
from commands.working import Working, failed, named

if TYPE_CHECKING:
    from slack_bolt import App, BoltContext, BoltResponse
    from slack_bolt.authorization import AuthorizeResult
    from slack_sdk import WebClient

    from assistant.desk import Desk
    from commands.settings import Settings
    from digests.speaking import Digests

LISTENERS = (
    blocking, releases, release, freeze, train, decide, wrong, share, attend, incident_link, enablement, digest,
    handoff, answers, handoffs, home, rounds, lastmile, mention,
)  # fmt: skip
SPEAKING = {digest, handoff, answers, handoffs, home, rounds}  # they speak to others too
SLACK_SECONDS = 20  # one call of Slack's API
WHO_WE_ARE_SECONDS = 2  # the same, where a person waits for the acknowledgement


def build_bolt(
    desk: "Desk", settings: "Settings", working: Working | None = None, digests: "Digests | None" = None
) -> "App":
    """Make the Bolt app; nothing is asked of Slack yet. Close ``working`` to finish what was acknowledged.

    ``digests`` is what comes unasked; made anew where none is given.
    """
    from slack_bolt import App

    client = web_client(settings, SLACK_SECONDS)
    busy = working or working_for(desk, settings)
    app = App(
        logger=quiet_logger("bolt"),
        client=client,
        # without a secret nobody can sign: a random one refuses every request over HTTP, the socket has its own token
        signing_secret=settings.slack_signing_secret or secrets.token_hex(32),
        authorize=_who_we_are(settings),
        process_before_response=True,
    )
    app.middleware(_handing_on(busy, client))
    app.error(_calm)
    speaking = digests or _digests(desk, busy)
    for module in LISTENERS:
        if module in SPEAKING:
            module.register(app, desk, speaking)
        else:
            module.register(app, desk)
    return app


def _digests(desk: "Desk", working: Working) -> "Digests":
    from digests.speaking import Digests

    return Digests(desk, desk.ledger.outbox, working.people)


def working_for(desk: "Desk", settings: "Settings") -> Working:
    """The threads that work on what is acknowledged."""
    return Working(desk, People(desk.policy, web_client(settings, SLACK_SECONDS), desk.ledger))


def web_client(settings: "Settings", seconds: int) -> "WebClient":
    """Slack's API, waiting where Slack says that there was too much."""
    from slack_sdk import WebClient
    from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler

    return WebClient(
        token=settings.slack_bot_token,
        base_url=settings.slack_api_url,
        timeout=seconds,
        retry_handlers=[ConnectionErrorRetryHandler(), RateLimitErrorRetryHandler(max_retry_count=2)],
        logger=quiet_logger("slack_sdk"),
    )


def _who_we_are(settings: "Settings") -> Callable[..., "AuthorizeResult"]:
    """Ask Slack once who this app is; while it does not say, requests are taken but nobody counts as a member."""
    from slack_bolt.authorization import AuthorizeResult
    from slack_sdk.errors import SlackClientError

    client = web_client(settings, WHO_WE_ARE_SECONDS)
    client.retry_handlers.clear()
    found: dict[str, Any] = {}

    def authorize(team_id: str | None, enterprise_id: str | None) -> AuthorizeResult:
        if not found:
            try:
                found.update({"team_id": team_id, **_told(client.auth_test().data)})
            except (SlackClientError, HTTPException, OSError):  # the person is told on a later thread
                return AuthorizeResult(enterprise_id=enterprise_id, team_id=None, bot_token=settings.slack_bot_token)
        return AuthorizeResult(
            enterprise_id=enterprise_id, team_id=found["team_id"], bot_id=found.get("bot_id"),
            bot_user_id=found.get("user_id"), bot_token=settings.slack_bot_token,
        )  # fmt: skip

    return authorize


def _told(answer: Any) -> dict[str, Any]:  # noqa: ANN401  what the web client declares
    return {key: value for key, value in dict(answer).items() if value}


def _handing_on(working: Working, client: "WebClient") -> Callable[..., None]:
    """Give every listener its ``later``, and ``member`` for what has to be known of a person before that."""

    def middleware(context: "BoltContext", body: dict[str, Any], next_: Callable[[], None]) -> None:
        context["later"] = functools.partial(working.later, context, body, client)
        context["member"] = functools.partial(working.people.member, context)
        next_()

    return middleware


def _calm(error: Exception, body: dict[str, Any]) -> "BoltResponse":
    """Answer for a listener that failed before it handed on: the same calm sentence, as Slack shows it at once."""
    from slack_bolt import BoltResponse

    sentence = failed(named(body), error)
    if body.get("type") == "view_submission":
        view = forms.told(body["view"]["title"]["text"], notice(sentence))
        return BoltResponse(status=200, body={"response_action": "update", "view": view})
    if body.get("command"):
        return BoltResponse(status=200, body={"response_type": "ephemeral", "text": sentence})
    return BoltResponse(status=200, body="")
