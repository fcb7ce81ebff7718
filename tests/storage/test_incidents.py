"""Which incidents does a question get, and what do deliveries of their sources leave in the ledger?"""

import json
from datetime import timedelta

import numpy as np
import pytest

from storage import incidents
from storage.facts import Needs
from storage.records import Delivery, Event, Outcome
from storage.sources.judging import judge
from tests.builders import at
from tests.deliveries import payload
from tests.ledgers import delivered

NOW = at("2026-11-17T13:00")
SHA = "9b8a7c6d5e4f30211203f4e5d6c7b8a90a1b2c3d"
PAGE = "incident:pagerduty/PINC100"
STORY = ("incident__triggered", "incident__acknowledged", "incident__annotated", "incident__resolved")


def taken(source, name, number=None):
    body = json.dumps(payload(f"{source}/{name}")).encode()
    return judge(Delivery(source, str(number or name), {}, body, NOW))


def heard(ledger, source, *names):
    return ledger.append([taken(source, name) for name in names])


def load(ledger, now=NOW, **needs):
    return ledger.load(Needs(**({"incidents_in": ("acme/api",)} | needs)), now)


def numbered(number, kind, when):
    """An event of one of many incidents."""
    name = f"incident:pagerduty/P{number}"
    told = Event(f"{name}|{kind}|{when}", name, kind, when, "pagerduty", data={"title": f"Page {number}"})
    return delivered(told, number=f"{number}{kind}", received=when, source="pagerduty")


def test_an_incident_is_handed_over_while_it_is_open_and_lately_after(ledger):
    assert heard(ledger, "pagerduty", *STORY) == [Outcome.NEW] * 4
    (found,) = load(ledger).incidents
    assert (found.object, found.open, found.root_causes) == (PAGE, False, ("change:acme/api#101",))
    assert load(ledger, NOW + timedelta(days=200)).incidents == ()
    heard(ledger, "pagerduty", "incident__reopened")
    (open_again,) = load(ledger, NOW + timedelta(days=200)).incidents
    assert open_again.open


def test_the_order_of_deliveries_does_not_matter(ledger):
    heard(ledger, "pagerduty", *reversed(STORY))
    again = [taken("pagerduty", name, number) for number, name in enumerate(STORY)]
    ledger.append(again)  # a second hook, under other ids
    (found,) = load(ledger).incidents
    assert found.closed_at == at("2026-11-17T11:30:10")
    assert found.opened_at == at("2026-11-17T09:58:40")
    assert len(ledger.history(PAGE)) == len(STORY)


@pytest.mark.parametrize(
    ("needs", "count"), [({"incidents_in": ()}, 0), ({"incidents_in": (), "services": ("api",)}, 1)]
)
def test_only_who_asks_for_incidents_gets_them(ledger, needs, count):
    heard(ledger, "pagerduty", "incident__triggered")
    assert len(load(ledger, **needs).incidents) == count


def test_whoever_sees_only_some_repositories_gets_those_of_services_too_to_be_settled_later(ledger):
    heard(ledger, "pagerduty", "incident__triggered")
    assert len(load(ledger, repositories=frozenset({"acme/web"})).incidents) == 1


def test_open_ones_come_first_where_there_are_too_many(ledger, monkeypatch):
    monkeypatch.setattr(incidents, "_LATELY", incidents._LATELY.replace(f"LIMIT {incidents.MOST}", "LIMIT 2"))
    hours = [NOW - timedelta(hours=hour) for hour in range(6)]
    ledger.append([numbered(n, "incident.detected", when - timedelta(minutes=1)) for n, when in enumerate(hours)])
    ledger.append([numbered(n, "incident.resolved", when) for n, when in enumerate(hours) if n != 5])
    assert [one.title for one in load(ledger).incidents] == ["Page 0", "Page 5"]


def test_issues_with_the_label_stand_beside_them(ledger):
    issue = payload("github/issues__opened")
    issue["issue"]["labels"] = [{"name": "Incident"}, {"name": "service:api"}]
    headers = {"X-GitHub-Event": "issues"}
    ledger.append([judge(Delivery("github", "1", headers, json.dumps(issue).encode(), NOW))])
    heard(ledger, "pagerduty", "incident__triggered")
    labelled, paged = load(ledger, incident_labels=("incident",)).incidents
    assert (labelled.source, labelled.services, paged.source) == ("github", ("api",), "pagerduty")


def test_how_long_incidents_took_is_remembered_beside_labelled_issues(ledger):
    heard(ledger, "pagerduty", *STORY)
    heard(ledger, "cdevents", "incident__detected")
    samples = load(ledger, sample_sets={"workspace": None}).samples["workspace"]["incident_open"]
    assert samples.began[0] == samples.began[1] == at("2026-11-17T09:58:40").timestamp()
    assert np.nanmin(samples.cleared) == at("2026-11-17T11:30:10").timestamp()


def test_a_rebuild_and_a_look_back_fold_the_same(ledger):
    heard(ledger, "pagerduty", *STORY)
    heard(ledger, "cdevents", "incident__detected", "service__deployed", "artifact__packaged")
    before = ledger.get([PAGE, "deployment:cdevents/checkout/production/2026-11-17T09:30:00Z"])
    ledger.rebuild()
    assert ledger.get(list(before)) == before
    with ledger.as_of(NOW - timedelta(days=1)) as then:
        assert then.load(Needs(incidents_in=("acme/api",)), NOW).incidents == ()


@pytest.mark.parametrize(
    "order", [("artifact__packaged", "service__deployed"), ("service__deployed", "artifact__packaged")]
)
def test_a_deployment_learns_its_commit_from_its_artifact_whichever_came_first(ledger, order):
    heard(ledger, "cdevents", *order)
    (found,) = load(ledger, services=("checkout",), repository_of={"checkout": "acme/api"}).deployments
    assert (found.sha, found.service, found.environment) == (SHA, "checkout", "production")


def test_a_rollback_says_so(ledger):
    heard(ledger, "cdevents", "service__rolledback")
    (found,) = load(ledger, services=("checkout",), repository_of={"checkout": "acme/api"}).deployments
    assert found.purpose == "rollback"


def test_a_ticket_of_cdevents_is_a_ticket_of_ours(ledger):
    heard(ledger, "cdevents", "ticket__created", "ticket__updated", "ticket__closed")
    (found,) = ledger.get(["ticket:acme/api#55"]).values()
    assert (found.title, found.open, found.labels, found.closed_reason) == (
        "Totals are off",
        False,
        ("bug",),
        "completed",
    )


def test_a_change_of_cdevents_is_a_change_of_ours(ledger):
    heard(ledger, "cdevents", "change__created", "change__updated", "change__merged")
    (found,) = ledger.get(["change:acme/api#101"]).values()
    assert (found.title, found.state, found.merged_at) == ("Add a button", "merged", at("2026-11-16T12:00"))


def test_what_the_forge_itself_told_of_a_merge_stays(ledger):
    """The forge says when it merged; another tool says so again, a little later."""
    merged = payload("github/pull_request__closed_merged")
    number, repository = merged["pull_request"]["number"], merged["repository"]["full_name"]
    body = json.dumps(merged).encode()
    ledger.append([judge(Delivery("github", "1", {"X-GitHub-Event": "pull_request"}, body, NOW))])
    name = f"change:{repository}#{number}"
    before = ledger.get([name])[name]
    again = payload("cdevents/change__merged")
    again["subject"] |= {"id": str(number), "content": {"repository": {"id": repository}}}
    again["context"]["timestamp"] = (before.merged_at + timedelta(seconds=9)).isoformat()
    ledger.append([judge(Delivery("cdevents", "1", {}, json.dumps(again).encode(), NOW))])
    after = ledger.get([name])[name]
    assert (after.merged_at, after.merge_sha, after.title) == (before.merged_at, before.merge_sha, before.title)


def test_a_forgotten_person_is_forgotten_in_incidents_too(ledger):
    heard(ledger, "pagerduty", "incident__triggered")
    ledger.forget_person("person/anna", ["pagerduty/PANNA01"], [], ["Anna Berg"])
    heard(ledger, "pagerduty", "incident__acknowledged")
    (found,) = load(ledger).incidents
    assert "Anna" not in repr(found)
    assert "PANNA01" not in repr(found)
    assert found.assignees[0].startswith("pagerduty/forgotten-")


def told_by(*names):
    """An event of each of these incidents."""
    told = [
        Event(f"{name}|x", f"incident:cdevents/{name}", "incident.detected", NOW, "cdevents", data={"title": name})
        for name in names
    ]
    return [delivered(each, number=each.object, received=NOW, source="cdevents") for each in told]


def test_an_incident_is_found_by_its_id_alone_whoever_calls_it_so(ledger):
    ledger.append(told_by("errors-7@monitoring/prod", "errors-7@other", "errors-70@other", "errors-8"))
    both = ("incident:cdevents/errors-7@monitoring/prod", "incident:cdevents/errors-7@other")
    assert ledger.find_incidents("incident:cdevents/errors-7") == both
    assert ledger.find_incidents("incident:cdevents/errors-7@other") == both[1:]
    assert ledger.find_incidents("incident:cdevents/errors-8") == ("incident:cdevents/errors-8",)
    assert ledger.find_incidents("incident:cdevents/err") == ()
