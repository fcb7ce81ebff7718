"""What would GitHub's REST API answer? A stand-in on loopback, with pages, limits and bad minutes."""

import json
from collections import Counter, deque
from datetime import datetime
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


class FakeGitHub:
    """Serves ``data`` (path -> list or object), and first whatever ``script`` holds.

    Lists come in pages with Link headers, filtered by ``since`` and sorted as asked where items have ``updated_at``.
    ``script`` is a queue of (part of a path, status, headers, body): the first whose part fits a request is its answer.
    ``left`` is what x-ratelimit-remaining begins at, ``reset`` the epoch second at which it is full again.
    """

    def __init__(self, data, *, token="t0ken", left=5_000, largest_page=100):
        self.data = data
        self.token = token
        self.left = left
        self.reset = 0
        self.largest_page = largest_page
        self.script = deque()
        self.asked = []
        self.app = Starlette(routes=[Route("/{path:path}", self.answer)])

    @property
    def counts(self):
        """How often each path was asked for, whatever the page."""
        return Counter(path for path, _ in self.asked)

    async def answer(self, request):
        path = "/" + request.path_params["path"]
        self.asked.append((path, dict(request.query_params)))
        if request.headers.get("authorization") not in {f"token {self.token}", f"Bearer {self.token}"}:
            return JSONResponse({"message": "Bad credentials"}, 401)
        for planned in self.script:
            if planned[0] in path:
                self.script.remove(planned)
                return Response(json.dumps(planned[3]), planned[1], planned[2], "application/json")
        if self.left <= 0:
            return JSONResponse({"message": "API rate limit exceeded"}, 403, self.limits())
        self.left -= 1
        if path not in self.data:
            return JSONResponse({"message": "Not Found"}, 404, self.limits())
        found = self.data[path]
        return self.page(request, found) if isinstance(found, list) else JSONResponse(found, 200, self.limits())

    def limits(self):
        return {
            "x-ratelimit-limit": "5000",
            "x-ratelimit-remaining": str(self.left),
            "x-ratelimit-reset": str(int(self.reset)),
        }

    def page(self, request, items):
        asked = dict(request.query_params)
        items = _sorted(_since(items, asked), asked)
        size, number = min(int(asked.get("per_page", "30")), self.largest_page), int(asked.get("page", "1"))
        headers = self.limits()
        if number * size < len(items):
            following = urlencode({**asked, "page": number + 1})
            headers["link"] = f'<{request.url.replace(query=following)}>; rel="next"'
        page = items[(number - 1) * size : number * size]
        key = request.url.path.rsplit("/", 1)[-1].replace("-", "_")
        wrapped = {"total_count": len(items), key: page} if key in {"check_runs", "statuses_of"} else page
        return JSONResponse(wrapped, 200, headers)


def _since(items, asked):
    since = asked.get("since")
    if since is None:
        return items
    floor = datetime.fromisoformat(since)
    return [item for item in items if datetime.fromisoformat(_time(item)) >= floor]


def _sorted(items, asked):
    if asked.get("sort") != "updated":
        return items
    return sorted(items, key=_time, reverse=asked.get("direction", "desc") == "desc")


def _time(item):
    return item["updated_at"] if "updated_at" in item else item["commit"]["committer"]["date"]
