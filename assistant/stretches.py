"""What does a sentence call the stretches of time that the past is asked about?"""

from collections.abc import Iterable

from assistant.counting import series

_CALLED = {
    "merged": "going from merge to production", "open": "a ticket's work", "incident_open": "resolving an incident",
    "blocker_bug": "fixing a release-blocking bug", "in_progress": "a draft", "external": "the outside wait",
    "review_pending": "a review", "changes_requested": "answering a review", "checks_failing": "mending checks",
    "checks_running": "running checks", "merge_conflict": "resolving a conflict", "ready_to_merge": "a merge",
    "rollout_incomplete": "a rollout", "handoff_open": "a handoff",
    "enablement_missing": "getting ready what customers need",
    "dependency": "landing what it depends on",
    "stabilizing": "the quiet period of the release before",
}  # fmt: skip


def how_long(turns: Iterable[str]) -> str:
    """Say whose length is meant: ``a review takes``, ``a review and mending checks take``."""
    names = list(dict.fromkeys(_CALLED.get(turn, turn.replace("_", " ")) for turn in turns))
    return f"{series(names)} {'takes' if len(names) == 1 else 'take'}"
