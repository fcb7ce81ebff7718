"""How long does ``/healthz`` take while 16 slow commands are running?

No floor: at most 100 ms, the slowest of all times it is asked, over real HTTP; and every command is acknowledged
within Slack's three seconds and answered, none with an error. The commands are signed requests over HTTP; the desk
behind them sleeps four seconds.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

import httpx
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient
from uvicorn import Config, Server

from assistant.desk import Desk, Reply
from assistant.policy import Policy
from assistant.rendering import notice
from bench.blocking import SETTINGS, USER, signed
from bench.data import NOW
from bench.measured import Figure, ms
from bench.serving import serving
from commands.app import build_bolt, working_for
from commands.metrics import Meters
from commands.web import build_web
from storage.facts import Freshness

COMMANDS, SLOW, ACKNOWLEDGED = 16, 4.0, 3.0  # seconds
EVERY = 0.02


class SlowDesk:
    """A desk that takes four seconds for every answer."""

    policy = Policy()
    ledger = SimpleNamespace(remember_once=lambda _key, _at: True)

    def clock(self) -> Any:  # noqa: ANN401  an instant
        """Tell the made-up workspace's moment."""
        return NOW

    def blocking(self, *_asked: object, **_screen: object) -> Reply:
        """Sleep, then answer."""
        time.sleep(SLOW)
        return Reply(notice("Nothing blocks it."), None, lambda: None)


def measure(*, quick: bool) -> list[Figure]:  # noqa: ARG001  it takes as long either way
    """The slowest answer of ``/healthz``, and how many commands went wrong."""
    said: list[str] = []

    def send(_client: WebhookClient, body: dict[str, Any], **_headers: object) -> SimpleNamespace:
        said.append(body["text"])
        return SimpleNamespace(status_code=200)

    who = SimpleNamespace(data={"ok": True, "team_id": "T1", "user_id": "UBOT"})
    with ExitStack() as closing:
        closing.enter_context(patch.object(WebhookClient, "send_dict", send))
        closing.enter_context(patch.object(WebClient, "auth_test", lambda _client, **_said: who))
        closing.enter_context(patch.object(WebClient, "users_info", lambda _client, **_said: USER))
        desk = cast("Desk", SlowDesk())
        working = working_for(desk, SETTINGS)
        closing.callback(working.close)
        meters = Meters(lambda: Freshness({}, {}), lambda: NOW)
        web = build_web([], build_bolt(desk, SETTINGS, working), lambda: True, meters)
        server = Server(Config(web, log_config=None, access_log=False, lifespan="off"))
        port = closing.enter_context(serving(server))
        slowest, late = asyncio.run(_asked(f"http://127.0.0.1:{port}", working.settle))
    wrong = late + sum(text != "Nothing blocks it." for text in said) + COMMANDS - len(said)
    return [
        Figure(f"/healthz beside {COMMANDS} slow commands: slowest, ms", ms(slowest), "", slowest * 1000, 100),
        Figure(f"of {COMMANDS} slow commands: late, failed or lost", str(wrong), "", wrong, 0),
    ]


async def _asked(url: str, settle: Callable[[], object]) -> tuple[float, int]:
    """The slowest health answer from before the first command until the last is done; commands not taken in time."""
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        await client.get("/healthz")  # the connection is made
        commands = [asyncio.create_task(_command(client)) for _ in range(COMMANDS)]
        done = asyncio.create_task(_settled(commands, settle))
        slowest = 0.0
        while not done.done():
            began = time.perf_counter()
            assert (await client.get("/healthz")).status_code == 200, "not healthy"  # noqa: PLR2004  HTTP's
            slowest = max(slowest, time.perf_counter() - began)
            await asyncio.sleep(EVERY)
        return slowest, await done


async def _command(client: httpx.AsyncClient) -> bool:
    request = signed()
    headers = {name: values[0] for name, values in request.headers.items()}
    began = time.perf_counter()
    answer = await client.post("/slack/events", content=request.raw_body, headers=headers)
    return answer.status_code == 200 and time.perf_counter() - began < ACKNOWLEDGED  # noqa: PLR2004  HTTP's


async def _settled(commands: list["asyncio.Task[bool]"], settle: Callable[[], object]) -> int:
    taken = await asyncio.gather(*commands)
    await asyncio.to_thread(settle)
    return sum(1 for fine in taken if not fine)
