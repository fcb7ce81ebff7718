"""How is everything put together? The composition root, and the name `lastmile` on the command line.

Nobody imports it. Nothing is built before a command asks for it, so that one question does not pay for a server.
"""

import argparse
import atexit
import gc
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from assistant.errors import UserError
from commands.settings import Settings, from_environment
from commands.terminal import (
    acts,
    ask,
    deployed,
    digest,
    doctor,
    files,
    forge,
    handing,
    handoffs,
    keeping,
    rounds,
    serve,
)
from commands.terminal.speaking import brave, explained, hush, tell
from commands.terminal.tools import Tools

if TYPE_CHECKING:
    from assistant.desk import Desk
    from assistant.policy import Policy
    from digests.speaking import Digests
    from storage.ledger import Ledger

COMMANDS = (ask, handoffs, handing, acts, serve, doctor, files, forge, deployed, digest, rounds, keeping)
USERS_FAULT, OURS, INTERRUPTED, PIPE_CLOSED = 2, 1, 130, 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit status is 0, 2 for what the person can put right, 1 for what they can't."""
    brave()
    atexit.register(gc.freeze)  # a process that ends need not look for garbage once more
    try:
        arguments = parser().parse_args(argv)
        with ExitStack() as closing:
            settings = from_environment()
            if not arguments.tolerant:
                settings.demand_usable()
            done: int = arguments.run(arguments, tools(settings, closing))
            sys.stdout.flush()
            return done
    except UserError as error:
        tell(str(error))
        return USERS_FAULT
    except BrokenPipeError:
        hush()
        return PIPE_CLOSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001  the one way in: the person reads a calm sentence, the log the rest
        tell(explained(error))
        return OURS


def parser() -> argparse.ArgumentParser:
    """The grammar of the command line."""
    root = argparse.ArgumentParser(prog="lastmile", description="What stands between written code and a customer?")
    root.set_defaults(tolerant=False)
    commands = root.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_parsers(commands)
    return root


def tools(settings: Settings, closing: ExitStack) -> Tools:
    """What commands work with, each part built when it is first asked for; ``closing`` gives it back at the end."""

    @cache
    def policy() -> "Policy":
        from assistant.policy import load_policy

        return load_policy(settings.config)

    @cache
    def ledger() -> "Ledger":
        return closing.enter_context(_opened(settings.database_url, policy()))

    @cache
    def desk() -> "Desk":
        from assistant.desk import Desk

        return Desk(ledger(), policy(), clock)

    @cache
    def digests() -> "Digests":
        from commands.terminal.delivering import directory_for
        from digests.speaking import Digests

        return Digests(desk(), ledger().outbox, directory_for(settings, policy(), ledger()))

    return Tools(settings, clock, policy, ledger, desk, digests)


def clock() -> datetime:
    """The present moment: the only clock."""
    return datetime.now(UTC)


def _opened(url: str, policy: "Policy") -> "Ledger":
    from storage.database import Unusable
    from storage.ledger import open_ledger

    try:
        return open_ledger(url, policy.fold_rules())
    except Unusable as error:
        message = f"The database that LASTMILE_DATABASE_URL names can't be used: {error}"
        raise UserError(message) from error


if __name__ == "__main__":
    sys.exit(main())
