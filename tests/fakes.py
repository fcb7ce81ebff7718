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
from collections.abc import Callable
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


class Status(Exception):  # noqa: N818  it is no error of ours
    """An answer that is an HTTP status and no more: 429 with the seconds to wait, 503 ..."""

    def __init__(self, status: int, **headers) -> None:
        super().__init__(status)
        self.status = status
        self.headers = {name.replace("_", "-"): str(value) for name, value in headers.items()}


@dataclass
class FakeSlack:
    """What Slack knows and was told. ``slow`` maps a method to the seconds it takes.

    ``errors`` maps a method, or a channel, to what it answers with: an error, a Status, or a list of such, used up one
    by one. ``apart`` is how many seconds must lie between two messages of a channel. ``hears`` is called with method
    and what was said when a request came, ``answers`` when it took effect and before it is answered; both find whose
    token it carried in ``caller.token``.
    """

    url: str = ""
    users: dict = field(default_factory=lambda: {"U1": MEMBER, "U2": {**MEMBER, "profile": {"real_name": "Bo Cole"}}})
    channels: dict = field(default_factory=dict)
    errors: dict = field(default_factory=dict)
    slow: dict = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    messages: dict = field(default_factory=dict)  # channel -> what stands there, oldest first
    files: dict = field(default_factory=dict)
    apart: float = 0.0
    hears: Callable = lambda _method, _said: None
    answers: Callable = lambda _method, _said: None
    caller: threading.local = field(default_factory=threading.local)
    lock: threading.Lock = field(default_factory=threading.Lock)
    last: float = 0.0

    def standing(self, channel: str, thread_ts: str | None = None) -> list[dict]:
        """The messages of a channel, or those of a thread without its lead, oldest first."""
        return [said for said in self.messages.get(channel, ()) if said.get("thread_ts") == thread_ts]

    def heard(self, method: str) -> list[dict]:
        """Everything that was said by one method, oldest first."""
        return [call.said for call in self.calls if call.method == method]

    def answer(self, method: str, said: dict) -> dict:
        self.calls.append(Call(method, said))
        self.hears(method, said)
        time.sleep(self.slow.get(method, 0))
        for name in (method, str(said.get("channel"))):
            error = self.errors.get(name)
            if isinstance(error, list):
                error = error.pop(0) if error else None
            if isinstance(error, Status):
                raise error
            if error:
                return {"ok": False, "error": error}
        group, _, verb = method.partition(".")
        told = getattr(self, f"_{group}", self._other)(verb, said)
        self.answers(method, said)
        return {"ok": True} | told

    def _other(self, verb: str, said: dict) -> dict:
        return {}

    def _auth(self, verb: str, said: dict) -> dict:
        return {"team_id": "T1", "user_id": "UBOT", "bot_id": "B1"}

    def _views(self, verb: str, said: dict) -> dict:
        return {"view": {"id": "V1", "hash": "h1"}} if verb in {"open", "push"} else {}

    def _users(self, verb: str, said: dict) -> dict:
        if verb == "conversations":
            return {"channels": [{"id": name, **told} for name, told in self.channels.items()]}
        if verb == "lookupByEmail":
            found = [u for u, told in self.users.items() if told["profile"].get("email") == said["email"]]
            return {"user": {"id": found[0]}} if found else {"ok": False, "error": "users_not_found"}
        if verb == "list":
            return {"members": [{"id": name, **told} for name, told in self.users.items()]}
        if said["user"] not in self.users:
            return {"ok": False, "error": "user_not_found"}
        return {"user": {"id": said["user"], **self.users[said["user"]]}}

    def _chat(self, verb: str, said: dict) -> dict:
        if verb == "getPermalink":
            return {
                "permalink": f"https://acme.slack.com/archives/{said['channel']}/p{said['message_ts'].replace('.', '')}"
            }
        if verb not in {"postMessage", "update"}:
            return {"ts": "1.1"}
        with self.lock:
            there = self.messages.setdefault(said["channel"], [])
            if verb == "update":
                found = [message for message in there if message["ts"] == said["ts"]]
                if not found:
                    return {"ok": False, "error": "message_not_found"}
                found[0].update(text=said["text"], blocks=said.get("blocks") or [])
                return {"ts": said["ts"], "channel": said["channel"]}
            self.last = at = max(time.time(), self.last + 0.000001)
            if there and at - float(there[-1]["ts"]) < self.apart:
                raise Status(429, Retry_After=1)
            kept = {key: said[key] for key in ("text", "blocks", "thread_ts", "metadata") if said.get(key)}
            there.append({"type": "message", "ts": f"{at:.6f}", **kept})
            return {"ts": f"{at:.6f}", "channel": said["channel"]}

    def _conversations(self, verb: str, said: dict) -> dict:
        if verb == "info":
            return {"channel": {"id": said["channel"], **self.channels.get(said["channel"], {})}}
        if verb == "open":
            return {"channel": {"id": f"D{said['users'][1:]}"}}
        there = self.messages.get(said["channel"], ())
        if verb == "replies":
            there = [one for one in there if said["ts"] in {one["ts"], one.get("thread_ts")}]
        else:  # newest first, as Slack does it, and no replies
            there = [one for one in reversed(there) if "thread_ts" not in one]
        there = [one for one in there if float(one["ts"]) > float(said.get("oldest", 0))]
        start, most = int(said.get("cursor") or 0), int(said.get("limit", 100))
        more = {"next_cursor": str(start + most)} if start + most < len(there) else {"next_cursor": ""}
        return {"messages": there[start : start + most], "response_metadata": more}

    def _files(self, verb: str, said: dict) -> dict:
        if verb == "getUploadURLExternal":
            file = f"F{len(self.files) + 1}"
            self.files[file] = {"length": int(said["length"]), "alt": said.get("alt_txt")}
            return {"file_id": file, "upload_url": f"{self.url}upload?file={file}"}
        if verb == "completeUploadExternal":
            for file in said["files"]:
                self.files[file["id"]]["title"] = file["title"]
            return {}
        kept = self.files[said["file"]]
        kept["asked"] = kept.get("asked", 0) + 1
        ready = kept["asked"] > kept.get("late", 1) and "png" in kept and "title" in kept
        return {"file": {"id": said["file"], "mimetype": "image/png" if ready else ""}}

    def take_file(self, file: str, png: bytes) -> None:
        """Take the bytes that were sent to an upload address."""
        self.files[file]["png"] = png


class Server(ThreadingHTTPServer):
    """A server that many may call at once."""

    request_queue_size = 256
    daemon_threads = True


@contextlib.contextmanager
def fake_slack(kind=FakeSlack):
    """Serve a FakeSlack (or another kind of one); its ``url`` is the base of the web API."""
    slack = kind()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            if len(body) < length:  # whoever asked died before all was said
                return
            query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
            method = urllib.parse.urlsplit(self.path).path.rpartition("/")[2]
            slack.caller.token = (self.headers.get("Authorization") or "").rpartition(" ")[2]
            try:
                if method == "upload":
                    slack.take_file(query["file"], body)
                    self.tell({"ok": True})
                else:
                    self.tell(slack.answer(method, {**query, **self.said(body)}))
            except Status as status:
                self.tell({"ok": False}, status.status, status.headers)

        def said(self, body):
            if "json" in (self.headers.get("Content-Type") or ""):
                return json.loads(body or b"{}")
            return {key: _json(value) for key, value in urllib.parse.parse_qsl(body.decode())}

        def tell(self, answer, status=200, headers=()):
            told = json.dumps(answer).encode()
            with contextlib.suppress(ConnectionError):  # whoever asked did not wait
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(told)))
                for name, value in dict(headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(told)

        do_GET = do_POST  # noqa: N815  as the library names it

        def log_message(self, *_):
            pass

    server = Server(("127.0.0.1", 0), Handler)
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


def choose(slack: FakeSlack, action: str, value: dict | str, **more) -> str:
    """The body of a line that was chosen in a menu."""
    carried = value if isinstance(value, str) else json.dumps(value)
    option = {"text": {"type": "plain_text", "text": "…"}, "value": carried}
    actions = [{"type": "overflow", "action_id": action, "block_id": "b", "selected_option": option}]
    return press(slack, action, carried, **{"actions": actions, **more})


def change(slack: FakeSlack, view: dict, action: str, values: dict, **more) -> str:
    """The body of a field that was changed, of which the app hears: the form with all that it holds then."""
    state = {name: {"value": value} for name, value in {**shown_in(view), **values}.items()}
    sent = {**view, "id": "V1", "hash": "h1", "state": {"values": state}}
    return press(slack, action, {}, **{
        "view": sent, "container": {"type": "view", "view_id": "V1"}, "channel": None, "response_url": None, **more,
    })  # fmt: skip


def shown_in(view: dict) -> dict:
    """What the fields of a form hold before anybody touched them, by block id."""
    kinds = {
        "initial_value": "value", "initial_option": "selected_option", "initial_options": "selected_options",
        "initial_user": "selected_user", "initial_users": "selected_users",
    }  # fmt: skip
    fields = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    return {
        name: {"type": element["type"]}
        | {key: element.get(initial) for initial, key in kinds.items() if initial in element}
        for name, element in fields.items()
    }


def shortcut(slack: FakeSlack, callback: str, message: dict, *, user: str = "U1", channel: dict | None = None) -> str:
    """The body of a message's shortcut."""
    return _payload({
        "type": "message_action", "callback_id": callback, "user": {"id": user, "team_id": "T1"}, "team": {"id": "T1"},
        "channel": channel or {"id": "C1", "name": "checkout"}, "trigger_id": f"trigger-{next(_numbers)}",
        "message_ts": "171.5", "response_url": f"{slack.url}respond",
        "message": {"type": "message", "user": "U2", "ts": "171.5", "text": "", **message},
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
