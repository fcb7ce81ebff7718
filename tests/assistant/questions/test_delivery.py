"""Delivery is counted from what merged, was deployed, hurt and was promised; every number can be opened."""

import json

import pytest

from assistant.questions import delivery
from assistant.router import Asked, route
from assistant.scoped import Scoped
from assistant.scopes import release_subject, team_subject, workspace_subject
from storage.facts import Facts, Freshness
from storage.records import HandoffState, Incident, Step, Turn, TurnKind
from tests.builders import COMPANY, NOON, checkout, facts_of, incident_of, policy_of, release_of, ticket_of, viewer
from tests.delivered import DAY, HOUR, deployments_of, flow_of, weekly
from tests.handing import as_viewer, desk_of, done, handed, handoff_of, planned
from tests.storage.test_ledger_loading import Told, deployed, for_release, merged_change

WATCHED = policy_of(COMPANY)
KNOWN = ("acme/api", "acme/web", "acme/ledger")
PAST = incident_of("OLD", opened_at=NOON - 80 * DAY, open=False, closed_at=NOON - 79 * DAY)
OTHER = incident_of("OLDWEB", services=("web",), opened_at=NOON - 80 * DAY, open=False, closed_at=NOON - 79 * DAY)


def scoped(subject=None, releases=(), handoffs=()):
    subject = subject or team_subject(WATCHED, "core")
    return Scoped(subject, viewer(policy=WATCHED), KNOWN, releases, handoffs=handoffs)


def answered(*ways, incidents=(PAST, OTHER), records=(), now=NOON, versions=(), handoffs=(), **more):
    ordered = sorted(ways, key=lambda way: way.merged)
    facts = facts_of(
        *deployments_of(*ordered), *records, incidents=incidents, flow={"asked": flow_of(*ordered)}, now=now,
        freshness=Freshness({"github": now, "pagerduty": now}, {"github": now}), **more,
    )  # fmt: skip
    releases = tuple(release_subject(WATCHED, "checkout", version) for version in versions)
    return delivery.answer(facts, scoped(releases=releases, handoffs=handoffs), WATCHED, now)


def stage(answer, name):
    return next(one for one in answer.numbers.stages if one.name == name)


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("delivery", ""),
        ("dora metrics", ""),
        ("delivery metrics of team core", "team core"),
        ("show our delivery metrics", ""),
        ("how fast do we deliver", ""),
        ("how well does team core deliver?", "team core"),
        ("what's the lead time for team core", "team core"),
        ("what is our deployment frequency", ""),
        ("how long do changes take to reach production", ""),
        ("weekly report for team core", "team core"),
    ],
)
def test_plain_words_ask_for_it(text, about):
    assert route(text) == Asked("delivery", {"about": about})


def test_what_is_loaded_are_columns_of_twelve_weeks_and_no_simulation():
    needs = delivery.needs(scoped(releases=(checkout(WATCHED),)), WATCHED, NOON)
    assert needs.flow_in == {"asked": ("acme/api", "acme/web")}
    assert (NOON - needs.flow_since).days in range(84, 98)
    assert needs.deployments_since < NOON - 56 * DAY
    assert (needs.sample_sets, needs.open_in, needs.linked) == ({}, (), False)
    assert needs.bug_labels == ("bug",)
    assert needs.releases_of == ("checkout",)
    assert "2.4" in needs.release_keys
    assert (needs.seen_by, needs.seen_key) == ("person/anna", "delivery:team:core")
    assert (needs.heard_within, needs.first_out) == (4 * DAY, True)


def test_everything_is_asked_of_all_that_is_known():
    assert delivery.needs(scoped(workspace_subject(WATCHED)), WATCHED, NOON).flow_in == {"asked": KNOWN}


def test_without_anything_the_answer_is_empty_and_says_so():
    answer = delivery.answer(Facts(), scoped(), WATCHED, NOON)
    assert answer.empty
    assert not answer.comparable
    assert [gap.key for gap in answer.unknown] == ["no_events"]
    assert answer.as_data()["change_fail_rate"]["now"]["value"] is None


def test_what_is_quiet_long_enough_is_stable_and_what_is_younger_is_not_known():
    answer = answered(*weekly(6, 4), *weekly(6, 1, first=20))
    found = stage(answer, "stabilizing")
    assert (found.weekly[-4].value, found.weekly[-4].n) == (0.0, 6)
    assert (found.weekly[-1].value, found.weekly[-1].n) == (None, 0)


def test_where_nobody_watched_nothing_is_stable_and_the_fail_rate_is_unknown():
    answer = answered(*weekly(6, 4), incidents=())
    assert stage(answer, "stabilizing").weekly[-4].value is None
    assert answer.numbers.numbers["change_fail_rate"].now.value is None
    assert "not_watched" in [gap.key for gap in answer.unknown]


def heard(*stretches):
    told = tuple((NOON - begun * DAY, NOON - ended * DAY) for begun, ended in stretches)
    return {"github": ((NOON - 400 * DAY, NOON),), "pagerduty": told}


@pytest.mark.parametrize(
    ("stretches", "now", "before"),
    [
        (((90, 0),), True, True),
        (((40, 0),), True, False),  # first heard within the four weeks before
        (((20, 0),), False, False),
        (((90, 40), (32, 0)), True, False),
        (((90, 20), (10, 0)), False, True),
    ],
)
def test_the_fail_rate_of_four_weeks_is_known_where_a_source_was_heard_all_through_them(stretches, now, before):
    answer = answered(*weekly(6, 2), *weekly(6, 6, first=20), heard=heard(*stretches))
    rate = answer.numbers.numbers["change_fail_rate"]
    assert (rate.now.value is not None, rate.before.value is not None) == (now, before)
    assert ("not_watched" in [gap.key for gap in answer.unknown]) is not (now and before)


def test_what_was_quiet_while_nobody_listened_is_not_known_to_be_stable():
    answer = answered(*weekly(6, 4), *weekly(6, 6, first=20), heard=heard((90, 40), (3, 0)))
    weeks = stage(answer, "stabilizing").weekly
    assert (weeks[-6].n, weeks[-4].n) == (0, 0)
    whole = stage(answered(*weekly(6, 4), heard=heard((90, 0))), "stabilizing")
    assert whole.weekly[-4].n == 6


def test_a_repository_that_is_watched_is_stable_whatever_another_is():
    answer = answered(*weekly(6, 4), *weekly(6, 4, first=20, repository="acme/web"), incidents=(PAST,))
    assert stage(answer, "stabilizing").weekly[-4].n == 6
    assert answer.numbers.numbers["change_fail_rate"].now.value is None


def test_an_incident_delays_the_quiet_of_what_brought_it():
    ways = weekly(5, 4)
    hurt = [
        incident_of(str(n), opened_at=way.out + HOUR, open=False, closed_at=way.out + DAY, root_causes=(way.object,))
        for n, way in enumerate(ways)
    ]
    answer = answered(*ways, incidents=(*hurt, OTHER))
    assert stage(answer, "stabilizing").weekly[-4].value == pytest.approx(1.0)
    assert len(answer.failures) == 5
    assert answer.called(answer.failures[0]).startswith("acme/api to production, ")


def test_promises_of_the_newest_four_weeks_stand_beside_those_before():
    kept = release_of("2.4", target=NOON - 20 * DAY, shipped_at=NOON - 21 * DAY)
    broken = release_of("2.5", target=NOON - 12 * DAY, shipped_at=NOON - 11 * DAY)
    before = release_of("2.3", target=NOON - 40 * DAY, shipped_at=NOON - 41 * DAY)
    answer = answered(records=(kept, broken, before), versions=("2.3", "2.4", "2.5"))
    assert (answer.promises.now.value, answer.promises.before.value) == (0.5, 1.0)
    assert [one.name for one in answer.broken] == ["checkout 2.5"]
    assert not answer.empty


def test_the_data_is_json_names_every_number_and_what_it_counted():
    answer = answered(*weekly(6, 1), *weekly(6, 5, first=20))
    data = json.loads(json.dumps(answer.as_data()))
    assert (data["question"], data["subject"]) == ("delivery", {"kind": "team", "name": "core"})
    assert [one["name"] for one in data["stages"]][:3] == ["deciding", "coding", "review"]
    assert len(data["weeks"]) == len(data["stages"][0]["weeks"]) == 8
    five = ("deployment_frequency", "change_lead_time", "change_fail_rate", "recovery_time", "rework_rate")
    assert all({"now", "before", "moved"} == data[name].keys() for name in five)
    assert len(data["deployment_frequency"]["now"]["counted"]) == 6
    assert set(data) >= {"asked_at", "unknown", "freshness", "promises_kept", "firefighting", "review"}


def test_nobody_is_named_anywhere():
    told = json.dumps(answered(*weekly(6, 1)).as_data())
    assert "github/bo" not in told
    assert "person/" not in told


def test_the_outline_is_each_number_as_it_was_said():
    answer = answered(*weekly(6, 1))
    assert delivery.outline(answer)["deployment_frequency"] == 1.5


def test_other_weeks_are_counted_a_week_later():
    ways = weekly(6, 1)
    assert stage(answered(*ways), "review").weekly[-1].n == 6
    assert stage(answered(*ways, now=NOON + 7 * DAY), "review").weekly[-2].n == 6


# From the ledger, on both databases.


@pytest.fixture
def told(database_url):
    made = Told(database_url)
    yield made
    made.ledger.close()


def test_the_ledger_and_the_question_agree_on_what_they_count(told):
    for n in range(1, 7):
        out = NOON - (5 + n) * DAY
        told.put(ticket_of(100 + n, opened_at=out - 9 * DAY, labels=("bug",)))
        change = merged_change(
            n,
            out - 5 * HOUR,
            opened_at=out - 53 * HOUR,
            ready_at=out - 53 * HOUR,
            closes=(f"ticket:acme/api#{100 + n}",),
        )
        told.put(change, turns=(Turn(TurnKind.REVIEW_PENDING, out - 53 * HOUR, out - 5 * HOUR),))
        told.put(deployed(str(n), f"{n:040x}", out))
    hurt = NOON - 5 * DAY
    told.put(Incident("incident:pagerduty/P1", "pagerduty", "Down", open=False, opened_at=hurt, closed_at=hurt + HOUR,
                      last_event_at=hurt + HOUR, services=("api",)))  # fmt: skip
    facts = told.ledger.load(delivery.needs(scoped(), WATCHED, NOON), NOON)
    answer = delivery.answer(facts, scoped(), WATCHED, NOON)
    numbers = answer.numbers.numbers
    assert [round(stage(answer, name).days.now.value, 2) for name in ("deciding", "review", "deploying")] == [
        6.79, 2.0, 0.21,
    ]  # fmt: skip
    assert numbers["change_lead_time"].now.value == pytest.approx(53 / 24)
    assert (numbers["firefighting"].now.value, numbers["firefighting"].now.n) == (1.0, 6)
    assert numbers["deployment_frequency"].now.value == 1.5
    assert [part.name for part in answer.numbers.parts if part.share == 1.0] == ["reviewers"]


# Tests by people


def with_qa(ways, hours=6):
    """A handoff to QA about each change, from its merge on, taken up after an hour."""
    for number, way in enumerate(ways):
        steps = (
            Step("handoff.opened", "person/anna", way.merged, to_function="qa"),
            Step("handoff.acknowledged", "person/bo", way.merged + HOUR),
            Step("handoff.done", "person/bo", way.merged + hours * HOUR),
        )
        yield handoff_of(
            f"handoff:{number}", about=way.object, opened_at=way.merged, state=HandoffState.DONE,
            state_at=steps[-1].at, steps=steps,
        )  # fmt: skip


def test_testing_is_from_handed_to_qa_to_done_beside_the_other_stages():
    ways = weekly(6)
    given = answered(*ways, handoffs=tuple(with_qa(ways)))
    testing = stage(given, "testing")
    assert (testing.days.now.value, testing.days.now.n) == (0.25, 6)
    assert testing.hours.now.value == 1.0
    assert round(testing.beside.now.value * 24) == 2  # it is in production two hours after the merge
    assert stage(given, "deploying").days.now.value * 24 == pytest.approx(2)
    assert stage(given, "review").beside is None
    assert given.handed_to_testers


def test_what_qa_has_not_done_yet_is_not_known():
    ways = weekly(6)
    still = [handoff_of(f"handoff:{n}", about=way.object, opened_at=way.merged, steps=()) for n, way in enumerate(ways)]
    assert stage(answered(*ways, handoffs=tuple(still)), "testing").days.now.value is None


def test_where_nothing_was_handed_to_qa_testing_is_only_checks_and_that_is_said():
    given = answered(*weekly(6))
    assert not given.handed_to_testers
    assert "handoffs" in [gap.key for gap in given.unknown]
    assert stage(given, "testing").days.now.value is None


def test_the_data_tells_what_went_on_beside_other_stages():
    ways = weekly(6)
    data = answered(*ways, handoffs=tuple(with_qa(ways))).as_data()
    testing = next(one for one in data["stages"] if one["name"] == "testing")
    assert testing["beside_other_stages"]["now"]["n"] == 6
    assert json.loads(json.dumps(data)) == data


def test_the_members_of_a_release_that_qa_tested_are_loaded_too():
    asked = delivery.needs(scoped(handoffs=(handoff_of(about="release:checkout@2.4"),)), WATCHED, NOON)
    assert asked.release_objects == ("release:checkout@2.4",)
    assert "2.4" in asked.release_keys
    assert delivery.needs(scoped(), WATCHED, NOON).release_keys == ()


def test_the_members_of_a_release_that_qa_tested_were_with_qa(database_url):
    told, merged = Told(database_url), NOON - 16 * DAY
    with told.ledger as ledger:
        desk = desk_of(ledger)
        planned(desk, now=merged - DAY)
        for number in range(1, 8):
            hints = for_release("2.4") if number < 7 else ()
            told.put(merged_change(number, merged, opened_at=merged - DAY), hints=hints, at=merged)
            told.put(deployed(str(number), f"{number:040x}", merged + 12 * HOUR), at=merged + 12 * HOUR)
        done(desk, handed(desk, now=merged), now=merged + 6 * HOUR)
        answer = desk.told("delivery", "team core", as_viewer("anna"), NOON).answer
    testing = stage(answer, "testing")
    assert (testing.days.now.n, testing.days.now.value) == (6, 0.25)
    assert testing.beside.now.value == 0.25
