"""What of a repository's past is asked of GitHub, and in which order?

Importing this module imports httpx and gidgethub: only a backfill does.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from gidgethub import GitHubBroken

from storage.intake.github.commits import lands
from storage.sources.github_api import GitHub

Json = dict[str, Any]

PAGE = 100  # items to one delivery, where a list is kept page by page
BROKEN_IN_A_ROW = 3  # objects that GitHub fails to show; after that it is GitHub that is down


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing read: ``kind`` and ``parts`` are what ``storage.intake.github_rest`` reads.

    ``id`` and ``version`` together name it, so that reading it again unchanged counts once. ``part`` (0 to 1) is how
    much of its stage is done with it, ``after`` the instant from which that stage may be taken up again.
    """

    kind: str
    id: str
    version: str
    parts: Mapping[str, Any]
    part: float = 1.0
    after: datetime | None = None


class Answers:
    """Reads one repository; each stage yields its answers, those of pulls and issues from the longest untouched on.

    ``since`` bounds what is read by its last update (UTC). ``unread`` names objects that GitHub failed to show.
    """

    def __init__(self, github: GitHub, repository: str, default_branch: str | None, since: datetime) -> None:
        self._github = github
        self._root = f"/repos/{repository}"
        self._name = repository
        self._default = default_branch
        self._since = since
        self.unread: list[str] = []

    def stages(self) -> Mapping[str, tuple[float, Callable[[datetime], AsyncIterator[Answer]]]]:
        """Each stage in order: its share of the work (an estimate; they add up to 1) and its reading from a time on."""
        return {
            "milestones": (0.02, self._milestones),
            "activity": (0.03, self._activity),
            "pulls": (0.5, self._pulls),
            "issues": (0.2, self._issues),
            "releases": (0.02, self._releases),
            "deployments": (0.1, self._deployments),
            "commits": (0.05, self._commits),
            "checks": (0.08, self._checks),
        }

    async def _milestones(self, _after: datetime) -> AsyncIterator[Answer]:
        async for one in self._github.items(f"{self._root}/milestones?state=all"):
            yield Answer("milestone", str(one["id"]), one["updated_at"], {"object": one}, 0.0)

    async def _activity(self, after: datetime) -> AsyncIterator[Answer]:
        items = self._newest_first(f"{self._root}/activity", "timestamp", after)
        async for page in _pages(items):
            yield Answer("activity", self._name, _digest(page), {"default_branch": self._default, "items": page}, 0.0)

    async def _pulls(self, after: datetime) -> AsyncIterator[Answer]:
        path = f"{self._root}/pulls?state=all&sort=updated&direction=desc"
        found = {one["number"]: one["updated_at"] async for one in self._newest_first(path, "updated_at", after)}
        oldest_first = sorted(found.items(), key=lambda one: one[1])
        async for answer in self._each(oldest_first, self._pull):
            yield answer

    async def _issues(self, after: datetime) -> AsyncIterator[Answer]:
        path = f"{self._root}/issues?state=all&sort=updated&direction=asc&since={_stamp(after)}"
        found = {
            one["number"]: one["updated_at"] async for one in self._github.items(path) if "pull_request" not in one
        }
        async for answer in self._each(list(found.items()), self._issue):
            yield answer

    async def _releases(self, _after: datetime) -> AsyncIterator[Answer]:
        async for one in self._github.items(f"{self._root}/releases"):
            if _time(one.get("published_at") or one["created_at"]) >= self._since:
                yield Answer("release", str(one["id"]), _digest(one), {"object": one}, 0.0)

    async def _deployments(self, after: datetime) -> AsyncIterator[Answer]:
        async for one in self._newest_first(f"{self._root}/deployments", "created_at", after):
            statuses = await self._github.listed(f"{self._root}/deployments/{one['id']}/statuses")
            version = max([one["updated_at"], *(status["created_at"] for status in statuses)])
            yield Answer("deployment", str(one["id"]), version, {"object": one, "items": statuses}, 0.0)

    async def _commits(self, after: datetime) -> AsyncIterator[Answer]:
        async for branch in self._github.items(f"{self._root}/branches"):
            name = branch["name"]
            if lands(name, default=name == self._default):
                path = f"{self._root}/commits?sha={quote(name, safe='')}&since={_stamp(after)}"
                async for page in _pages(self._github.items(path)):
                    parts = {"branch": name, "default_branch": self._default, "items": page}
                    yield Answer("commits", f"{self._name}:{name}", _digest(page), parts, 0.0)

    async def _checks(self, _after: datetime) -> AsyncIterator[Answer]:
        """The checks of every open pull request, as an ended check does not touch the pull request's own time."""
        heads = {one["head"]["sha"] async for one in self._github.items(f"{self._root}/pulls?state=open")}
        for place, sha in enumerate(sorted(heads), 1):
            runs = await self._github.listed(f"{self._root}/commits/{sha}/check-runs", "check_runs")
            if runs:
                yield Answer("check_runs", f"{self._name}@{sha}", _digest(runs), {"items": runs}, place / len(heads))
            statuses = await self._github.listed(f"{self._root}/commits/{sha}/statuses")
            if statuses:
                parts = {"sha": sha, "items": statuses}
                yield Answer("statuses", f"{self._name}@{sha}", _digest(statuses), parts, place / len(heads))

    async def _pull(self, number: int) -> tuple[str, Json] | None:
        path = f"{self._root}/pulls/{number}"
        pull = await self._github.item(path)
        if pull is None:
            return None
        if pull["state"] == "open" and pull.get("mergeable") is None:
            await self._github.sleep(1)  # the first question made GitHub work it out
            pull = await self._github.item(path) or pull
        timeline, comments = await self._talk(pull)
        parts = {
            "object": pull,
            "timeline": timeline,
            "comments": comments,
            "reviews": await self._github.listed(f"{path}/reviews"),
            "review_comments": await self._untold(f"{path}/comments", pull.get("review_comments"), 0),
            "commits": await self._untold(f"{path}/commits", pull.get("commits"), _count(timeline, "committed")),
        }
        return "pull", parts

    async def _issue(self, number: int) -> tuple[str, Json] | None:
        issue = await self._github.item(f"{self._root}/issues/{number}")
        if issue is None:
            return None
        timeline, comments = await self._talk(issue)
        return "issue", {"object": issue, "timeline": timeline, "comments": comments}

    async def _talk(self, one: Json) -> tuple[list[Json], list[Json]]:
        """The timeline of a pull request or issue, and its comments where the timeline does not hold them all."""
        path = f"{self._root}/issues/{one['number']}"
        timeline = await self._github.listed(f"{path}/timeline")
        return timeline, await self._untold(f"{path}/comments", one.get("comments"), _count(timeline, "commented"))

    async def _untold(self, path: str, there_are: int | None, told: int) -> list[Json]:
        return [] if there_are is not None and told >= there_are else await self._github.listed(path)

    async def _each(
        self, found: Sequence[tuple[int, str]], read: Callable[[int], Awaitable[tuple[str, Json] | None]]
    ) -> AsyncIterator[Answer]:
        in_a_row = 0
        for place, (number, updated_at) in enumerate(found, 1):
            try:
                answer = await read(number)
            except GitHubBroken:
                in_a_row += 1
                self.unread.append(f"{self._name}#{number}")
                if in_a_row == BROKEN_IN_A_ROW:
                    raise
                continue
            in_a_row = 0
            if answer is not None:
                kind, parts = answer
                one = parts["object"]
                yield Answer(kind, str(one["id"]), one["updated_at"], parts, place / len(found), _time(updated_at))

    async def _newest_first(self, path: str, field: str, after: datetime) -> AsyncIterator[Json]:
        """The items of a list that GitHub gives newest first, down to a time."""
        async for one in self._github.items(path):
            if _time(one[field]) < after:
                return
            yield one


async def _pages(items: AsyncIterator[Json]) -> AsyncIterator[list[Json]]:
    page: list[Json] = []
    async for one in items:
        page.append(one)
        if len(page) == PAGE:
            yield page
            page = []
    if page:
        yield page


def _count(timeline: Sequence[Json], event: str) -> int:
    return sum(one.get("event") == event for one in timeline)


def _digest(value: Json | list[Json]) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


def _time(said: str) -> datetime:
    return datetime.fromisoformat(said)


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
