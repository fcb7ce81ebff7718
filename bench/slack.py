"""A Slack that answers after 50 ms and takes one post a second in each channel: in a process of its own."""

import asyncio
import itertools
import json
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

DELAY = 0.05  # seconds of every answer
APART = 1.0  # seconds between two posts in one channel
_PARAGRAPHS = 50


class Slack:
    """What it remembers: when each channel was last posted in, and how often each method was called."""

    def __init__(self, port: int) -> None:
        self._numbers, self._last, self._port = itertools.count(1), dict[str, float](), port
        self.counts: dict[str, int] = {}

    async def answer(self, request: Request) -> Response:
        """Answer one call, as Slack would where nothing is wrong with it."""
        method = request.path_params["method"]
        body = await request.body()
        said = {**request.query_params, **_read(body)} if method != "upload" else {}
        self.counts[method] = self.counts.get(method, 0) + 1
        if method == "counts":
            return JSONResponse(self.counts)
        await asyncio.sleep(DELAY)
        if method == "chat.postMessage":
            return self._posted(said)
        if method == "files.getUploadURLExternal":
            number = next(self._numbers)
            address = f"http://127.0.0.1:{self._port}/api/upload"
            return JSONResponse({"ok": True, "upload_url": address, "file_id": f"F{number}"})
        if method == "files.info":
            return JSONResponse({"ok": True, "file": {"id": said.get("file"), "mimetype": "image/png"}})
        if method == "upload":
            return PlainTextResponse("OK")
        return JSONResponse({"ok": True, "files": [{"id": "F1"}], "user_id": "UBOT", "team_id": "T1", "bot_id": "B1",
                             "channel": {"id": said.get("channel", "C1")}})  # fmt: skip

    def _posted(self, said: dict[str, str]) -> Response:
        channel, now = said.get("channel", ""), time.monotonic()
        blocks = said.get("blocks") or "[]"
        if len(json.loads(blocks) if isinstance(blocks, str) else blocks) > _PARAGRAPHS:
            return JSONResponse({"ok": False, "error": "invalid_blocks"})
        if now - self._last.get(channel, -APART) < APART:
            self.counts["limited"] = self.counts.get("limited", 0) + 1
            return JSONResponse({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "1"})
        self._last[channel] = now
        return JSONResponse({"ok": True, "ts": f"1.{next(self._numbers):06d}", "channel": channel})


def _read(body: bytes) -> dict[str, str]:
    try:
        return dict(json.loads(body)) if body[:1] == b"{" else dict(urllib.parse.parse_qsl(body.decode()))
    except ValueError:
        return {}


@contextmanager
def stand_in() -> Iterator[str]:
    """Run it for as long as the block lasts; gives the base of its web API."""
    with subprocess.Popen([sys.executable, "-m", "bench.slack"], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/api/"
        finally:
            process.terminate()


def main() -> None:
    """Serve on a free port of loopback, which is printed first."""
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listener:
        port = listener.getsockname()[1]
        print(port, flush=True)
        slack = Slack(port)
        routes = [Route("/api/{method}", slack.answer, methods=["GET", "POST"])]
        server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), log_level="error", access_log=False))
        asyncio.run(server.serve(sockets=[listener]))


if __name__ == "__main__":
    main()
