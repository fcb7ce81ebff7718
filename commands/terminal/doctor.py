"""Is everything connected, fresh and understood, and what should be done about what is not?"""

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from assistant.errors import UserError

if TYPE_CHECKING:
    from assistant.policy import Policy
    from commands.settings import Settings
    from commands.terminal.tools import Tools
    from storage.figures import Figures
    from storage.ledger import Ledger
    from storage.outbox import OutboxFigures

Block = dict[str, Any]

VERDICTS = ("new", "ignored", "unknown", "malformed")
_MOST = 20  # rows of any table here
_HOUR, _DAY = 3600, 86_400
_BEHIND = timedelta(minutes=5)  # what is due for longer than that does not just wait for its turn

RUNS = {
    "posted": "with something to say", "silent": "with nothing to say", "skipped": "left out", "failed": "failed",
    "claimed": "under way",
}  # fmt: skip
POSTS = {
    "posted": "posted", "owed": "owed", "sending": "being posted, or not answered", "skipped": "skipped",
    "failed": "failed",
}  # fmt: skip


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `doctor`."""
    parser = commands.add_parser("doctor", help="what is connected, how fresh, what was not understood, what to do")
    parser.set_defaults(run=run, tolerant=True)  # it says itself what is wrong


def run(_arguments: argparse.Namespace, tools: "Tools") -> int:
    """Print the state of things; never a secret. Anything that can't be asked is said, and the rest goes on."""
    from commands.terminal.painting import paint
    from commands.terminal.passing import findings

    blocks = [_header("Connections"), _table(("What", "State", "Next step"), connections(tools.settings))]
    try:
        policy, ledger = tools.policy(), tools.ledger()
    except UserError as error:
        blocks += [_header("Stopped here"), _line(str(error))]
        paint(blocks, sys.stdout)
        return 1
    figures, now = ledger.figures(), tools.now()
    blocks += [_header("Deliveries"), *deliveries(figures, now)]
    blocks += [_header("Not understood"), *misunderstood(figures)]
    blocks += [_header("People"), *people(ledger, policy, now)]
    blocks += [_header("Handoffs and rounds"), *map(_line, findings(ledger, policy, now))]
    blocks += [_header("Digests"), *outgoing(ledger.outbox.figures(now), now)]
    blocks += [_header("States"), *states(ledger, figures)]
    paint(blocks, sys.stdout)
    return 0


def connections(settings: "Settings") -> list[tuple[str, str, str]]:
    """What is connected, as rows of (what, state, next step)."""
    from commands.settings import WHERE

    def row(what: str, present: object, name: str, state: str = "set") -> tuple[str, str, str]:
        return (what, state, "") if present else (what, "not set", f"{name}: {WHERE[name]}")

    way = "by Socket Mode" if settings.slack_app_token else "by HTTP"
    rows = [
        row("Slack, to speak", settings.slack_bot_token, "SLACK_BOT_TOKEN"),
        row("Slack, to be heard", settings.slack or settings.slack_signing_secret, "SLACK_SIGNING_SECRET", way),
        row("GitHub webhooks", settings.github_webhook_secret, "GITHUB_WEBHOOK_SECRET"),
        row("GitHub API", settings.github_token, "GITHUB_TOKEN"),
        row("Deployments by HTTP", settings.deploy_token, "LASTMILE_DEPLOY_TOKEN"),
        row("PagerDuty webhooks", settings.pagerduty_webhook_secret, "PAGERDUTY_WEBHOOK_SECRET"),
        row("Jira webhooks", settings.jira_webhook_secret, "JIRA_WEBHOOK_SECRET"),
        row("CDEvents by HTTP", settings.cdevents_token, "LASTMILE_CDEVENTS_TOKEN"),
        row("Configuration", settings.config, "LASTMILE_CONFIG", str(settings.config)),
        ("Database", _database(settings.database_url), ""),
    ]
    return rows + [(problem.name, "wrong", f"{problem.what}. {problem.where}") for problem in settings.wrong]


def _database(url: str) -> str:
    from sqlalchemy.engine import make_url

    return make_url(url).set(query={}).render_as_string(hide_password=True)


def deliveries(figures: "Figures", now: datetime) -> list[Block]:
    """How many came from each source, with which verdict, and how fresh it is."""
    fresh = figures.freshness
    rows = [
        (source, *(f"{counts.get(verdict, 0):,}" for verdict in VERDICTS),
         ago(fresh.newest_event.get(source), now), ago(fresh.newest_receipt.get(source), now))
        for source, counts in sorted(figures.deliveries.items())
    ]  # fmt: skip
    if not rows:
        return [_line("Nothing has come in yet: connect a webhook, or `lastmile import` or `lastmile backfill`.")]
    head = ("Source", *VERDICTS, "Newest event", "Last heard")
    size = f"{figures.bodies:,} raw bodies kept, {figures.body_bytes / 1e6:,.1f} MB"
    return [_table(head, rows), _line(f"{figures.events:,} events of {figures.objects:,} objects; {size}")]


def misunderstood(figures: "Figures") -> list[Block]:
    """Why deliveries were unknown, malformed or ignored, and the newest ones that nobody could read."""
    if not figures.reasons:
        return [_line("Everything was.")]
    from storage.intake.github import IGNORED_ACTIONS
    from storage.intake.jira import IGNORED_LOUDLY

    asking = {*IGNORED_ACTIONS.values(), *IGNORED_LOUDLY.values()}
    loud = [row for row in figures.reasons if row[1] != "ignored" or row[2] in asking]
    quiet = [row for row in figures.reasons if row not in loud]
    rows = [(source, verdict, why, f"{count:,}") for source, verdict, why, count in (loud + quiet)[:_MOST]]
    blocks = [_table(("Source", "Verdict", "Why", "How many"), rows)]
    samples = [
        (sample.source, _kind(sample.headers), sample.delivery_id, _day(sample.received_at), sample.reason)
        for sample in figures.samples[:_MOST]
    ]
    head = ("Newest unknown from", "Kind", "Delivery", "Received", "Why")
    return [*blocks, _table(head, samples)] if samples else blocks


def outgoing(figures: "OutboxFigures", now: datetime) -> list[Block]:
    """How many digests and messages of the last months are in which state, and what is owed to Slack since when."""
    if not figures.runs and not figures.posts:
        return [_line("None was due yet, and nothing is owed to Slack.")]
    both = (("Digests", figures.runs, RUNS), ("Messages", figures.posts, POSTS))
    rows = [
        (what, ", ".join(f"{counts[state]:,} {said}" for state, said in words.items() if counts.get(state)) or "none")
        for what, counts, words in both
    ]
    waits = f"The oldest message that is owed was due {ago(figures.oldest, now)}." if figures.oldest else ""
    behind = figures.oldest is not None and now - figures.oldest > _BEHIND
    advice = " Does `lastmile serve` run, and can it reach Slack?" if behind else ""
    return [_table(("What", "How many"), rows), _line(waits + advice if waits else "Nothing is owed to Slack now.")]


def people(ledger: "Ledger", policy: "Policy", now: datetime) -> list[Block]:
    """How many of the accounts that acted recently are known people, and who is not."""
    from assistant.persons import canonical
    from storage.facts import Needs

    accounts = [a if "/" in a else f"github/{a}" for a in ledger.load(Needs(), now).accounts_seen]
    unmapped = sorted(account for account in accounts if not canonical(account, policy).startswith("person/"))
    blocks = [_line(f"{len(accounts) - len(unmapped)} of {len(accounts)} recently active accounts are mapped")]
    if unmapped:
        names = ", ".join(account.partition("/")[2] for account in unmapped[:_MOST])
        more = f" and {len(unmapped) - _MOST} more" if len(unmapped) > _MOST else ""
        blocks.append(_line(f"Not mapped: {names}{more}. Add them under [people] in the configuration."))
    return blocks


def states(ledger: "Ledger", figures: "Figures") -> list[Block]:
    """Whether the states still rest on today's rules."""
    due = "The configuration changed what states rest on: run `lastmile rebuild`."
    return [_line(f"Schema {figures.version}. {due if ledger.rules_changed() else 'States are up to date.'}")]


def ago(at: datetime | None, now: datetime) -> str:
    """How long ago by the calendar, in words."""
    if at is None:
        return "never"
    seconds = max(0, int((now - at).total_seconds()))
    for size, unit in ((_DAY, "days"), (_HOUR, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit} ago"
    return "just now" if seconds < 60 else f"{seconds // 60} minutes ago"  # noqa: PLR2004  seconds of a minute


def _day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "unknown"


def _kind(headers: Any) -> str:  # noqa: ANN401  a mapping of header names in any case
    lowered = {name.lower(): value for name, value in headers.items()}
    return str(lowered.get("x-github-event") or lowered.get("ce-type", ""))


def _header(text: str) -> Block:
    return {"type": "header", "text": {"type": "plain_text", "text": text}}


def _line(text: str) -> Block:
    return {"type": "section", "text": {"type": "plain_text", "text": text}}


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Block:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": cell} for cell in row] for row in (head, *rows)]}
