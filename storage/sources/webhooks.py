"""What happens to a delivery that a source sends us over HTTP?

Importing this module imports Starlette: only a serving process does.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.records import Delivery, Malformed, Outcome, Taken, UnknownEvent
from storage.sources.deployed import timed
from storage.sources.gate import Closed, Full, Gate
from storage.sources.judging import judge
from storage.sources.signatures import SCHEMES, delivery_id, genuine, kept

LARGEST = 25 * 1024 * 1024  # bytes; what GitHub sends at most
SMALL = 256 * 1024  # bytes; reading more than this would hold up other requests

log = structlog.get_logger()


class TooLarge(Exception):  # noqa: N818  a verdict on a body
    """The body has more bytes than any source may send."""


@dataclass(frozen=True, slots=True)
class Reception:
    """What the route needs: the gate, each source's secret, and the clock.

    ``secrets`` maps a source to its secret, None or absent where it was never set: its deliveries are then refused.
    ``told`` hears of every answer as (source, status), for metrics.
    """

    gate: Gate[Taken, Outcome]
    secrets: Mapping[str, str | None]
    clock: Callable[[], datetime]
    largest: int = LARGEST
    told: Callable[[str, int], None] = lambda _source, _status: None

    def routes(self) -> list[Route]:
        """The routes to mount: ``POST /webhooks/{source}``."""
        return [Route("/webhooks/{source}", self.receive, methods=["POST"])]

    async def receive(self, request: Request) -> Response:
        """Answer one delivery: 2xx only once it is durable.

        404 unknown source, 503 source without its secret or nothing can be stored now, 401 not signed as it should
        be, 413 too large, 400 malformed (kept and counted all the same, for its signature was right).
        """
        source = request.path_params["source"]
        answer = await self._answer(source, request)
        self.told(source if source in SCHEMES else "unknown", answer.status_code)
        return answer

    async def _answer(self, source: str, request: Request) -> Response:
        if source not in SCHEMES:
            return _refusal(404, "no such source")
        secret = self.secrets.get(source)
        if not secret:
            return _refusal(503, f"the secret of {source} is not set here, so its deliveries are refused")
        if SCHEMES[source].header not in request.headers:
            return _refusal(401, f"the header {SCHEMES[source].header} is missing")
        try:
            body = await self._body(request)
        except TooLarge:
            return _refusal(413, f"more than {self.largest} bytes")
        except ClientDisconnect:
            return _refusal(400, "the sender hung up")
        received_at = self.clock()
        return await self._store(source, secret, dict(request.headers), body, received_at)

    async def _body(self, request: Request) -> bytes:
        said = request.headers.get("content-length", "")
        if said.isdecimal() and int(said) > self.largest:
            raise TooLarge
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > self.largest:
                raise TooLarge
        return bytes(body)

    async def _store(
        self, source: str, secret: str, headers: dict[str, str], body: bytes, received_at: datetime
    ) -> Response:
        def examine() -> Taken | None:
            if not genuine(source, secret, headers, body):
                return None
            told = timed(body, received_at) if source == "lastmile" else body
            id_ = delivery_id(source, headers, told)
            return judge(Delivery(source, id_, kept(source, headers), told, received_at))

        taken = examine() if len(body) <= SMALL else await run_in_threadpool(examine)
        if taken is None:
            by_token = SCHEMES[source].header == "authorization"
            return _refusal(401, "the token is wrong" if by_token else "the signature does not fit the body")
        return await self._durable(taken)

    async def _durable(self, taken: Taken) -> Response:
        delivery = taken.delivery
        try:
            outcome = await asyncio.wrap_future(self.gate.submit(taken))
        except (Full, Closed):
            return _refusal(503, "too much is waiting", {"Retry-After": "5"})
        except Exception:  # a way in: whatever the store raised, the sender shall send it again
            reference = delivery.delivery_id[:100]
            log.exception("delivery not stored", action="webhook", source=delivery.source, reference=reference)
            return _refusal(503, f"it could not be stored (reference {reference})", {"Retry-After": "30"})
        if isinstance(taken.verdict, Malformed):
            return _refusal(400, f"malformed: {taken.verdict}")
        if isinstance(taken.verdict, UnknownEvent) and delivery.source == "lastmile":
            return _refusal(400, taken.verdict.reason)  # a pipeline has to hear that nothing was noted
        return JSONResponse({"outcome": outcome.value})


def _refusal(status: int, why: str, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"error": why}, status, headers)
