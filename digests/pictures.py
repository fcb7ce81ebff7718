"""How does a picture get into a message?

Uploaded first, for nobody, then shown by its id as a block of the message: a picture by itself carries no metadata, so
it could not be found again. Slack needs a moment until it can show a file; that is waited for, within bounds.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from assistant.blocks import Block, context
from digests.poster import Said

if TYPE_CHECKING:
    from slack_sdk import WebClient

FAILED = "The picture could not be uploaded."
_SECONDS = 20.0  # for all that comes before a message; with a last request and the post itself less than a lease
_LOOK_EVERY = 0.5
_PHASES = 3  # of sending a file, each with a time-out of its own: connecting, writing, reading
_TITLE, _ALT = 2_000, 2_000


class Pictures:
    """Uploads pictures and puts them into messages."""

    def __init__(
        self, client: "WebClient", seconds: float = _SECONDS, sleep: Callable[[float], object] = time.sleep
    ) -> None:
        self._client, self._seconds, self._sleep = client, seconds, sleep

    def deadline(self) -> float:
        """Until when all must be done that comes before a message which is begun now."""
        return time.monotonic() + self._seconds

    def shown(self, pictures: Sequence[tuple[bytes, str, str]], message: Said, until: float) -> Said:
        """The message with its pictures first; where one can't be uploaded by ``until``, without them, saying so."""
        import httpx
        from slack_sdk.errors import SlackClientError

        try:
            blocks = [self._block(*picture, until) for picture in pictures]
        except (SlackClientError, httpx.HTTPError, OSError, KeyError):
            return self.without(message)
        return {"text": message["text"], "blocks": [*blocks, *message["blocks"]]}

    def without(self, message: Said) -> Said:
        """The message, saying that its picture is missing."""
        return {"text": message["text"], "blocks": [*message["blocks"], context(FAILED)]}

    @staticmethod
    def kept(message: Mapping[str, Any]) -> Said | None:
        """What a message that was found says, where it shows pictures: the id of those is known from nowhere else."""
        blocks = [_as_sent(block) for block in message.get("blocks") or ()]
        shown = any("slack_file" in block for block in blocks)
        return {"text": message.get("text", ""), "blocks": blocks} if shown else None

    def _block(self, png: bytes, title: str, alt: str, until: float) -> Block:
        import httpx

        _left(until)
        place = self._client.files_getUploadURLExternal(filename="picture.png", length=len(png), alt_txt=alt[:_ALT])
        httpx.post(place["upload_url"], content=png, timeout=_left(until) / _PHASES).raise_for_status()
        file = place["file_id"]
        _left(until)
        self._client.files_completeUploadExternal(files=[{"id": file, "title": title[:_TITLE]}])
        while not self._client.files_info(file=file)["file"].get("mimetype"):
            _left(until - _LOOK_EVERY)
            self._sleep(_LOOK_EVERY)
        return {
            "type": "image", "slack_file": {"id": file}, "alt_text": alt[:_ALT],
            "title": {"type": "plain_text", "text": title[:_TITLE]},
        }  # fmt: skip


def _left(until: float) -> float:
    """The seconds that are left. Raises TimeoutError where none are: no request is begun then."""
    left = until - time.monotonic()
    if left <= 0:
        problem = "the picture was not ready in time"
        raise TimeoutError(problem)
    return left


def _as_sent(block: Mapping[str, Any]) -> Block:
    """A block as it is sent: Slack gives pictures back with more than it takes."""
    if block.get("type") != "image" or not block.get("slack_file"):
        return dict(block)
    return {
        "type": "image", "slack_file": {"id": block["slack_file"]["id"]}, "alt_text": block.get("alt_text", ""),
        **({"title": block["title"]} if block.get("title") else {}),
    }  # fmt: skip
