"""When is an outside wait over? When the one who declared it, its owner or the release's deciders say so."""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.authority import barred_from, outsider, sees_release, unseen
from assistant.acts.declare_external import closers
from assistant.deciding import LONGEST_NAME, Outcome, Records, cleaned, decided, spoken
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.naming import external_object
from storage.records import External

NAME = "close_external"
HELP = "Say that an outside wait of a release is over."


@dataclass(frozen=True, slots=True)
class Wish:
    """Close the wait of ``release`` (an object name) with this title."""

    release: str
    title: str
    why: str = ""


def objects(wish: Wish) -> tuple[str, ...]:
    """The wait and its release."""
    return (external_object(wish.release, cleaned(wish.title, LONGEST_NAME)), wish.release)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Close it."""
    if refused := outsider(who):
        return refused
    name, release = objects(wish)
    wait = records.get(name)
    if not isinstance(wait, External) or wait.closed_at or not sees_release(release, who, policy):
        return unseen(f'an open wait "{cleaned(wish.title, LONGEST_NAME)}" of {spoken(release)}')
    able = closers(wait, records.get(release), policy)
    if refused := barred_from("close this", able, who, policy):
        return refused
    return (decided(name, "external.closed", who, now, {"why": cleaned(wish.why)}),)
