"""Has every delivery of GitHub's a verdict, and can none of them do harm?"""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.intake import READERS, Malformed, github
from storage.records import Event, Ignored, UnknownEvent
from tests.deliveries import PAYLOADS, github_reads, payload

OURS = sorted(path.stem for path in (PAYLOADS / "github").glob("*.json"))
REAL = Path(__file__).parents[5] / "shared" / "data" / "github-webhooks.json"
IGNORED = {
    "label",
    "check_suite",
    "workflow_run",
    "workflow_job",
    "merge_group",
    "ping",
    "installation",
    "member",
    "membership",
}
IDLE = {
    "check_run__rerequested", "check_run__requested_action", "create__tag", "delete__tag", "push__tag",
    "issue_comment__deleted", "pull_request_review_comment__deleted", "issues__pinned", "issues__unpinned",
    "issues__locked", "issues__unlocked",
}  # fmt: skip


def read(event, body):
    return github.read({"X-GitHub-Event": event}, body if isinstance(body, bytes) else json.dumps(body).encode())


@pytest.mark.parametrize("name", OURS)
def test_every_payload_is_handled_or_ignored_with_a_reason(name):
    verdict = github_reads(name)
    if name.partition("__")[0] in IGNORED or name in IDLE:
        assert isinstance(verdict, Ignored)
        assert verdict.reason
    else:
        assert verdict
        assert all(isinstance(event, Event) for event in verdict)


@pytest.mark.parametrize("name", OURS)
def test_an_event_is_plain_json_and_names_its_object_its_kind_and_its_repository(name):
    verdict = github_reads(name)
    for event in verdict if isinstance(verdict, tuple) else ():
        assert json.loads(json.dumps(event.data)) == event.data
        assert event.identity.startswith(f"{event.object}|{event.kind}|")
        assert event.at is None or event.at.utcoffset() is not None
        assert event.repository == (None if event.kind == "account.proved" else "acme/api")
        assert event.source == "github"


@pytest.mark.parametrize("event", sorted(github.HANDLED))
def test_every_handled_event_has_a_payload(event):
    assert any(name.partition("__")[0] == event for name in OURS)


@pytest.mark.parametrize(
    ("event", "action", "says"),
    [("repository", "renamed", "lastmile forget"), ("repository", "transferred", "lastmile backfill"), ("label", "edited", "next delivery")],
)  # fmt: skip
def test_what_is_ignored_but_asks_for_something_to_be_done_says_what(event, action, says):
    verdict = read(event, json.dumps({"action": action}).encode())
    assert isinstance(verdict, Ignored)
    assert says in verdict.reason
    assert verdict != read(event, b'{"action": "created"}') == read(event, b'{"action": ["odd"]}') == read(event, b"{}")


def test_nothing_is_both_handled_and_ignored():
    assert not set(github.HANDLED) & set(github.IGNORED)


@pytest.mark.parametrize("name", [name for name in OURS if name.partition("__")[0] in github.HANDLED])
def test_a_redelivery_under_another_id_makes_the_same_events(name):
    event, body = name.partition("__")[0], json.dumps(payload(f"github/{name}")).encode()
    first = github.read({"X-GitHub-Event": event, "X-GitHub-Delivery": "1"}, body)
    assert github.read({"x-github-event": event, "X-GitHub-Delivery": "2"}, body) == first


@pytest.mark.parametrize("name", [name for name in OURS if name.partition("__")[0] in github.HANDLED])
def test_a_handled_event_of_another_shape_is_unknown_and_says_what_is_missing(name):
    event = name.partition("__")[0]
    verdict = github_reads(name, lambda told: told.pop("repository"))
    assert isinstance(verdict, UnknownEvent)
    assert "`repository`" in verdict.reason
    assert event in verdict.reason


@pytest.mark.parametrize(
    "event",
    ["pull_request", "pull_request_review", "pull_request_review_comment", "pull_request_review_thread", "issues",
     "issue_comment", "milestone", "release", "check_run"],
)  # fmt: skip
def test_an_action_that_is_new_to_us_is_unknown_and_named(event):
    name = next(name for name in OURS if name.partition("__")[0] == event)
    verdict = github_reads(name, lambda told: told.update(action="teleported"))
    assert isinstance(verdict, UnknownEvent)
    assert "teleported" in verdict.reason


def test_an_event_that_is_new_to_us_is_unknown_and_named():
    assert read("teleportation", {"action": "x"}) == UnknownEvent("an event that is not known: teleportation")
    assert READERS["github"]({}, b"{}") == UnknownEvent("no X-GitHub-Event header")


@pytest.mark.parametrize("event", ["pull_request", "ping", "teleportation", ""])
@pytest.mark.parametrize("body", [b"", b"[]", b"no", b'{"a"', b"\xff\xfe\x00"])
def test_a_body_that_is_no_object_is_malformed_whatever_the_event(event, body):
    with pytest.raises(Malformed):
        read(event, body)


def test_a_hook_left_on_web_forms_is_read_too():
    form = b"payload=%7B%22zen%22%3A%22x%22%7D"
    assert read("ping", form) == Ignored(github.IGNORED["ping"])


def test_null_bytes_and_lone_surrogates_are_cleaned_out_of_events():
    body = json.dumps(payload("github/pull_request__opened")).replace("Take payments", "Take\\u0000 pay\\ud800ments")
    (event,) = read("pull_request", body.encode())
    assert event.data["snapshot"]["title"] == "Take\ufffd pay\ufffdments in euros"


@pytest.mark.skipif(not REAL.exists(), reason="the published examples are not at hand")
def test_none_of_githubs_published_examples_is_unknown():
    examples = [(one["name"], body) for one in json.loads(REAL.read_text()) for body in one["examples"]]
    assert len(examples) == 184
    verdicts = [(name, read(name, body)) for name, body in examples]
    assert [(name, verdict) for name, verdict in verdicts if isinstance(verdict, UnknownEvent)] == []
    assert len({event.identity for _, verdict in verdicts if isinstance(verdict, tuple) for event in verdict}) > 50


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
EVENTS = st.sampled_from([*github.HANDLED, "label", "ping", "what", ""])


def survives(event, body):
    try:
        verdict = read(event, body)
    except Malformed:
        return
    assert isinstance(verdict, Ignored | UnknownEvent | tuple)


@settings(max_examples=150, deadline=None)
@given(EVENTS, JSON)
def test_no_json_crashes_the_reader(event, body):
    survives(event, json.dumps(body).encode())


@settings(max_examples=150, deadline=None)
@given(EVENTS, st.binary(max_size=200))
def test_no_bytes_crash_the_reader(event, body):
    survives(event, body)


def places(value, path=()):
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*path, key))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_mutation_of_a_payload_crashes_the_reader(data):
    name = data.draw(st.sampled_from(OURS))
    body = payload(f"github/{name}")
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from([path for path in places(body) if path]))
        holder = body
        for key in path[:-1]:
            holder = holder[key]
        if data.draw(st.booleans()):
            holder[path[-1]] = data.draw(
                JSON | st.sampled_from(["9" * 400, "\ud800", "\x00", "0001-01-01T00:00:00+14:00", 10**40])
            )
        else:
            del holder[path[-1]]
    survives(name.partition("__")[0], json.dumps(body).encode())
