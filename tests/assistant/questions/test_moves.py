"""What waits for one person, and for nobody else?"""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.blockers.blocker import NextAction
from assistant.questions import moves
from assistant.router import Asked, route
from assistant.scoped import Scoped
from assistant.scopes import release_subject, team_subject, workspace_subject
from assistant.viewer import Viewer
from storage.records import Account, Attention, ChangeState, Corrections, HandoffState, Mark
from tests.builders import (
    COMPANY,
    NOON,
    change_of,
    facts_of,
    incident_of,
    merged_of,
    policy_of,
    ticket_of,
    turn,
    viewer,
)
from tests.handing import company, done_of, handoff_of

POLICY = policy_of(COMPANY)
OWNING = COMPANY + '[repositories."acme/web"]\nowners = ["core"]\n[repositories."acme/api"]\nmerger = "anna"\n'
EVERYTHING = workspace_subject(POLICY)
KNOWN = ("acme/api", "acme/web", "acme/ledger")


def asked(person="person/anna", subject=EVERYTHING, reader=None):
    return Scoped(subject, reader or viewer(policy=POLICY), KNOWN, person=person)


def answered(*records, person="person/anna", subject=EVERYTHING, policy=POLICY, reader=None, **more):
    facts = facts_of(*records, claims=None, **more)
    return moves.answer(facts, asked(person, subject, reader), policy, NOON)


def mine(*records, **more):
    return [one.subject.rpartition("/")[2] for one in answered(*records, **more).moves]


def waiting(number, kind="review_pending", *who, hours=2.0, repository="acme/api", **more):
    return change_of(number, repository, move=turn(kind, hours, *who), **more)


@pytest.mark.parametrize(
    "kind", ["review_pending", "changes_requested", "checks_failing", "merge_conflict", "ready_to_merge"]
)
def test_whatever_asks_for_their_hand_is_their_move(kind):
    author = "github/anna" if kind != "review_pending" else "github/bo"
    assert mine(waiting(1, kind, "github/anna", author=author)) == ["api#1"]
    assert mine(waiting(1, kind, "github/anna", author=author), person="person/cho") == []


def test_an_account_in_any_case_and_one_that_was_proved_are_theirs():
    assert mine(waiting(1, "review_pending", "github/Anna")) == ["api#1"]
    proved = Account("account:github/zed", "zed", person="slack/U7")
    assert mine(waiting(1, "review_pending", "github/zed"), proved, person="slack/U7") == ["api#1"]


def test_without_a_person_it_is_whoever_asks():
    told = answered(waiting(1, "review_pending", "github/anna"), person=None)
    assert (told.person, len(told.moves)) == ("Anna Berg", 1)


def test_drafts_running_checks_and_what_is_out_are_no_moves():
    found = mine(
        waiting(1, "in_progress", "github/anna", author="github/anna", draft=True),
        waiting(2, "checks_running", "github/anna", author="github/anna"),
        waiting(3, "ready_to_merge", author="github/anna", corrections=Corrections(shipped_at=NOON)),
        change_of(4, state=ChangeState.MERGED, move=None, author="github/anna"),
    )
    assert found == []


def test_what_a_person_said_is_next_for_them_is_their_move_and_no_others():
    change = waiting(1, "review_pending", "github/bo", corrections=Corrections(owner="person/anna"))
    assert mine(change) == ["api#1"]
    assert mine(change, person="person/bo") == []


def test_what_was_taken_is_theirs_and_what_they_said_is_not_theirs_is_not():
    name = "change:acme/api#1"
    taken = Attention("attention:x", name, "acme/api", NOON, taken=(Mark("person/anna", NOON),))
    declined = Attention("attention:x", name, "acme/api", NOON, declined=(Mark("person/bo", NOON),))
    change = waiting(1, "review_pending", "github/bo", author="github/cho")
    assert mine(change, attention={name: taken}) == ["api#1"]
    assert mine(change, attention={name: declined}, person="person/bo") == []


def test_a_review_that_only_their_team_is_asked_for_is_theirs():
    change = waiting(1, asked_teams=("core",))
    assert (mine(change), mine(change, person="person/cho")) == (["api#1"], [])


def test_what_nobody_is_asked_for_is_theirs_where_they_own_the_files():
    policy = policy_of(OWNING)
    assert mine(waiting(1, repository="acme/web"), waiting(2), policy=policy) == ["web#1"]


def test_whoever_merges_a_repository_by_the_configuration_merges():
    assert mine(waiting(1, "ready_to_merge", "github/bo"), policy=policy_of(OWNING)) == ["api#1"]


def test_what_waits_for_another_move_of_theirs_is_said_once():
    one = waiting(1, "review_pending", "github/anna")
    after = waiting(2, "review_pending", "github/bo", depends_on=(one.object,))
    assert mine(one, after) == ["api#1"]


def test_blocker_bugs_and_incidents_of_theirs_come_first():
    bug = ticket_of(2, labels=("blocker",), assignees=("github/anna",))
    other = ticket_of(3, labels=("blocker",), assignees=("github/bo",))
    wish = ticket_of(4, assignees=("github/anna",))
    policy = policy_of(COMPANY.replace('slack = "U1"', 'slack = "U1"\npagerduty = ["PX"]'))
    incident = incident_of(assignees=("pagerduty/PX",))
    late = waiting(1, "review_pending", "github/anna", hours=200.0)
    told = answered(late, bug, other, wish, incidents=(incident,), policy=policy)
    assert [one.object for one in told.moves] == [incident.object, bug.object, late.object]


def test_of_the_others_whatever_is_furthest_over_its_level_comes_first():
    found = mine(
        waiting(1, "review_pending", "github/anna"), waiting(2, "review_pending", "github/anna", hours=100.0),
        waiting(3, "checks_failing", "github/anna", author="github/anna", hours=300.0),
    )  # fmt: skip
    assert found == ["api#3", "api#2", "api#1"]


def test_only_the_asked_scope_and_only_what_may_be_seen():
    changes = [waiting(n, "review_pending", "github/anna", repository=name) for n, name in enumerate(KNOWN)]
    assert mine(*changes) == ["api#0", "ledger#2", "web#1"]
    assert mine(*changes, subject=team_subject(POLICY, "core")) == ["api#0", "web#1"]
    assert mine(*changes, reader=Viewer("person/anna", "A", sees=frozenset({"acme/web"}))) == ["web#1"]
    hints = {"change:acme/api#0": ("milestone:2.4",)}
    assert mine(*changes, subject=release_subject(POLICY, "checkout", "2.4"), hints=hints) == ["api#0"]


def test_somebody_without_a_known_account_is_told_so():
    assert [gap.key for gap in answered(person="slack/U9").unknown] == ["no_account"]
    assert answered().unknown == ()


def test_it_asks_for_their_accounts_their_teams_and_what_they_own():
    needs = moves.needs(asked(), policy_of(OWNING), NOON)
    assert set(needs.moves_of) == {"person/anna", "github/anna", "slack/u1", "team/core"}
    assert needs.open_in == ("acme/api", "acme/web")
    assert (needs.seen_by, needs.seen_key) == ("person/anna", "moves:workspace:everything:person/anna")
    assert moves.needs(asked(), POLICY, NOON).open_in == ()


def test_the_answer_as_data_is_plain_and_says_what_changed():
    first = answered(waiting(1, "review_pending", "github/anna"))
    seen = (NOON - timedelta(days=1), json.loads(json.dumps(moves.outline(first))))
    data = answered(waiting(2, "review_pending", "github/anna"), seen=seen).as_data()
    assert [one["object"] for one in data["moves"]] == ["change:acme/api#2"]
    assert [one["what"] for one in data["changed_since"]["changes"]] == ["cleared", "new"]
    json.dumps(data)


@pytest.mark.parametrize("text", ["my moves today?", "what's waiting for me", "show my reviews", "what waits for me"])
def test_plain_words_ask_for_it(text):
    asked = route(text)
    assert isinstance(asked, Asked)
    assert asked.question == "moves"


# What was handed to them


HANDING = company()


def handed_to(*handoffs, person="person/cho", subject=None, **more):
    scoped = Scoped(subject or workspace_subject(HANDING), viewer(person, HANDING), KNOWN, person=person)
    facts = facts_of(*handoffs, claims=None, **more)
    return moves.answer(facts, replace(scoped, handoffs=handoffs), HANDING, NOON).moves


def test_what_was_handed_to_them_is_their_move_whether_or_not_it_holds_anything_up():
    found = handed_to(
        handoff_of(), handoff_of("handoff:2", gating=False), handoff_of("handoff:3", to_function="design")
    )
    assert [one.object for one in found] == ["handoff:1", "handoff:2"]
    assert {str(one.kind) for one in found} == {"handoff_open"}


def test_what_came_back_is_its_senders_move():
    back = handoff_of(state=HandoffState.RETURNED, returned_why="No")
    assert [one.object for one in handed_to(back, person="person/anna")] == ["handoff:1"]
    assert handed_to(back) == ()


def test_what_is_done_is_nobodys_move_until_it_turns_stale():
    assert handed_to(done_of()) == ()
    later = merged_of(7, NOON)
    (found,) = handed_to(done_of(), later, hints={later.object: ("milestone:2.4",)})
    assert found.next_action is NextAction.LOOK_AGAIN


def test_what_a_function_without_anybody_on_duty_has_is_everybodys_who_acts_for_it():
    assert len(handed_to(handoff_of(to_function="design"), person="person/dee")) == 1


def test_what_is_overdue_goes_before_what_has_waited_longer():
    old = handoff_of("handoff:1", state_at=NOON - timedelta(days=5), opened_at=NOON - timedelta(days=5))
    late = handoff_of("handoff:2", due_at=NOON - timedelta(hours=1))
    assert [one.object for one in handed_to(old, late)] == ["handoff:2", "handoff:1"]


def test_of_another_team_it_is_not_told_in_this_one():
    money = replace(team_subject(HANDING, "core"), repositories=("acme/ledger",), services=())
    assert handed_to(handoff_of(about="service:api"), subject=money) == ()


def test_only_what_may_be_theirs_is_loaded():
    theirs, others = handoff_of(), handoff_of("handoff:2", sender="person/dee", to_function="customer_success")
    scoped = Scoped(workspace_subject(HANDING), viewer("person/cho", HANDING), KNOWN, handoffs=(theirs, others))
    assert "handoff:1" in moves.needs(scoped, HANDING, NOON).objects
    assert "handoff:2" not in moves.needs(scoped, HANDING, NOON).objects
