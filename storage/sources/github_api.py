"""How is GitHub's REST API read without breaking its limits, through its bad minutes and ours?

Importing this module imports httpx and gidgethub: only a backfill does.
"""

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

import httpx
from gidgethub import BadRequest, GitHubBroken, HTTPException, RateLimitExceeded
from gidgethub.abc import GitHubAPI

ATTEMPTS = 6  # of one request, through answers that say "not now"
LONGEST_WAIT = 3_700.0  # seconds; GitHub's window is an hour, and clocks differ
TIMEOUT = 30.0  # seconds, for one request
SLICE = 0.5  # seconds between two looks at whether to stop
_PAGE = "per_page=100"
_GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
_CLOSED = {*_GONE, HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT}


class Stopped(Exception):  # noqa: N818  nothing went wrong
    """The process is stopping; what was read so far is kept, and the next run goes on from there."""


class GitHub(GitHubAPI):
    """GitHub's API as one repository's backfill reads it; one request at a time.

    ``told`` hears, in seconds, of every wait. A wait ends at once with Stopped when ``stop`` is set.
    """

    def __init__(  # noqa: PLR0913  all are told by the composition root
        self,
        http: httpx.AsyncClient,
        *,
        token: str | None,
        base_url: str,
        clock: Callable[[], datetime],
        stop: threading.Event,
        told: Callable[[float], None] = lambda _seconds: None,
    ) -> None:
        super().__init__("lastmile", oauth_token=token, base_url=base_url)
        self._http = http
        self._clock = clock
        self._stop = stop
        self._told = told
        self.closed: set[str] = set()

    async def items(self, path: str, key: str | None = None) -> AsyncIterator[dict[str, Any]]:
        """Every item of a list, page after page; ``key`` is where an object holds the list.

        Nothing where there is no such list or it is not ours to read (``closed`` then names it): issues turned off,
        an empty repository, a token without that permission.
        """
        paged = f"{path}{'&' if '?' in path else '?'}{_PAGE}"
        try:
            async for item in self.getiter(paged, None, iterable_key=key):
                yield item
        except BadRequest as error:
            if error.status_code not in _CLOSED or self._wait(error, 1) is not None:
                raise
            self.closed.add(re.sub(r"/[0-9]+/|/[0-9a-f]{40}/", "/.../", path.partition("?")[0]))

    async def listed(self, path: str, key: str | None = None) -> list[dict[str, Any]]:
        """A short list, whole."""
        return [item async for item in self.items(path, key)]

    async def item(self, path: str) -> dict[str, Any] | None:
        """One item, None where it is not there (any more)."""
        try:
            found: dict[str, Any] = await self.getitem(path, None)
        except BadRequest as error:
            if error.status_code in _GONE:
                return None
            raise
        return found

    async def sleep(self, seconds: float) -> None:
        """Wait, but no longer than until the process stops."""
        self._told(seconds)
        waited = 0.0
        while waited < seconds:
            if self._stop.is_set():
                raise Stopped
            await asyncio.sleep(min(SLICE, seconds - waited))
            waited += SLICE

    async def manage_rate_limit(self, *, method: str, url: str) -> None:  # noqa: ARG002  the library's signature
        """Wait for the next window before a request that this one has no room for."""
        if self._stop.is_set():
            raise Stopped
        limit = self.rate_limit
        if limit is not None and limit.remaining < 0:  # the library has taken this request off already
            await self.sleep(self._until(limit.reset_datetime.timestamp()))
            self.rate_limit = None

    async def handle_rate_limit_error(
        self,
        *,
        method: str,  # noqa: ARG002  the library's signature
        url: str,  # noqa: ARG002  as above
        exception: HTTPException,
        attempt: int,
    ) -> bool:
        """Wait as an answer asks, or longer each time where it does not say; False gives the request up."""
        wait = self._wait(exception, attempt)
        if wait is None or attempt >= ATTEMPTS:
            return False
        self.rate_limit = None
        await self.sleep(wait)
        return True

    async def _request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, Mapping[str, str], bytes]:
        try:
            answer = await self._http.request(method, url, headers=dict(headers), content=body)
        except httpx.TransportError:
            return HTTPStatus.BAD_GATEWAY, {}, b""  # so that it is tried again like any other bad gateway
        return answer.status_code, answer.headers, answer.content

    def _wait(self, error: HTTPException, attempt: int) -> float | None:
        """Seconds to wait before the next attempt, None where another would not help.

        Source: GitHub's "Rate limits for the REST API": Retry-After first, then x-ratelimit-reset, else a minute and
        longer each time.
        """
        after = error.headers.get("retry-after", "")
        if after.isdecimal():
            return min(float(after), LONGEST_WAIT)
        if isinstance(error, RateLimitExceeded):
            return self._until(error.rate_limit.reset_datetime.timestamp())
        if isinstance(error, GitHubBroken):
            return 2.0 ** (attempt - 1)
        limited = error.status_code == HTTPStatus.TOO_MANY_REQUESTS or "rate limit" in str(error).lower()
        if not limited:
            return None
        if error.headers.get("x-ratelimit-remaining") == "0":
            return self._until(float(error.headers.get("x-ratelimit-reset", "0")))
        return 60.0 * attempt

    def _until(self, epoch: float) -> float:
        return min(max(epoch - self._clock().timestamp(), 0.0) + 1.0, LONGEST_WAIT)
