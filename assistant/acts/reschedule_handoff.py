"""By when is it needed now?"""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.handing import OfHandoff, did, held, in_hand, in_the_way, not_sending
from assistant.deciding import Outcome, Records, Refused, cleaned, stamp
from assistant.policy import Policy
from assistant.viewer import Viewer
from assistant.when import in_words

NAME = "reschedule_handoff"
HELP = "Move the time at which a handoff is due."
_KIND = "handoff.rescheduled"


@dataclass(frozen=True, slots=True)
class Wish(OfHandoff):
    """It is due at another time."""

    due_at: datetime
    why: str = ""
    via: str = ""


def objects(wish: Wish) -> tuple[str, ...]:
    """The handoff, and what it is about."""
    return held(wish)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Move it, for its sender's side, while somebody still has to move."""
    handoff = in_hand(records, wish, who, policy)
    if isinstance(handoff, Refused):
        return handoff
    refused = not_sending(handoff, records, who, policy, "move its due time")
    refused = refused or in_the_way(handoff, _KIND, wish, who, policy, now)
    if refused:
        return refused
    if wish.due_at <= now:
        return Refused(f"{in_words(wish.due_at, who.zone)} is already past. Choose a later time.")
    if wish.due_at == handoff.due_at:
        return Refused(f"It is due {in_words(wish.due_at, who.zone)} already.")
    data = {"due_at": stamp(wish.due_at), "why": cleaned(wish.why), "via": wish.via}
    return (did(handoff, _KIND, who, now, data),)
