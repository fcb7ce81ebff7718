"""Which handoffs of a scope wait now, and which waited before; where none was recorded nothing is known of them."""

from datetime import timedelta

from assistant.handoffs.functions import Functions
from assistant.handoffs.waiting import name_of, waiting
from assistant.scopes import team_subject
from storage.records import Commit, HandoffState, Step
from tests.builders import NOON, situation, viewer
from tests.handing import MORNING, company, done_of, handoff_of

POLICY = company()
HOUR = timedelta(hours=1)


def here(*handoffs, reader="anna", **more):
    reader = viewer(f"person/{reader}", POLICY)
    return waiting(
        situation(policy=POLICY, subject=team_subject(POLICY, "core"), reader=reader, handoffs=handoffs, **more)
    )


def test_those_to_qa_are_apart_from_all_others():
    testing, others = here(handoff_of("handoff:1"), handoff_of("handoff:2", to_function="design", steps=()))
    assert [one.object for one in testing.now] == ["handoff:1"]
    assert [one.object for one in others.now] == ["handoff:2"]


def test_each_has_a_name_that_people_read_and_since_when_it_is_open():
    (one,) = here(handoff_of())[0].now
    assert (one.name, one.since) == ("checkout 2.4 to QA", MORNING)
    assert name_of(handoff_of(to_function="customer_success"), Functions(POLICY)) == "checkout 2.4 to Customer success"


def test_what_is_done_waits_no_more_and_is_part_of_the_past():
    testing, _ = here(done_of())
    assert testing.now == ()
    assert (testing.began.tolist(), testing.ended.tolist()) == (
        [MORNING.timestamp()], [(MORNING + 2 * HOUR).timestamp()],
    )  # fmt: skip


def test_what_is_returned_still_waits():
    returned = Step("handoff.returned", "person/cho", MORNING + HOUR, "slack", "It does not start")
    one = handoff_of(state=HandoffState.RETURNED, state_at=MORNING + HOUR, steps=(*handoff_of().steps, returned))
    assert here(one)[0].now[0].since == MORNING


def test_what_turned_stale_waits_since_then():
    landed = NOON - HOUR / 2
    commit = Commit("commit:acme/api@ab12", "acme/api", "ab12", "main", landed)
    testing, _ = here(done_of(about="service:api"), landings=(commit,))
    assert [one.since for one in testing.now] == [landed]


def test_where_none_was_recorded_nothing_is_known():
    assert [one.recorded for one in here()] == [False, False]
    elsewhere = handoff_of(about="release:vault@1")
    assert [one.recorded for one in here(elsewhere, reader="bo")] == [False, False]


def test_where_any_is_recorded_there_is_none_to_the_others_but_testing_is_not_known():
    testing, others = here(handoff_of(to_function="design", steps=()))
    assert (testing.recorded, others.recorded) == (False, True)
    assert [one.recorded for one in here(handoff_of())] == [True, True]


def test_one_that_was_passed_on_by_qa_waited_there_before():
    passed = Step("handoff.reassigned", "person/bo", MORNING + HOUR, "slack", "", "design")
    one = handoff_of(to_function="design", steps=(*handoff_of().steps, passed))
    testing, others = here(one)
    assert (testing.now, testing.recorded, testing.ended.tolist()) == ((), True, [(MORNING + HOUR).timestamp()])
    assert [held.since for held in others.now] == [MORNING + HOUR]


def test_those_that_the_reader_may_not_see_are_none_of_theirs():
    hidden = handoff_of(about="change:acme/secret#1", repository="acme/secret")
    assert [one.now for one in here(hidden, reader="cho")] == [(), ()]
