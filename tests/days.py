"""A working day in a stateful local Slack: people type, press and fill in forms, the clock goes on, messages arrive."""

import json
import threading
import urllib.parse
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from assistant.desk import Desk
from commands.app import build_bolt, working_for
from commands.settings import Settings
from digests.delivery import Delivery, Terms
from digests.slack import SlackPoster, client_for
from digests.speaking import Digests
from tests import fakes
from tests.commands.conftest import shown
from tests.emulated import TOKEN, Emulated

_STILL = threading.Event()


@dataclass
class Clock:
    """The time that everybody reads."""

    now: datetime
    follows: object = None  # told of each moment

    def set(self, now: datetime) -> None:
        """Go on to a moment."""
        self.now = now
        self.follows(now)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Day:
    """What happens in one day; ``at`` sets the clock and lets the assistant do what it does by itself."""

    slack: Emulated
    desk: Desk
    clock: Clock
    read: dict = field(default_factory=dict)  # reader and channel -> how many messages were read already

    def __post_init__(self) -> None:
        self.clock.follows = self.slack.set_clock
        self.clock.set(self.clock.now)
        settings = Settings(slack_bot_token=TOKEN, slack_signing_secret=fakes.SECRET, slack_api_url=self.slack.url)
        self.working = working_for(self.desk, settings)
        outbox = self.desk.ledger.outbox
        self.digests = Digests(self.desk, outbox, self.working.people)
        self.app = build_bolt(self.desk, settings, self.working, self.digests)
        self.poster = SlackPoster(client_for(TOKEN, self.slack.url))
        self.delivery = Delivery(outbox, self.poster, self.clock, Terms(pace=None))

    def close(self) -> None:
        """Finish what was acknowledged."""
        self.working.close()

    # The clock

    def at(self, moment: datetime) -> None:
        """Go on to a moment and let everything that is due by then happen."""
        assert moment >= self.clock.now
        self.clock.set(moment)
        self.settle()

    def settle(self) -> None:
        """Let the assistant do what it does every few seconds, until nothing is left to do."""
        self.digests.handing.tick(_STILL, self.poster)
        self.digests.asking.tick(_STILL, self.poster)
        while True:
            self.delivery.drain(_STILL)
            waits = self.desk.ledger.outbox.waiting()
            if waits is None or waits > self.clock.now + timedelta(seconds=5):
                break
            self.clock.set(self.clock.now + timedelta(seconds=1))

    # What people do

    def type(self, person: str, command: str, text: str = "", room: str = "release") -> None:
        """Type a slash command in a channel."""
        self._send(fakes.slash(
            self.slack, command, text, team_id=self.slack.team, user_id=self.slack.people[person],
            channel_id=self.slack.rooms[room], trigger_id=self.slack.trigger(person),
        ))  # fmt: skip

    def press(self, person: str, label: str, where: str | None = None) -> None:
        """Press a button of the newest message that has it: in a room, or in one's own direct messages."""
        channel = self.slack.rooms[where] if where else self.slack.direct(person)
        message, block, element = self._button(channel, label)
        value = element.get("value") or ""
        action = {"type": element["type"], "action_id": element["action_id"], "block_id": block.get("block_id", "b")}
        action |= {"value": value}
        self._send(_payload({
            "type": "block_actions", "user": self._who(person), "team": {"id": self.slack.team},
            "channel": {"id": channel}, "trigger_id": self.slack.trigger(person),
            "response_url": f"{self.slack.url}respond", "message": message,
            "container": {"type": "message", "channel_id": channel, "message_ts": message["ts"], "is_ephemeral": False},
            "actions": [action],
        }))  # fmt: skip

    def submit(self, person: str) -> dict:
        """Submit the form that is open as it stands."""
        return self.fill(person, {})

    def fill(self, person: str, said: dict[str, object]) -> dict:
        """Fill in the form that is open, by the labels of its fields, and submit it; what Slack is answered."""
        sent = [call.said for call in self.slack.calls if call.method in {"views.open", "views.update", "views.push"}]
        view, identity = sent[-1]["view"], self._view_id()
        values = {}
        left = dict(said)
        for block in view["blocks"]:
            if block["type"] == "input":
                label = block["label"]["text"]
                values[block["block_id"]] = {
                    block["element"]["action_id"]: _state(block["element"], left.pop(label, None))
                }
        assert not left, (list(left), [b["label"]["text"] for b in view["blocks"] if b["type"] == "input"])
        return self._send(_payload({
            "type": "view_submission", "user": self._who(person), "team": {"id": self.slack.team},
            "trigger_id": self.slack.trigger(person), "view": {**view, "id": identity, "hash": "h", "state": {"values": values}},
        }))  # fmt: skip

    # What people read

    def news(self, person: str) -> str:
        """What came to somebody by direct message since they last looked: leads and replies, in their order."""
        return self._news(person, self.slack.direct(person))

    def posted(self, room: str) -> str:
        """What came to a channel since it was last looked at."""
        return self._news(room, self.slack.rooms[room])

    def stands(self, person: str) -> list[str]:
        """What the messages to somebody say now, oldest first."""
        return [shown(one["blocks"]) for one in self.slack.read(self.slack.direct(person))]

    def standing(self, room: str) -> list[str]:
        """What the messages of a channel say now, oldest first."""
        return [shown(one["blocks"]) for one in self.slack.read(self.slack.rooms[room])]

    def form(self) -> str:
        """What stands in the form that is open."""
        sent = [call.said for call in self.slack.calls if call.method in {"views.open", "views.update", "views.push"}]
        return shown(sent[-1]["view"]["blocks"])

    def threads(self, person: str) -> list[str]:
        """The replies in the threads of somebody's direct messages, oldest first."""
        leads = self.slack.read(self.slack.direct(person))
        return [shown(one.get("blocks") or ()) or one["text"] for lead in leads for one in lead["replies"]]

    def answered(self) -> str:
        """What the one who asked last was answered, seen by them alone."""
        return shown(self.slack.heard("respond")[-1]["blocks"])

    def home(self, person: str) -> str:
        """What stands on somebody's home tab when they open it."""
        self._send(json.dumps({
            "type": "event_callback", "team_id": self.slack.team, "event_id": f"Ev{len(self.slack.calls)}",
            "event": {"type": "app_home_opened", "tab": "home", "user": self.slack.people[person], "channel": self.slack.direct(person)},
        }), kind="application/json")  # fmt: skip
        return shown(self.slack.heard("views.publish")[-1]["view"]["blocks"])

    def _news(self, who: str, channel: str) -> str:
        leads = self.slack.read(channel)
        every = sorted([one for lead in leads for one in (lead, *lead["replies"])], key=lambda one: float(one["ts"]))
        before = self.read.get(who, set())
        self.read[who] = {one["ts"] for one in every}
        return "\n---\n".join(shown(one.get("blocks") or ()) or one["text"] for one in every if one["ts"] not in before)

    def _button(self, channel: str, label: str) -> tuple[dict, dict, dict]:
        for message in reversed([one for lead in self.slack.read(channel) for one in (lead, *lead["replies"])]):
            for block in message.get("blocks") or ():
                for element in (*block.get("elements", ()), block.get("accessory") or {}):
                    if element.get("type") == "button" and element["text"]["text"] == label:
                        return message, block, element
        raise AssertionError(label)

    def _view_id(self) -> str:
        updates = [call.said for call in self.slack.calls if call.method == "views.update"]
        return updates[-1]["view_id"]

    def _who(self, person: str) -> dict:
        return {"id": self.slack.people[person], "team_id": self.slack.team}

    def _send(self, body: str, kind: str = "application/x-www-form-urlencoded") -> dict:
        answer = self.app.dispatch(fakes.signed(body, kind=kind))
        assert answer.status == 200, answer.body
        assert self.working.settle(20)
        self.settle()
        return json.loads(answer.body) if answer.body[:1] == "{" else {}


def _payload(payload: dict) -> str:
    return urllib.parse.urlencode({"payload": json.dumps(payload)})


def _state(element: dict, said: object) -> dict:
    """What a field holds: what was filled in, else what stood there."""
    kind = element["type"]
    if kind == "plain_text_input":
        return fakes.typed(said if said is not None else element.get("initial_value"))
    if kind == "users_select":
        return fakes.picked(said if said is not None else element.get("initial_user"))
    if kind == "multi_users_select":
        return {"type": kind, "selected_users": said if said is not None else element.get("initial_users", [])}
    options = element.get("options", ())
    if kind in {"static_select", "radio_buttons"}:
        found = (
            next((one for one in options if one["text"]["text"] == said), None)
            if said
            else element.get("initial_option")
        )
        assert found or said is None, (said, [one["text"]["text"] for one in options])
        return {"type": kind, "selected_option": found}
    if kind in {"checkboxes", "multi_static_select"}:
        found = (
            [one for one in options if one["text"]["text"] in said]
            if said is not None
            else element.get("initial_options", [])
        )
        return {"type": kind, "selected_options": found}
    raise AssertionError(kind)
