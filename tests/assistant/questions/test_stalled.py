"""Which reviews wait longer than their service level, and what would move them?"""

import json
from datetime import timedelta

import pytest

from assistant.questions import stalled
from assistant.scoped import Scoped
from assistant.scopes import change_subject, release_subject, service_subject, team_subject, workspace_subject
from assistant.viewer import Viewer
from storage.facts import Knower
from storage.records import Attention, ChangeState, Corrections, Mark, Size
from tests.builders import COMPANY, NOON, change_of, facts_of, policy_of, turn, viewer

POLICY = policy_of(COMPANY)
CORE = team_subject(POLICY, "core")
KNOWN = ("acme/api", "acme/web", "acme/ledger")
LONG, SHORT = 72.0, 2.0  # calendar hours before Wednesday noon: 19 and 2 working hours


def asked(subject=CORE, reader=None):
    return Scoped(subject, reader or viewer(policy=POLICY), KNOWN)


def answered(*records, subject=CORE, reader=None, policy=POLICY, now=NOON, **more):
    return stalled.answer(facts_of(*records, claims=None, now=now, **more), asked(subject, reader), policy, now)


def waiting(number, hours=LONG, *who, kind="review_pending", **more):
    return change_of(number, move=turn(kind, hours, *(who or ("github/anna",))), **more)


def numbers(blockers):
    return [int(one.object.rpartition("#")[2]) for one in blockers]


def test_a_review_is_late_once_it_has_waited_longer_than_its_level_the_furthest_over_first():
    told = answered(waiting(1, SHORT), waiting(2, LONG), waiting(3, LONG + 24 * 7))
    assert numbers(told.late) == [3, 2]
    assert (told.late[1].waiting_hours, told.late[1].level) == (19.0, 12.0)
    assert told.late[1].owner == "Anna Berg"


def test_hours_are_those_of_the_one_who_must_move():
    policy = policy_of(COMPANY.replace('github = ["anna"]', 'github = ["anna"]\ndays = ["mon"]'))  # Mondays only
    assert numbers(answered(waiting(1), policy=policy).late) == []


def test_a_review_that_nobody_is_asked_for_is_said_at_once_and_a_late_one_is_in_both_lists():
    told = answered(change_of(1, move=turn("review_pending", SHORT)), change_of(2, move=turn("review_pending", LONG)))
    assert numbers(told.unasked) == [2, 1]
    assert numbers(told.late) == [2]
    assert numbers(told.listed) == [2, 1]


def test_the_owners_of_the_files_are_somebody():
    policy = policy_of(COMPANY + '[repositories."acme/api"]\nowners = ["cho"]\n')
    told = answered(change_of(1, move=turn("review_pending", SHORT)), policy=policy)
    assert told.unasked == ()


def test_what_is_approved_is_no_late_review_but_listed_while_it_is_not_merged():
    told = answered(waiting(1, LONG, "github/bo", kind="ready_to_merge"))
    assert (told.late, numbers(told.approved)) == ((), [1])


@pytest.mark.parametrize("kind", ["changes_requested", "checks_failing", "merge_conflict"])
def test_the_authors_turn_is_listed_once_it_is_past_the_level(kind):
    told = answered(waiting(1, LONG, "github/bo", kind=kind), waiting(2, SHORT, "github/bo", kind=kind))
    assert (told.late, numbers(told.authors)) == ((), [1])


def test_drafts_running_checks_dependencies_and_what_is_out_wait_for_nobody_here():
    told = answered(
        waiting(1, kind="in_progress", draft=True), waiting(2, kind="checks_running"),
        waiting(3, depends_on=("change:acme/web#9",)), waiting(4, corrections=Corrections(shipped_at=NOON)),
        change_of(5, state=ChangeState.MERGED, move=None), change_of(9, "acme/web", move=turn("review_pending")),
    )  # fmt: skip
    assert numbers(told.listed) == [9]


def test_queues_are_split_by_origin_and_risk_each_with_its_level_the_worst_first():
    ai, people = Corrections(origin="ai_heavy"), Corrections(origin="human_heavy")
    big, small = Size(4_000, 900, 60), Size(1, 0, 1)
    told = answered(
        waiting(1, LONG + 96, corrections=ai, size=big, fix=True), waiting(2, SHORT, corrections=people, size=small),
        waiting(3, LONG, corrections=people, size=small), waiting(4, LONG), waiting(5, LONG),
    )  # fmt: skip
    queues = [(q.origin, q.risk, q.level, numbers(q.waiting), numbers(q.late)) for q in told.queues]
    assert queues == [
        ("unknown", "medium", 12.0, [4, 5], [4, 5]),
        ("human_heavy", "low", 8.0, [3, 2], [3]),
        ("ai_heavy", "high", 24.0, [1], [1]),
    ]


def test_what_update_bots_wrote_is_of_unknown_origin_and_never_treated_more_leniently():
    (queue,) = answered(waiting(1, corrections=Corrections(origin="automation"))).queues
    assert (queue.origin, queue.level) == ("unknown", 12.0)


def test_risky_work_of_ai_names_a_specialist():
    policy = policy_of(COMPANY + '[service_levels]\nspecialists = ["cho"]\n')
    change = waiting(1, 24 * 9, corrections=Corrections(origin="ai_heavy"), size=Size(4_000, 900, 60), fix=True)
    assert answered(change, policy=policy).late[0].specialists == ("cho",)


def test_somebody_who_knows_the_files_and_has_less_in_hand_is_offered():
    knows = {"change:acme/api#1": (Knower("github/cho", 3, NOON, files=True),)}
    told = answered(waiting(1), familiar=knows, in_hand={"github/anna": 2, "github/cho": 1})
    assert told.offers["change:acme/api#1"].names == ("cho",)
    assert told.as_data()["past_level"][0]["could_take"] == [{"key": "person/cho", "name": "cho"}]


def test_where_only_the_repository_is_known_that_is_said():
    knows = {"change:acme/api#1": (Knower("github/cho", 3, NOON, files=False),)}
    told = answered(waiting(1), familiar=knows, in_hand={"github/anna": 1, "github/cho": 0})
    assert "files_unknown" in [gap.key for gap in told.unknown]


def test_nobody_is_offered_for_what_is_within_its_level():
    knows = {"change:acme/api#1": (Knower("github/cho", 3, NOON, files=True),)}
    assert answered(waiting(1, SHORT), familiar=knows).offers == {}


def test_what_is_snoozed_still_counts():
    name = "change:acme/api#1"
    snoozed = Attention(
        f"attention:{name}", name, "acme/api", NOON, snoozed=(Mark("person/anna", NOON, NOON + timedelta(days=9)),)
    )
    told = answered(waiting(1), attention={name: snoozed})
    assert numbers(told.late) == [1]
    assert told.attention == {name: snoozed}


def test_what_may_not_be_seen_and_what_is_out_of_scope_is_left_out():
    blind = Viewer("person/x", "X", sees=frozenset({"acme/web"}))
    changes = (
        waiting(1),
        change_of(2, "acme/web", move=turn("review_pending", LONG)),
        waiting(3, repository="acme/ledger"),
    )
    assert numbers(answered(*changes).late) == [1, 2]
    told = answered(*changes, reader=blind)
    assert numbers(told.late) == [2]
    assert "hidden" in [gap.key for gap in told.unknown]
    assert numbers(answered(*changes, subject=workspace_subject(POLICY)).late) == [1, 3, 2]


def test_a_release_has_the_reviews_of_its_members():
    hints = {"change:acme/api#1": ("milestone:2.4",)}
    release = release_subject(POLICY, "checkout", "2.4")
    assert numbers(answered(waiting(1), waiting(2), subject=release, hints=hints).late) == [1]


def test_what_changed_since_it_was_last_seen_is_said():
    before = stalled.outline(answered(waiting(1), waiting(2)))
    told = answered(waiting(2), waiting(3), seen=(NOON - timedelta(days=1), json.loads(json.dumps(before))))
    assert [(one.what, one.subject) for one in told.since.differences] == [
        ("cleared", "acme/api#1"),
        ("new", "acme/api#3"),
    ]
    assert answered(waiting(1)).since is None


def test_nothing_heard_is_no_good_news():
    assert [gap.key for gap in answered(events=0).unknown] == ["no_events"]


def test_every_number_lists_what_it_counted():
    data = answered(waiting(1), waiting(2, SHORT), waiting(3, kind="ready_to_merge")).as_data()
    assert data.keys() == {
        "question", "asked_at", "subject", "past_level", "nobody_asked", "approved_not_merged", "authors_turn",
        "queues", "unknown", "freshness", "changed_since",
    }  # fmt: skip
    (queue,) = data["queues"]
    assert [one["object"] for one in queue["waiting"]] == ["change:acme/api#1", "change:acme/api#2"]
    assert queue["past_level"] == [
        {"object": "change:acme/api#1", "subject": "acme/api#1", "url": "https://github.example/acme/api/pull/1"}
    ]
    json.dumps(data)


def test_it_asks_for_what_is_open_in_the_scope_and_no_past():
    needs = stalled.needs(asked(), POLICY, NOON)
    assert needs.open_in == needs.familiar_in == ("acme/api", "acme/web")
    assert (needs.sample_sets, needs.undeployed_in, needs.deployments_in) == ({}, (), ())
    assert (needs.seen_by, needs.seen_key, needs.attention) == ("person/anna", "stalled:team:core", True)


@pytest.mark.parametrize(
    ("subject", "wanted"),
    [
        (release_subject(POLICY, "checkout", "2.4"), {"release_objects": ("release:checkout@2.4",), "open_in": ()}),
        (service_subject(POLICY, "api"), {"open_in": ("acme/api",)}),
        (change_subject(POLICY, "change:acme/api#1"), {"objects": ("change:acme/api#1",), "open_in": ()}),
        (workspace_subject(POLICY), {"open_in": KNOWN}),
    ],
)
def test_each_kind_of_scope_asks_for_its_own(subject, wanted):
    needs = stalled.needs(asked(subject), POLICY, NOON)
    assert {name: getattr(needs, name) for name in wanted} == wanted


def test_nothing_is_asked_for_that_may_not_be_seen():
    needs = stalled.needs(asked(reader=Viewer("person/x", "X", sees=frozenset({"acme/web"}))), POLICY, NOON)
    assert (needs.repositories, needs.open_in) == ({"acme/web"}, ("acme/web",))
