"""How does a person see to the digests from a terminal: what comes where, how one would read, sending what is due?"""

import argparse
import json
import sys
from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING, Any

from assistant.errors import UserError
from commands.terminal.ask import moment
from commands.terminal.speaking import say
from storage.naming import subject_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.acts.subscribe import Wish
    from assistant.blocks import Message
    from commands.terminal.tools import Tools
    from digests.speaking import Digests
    from storage.records import Subscription

Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse gives its type no other name
_IN_THE_THREAD = "In the thread:"


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add `digest`."""
    group = commands.add_parser("digest", help="what is said unasked: where, when and how it reads")
    acts = group.add_subparsers(metavar="ACT", required=True)
    parser = _parser(acts, "list", "what comes where, when next, and what became of the last one", _list)
    parser.add_argument("--json", action="store_true", help="as data")
    _preview_parser(acts)
    parser = _parser(acts, "run", "send what is due, once; `serve` does so by itself", _run)
    parser.add_argument("--dry-run", action="store_true", help="print what would be sent, and send nothing")
    _subscribe_parser(acts)
    for act, text in (("pause", "it does not come"), ("resume", "it comes again"), ("remove", "for good")):
        parser = _parser(acts, act, text, _change)
        parser.add_argument("subscription", metavar="ID", help="as `digest list` shows it; its beginning will do")
        parser.set_defaults(act=act)
        if act == "pause":
            parser.add_argument("--why", default="", metavar="TEXT", help="shown where it is listed")


def _parser(acts: "Commands[argparse.ArgumentParser]", name: str, text: str, run: Any) -> argparse.ArgumentParser:  # noqa: ANN401
    parser = acts.add_parser(name, help=text)
    parser.add_argument("--as", dest="person", metavar="PERSON", help="as this key of [people], with their rights")
    parser.set_defaults(run=run)
    return parser


def _preview_parser(acts: "Commands[argparse.ArgumentParser]") -> None:
    parser = _parser(acts, "preview", "how one would read now; nothing is sent or remembered", _preview)
    parser.add_argument("digest", metavar="NAME")
    _about_parser(parser)
    parser.add_argument("--person", dest="whose", metavar="KEY", help="as this key of [people] would read it")
    parser.add_argument("--channel", metavar="ID", help="as this channel of Slack would read it")
    parser.add_argument("--now", type=moment, metavar="ISO-TIME", help="as of a moment (UTC unless it names a zone)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="the answer as data")
    form.add_argument("--blocks", action="store_true", help="the messages as Slack would get them")


def _subscribe_parser(acts: "Commands[argparse.ArgumentParser]") -> None:
    parser = _parser(acts, "subscribe", "let one come to a channel, or to yourself", _subscribe)
    parser.add_argument("digest", metavar="NAME")
    _about_parser(parser)
    parser.add_argument("--channel", metavar="ID", help="Slack's id of it (C…); without one by direct message to --as")
    parser.add_argument("--days", metavar="DAYS", help="such as mon,thu; the digest's own without it")
    parser.add_argument("--at", metavar="TIME", help="local time, such as 09:00; the digest's own without it")
    parser.add_argument("--zone", help="such as Europe/Berlin; yours without it")
    parser.add_argument(
        "--all-clear", action=argparse.BooleanOptionalAction, help="a short word after a week in which it was silent"
    )
    parser.add_argument(
        "--change", metavar="ID", help="the one to change, as `digest list` shows it; what is not said stays"
    )


def _about_parser(parser: argparse.ArgumentParser) -> None:
    about = parser.add_mutually_exclusive_group()
    for name, shown in (("team", "NAME"), ("repository", "OWNER/NAME"), ("release", "NAME")):
        about.add_argument(f"--{name}", metavar=shown, help=f"about one {name}")


def _list(arguments: argparse.Namespace, tools: "Tools") -> int:
    """Print what comes where."""
    from commands.terminal.subscriptions import line, row

    digests, now = tools.digests(), tools.now()
    found = digests.subscriptions()
    last = {run.subscription: run for run in digests.runs(found)}
    rows = [row(one, digests.coming(one, now), last.get(one.object)) for one in found]
    if arguments.json:
        _print_json({"subscriptions": rows})
        return 0
    for one in rows:
        say(line(one))
    if not rows:
        say("No digest comes anywhere yet. There are:")
        for digest in digests.declared.values():
            say(f"{digest.id}: {digest.title}. {digest.says}")
    return 0


def _preview(arguments: argparse.Namespace, tools: "Tools") -> int:
    """Print a digest as its readers would read it."""
    from assistant.desk import Reply

    viewer, now = tools.viewer(arguments.whose or arguments.person), arguments.now or tools.now()
    told = tools.digests().told(arguments.digest, _about(arguments), viewer, now, channel=arguments.channel)
    if isinstance(told, Reply):
        raise UserError(told.message.text)
    if arguments.json:
        _print_json(told.answer.as_data())
        return 0
    show((told.sheet.lead(), *told.sheet.thread()), blocks=arguments.blocks)
    return 0


def show(messages: "Sequence[Message]", *, blocks: bool = False) -> None:
    """Print a lead and its thread: as they look, or as Slack would get them."""
    from commands.terminal.painting import paint

    if blocks:
        _print_json({"messages": [{"text": one.text, "blocks": list(one.blocks)} for one in messages]})
        return
    for place, message in enumerate(messages):
        if place == 1:
            say(f"\n{_IN_THE_THREAD}")
        paint(message.blocks, sys.stdout)
        for picture in message.files:
            say(f"[{picture.title}: {picture.alt}]")


def _about(arguments: argparse.Namespace) -> str:
    if arguments.team:
        return f"team {arguments.team}"
    return f"release {arguments.release}" if arguments.release else arguments.repository or ""


def _run(arguments: argparse.Namespace, tools: "Tools") -> int:
    """Plan what is due and send it, or (dry) print it."""
    digests = tools.digests()
    if arguments.dry_run:
        _rehearse(digests)
        return 0
    if not tools.settings.slack_bot_token:
        message = "Nothing can be sent: SLACK_BOT_TOKEN is not set. With --dry-run I print what would be sent."
        raise UserError(message)
    from commands.terminal.sending import send

    return send(digests, tools)


def _rehearse(digests: "Digests") -> None:
    from assistant.blocks import Message

    planned = 0
    for one, plan in digests.rehearse():
        planned += 1
        say(f"{subject_of(one.object)}  {one.digest} to {one.channel or one.person}: {plan.why or 'to be posted'}")
        show([Message(post.message["text"], tuple(post.message["blocks"])) for post in plan.posts])
    if not planned:
        say("Nothing is due.")


def _subscribe(arguments: argparse.Namespace, tools: "Tools") -> int:
    """Subscribe a channel, or whoever --as names."""
    from assistant.acts.subscribe import Wish
    from commands.terminal.meant import time_of_day, weekday
    from digests.speaking import new_subscription

    digests = tools.digests()
    digest = digests.digest(arguments.digest)
    days = tuple(map(weekday, arguments.days.split(","))) if arguments.days else digest.days
    wish = Wish(
        subscription=new_subscription(),
        digest=digest.id,
        channel=arguments.channel,
        days=days,
        time=time_of_day(arguments.at or digest.time),
        zone=arguments.zone,
        about=_about(arguments),
        all_clear=bool(arguments.all_clear),
    )
    if arguments.change:
        wish = _as_it_was(wish, _named(digests, arguments.change), arguments)
    say(digests.subscribe(wish, tools.viewer(arguments.person), tools.now()).text)
    return 0


def _as_it_was(wish: "Wish", was: "Subscription", said: argparse.Namespace) -> "Wish":
    """The change of what stands: whatever the line does not say stays. Raises UserError for another digest."""
    if was.digest != wish.digest:
        message = f"That one is {was.digest}: remove it and subscribe to {wish.digest} instead."
        raise UserError(message)
    return replace(
        wish,
        subscription=was.object,
        channel=said.channel or was.channel,
        person=None if said.channel else was.person,
        days=wish.days if said.days else was.days,
        time=wish.time if said.at else time.fromisoformat(was.time),
        zone=said.zone or was.zone,
        about=wish.about if said.team or said.repository or said.release else was.about,
        all_clear=was.all_clear if said.all_clear is None else said.all_clear,
    )


def _change(arguments: argparse.Namespace, tools: "Tools") -> int:
    """Pause, resume or remove one."""
    from assistant.acts import end_subscription, pause_subscription, resume_subscription

    one = _named(tools.digests(), arguments.subscription).object
    wishes: dict[str, tuple[str, Any]] = {
        "pause": (pause_subscription.NAME, pause_subscription.Wish(one, getattr(arguments, "why", ""))),
        "resume": (resume_subscription.NAME, resume_subscription.Wish(one)),
        "remove": (end_subscription.NAME, end_subscription.Wish(one)),
    }
    say(tools.desk().act(*wishes[arguments.act], tools.viewer(arguments.person), tools.now()).text)
    return 0


def _named(digests: "Digests", text: str) -> "Subscription":
    """The one subscription whose id begins so."""
    wanted = text.strip().removeprefix("subscription:")
    found = [one for one in digests.subscriptions() if wanted and subject_of(one.object).startswith(wanted)]
    if len(found) != 1:
        several = "several digests begin" if found else "no digest begins"
        message = f'With "{wanted[:40]}" {several}: `lastmile digest list` shows them'
        raise UserError(message)
    return found[0]


def _print_json(data: dict[str, Any]) -> None:
    """Only ASCII: what a title holds must not reach the terminal as anything but text."""
    sys.stdout.write(json.dumps(data, indent=2) + "\n")
