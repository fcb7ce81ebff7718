"""When does a person think a blocker will be gone? Shown as their word, never blended with what was measured."""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.authority import outsider, sees_release, unseen
from assistant.acts.waiving import blocker_of, candidates, titled_as
from assistant.deciding import Outcome, Records, Refused, cleaned, decided, spoken, stamp
from assistant.policy import Policy
from assistant.viewer import Viewer

NAME = "estimate"
HELP = "Say by when you expect a blocker to be gone; shown as your estimate."


@dataclass(frozen=True, slots=True)
class Wish:
    """Expect ``blocker`` (``acme/api#101`` or an object name) of ``release`` to be gone by ``until``."""

    release: str
    blocker: str
    until: datetime
    why: str = ""


def objects(wish: Wish) -> tuple[str, ...]:
    """The release, and what the blocker may be."""
    return (wish.release, *candidates(wish.blocker))


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Note it, for anyone inside who may see the blocker."""
    if refused := outsider(who):
        return refused
    if not sees_release(wish.release, who, policy):
        return unseen(spoken(wish.release))
    blocker = blocker_of(records, wish.blocker, wish.release, who, policy)
    if isinstance(blocker, Refused):
        return blocker
    if wish.until <= now:
        return Refused("That is already past: estimate a moment to come.")
    data = {"blocker": blocker[0], "until": stamp(wish.until), "why": cleaned(wish.why)}
    if (called := titled_as(*blocker, policy)) != spoken(blocker[0]):
        data["called"] = called
    return (decided(wish.release, "blocker.estimated", who, now, data, about=blocker[0]),)
