"""How does what was posted come to say what is true now?

It is rewritten in the outbox first, then shown, then noted as shown: whoever dies in between leaves it to be shown by
the next, and of two who show it at once the one who was slower finds that something else is to stand there, and shows
that. Where Slack says that it is too much, nothing more is updated for a while, by no process.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from digests.faults import log
from digests.poster import Down, Limited, Poster, Trouble, Unanswered
from storage.posts import Stood, packed, unpacked

if TYPE_CHECKING:
    from storage.outbox import Outbox

LEASE = timedelta(seconds=60)  # so long whoever rewrote it has to show it
MOST = 30  # updates of one round of work; the next goes on
AT_ONCE = 10  # updates right after an act, which nobody waits between
UPDATES = "updates"  # held in the outbox as if it were a channel
_TRIES = 5  # with which a message is shown that others rewrite meanwhile
Said = Mapping[str, Any]


class Updating:
    """Puts messages right. What Slack refuses to show is not tried again until it is to say something else.

    ``reached`` hears of the steps, for tests that kill at one.
    """

    def __init__(self, outbox: "Outbox", action: str, reached: Callable[[str], None] = lambda _step: None) -> None:
        self._outbox, self._action, self._reached = outbox, action, reached
        self._refused: dict[str, Any] = {}
        self._free_at: datetime | None = None

    def put_right(
        self, wanted: Iterable[tuple[Stood, Said | None]], poster: Poster | None, now: datetime, most: int = MOST
    ) -> tuple[int, bool]:
        """Show what each of these should say (None: what it does); how many changed, and whether all say it now."""
        changed, right = 0, True
        for post, said in wanted:
            should = self._should(post, said)
            if should is None:
                right = right and post.state == "posted"
            elif poster is None or changed >= most or not _mine(post, should, now) or self._held(now):
                right = False
            else:
                changed += 1
                right = self._show(post, should, poster, now) and right
        return changed, right

    def _held(self, now: datetime) -> bool:
        """Whether Slack asked any of us to leave it alone for now."""
        if self._free_at is None or now >= self._free_at:
            self._free_at = self._outbox.held(UPDATES, now)
        return self._free_at is not None

    def _should(self, post: Stood, said: Said | None) -> Said | None:
        """What it should say, None where it does, is not there yet, was forgotten or is not to change."""
        if said is None or post.state != "posted" or post.message is None or not post.ts:
            return None
        should = unpacked(packed(said)) or {}
        if should["blocks"] == post.message["blocks"] and post.shown:
            return None
        return None if self._refused.get(post.key) == should["blocks"] else should

    def _show(self, post: Stood, should: Said, poster: Poster, now: datetime) -> bool:
        if should["blocks"] != post.message_blocks and not self._outbox.restate(post.key, should, now, post.message):
            return False  # pruned or forgotten meanwhile, or somebody else knows better what it should say
        self._reached("restated")
        try:
            return self._until_shown(post, should, poster)
        except Limited as problem:
            self._log(post, problem)
            self._outbox.hold(UPDATES, now + timedelta(seconds=problem.seconds))
            return False
        except (Down, Unanswered) as problem:
            self._log(post, problem)
            return False
        except Trouble as problem:
            self._log(post, problem)
            self._refused[post.key] = should["blocks"]
            return True

    def _until_shown(self, post: Stood, should: Said, poster: Poster) -> bool:
        """Show it, and what others let it say meanwhile: what they showed may have come before what we did."""
        for _ in range(_TRIES):
            poster.update(post.place or post.channel, post.ts or "", should)
            self._reached("updated")
            if self._outbox.shown(post.key, should):
                return True
            says = self._outbox.unshow(post.key)
            if says is None:
                return True  # pruned or forgotten meanwhile
            if says["blocks"] == should["blocks"]:
                return self._outbox.shown(post.key, says)
            should = says
        return False

    def _log(self, post: Stood, problem: Trouble) -> None:
        log().warning("not shown", action=self._action, post=post.key, why=problem.why)


def _mine(post: Stood, should: Said, now: datetime) -> bool:
    """Whether nobody else is at it: what is rewritten already is its writer's to show, for a while."""
    return should["blocks"] != post.message_blocks or now - post.at >= LEASE
