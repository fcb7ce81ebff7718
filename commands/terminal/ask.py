"""How does a person ask from a terminal: `lastmile ask "what's blocking release 2.4"`?"""

import argparse
import gc
import json
import shutil
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

_ROOM = 20  # rows of the table; --all shows every one
_SELDOM = (100_000, 10, 10)  # collecting garbage as often as Python does by itself costs a cold start a fifth

if TYPE_CHECKING:
    from assistant.desk import Reply
    from assistant.viewer import Viewer
    from commands.terminal.tools import Tools


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `ask`."""
    parser = commands.add_parser("ask", help="ask in plain words, such as: what's blocking release 2.4")
    parser.add_argument("words", nargs="+", metavar="TEXT", help="the question; quotes are optional")
    add_flags(parser)
    parser.set_defaults(run=run)


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add how an answer is printed, as of when, and with whose rights."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="the answer as data")
    form.add_argument("--blocks", action="store_true", help="the message as Slack would get it")
    parser.add_argument("--now", type=moment, metavar="ISO-TIME", help="as of a moment (UTC unless it names a zone)")
    parser.add_argument("--as", dest="person", metavar="PERSON", help="ask as this key of [people], with their rights")
    parser.add_argument("--all", action="store_true", help="list everything, however much")


def moment(text: str) -> datetime:
    """Read an ISO-8601 time; without a zone it is UTC."""
    try:
        read = datetime.fromisoformat(text.strip())
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        message = f"{text!r} is no ISO time such as 2026-11-20T09:00:00Z"
        raise argparse.ArgumentTypeError(message) from None


def run(arguments: argparse.Namespace, tools: "Tools") -> int:
    """Ask, and print the answer as a picture for people, as data, or as the message."""
    gc.set_threshold(*_SELDOM)  # this process answers once and ends
    viewer, now = tools.viewer(arguments.person), arguments.now or tools.now()
    screen = "all" if arguments.all and arguments.blocks else "first"  # a picture lists everything in its table
    reply = tools.desk().ask(" ".join(arguments.words), viewer, now, screen=screen)
    show(reply, arguments, viewer)
    return 0


def _is_nobody_s(reply: "Reply", viewer: "Viewer") -> bool:
    """Whether it says that nothing waits for whoever sits at the terminal, and nobody knows who that is."""
    said = reply.answer.as_data() if reply.answer and viewer.key.startswith("terminal/") else {}
    whose = {"moves": said.get("person"), "handoffs": said.get("whose")}.get(said.get("question", ""))
    return whose == viewer.name and not (said.get("moves") or said.get("handoffs"))


def show(reply: "Reply", arguments: argparse.Namespace, viewer: "Viewer") -> None:
    """Print an answer as the flags say; what is shown of the present counts as seen."""
    if arguments.json:
        _print_json(data_of(reply))
    elif arguments.blocks:
        _print_json({"text": reply.message.text, "blocks": list(reply.message.blocks)})
    elif _is_nobody_s(reply, viewer):
        sys.stdout.write("Say who you are: --as PERSON, a key of [people].\n")
    else:
        _picture(reply, data_of(reply), viewer.zone, every=arguments.all)
    sys.stdout.flush()
    if arguments.now is None:
        reply.seen()


def _picture(reply: "Reply", data: dict[str, Any], zone: str, *, every: bool) -> None:
    """Paint the message and, where it does not show all that the answer lists, a table of that."""
    from zoneinfo import ZoneInfo

    from commands.terminal.listing import listing
    from commands.terminal.painting import paint

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    listed = every or data.get("more") or data.get("handoffs")  # only the table says by which id to answer a handoff
    more = listing(data, ZoneInfo(zone), None if every else _ROOM, width) if listed else []
    shown = [reply.message] if reply.sheet is None else [reply.sheet.lead(), *reply.sheet.thread()]  # no limit here
    blocks = [block for message in shown for block in message.blocks]
    blocks += [{"type": "image", "alt_text": picture.alt} for picture in reply.message.files]
    if reply.answer is None:  # a question back offers buttons; its text names what they say
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": reply.message.text}}]
    paint([*blocks, *more], sys.stdout, verdict=data.get("verdict"))


def data_of(reply: "Reply") -> dict[str, Any]:
    """The answer as data; of a question that could not be settled what is known of it, and what was said instead."""
    answer = reply.answer or reply.unsettled
    data = dict(answer.as_data()) if answer else {"question": None}
    return data if reply.answer else {**data, "said": reply.message.text}


def _print_json(data: dict[str, Any]) -> None:
    """Only ASCII: what a title holds must not reach the terminal as anything but text."""
    sys.stdout.write(json.dumps(data, indent=2) + "\n")
