"""Which handoffs may somebody know of, and where do they stand, as the ledger has it?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from assistant.handoffs.gathering import needs_of, stands
from assistant.handoffs.seeing import may_see
from assistant.handoffs.standing import Stand
from assistant.handoffs.twins import with_twins
from assistant.needing import Reach
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.facts import HANDOFFS_KEPT
from storage.records import Handoff, HandoffState
from storage.state.handoff import SIGNED

if TYPE_CHECKING:
    from storage.ledger import Ledger


def handoffs_of(ledger: "Ledger", viewer: Viewer, policy: Policy, now: datetime) -> tuple[Handoff, ...]:
    """The handoffs that a viewer may know of, those that are open and those that were answered lately."""
    found = ledger.handoffs(now - HANDOFFS_KEPT, viewer.visible(ledger.repositories()))
    return tuple(one for one in found if may_see(one, viewer, policy))


def stands_of(
    passed: Sequence[Handoff], ledger: "Ledger", viewer: Viewer, policy: Policy, now: datetime
) -> tuple[Stand, ...]:
    """Where these stand: the same for everybody, and each with the names that a viewer may read."""
    if not passed:
        return ()
    facts = ledger.load(needs_of(passed, policy, Reach(viewer, ledger.repositories())), now)
    wanted = {one.object for one in passed}
    return tuple(one for one in stands(facts, policy, viewer, now) if one.handoff.object in wanted)


def of_today(wish: Any, ledger: "Ledger", viewer: Viewer, policy: Policy, now: datetime) -> Any:  # noqa: ANN401  any act's
    """A wish about a handoff with what that is about and, where its signature has gone stale, which; others as is."""
    from assistant.acts.handing import OfHandoff

    wish = with_twins(wish, ledger, viewer, now)
    found = ledger.get([wish.handoff]).get(wish.handoff) if isinstance(wish, OfHandoff) else None
    if not isinstance(found, Handoff):
        return wish
    stood = stands_of((found,), ledger, viewer, policy, now) if found.state in SIGNED else ()
    stale = stood[0] if stood and stood[0].state is HandoffState.STALE else None
    if stale is None or found.signed is None:
        return replace(wish, about=found.about, stale=None, stale_since=None)
    return replace(wish, about=found.about, stale=found.signed.at, stale_since=stale.since)
