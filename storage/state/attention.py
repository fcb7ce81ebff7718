"""What is known of one attention?"""

from collections.abc import Sequence

from storage.records import Folded, KnownEvent
from storage.state.rules import FoldRules


def fold_attention(object_name: str, events: Sequence[KnownEvent], rules: FoldRules) -> Folded:
    """Fold one attention's events, ordered."""
    _ = object_name, events, rules
    return Folded(None)
