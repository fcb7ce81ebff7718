"""How does a person hand something off from a terminal, and answer what was handed off: `lastmile handoff new …`?"""

import argparse
import json
import sys
from typing import TYPE_CHECKING

from commands.terminal.acts import WHEN
from commands.terminal.speaking import say

if TYPE_CHECKING:
    from datetime import datetime

    from assistant.desk import Desk
    from assistant.viewer import Viewer
    from commands.terminal.tools import Tools

Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse gives its type no other name
WHO = "a key, name or e-mail of [people], or @login"
ABOUT = "a release, a service, a change or a ticket: 2.4, service api, acme/api#101, SHOP-12"


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add `handoff`."""
    group = commands.add_parser(
        "handoff", help="hand something off to another function, and answer what was handed off"
    )
    acts = group.add_subparsers(metavar="ACT", required=True)
    _new_parser(acts)
    _one(acts, "ack", "you have it, or have it again: it is not done after all")
    _done_parser(acts)
    _one(acts, "return", "it can't be done like this: its sender's move").add_argument(
        "--why", required=True, metavar="TEXT", help="what is missing; its sender reads it"
    )
    parser = _one(acts, "resend", "after it was returned, or when it is not done after all")
    parser.add_argument("--why", default="", metavar="TEXT", help="what has changed; its receiver reads it")
    parser.add_argument("--due", metavar="WHEN", help=f"{WHEN}; no sooner than what is usual without it")
    parser = _one(acts, "withdraw", "nobody has to do it any more")
    parser.add_argument("--why", default="", metavar="TEXT", help="its receiver reads it")
    parser = _one(acts, "reassign", "somebody else is to have it")
    parser.add_argument("--to", metavar="FUNCTION", help="another function")
    parser.add_argument("--receiver", metavar="WHO", help=f"a person: {WHO}")
    parser.add_argument("--why", default="", metavar="TEXT", help="both read it")
    parser = _one(acts, "due", "by when it is needed now")
    parser.add_argument("when", metavar="WHEN", help=WHEN)
    parser.add_argument("--why", default="", metavar="TEXT", help="its receiver reads it")
    parser = _one(acts, "snooze", "no reminders until then; it stays due when it is due")
    parser.add_argument("--until", choices=("tomorrow", "next-week"), default="tomorrow")
    parser = _one(acts, "show", "how it stands, and all that happened")
    parser.add_argument("--json", action="store_true", help="as data")
    parser.set_defaults(run=_show)


def _new_parser(acts: "Commands[argparse.ArgumentParser]") -> None:
    parser = _parser(acts, "new", "from one function to another: what is needed, about what, by when")
    parser.add_argument("about", metavar="ABOUT", help=ABOUT)
    parser.add_argument("needed", metavar="NEED", help="what is needed, in a sentence")
    parser.add_argument("--from", dest="sender", metavar="FUNCTION", help="yours without it")
    parser.add_argument("--to", required=True, metavar="FUNCTION", help="such as qa, design or customer_success")
    parser.add_argument("--receiver", metavar="WHO", help=f"one person of it: {WHO}")
    parser.add_argument("--due", metavar="WHEN", help=f"{WHEN}; what is usual between the two without it")
    parser.add_argument("--gating", action=argparse.BooleanOptionalAction, help="whether it holds up what it is about")
    parser.add_argument("--check", metavar="TEXT", action="append", help="a point of the checklist; may repeat")
    parser.add_argument("--link", metavar="URL", action="append", default=[], help="may repeat")
    parser.add_argument("--after", metavar="ID", help="the handoff that it carries on")


def _done_parser(acts: "Commands[argparse.ArgumentParser]") -> None:
    parser = _one(acts, "done", "it is done: with what you looked at")
    parser.add_argument("looked_at", metavar="LOOKED-AT", help="the build, commit or version")
    parser.add_argument(
        "--tick", metavar="POINT", action="append", default=[], help="its number or beginning; may repeat"
    )
    parser.add_argument("--all", action="store_true", help="every point of the checklist holds")
    parser.add_argument("--risk", default="", metavar="TEXT", help="done with a risk that you accept")
    parser.add_argument(
        "--as-of", metavar="WHEN", help="up to when it holds all that had landed, where nobody can tell"
    )
    parser.add_argument("--url", help="where the result is")
    parser.add_argument("--then", metavar="FUNCTION", help="hand it on to this function in the same breath")
    parser.add_argument("--need", default="", metavar="TEXT", help="what that one is to do, with --then")
    parser.add_argument("--receiver", metavar="WHO", help=f"one person of that function: {WHO}")


def _one(acts: "Commands[argparse.ArgumentParser]", name: str, text: str) -> argparse.ArgumentParser:
    parser = _parser(acts, name, text)
    parser.add_argument("handoff", metavar="ID", help="as `lastmile handoffs` shows it; its beginning will do")
    return parser


def _parser(acts: "Commands[argparse.ArgumentParser]", name: str, text: str) -> argparse.ArgumentParser:
    parser = acts.add_parser(name, help=text)
    parser.add_argument("--as", dest="person", metavar="PERSON", help="as this key of [people], with their rights")
    parser.set_defaults(run=run, act=name)
    return parser


def run(arguments: argparse.Namespace, tools: "Tools") -> int:
    """Do it as whoever sits at the terminal; who is to know of it `serve` tells within seconds."""
    say(perform(arguments, tools.desk(), tools.viewer(arguments.person), tools.now()))
    return 0


def perform(said: argparse.Namespace, desk: "Desk", who: "Viewer", now: "datetime") -> str:
    """Do what parsed arguments say; what was done, in words. Raises UserError with the reason of a refusal."""
    from commands.terminal.handoff_wishes import Saying, told, wished

    name, wish = wished(said, Saying(desk, who, now))
    return "\n".join((desk.act(name, wish, who, now).text, *told(wish)))


def _show(said: argparse.Namespace, tools: "Tools") -> int:
    """Print how it stands, and all that happened."""
    from commands.terminal.handed import as_data, lines
    from commands.terminal.handoff_wishes import Saying

    who, now, desk = tools.viewer(said.person), tools.now(), tools.desk()
    stand = Saying(desk, who, now).handoff(said.handoff)
    if said.json:
        sys.stdout.write(json.dumps(as_data(stand, desk.policy, who, now), indent=2) + "\n")
        return 0
    for line in lines(stand, desk.policy, who, now):
        say(line)
    return 0
