"""What does it take to plan a release: its product, target, owner, delegates and customer impact?

Anyone inside may plan what nobody owns, and becomes its owner; after that its deciders may. Planning a release that
was cancelled or superseded brings it back. Moving a target needs a reason, and the old one stays visible.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.acts.authority import barred, outsider, product_key, sees_product, unseen
from assistant.deciding import LONGEST_NAME, Outcome, Records, Refused, cleaned, decided, stamp
from assistant.persons import person_meant
from assistant.policy import Policy
from assistant.policy.handing import IMPACTS
from assistant.viewer import Viewer
from assistant.when import in_words
from storage.naming import release_object, version_key
from storage.records import Event, Release

NAME = "plan_release"
HELP = "Plan a release or change its plan: target date, owner, delegates, how much customers notice."
_ORDER: Sequence[str] = IMPACTS
_NOTICED: Mapping[str, str] = {"none": "nothing", "some": "some", "high": "a lot"}


@dataclass(frozen=True, slots=True)
class Wish:
    """The plan of one release; None leaves a thing as it is.

    ``owner`` and ``delegates`` are whatever ``person_meant`` reads; ``no_target`` takes the target away. ``impact`` is
    how much customers notice of it: none, some or high.
    """

    product: str
    version: str
    name: str | None = None
    target: datetime | None = None
    no_target: bool = False
    owner: str | None = None
    delegates: tuple[str, ...] | None = None
    why: str = ""
    impact: str | None = None


def objects(wish: Wish) -> tuple[str, ...]:
    """The release."""
    return (release_object(cleaned(wish.product, LONGEST_NAME), cleaned(wish.version, LONGEST_NAME)),)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Plan it, or say who may or what is missing."""
    (name,) = objects(wish)
    refused = outsider(who) or _unfit(wish, who, policy)
    if refused:
        return refused
    found = records.get(name)
    release = found if isinstance(found, Release) else None
    if release and release.owner and (refused := barred(release, who, policy)):
        return refused
    settled = _settled(wish, release, who, policy)
    if isinstance(settled, Refused):
        return settled
    owner, delegates = settled
    if refused := _unreasoned(wish, release, who):
        return refused
    events = _planned(wish, release, who, policy, now) + _targeted(wish, release, who, now)
    events += _impacted(wish, release, who, now)
    if owner and (release is None or owner != release.owner):
        events += (decided(name, "release.owned", who, now, {"owner": owner, "why": cleaned(wish.why)}),)
    if delegates is not None and (release is None or delegates != release.delegates):
        events += (
            decided(name, "release.delegated", who, now, {"delegates": list(delegates), "why": cleaned(wish.why)}),
        )
    return events or Refused(f"{release.name if release else wish.version} is planned like that already.")


def _unfit(wish: Wish, who: Viewer, policy: Policy) -> Refused | None:
    """Refuse a product that is unknown (or hidden: in the same words) and a version that names nothing."""
    if not version_key(cleaned(wish.version, LONGEST_NAME)):
        return Refused("A release needs a version, like 2.4.")
    product = cleaned(wish.product, LONGEST_NAME)
    if not product or "@" in product:
        return Refused("A release needs a product: name one of [products] in the configuration.")
    if wish.impact is not None and wish.impact not in IMPACTS:
        return Refused("How much customers notice is none, some or high.")
    known = product_key(product, policy) in policy.products or not policy.products or "/" in product
    if known and sees_product(product, who, policy):
        return None
    seen = [key for key in policy.products if sees_product(key, who, policy)]
    return unseen(f"a product {product}", product, seen)


def _settled(
    wish: Wish, release: Release | None, who: Viewer, policy: Policy
) -> tuple[str | None, tuple[str, ...] | None] | Refused:
    """Read owner and delegates; what nobody owns gets the one who plans it."""
    owner: str | Refused | None = person_meant(wish.owner, who.key, policy) if wish.owner else None
    if isinstance(owner, Refused):
        return owner
    if owner is None and (release is None or release.owner is None):
        owner = who.key
    if wish.delegates is None:
        return owner, None
    delegates: list[str] = []
    for text in wish.delegates:
        read = person_meant(text, who.key, policy)
        if isinstance(read, Refused):
            return read
        delegates.append(read)
    return owner, tuple(dict.fromkeys(delegates))


def _unreasoned(wish: Wish, release: Release | None, who: Viewer) -> Refused | None:
    if release is None or cleaned(wish.why):
        return None
    if release.ended:
        return Refused(f"{release.name} was {release.ended}: say why it comes back.")
    moved = wish.no_target or (wish.target is not None and wish.target != release.target)
    if release.target and moved:
        return Refused(
            f"{release.name} has the target {in_words(release.target, who.zone)}: say why it moves. "
            "The old target stays visible beside the new one."
        )
    if release.impact and wish.impact and _less(wish.impact, release.impact):
        return Refused(
            f"Customers notice {_NOTICED[release.impact]} of {release.name}: say why it is less now. "
            "What they no longer need stops holding it up."
        )
    return None


def _less(impact: str, before: str) -> bool:
    return _ORDER.index(impact) < _ORDER.index(before)


def _planned(wish: Wish, release: Release | None, who: Viewer, policy: Policy, now: datetime) -> tuple[Event, ...]:
    title = cleaned(wish.name, LONGEST_NAME) or None
    if release and not release.ended and (title is None or title == release.name):
        return ()
    product, version = product_key(wish.product, policy), cleaned(wish.version, LONGEST_NAME)
    data = {"product": product, "version": version, "name": title, "why": cleaned(wish.why)}
    return (decided(objects(wish)[0], "release.planned", who, now, data),)


def _impacted(wish: Wish, release: Release | None, who: Viewer, now: datetime) -> tuple[Event, ...]:
    if wish.impact is None or (release is not None and wish.impact == release.impact):
        return ()
    return (decided(objects(wish)[0], "release.impact", who, now, {"impact": wish.impact, "why": cleaned(wish.why)}),)


def _targeted(wish: Wish, release: Release | None, who: Viewer, now: datetime) -> tuple[Event, ...]:
    before = release.target if release else None
    if wish.no_target:
        after = None
    elif wish.target is None:
        return ()
    else:
        after = wish.target
    if after == before:
        return ()
    data = {"target": stamp(after) if after else None, "why": cleaned(wish.why)}
    return (decided(objects(wish)[0], "release.targeted", who, now, data),)
