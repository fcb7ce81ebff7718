"""How does what stands of a handoff come to say what is true now?

It is rewritten in the outbox first, then shown, then noted as shown: whoever dies in between leaves it to be shown by
the next, and of two who show it at once the one who was slower finds that something else is to stand there.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from assistant.handoffs.seeing import may_see
from digests.faults import log
from digests.handoffs.scene import Scene
from digests.handoffs.wording import says
from digests.planning import as_json
from digests.poster import Down, Limited, Poster, Trouble, Unanswered
from storage.outbox import Stood
from storage.posts import packed, unpacked

if TYPE_CHECKING:
    from storage.outbox import Outbox

LEASE = timedelta(seconds=60)  # so long whoever rewrote it has to show it
Blocks = list[dict[str, Any]]


class Updating:
    """Puts messages right. What Slack refuses to show is not tried again until it is to say something else."""

    def __init__(self, outbox: "Outbox") -> None:
        self._outbox = outbox
        self._refused: dict[str, Any] = {}

    def put_right(self, scene: Scene, poster: Poster | None, most: int) -> tuple[int, bool]:
        """Show what the messages about a handoff should say; how many it changed, and whether all of them say it."""
        changed, right = 0, True
        for post in scene.posts:
            if post.after is not None or not post.alive:
                continue
            should = self._should(scene, post)
            if should is None:
                right = right and post.state == "posted"
            elif poster is None or changed >= most or not self._mine(scene, post, should):
                right = False
            else:
                changed += 1
                right = self._show(scene, post, should, poster) and right
        return changed, right

    def _should(self, scene: Scene, post: Stood) -> Mapping[str, Any] | None:
        """What it should say, None where it does, is not there yet, was forgotten or is not to change."""
        policy = scene.naming.people.policy
        if post.state != "posted" or post.message is None or not post.ts:
            return None
        if not may_see(scene.stand.handoff, scene.viewers[post.channel], policy):
            return None  # it stands as it did when they might
        should = unpacked(packed(as_json(says(scene, post)))) or {}
        if should["blocks"] == post.message["blocks"] and post.shown:
            return None
        return None if self._refused.get(post.key) == should["blocks"] else should

    def _mine(self, scene: Scene, post: Stood, should: Mapping[str, Any]) -> bool:
        """Whether nobody else is at it: what is rewritten already is its writer's to show, for a while."""
        return should["blocks"] != post.message_blocks or scene.now - post.at >= LEASE

    def _show(self, scene: Scene, post: Stood, should: Mapping[str, Any], poster: Poster) -> bool:
        if should["blocks"] != post.message_blocks and not self._outbox.restate(post.key, should, scene.now):
            return True  # pruned or forgotten meanwhile
        try:
            poster.update(post.place or post.channel, post.ts or "", should)
        except (Limited, Down, Unanswered) as problem:
            _log(post, problem)
            return False
        except Trouble as problem:
            _log(post, problem)
            self._refused[post.key] = should["blocks"]
            return True
        return self._outbox.shown(post.key, should) or should["blocks"] == post.message_blocks


def _log(post: Stood, problem: Trouble) -> None:
    log().warning("not shown", action="handoff", post=post.key, why=problem.why)
