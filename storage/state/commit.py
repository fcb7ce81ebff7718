"""Where did a commit land, and what do its checks say?"""

from collections.abc import Sequence

from storage.naming import subject_of
from storage.records import Commit, Folded, KnownEvent
from storage.state.checks import Checks
from storage.state.rules import FoldRules
from storage.state.stated import word


def fold_commit(object_name: str, events: Sequence[KnownEvent], rules: FoldRules) -> Folded:
    """Fold a commit's events, ordered; it landed when it first came to the default branch, else to any other."""
    repository, _, sha = subject_of(object_name).rpartition("@")
    checks = Checks(repository, rules)
    landings = [event for event in events if event.kind == "commit.landed"]
    for event in events:
        if event.kind == "check.updated":
            checks.updated(event)
    landed = next((event for event in landings if event.data.get("default") is True), landings[0] if landings else None)
    return Folded(
        Commit(
            object=object_name,
            repository=repository,
            sha=sha,
            landed_on=word(landed.data, "branch") if landed else None,
            landed_at=landed.at if landed else None,
            checks=checks.on(sha),
            branches=tuple(dict.fromkeys(name for event in landings if (name := word(event.data, "branch")))),
        )
    )
