"""What does PagerDuty tell of an incident, and can none of its deliveries do harm?"""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.intake import READERS, Malformed, pagerduty
from storage.records import Event, Ignored, UnknownEvent
from tests.builders import at
from tests.deliveries import PAYLOADS, payload
from tests.hostile import JSON, mutated, survives

OURS = sorted(path.stem for path in (PAYLOADS / "pagerduty").glob("*.json"))
IDLE = {"incident__responder_added", "pagey__ping", "service__updated"}


def read(body):
    return READERS["pagerduty"]({}, body if isinstance(body, bytes) else json.dumps(body).encode())


def reads(name, change=None):
    told = payload(f"pagerduty/{name}")
    if change:
        change(told["event"])
    return read(told)


def data(name, change=None):
    (event,) = reads(name, change)
    return event.data


@pytest.mark.parametrize("name", OURS)
def test_every_payload_is_handled_or_ignored_with_a_reason(name):
    verdict = reads(name)
    if name in IDLE:
        assert isinstance(verdict, Ignored)
        assert verdict.reason
        return
    (event,) = verdict
    assert isinstance(event, Event)
    assert event.object == "incident:pagerduty/PINC100"
    assert event.identity.startswith(f"{event.object}|{event.kind}|")
    assert (event.source, event.repository) == ("pagerduty", None)
    assert json.loads(json.dumps(event.data)) == event.data


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("triggered", "detected"), ("acknowledged", "acknowledged"), ("unacknowledged", "unacknowledged"),
        ("resolved", "resolved"), ("reopened", "reopened"), ("escalated", "updated"), ("delegated", "updated"),
        ("reassigned", "updated"), ("priority_updated", "updated"), ("service_updated", "updated"),
        ("annotated", "updated"), ("status_update_published", "updated"),
    ],
)  # fmt: skip
def test_what_happened_is_said_in_our_words(name, kind):
    (event,) = reads(f"incident__{name}")
    assert event.kind == f"incident.{kind}"


def test_an_incident_says_since_when_on_which_service_and_who_is_on_it():
    (event,) = reads("incident__triggered")
    assert event.at == at("2026-11-17T09:58:41.120")
    assert event.actor is None, "a service is nobody"
    assert event.data == {
        "action": "triggered", "open": True, "title": "Checkout answers with errors",
        "url": "https://acme.pagerduty.example/incidents/PINC100", "began_at": "2026-11-17T09:58:40Z",
        "services": ["Checkout API", "PAPI111"], "urgency": "high", "priority": None,
        "assignees": ["pagerduty/PANNA01"], "names": ["Anna Berg"], "root_causes": [],
    }  # fmt: skip


def test_a_person_who_acts_is_the_actor():
    (event,) = reads("incident__acknowledged")
    assert event.actor == "pagerduty/PANNA01"


def test_whatever_shows_the_incident_shows_whether_it_is_over():
    assert data("incident__priority_updated")["open"] is True
    assert data("incident__resolved")["open"] is False
    assert data("incident__reassigned", lambda event: event["data"].update(status="resolved"))["open"] is False


@pytest.mark.parametrize(
    ("text", "causes"),
    [
        ("Root cause: acme/api#101", ["change:acme/api#101"]),
        ("caused by https://git.example/acme/api/pull/7 and nothing else", ["change:acme/api#7"]),
        ("Caused by: acme/api@1F2E3D4", ["commit:acme/api@1f2e3d4"]),
        ("root cause: https://git.example/acme/api/commit/1f2e3d4c", ["commit:acme/api@1f2e3d4c"]),
        ("root cause: 1f2e3d4", ["commit:@1f2e3d4"]),
        ("- **Root cause:** acme/api#1, acme/web#2", ["change:acme/api#1", "change:acme/web#2"]),
        ("root cause: #101", []),
        ("root cause: unknown so far", []),
        ("not caused by acme/api#101, we think", []),
        ("acme/api#101 looks odd", []),
        ("`root cause: acme/api#101`", []),
        ("", []),
        (None, []),
    ],
)
def test_a_note_may_name_what_it_came_from(text, causes):
    assert data("incident__annotated", lambda event: event["data"].update(content=text))["root_causes"] == causes


def test_so_may_its_title_and_what_its_followers_are_told():
    title = {"title": "Root cause: acme/api#3"}
    assert data("incident__triggered", lambda event: event["data"].update(title))["root_causes"] == [
        "change:acme/api#3"
    ]
    message = {"message": "Caused by acme/api#4."}
    told = data("incident__status_update_published", lambda event: event["data"].update(message))
    assert told["root_causes"] == ["change:acme/api#4"]


def test_a_very_long_note_is_read_in_time_and_names_only_so_many():
    text = "\n".join(f"caused by acme/api#{number}" for number in range(1, 5000))
    assert len(data("incident__annotated", lambda event: event["data"].update(content=text))["root_causes"]) == 20


@pytest.mark.parametrize("name", [name for name in OURS if name not in IDLE])
def test_a_second_hook_under_another_id_tells_the_same_event(name):
    assert reads(name, lambda event: event.update(id="another")) == reads(name)


def test_two_things_of_one_instant_are_two_events():
    one = reads("incident__reassigned")
    two = reads("incident__reassigned", lambda event: event.update(event_type="incident.escalated"))
    assert one[0].identity != two[0].identity


def test_nothing_is_both_handled_and_ignored():
    assert not set(pagerduty.HANDLED) & set(pagerduty.IGNORED)


@pytest.mark.parametrize("kind", ["incident.teleported", "service.moved", "x" * 5000, ""])
def test_an_event_that_is_new_to_us_is_unknown_and_named(kind):
    verdict = reads("incident__triggered", lambda event: event.update(event_type=kind))
    assert verdict == UnknownEvent(f"an event that is not known: {kind[:50]}")


@pytest.mark.parametrize(
    "wrong",
    [
        {"occurred_at": "yesterday"},
        {"occurred_at": "2026-11-17T10:00:00"},
        {"occurred_at": None},
        {"data": None},
        {"data": {}},
        {"data": {"id": "P1"}},
        {"data": {"id": "not/an id", "status": "triggered"}},
        {"data": {"id": "P1", "status": "great"}},
        {"data": {"id": "P1", "status": "triggered", "assignees": [{"id": 7}]}},
        {"data": {"id": "P1", "status": "triggered", "created_at": 10**30}},
        {"agent": "anna"},
    ],
)
def test_what_does_not_fit_is_unknown_and_says_of_which_event(wrong):
    verdict = reads("incident__triggered", lambda event: event.update(wrong))
    assert isinstance(verdict, UnknownEvent)
    assert verdict.reason.startswith("incident.triggered: ")


@pytest.mark.parametrize("body", [{}, {"event": None}, {"event": []}, {"event": {}}, {"event": {"event_type": 7}}])
def test_a_body_without_an_event_is_unknown(body):
    assert isinstance(read(body), UnknownEvent)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"no", b'{"a"', b"\xff\xfe\x00"])
def test_a_body_that_is_no_object_is_malformed(body):
    with pytest.raises(Malformed):
        read(body)


def test_null_bytes_and_lone_surrogates_are_cleaned_out_of_events():
    body = json.dumps(payload("pagerduty/incident__triggered")).replace("answers with", "answers\\u0000 with\\ud800")
    (event,) = read(body.encode())
    assert event.data["title"] == "Checkout answers\ufffd with\ufffd errors"


@settings(max_examples=100, deadline=None)
@given(JSON)
def test_no_json_crashes_the_reader(body):
    survives(read, json.dumps(body).encode())


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_mutation_of_a_payload_crashes_the_reader(draw):
    name = draw.draw(st.sampled_from(OURS))
    survives(read, json.dumps(mutated(draw, payload(f"pagerduty/{name}"))).encode())
