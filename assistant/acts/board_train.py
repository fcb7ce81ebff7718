"""Which train does a release leave with?"""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.authority import release_to_decide
from assistant.deciding import Outcome, Records, Refused, cleaned, decided
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.naming import subject_of, train_object
from storage.records import Release, Train

NAME = "board_train"
HELP = "Put a release on a train, or take it off."


@dataclass(frozen=True, slots=True)
class Wish:
    """Put ``release`` (an object name) on the train of this name; None takes it off."""

    release: str
    train: str | None
    why: str = ""


def objects(wish: Wish) -> tuple[str, ...]:
    """The release and the train."""
    return (wish.release, train_object(wish.train)) if wish.train else (wish.release,)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Board a train of the release's own product that still runs."""
    release = release_to_decide(records, wish.release, who, policy)
    if isinstance(release, Refused):
        return release
    name = train_object(wish.train) if wish.train else None
    if name == release.train:
        return Refused(f"{release.name} is {'on that train' if name else 'on no train'} already.")
    train = records.get(name) if name else None
    if name and not (isinstance(train, Train) and _runs_for(train, release)):
        return Refused(f"No train {subject_of(name)} runs for {release.product}. Set one first: its weekday and time.")
    return (decided(wish.release, "release.boarded", who, now, {"train": name, "why": cleaned(wish.why)}),)


def _runs_for(train: Train, release: Release) -> bool:
    return train.ended_at is None and train.product.casefold() == release.product.casefold()
