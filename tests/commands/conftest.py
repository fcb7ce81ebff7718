"""A whole office: a Slack that speaks, a desk over a real ledger, and the app between them."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from assistant.desk import Desk
from commands.app import build_bolt, working_for
from commands.settings import Settings
from commands.working import Working
from storage.records import Delivery, Taken
from storage.sources.judging import judge
from tests import fakes
from tests.builders import policy_of
from tests.deliveries import payload

NOW = datetime(2026, 11, 3, 10, tzinfo=UTC)
POLICY = """
[workspace]
zone = "Europe/Berlin"
team_id = "T1"
[people.anna]
name = "Anna Berg"
github = ["anna-acme"]
slack = "U1"
[people.bo]
name = "Bo Cole"
slack = "U2"
[products.checkout]
repositories = ["acme/api", "acme/secret"]
[services.api]
repository = "acme/api"
[access.channels]
C9 = ["acme/web"]
"""


@dataclass
class Office:
    """Everything that a test presses on and reads from."""

    app: object
    desk: Desk
    slack: fakes.FakeSlack
    working: Working

    def send(self, body: str, **signature):
        """Dispatch a signed request as Slack would, wait until the work is done, and give the acknowledgement."""
        kind = "application/json" if body.startswith("{") else "application/x-www-form-urlencoded"
        answer = self.app.dispatch(fakes.signed(body, kind=kind, **signature))
        assert self.working.settle(20)
        return answer

    def ask(self, command: str, text: str = "", **more):
        return self.send(fakes.slash(self.slack, command, text, **more))

    def press(self, action: str, value, **more):
        return self.send(fakes.press(self.slack, action, value, **more))

    def choose(self, action: str, value, **more):
        """Choose a line of a menu."""
        return self.send(fakes.choose(self.slack, action, value, **more))

    def change(self, action: str, values: dict, **more):
        """Change a field of the open form, of which the app hears."""
        return self.send(fakes.change(self.slack, self.form, action, values, **more))

    def submit_as_shown(self, values: dict, **more):
        """Submit the form that is open now with what stands in it, but for ``values`` (by block id)."""
        return self.submit({**fakes.shown_in(self.form), **values}, **more)

    def submit(self, values: dict, **more):
        """Submit the form that is open now."""
        return self.send(fakes.submit(self.form, values, **more))

    @property
    def answers(self) -> list[dict]:
        """What was sent to the one who asked, oldest first."""
        return self.slack.heard("respond")

    @property
    def read(self) -> str:
        """What the one who asked reads in the newest answer."""
        return shown(self.answers[-1]["blocks"])

    @property
    def form(self) -> dict:
        """The form as it stands."""
        return self.slack.heard("views.update")[-1]["view"]

    def button(self, label: str) -> dict:
        """What a button of the newest answer carries, by its label."""
        return json.loads(self.find(label)["value"])

    def find(self, label: str) -> dict:
        buttons = [e for b in self.answers[-1]["blocks"] for e in [*b.get("elements", ()), b.get("accessory") or {}]]
        return next(b for b in buttons if b.get("text") and b["type"] == "button" and b["text"]["text"] == label)


def shown(blocks) -> str:
    """The words in blocks, a line each."""
    lines = []
    for block in blocks:
        if block["type"] in {"header", "section"}:
            lines.append(block["text"]["text"])
        if block["type"] == "context":
            lines += [element["text"] for element in block["elements"]]
        if block["type"] == "actions":
            labels = [button["text"]["text"] if "text" in button else "…" for button in block["elements"]]  # …: a menu
            lines.append(" ".join(f"[{label}]" for label in labels))
    return "\n".join(lines)


@pytest.fixture
def slack():
    with fakes.fake_slack() as speaking:
        yield speaking


@pytest.fixture
def settings(slack):
    return Settings(slack_bot_token="xoxb-1", slack_signing_secret=fakes.SECRET, slack_api_url=slack.url)


@pytest.fixture
def office(slack, settings, sqlite_ledger):
    desk = Desk(sqlite_ledger, policy_of(POLICY), lambda: NOW)
    working = working_for(desk, settings)
    yield Office(build_bolt(desk, settings, working), desk, slack, working)
    working.close()


@pytest.fixture
def busy(office):
    """An office in which five changes and a blocker bug stand before checkout 2.4."""
    for number in range(101, 106):
        arrive(office.desk.ledger, "pull_request__opened", number, title=f"Quote cache {number} <!channel>", body="")
    arrive(
        office.desk.ledger,
        "issues__opened",
        55,
        title="Totals are wrong",
        body="",
        labels=[{"name": "release-blocker"}],
    )
    return office


def arrive(ledger, name: str, number: int, repository: str = "acme/api", received=NOW - timedelta(days=1), **more):
    """Let a delivery about one change or ticket of release 2.4 arrive, as GitHub tells it."""
    told = payload(f"github/{name}")
    key = "pull_request" if "pull_request" in told else "issue"
    begun = (received - timedelta(hours=2)).isoformat().replace("+00:00", "Z")
    told[key] |= {
        "number": number, "html_url": f"https://github.com/{repository}/pull/{number}", "created_at": begun,
        "updated_at": begun, "milestone": {"title": "2.4", "number": 1, "state": "open"}, **more,
    }  # fmt: skip
    told |= {"number": number, "repository": {**told["repository"], "full_name": repository}}
    body = json.dumps(told).encode()
    delivery = Delivery(
        "github", f"{name}-{repository}-{number}", {"X-GitHub-Event": name.partition("__")[0]}, body, received
    )
    taken = judge(delivery)
    assert isinstance(taken, Taken)
    ledger.append([taken])
