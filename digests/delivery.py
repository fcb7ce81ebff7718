"""How does what we owe get into Slack, each message once?

A claim outlasts the request's time-out, and is looked at and made longer right before it: a slow picture must not cost
a second post. A try that nobody answered is looked for by its key before the next one; where that can't be looked up it
is given up and told, for a second post is worse than none. Each post is its own: one that fails holds up nothing but
what goes in its thread.
"""

import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.blocks import SECTION, cut
from digests.poster import (
    CannotRead,
    Down,
    Limited,
    Lost,
    Poster,
    Refused,
    Said,
    Sent,
    StillMine,
    Trouble,
    Unanswered,
    Unpostable,
    Unreadable,
)
from storage.outbox import NOTICE, Claimed, Outbox

__all__ = [
    "CannotRead", "Delivery", "Down", "Limited", "Poster", "Refused", "Sent", "Terms", "Trouble", "Unanswered",
    "Unpostable", "Unreadable",
]  # fmt: skip

Refusal = Callable[[str, str, datetime], None]  # subscription, Slack's code, when
Told = Callable[[str, str, str], None]  # what came of it, the post's key, why
COULD_NOT_TELL = "could not tell whether it was posted"
TOO_LATE = "it was too late to post it"
FORGOTTEN = "it spoke of what was forgotten"
_FIRST, _LONGEST = timedelta(seconds=5), timedelta(minutes=5)  # of the pauses between tries while Slack is down
_PAUSE = 0.1  # seconds between looks while nothing may be posted


@dataclass(frozen=True, slots=True)
class Terms:
    """How posts are made: ``lease`` is how long one is its claimer's, ``pace`` the most tries a minute (None: any)."""

    lease: timedelta = timedelta(seconds=60)
    pace: int | None = 300
    threads: int = 16


class Delivery:
    """Drains the outbox through a poster. One is enough for a process; several processes share the work.

    ``refused`` hears of subscriptions whose channel takes nothing, ``told`` of everything that came of a post,
    ``reached`` of the steps of a post, for tests that kill at one.
    """

    def __init__(  # noqa: PLR0913  all are told by the composition root
        self,
        outbox: Outbox,
        poster: Poster,
        clock: Callable[[], datetime],
        terms: Terms | None = None,
        *,
        refused: Refusal = lambda _subscription, _code, _now: None,
        told: Told = lambda _outcome, _key, _why: None,
        reached: Callable[[str], None] = lambda _step: None,
    ) -> None:
        self._outbox, self._poster, self._clock, self._terms = outbox, poster, clock, terms or Terms()
        self._refused, self._told, self._reached = refused, told, reached
        self.who, self._claims = secrets.token_hex(8), 0

    def drain(self, stopping: threading.Event, patience: float = 0.0) -> int:
        """Post until nothing may be posted now, nor within ``patience`` seconds after the last; how many tries.

        Stops between posts when told to; what was claimed and not begun is given back.
        """
        tries, idle_since = 0, time.monotonic()
        busy: dict[Future[str], Claimed] = {}
        with ThreadPoolExecutor(self._terms.threads, thread_name_prefix="post") as pool:
            while not stopping.is_set():
                claimed = self._claim(2 * self._terms.threads - len(busy)) if len(busy) <= self._terms.threads else ()
                busy |= {pool.submit(self._attempt, post): post for post in claimed}
                tries += len(claimed)
                if busy:
                    _take_done(busy)
                    idle_since = time.monotonic()
                elif not self._soon(patience - (time.monotonic() - idle_since)):
                    break
                else:
                    stopping.wait(_PAUSE)
            for future, post in busy.items():
                if future.cancel():
                    self._give_back(post)
        return tries

    def _soon(self, seconds: float) -> bool:
        """Whether something may be posted within so many seconds."""
        first = self._outbox.waiting() if seconds > 0 else None
        return first is not None and first <= self._clock() + timedelta(seconds=seconds)

    def deliver(self, post: Claimed) -> str:
        """Make one post that was claimed; what came of it: posted, found, again, unanswered, skipped, failed, lost."""
        try:
            return self._settled(post) or self._sent(post)
        except Trouble as trouble:
            return self._after(post, trouble)

    def _claim(self, most: int) -> tuple[Claimed, ...]:
        self._claims += 1
        who = f"{self.who}-{self._claims}"  # a name of its own: a thread that is late must not act on a later claim
        claimed = self._outbox.claim(self._clock(), who, self._terms.lease, most, self._terms.pace)
        if claimed:
            self._reached("claimed")
            return claimed
        for gone in self._outbox.lapse(self._clock()):
            self._told("skipped", gone.key, gone.why)
        return ()

    def _attempt(self, post: Claimed) -> str:
        """The one way in of a posting thread: what fails here takes nothing else down, and is looked for later."""
        try:
            return self.deliver(post)
        except Exception as error:  # noqa: BLE001  the one way in
            import structlog

            structlog.get_logger("lastmile.digests").exception("posting failed", action="post", key=post.key)
            return self._said("unanswered", post, type(error).__name__)

    def _settled(self, post: Claimed) -> str | None:
        """What came of an earlier try that nobody answered; None when the post is surely not made."""
        if not post.unsure:
            return None
        try:
            found = self._poster.find(post.to, post.thread_ts, post.key, post.since)
        except CannotRead as blind:
            return self._over(post, "skipped", f"{COULD_NOT_TELL}: {blind.why}")
        except Trouble as trouble:
            return self._look_later(post, trouble)
        return None if found is None else self._posted(post, found, "found")

    def _look_later(self, post: Claimed, trouble: Trouble) -> str:
        pause = timedelta(seconds=trouble.seconds) if isinstance(trouble, Limited) else _pause(post.tries)
        now = self._clock()
        if now + pause > post.until:
            return self._over(post, "skipped", f"{COULD_NOT_TELL}: {trouble.why}")
        self._outbox.keep(post.key, post.who, now, now + pause, trouble.why)
        return self._said("unanswered", post, trouble.why)

    def _sent(self, post: Claimed) -> str:
        now = self._clock()
        if post.message is None:
            return self._over(post, "skipped", FORGOTTEN)
        if post.until <= now:
            return self._over(post, "skipped", TOO_LATE)
        still_mine = self._holding(post)
        if not still_mine():
            raise Lost
        self._reached("sending")
        pictures = () if post.plain else post.pictures
        sent = self._poster.post(post.to, _words(post, post.message), post.thread_ts, post.key, pictures, still_mine)
        self._reached("posted")
        return self._posted(post, sent, "posted")

    def _holding(self, post: Claimed) -> StillMine:
        """What tells whether the claim is held and outlasts a request, having made it longer where it would not."""
        lease = post.lease

        def still_mine() -> bool:
            nonlocal lease
            now = self._clock()
            if lease - now >= self._terms.lease * 3 / 4:  # nobody else may have taken it
                return True
            lease = now + self._terms.lease
            return self._outbox.keep(post.key, post.who, now, lease)

        return still_mine

    def _posted(self, post: Claimed, sent: Sent, outcome: str) -> str:
        said = sent.said or (_words(post, post.message) if post.plain and post.message else None)
        mine = self._outbox.posted(post.key, post.who, self._clock(), sent.ts, sent.channel, said)
        self._reached("recorded")
        return self._said(outcome if mine else "lost", post, "")

    def _after(self, post: Claimed, trouble: Trouble) -> str:
        """What to do about a post that was not made, or of which nobody knows."""
        now, why = self._clock(), trouble.why
        match trouble:
            case Lost():
                outcome = self._said("lost", post, why)
            case Limited():
                later = now + timedelta(seconds=trouble.seconds)
                self._outbox.hold(post.channel, later)
                outcome = self._again(post, later, why)
            case Down():
                outcome = self._again(post, now + _pause(post.tries), why)
            case Unreadable() if not post.plain:
                outcome = self._again(post, now, why, plain=True)
            case Unreadable() | Unpostable() | Refused():
                outcome = self._over(post, "failed", why)
            case _:  # held as long as Slack may still be at it
                self._outbox.keep(post.key, post.who, now, now + self._terms.lease, why)
                outcome = self._said("unanswered", post, why)
        if isinstance(trouble, Refused) and post.cause != NOTICE:
            self._refused(post.cause, trouble.code, now)
        return outcome

    def _again(self, post: Claimed, due: datetime, why: str, *, plain: bool = False) -> str:
        self._outbox.again(post.key, post.who, due, why, plain=plain)
        return self._said("again", post, why)

    def _over(self, post: Claimed, state: str, why: str) -> str:
        self._outbox.over(post.key, post.who, self._clock(), state, why)
        return self._said(state, post, why)

    def _give_back(self, post: Claimed) -> None:
        now = self._clock()
        if post.unsure:
            self._outbox.keep(post.key, post.who, now, now)
        else:
            self._outbox.again(post.key, post.who, now, "")

    def _said(self, outcome: str, post: Claimed, why: str) -> str:
        self._told(outcome, post.key, why)
        return outcome


def _take_done(busy: dict[Future[str], Claimed]) -> None:
    """Wait a little for posts that are under way, and take out those that are done."""
    done, _ = wait(busy, timeout=_PAUSE, return_when=FIRST_COMPLETED)
    for future in done:
        del busy[future]


def _pause(tries: int) -> timedelta:
    return min(_FIRST * (1 << min(tries - 1, 10)), _LONGEST)


def _words(post: Claimed, message: Said) -> Said:
    """The message, as its text alone where Slack refused its blocks."""
    return {"text": cut(message["text"], SECTION), "blocks": []} if post.plain else message
