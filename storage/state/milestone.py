"""What is a milestone: a release by another name, with its due date?"""

from collections.abc import Sequence

from storage.naming import subject_of
from storage.records import Folded, KnownEvent, Milestone
from storage.state.rules import FoldRules
from storage.state.snapshots import latest
from storage.state.stated import instant, whole, word


def fold_milestone(object_name: str, events: Sequence[KnownEvent], _: FoldRules) -> Folded:
    """Fold a milestone's events, ordered; the newest snapshot holds, and what is deleted stays known as deleted.

    One that is a version of Jira's follows what is told of that version by its number alone.
    """
    told = latest(events)
    repository, _sep, number = subject_of(object_name).rpartition("#")
    if not told:
        return Folded(None)
    return Folded(
        Milestone(
            object=object_name,
            repository=repository,
            number=whole(told, "number") or int(number),
            title=word(told, "title") or "",
            url=word(told, "url"),
            open=told.get("open") is not False,
            due_at=instant(told, "due_at"),
            created_at=instant(told, "created_at") or events[0].at,
            closed_at=instant(told, "closed_at"),
            deleted=any(event.kind == "milestone.deleted" for event in events),
        ),
        follows=tuple(dict.fromkeys(name for event in events if (name := word(event.data, "version")))),
    )
