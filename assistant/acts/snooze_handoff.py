"""Until when does somebody not want to be reminded of a handoff? What is due stays due."""

from dataclasses import dataclass, replace
from datetime import datetime

from assistant.acts.handing import OfHandoff, did, held, in_hand, in_the_way, not_of_either
from assistant.acts.snooze import Until, ends
from assistant.deciding import Outcome, Records, Refused, stamp
from assistant.people import people_of
from assistant.policy import Policy
from assistant.viewer import Viewer

NAME = "snooze_handoff"
HELP = "Be reminded of a handoff tomorrow or next week, not before; it stays due when it is due."
_KIND = "handoff.snoozed"


@dataclass(frozen=True, slots=True)
class Wish(OfHandoff):
    """Leave whoever wishes it alone until then."""

    until: Until
    via: str = ""


def objects(wish: Wish) -> tuple[str, ...]:
    """The handoff, and what it is about."""
    return held(wish)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Put it off, for either side, while somebody still has to move."""
    handoff = in_hand(records, wish, who, policy)
    if isinstance(handoff, Refused):
        return handoff
    refused = not_of_either(handoff, records, who, policy, "snooze this")
    refused = refused or in_the_way(handoff, _KIND, wish, who, policy, now)
    if refused:
        return refused
    until = ends(wish.until, replace(people_of(policy).calendar(who.key), zone=who.zone), now)
    return (did(handoff, _KIND, who, now, {"until": stamp(until), "via": wish.via}),)
