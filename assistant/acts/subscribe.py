"""Which digest comes where, and when? Anybody inside may have one come to a channel, or to themselves."""

import re
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from assistant.acts.authority import outsider
from assistant.acts.pause_subscription import barred_from_it
from assistant.deciding import LONGEST_NAME, Outcome, Records, Refused, cleaned, decided
from assistant.people import people_of
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.records import ObjectKind, Subscription

NAME = "subscribe"
HELP = "Let a digest come to a channel, or to yourself."
_WEEK = frozenset(range(7))
_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class Wish:
    """Send ``digest`` to ``channel``, or (None) to ``person`` by direct message (None: whoever wishes it).

    ``subscription`` is its object: a new name, made at the edge, or that of the one to change. ``days`` are weekdays
    (0 is Monday), ``time`` is local in ``zone`` (None: the zone of whoever wishes it). ``about`` are the words that
    mean a team, repository or release; empty: the channel's team, else everything.
    """

    subscription: str
    digest: str
    channel: str | None = None
    person: str | None = None
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    time: time = time(9)
    zone: str | None = None
    about: str = ""
    all_clear: bool = False


def objects(wish: Wish) -> tuple[str, ...]:
    """The subscription."""
    return (wish.subscription,)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Set it; what was paused goes on."""
    found = records.get(wish.subscription)
    before = found if isinstance(found, Subscription) else None
    person = None if wish.channel else people_of(policy).settled(wish.person or who.key)
    refused = outsider(who) or _gone(before) or barred_from_it(before, who, policy) or _unfit(wish)
    refused = refused or _not_theirs(person, before, who, policy)
    if refused:
        return refused
    data = {
        "digest": wish.digest,
        "channel": wish.channel,
        "person": person,
        "days": sorted(set(wish.days)),
        "time": f"{wish.time:%H:%M}",
        "zone": wish.zone or who.zone,
        "about": cleaned(wish.about, LONGEST_NAME),
        "all_clear": wish.all_clear,
    }
    return (decided(wish.subscription, "subscription.set", who, now, data),)


def _gone(before: Subscription | None) -> Refused | None:
    if before and before.ended_at:
        return Refused("That digest was removed here. Subscribe to it anew.")
    return None


def _not_theirs(person: str | None, before: Subscription | None, who: Viewer, policy: Policy) -> Refused | None:
    """Nobody is sent direct messages that they did not ask for themselves."""
    if person is None:
        return None
    if person.partition("/")[0] not in {"person", "slack"}:
        return Refused("A direct message needs somebody to go to: say who you are (at a terminal: --as PERSON).")
    people = people_of(policy)
    if people.same(person, who.key) or (before and people.same(person, before.person)):
        return None
    return Refused(f"Only {people.name(person)} can ask for digests by direct message to themselves.")


def _unfit(wish: Wish) -> Refused | None:
    if not wish.subscription.startswith(f"{ObjectKind.SUBSCRIPTION}:") or not wish.digest:
        return Refused("Say which digest is to come.")
    if wish.channel and not _CHANNEL.fullmatch(wish.channel):
        return Refused(
            f'"{cleaned(wish.channel, LONGEST_NAME)}" is no channel id of Slack, which is like C0123456789: '
            "open the channel's details in Slack and copy it from the end."
        )
    if not wish.days or not set(wish.days) <= _WEEK:
        return Refused("Choose at least one day of the week.")
    if wish.zone and not _is_zone(wish.zone):
        return Refused(f'I know no time zone "{cleaned(wish.zone, LONGEST_NAME)}": write it like Europe/Berlin.')
    return None


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
