"""What do CDEvents tell, whatever envelope they come in, and can none of them do harm?"""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.intake import READERS, Malformed, cdevents
from storage.intake.cdevents.artifacts import artifact, commit_of
from storage.intake.cdevents.envelope import called
from storage.records import Ignored, UnknownEvent
from tests.builders import at
from tests.deliveries import PAYLOADS, payload
from tests.hostile import JSON, mutated, survives

OURS = sorted(path.stem for path in (PAYLOADS / "cdevents").glob("*.json"))
REAL = Path(__file__).parents[4] / "shared" / "data" / "cdevents"
IDLE = {"change__reviewed", "pipelinerun__finished", "service__removed"}
SHA = "9b8a7c6d5e4f30211203f4e5d6c7b8a90a1b2c3d"
IMAGE = f"pkg:oci/checkout@sha256%3A{'0b31' * 16}"


def read(body, headers=None):
    return READERS["cdevents"](headers or {}, body if isinstance(body, bytes) else json.dumps(body).encode())


def reads(name, change=None):
    told = payload(f"cdevents/{name}")
    if change:
        change(told)
    return read(told)


def one(name, change=None):
    (event,) = reads(name, change)
    return event


def content(**more):
    return lambda told: told["subject"]["content"].update(more)


def subject(name):
    return lambda told: told["subject"].update(id=name)


@pytest.mark.parametrize("name", OURS)
def test_every_payload_is_handled_or_ignored_with_a_reason(name):
    verdict = reads(name)
    if name in IDLE:
        assert isinstance(verdict, Ignored)
        assert verdict.reason
        return
    (event,) = verdict
    assert event.kind == name.replace("__", ".")
    assert event.source == "cdevents"
    assert event.identity.startswith(f"{event.object}|{event.kind}|")
    assert json.loads(json.dumps(event.data)) == event.data


@pytest.mark.skipif(not REAL.exists(), reason="the published events are not at hand")
def test_none_of_the_published_conformance_events_is_unknown():
    files = sorted(REAL.glob("*.json"))
    verdicts = []
    for number, file in enumerate(files):
        told = json.loads(file.read_text())
        told["context"]["id"] = f"own-{number}"  # some of them share theirs
        verdicts.append((file.stem, read(told)))
    assert len(files) == 45
    assert [name for name, verdict in verdicts if isinstance(verdict, UnknownEvent)] == []
    handled = {name for name, verdict in verdicts if isinstance(verdict, tuple)}
    assert handled == {
        "service_deployed", "service_upgraded", "service_rolledback", "incident_detected", "incident_reported",
        "incident_resolved",
    }  # fmt: skip
    assert all(v.reason for _, v in verdicts if isinstance(v, Ignored))
    known = {name.replace("_", ".") for name, _ in verdicts}
    assert known <= set(cdevents.HANDLED) | set(cdevents.IGNORED)


def test_nothing_is_both_handled_and_ignored():
    assert not set(cdevents.HANDLED) & set(cdevents.IGNORED)


@pytest.mark.parametrize("kind", sorted(cdevents.HANDLED))
def test_every_handled_event_has_a_payload(kind):
    assert kind.replace(".", "__") in OURS


# Envelopes


def structured(told, **more):
    context = told["context"]
    return {
        "specversion": "1.0", "id": context["id"], "source": context["source"], "type": context["type"],
        "time": context.get("timestamp", "2026-11-17T09:30:00Z"), "datacontenttype": "application/json", "data": told,
    } | more  # fmt: skip


STRUCTURED = {"Content-Type": "application/cloudevents+json; charset=utf-8"}


@pytest.mark.parametrize("name", OURS)
def test_an_event_reads_the_same_in_either_envelope_and_bare(name):
    told = payload(f"cdevents/{name}")
    bare = read(told)
    binary = {
        "content-type": "application/json",
        "ce-specversion": "1.0",
        "ce-id": "1",
        "ce-type": "x",
        "ce-source": "y",
    }
    assert read(told, binary) == bare
    assert read(structured(told), STRUCTURED) == bare
    assert read(structured(told)) == bare, "an envelope without its content type is one all the same"
    assert read(structured(told, data=json.dumps(told)), STRUCTURED) == bare
    encoded = base64.b64encode(json.dumps(told).encode()).decode()
    assert read(structured(told, data=None, data_base64=encoded), STRUCTURED) == bare


def test_the_envelope_gives_the_time_where_the_event_does_not():
    told = payload("cdevents/service__deployed")
    del told["context"]["timestamp"]
    assert isinstance(read(told), UnknownEvent)
    assert read(structured(told), STRUCTURED)[0].at == at("2026-11-17T09:30")
    assert read(told, {"CE-Time": "2026-11-17T09:31:00Z"})[0].at == at("2026-11-17T09:31")


@pytest.mark.parametrize("form", ["application/cloudevents-batch+json", "application/cloudevents+avro"])
def test_another_form_of_envelope_is_unknown_and_named(form):
    verdict = read([], {"content-type": form})
    assert isinstance(verdict, UnknownEvent)
    assert form in verdict.reason


@pytest.mark.parametrize("more", [{"data": None}, {"data": 7}, {"data": None, "data_base64": "%%%"}, {"data": [1]}])
def test_an_envelope_with_nothing_in_it_is_unknown(more):
    assert isinstance(read(structured(payload("cdevents/service__deployed"), **more), STRUCTURED), UnknownEvent)


def test_an_event_is_called_by_its_id_and_source_however_it_comes():
    told = payload("cdevents/service__deployed")
    body = json.dumps(told).encode()
    name = f"{told['context']['id']} of /ci/acme"
    assert called({}, body) == name
    assert called({}, json.dumps(structured(told)).encode()) == name
    assert called({"Ce-Id": "7", "ce-source": "/ci"}, b"not even JSON") == "7 of /ci"
    assert called({}, b"{}") is called({}, b"no") is called({}, b'{"id": 7, "source": "x"}') is None


# The context


@pytest.mark.parametrize("version", ["0.4.1", "0.3.0", "0.5.0"])
def test_the_older_name_of_the_version_is_read_too(version):
    def older(told):
        del told["context"]["specversion"]
        told["context"]["version"] = version

    assert reads("service__deployed", older) == reads("service__deployed")


def test_an_event_that_names_no_version_is_unknown():
    verdict = reads("service__deployed", lambda told: told["context"].pop("specversion"))
    assert verdict == UnknownEvent("service.deployed: neither context.specversion nor context.version")


@pytest.mark.parametrize(
    "kind", ["dev.cdevents.service.teleported.0.1.0", "dev.cdevents.service.deployed", "com.example.thing", "x" * 999]
)
def test_a_type_that_is_new_to_us_is_unknown_and_named(kind):
    verdict = reads("service__deployed", lambda told: told["context"].update(type=kind))
    assert verdict == UnknownEvent(f"an event that is not known: {kind[:80]}")


@pytest.mark.parametrize("version", ["0.1.0", "0.9.9", "1.0.0-draft"])
def test_another_version_of_a_type_is_the_type(version):
    told = reads(
        "service__deployed", lambda told: told["context"].update(type=f"dev.cdevents.service.deployed.{version}")
    )
    assert told == reads("service__deployed")


def test_a_tools_own_event_is_ignored():
    kind = "dev.cdeventsx.acme-oven.heated.0.1.0"
    assert isinstance(reads("service__deployed", lambda told: told["context"].update(type=kind)), Ignored)


# Deployments


def test_a_service_that_was_deployed_is_a_deployment_of_its_place_and_time():
    event = one("service__deployed")
    assert event.object == "deployment:cdevents/checkout/production/2026-11-17T09:30:00Z"
    assert event.at == at("2026-11-17T09:30")
    assert event.data == {
        "service": "checkout", "environment": "production", "state": "succeeded", "sha": None,
        "artifact": f"artifact:pkg:oci/checkout@sha256:{'0b31' * 16}", "purpose": None,
    }  # fmt: skip


def test_its_commit_is_in_the_package_url_where_that_says_one():
    assert one("service__upgraded").data["sha"] == SHA
    assert one("service__rolledback").data["sha"] == SHA[:12]
    custom = lambda told: told.update(customData={"commit": SHA})  # noqa: E731
    assert one("service__deployed", custom).data["sha"] == SHA


@pytest.mark.parametrize(
    ("purl", "sha"),
    [
        (f"pkg:github/acme/api@{SHA}", SHA),
        ("pkg:github/acme/api@9b8a7c6", "9b8a7c6"),
        ("pkg:github/acme/api@v1.2.3", None),
        (f"pkg:golang/mygit.example/acme/api@{SHA.upper()}", SHA),
        ("pkg:golang/mygit.example/acme/api@9b8a7c6", None),
        (f"pkg:oci/api@sha256:{'ab' * 32}?tag={SHA}", SHA),
        (f"pkg:oci/api@sha256:{'ab' * 32}?tag=2026110", None),
        (f"pkg:generic/api@1.0?vcs_url=git%2Bhttps://git.example/acme/api.git%40{SHA}", SHA),
        ("pkg:generic/api@1.0?vcs_ref=9b8a7c6d", "9b8a7c6d"),
        ("pkg:generic/api@1.0?commit=not-one", None),
        ("pkg:generic/api?" + "&".join(f"a{n}=1" for n in range(5000)), None),
        ("api", None),
        ("@", None),
        ("pkg:github/@", None),
    ],
)
def test_which_commit_a_package_url_says(purl, sha):
    assert commit_of(purl) == sha


def test_an_artifact_is_the_same_however_its_url_is_escaped_or_qualified():
    plain = artifact(IMAGE)
    assert artifact(f"{IMAGE}?repository_url=registry.example") == plain == artifact(IMAGE.replace("%3A", ":"))
    assert artifact("pkg:oci/other@1") != plain
    assert len(artifact("x" * 10_000)) <= 400


def test_an_artifact_says_the_commit_that_it_was_made_from():
    packaged, published = one("artifact__packaged"), one("artifact__published")
    assert packaged.object == artifact(IMAGE)
    assert packaged.data == {"sha": SHA}
    assert published.data == {"sha": SHA}
    number = content(change={"id": "20261117", "source": "https://git.example/acme/api"})
    assert isinstance(reads("artifact__packaged", number), Ignored), "a number of a change is no commit"


def test_a_service_that_was_rolled_back_says_so_and_a_hotfix_may():
    assert one("service__rolledback").data["purpose"] == "rollback"
    purpose = lambda said: lambda told: told.update(customData={"purpose": said})  # noqa: E731
    assert one("service__deployed", purpose("hotfix")).data["purpose"] == "hotfix"
    assert one("service__deployed", purpose("fun")).data["purpose"] is None
    assert one("service__deployed", purpose(["hotfix"])).data["purpose"] is None
    assert one("service__rolledback", purpose("hotfix")).data["purpose"] == "rollback"


@pytest.mark.parametrize("part", ["environment", "artifactId"])
def test_where_and_what_was_deployed_is_required(part):
    verdict = reads("service__deployed", lambda told: told["subject"]["content"].pop(part))
    assert isinstance(verdict, UnknownEvent)
    assert part in verdict.reason


def test_a_very_long_name_makes_no_longer_object_than_an_index_takes():
    assert len(one("service__deployed", subject("ü" * 1000)).object) <= 400


# Incidents


def test_an_incident_is_named_by_its_id_and_by_whoever_calls_it_so():
    detected, reported, resolved = one("incident__detected"), one("incident__reported"), one("incident__resolved")
    assert detected.object == reported.object == resolved.object == "incident:cdevents/errors-7@monitoring/prod"
    other = one("incident__detected", lambda told: told["subject"].update(source="/elsewhere"))
    assert other.object == "incident:cdevents/errors-7@elsewhere"


def test_an_incident_says_its_service_its_place_and_how_it_was_noticed():
    detected, reported = one("incident__detected").data, one("incident__reported").data
    assert (detected["title"], detected["services"], detected["environment"], detected["urgency"]) == (
        "More than 5% of payments fail", ["checkout"], "production", "high",
    )  # fmt: skip
    assert reported["url"] == "https://desk.example/incidents/345"
    assert one("incident__reported", content(ticketURI="javascript:alert(1)")).data["url"] is None
    assert one("incident__resolved").data["open"] is False
    assert one("incident__resolved").data["title"] is None, "how it ended is not what it is called"


def test_the_artifact_that_an_incident_struck_is_not_called_its_cause():
    assert one("incident__detected").data["root_causes"] == []
    told = one("incident__detected", content(description="Down\nRoot cause: acme/api#101"))
    assert told.data["root_causes"] == ["change:acme/api#101"]


# Changes and tickets


def test_a_change_is_ours_where_its_repository_and_number_can_be_told():
    created = one("change__created")
    assert (created.object, created.repository) == ("change:acme/api#101", "acme/api")
    assert created.data == {"snapshot": {"number": 101, "title": "Add a button"}}
    assert one("change__merged").data == {"snapshot": {"number": 101}}


@pytest.mark.parametrize(
    ("name", "repository", "is_"),
    [
        ("#101", {"id": "acme/api"}, "acme/api#101"),
        ("!7", {"id": "acme/api"}, "acme/api#7"),
        ("101", {"id": "api", "source": "https://git.example/acme"}, "acme/api#101"),
        ("acme/web#5", None, "acme/web#5"),
        ("acme/web#5", {"id": "acme/api"}, "acme/web#5"),
        ("https://git.example/acme/web/pull/5", None, "acme/web#5"),
        ("https://git.example/acme/web/-/merge_requests/5", None, "acme/web#5"),
        ("mySubject123", {"id": "acme/api"}, None),
        ("101", None, None),
        ("0", {"id": "acme/api"}, None),
        ("101", {"id": "api"}, None),
        ("101", {"id": "api", "source": "http://[odd"}, None),
        ("101", {"id": "a b/c"}, None),
        ("9" * 30, {"id": "acme/api"}, None),
    ],
)
def test_which_change_a_name_means(name, repository, is_):
    def named(told):
        told["subject"]["id"] = name
        told["subject"]["content"]["repository"] = repository

    verdict = reads("change__merged", named)
    if is_ is None:
        assert isinstance(verdict, Ignored)
        assert "repository" in verdict.reason
    else:
        assert verdict[0].object == f"change:{is_}"


def test_a_ticket_is_ours_where_its_address_is_an_issue_of_a_forge():
    closed = one("ticket__closed")
    assert closed.object == "ticket:acme/api#55"
    assert closed.data["snapshot"] == {
        "number": 55, "url": "https://git.example/acme/api/issues/55", "title": "Totals are off", "author": "github/bo",
        "assignees": ["github/anna"], "labels": ["bug"], "open": False, "closed_reason": "completed",
    }  # fmt: skip
    elsewhere = reads("ticket__created", content(uri="https://acme.tracker.example/tasks/OPS-12"))
    assert isinstance(elsewhere, Ignored)


def test_a_ticket_may_be_one_of_jiras_and_say_its_status():
    address = "https://acme.tracker.example/browse/OPS-12"

    def change(told):
        content(uri=address)(told)
        told["customData"] = {"status": "Ready for QA"}

    told = one("ticket__created", change)
    assert (told.object, told.repository) == ("ticket:jira/OPS#12", "jira/OPS")
    shown = told.data["snapshot"]
    assert (shown["number"], shown["url"], shown["status"]) == (12, address, "Ready for QA")
    assert shown["author"].startswith("jira/"), "an account there, not one of a forge"


def test_a_name_that_is_no_login_is_nobodys_account():
    told = one("ticket__created", content(creator="Alice Smith", assignees=["anna", "Bob Jones"])).data["snapshot"]
    assert "author" not in told
    assert "assignees" not in told


# Whatever else comes


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"no", b'{"a"', b"\xff\xfe\x00"])
@pytest.mark.parametrize("headers", [{}, STRUCTURED, {"ce-id": "1"}])
def test_a_body_that_is_no_object_is_malformed(body, headers):
    with pytest.raises(Malformed):
        read(body, headers)


@pytest.mark.parametrize(
    "wrong", [{"context": None}, {"context": {}}, {"subject": None}, {"subject": {"id": 7}}, {"subject": {"id": ""}}]
)
def test_what_does_not_fit_is_unknown(wrong):
    assert isinstance(reads("service__deployed", lambda told: told.update(wrong)), UnknownEvent)


def test_null_bytes_and_lone_surrogates_are_cleaned_out_of_events():
    body = json.dumps(payload("cdevents/incident__detected")).replace("of payments", "of\\u0000 pay\\ud800ments")
    assert read(body.encode())[0].data["title"] == "More than 5% of\ufffd pay\ufffdments fail"


@settings(max_examples=150, deadline=None)
@given(JSON, st.sampled_from([{}, STRUCTURED, {"ce-id": "\x00"}]))
def test_no_json_crashes_the_reader(body, headers):
    survives(read, json.dumps(body).encode(), headers)
    called(headers, json.dumps(body).encode())


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_no_mutation_of_a_payload_crashes_the_reader(draw):
    told = payload(f"cdevents/{draw.draw(st.sampled_from(OURS))}")
    body = structured(told) if draw.draw(st.booleans()) else told
    survives(read, json.dumps(mutated(draw, body)).encode(), {})
