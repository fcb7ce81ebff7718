"""Whose move is a thing not, though it was brought to them?"""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.attending import attended, called, held, thing
from assistant.deciding import Outcome, Records, Refused
from assistant.policy import Policy
from assistant.viewer import Viewer

NAME = "decline_move"
HELP = "Say that the next move is not yours: somebody else has to be found."


@dataclass(frozen=True, slots=True)
class Wish:
    """Not mine: ``about``, the object of a thing, or ``acme/api#101``."""

    about: str


def objects(wish: Wish) -> tuple[str, ...]:
    """The thing, and what people did about it."""
    return held(wish.about)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Keep that it is not theirs, for any insider who may see the thing."""
    found = thing(records, wish.about, who, policy, now)
    if isinstance(found, Refused):
        return found
    return (attended(found[0], "attention.declined", who, now, {"called": called(*found)}),)
