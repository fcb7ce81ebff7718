"""What runs in production that was never seen to land, so that nobody knows what is in it?"""

from collections import Counter
from collections.abc import Iterable

from assistant.counting import plural
from assistant.situation import Situation
from assistant.unknowns import Unknown

_SHOWN = 12  # characters of a sha


def unseen(situation: Situation) -> Iterable[Unknown]:
    """A gap for each deployment that may or may not hold merged changes of the subject."""
    held = Counter(at for change in situation.members.changes for at in situation.production.unsettled(change))
    for (place, deployment), count in held.items():
        since = deployment.finished_at or deployment.created_at
        sha = (deployment.sha or "")[:_SHOWN] or "a commit that it does not name"
        yield Unknown(
            "commit_unseen", f"Whether {plural(count, 'merged change')} reached production: since "
            f"{since:%Y-%m-%d %H:%M} UTC {place.service} runs {sha}, which was never seen to land.",
            "Have the webhook send pushes, run the backfill, or have the pipeline name the whole commit.", decides=True,
        )  # fmt: skip
