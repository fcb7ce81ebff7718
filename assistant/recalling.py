"""What may a reader be told of what they saw before, now that they may see other things, or fewer?

What is remembered carries the sight with which it was seen: whoever sees otherwise now starts anew, since a comparison
of the two would tell of what is hidden today (and call gone what is only hidden).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from assistant.viewer import Viewer
from storage.indexing import scope_of

_SIGHT, _OUTLINE = "sight", "outline"
Value = TypeVar("Value")
Seen = tuple[datetime, Any] | None  # when an answer was last seen, and what was remembered of it


def remembered(outline: Mapping[str, Any], viewer: Viewer) -> dict[str, Any]:
    """What to remember of an answer: its outline, and how far its reader saw; JSON values."""
    return {_SIGHT: _sight(viewer), _OUTLINE: dict(outline)}


def recalled(seen: Seen, viewer: Viewer) -> Seen:
    """The outline that was remembered; None where its reader sees otherwise now, or nobody knows how far they saw."""
    if seen is None or not isinstance(seen[1], dict) or seen[1].get(_SIGHT) != _sight(viewer):
        return None
    return seen[0], seen[1].get(_OUTLINE)


def visible(things: Mapping[str, Value], viewer: Viewer) -> dict[str, Value]:
    """Of remembered things, by object, those that this reader may see now."""
    return {name: thing for name, thing in things.items() if viewer.may_see(scope_of(name))}


def _sight(viewer: Viewer) -> list[Any]:
    return [_globs(viewer.sees), _globs(viewer.within), viewer.inside]


def _globs(globs: frozenset[str] | None) -> list[str] | None:
    return None if globs is None else sorted(globs)
