"""How does a repository's past get into the ledger, once and to its end, however often the reading is interrupted?"""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from storage.ledger import Ledger
from storage.records import Delivery, Outcome
from storage.sources.judging import judge
from storage.sources.marks import Mark, last_mark, marked, repository_object

if TYPE_CHECKING:
    from gidgethub import HTTPException

    from storage.sources.github_answers import Answer, Answers
    from storage.sources.github_api import GitHub

EVERY = 20  # answers between two marks
SOURCE = "github_rest"


class Unreadable(Exception):  # noqa: N818  what the repository is
    """GitHub does not let us read the repository; the text says why, for a person."""


@dataclass(frozen=True, slots=True)
class Access:
    """How GitHub is reached: ``token`` None reads public repositories only, at 60 requests an hour.

    ``waiting`` hears of every wait, in seconds. Setting ``stop`` ends a run at once; the next goes on from there.
    """

    token: str | None = field(repr=False)
    base_url: str
    clock: Callable[[], datetime]
    stop: threading.Event = field(default_factory=threading.Event)
    waiting: Callable[[float], None] = lambda _seconds: None


@dataclass(slots=True)
class Progress:
    """How far a run got: ``done`` is 0 to 1, ``outcomes`` counts what the ledger made of the answers.

    ``unread`` names what GitHub failed to show, ``closed`` the lists that are not there or not ours to read.
    """

    repository: str
    mark: Mark
    resumed: bool = False
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    unread: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)


def backfill(  # noqa: PLR0913  what, from when, by which way, and who hears of it
    ledger: Ledger,
    repository: str,
    since: datetime,
    access: Access,
    *,
    progress: Callable[[Progress], None] = lambda _progress: None,
    counted: Callable[[str | None], bool] | None = None,
    marks: bool = True,
) -> Progress:
    """Read all of ``owner/name`` that was updated from ``since`` on, through GitHub's REST API.

    Ends in the same state as the webhooks would have. Goes on where an interrupted run from the same ``since`` stopped
    (``marks`` False neither looks for one nor leaves any). Blocks for as long as it takes: call it from a thread of
    its own. Raises Unreadable, or Stopped (github_api) when ``access.stop`` was set.
    """
    return asyncio.run(_Run(ledger, access, progress, counted, marks=marks).read(repository, since.astimezone(UTC)))


class _Run:
    def __init__(
        self,
        ledger: Ledger,
        access: Access,
        progress: Callable[[Progress], None],
        counted: Callable[[str | None], bool] | None,
        *,
        marks: bool,
    ) -> None:
        self._ledger = ledger
        self._access = access
        self._told = progress
        self._counted = counted
        self._marks = marks
        self._facts: Mapping[str, Any] = {}

    async def read(self, repository: str, since: datetime) -> Progress:
        import httpx
        from gidgethub import HTTPException

        from storage.sources.github_answers import Answers
        from storage.sources.github_api import TIMEOUT, GitHub

        access = self._access
        async with httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=True) as http:
            github = GitHub(
                http, token=access.token, base_url=access.base_url, clock=access.clock, stop=access.stop,
                told=access.waiting,
            )  # fmt: skip
            try:
                self._facts = await _repository(github, repository)
                name = self._facts["full_name"]
                answers = Answers(github, name, self._facts.get("default_branch"), since)
                return await self._stages(github, answers, self._begin(name, since))
            except HTTPException as error:
                raise Unreadable(_why(error, repository, with_token=access.token is not None)) from error

    def _begin(self, name: str, since: datetime) -> Progress:
        mark = last_mark(self._ledger.history(repository_object(name))) if self._marks else None
        if mark is not None and mark.done < 1 and mark.since == since:
            return Progress(name, mark, resumed=True)
        progress = Progress(name, Mark(since, self._access.clock()))
        self._remember(progress)
        return progress

    async def _stages(self, github: "GitHub", answers: "Answers", progress: Progress) -> Progress:
        stages = answers.stages()
        progress.unread = answers.unread
        before = 0.0
        try:
            for stage, (share, reading) in stages.items():
                if not _passed(stage, progress.mark, list(stages)):
                    await self._stage(stage, (before, share), reading, progress)
                before += share
            progress.mark = replace(progress.mark, done=1.0, stage="", after=None)
        finally:
            progress.closed = sorted(github.closed)
            self._remember(progress)
        return progress

    async def _stage(
        self, stage: str, place: tuple[float, float], reading: Callable[[datetime], Any], progress: Progress
    ) -> None:
        before, share = place
        mark = progress.mark
        after = mark.after if mark.stage == stage and mark.after else mark.since
        progress.mark = replace(mark, stage=stage, after=after, done=max(mark.done, before))
        count = 0
        async for answer in reading(after):
            self._take(answer, progress)
            done = max(progress.mark.done, before + share * answer.part)
            progress.mark = replace(progress.mark, done=done, after=answer.after or after)
            count += 1
            if count % EVERY == 0:
                self._remember(progress)
        progress.mark = replace(progress.mark, done=before + share)

    def _take(self, answer: "Answer", progress: Progress) -> None:
        body = {"kind": answer.kind, "repository": progress.repository, **answer.parts}
        delivery = Delivery(
            SOURCE, f"rest:{answer.kind}:{answer.id}:{answer.version}", {}, json.dumps(body).encode(), None
        )
        progress.outcomes.update(self._ledger.append([judge(delivery)], self._counted))

    def _remember(self, progress: Progress) -> None:
        if self._marks:
            now = self._access.clock()
            mark = marked(
                progress.repository, progress.mark, now,
                private=self._facts.get("private"), default_branch=self._facts.get("default_branch"),
            )  # fmt: skip
            self._ledger.record([mark], now)
        self._told(progress)


def _passed(stage: str, mark: Mark, order: list[str]) -> bool:
    return mark.stage in order and order.index(stage) < order.index(mark.stage)


async def _repository(github: "GitHub", name: str) -> dict[str, Any]:
    found = await github.item(f"/repos/{name}")
    if found is None:
        message = f"GitHub shows no repository {name}: it does not exist, or the token may not see it"
        raise Unreadable(message)
    return found


def _why(error: "HTTPException", name: str, *, with_token: bool) -> str:
    if error.status_code == HTTPStatus.UNAUTHORIZED:
        return "GitHub refuses GITHUB_TOKEN: it is wrong or has expired"
    if error.status_code == HTTPStatus.FORBIDDEN and not with_token:
        return "GitHub wants a token: set GITHUB_TOKEN to one that may read the repository"
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return f"GitHub does not answer for {name} ({error.status_code:d}); begin again later, it goes on from here"
    return f"GitHub does not let us read {name} ({error.status_code:d}: {error})"
