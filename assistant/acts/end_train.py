"""When does a train stop running?"""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.authority import barred_from, outsider, sees_product, unseen
from assistant.acts.set_train import stewards
from assistant.deciding import Outcome, Records, Refused, cleaned, decided
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.naming import subject_of, train_object
from storage.records import Train

NAME = "end_train"
HELP = "Stop a train."


@dataclass(frozen=True, slots=True)
class Wish:
    """Stop the train of this name."""

    name: str
    why: str


def objects(wish: Wish) -> tuple[str, ...]:
    """The train."""
    return (train_object(wish.name),)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Stop it, with a reason; its owner may, or the leads of its product's teams."""
    (name,) = objects(wish)
    if refused := outsider(who):
        return refused
    train = records.get(name)
    if not isinstance(train, Train) or not sees_product(train.product, who, policy):
        return unseen(f"a train {subject_of(name)}")
    able = (*((train.owner,) if train.owner else ()), *stewards(train, policy))
    if refused := barred_from("stop this train", able, who, policy):
        return refused
    why = cleaned(wish.why)
    if train.ended_at or not why:
        return Refused(f"{train.name} has stopped already." if train.ended_at else f"Say why {train.name} stops.")
    return (decided(name, "train.ended", who, now, {"why": why}),)
