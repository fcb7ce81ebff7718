"""What runs in production that was never seen to land, so that nobody knows what is in it?"""

from collections import Counter
from collections.abc import Iterable, Iterator

from assistant.counting import plural
from assistant.production import Place
from assistant.situation import Situation
from assistant.unknowns import Unknown
from storage.records import Change, Deployment

KEY = "commit_unseen"
_SHOWN = 12  # characters of a sha


def unseen(situation: Situation) -> Iterable[Unknown]:
    """A gap for each deployment that may or may not hold merged changes of the subject."""
    yield from doubts(situation.members.changes, situation)


def doubts(changes: Iterable[Change], situation: Situation) -> Iterator[Unknown]:
    """A gap for each deployment that may or may not hold some of these merged changes."""
    each = [(at, change) for change in changes for at in situation.production.unsettled(change)]
    shipped = Counter(at for at, change in each if situation.production.shipped(change))
    for (place, deployment), count in Counter(at for at, _ in each).items():
        there = f"{'is' if count == 1 else 'are'} {'still ' if shipped[place, deployment] == count else ''}in"
        said = there if shipped[place, deployment] else "reached"
        since = deployment.finished_at or deployment.created_at
        yield Unknown(
            KEY, f"Whether {plural(count, 'merged change')} {said} production: since {since:%Y-%m-%d %H:%M} UTC "
            f"{running(place, deployment)}.",
            "Have the webhook send pushes, run the backfill, or have the pipeline name the whole commit.", decides=True,
        )  # fmt: skip


def running(place: Place, deployment: Deployment) -> str:
    """What runs somewhere of which nobody knows what is in it: ``web runs 0a1b2c3d, which was never seen to land``."""
    if not deployment.sha:
        return f"{place.service} runs something of which nobody named the commit"
    return f"{place.service} runs {deployment.sha[:_SHOWN]}, which was never seen to land"
