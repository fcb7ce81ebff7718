"""Does a branch exist, since when, and where does it point?"""

from collections.abc import Sequence

from storage.naming import subject_of
from storage.records import Branch, Folded, KnownEvent
from storage.state.rules import FoldRules
from storage.state.stated import word


def fold_branch(object_name: str, events: Sequence[KnownEvent], _: FoldRules) -> Folded:
    """Fold a branch's events, ordered: pushes, its making and its deletion, which a push may tell as well.

    It was made when its making was first told since it last did not exist. A push and an event of its own tell of one
    making; when either tells of a second one, a deletion in between went unheard, and it was made anew.
    """
    repository, _sep, name = subject_of(object_name).partition(":")
    branch: Branch | None = None
    made: dict[str, KnownEvent] = {}  # what told of the last making, by kind
    for event in events:
        gone = event.kind == "branch.deleted" or event.data.get("deleted") is True
        is_push = event.kind == "branch.pushed" and not gone
        if gone or (_is_making(event) and event.kind in made and not _is_copy(event, made[event.kind])):
            made = {}
        if _is_making(event) and not gone:
            made.setdefault(event.kind, event)
        head = word(event.data, "after") if is_push else branch.head_sha if branch else None
        pushed_at = event.at if is_push else branch.pushed_at if branch else None
        created_at = min((one.at for one in made.values()), default=None)
        branch = Branch(object_name, repository, name, not gone, None if gone else head, pushed_at, created_at)
    return Folded(branch)


def _is_making(event: KnownEvent) -> bool:
    return event.kind == "branch.created" or event.data.get("created") is True


def _is_copy(event: KnownEvent, other: KnownEvent) -> bool:
    """Whether both are one push, told by a webhook and read from a list as well."""
    return event.kind == "branch.pushed" and event.data.get("after") == other.data.get("after")
