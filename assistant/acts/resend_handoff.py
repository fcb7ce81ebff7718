"""What was returned goes out again, or what was done is asked for again: what has changed, and by when?"""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.handing import OfHandoff, did, held, in_hand, in_the_way, not_sending, renewing
from assistant.deciding import Outcome, Records, Refused, cleaned, stamp
from assistant.handoffs.pairs import due_again
from assistant.policy import Policy
from assistant.viewer import Viewer
from assistant.when import in_words
from storage.records import Handoff
from storage.state.handoff import SIGNED

NAME = "resend_handoff"
HELP = "Send a handoff that was returned to you again, or ask again for what is not done after all."
_KIND = "handoff.resent"


@dataclass(frozen=True, slots=True)
class Wish(OfHandoff):
    """Send it again, saying what has changed; ``signed``: though it was done then.

    ``due_at`` None: as it was due, or its usual hours from now where that is sooner than these.
    """

    why: str = ""
    via: str = ""
    due_at: datetime | None = None


def objects(wish: Wish) -> tuple[str, ...]:
    """The handoff, and what it is about."""
    return held(wish)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Send it again, for its sender's side."""
    handoff = in_hand(records, wish, who, policy)
    if isinstance(handoff, Refused):
        return handoff
    refused = not_sending(handoff, records, who, policy, "send this again")
    refused = refused or in_the_way(handoff, _KIND, wish, who, policy, now)
    refused = refused or _unfit(handoff, wish, who, now)
    if refused:
        return refused
    due_at = wish.due_at or due_again(handoff, policy, now)
    data = {"why": cleaned(wish.why), "due_at": stamp(due_at), "undone": handoff.state in SIGNED, "via": wish.via}
    return (did(handoff, _KIND, who, now, data | renewing(handoff, wish)),)


def _unfit(handoff: Handoff, wish: Wish, who: Viewer, now: datetime) -> Refused | None:
    if handoff.state in SIGNED and not cleaned(wish.why):
        return Refused("Say what is not done after all: whoever said that it is done reads this.")
    if wish.due_at and wish.due_at <= now:
        return Refused(f"{in_words(wish.due_at, who.zone)} is already past. Choose a later time.")
    return None
