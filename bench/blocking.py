"""How long does a signed ``/blocking 2.4`` take through Bolt, until its blocks reach ``respond``?

Floor, in the same run and turn about: a bare Bolt app with the same signature check and ``process_before_response``,
whose one listener acknowledges; runs every different SELECT that ours runs, with its parameters, on plain ``sqlite3``
and fetches all rows; draws as often as ours for as many blockers in bare numpy and takes the 50% and 85%; renders one
compiled Jinja template of the size of our message; and responds. No record is decoded, no rule applied.
"""

import hashlib
import hmac
import itertools
import sqlite3
import time
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import jinja2
import numpy as np
from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from assistant.desk import Desk
from assistant.durations import GRID
from assistant.policy import Policy
from assistant.questions.blocking import Answer
from assistant.viewer import Viewer
from bench.data import NOW
from bench.databases import workspace_of
from bench.measured import Figure, alternating, median, ms, percentile
from commands.app import build_bolt, working_for
from commands.settings import Settings
from storage.database import Session
from storage.ledger import open_ledger

SECRET = "made-up signing secret"  # noqa: S105  nobody's
LARGE, QUICK, SMALL = 100_000, 5_000, 1_000  # changes
CALLS, WARM = 200, 20
SETTINGS = Settings(slack_signing_secret=SECRET, slack_bot_token="xoxb-1", slack_api_url="http://127.0.0.1:9/")  # noqa: S106
VIEWER = Viewer("slack/U1", "Anna", "UTC", None, "C1", inside=True)
USER = {"ok": True, "user": {"id": "U1", "team_id": "T1", "tz": "UTC", "profile": {"real_name": "Anna"}}}
_TEMPLATE = """{{ name }}: {{ verdict }}
{% for one in blockers %}
*{{ loop.index }}. {{ one.kind }}* <{{ one.url }}|{{ one.subject }}> {{ one.title }}
{{ one.owner }} since {{ one.since }}, {{ one.hours }}. Next: {{ one.next }}. Origin: {{ one.origin }}.
{% endfor %}
{{ rest }}"""
_numbers = itertools.count(1)
Statement = tuple[str, tuple[Any, ...]]


def measure(*, quick: bool) -> list[Figure]:
    """Median against the floor, the slowest against the median, and a large ledger against a small one."""
    changes = QUICK if quick else LARGE
    with ExitStack() as closing:
        sent = closing.enter_context(_hearing())
        large, small = (closing.enter_context(_ours(workspace_of(size), sent)) for size in (changes, SMALL))
        floor = closing.enter_context(_floor(workspace_of(changes), sent))
        ours, bare, little = alternating((large, floor, small), WARM, CALLS)
    at = f"{changes * 10:,} deliveries"
    middle, slow = median(ours), percentile(ours, 0.99)
    return [
        Figure(f"/blocking, {at}: median", ms(middle), ms(median(bare)), middle / median(bare), 3),
        Figure("/blocking: p99 against median", ms(slow), ms(middle), slow / middle, 5),
        Figure(f"/blocking: {at} against {SMALL * 10:,}", ms(middle), ms(median(little)), middle / median(little), 1.3),
    ]


@contextmanager
def _hearing() -> Iterator[list[float]]:
    """Take what is sent to a response URL, and note when; Slack itself is not there to be asked."""
    sent: list[float] = []

    def send(_client: WebhookClient, body: dict[str, Any], **_headers: object) -> SimpleNamespace:
        assert body["blocks"], "no blocks"
        sent.append(time.perf_counter())
        return SimpleNamespace(status_code=200)

    def who_we_are(_client: WebClient, **_said: object) -> SimpleNamespace:
        return SimpleNamespace(data={"ok": True, "team_id": "T1", "user_id": "UBOT", "bot_id": "B1"})

    with (
        patch.object(WebhookClient, "send_dict", send),
        patch.object(WebClient, "auth_test", who_we_are),
        patch.object(WebClient, "users_info", lambda _client, **_said: USER),
    ):
        yield sent


def signed() -> BoltRequest:
    """A command as Slack would send it, never twice the same."""
    said = {
        "command": "/blocking", "text": "2.4", "team_id": "T1", "user_id": "U1", "channel_id": "C1",
        "trigger_id": f"{time.time_ns()}.{next(_numbers)}", "response_url": "http://127.0.0.1:9/respond",
    }  # fmt: skip
    body, at = urllib.parse.urlencode(said), str(int(time.time()))  # noqa: TID251  what is signed is young
    proof = hmac.new(SECRET.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {
        "x-slack-request-timestamp": at,
        "x-slack-signature": f"v0={proof}",
        "content-type": "application/x-www-form-urlencoded",
    }
    return BoltRequest(body=body, headers=headers)


def _asking(app: App, sent: list[float], settle: Callable[[], object] = lambda: None) -> Callable[[], float]:
    def ask() -> float:
        request = signed()
        sent.clear()
        began = time.perf_counter()
        assert app.dispatch(request).status == 200, "refused"  # noqa: PLR2004  HTTP's
        settle()
        assert len(sent) == 1, "no answer"
        return sent[0] - began

    return ask


@contextmanager
def desk_on(path: Path) -> Iterator[Desk]:
    """A desk over a database, at the moment that the made-up workspace ends."""
    policy = Policy()
    with open_ledger(f"sqlite:///{path}", policy.fold_rules()) as ledger:
        yield Desk(ledger, policy, lambda: NOW)


@contextmanager
def _ours(path: Path, sent: list[float]) -> Iterator[Callable[[], float]]:
    with desk_on(path) as desk:
        working = working_for(desk, SETTINGS)
        try:
            yield _asking(build_bolt(desk, SETTINGS, working), sent, working.settle)
        finally:
            working.close()


@contextmanager
def _floor(path: Path, sent: list[float]) -> Iterator[Callable[[], float]]:
    statements, answer, size = recorded(path)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    template = jinja2.Environment(autoescape=True).from_string(_TEMPLATE)
    told = _told(answer, size - len(template.render(_told(answer, 0))))
    tasks = sum(1 for blocker in answer.blockers if blocker.ends_at is None)
    app = App(
        signing_secret=SECRET, process_before_response=True, client=WebClient(),
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1"),  # noqa: S106
    )  # fmt: skip

    @app.command("/blocking")
    def bare(ack: Callable[[], None], respond: Callable[..., None]) -> None:
        ack()
        connection.execute("BEGIN")
        for sql, values in statements:
            connection.execute(sql, values).fetchall()
        connection.execute("COMMIT")
        simulated(tasks, Policy().forecast.runs)
        text = template.render(told)
        respond(text=text[:100], blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": text}}])

    yield _asking(app, sent)
    connection.close()


def recorded(path: Path) -> tuple[list[Statement], Answer, int]:
    """Every different SELECT that one answer runs, the answer, and how many characters its message has."""
    found: dict[Statement, None] = {}

    def noting(method: Callable[..., Any]) -> Callable[..., Any]:
        def noted(session: Session, sql: str, values: Sequence[Any] = ()) -> Any:  # noqa: ANN401  rows
            if sql.lstrip().startswith(("SELECT", "WITH")):
                found[sql, tuple(values)] = None
            return method(session, sql, values)

        return noted

    with desk_on(path) as desk, patch.multiple(Session, all=noting(Session.all), one=noting(Session.one)):
        reply = desk.blocking("2.4", VIEWER, NOW)
    assert reply.answer is not None, reply.message.text
    shown = [block["text"]["text"] for block in reply.message.blocks if "text" in block]
    return list(found), reply.answer, sum(map(len, shown))


def simulated(tasks: int, runs: int) -> tuple[float, float]:
    """When the last of some tasks and the way to production are over: 50% and 85% of so many runs."""
    random, spread = np.random.Generator(np.random.SFC64(1)), np.arange(GRID, dtype=np.float64)
    ends = np.full(runs, NOW.timestamp())
    for _ in range(tasks):
        np.maximum(ends, spread.take(random.integers(0, GRID, runs, dtype=np.uint16)), out=ends)
    ends += spread.take(random.integers(0, GRID, runs, dtype=np.uint16))
    parts = np.partition(ends, (runs // 2, int(0.85 * runs)))
    return float(parts[runs // 2]), float(parts[int(0.85 * runs)])


def _told(answer: Answer, missing: int) -> dict[str, Any]:
    """What the floor's template prints; ``missing`` characters are filled up."""
    rows = [
        {
            "kind": blocker.kind, "url": blocker.url, "subject": blocker.subject, "title": blocker.title,
            "owner": blocker.owner, "since": _minute(blocker.waiting_since), "hours": "26 h",
            "next": blocker.next_action, "origin": blocker.origin,
        }
        for blocker in answer.top
    ]  # fmt: skip
    return {
        "name": answer.subject.name, "verdict": answer.verdict, "blockers": rows, "rest": "." * max(0, missing),
    }  # fmt: skip


def _minute(at: datetime | None) -> str:
    return f"{at:%a %d %b %H:%M}" if at else ""
