"""A Slack that keeps what it is told: channels, people, messages in threads, forms whose triggers expire.

It is a program of its own (``tests/emulator``), spoken with over HTTP on loopback; what passes is kept, so that a test
can fill in the form that is open. Where node or that program is not at hand, the tests say that they were skipped.
"""

import contextlib
import itertools
import json
import shutil
import socket
import subprocess
import time
from datetime import datetime
from pathlib import Path

import httpx
import pytest
import yaml

from tests import fakes

HERE = Path(__file__).parent
TOKEN, BOT, APP = "xoxb-lastmile", "ULASTMILE", "ALASTMILE"
_SECONDS = 20


class Emulated(fakes.FakeSlack):
    """Hands every call on to the local Slack. ``people`` maps a first name to a Slack id, ``rooms`` a channel's."""

    def begin(self, address: str, people: dict[str, str]) -> None:
        """Learn who is there."""
        self.api = httpx.Client(
            base_url=f"{address}/api/", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=_SECONDS
        )
        members = self.told("users.list")["members"]
        self.people = {one["name"]: one["id"] for one in members if one["name"] in people}
        self.rooms = {
            one["name"]: one["id"]
            for one in self.told("conversations.list", types="public_channel,private_channel")["channels"]
        }
        self.team = self.told("auth.test")["team_id"]

    def set_clock(self, now: datetime) -> None:
        """Let it be a certain moment there: messages are named by it."""
        self.process.stdin.write(f"{now.timestamp() * 1000:.0f}\n".encode())
        self.process.stdin.flush()
        assert self.process.stdout.readline() == b"set\n"

    def told(self, method: str, **said) -> dict:
        """Ask the local Slack as the app does."""
        answer = self.api.post(method, json=said).json()
        assert answer["ok"], (method, answer)
        return answer

    def answer(self, method: str, said: dict) -> dict:
        self.calls.append(fakes.Call(method, said))
        if method == "respond":
            return {"ok": True}
        return self.api.post(method, json=said).json()

    def trigger(self, person: str) -> str:
        """What Slack sends along when this person presses or types something."""
        return self.told("views.generateTriggerId", user_id=self.people[person])["trigger_id"]

    def direct(self, person: str) -> str:
        """The channel of the direct messages between the app and this person."""
        return self.told("conversations.open", users=self.people[person])["channel"]["id"]

    def read(self, channel: str) -> list[dict]:
        """What stands in a channel, oldest first, each with its ``replies``."""
        leads = reversed(self.told("conversations.history", channel=channel, limit=200)["messages"])
        return [
            {**lead, "replies": self._replies(channel, lead["ts"])}
            for lead in leads
            if "thread_ts" not in lead or lead["thread_ts"] == lead["ts"]
        ]

    def _replies(self, channel: str, ts: str) -> list[dict]:
        return [
            one for one in self.told("conversations.replies", channel=channel, ts=ts)["messages"] if one["ts"] != ts
        ]


@contextlib.contextmanager
def emulated(people: dict[str, str], rooms: dict[str, bool], folder: Path):
    """Serve a local Slack with these people (first name -> whole name) and channels (name -> private)."""
    node = shutil.which("node")
    if node is None or not (HERE / "emulator" / "node_modules").is_dir():
        pytest.skip("node, or the local Slack that `make test` installs with it, is not at hand")
    seed = folder / "slack.json"
    seed.write_text(json.dumps(_seed(people, rooms)))
    port = _free_port()
    command = [node, "serve.mjs", str(port), str(seed)]
    with subprocess.Popen(command, cwd=HERE / "emulator", stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            process.stdout.readline()
            _wait_for(port)
            with fakes.fake_slack(Emulated) as slack:
                slack.process = process
                slack.begin(f"http://127.0.0.1:{port}", people)
                yield slack
                slack.api.close()
        finally:
            process.kill()


def _seed(people: dict[str, str], rooms: dict[str, bool]) -> dict:
    scopes = yaml.safe_load((HERE.parent / "manifest.yml").read_text())["oauth_config"]["scopes"]["bot"]
    return {
        "strict_scopes": True,
        "users": [
            {"name": key, "real_name": name, "email": f"{key}@tidewater.example"} for key, name in people.items()
        ],
        "channels": [{"name": name, "is_private": private} for name, private in rooms.items()],
        "oauth_apps": [{
            "client_id": "1.2", "client_secret": "none", "app_id": APP, "name": "lastmile", "redirect_uris": [],
            "scopes": scopes, "bot_id": "BLASTMILE", "bot_user_id": BOT, "bot_name": "lastmile",
        }],
        "tokens": [{
            "token": TOKEN, "type": "bot", "user_id": BOT, "scopes": scopes, "app_id": APP, "bot_id": "BLASTMILE",
            "bot_user_id": BOT,
        }],
    }  # fmt: skip


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(port: int) -> None:
    for pause in itertools.repeat(0.05, int(_SECONDS / 0.05)):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(pause)
    message = "the local Slack does not answer"
    raise TimeoutError(message)
