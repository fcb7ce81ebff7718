"""What does a product manager read about a release?"""

import json
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.questions import QUESTIONS, blocking
from assistant.scopes import change_subject, service_subject
from assistant.verdicts import Verdict
from assistant.viewer import Viewer
from storage.records import ChangeState, Repository, Size, TurnKind
from tests.builders import (
    COMPANY,
    NOON,
    change_of,
    checkout,
    deployment_of,
    facts_of,
    freeze_of,
    merged_of,
    policy_of,
    release_of,
    ticket_of,
    turn,
    viewer,
)

POLICY = policy_of(COMPANY)
KEYS = {
    "question", "asked_at", "subject", "release", "verdict", "because", "state", "owner", "target", "earliest",
    "shipped_at", "stable_at", "blockers", "more", "accepted_risks", "risks", "conflicts", "unknown", "freshness",
    "reconciled_at", "changed_since",
}  # fmt: skip
OF_A_BLOCKER = {
    "kind", "subject", "url", "owner", "waiting_since", "waiting_business_hours", "over_service_level", "next_action",
    "origin", "risk", "title",
}  # fmt: skip


def parameters(subject=None, reader=None):
    known = ("acme/api", "acme/web", "acme/ledger")
    return blocking.Parameters(subject or checkout(POLICY), reader or viewer(policy=POLICY), known)


def answered(*records, about=None, reader=None, now=NOON, **more):
    return blocking.answer(facts_of(*records, now=now, **more), parameters(about, reader), POLICY, now)


def needed(subject=None, reader=None):
    return blocking.needs(parameters(subject, reader), POLICY, NOON)


def test_the_answer_as_data_has_the_documented_keys_and_plain_values():
    data = answered(change_of(), release_of(target=NOON + timedelta(days=9))).as_data()
    assert data.keys() == KEYS
    assert data["blockers"][0].keys() >= OF_A_BLOCKER
    assert json.loads(json.dumps(data)) == msgspec.json.decode(msgspec.json.encode(data))


def test_the_data_says_what_the_answer_does():
    data = answered(
        change_of(move=turn("review_pending", 30, "github/anna"), size=Size(1, 0, 1)), release_of(target=NOON)
    ).as_data()
    assert (data["question"], data["asked_at"], data["release"]) == ("blocking", "2026-11-18T12:00:00Z", "checkout 2.4")
    assert data["verdict"] == "late"
    assert data["target"] == "2026-11-18T12:00:00Z"
    blocker = data["blockers"][0]
    assert (blocker["kind"], blocker["subject"], blocker["owner"]) == ("review_pending", "acme/api#101", "Anna Berg")
    assert blocker["waiting_since"] == "2026-11-17T06:00:00Z"
    assert blocker["waiting_business_hours"] == 11.0
    assert blocker["over_service_level"] is True
    assert blocker["next_action"] == "review it"
    assert (blocker["origin"], blocker["risk"]) == ("unknown", "low")
    assert data["freshness"] == {"github": "2026-11-18T12:00:00Z"}


def test_without_a_past_there_is_no_date_and_its_reason_is_among_the_unknown():
    data = answered(change_of(), samples={}).as_data()
    assert data["earliest"] is None
    assert "remaining_time" in {gap["key"] for gap in data["unknown"]}


def test_the_first_screen_has_three_and_says_how_many_more():
    told = answered(*[change_of(n) for n in range(1, 6)])
    assert (len(told.top), told.more, len(told.blockers)) == (3, 2, 5)


def test_an_empty_ledger_is_unknown_and_says_the_next_step():
    told = answered(events=0, samples={}, merged={}, deploying=())
    assert told.verdict is Verdict.UNKNOWN
    assert "no_events" in {gap.key for gap in told.unknown}


def test_the_second_look_says_what_changed_since_the_first():
    first = answered(change_of(1), change_of(2), release_of(target=NOON + timedelta(days=9)))
    seen = (NOON, json.loads(json.dumps(blocking.outline(first))))
    later = answered(change_of(2), change_of(3), release_of(target=NOON + timedelta(days=9)), seen=seen)
    assert [(d.what, d.subject) for d in later.since.differences] == [("cleared", "acme/api#1"), ("new", "acme/api#3")]
    assert first.since is None
    same = answered(change_of(1), change_of(2), release_of(target=NOON + timedelta(days=9)), seen=seen)
    assert same.since.differences == ()


def test_a_release_needs_its_members_its_places_and_the_past_of_its_teams():
    needs = needed()
    assert {"2.4", "checkout 2.4"} <= set(needs.release_keys)
    assert needs.release_objects == ("release:checkout@2.4",)
    assert needs.releases_of == ("checkout",)
    assert needs.open_in == needs.undeployed_in == ()
    assert needs.blockers_in == needs.incidents_in == needs.deployments_in == ("acme/api", "acme/web")
    assert needs.sample_sets == {"team:core": ("acme/api", "acme/web"), "workspace": None}
    assert needs.repository_of == {"api": "acme/api", "web": "acme/web"}
    assert (needs.seen_by, needs.seen_key) == ("person/anna", "blocking:release:checkout@2.4")
    assert needs.repositories is None


def test_a_service_needs_all_that_is_open_or_undeployed_in_its_repository():
    needs = needed(service_subject(POLICY, "api"))
    assert needs.open_in == needs.undeployed_in == ("acme/api",)
    assert needs.release_keys == ()


def test_a_change_needs_itself():
    assert needed(change_subject(POLICY, "change:acme/api#1")).objects == ("change:acme/api#1",)


def test_a_subject_that_may_be_anywhere_needs_every_repository_that_may_be_seen():
    anywhere = replace(checkout(POLICY), repositories=None)
    assert needed(anywhere).deployments_in == ("acme/api", "acme/web", "acme/ledger")


def test_nothing_is_asked_for_that_the_viewer_may_not_see():
    needs = needed(reader=Viewer("person/x", "X", sees=frozenset({"acme/web"})))
    assert needs.repositories == {"acme/web"}
    assert needs.blockers_in == ("acme/web",)
    assert needs.sample_sets == {"team:core": ("acme/web",), "workspace": None}


def test_facts_that_slipped_in_are_not_shown_to_who_may_not_see_them():
    secret = change_of(2, repository="acme/web", title="Secret plan")
    blind = Viewer("person/x", "X", sees=frozenset({"acme/api"}))
    told = answered(change_of(), secret, reader=blind)
    assert "Secret" not in json.dumps(told.as_data())
    assert [b.subject for b in told.blockers] == ["acme/api#101"]


def test_the_oldest_reconciliation_of_its_repositories_is_told():
    repositories = [
        Repository(f"repository:{name}", name, reconciled_at=NOON - timedelta(hours=hours))
        for name, hours in (("acme/api", 1), ("acme/web", 5), ("acme/ledger", 99))
    ]
    assert answered(change_of(), *repositories).reconciled_at == NOON - timedelta(hours=5)


def test_every_question_declares_what_the_house_asks_of_it():
    for question in QUESTIONS:
        assert question.NAME
        assert question.HELP
        assert question.EXAMPLES
        assert question.PHRASES
        assert callable(question.needs)
        assert callable(question.answer)


WORK = st.builds(
    lambda number, kind, hours, movers, depends, size, merged, draft: change_of(
        number,
        state=ChangeState.MERGED if merged else ChangeState.OPEN,
        merged_at=NOON - timedelta(hours=hours) if merged else None,
        merge_sha="f" * 40 if merged else None,
        move=None if merged else turn(kind, hours, *movers),
        depends_on=tuple(f"change:acme/api#{n}" for n in depends),
        size=Size(size, size, size),
        draft=draft,
    ),
    st.integers(1, 8),
    st.sampled_from([kind for kind in TurnKind if kind is not TurnKind.HANDOFF_OPEN]),
    st.floats(-10, 2000),
    st.lists(st.sampled_from(["github/anna", "github/bo", "github/x[bot]"]), max_size=2),
    st.lists(st.integers(1, 9), max_size=2),
    st.one_of(st.none(), st.integers(0, 10**6)),
    st.booleans(),
    st.booleans(),
)
REST = st.lists(
    st.sampled_from([
        release_of(target=NOON + timedelta(days=3)), freeze_of(services=()), deployment_of("x"),
        ticket_of(labels=("release-blocker",)), ticket_of(56, assignees=("github/anna",)), merged_of(70),
    ]),
    unique_by=lambda record: record.object, max_size=6,
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(WORK, max_size=8, unique_by=lambda change: change.object), REST, st.booleans(), st.randoms())
def test_every_answer_keeps_its_promises_whatever_the_facts(changes, rest, has_past, shuffle):
    records = [*changes, *rest]
    more = {} if has_past else {"samples": {}, "merged": {}}
    told = answered(*records, **more)
    shuffle.shuffle(records)
    assert answered(*records, **more) == told
    assert told.because
    for blocker in told.blockers:
        assert blocker.waiting_hours is None or blocker.waiting_hours >= 0
        assert blocker.waiting_since is None or blocker.waiting_since <= NOON
        assert bool(blocker.owner) is not blocker.unowned
    names = [blocker.object for blocker in told.blockers]
    assert len(names) == len(set(names))
    if told.earliest and told.earliest.p85:
        assert told.earliest.p50 <= told.earliest.p85
    if told.earliest is None:
        assert told.unknown
    if told.verdict in {Verdict.ON_TRACK, Verdict.READY}:
        assert told.members
    assert told.as_data().keys() == KEYS
    json.dumps(told.as_data())


@pytest.mark.parametrize("count", [60])
def test_sixty_members_are_answered_with_all_their_blockers(count):
    told = answered(*[change_of(n) for n in range(count)])
    assert len(told.blockers) == count
