"""Which handoffs are open, asked from a terminal: `lastmile handoffs`, `lastmile handoffs mine`, `… release 2.4`?"""

import argparse
from typing import TYPE_CHECKING

from assistant.questions import handoffs
from commands.terminal.ask import add_flags, show

if TYPE_CHECKING:
    from commands.terminal.tools import Tools


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `handoffs`."""
    parser = commands.add_parser("handoffs", help="which handoffs are open, and whose move each is")
    parser.add_argument(
        "words", nargs="*", metavar="TEXT", help="mine, a function, release 2.4, team core; nothing: all of them"
    )
    add_flags(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, tools: "Tools") -> int:
    """Print the same answer as `lastmile ask` about handoffs."""
    viewer, now = tools.viewer(arguments.person), arguments.now or tools.now()
    reply = tools.desk().answer(handoffs.NAME, " ".join(arguments.words), viewer, now)
    show(reply, arguments, viewer)
    return 0
