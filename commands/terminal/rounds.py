"""How is each function asked from a terminal whether a release is ready, and how does it answer?"""

import argparse
from typing import TYPE_CHECKING

from assistant.errors import UserError
from commands.terminal.speaking import say

if TYPE_CHECKING:
    from datetime import datetime

    from assistant.viewer import Viewer
    from commands.terminal.meant import Meant
    from commands.terminal.tools import Tools
    from storage.records import Round

Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse gives its type no other name
WHEN = "such as 2026-12-01, friday 17:00 or in 3 days"
HOW = ("ready", "ready-with-risk", "not-ready")


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add `round`."""
    group = commands.add_parser("round", help="ask each function whether a release is ready")
    acts = group.add_subparsers(metavar="ACT", required=True)
    opened = _parser(acts, "open", "ask each function's lead")
    opened.add_argument("--function", metavar="NAME", action="append", default=[], help="only this one; may repeat")
    opened.add_argument("--due", metavar="WHEN", help=f"by when the answers are expected, {WHEN}")
    opened.add_argument("--channel", metavar="ID", help="Slack's id of the channel (C…) where the answers are gathered")
    answered = _parser(acts, "answer", "answer for a function")
    answered.add_argument("function", metavar="FUNCTION", help="such as qa")
    answered.add_argument("readiness", metavar="READINESS", choices=HOW, help=" | ".join(HOW))
    answered.add_argument("--not-ready", default="", metavar="TEXT", help="what is not ready")
    answered.add_argument("--waits-for", default="", metavar="TEXT", help="what is waited for")
    answered.add_argument("--from", dest="whom", default="", metavar="WHO", help="from which function or person")
    answered.add_argument("--by", dest="by_when", metavar="WHEN", help=WHEN)
    answered.add_argument("--customers", default="", metavar="TEXT", help="what customers must be told")
    answered.add_argument("--risk", default="", metavar="TEXT", help="the risk that you accept, with ready-with-risk")
    _parser(acts, "close", "end it: how ready each function is, is told")
    _parser(acts, "show", "how the newest one stands")


def _parser(acts: "Commands[argparse.ArgumentParser]", name: str, text: str) -> argparse.ArgumentParser:
    parser = acts.add_parser(name, help=text)
    parser.add_argument("release", metavar="RELEASE", help="such as 2.4, or checkout 2.4")
    parser.add_argument("--product", metavar="NAME", help="where several have this version")
    parser.add_argument("--as", dest="person", metavar="PERSON", help="as this key of [people], with their rights")
    parser.set_defaults(run=run, act=name)
    return parser


def run(arguments: argparse.Namespace, tools: "Tools") -> int:
    """Do it as whoever sits at the terminal; what is to be posted of it `serve` posts within seconds."""
    viewer, now = tools.viewer(arguments.person), tools.now()
    if arguments.act == "show":
        return _show(arguments, tools, viewer, now)
    say(perform(arguments, tools, viewer, now))
    return 0


def perform(said: argparse.Namespace, tools: "Tools", who: "Viewer", now: "datetime") -> str:
    """Do what parsed arguments say; what was done, in words. Raises UserError with the reason of a refusal."""
    from assistant.acts import answer_round, close_round, open_round
    from assistant.handoffs.rounds import next_round

    desk, meant = tools.desk(), _meant(tools, who, now)
    via, opens = "terminal", said.act == "open"
    release = _known_release(said, tools, who) if opens else meant.release(said.release, said.product)
    if opens:
        before, rounds = _open_round(tools, release, who), tools.digests().asking.rounds()
        name = before.object if before else next_round(release, rounds)
        functions = tuple(_function(one, tools) for one in said.function)
        wish = open_round.Wish(name, release, functions, meant.when(said.due), said.channel, via=via)
        return desk.act(open_round.NAME, wish, who, now).text
    found = _open_round(tools, release, who)
    if found is None:
        message = f"No round about {said.release} is open: `lastmile round open {said.release}` begins one."
        raise UserError(message)
    if said.act == "close":
        return desk.act(close_round.NAME, close_round.Wish(found.object, via, release), who, now).text
    answer = answer_round.Wish(
        found.object, _function(said.function, tools), said.readiness.replace("-", "_"), said.not_ready,
        said.waits_for, said.whom, meant.when(said.by_when), said.customers, said.risk, via,
    )  # fmt: skip
    return desk.act(answer_round.NAME, answer, who, now).text


def _known_release(said: argparse.Namespace, tools: "Tools", who: "Viewer") -> str:
    """The release that words mean, as every question reads them. Raises UserError with what is near."""
    from assistant.subject import Candidates, SubjectKind
    from storage.naming import called, kind_of

    words = called(said.release) if kind_of(said.release) == SubjectKind.RELEASE else said.release
    meant = tools.desk().meant(f"{said.product} {words}" if said.product else words, who)
    which = "Say which release you ask about, such as 2.4 or checkout 2.4."
    if isinstance(meant, Candidates):
        near = [one.words for one in meant.options if one.kind is SubjectKind.RELEASE]
        raise UserError(meant.asking(near, which))
    if meant.kind is not SubjectKind.RELEASE or not meant.object:
        raise UserError(which)
    return meant.object


def _show(said: argparse.Namespace, tools: "Tools", who: "Viewer", now: "datetime") -> int:
    """Print how the newest round of a release stands."""
    from assistant.handoffs.rounds import rounds_of
    from assistant.handoffs.seeing import may_see
    from commands.terminal.digest import show

    asking, release = tools.digests().asking, _meant(tools, who, now).release(said.release, said.product)
    found = [one for one in rounds_of(release, asking.rounds()) if may_see(one, who, tools.policy())]
    if not found:
        say(f"Nobody has asked whether {said.release} is ready.")
        return 0
    show([asking.shown(found[-1], who, now)])
    return 0


def _open_round(tools: "Tools", release: str, who: "Viewer") -> "Round | None":
    from assistant.handoffs.rounds import open_round_of
    from assistant.handoffs.seeing import may_see

    found = open_round_of(release, tools.digests().asking.rounds())
    return found if found and may_see(found, who, tools.policy()) else None


def _function(text: str, tools: "Tools") -> str:
    """The function that is called so. Raises UserError, with those there are, for one that nobody knows."""
    from assistant.handoffs.functions import Functions

    functions = Functions(tools.policy())
    found = functions.meant(text)
    if found is None:
        message = f'There is no function "{text[:60]}". There are: {", ".join(functions.keys)}'
        raise UserError(message)
    return found


def _meant(tools: "Tools", who: "Viewer", now: "datetime") -> "Meant":
    from commands.terminal.meant import Meant

    desk = tools.desk()
    return Meant(tools.policy(), who, now, desk.known_releases(who, now))
