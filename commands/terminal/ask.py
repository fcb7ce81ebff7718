"""How does a person ask from a terminal: `lastmile ask "what's blocking release 2.4"`?"""

import argparse
import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from assistant.errors import UserError

if TYPE_CHECKING:
    from commands.terminal.tools import Tools


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `ask`."""
    parser = commands.add_parser("ask", help="ask in plain words, such as: what's blocking release 2.4")
    parser.add_argument("words", nargs="+", metavar="TEXT", help="the question; quotes are optional")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="the answer as data")
    form.add_argument("--blocks", action="store_true", help="the message as Slack would get it, as JSON")
    parser.add_argument("--now", type=moment, metavar="ISO-TIME", help="ask as of this moment (UTC where no zone is named)")
    parser.add_argument("--as", dest="person", metavar="PERSON", help="ask as this person of [people], with their rights")
    parser.add_argument("--all", action="store_true", help="every blocker, not the first few")
    parser.set_defaults(run=run)


def moment(text: str) -> datetime:
    """Read an ISO-8601 time; without a zone it is UTC."""
    try:
        read = datetime.fromisoformat(text.strip())
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        message = f"{text!r} is no ISO time such as 2026-11-20T09:00:00Z"
        raise argparse.ArgumentTypeError(message) from None
