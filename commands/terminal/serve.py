"""How does the assistant run as a process: what starts, what is heard, and how does it stop without losing anything?"""

import argparse
import gc
import signal
import socket
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from assistant.errors import UserError

if TYPE_CHECKING:
    from slack_bolt import App
    from starlette.routing import BaseRoute
    from uvicorn import Server

    from commands.metrics import Meters
    from commands.settings import Settings
    from commands.terminal.tools import Tools
    from storage.records import Outcome, Taken
    from storage.sources.gate import Gate

GRACE = 25  # seconds for requests under way; compose.yaml gives the whole process 40
RECONCILE_EVERY = timedelta(hours=6)
PRUNE_EVERY = timedelta(days=1)


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `serve`."""
    parser = commands.add_parser("serve", help="answer Slack and take in webhooks, until stopped")
    parser.set_defaults(run=run, tolerant=True)  # it says itself what is wrong


def run(_arguments: argparse.Namespace, tools: "Tools") -> int:
    """Serve until SIGTERM or Ctrl-C; what was accepted by then is finished first."""
    import structlog

    from commands.logs import configure

    settings = tools.settings
    if settings.hinders_serving():
        raise UserError(_all_of(settings))
    configure()
    log = structlog.get_logger("lastmile.serve")
    for problem in settings.problems(serving=True):
        log.warning("setting", action="start", name=problem.name, what=problem.what, where=problem.where)
    with ExitStack() as closing:
        listener = closing.enter_context(_listening(settings.host, settings.port))
        server = build(tools, closing)
        set_apart()
        log.info("serving", action="start", host=settings.host, port=listener.getsockname()[1])
        _until_stopped(server, listener)
        log.info("stopping", action="stop")
    log.info("stopped", action="stop")
    return 0


def build(tools: "Tools", closing: ExitStack) -> "Server":
    """Put the process together; ``closing`` learns how to stop each part, and stops the last one first.

    So the sockets to Slack close before the threads that work, and those before what makes deliveries durable.
    """
    from uvicorn import Config, Server

    from commands.web import build_web

    gate = _gate(tools, closing)
    meters = _meters(tools, gate, closing)
    bolt = _slack(tools, closing)
    _upkeep(tools, meters, closing)
    if tools.settings.slack:
        _speaking(tools, meters, closing)
    heard = bolt if tools.settings.slack_signing_secret else None
    web = build_web(_webhooks(tools, gate, meters), heard, tools.ledger().ready, meters)
    return Server(
        Config(web, log_config=None, access_log=False, server_header=False, lifespan="off",
               timeout_graceful_shutdown=GRACE)
    )  # fmt: skip


def set_apart() -> None:
    """Keep what was built out of every later search for garbage: it stays for good, and takes 15 ms to look through."""
    gc.collect()
    gc.freeze()


def _gate(tools: "Tools", closing: ExitStack) -> "Gate[Taken, Outcome]":
    from storage.sources.gate import Gate

    gate: Gate[Taken, Outcome] = Gate(
        tools.append,
        weight=lambda taken: len(taken.delivery.body),
        broken=(Exception,),  # the ledger settles what is wrong with one delivery; what it raises is its own trouble
    )
    closing.callback(gate.stop)
    return gate.start()


def _meters(tools: "Tools", gate: "Gate[Taken, Outcome]", closing: ExitStack) -> "Meters":
    import structlog

    from commands.metrics import Meters

    log = structlog.get_logger("lastmile.serve")
    meters = Meters(tools.ledger().freshness, tools.now, lambda: tools.ledger().outbox.figures(tools.now()))
    meters.waiting.set_function(lambda: gate.waiting)
    try:
        port, stop = meters.serve(tools.settings.metrics_host, tools.settings.metrics_port)
        closing.callback(stop)
        log.info("metrics", action="start", host=tools.settings.metrics_host, port=port)
    except OSError as error:  # answers matter more than figures about them
        log.warning("no metrics", action="start", why=error)
    return meters


def _slack(tools: "Tools", closing: ExitStack) -> "App | None":
    settings = tools.settings
    if not settings.slack:
        return None
    from commands.app import build_bolt, working_for

    working = working_for(tools.desk(), settings)
    closing.callback(working.close)
    bolt = build_bolt(tools.desk(), settings, working, tools.digests())
    if settings.slack_app_token:
        closing.callback(_by_socket(bolt, settings.slack_app_token))
    return bolt


def _by_socket(bolt: "App", token: str) -> Callable[[], None]:
    from slack_bolt.adapter.socket_mode import SocketModeHandler
    from slack_sdk.errors import SlackApiError

    handler = SocketModeHandler(bolt, token)
    try:
        handler.connect()  # type: ignore[no-untyped-call]
    except SlackApiError as error:
        message = f"Slack refused SLACK_APP_TOKEN: {error.response.get('error')}"
        raise UserError(message) from error
    except OSError as error:
        message = f"Slack can't be reached for Socket Mode: {error}"
        raise UserError(message) from error
    return handler.close


def _upkeep(tools: "Tools", meters: "Meters", closing: ExitStack) -> None:
    from commands.terminal.delivering import ruling
    from commands.terminal.forge import reconcile
    from commands.terminal.keeping import prune
    from commands.upkeep import Job, Upkeep

    soon, later = timedelta(seconds=10), timedelta(minutes=10)
    jobs = [Job("prune", PRUNE_EVERY, later, lambda _stopping: prune(tools))]
    if tools.settings.github_token:
        jobs.append(Job("reconcile", RECONCILE_EVERY, soon, partial(reconcile, tools)))
    if not tools.settings.slack:
        jobs.append(ruling(tools, meters))  # beside what is said unasked, where there is anybody to say it to
    upkeep = Upkeep(jobs, tools.now, lambda job, outcome: meters.upkeep.labels(job, outcome).inc())
    closing.callback(upkeep.stop)
    upkeep.start()


def _speaking(tools: "Tools", meters: "Meters", closing: ExitStack) -> None:
    """Send digests by a scheduler of their own: at nine they must not wait for a long reconcile."""
    from commands.terminal.delivering import THREADS, jobs
    from commands.upkeep import Upkeep

    told = meters.upkeep.labels
    upkeep = Upkeep(jobs(tools, meters), tools.now, lambda job, outcome: told(job, outcome).inc(), THREADS)
    closing.callback(upkeep.stop)
    upkeep.start()


def _webhooks(tools: "Tools", gate: "Gate[Taken, Outcome]", meters: "Meters") -> "Sequence[BaseRoute]":
    from storage.sources.webhooks import Reception

    settings = tools.settings
    secrets = {
        "github": settings.github_webhook_secret,
        "lastmile": settings.deploy_token,
        "pagerduty": settings.pagerduty_webhook_secret,
        "cdevents": settings.cdevents_token,
        "jira": settings.jira_webhook_secret,
    }
    return Reception(gate, secrets, tools.now, told=meters.delivered).routes()


def _listening(host: str, port: int) -> socket.socket:
    """Listen before anything is built, so that a taken port is said at once and 0 gets a real number."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        message = f"PORT {port} can't be listened on: {error.strerror or error}"
        raise UserError(message) from error


def _until_stopped(server: "Server", listener: socket.socket) -> None:
    """Answer until a signal comes; the server hands signals on when it is done, and stopping has more to do then."""

    def stop(_signal: int, _frame: object) -> None:
        server.should_exit = True

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    server.run(sockets=[listener])


def _all_of(settings: "Settings") -> str:
    lines = [f"- {problem}" for problem in settings.problems(serving=True)]
    return "\n".join(["lastmile can't serve yet; put these into the environment or into .env:", *lines])
