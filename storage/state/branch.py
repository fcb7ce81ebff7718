"""Does a branch exist, and where does it point?"""

from collections.abc import Sequence

from storage.naming import subject_of
from storage.records import Branch, Folded, KnownEvent
from storage.state.rules import FoldRules
from storage.state.stated import word


def fold_branch(object_name: str, events: Sequence[KnownEvent], _: FoldRules) -> Folded:
    """Fold a branch's events, ordered: pushes, its making and its deletion, which a push may tell as well."""
    repository, _sep, name = subject_of(object_name).partition(":")
    branch: Branch | None = None
    for event in events:
        gone = event.kind == "branch.deleted" or event.data.get("deleted") is True
        is_push = event.kind == "branch.pushed" and not gone
        head = word(event.data, "after") if is_push else branch.head_sha if branch else None
        pushed_at = event.at if is_push else branch.pushed_at if branch else None
        branch = Branch(object_name, repository, name, not gone, None if gone else head, pushed_at)
    return Folded(branch)
