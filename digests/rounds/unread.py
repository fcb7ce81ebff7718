"""Which rounds ask nobody, for nobody could be reached who reads the answers? Read off the outbox alone."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from digests.rounds.plan import unread_by_all
from storage.records import Round

if TYPE_CHECKING:
    from storage.outbox import Outbox, Stood


def unread_rounds(outbox: "Outbox", rounds: Iterable[Round]) -> tuple[Round, ...]:
    """Those of open rounds whose answers stand nowhere and would be read by nobody."""
    asked = [one for one in rounds if one.closed_at is None]
    stood: dict[str, dict[str, Stood]] = {}
    for post in outbox.standing([one.object for one in asked]):
        stood.setdefault(post.cause, {})[post.key] = post
    return tuple(one for one in asked if unread_by_all(one, stood.get(one.object, {})))
