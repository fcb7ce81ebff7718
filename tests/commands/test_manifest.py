"""Is the manifest what Slack takes, and exactly what the code registers and needs?"""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from commands.app import LISTENERS, SPEAKING

ROOT = Path(__file__).parent.parent.parent
SCHEMA = ROOT.parent / "shared" / "data" / "slack-manifest.schema.json"
MANIFEST = yaml.safe_load((ROOT / "manifest.yml").read_text())
# What each call of Slack's API needs, and each event.
SCOPES = {
    "auth_test": set(), "views_open": set(), "views_push": set(), "views_update": set(),
    "views_publish": set(),
    "chat_postMessage": {"chat:write", "chat:write.public"}, "chat_postEphemeral": {"chat:write"},
    "chat_update": {"chat:write"}, "chat_getPermalink": set(),
    "users_info": {"users:read", "users:read.email"}, "users_lookupByEmail": {"users:read.email"},
    "users_list": {"users:read"},
    "users_conversations": {"channels:read", "groups:read"}, "conversations_info": {"channels:read", "groups:read"},
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_replies": {"channels:history", "groups:history", "im:history"}, "conversations_open": {"im:write"},
    "files_getUploadURLExternal": {"files:write"}, "files_completeUploadExternal": {"files:write"},
    "files_info": {"files:read"},
    "app_home_opened": set(), "app_mention": {"app_mentions:read"}, "message.im": {"im:history"},
}  # fmt: skip


class Listening:
    """An app that only notes what is registered with it."""

    def __init__(self) -> None:
        self.noted: dict[str, set] = {}
        for module in LISTENERS:
            module.register(self, None, *([None] if module in SPEAKING else []))

    def __getattr__(self, kind):
        return lambda name: self.noted.setdefault(kind, set()).add(name) or (lambda listener: listener)


def calls() -> set[str]:
    """The methods of Slack's API that the code calls."""
    sources = [path.read_text() for folder in ("commands", "digests") for path in (ROOT / folder).rglob("*.py")]
    return {name for source in sources for name in re.findall(r"client\.((?:[a-z]+)_\w+)\b", source)} - {
        "retry_handlers"
    }


def test_slack_s_own_schema_takes_it():
    if not SCHEMA.exists():
        pytest.skip("Slack's schema is not at hand")
    jsonschema.validate(MANIFEST, json.loads(SCHEMA.read_text()))


def test_its_commands_are_those_registered_and_escape_what_is_typed():
    told = MANIFEST["features"]["slash_commands"]
    assert {command["command"] for command in told} == Listening().noted["command"]
    assert all(command["should_escape"] is True for command in told)


def test_its_shortcuts_are_those_registered():
    told = {shortcut["callback_id"] for shortcut in MANIFEST["features"].get("shortcuts", ())}
    assert told == Listening().noted.get("shortcut", set())


def test_its_events_are_those_listened_to():
    told = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    assert {event.partition(".")[0] for event in told} == Listening().noted["event"]


def test_its_scopes_are_those_needed():
    events = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    needed = {"commands"}.union(*(SCOPES[name] for name in [*calls(), *events]))
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == needed


def test_buttons_and_forms_reach_the_app():
    noted = Listening().noted
    assert noted["action"]
    assert noted["view"]
    assert MANIFEST["settings"]["interactivity"]["is_enabled"] is True


def test_it_imports_as_it_is_over_a_socket():
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    assert "url" not in json.dumps(MANIFEST)
