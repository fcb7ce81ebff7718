"""How is a forge's past read, and what was missed while nobody listened?"""

import argparse
import re
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from assistant.errors import UserError
from commands.terminal.ask import moment
from commands.terminal.speaking import Progress, say
from storage.naming import is_tracker

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.policy import Policy
    from commands.terminal.tools import Tools
    from storage.sources.backfill import Access
    from storage.sources.backfill import Progress as Read
    from storage.sources.reconcile import Reconciled

YEAR = timedelta(days=365)  # what forecasts look back on
_GLOB = re.compile(r"[*?\[]")
_MOST = 10  # names of things that could not be read


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `backfill` and `reconcile`."""
    parser = commands.add_parser("backfill", help="read a repository's past through its forge's API")
    parser.add_argument("source", choices=["github"])
    parser.add_argument("repository", type=_repository, metavar="OWNER/REPO")
    parser.add_argument("--since", type=moment, metavar="DATE", help="from what was updated then on (a year ago)")
    parser.set_defaults(run=backfill)
    parser = commands.add_parser("reconcile", help="read what changed while nobody listened")
    parser.add_argument("repositories", nargs="*", type=_repository, metavar="OWNER/REPO", help="(those configured)")
    parser.set_defaults(run=_reconcile)


def _repository(text: str) -> str:
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", text, re.ASCII):
        message = f"{text!r} is no repository such as acme/api"
        raise argparse.ArgumentTypeError(message)
    return text


def backfill(arguments: argparse.Namespace, tools: "Tools") -> int:
    """Read one repository's past; stopped and begun again with the same date, it goes on where it stopped."""
    from storage.sources.backfill import Unreadable
    from storage.sources.backfill import backfill as read

    line = Progress()
    access = _access(tools, threading.Event(), lambda seconds: line.show(f"GitHub asks for a wait of {seconds:.0f} s"))
    since = arguments.since or (tools.now() - YEAR).replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        done = read(
            tools.ledger(), arguments.repository, since, access, counted=tools.policy().counts,
            progress=lambda progress: line.show(f"{progress.repository}: {progress.mark.done:.0%}"),
        )  # fmt: skip
    except Unreadable as error:
        raise UserError(str(error)) from error
    finally:
        line.done()
    say(_told(done))
    return 0


def _reconcile(arguments: argparse.Namespace, tools: "Tools") -> int:
    names = tuple(arguments.repositories) or configured(tools.policy(), tools.ledger().repositories())
    if not names:
        message = "No repository is configured: name one, or list them under [github] repositories"
        raise UserError(message)
    line = Progress()
    try:
        line.show(f"reading {', '.join(names)}")
        results = _brought_up_to_date(tools, names, threading.Event())
    finally:
        line.done()
    for one in results:
        say(f"{one.repository}: {one.failed}" if one.progress is None else _told(one.progress))
    return 1 if any(one.failed for one in results) else 0


def reconcile(tools: "Tools", stopping: threading.Event) -> None:
    """Bring every configured repository up to date, as the running process does now and then; logs what failed."""
    import structlog

    from storage.sources.github_api import Stopped

    log = structlog.get_logger("lastmile.upkeep")
    try:
        names = configured(tools.policy(), tools.ledger().repositories())
        for one in _brought_up_to_date(tools, names, stopping):
            if one.failed:
                log.warning("not reconciled", action="reconcile", repository=one.repository, why=one.failed)
    except Stopped:
        log.info("put off until the next start", action="reconcile")


def configured(policy: "Policy", known: tuple[str, ...]) -> tuple[str, ...]:
    """The repositories that the configuration names anywhere, or means by a pattern, and whose events count."""
    named = [name for name in policy.github.repositories if not _GLOB.search(name)]
    if policy.github.repositories:
        named += known
    named += policy.repositories
    for product in policy.products.values():
        named += product.repositories
    for team in policy.teams.values():
        named += team.repositories
    named += [service.repository for service in policy.services.values()]
    once = {name.casefold(): name for name in reversed(named) if policy.counts(name) and not is_tracker(name)}
    return tuple(sorted(once.values(), key=str.casefold))


def _brought_up_to_date(tools: "Tools", names: tuple[str, ...], stopping: threading.Event) -> "tuple[Reconciled, ...]":
    from storage.sources.reconcile import reconcile as read

    return read(tools.ledger(), names, _access(tools, stopping), counted=tools.policy().counts)


def _access(
    tools: "Tools", stopping: threading.Event, waiting: "Callable[[float], None]" = lambda _seconds: None
) -> "Access":
    from storage.sources.backfill import Access

    settings = tools.settings
    return Access(settings.github_token, settings.github_api_url, tools.now, stopping, waiting)


def _told(done: "Read") -> str:
    counts = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(done.outcomes.items())) or "nothing new"
    lines = [f"{done.repository}: everything since {done.mark.since:%Y-%m-%d} is read ({counts})"]
    if done.closed:
        lines.append(f"not ours to read, or not there: {', '.join(done.closed)}")
    if done.unread:
        more = f" and {len(done.unread) - _MOST} more" if len(done.unread) > _MOST else ""
        lines.append(f"GitHub failed to show: {', '.join(done.unread[:_MOST])}{more}")
    return "\n".join(lines)
