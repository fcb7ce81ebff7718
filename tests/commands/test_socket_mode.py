"""Is a command that comes over Slack's socket acknowledged there and answered, and the socket closed first when stopping?"""

import base64
import hashlib
import json
import socket
import struct
import threading
import urllib.parse
from contextlib import ExitStack, closing

import pytest

from assistant.desk import Desk
from assistant.errors import UserError
from commands.settings import Settings
from commands.terminal import serve
from commands.terminal.tools import Tools
from digests.directory import Nobody
from digests.speaking import Digests
from tests.builders import at, policy_of
from tests.fakes import fake_slack, slash

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
NOW = at("2026-11-02T09:00:00Z")
TEXT, CLOSE = 0x1, 0x8


class FakeSocket:
    """One end of a WebSocket as Slack holds it (RFC 6455): greets, sends text, hears frames."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"ws://127.0.0.1:{self._server.getsockname()[1]}/link"
        self.connected = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        self._peer, _ = self._server.accept()
        asked = self._peer.recv(65_536)
        key = next(line for line in asked.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key"))
        proof = base64.b64encode(hashlib.sha1(key.split(b": ")[1] + GUID).digest())
        self._peer.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + proof + b"\r\n\r\n"
        )
        self.connected.set()

    def send(self, told: dict) -> None:
        body = json.dumps(told).encode()
        assert len(body) < 65_536
        self._peer.sendall(bytes([0x80 | TEXT, 126]) + struct.pack(">H", len(body)) + body)

    def hear(self, kind: int) -> bytes:
        """The next frame of a kind; others are skipped."""
        while True:
            first, second = self._exactly(2)
            size = second & 0x7F
            if size == 126:
                (size,) = struct.unpack(">H", self._exactly(2))
            mask = self._exactly(4) if second & 0x80 else bytes(4)
            body = bytes(byte ^ mask[place % 4] for place, byte in enumerate(self._exactly(size)))
            if first & 0x0F == kind:
                return body

    def _exactly(self, size: int) -> bytes:
        self._peer.settimeout(10)
        got = b""
        while len(got) < size:
            more = self._peer.recv(size - len(got))
            if not more:
                raise EOFError
            got += more
        return got

    def close(self) -> None:
        self._server.close()
        if self.connected.is_set():
            self._peer.close()


@pytest.fixture
def tools(sqlite_ledger):
    """What a process is built from, but for Slack's address."""

    def made(url: str) -> Tools:
        settings = Settings(slack_bot_token="xoxb-1", slack_app_token="xapp-1", slack_api_url=url, metrics_port=0)
        desk = Desk(sqlite_ledger, policy_of(), lambda: NOW)
        digests = Digests(desk, sqlite_ledger.outbox, Nobody())
        return Tools(settings, lambda: NOW, policy_of, lambda: sqlite_ledger, lambda: desk, lambda: digests)

    return made


def test_a_command_over_the_socket_is_acknowledged_there_and_answered_before_the_process_ends(tools):
    with closing(FakeSocket()) as line, fake_slack() as slack, ExitStack() as parts:
        told = slack.answer
        slack.answer = lambda method, said: (
            {"ok": True, "url": line.url} if method == "apps.connections.open" else told(method, said)
        )
        serve.build(tools(slack.url), parts)
        assert line.connected.wait(10)
        payload = dict(urllib.parse.parse_qsl(slash(slack, "/blocking", "2.4")))
        line.send({"type": "slash_commands", "envelope_id": "e1", "payload": payload, "accepts_response_payload": True})
        assert json.loads(line.hear(TEXT))["envelope_id"] == "e1"
        parts.close()
        with pytest.raises((EOFError, ConnectionError)):
            line.hear(TEXT)
    (answer,) = slack.heard("respond")
    assert "2.4" in answer["text"]


def test_a_token_that_slack_refuses_is_said(tools):
    with fake_slack() as slack, ExitStack() as parts:
        slack.errors["apps.connections.open"] = "invalid_auth"
        with pytest.raises(UserError, match="Slack refused SLACK_APP_TOKEN: invalid_auth"):
            serve.build(tools(slack.url), parts)


def test_a_slack_that_cannot_be_reached_is_said(tools):
    with ExitStack() as parts, pytest.raises(UserError, match="Slack can't be reached"):
        serve.build(tools("http://127.0.0.1:9/api/"), parts)
