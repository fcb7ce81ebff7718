"""Is what customers need of a release there: training, a support brief, release notes? With a name, and where it is."""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.authority import barred_from, deciders, planned_release
from assistant.deciding import LONGEST_NAME, Outcome, Records, Refused, cleaned, decided, is_web
from assistant.handoffs.functions import Functions
from assistant.matching import plain
from assistant.people import people_of
from assistant.policy import Policy
from assistant.policy.handing import ENABLERS
from assistant.policy.model import near
from assistant.viewer import Viewer
from assistant.when import in_words
from storage.naming import called
from storage.records import Provided, Release

NAME = "provide_enablement"
HELP = "Say that what customers need of a release is there (training, support brief, release notes), or that it is not."


@dataclass(frozen=True, slots=True)
class Wish:
    """``what`` of ``release`` (an object name) is there, at ``url``; not ``there``: it is not after all, and why."""

    release: str
    what: str
    url: str | None = None
    there: bool = True
    why: str = ""
    via: str = ""


def objects(wish: Wish) -> tuple[str, ...]:
    """The release."""
    return (wish.release,)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Note it, for whoever acts for customer success and for those who decide about the release."""
    release = planned_release(records, wish.release, who, policy)
    if isinstance(release, Refused):
        return release
    what = _as_asked(cleaned(wish.what, LONGEST_NAME), policy)
    members = Functions(policy).members(ENABLERS)
    able = (*members, *deciders(release, policy)) if members else ()
    doing = f"say whether the {what or 'enablement'} of {called(release.object)} is there"
    refused = barred_from(doing, able, who, policy) or _unfit(wish, what, release, policy, who)
    if refused:
        return refused
    data = {"what": what, "there": wish.there, "url": wish.url or None, "why": cleaned(wish.why), "via": wish.via}
    return (decided(wish.release, "release.provided", who, now, data, about=what.casefold()),)


def _unfit(wish: Wish, what: str, release: Release, policy: Policy, who: Viewer) -> Refused | None:
    if not what:
        return Refused("Say what is there: training, support brief, release notes.")
    if wish.url and not is_web(wish.url):
        return Refused("The link must be a web address that begins with https://")
    said = next((one for one in release.provided if plain(one.what) == plain(what)), None)
    if wish.there:
        if said is None and what not in policy.enablement.all:
            return Refused(_not_asked_for(what, policy))
        if said and said.url == (wish.url or said.url):
            return Refused(_said_already(said, policy, who))
        return None
    return _not_to_deny(wish, what, release, policy)


def _not_asked_for(what: str, policy: Policy) -> str:
    """That nobody asks for this of any release, with what is asked for."""
    asked = tuple(dict.fromkeys(policy.enablement.all))
    hint = near(what.casefold(), asked) or "."
    return f'No release is asked for "{what}"{hint} There are {", ".join(asked) or "none"}.'


def _said_already(said: Provided, policy: Policy, who: Viewer) -> str:
    return f"{people_of(policy).name(said.by)} said so already: {in_words(said.at, who.zone)}."


def _not_to_deny(wish: Wish, what: str, release: Release, policy: Policy) -> Refused | None:
    """Refuse where nobody can have said that it is there: what is asked for may be ticked on any handoff."""
    if what not in policy.enablement.all and all(plain(one.what) != plain(what) for one in release.provided):
        return Refused(f"Nobody has said that the {what} of {called(release.object)} is there.")
    return None if cleaned(wish.why) else Refused(f"Say why the {what} does not count: who waits for it reads this.")


def _as_asked(what: str, policy: Policy) -> str:
    """What was said, as policy words it where it asks for the same."""
    asked = {plain(one): one for one in policy.enablement.all}
    return asked.get(plain(what), what)
