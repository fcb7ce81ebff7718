"""A gating handoff holds up what it is about from the moment it is open, until it is done."""

from datetime import timedelta

import pytest

from assistant.blockers.blocker import BlockerKind, NextAction
from assistant.blockers.finding import find
from assistant.blockers.handoffs import of_handoffs
from assistant.forecast import forecast
from assistant.questions.blocking import blocker_data
from assistant.scopes import change_subject, service_subject, team_subject, workspace_subject
from assistant.waivers import waive
from storage.records import AcceptedRisk, ChangeState, HandoffState, Step
from tests.builders import NOON, change_of, merged_of, release_of, situation, ticket_of, viewer
from tests.handing import CHANGE, MORNING, company, done_of, handoff_of

POLICY = company()
HOUR = timedelta(hours=1)
STALE = (done_of(), merged_of(7, NOON - HOUR / 2))


def of(*records, subject=None, policy=POLICY, **more):
    return list(of_handoffs(situation(*records, policy=policy, subject=subject, **more)))


def test_it_blocks_from_the_moment_it_is_open_and_is_its_receivers_move():
    (found,) = of(handoff_of())
    assert (found.kind, found.object, found.title) == (
        BlockerKind.HANDOFF_OPEN, "handoff:1", "Engineering to QA: Test the payments",
    )  # fmt: skip
    assert (found.owner, found.next_action, found.detail) == (
        "Cho Min", NextAction.TAKE_HANDOFF, "not acknowledged yet",
    )  # fmt: skip
    assert (found.waiting_since, found.waiting_hours) == (MORNING, pytest.approx(3))
    assert (found.subject, found.url, found.due_at) == (found.title, None, MORNING + timedelta(days=2))
    assert not found.hard
    assert found.turn == "handoff_open"


def test_acknowledged_it_goes_on_blocking_since_it_was_asked():
    steps = (*handoff_of().steps, Step("handoff.acknowledged", "person/cho", NOON - HOUR))
    (found,) = of(handoff_of(state=HandoffState.ACKNOWLEDGED, state_at=NOON - HOUR, steps=steps))
    assert (found.next_action, found.detail) == (NextAction.DO_HANDOFF, "acknowledged, not done yet")
    assert (found.waiting_since, found.turn_began_at) == (NOON - HOUR, MORNING)


def test_returned_it_is_the_senders_move_with_the_reason():
    (found,) = of(handoff_of(state=HandoffState.RETURNED, state_at=NOON - HOUR, returned_why="It does not start"))
    assert (found.owner, found.next_action) == ("Anna Berg", NextAction.ANSWER_HANDOFF)
    assert found.detail == "returned: It does not start"


def test_stale_it_blocks_again_and_says_what_came():
    (found,) = of(*STALE)
    assert (found.owner, found.next_action) == ("Cho Min", NextAction.LOOK_AGAIN)
    assert found.detail == "no longer holds: acme/api#7 came after build 812"
    assert found.waiting_since == found.turn_began_at == NOON - HOUR / 2


def test_several_that_came_are_counted():
    (found,) = of(*STALE, merged_of(8, NOON), merged_of(9, NOON))
    assert found.detail == "no longer holds: acme/api#7 and 2 things more came after build 812"


def test_past_its_due_time_it_says_that_it_is_overdue():
    (found,) = of(handoff_of(due_at=NOON - HOUR))
    assert found.detail == "overdue, not acknowledged yet"
    assert blocker_data(found)["detail"] == found.detail


@pytest.mark.parametrize(
    "handoff", [done_of(), done_of(risk="Untested on phones"), handoff_of(gating=False),
                handoff_of(state=HandoffState.WITHDRAWN), handoff_of(about="release:checkout@2.5")],
)  # fmt: skip
def test_what_is_done_withdrawn_not_gating_or_of_something_else_blocks_nothing(handoff):
    assert of(handoff) == []


@pytest.mark.parametrize("about", [CHANGE, "ticket:acme/api#55", "change:ACME/API#101"])
def test_one_about_a_member_holds_the_release_up(about):
    (found,) = of(handoff_of(about=about), change_of(), ticket_of())
    assert found.kind is BlockerKind.HANDOFF_OPEN


def test_one_about_a_change_is_called_by_the_change_and_leads_there():
    (found,) = of(handoff_of(about=CHANGE, repository="acme/api"), change_of())
    assert (found.subject, found.url, found.repository) == ("acme/api#101", change_of().url, "acme/api")
    assert found.called == "api#101 Engineering to QA: Test the payments"


@pytest.mark.parametrize("about", ["change:acme/api#7", "service:api"])
def test_one_about_what_is_no_member_or_about_a_service_does_not_hold_the_release_up(about):
    assert of(handoff_of(about=about), change_of()) == []


def test_one_about_a_service_holds_up_what_goes_on_there():
    handoff = handoff_of(about="service:API")
    for subject in (service_subject(POLICY, "api"), team_subject(POLICY, "core"), workspace_subject(POLICY)):
        assert len(of(handoff, subject=subject)) == 1
    assert of(handoff, subject=service_subject(POLICY, "web")) == []
    assert of(handoff, subject=change_subject(POLICY, CHANGE)) == []


def test_a_change_is_held_up_by_its_own():
    assert len(of(handoff_of(about=CHANGE), change_of(), subject=change_subject(POLICY, CHANGE))) == 1
    assert of(handoff_of(), change_of(), subject=change_subject(POLICY, CHANGE)) == []


def test_where_nobody_is_on_duty_the_function_owns_it_and_where_nobody_is_in_it_nobody_does():
    (design,) = of(handoff_of(to_function="design"))
    assert [(owner.key, owner.name) for owner in design.owners] == [("function/design", "Design")]
    (sre,) = find(situation(handoff_of(to_function="sre"), policy=POLICY))
    assert sre.unowned
    assert sre.next_action is NextAction.ASSIGN


def test_who_may_not_see_what_it_is_about_is_not_told_of_it():
    cho = viewer("person/cho", POLICY)
    assert of(handoff_of(about="service:safe"), reader=cho, subject=workspace_subject(POLICY)) == []


def test_nothing_is_worked_out_where_there_are_none():
    assert of(change_of()) == []


def test_how_long_it_takes_is_what_such_took_before():
    here = situation(handoff_of(), policy=POLICY)
    told = forecast(find(here), (), here)
    (blocker,) = told.blockers
    assert (blocker.remaining.source, blocker.remaining.samples) == ("workspace", 25)
    assert told.earliest is not None
    without = situation(handoff_of(), policy=POLICY, samples={})
    (missing,) = forecast(find(without), (), without).missing
    assert (missing.turn, missing.count) == ("handoff_open", 1)


def test_it_lasts_from_where_past_ones_are_measured_however_it_was_passed_on():
    passed = Step("handoff.reassigned", "person/bo", MORNING + HOUR, to_function="design")
    handoff = handoff_of(to_function="design", state_at=passed.at, steps=(*handoff_of().steps, passed))
    (found,) = of(handoff)
    assert (found.waiting_since, found.turn_began_at) == (MORNING + HOUR, MORNING)


def test_one_that_went_stale_before_it_was_signed_lasts_from_the_signature():
    (found,) = of(done_of(as_of=MORNING), merged_of(7, MORNING + HOUR))
    assert (found.waiting_since, found.turn_began_at) == (MORNING + HOUR, MORNING + 2 * HOUR)
    assert found.due_at == MORNING + timedelta(days=2)


def test_one_person_may_let_it_pass_and_an_expired_word_lets_nothing_pass():
    risk = AcceptedRisk("handoff:1", "handoff_open", "person/fay", "Tested by hand", NOON, NOON + HOUR)
    for now, left in ((NOON, 0), (NOON + 2 * HOUR, 1)):
        here = situation(handoff_of(), release_of(accepted=(risk,)), policy=POLICY, now=now)
        assert len(waive(find(here), here)[0]) == left


def test_a_change_that_was_given_up_is_no_member_so_its_handoff_holds_nothing_up():
    gone = change_of(state=ChangeState.ABANDONED, closed_at=NOON)
    assert of(handoff_of(about=CHANGE), gone) == []
