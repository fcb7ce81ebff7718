"""How does a process send what is said unasked, and which of its work is done again and again?"""

from collections.abc import Sequence
from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING

from commands.upkeep import Job

if TYPE_CHECKING:
    from assistant.policy import Policy
    from commands.metrics import Meters
    from commands.settings import Settings
    from commands.terminal.tools import Tools
    from digests.delivery import Delivery, Told
    from digests.directory import Directory
    from digests.slack import SlackPoster
    from storage.ledger import Ledger

TICK_EVERY, DRAIN_EVERY, REFRESH_EVERY = timedelta(seconds=15), timedelta(seconds=1), timedelta(minutes=10)
PRUNE_EVERY, KEPT_FOR = timedelta(days=1), timedelta(days=60)
THREADS = 6  # one for each job: none waits for another
_TROUBLES = frozenset({"skipped", "failed", "unanswered"})


def directory_for(settings: "Settings", policy: "Policy", ledger: "Ledger") -> "Directory":
    """Who is who in Slack; nobody where there is none."""
    from digests.directory import Nobody, Surveyed

    if not settings.slack_bot_token:
        return Nobody()
    from commands.people import People
    from digests.slack import client_for

    # Without retries: a run that waits for Slack loses its claim, and one that is put off comes again by itself.
    client = client_for(settings.slack_bot_token, settings.slack_api_url)
    return Surveyed(People(policy, client, ledger), client)


def poster_for(settings: "Settings") -> "SlackPoster":
    """What posts into Slack."""
    from digests.slack import SlackPoster, client_for

    return SlackPoster(client_for(settings.slack_bot_token or "", settings.slack_api_url))


def delivery_for(tools: "Tools", poster: "SlackPoster | None" = None, told: "Told | None" = None) -> "Delivery":
    """What drains the outbox into Slack; ``told`` hears what came of each post, in place of the log."""
    from digests.delivery import Delivery, Terms

    said = tools.policy().digests
    return Delivery(
        tools.ledger().outbox,
        poster or poster_for(tools.settings),
        tools.now,
        Terms(timedelta(seconds=said.lease_seconds), said.pace),
        refused=tools.digests().refused,
        told=told or _log,
    )


def jobs(tools: "Tools", meters: "Meters | None" = None) -> Sequence[Job]:
    """What a serving process does by itself about digests; posts are counted where there are meters."""
    from digests.refreshing import refresh

    poster = poster_for(tools.settings)

    def told(outcome: str, key: str, why: str) -> None:
        _log(outcome, key, why)
        if meters:
            meters.posted(outcome)

    delivery = delivery_for(tools, poster, told)

    def refreshing(stopping: Event) -> object:
        return refresh(tools.ledger(), tools.policy(), poster, tools.now(), stopping)

    def pruning(_stopping: Event) -> object:
        return tools.ledger().outbox.prune(tools.now() - KEPT_FOR, tools.digests().lasting())

    def handing(stopping: Event) -> object:
        return tools.digests().handing.tick(stopping, poster) + tools.digests().asking.tick(stopping, poster)

    soon, later = timedelta(seconds=2), timedelta(minutes=10)
    return (
        Job("digests", TICK_EVERY, soon, tools.digests().tick),
        Job("handoffs", TICK_EVERY, soon, handing),
        ruling(tools, meters),
        Job("posts", DRAIN_EVERY, soon, delivery.drain),
        Job("refresh", REFRESH_EVERY, later, refreshing),
        Job("outbox", PRUNE_EVERY, later, pruning),
    )


def ruling(tools: "Tools", meters: "Meters | None" = None) -> Job:
    """What a serving process does by the rules of the configuration, whether or not it speaks to Slack."""
    from digests.ruling import Ruling

    rules = Ruling(tools.desk())

    def work(stopping: Event) -> None:
        for outcome, count in rules.tick(stopping).items():
            if meters:
                meters.rules.labels(outcome).inc(count)

    return Job("rules", TICK_EVERY, timedelta(seconds=2), work)


def _log(outcome: str, key: str, why: str) -> None:
    """Log what did not simply get posted."""
    if outcome in _TROUBLES:
        import structlog

        structlog.get_logger("lastmile.digests").warning(outcome, action="post", post=key, why=why)
