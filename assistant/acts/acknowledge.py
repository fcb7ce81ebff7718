"""Who has seen what was brought to them, and sees to it?"""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.attending import attended, called, held, thing
from assistant.deciding import Outcome, Records, Refused
from assistant.policy import Policy
from assistant.viewer import Viewer

NAME = "acknowledge"
HELP = "Say that you have seen a thing and see to it: you are not called again for it."


@dataclass(frozen=True, slots=True)
class Wish:
    """See to ``about``: the object of a thing, or ``acme/api#101``."""

    about: str


def objects(wish: Wish) -> tuple[str, ...]:
    """The thing, and what people did about it."""
    return held(wish.about)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Keep that they did, for any insider who may see the thing."""
    found = thing(records, wish.about, who, policy, now)
    if isinstance(found, Refused):
        return found
    return (attended(found[0], "attention.acknowledged", who, now, {"called": called(*found)}),)
