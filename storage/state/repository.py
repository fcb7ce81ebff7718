"""What is known of a repository, and how much of its history has been read?"""

from collections.abc import Mapping, Sequence
from typing import Any

from storage.naming import subject_of
from storage.records import Folded, KnownEvent, Repository
from storage.state.rules import FoldRules
from storage.state.stated import instant, word


def fold_repository(object_name: str, events: Sequence[KnownEvent], _: FoldRules) -> Folded:
    """Fold a repository's events, ordered: how far the newest backfill got (0 to 1), when it was last reconciled."""
    told: dict[str, object] = {}
    reconciled_at = None
    for event in events:
        told.update({key: value for key, value in event.data.items() if value is not None})
        reconciled_at = event.at if event.kind == "repository.reconciled" else reconciled_at
    backfills = [event.data for event in events if event.kind == "repository.backfilled"]
    furthest = max(backfills, key=lambda data: (word(data, "began_at") or "", _done(data) or 0.0), default={})
    private = told.get("private")
    return Folded(
        Repository(
            object=object_name,
            name=subject_of(object_name),
            private=private if isinstance(private, bool) else None,
            default_branch=word(told, "default_branch"),
            backfill_since=instant(furthest, "since"),
            backfill_done=_done(furthest),
            reconciled_at=reconciled_at,
        )
    )


def _done(data: Mapping[str, Any]) -> float | None:
    done = data.get("done")
    return float(done) if isinstance(done, int | float) else None
