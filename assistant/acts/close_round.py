"""When is a round of asking over? Whoever did not answer is then shown as not answered."""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.rounding import barred_from_closing, open_round_seen
from assistant.deciding import Outcome, Records, Refused, decided
from assistant.policy import Policy
from assistant.viewer import Viewer

NAME = "close_round"
HELP = "Close a round: the readiness of each function is told."


@dataclass(frozen=True, slots=True)
class Wish:
    """Close ``round``; ``release`` is what it is about, where that is known: whoever decides about it may close it."""

    round: str
    via: str = ""
    release: str = ""


def objects(wish: Wish) -> tuple[str, ...]:
    """The round and its release."""
    return (wish.round, *((wish.release,) if wish.release else ()))


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Close it."""
    found = open_round_seen(records, wish.round, who, policy)
    if isinstance(found, Refused):
        return found
    if refused := barred_from_closing(found, records.get(found.release), who, policy):
        return refused
    return (decided(wish.round, "round.closed", who, now, {"release": found.release, "via": wish.via}),)
