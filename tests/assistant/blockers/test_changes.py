"""What holds up an open change, whose move is it, and since when?"""

from datetime import timedelta

import pytest

from assistant.blockers import changes
from assistant.blockers.blocker import MACHINE, BlockerKind, NextAction
from assistant.blockers.changes import hidden_dependencies, of_changes
from assistant.viewer import Viewer
from storage.records import ChangeState, Corrections, Size
from tests.builders import COMPANY, NOON, change_of, merged_of, policy_of, situation, ticket_of, turn


def blocker(change, *others, text=COMPANY, **more):
    told = situation(change, *others, policy=policy_of(text), hints={change.object: ("milestone:2.4",)}, **more)
    (found,) = of_changes(told)
    return found


def keys(found):
    return [owner.key for owner in found.owners]


@pytest.mark.parametrize(
    ("kind", "blocked_by", "owner", "action"),
    [
        ("in_progress", BlockerKind.IN_PROGRESS, ["person/bo"], NextAction.FINISH),
        ("checks_running", BlockerKind.IN_PROGRESS, ["machine"], NextAction.WAIT_FOR_CHECKS),
        ("changes_requested", BlockerKind.CHANGES_REQUESTED, ["person/bo"], NextAction.ANSWER_REVIEW),
        ("checks_failing", BlockerKind.CHECKS_FAILING, ["person/bo"], NextAction.FIX_CHECKS),
        ("merge_conflict", BlockerKind.MERGE_CONFLICT, ["person/bo"], NextAction.RESOLVE_CONFLICT),
        ("ready_to_merge", BlockerKind.READY_TO_MERGE, ["person/bo"], NextAction.MERGE),
        ("review_pending", BlockerKind.REVIEW_PENDING, ["person/anna"], NextAction.REVIEW),
    ],
)
def test_each_turn_is_a_blocker_with_its_owner_and_next_action(kind, blocked_by, owner, action):
    found = blocker(change_of(move=turn(kind, 2, "github/anna")))
    assert (found.kind, keys(found), found.next_action) == (blocked_by, owner, action)
    assert (found.subject, found.object) == ("acme/api#101", "change:acme/api#101")
    assert found.waiting_since == NOON - timedelta(hours=2)
    assert found.waiting_hours == pytest.approx(2)


def test_each_reviewer_still_asked_owns_the_review():
    found = blocker(change_of(move=turn("review_pending", 1, "github/anna", "github/Cho")))
    assert found.owner == "Anna Berg, cho"


def test_a_review_that_nobody_was_asked_for_is_the_owners_of_the_files_else_nobodys():
    unasked = change_of(move=turn("review_pending"))
    assert keys(blocker(unasked, text=COMPANY + '[repositories."acme/api"]\nowners = ["core", "cho"]\n')) == [
        "team/core",
        "person/cho",
    ]
    nobody = blocker(unasked)
    assert nobody.unowned
    assert nobody.owner is None
    assert nobody.next_action is NextAction.FIND_REVIEWER


def test_a_team_that_was_asked_owns_the_review():
    assert keys(blocker(change_of(move=turn("review_pending"), asked_teams=("Core", "strangers")))) == ["team/core"]


def test_bots_own_nothing():
    asked = change_of(move=turn("review_pending", 1, "github/coderabbitai"))
    assert blocker(asked).unowned
    robot = change_of(
        author="github/renovate[bot]", author_is_bot=True, move=turn("checks_failing"), assignees=("github/cho",)
    )
    assert keys(blocker(robot)) == ["person/cho"]


def test_a_configured_merger_merges():
    text = COMPANY + '[repositories."acme/api"]\nmerger = "cho"\n'
    assert keys(blocker(change_of(move=turn("ready_to_merge")), text=text)) == ["person/cho"]


@pytest.mark.parametrize("kind", ["review_pending", "changes_requested", "ready_to_merge", "in_progress"])
def test_an_owner_that_a_person_named_is_the_owner(kind):
    change = change_of(move=turn(kind, 1, "github/anna"), corrections=Corrections(owner="person/cho"))
    assert keys(blocker(change)) == ["person/cho"]


def test_the_wait_is_counted_in_the_hours_of_the_one_who_must_move():
    text = COMPANY.replace('slack = "U1"', 'zone = "America/New_York"')  # 9:00 there is 14:00 here
    found = blocker(change_of(move=turn("review_pending", 20, "github/anna")), text=text)
    assert found.waiting_hours == pytest.approx(6)  # 4 by the hours of the workspace


def test_with_several_owners_the_longest_wait_of_any_counts():
    text = COMPANY.replace('slack = "U1"', "leave = [[2026-11-16, 2026-11-20]]")
    found = blocker(change_of(move=turn("review_pending", 24, "github/anna", "github/cho")), text=text)
    assert found.waiting_hours == pytest.approx(8)


def test_passing_its_service_level_is_told_in_hours():
    small = {"size": Size(1, 0, 1)}
    assert blocker(change_of(move=turn("review_pending", 28, "github/anna"), **small)).over == pytest.approx(3)
    assert blocker(change_of(move=turn("review_pending", 2, "github/anna"), **small)).over == 0


@pytest.mark.parametrize("kind", ["in_progress", "checks_running"])
def test_work_and_checks_under_way_have_no_service_level(kind):
    found = blocker(change_of(move=turn(kind, 900)))
    assert found.level is None
    assert found.over == 0


def test_a_turn_that_began_after_now_has_waited_for_nothing():
    found = blocker(change_of(move=turn("review_pending", -5)))
    assert found.waiting_hours == 0
    assert found.waiting_since == NOON


def test_an_unmerged_dependency_is_the_others_move_whatever_its_own_turn_says():
    other = change_of(7, repository="acme/web", move=turn("review_pending", 3, "github/cho"))
    found = blocker(
        change_of(
            move=turn("review_pending", 1, "github/anna"),
            opened_at=NOON - timedelta(days=1),
            depends_on=("change:ACME/web#7",),
        ),
        other,
    )
    assert found.kind is BlockerKind.DEPENDENCY
    assert keys(found) == ["person/cho"]
    assert found.waiting_since == NOON - timedelta(hours=3)
    assert found.after == ("change:ACME/web#7",)
    assert found.turn == "review_pending"
    assert "ACME/web#7" in found.detail


@pytest.mark.parametrize("other", [merged_of(7), ticket_of(7, open=False)])
def test_a_dependency_that_is_over_holds_nothing_up(other):
    assert (
        blocker(change_of(depends_on=(other.object,), move=turn("ready_to_merge")), other).kind
        is BlockerKind.READY_TO_MERGE
    )


def test_a_dependency_closed_unmerged_is_the_authors_to_replace():
    gone = change_of(7, state=ChangeState.ABANDONED, move=None)
    found = blocker(change_of(depends_on=(gone.object,)), gone)
    assert found.kind is BlockerKind.DEPENDENCY
    assert keys(found) == ["person/bo"]
    assert "closed unmerged" in found.detail


def test_a_dependency_that_was_never_heard_of_still_holds_it_up():
    found = blocker(change_of(depends_on=("change:acme/web#404",)))
    assert found.kind is BlockerKind.DEPENDENCY
    assert found.unowned


def test_a_dependency_that_a_person_unlinked_is_none():
    other = change_of(7)
    fixed = change_of(depends_on=(other.object,), corrections=Corrections(not_linked=(other.object,)))
    assert blocker(fixed, other).kind is BlockerKind.REVIEW_PENDING


def test_a_dependency_that_the_viewer_may_not_see_is_not_given_away():
    change = change_of(depends_on=("change:secret/x#1",))
    blind = Viewer("person/x", "X", sees=frozenset({"acme/*"}))
    found = blocker(change, reader=blind)
    assert found.kind is BlockerKind.REVIEW_PENDING
    assert "secret" not in repr(found)
    assert hidden_dependencies(change, situation(change, reader=blind))


def test_machine_owned_is_not_unowned():
    assert blocker(change_of(move=turn("checks_running"))).owners == (MACHINE,)


HIGH = Size(added=5_000, deleted=900, files=40)
SPECIALISTS = COMPANY + '[service_levels]\nspecialists = ["anna", "cho"]\n'


@pytest.mark.parametrize(
    ("asked", "more", "said"),
    [
        ("github/dee", {"size": HIGH}, "review it, with a specialist: Anna Berg or cho"),
        ("github/dee", {"size": HIGH, "author": "github/cho"}, "review it, with a specialist: Anna Berg"),
        ("github/anna", {"size": HIGH}, "review it"),
        ("github/dee", {"size": Size(added=1, deleted=0, files=1)}, "review it"),
        ("github/dee", {"size": HIGH, "corrections": Corrections(origin="human_heavy")}, "review it"),
        ("github/dee", {"size": HIGH, "corrections": Corrections(origin="ai_heavy")}, "review it, with a specialist: Anna Berg or cho"),
    ],
)  # fmt: skip
def test_high_risk_that_is_not_peoples_work_is_reviewed_with_a_specialist(asked, more, said):
    found = blocker(change_of(move=turn("review_pending", 1, asked), fix=True, **more), text=SPECIALISTS)
    assert found.next_step == said


def test_its_risk_and_its_origin_are_worked_out_once(monkeypatch):
    asked = []
    for name in ("risk_of", "origin_of"):
        whole = getattr(changes, name)
        monkeypatch.setattr(changes, name, lambda *given, name=name, whole=whole: asked.append(name) or whole(*given))
    blocker(change_of(move=turn("review_pending", 1, "github/dee"), fix=True, size=HIGH), text=SPECIALISTS)
    assert sorted(asked) == ["origin_of", "risk_of"]


def test_a_specialist_is_for_reviews_and_only_where_some_are_named():
    risky = change_of(move=turn("checks_failing", 1), fix=True, size=HIGH)
    assert blocker(risky, text=SPECIALISTS).next_step == "make the checks pass"
    assert (
        blocker(change_of(move=turn("review_pending", 1, "github/dee"), fix=True, size=HIGH)).next_step == "review it"
    )
