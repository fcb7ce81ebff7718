"""How is what we remember kept in order: states built anew, raw bodies dropped, people and repositories forgotten?"""

import argparse
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

from assistant.errors import UserError
from commands.terminal.speaking import Progress, say, tell

if TYPE_CHECKING:
    from assistant.policy import Policy
    from commands.terminal.tools import Tools
    from storage.figures import Forgotten


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `rebuild`, `prune` and `forget`."""
    parser = commands.add_parser("rebuild", help="work every state out anew from its events, then swap")
    parser.set_defaults(run=rebuild)
    parser = commands.add_parser("prune", help="drop raw bodies older than [keep] raw_days; events stay")
    parser.add_argument("--days", type=_days, help="this many days instead of the configuration's")
    parser.set_defaults(run=_prune)
    parser = commands.add_parser("forget", help="erase a person or a repository from everything stored")
    parser.add_argument("what", metavar="PERSON|REPOSITORY", help="a key of [people], github/LOGIN, or OWNER/NAME")
    parser.add_argument("--yes", action="store_true", help="do not ask whether I am sure")
    parser.set_defaults(run=forget)


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:7]) <= 100_000:  # noqa: PLR2004  274 years
        message = f"{text!r} is no number of days"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def rebuild(_arguments: argparse.Namespace, tools: "Tools") -> int:
    """Fold all objects anew, beside the live states."""
    line = Progress()
    try:
        done = tools.ledger().rebuild(lambda done, of: line.show(f"{done:,} of {of:,} objects"), tools.policy().counts)
    finally:
        line.done()
    say(f"{done:,} objects worked out anew")
    return 0


def prune(tools: "Tools", days: int | None = None) -> int | None:
    """Drop raw bodies older than ``days`` (the configuration's); None where neither says how old."""
    oldest = days or tools.policy().keep.raw_days
    return None if oldest is None else tools.ledger().prune(tools.now() - timedelta(days=oldest))


def _prune(arguments: argparse.Namespace, tools: "Tools") -> int:
    done = prune(tools, arguments.days)
    if done is None:
        message = "Nothing says how long to keep: set raw_days under [keep] in the configuration, or give --days"
        raise UserError(message)
    say(f"{done:,} raw bodies dropped; their events stay")
    return 0


def forget(arguments: argparse.Namespace, tools: "Tools") -> int:
    """Erase a person (who becomes a stable pseudonym) or a repository, for good."""
    what = arguments.what.strip()
    source, slash, _ = what.partition("/")
    if not arguments.yes and not _sure(what):
        say("nothing was forgotten")
        return 0
    if slash and source not in {"person", "github", "slack"}:
        if what.casefold() not in {name.casefold() for name in tools.ledger().repositories()}:
            message = f"Nothing is known of the repository {what}"
            raise UserError(message)
        say(_told(what, tools.ledger().forget_repository(what)))
        return 0
    person, accounts, emails, names = _traces(what, tools.policy())
    say(_told(what, tools.ledger().forget_person(person, accounts, emails, names)))
    if person:
        say(f"The configuration still names them: take [people.{person.removeprefix('person/')}] out of it")
    return 0


def _sure(what: str) -> bool:
    """Ask; without a terminal to ask at only --yes is a yes."""
    if not sys.stdin.isatty():
        message = f"There is no way back from forgetting {what}: say --yes"
        raise UserError(message)
    tell(f"Erase {what} from everything stored? There is no way back. Type yes:")
    return sys.stdin.readline().strip().casefold() == "yes"


def _traces(what: str, policy: "Policy") -> tuple[str | None, list[str], list[str], list[str]]:
    """By what a person may be found: (person key, accounts, e-mails, names)."""
    from assistant.deciding import Refused
    from assistant.persons import person_meant

    meant = person_meant(what, "nobody", policy)
    if isinstance(meant, Refused):
        message = f"{meant.reason} For an account that the configuration does not list, write github/LOGIN"
        raise UserError(message)
    entry = policy.people.get(meant.removeprefix("person/")) if meant.startswith("person/") else None
    if entry is None:
        return None, [meant], [], []
    accounts = [f"github/{login}" for login in entry.github] + ([f"slack/{entry.slack}"] if entry.slack else [])
    accounts += [f"pagerduty/{user}" for user in entry.pagerduty] + [f"jira/{user}" for user in entry.jira]
    return meant, accounts, [entry.email] if entry.email else [], [entry.name] if entry.name else []


def _told(what: str, done: "Forgotten") -> str:
    touched = f"{done.deliveries:,} deliveries, {done.events:,} events and {done.objects:,} objects were touched"
    return "\n".join([f"{what} is forgotten: {touched}", *(f"kept: {why}" for why in done.kept)])
