"""A Slack that speaks: its web API and response URLs over HTTP on loopback, and requests signed as it signs them.

It keeps what it was sent, so that a test can say what a person reads.
"""

import contextlib
import hashlib
import hmac
import itertools
import json
import threading
import time
import urllib.parse
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from slack_bolt import BoltRequest

SECRET = "signing-secret"
_numbers = itertools.count(1)

MEMBER = {"team_id": "T1", "tz": "Europe/Berlin", "profile": {"real_name": "Anna Berg", "email": "anna@acme.example"}}


@dataclass
class Call:
    """One call that reached Slack: ``method`` is respond for a response URL."""

    method: str
    said: dict


@dataclass
class FakeSlack:
    """What Slack knows and was told. ``errors`` maps a method to the error it answers with; ``slow`` to seconds."""

    url: str = ""
    users: dict = field(default_factory=lambda: {"U1": MEMBER, "U2": {**MEMBER, "profile": {"real_name": "Bo Cole"}}})
    channels: dict = field(default_factory=dict)
    errors: dict = field(default_factory=dict)
    slow: dict = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)

    def heard(self, method: str) -> list[dict]:
        """Everything that was said by one method, oldest first."""
        return [call.said for call in self.calls if call.method == method]

    def answer(self, method: str, said: dict) -> dict:  # noqa: PLR0911  one for each method
        self.calls.append(Call(method, said))
        time.sleep(self.slow.get(method, 0))
        if method in self.errors:
            return {"ok": False, "error": self.errors[method]}
        match method:
            case "auth.test":
                return {"ok": True, "team_id": "T1", "user_id": "UBOT", "bot_id": "B1"}
            case "users.info" if said["user"] in self.users:
                return {"ok": True, "user": {"id": said["user"], **self.users[said["user"]]}}
            case "users.info":
                return {"ok": False, "error": "user_not_found"}
            case "users.lookupByEmail":
                found = [u for u, told in self.users.items() if told["profile"].get("email") == said["email"]]
                return {"ok": True, "user": {"id": found[0]}} if found else {"ok": False, "error": "users_not_found"}
            case "conversations.info":
                return {"ok": True, "channel": {"id": said["channel"], **self.channels.get(said["channel"], {})}}
            case "views.open":
                return {"ok": True, "view": {"id": "V1", "hash": "h1"}}
        return {"ok": True, "ts": "1.1"}


@contextlib.contextmanager
def fake_slack():
    """Serve a FakeSlack; its ``url`` is the base of the web API."""
    slack = FakeSlack()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if "json" in (self.headers.get("Content-Type") or ""):
                said = json.loads(body or b"{}")
            else:
                said = {key: _json(value) for key, value in urllib.parse.parse_qsl(body.decode())}
            query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
            method = urllib.parse.urlsplit(self.path).path.rpartition("/")[2]
            told = json.dumps(slack.answer(method, {**query, **said})).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):  # whoever asked did not wait
                self.wfile.write(told)

        do_GET = do_POST  # noqa: N815  as the library names it

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    slack.url = f"http://127.0.0.1:{server.server_port}/api/"
    try:
        yield slack
    finally:
        server.shutdown()
        server.server_close()


def _json(value: str):
    try:
        return json.loads(value) if value[:1] in "[{" else value
    except ValueError:
        return value


def signed(body: str, *, secret: str = SECRET, at: float | None = None, kind="application/x-www-form-urlencoded"):
    """A request as Slack would send it."""
    stamp = str(int(at or time.time()))
    proof = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {"x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={proof}", "content-type": kind}
    return BoltRequest(body=body, headers=headers)


def slash(slack: FakeSlack, command: str, text: str = "", **more) -> str:
    """The body of a slash command."""
    return urllib.parse.urlencode({
        "command": command, "text": text, "team_id": "T1", "user_id": "U1", "channel_id": "C1",
        "trigger_id": f"trigger-{next(_numbers)}", "response_url": f"{slack.url}respond", **more,
    })  # fmt: skip


def press(slack: FakeSlack, action: str, value: dict | str, *, user: str = "U1", private: bool = True, **more) -> str:
    """The body of a pressed button."""
    carried = value if isinstance(value, str) else json.dumps(value)
    return _payload({
        "type": "block_actions", "user": {"id": user, "team_id": "T1"}, "team": {"id": "T1"}, "channel": {"id": "C1"},
        "trigger_id": f"trigger-{next(_numbers)}", "response_url": f"{slack.url}respond",
        "container": {"type": "message", "is_ephemeral": private, "channel_id": "C1"},
        "actions": [{"type": "button", "action_id": action, "block_id": "b", "value": carried}], **more,
    })  # fmt: skip


def submit(view: dict, values: dict, *, user: str = "U1") -> str:
    """The body of a submitted form: the view as it was opened, with what was filled in."""
    state = {name: {"value": value} for name, value in values.items()}
    sent = {**view, "id": "V1", "hash": "h1", "state": {"values": state}}
    return _payload({
        "type": "view_submission", "user": {"id": user, "team_id": "T1"}, "team": {"id": "T1"},
        "trigger_id": f"trigger-{next(_numbers)}", "view": sent,
    })  # fmt: skip


def event(kind: str, **more) -> str:
    """The body of an event."""
    return json.dumps({
        "type": "event_callback", "team_id": "T1", "event_id": f"Ev{next(_numbers)}",
        "event": {"type": kind, "user": "U1", "channel": "C1", "ts": "1.0", **more},
    })  # fmt: skip


def _payload(payload: dict) -> str:
    return urllib.parse.urlencode({"payload": json.dumps(payload)})


def typed(text: str) -> dict:
    """What a text field holds."""
    return {"type": "plain_text_input", "value": text}


def chosen(value: str) -> dict:
    """What a list holds."""
    return {"type": "static_select", "selected_option": {"value": value}}


def picked(user: str) -> dict:
    """What Slack's own picker of people holds."""
    return {"type": "users_select", "selected_user": user}


def ticked(*values: str) -> dict:
    """What boxes, or a list of several, hold."""
    return {"type": "checkboxes", "selected_options": [{"value": value} for value in values]}
