"""Which rounds are to begin by themselves now: on the days that the configuration names, and when a scope freezes?"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from assistant.handoffs.rounds import FROZEN, SCHEDULED, open_round_of, rounds_of
from assistant.people import people_of
from assistant.policy import Policy
from digests.schedule import instant, works
from storage.records import Release, Round

FREEZES_FOR = timedelta(hours=48)  # a scope that froze longer ago is nothing new
_DAY = timedelta(days=1)


def beginning(
    releases: Iterable[Release], rounds: Sequence[Round], policy: Policy, now: datetime
) -> Iterator[tuple[Release, str, datetime]]:
    """The releases to ask about now, each with what begins its round, and the moment that asks for it.

    None that is asked about already.
    """
    moment = newest_moment(policy, now)
    for release in releases:
        if release.ended or release.shipped_at or open_round_of(release.object, rounds):
            continue
        asked = [one.opened_at for one in rounds_of(release.object, rounds)]
        newest = asked[-1] if asked else None
        if release.scope_frozen_at and _froze(release, newest, policy, now):
            yield release, FROZEN, release.scope_frozen_at
        elif moment and (newest is None or newest < moment) and _near(release, policy, now):
            yield release, SCHEDULED, moment


def newest_moment(policy: Policy, now: datetime) -> datetime | None:
    """The newest moment of the schedule that has come and is not too long ago; on no day on which nobody works."""
    calendar, rounds = people_of(policy).calendar(), policy.rounds
    zone = ZoneInfo(policy.workspace.zone or calendar.zone)
    hour, late = rounds.time or calendar.start, timedelta(hours=policy.digests.late_hours)
    today = now.astimezone(zone).date()
    days = (today - number * _DAY for number in range(late.days + 2))
    moments = (instant(day, hour, zone) for day in days if day.weekday() in rounds.days and works(calendar, day))
    return next((moment for moment in moments if now - late < moment <= now), None)


def _froze(release: Release, newest: datetime | None, policy: Policy, now: datetime) -> bool:
    frozen = release.scope_frozen_at
    if not policy.rounds.at_scope_freeze or frozen is None or not frozen <= now < frozen + FREEZES_FOR:
        return False
    return newest is None or newest < frozen


def _near(release: Release, policy: Policy, now: datetime) -> bool:
    """Whether its target is within so many days: ahead, or missed by no more."""
    within = timedelta(days=policy.rounds.within_days)
    return release.target is not None and abs(release.target - now) <= within
