"""How does a pipeline say that something is in production, in one line?

``lastmile deployed SERVICE SHA ENVIRONMENT`` writes to the database at hand or, with LASTMILE_URL and
LASTMILE_DEPLOY_TOKEN, posts the very same body to a running server, so that a pipeline needs no database.
"""

import argparse
from datetime import datetime
from typing import TYPE_CHECKING, Any

from assistant.errors import UserError
from commands.terminal.ask import moment
from commands.terminal.speaking import say

if TYPE_CHECKING:
    from commands.terminal.tools import Tools

SECONDS = 10.0  # for one attempt; connecting is tried three times
_SUCCESS = range(200, 300)


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `deployed`."""
    parser = commands.add_parser("deployed", help="say that a commit of a service reached an environment")
    parser.add_argument("service", metavar="SERVICE")
    parser.add_argument("sha", metavar="SHA", help="the commit")
    parser.add_argument("environment", metavar="ENVIRONMENT", help="such as production")
    parser.add_argument("--at", type=moment, metavar="ISO-TIME", help="when (now)")
    parser.add_argument("--id", help="the pipeline's own name for it: told twice it counts once")
    parser.add_argument("--url", help="where to read about it")
    parser.add_argument("--exposure", type=_exposure, metavar="PART", help="which part of customers get it: 0.25, 25%%")
    parser.add_argument("--purpose", choices=("rollback", "hotfix"), help="what it is for, if it mends something")
    parser.add_argument("--failed", action="store_true", help="it did not succeed")
    parser.set_defaults(run=run)


def _exposure(text: str) -> float:
    try:
        part = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        part = -1.0
    if not 0 <= part <= 1:
        message = f"{text!r} is no part of the customers such as 0.25 or 25%"
        raise argparse.ArgumentTypeError(message)
    return part


def run(arguments: argparse.Namespace, tools: "Tools") -> int:
    """Tell of one deployment."""
    now = tools.now()
    told = _told(arguments, now, tools.settings.user)
    if tools.settings.server_url:
        _post(tools.settings.server_url, tools.settings.deploy_token, told)
        hint = ""
    else:
        _store(told, now, tools)
        hint = _unconfigured(arguments.service, tools)
    how = "failed in" if arguments.failed else "is in"
    purpose = f" ({arguments.purpose})" if arguments.purpose else ""
    say(f"noted: {arguments.service} {arguments.sha[:12]} {how} {arguments.environment}{purpose}{hint}")
    return 0


def _unconfigured(service: str, tools: "Tools") -> str:
    """What to know of a service that the configuration does not name although it names others."""
    from assistant.policy.model import near

    known = tools.policy().services
    if not known or service.casefold() in {key.casefold() for key in known}:
        return ""
    meant = near(service, known) or "."
    return f"\nNo service is configured under the name {service!r}{meant} It counts for no repository."


def _told(arguments: argparse.Namespace, now: datetime, by: str) -> dict[str, Any]:
    at = arguments.at or now
    told = {
        "service": arguments.service,
        "sha": arguments.sha,
        "environment": arguments.environment,
        "at": at.isoformat().replace("+00:00", "Z"),
        "id": arguments.id,
        "url": arguments.url,
        "state": "failed" if arguments.failed else "succeeded",
        "exposure": arguments.exposure,
        "purpose": arguments.purpose,
        "by": by,
    }
    return {name: value for name, value in told.items() if value is not None}


def _store(told: dict[str, Any], now: datetime, tools: "Tools") -> None:
    from storage.records import UnknownEvent
    from storage.sources.deployed import delivery
    from storage.sources.judging import judge

    taken = judge(delivery(told, now))
    if isinstance(taken.verdict, UnknownEvent):
        raise UserError(taken.verdict.reason)
    tools.append([taken])


def _post(server: str, token: str | None, told: dict[str, Any]) -> None:
    """Post to a server, patient with the network but not for long: a pipeline waits."""
    import httpx

    if not token:
        message = "LASTMILE_DEPLOY_TOKEN is not set: the server at LASTMILE_URL takes deployments with its token only"
        raise UserError(message)
    headers = {"Authorization": f"Bearer {token}"}
    try:
        with httpx.Client(transport=httpx.HTTPTransport(retries=2), timeout=SECONDS) as client:
            answer = client.post(f"{server}/webhooks/lastmile", json=told, headers=headers)
    except httpx.HTTPError as error:
        message = f"{server} can't be reached: {type(error).__name__}"
        raise UserError(message) from error
    if answer.status_code not in _SUCCESS:
        message = f"{server} refused it ({answer.status_code}): {answer.text[:200]}"
        raise UserError(message)
