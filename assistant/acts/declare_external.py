"""What outside wait holds a release: an app store, legal, a customer's window? Only a person can know."""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.authority import barred_from, deciders, outsider, sees_release, unseen
from assistant.deciding import LONGEST_NAME, Outcome, Records, Refused, cleaned, decided, is_web, spoken, stamp
from assistant.persons import person_meant
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.naming import external_object, kind_of
from storage.records import External, Release

NAME = "declare_external"
HELP = "Declare an outside wait of a release (app store, legal, a customer's window), or change its end."


@dataclass(frozen=True, slots=True)
class Wish:
    """A wait of ``release`` (an object name), known by its title; ``owner`` None: whoever declares it."""

    release: str
    title: str
    ends_at: datetime | None = None
    owner: str | None = None
    url: str | None = None
    why: str = ""


def objects(wish: Wish) -> tuple[str, ...]:
    """The wait and its release."""
    return (external_object(wish.release, cleaned(wish.title, LONGEST_NAME)), wish.release)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Declare it, for anyone inside; change it, for those who may close it."""
    refused = outsider(who) or _unfit(wish, who, policy, now)
    if refused:
        return refused
    name, release = objects(wish)
    found = records.get(name)
    before = found if isinstance(found, External) and found.closed_at is None else None
    if before and (refused := barred_from("change this", closers(before, records.get(release), policy), who, policy)):
        return refused
    owner = person_meant(wish.owner, who.key, policy) if wish.owner else (before and before.owner) or who.key
    if isinstance(owner, Refused):
        return owner
    data = {
        "release": release,
        "title": cleaned(wish.title, LONGEST_NAME),
        "ends_at": stamp(wish.ends_at) if wish.ends_at else None,
        "owner": owner,
        "url": wish.url,
        "why": cleaned(wish.why),
    }
    return (decided(name, "external.declared", who, now, data),)


def closers(wait: External, release: object, policy: Policy) -> tuple[str, ...]:
    """Who may change or close a wait: its declarer, its owner, and the release's deciders."""
    able = deciders(release, policy) if isinstance(release, Release) else ()
    return (wait.by, *((wait.owner,) if wait.owner else ()), *able)


def _unfit(wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Refused | None:
    if kind_of(wish.release) != "release" or not sees_release(wish.release, who, policy):
        return unseen(spoken(wish.release))
    if not cleaned(wish.title, LONGEST_NAME):
        return Refused("Say what is waited for: app store review, legal, a customer's window.")
    if wish.ends_at and wish.ends_at <= now:
        return Refused("That end is already past. Leave it out while it is not known.")
    if wish.url and not is_web(wish.url):
        return Refused("The link must be a web address that begins with https://")
    return None
