"""How does a person decide something from a terminal: `lastmile release set 2.4 --target friday`?"""

import argparse
import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from commands.terminal.speaking import say
from storage.naming import subject_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.desk import Desk
    from assistant.viewer import Viewer
    from commands.terminal.tools import Tools
    from storage.records import Freeze

Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse gives its type no other name
WHEN = "such as 2026-12-01, friday 17:00 or in 3 days"
SUBJECT = "a change or ticket, such as acme/api#101"
INCIDENT = f"{SUBJECT}, or an incident, such as pagerduty/Q1 or cdevents/errors-7, as answers name it"
OTHER = (
    "the other of the two; what an incident came from is a change (acme/api#101), a commit (acme/api@1f2e3d4), a "
    "deployment (deployment:NAME) or a whole release (release:checkout@2.4)"
)


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add `release`, `freeze`, `train`, the waivers, `external`, `enablement`, `attend`, `correct` and `link`."""
    _release(_group(commands, "release", "plan a release, freeze its scope, end it"))
    _freeze(_group(commands, "freeze", "declare, lift and list deployment freezes"))
    _train(_group(commands, "train", "set or stop a train"))
    _waivers(commands)
    _external(_group(commands, "external", "declare an outside wait of a release, or its end"))
    _enablement(_group(commands, "enablement", "what customers need of a release, such as training"))
    _attend(_group(commands, "attend", "answer to what was brought to you: see to it, put it off, not mine, take it"))
    _correct(_group(commands, "correct", "put right what the sources have wrong"))
    login = _act(_group(commands, "link", "claim a code account as yours"), "link github", "you get a code to prove it")
    login.add_argument("login", metavar="LOGIN")


def run(arguments: argparse.Namespace, tools: "Tools") -> int:
    """Do it as whoever sits at the terminal, and say what was done."""
    say(perform(arguments, tools.desk(), tools.viewer(arguments.person), tools.now()))
    return 0


def perform(arguments: argparse.Namespace, desk: "Desk", who: "Viewer", now: datetime) -> str:
    """Do what parsed arguments say, and put what was done into words. Raises UserError with the reason of a refusal."""
    from commands.terminal.meant import Meant
    from commands.terminal.wishes import wished

    freezes = desk.known_freezes(who, now)
    if arguments.act == "freeze list":
        return listed(freezes, who)
    releases, find = desk.known_releases(who, now), desk.ledger.find_change
    meant = Meant(desk.policy, who, now, releases, freezes, find, lambda name: desk.known_incidents(name, who))
    if arguments.act == "link github":
        arguments.code = secrets.token_hex(16)
    text = desk.act(*wished(arguments, meant), who, now).text
    return f"{text}\n{_how_to_prove(arguments.code)}" if arguments.act == "link github" else text


def listed(freezes: "Sequence[Freeze]", who: "Viewer") -> str:
    """The freezes that stand, a line each, by the name that lifts them."""
    from assistant.when import in_words

    lines = [
        f"{subject_of(freeze.object)}  {', '.join(freeze.services) or 'every service'}  "
        f"{in_words(freeze.begins_at, who.zone)} to {in_words(freeze.ends_at, who.zone)}: {freeze.reason}"
        for freeze in freezes
    ]
    return "\n".join(lines) or "Nothing is frozen."


def _how_to_prove(code: str) -> str:
    from assistant.acts.link_account import how_to_prove

    return how_to_prove(code)


def _release(group: "Commands[argparse.ArgumentParser]") -> None:
    parser = _about_release(group, "release set", "plan a release, or change its plan")
    parser.add_argument("--name", help="what people call it")
    target = parser.add_mutually_exclusive_group()
    target.add_argument("--target", metavar="WHEN", help=f"when it is due, {WHEN}")
    target.add_argument("--no-target", action="store_true", help="take the target away")
    parser.add_argument("--owner", metavar="WHO", help="a key, name or e-mail of [people], or @login")
    delegates = parser.add_mutually_exclusive_group()
    delegates.add_argument(
        "--delegate", metavar="WHO", action="append", default=[], help="who may decide too; may repeat"
    )
    delegates.add_argument("--no-delegates", action="store_true", help="nobody but the owner")
    impact = "how much customers notice of it: what they then need holds it up until it is there"
    parser.add_argument("--impact", choices=("none", "some", "high"), help=impact)
    parser = _about_release(group, "release freeze-scope", "nothing more goes in")
    parser.add_argument("--open", action="store_true", help="open it again")
    _about_release(group, "release cancel", "it will not come")
    parser = _about_release(group, "release supersede", "another takes its place")
    parser.add_argument("--by", metavar="RELEASE", help="which one")
    parser = _about_release(group, "release board", "put it on a train")
    train = parser.add_mutually_exclusive_group(required=True)
    train.add_argument("--train", metavar="NAME")
    train.add_argument("--off", action="store_true", help="on no train")


def _enablement(group: "Commands[argparse.ArgumentParser]") -> None:
    parser = _about_release(group, "enablement provide", "say that what customers need of a release is there")
    parser.add_argument("what", metavar="WHAT", help='such as training, "support brief" or "release notes"')
    parser.add_argument("--url", metavar="URL", help="where it is")
    parser.add_argument("--no", action="store_true", help="it is not there after all; say why with --why")


def _freeze(group: "Commands[argparse.ArgumentParser]") -> None:
    parser = _act(group, "freeze declare", "nothing may be deployed for a while")
    parser.add_argument(
        "--service", metavar="NAME", action="append", default=[], help="may repeat; none: every service"
    )
    parser.add_argument("--from", dest="begins", metavar="WHEN", help=f"{WHEN}; now without it")
    parser.add_argument("--until", metavar="WHEN", required=True, help=WHEN)
    _act(group, "freeze lift", "before its end").add_argument(
        "freeze", metavar="FREEZE", help="as `freeze list` shows it"
    )
    _act(group, "freeze list", "what is frozen, now or soon")


def _train(group: "Commands[argparse.ArgumentParser]") -> None:
    parser = _act(group, "train set", "when it leaves")
    parser.add_argument("train", metavar="NAME")
    parser.add_argument("--product", metavar="NAME")
    parser.add_argument("--on", metavar="WEEKDAY", required=True, help="mon, tue ...")
    parser.add_argument("--at", metavar="TIME", required=True, help="the cutoff, such as 14:00")
    parser.add_argument("--zone", help="such as Europe/Berlin; yours without it")
    parser.add_argument("--every", type=int, default=1, metavar="WEEKS")
    parser.add_argument("--first", metavar="DAY", help="one day on which it leaves; weeks are counted from it")
    parser.add_argument("--owner", metavar="WHO")
    _act(group, "train end", "it runs no more").add_argument("train", metavar="NAME")


def _waivers(commands: "Commands[argparse.ArgumentParser]") -> None:
    texts = {
        "accept": "accept a blocker as a risk; a hard gate needs a second person, who does the same",
        "defer": "put a blocker off to another release",
        "withdraw": "take an accepted risk or a deferral back",
        "estimate": "say by when a blocker will be gone; shown as your estimate",
    }
    parsers = {act: _about_release(commands, act, text) for act, text in texts.items()}
    for parser in parsers.values():
        parser.add_argument("blocker", metavar="BLOCKER", help=f"{SUBJECT}, or freeze:NAME")
    for act in ("accept", "defer"):
        parsers[act].add_argument("--until", metavar="WHEN", help="two weeks after the target without it")
    parsers["defer"].add_argument("--to", metavar="RELEASE", required=True)
    parsers["estimate"].add_argument("until", metavar="WHEN", help=WHEN)


def _external(group: "Commands[argparse.ArgumentParser]") -> None:
    declare = _about_release(group, "external declare", "app store, legal, a customer's window")
    close = _about_release(group, "external close", "it is over")
    for parser in (declare, close):
        parser.add_argument("title", metavar="TITLE", help="what is waited for")
    declare.add_argument("--until", metavar="WHEN", help=f"when it ends, {WHEN}")
    declare.add_argument("--owner", metavar="WHO")
    declare.add_argument("--url", help="where to look")


def _attend(group: "Commands[argparse.ArgumentParser]") -> None:
    texts = {
        "acknowledge": "you have seen it and see to it",
        "snooze": "nobody is called for it until then; it still counts",
        "decline": "the next move is not yours",
        "take": "the review of a change is yours",
    }
    for act, text in texts.items():
        parser = _act(group, f"attend {act}", text, why=False)
        parser.add_argument("subject", metavar="SUBJECT", help=INCIDENT)
        if act == "snooze":
            parser.add_argument("--until", choices=("tomorrow", "next-week"), default="tomorrow")


def _correct(group: "Commands[argparse.ArgumentParser]") -> None:
    texts = {
        "owner": ("whose move it really is", {"owner": "WHO"}),
        "origin": ("who really wrote it", {"origin": "human-heavy|mixed|ai-heavy"}),
        "release": ("which release it belongs to", {"release": "RELEASE"}),
        "link": ("what it is linked to; of an incident: what caused it", {"other": "OTHER"}),
        "shipped": ("it is out already; also for a whole release", {}),
    }
    for act, (text, positions) in texts.items():
        parser = _act(group, f"correct {act}", text)
        parser.add_argument("subject", metavar="SUBJECT", help=INCIDENT if act == "link" else SUBJECT)
        for name, shown in positions.items():
            parser.add_argument(name, metavar=shown, help=OTHER if act == "link" else None)
        if act in {"release", "shipped"}:
            parser.add_argument("--product", metavar="NAME")
        if act in {"release", "link", "shipped"}:
            parser.add_argument("--not", dest="no", action="store_true", help="it is not so")
        if act == "shipped":
            parser.add_argument("--at", metavar="WHEN", help="since when; now without it")
    parser = _act(group, "correct bot", "an account is no person")
    parser.add_argument("login", metavar="LOGIN")
    parser.add_argument("--not", dest="no", action="store_true", help="it is a person")


def _group(commands: "Commands[argparse.ArgumentParser]", name: str, text: str) -> "Commands[argparse.ArgumentParser]":
    return commands.add_parser(name, help=text).add_subparsers(metavar="ACT", required=True)


def _about_release(commands: "Commands[argparse.ArgumentParser]", act: str, text: str) -> argparse.ArgumentParser:
    parser = _act(commands, act, text)
    parser.add_argument("release", metavar="RELEASE", help="such as 2.4, or checkout 2.4")
    parser.add_argument("--product", metavar="NAME", help="where several have this version")
    return parser


def _act(
    commands: "Commands[argparse.ArgumentParser]", act: str, text: str, *, why: bool = True
) -> argparse.ArgumentParser:
    parser = commands.add_parser(act.rpartition(" ")[2], help=text)
    if why:
        parser.add_argument("--why", default="", metavar="TEXT", help="kept with the decision and shown")
    parser.add_argument("--as", dest="person", metavar="PERSON", help="as this key of [people], with their rights")
    parser.set_defaults(run=run, act=act)
    return parser
