"""Who posts, and what may come of it?

Each error says one thing that matters for what happens next: whether the message may stand in Slack already, and
whether it is this message, this channel or Slack as a whole that is in the way.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any, Protocol

Said = dict[str, Any]  # a message as Slack takes it: its text and its blocks
StillMine = Callable[[], bool]  # whether nobody else may post it, for as long as a request may take


def always() -> bool:
    """There is nobody else."""
    return True


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a message stands; ``said`` is what it says there where that is not what was asked for."""

    ts: str
    channel: str
    said: Said | None = None


class Trouble(Exception):  # noqa: N818  what came of it, not always an error
    """A message was not posted, or nobody knows; ``why`` is Slack's code or a few plain words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Limited(Trouble):
    """Not taken: too much was posted; may be tried again after ``seconds``."""

    def __init__(self, seconds: float) -> None:
        super().__init__("too much was posted")
        self.seconds = seconds


class Refused(Trouble):
    """Not taken, and nothing else will be there until somebody mends it: the channel is archived, we are not in it."""

    @property
    def code(self) -> str:
        """What Slack calls it."""
        return self.why


class Unreadable(Trouble):
    """Not taken: Slack does not like the blocks of this message."""


class Unpostable(Trouble):
    """Not taken: something is wrong with this message alone, such as a thread whose lead was deleted."""


class Down(Trouble):
    """Not taken: Slack could not be reached, or takes nothing at all at the moment."""


class Unanswered(Trouble):
    """Nobody knows: it was sent, and no answer came."""


class Lost(Trouble):
    """Not taken by us: while we were at it the post went to another, who makes it."""

    def __init__(self) -> None:
        super().__init__("another took it over")


class CannotRead(Trouble):
    """Nobody knows, and we may not look: Slack does not show us what stands there."""


class Poster(Protocol):
    """Posts messages; each method raises a Trouble."""

    def post(  # noqa: PLR0913, PLR0917  what, where, and whether still
        self, channel: str, message: Mapping[str, Any], thread_ts: str | None, key: str,
        pictures: Sequence[tuple[bytes, str, str]] = (), still_mine: StillMine = always,
    ) -> Sent:  # fmt: skip
        """Post a message under a key by which it can be found again; ``channel`` may be a person's id.

        ``still_mine`` is asked right before each request that may make the message stand; Lost where it says no.
        """

    def find(self, channel: str, thread_ts: str | None, key: str, since: datetime) -> Sent | None:
        """Where the message of that key stands, None where it was not posted."""

    def update(self, channel: str, ts: str, message: Mapping[str, Any]) -> None:
        """Put a message in the place of one that stands."""


class Dry:
    """A poster that posts nothing and shows what it would have posted: channel, thread, message."""

    def __init__(self, show: Callable[[str, str | None, Mapping[str, Any]], None]) -> None:
        self._show = show
        self._numbers = count(1)

    def post(  # noqa: PLR0913, PLR0917  as of any poster
        self, channel: str, message: Mapping[str, Any], thread_ts: str | None, key: str,  # noqa: ARG002  nothing to find
        pictures: Sequence[tuple[bytes, str, str]] = (),  # noqa: ARG002  nothing to show them on
        still_mine: StillMine = always,
    ) -> Sent:  # fmt: skip
        """Show the message."""
        if not still_mine():
            raise Lost
        self._show(channel, thread_ts, message)
        return Sent(f"{next(self._numbers)}.0", channel)

    def find(self, channel: str, thread_ts: str | None, key: str, since: datetime) -> Sent | None:  # noqa: ARG002
        """Nothing was ever posted."""
        return None

    def update(self, channel: str, ts: str, message: Mapping[str, Any]) -> None:
        """Show what would stand there."""
        self._show(channel, ts, message)
