"""What came of sending, once, what is due: how many messages stand in Slack, and why do the others not?"""

import threading
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from commands.terminal.speaking import say

if TYPE_CHECKING:
    from commands.terminal.tools import Tools
    from digests.speaking import Digests

PATIENCE = 65.0  # seconds without anything to post; the pace is counted by the minute
LONGEST = 900.0  # seconds in all
_RUNS = {"posted": "to send", "silent": "with nothing to say", "skipped": "left out", "failed": "failed"}
_POSTS = {"posted": "sent", "found": "sent", "skipped": "skipped", "failed": "failed"}
_BAD = ("skipped", "failed")


class Tally:
    """What became of each post last; what is tried again is settled by its next try."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._became: dict[str, tuple[str, str]] = {}

    def told(self, outcome: str, key: str, why: str) -> None:
        """Note what came of a try."""
        with self._lock:
            if outcome != "lost":  # whoever has it says what came of it
                self._became[key] = outcome, why

    def counts(self) -> Counter[str]:
        """How many were sent, skipped and failed."""
        return Counter(_POSTS[outcome] for outcome, _why in self._became.values() if outcome in _POSTS)

    def reasons(self) -> Counter[str]:
        """Why messages were skipped or failed, or were not sent yet, and how many for each reason."""
        return Counter(
            f"{outcome if outcome in _BAD else 'not sent yet'}: {why}"
            for outcome, why in self._became.values()
            if outcome not in {"posted", "found"} and why
        )


def send(digests: "Digests", tools: "Tools") -> int:
    """Plan what is due, post it with its threads, and say what came of it; 1 where anything was not sent."""
    from commands.terminal.delivering import delivery_for

    tally, stopping = Tally(), threading.Event()
    enough = threading.Timer(LONGEST, stopping.set)
    enough.daemon = True
    enough.start()
    try:
        runs = digests.tick(stopping)
        delivery_for(tools, told=tally.told).drain(stopping, PATIENCE)
    finally:
        enough.cancel()
    posts = tools.ledger().outbox.figures(tools.now()).posts
    return _said(runs, tally, posts.get("owed", 0) + posts.get("sending", 0))


def _said(runs: Counter[str], tally: Tally, waiting: int) -> int:
    counts = tally.counts()
    if not runs and not counts and not waiting:
        say("Nothing is due.")
        return 0
    if runs:
        states = dict.fromkeys((*_RUNS, *runs))
        say(f"Digests: {_listed((runs[state], _RUNS.get(state, state)) for state in states)}.")
    if counts or waiting:
        many = ((counts[what], what) for what in dict.fromkeys(_POSTS.values()))
        say(f"Messages: {_listed((*many, (waiting, 'not sent yet')))}.")
    for why, number in sorted(tally.reasons().items()):
        say(f"{number} {why}")
    if waiting:
        say("What was not sent yet goes out with the next run, or by `lastmile serve`.")
    if any(runs[state] for state in _BAD):
        say("`lastmile digest list` says why a digest failed or was left out.")
    return int(bool(waiting or any(runs[state] or counts[state] for state in _BAD)))


def _listed(counted: Iterable[tuple[int, str]]) -> str:
    return ", ".join(f"{number} {what}" for number, what in counted if number)
