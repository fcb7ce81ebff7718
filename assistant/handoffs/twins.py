"""Was the same handed off before, about the same thing with the same words, and is it still open?"""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from assistant.viewer import Viewer
from storage.state.handoff import WAITED_FOR

if TYPE_CHECKING:
    from storage.ledger import Ledger

_MOST = 20  # that an act looks at


def with_twins(wish: Any, ledger: "Ledger", viewer: Viewer, now: datetime) -> Any:  # noqa: ANN401  any act's
    """A wish to hand something off, by itself or after something is done, with the names of what is like it."""
    from assistant.acts import finish_handoff, hand_off

    if isinstance(wish, finish_handoff.Wish) and wish.then:
        return replace(wish, then=with_twins(wish.then, ledger, viewer, now))
    if not isinstance(wish, hand_off.Wish):
        return wish
    needed = hand_off.same_need(wish.needed)
    alike = (
        one.object
        for one in ledger.handoffs(now, viewer.visible(ledger.repositories()))
        if one.state in WAITED_FOR and one.about == wish.about and hand_off.same_need(one.needed) == needed
    )
    return replace(wish, twins=tuple(alike)[:_MOST])
