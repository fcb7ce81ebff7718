"""What can be reached over HTTP, and how does a slow answer never hold up another?

Importing this module imports Starlette: only a serving process does.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from commands.metrics import Counting, Meters

if TYPE_CHECKING:
    from slack_bolt import App

LARGEST = 1024 * 1024  # bytes; Slack's own requests are far smaller
SLACK_THREADS = 64  # a request stays on its thread until it is acknowledged
CHECK_THREADS = 2
CHECK_SECONDS = 3.0


def build_web(
    webhooks: Sequence[BaseRoute], bolt: "App | None", ready: Callable[[], bool], meters: Meters
) -> Starlette:
    """Put the routes together: health, readiness, Slack's requests (None: refused), and webhooks as given.

    ``ready`` says whether the database answers and its schema is today's; it may be slow, and may fail.
    """
    return Starlette(
        routes=[
            Route("/healthz", health),
            Route("/readyz", Readiness(ready).answer),
            Route("/slack/events", SlackDoor(bolt).receive, methods=["POST"]),
            *webhooks,
        ],
        middleware=[Middleware(Counting, meters=meters)],
    )


async def health(_request: Request) -> Response:
    """Say that the process lives; asks nothing of anybody, so that a slow database does not get it killed."""
    return PlainTextResponse("ok\n")


class Readiness:
    """Whether requests should be sent here: 200 or 503."""

    def __init__(self, ready: Callable[[], bool]) -> None:
        self._ready = ready
        self._threads = anyio.CapacityLimiter(CHECK_THREADS)  # checks that hang take no other's thread

    async def answer(self, _request: Request) -> Response:
        """Ask the database, for a few seconds at most."""
        ready = False
        with anyio.move_on_after(CHECK_SECONDS):
            ready = await anyio.to_thread.run_sync(self._asked, limiter=self._threads, abandon_on_cancel=True)
        return JSONResponse({"ready": ready}, 200 if ready else 503)

    def _asked(self) -> bool:
        try:
            return self._ready()
        except Exception:  # noqa: BLE001  whatever is the matter, the answer is "not ready"
            return False


class SlackDoor:
    """Hands Slack's requests to Bolt on threads of its own: Bolt blocks, and would hold up every other request."""

    def __init__(self, bolt: "App | None") -> None:
        self._bolt = bolt
        if bolt is not None:  # loaded before the first request, which would hold up the others meanwhile
            import slack_bolt.adapter.starlette.handler  # noqa: F401  it is loaded
        self._threads = anyio.CapacityLimiter(SLACK_THREADS)

    async def receive(self, request: Request) -> Response:
        """Answer one request; Bolt checks signature and age (401)."""
        if self._bolt is None:
            return JSONResponse({"error": "SLACK_SIGNING_SECRET is not set here, so Slack's requests are refused"}, 503)
        try:
            body = await _bounded(request)
        except ClientDisconnect:
            return JSONResponse({"error": "the sender hung up"}, 400)
        if body is None:
            return JSONResponse({"error": f"more than {LARGEST} bytes"}, 413)
        return await anyio.to_thread.run_sync(self._dispatch, self._bolt, request, body, limiter=self._threads)

    def _dispatch(self, bolt: "App", request: Request, body: bytes) -> Response:
        from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response

        try:
            asked = to_bolt_request(request, body)
        except (ValueError, RecursionError):  # odd encodings, brackets without end
            return JSONResponse({"error": "the body can't be read"}, 400)
        return to_starlette_response(bolt.dispatch(asked))


async def _bounded(request: Request) -> bytes | None:
    """The whole body, or None as soon as it is larger than Slack's ever are."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    return bytes(body)
