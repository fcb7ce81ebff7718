"""When does a train leave? A recurring release: weekday, time and zone of its cutoff, every so many weeks."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from assistant.acts.authority import (
    barred_from,
    extra_people,
    outsider,
    product_key,
    product_leads,
    sees_product,
    unseen,
)
from assistant.deciding import LONGEST_NAME, Outcome, Records, Refused, cleaned, decided
from assistant.persons import person_meant
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.naming import train_object
from storage.records import Train

NAME = "set_train"
HELP = "Set when a train leaves: its weekday, time, zone and how often."
_LONGEST_CYCLE = 26


@dataclass(frozen=True, slots=True)
class Wish:
    """The timetable of the train of this name; ``weekday`` 0 is Monday.

    ``first_on`` is the day of one cutoff, from which the weeks are counted; None: the coming one.
    """

    name: str
    product: str
    weekday: int
    time: time
    zone: str
    every_weeks: int = 1
    first_on: date | None = None
    owner: str | None = None
    why: str = ""


def objects(wish: Wish) -> tuple[str, ...]:
    """The train."""
    return (train_object(cleaned(wish.name, LONGEST_NAME)),)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Set it; its owner may change it, or the leads of its product's teams."""
    (name,) = objects(wish)
    found = records.get(name)
    before = found if isinstance(found, Train) else None
    if refused := outsider(who) or _unknown(wish, before, who, policy) or _unfit(wish):
        return refused
    able = (before.owner, *stewards(before, policy)) if before and before.owner else ()
    if refused := barred_from("change this train", able, who, policy):
        return refused
    owner = person_meant(wish.owner, who.key, policy) if wish.owner else (before and before.owner) or who.key
    if isinstance(owner, Refused):
        return owner
    data = {
        "name": cleaned(wish.name, LONGEST_NAME),
        "product": product_key(wish.product, policy),
        "weekday": wish.weekday,
        "time": f"{wish.time:%H:%M}",
        "zone": wish.zone,
        "every_weeks": wish.every_weeks,
        "first_on": (wish.first_on or _coming(wish, now)).isoformat(),
        "owner": owner,
        "why": cleaned(wish.why),
    }
    return (decided(name, "train.set", who, now, data),)


def stewards(train: Train, policy: Policy) -> tuple[str, ...]:
    """Who may change a train beside its owner."""
    return (*product_leads(train.product, policy), *extra_people(policy))


def _unknown(wish: Wish, before: Train | None, who: Viewer, policy: Policy) -> Refused | None:
    name, product = cleaned(wish.name, LONGEST_NAME), cleaned(wish.product, LONGEST_NAME)
    known = product_key(product, policy) in policy.products or not policy.products or "/" in product
    if not name or not product:
        return Refused("A train needs a name and a product.")
    if not known or not sees_product(product, who, policy):
        return unseen(f"a product {product}")
    if before and not sees_product(before.product, who, policy):
        return Refused(f"The name {name} is taken. Choose another.")
    return None


def _unfit(wish: Wish) -> Refused | None:
    if not 0 <= wish.weekday <= 6 or not 1 <= wish.every_weeks <= _LONGEST_CYCLE:  # noqa: PLR2004 - a week's days
        return Refused(f"A train leaves on one weekday, every 1 to {_LONGEST_CYCLE} weeks.")
    if not _is_zone(wish.zone):
        return Refused(f'I know no time zone "{cleaned(wish.zone, LONGEST_NAME)}": write it like Europe/Berlin.')
    if wish.first_on and wish.first_on.weekday() != wish.weekday:
        return Refused(f"{wish.first_on.isoformat()} is not the weekday on which the train leaves.")
    return None


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _coming(wish: Wish, now: datetime) -> date:
    today = now.astimezone(ZoneInfo(wish.zone)).date()
    return today + timedelta(days=(wish.weekday - today.weekday()) % 7)
