"""Each change knows when it was with QA: by itself, with a ticket that it closes, with its release or its service."""

from dataclasses import replace

import numpy as np

from assistant import tested as testing
from assistant.calendar import Calendar
from assistant.scoped import Scoped
from assistant.scopes import team_subject, workspace_subject
from storage.records import HandoffState, Step
from tests.builders import facts_of, merged_of, viewer
from tests.delivered import DAY, HOUR, Way, flow_of
from tests.handing import MORNING, company, done_of, handoff_of

POLICY = company()
NEXT = MORNING + DAY


def scoped(*handoffs, everything=False):
    subject = workspace_subject(POLICY) if everything else team_subject(POLICY, "core")
    return Scoped(subject, viewer("person/anna", POLICY), ("acme/api", "acme/web"), handoffs=handoffs)


def found(*handoffs, ways, records=(), closes=()):
    """Which change was with QA, from when, by how many hours each; ``records`` are of release 2.4."""
    flow = replace(flow_of(*ways), closes=closes)
    given = testing.with_testers(flow, facts_of(*records), scoped(*handoffs), POLICY)
    spent = (given.ended - given.began) / 3600
    return list(zip(given.of.tolist(), spent.tolist(), strict=True))


def around(number, repository="acme/api"):
    """A change that merged at nine, when the handoff was opened, and was in production a day later."""
    return Way(number, MORNING, deployed=NEXT, repository=repository)


def test_a_handoff_about_a_change_is_of_that_change():
    assert found(done_of(about="change:ACME/api#2"), ways=(around(1), around(2))) == [(1, 2.0)]


def test_one_about_a_ticket_is_of_the_changes_that_close_it():
    assert found(done_of(about="ticket:jira/SHOP#12"), ways=(around(1), around(2)), closes=((1, "ticket:jira/SHOP#12"),)) == [
        (1, 2.0)
    ]  # fmt: skip


def test_one_about_a_release_is_of_its_members():
    members = (merged_of(1), merged_of(3))
    assert found(done_of(), ways=(around(1), around(2), around(3)), records=members) == [(0, 2.0), (2, 2.0)]


def test_one_about_a_service_is_of_its_next():
    late = Way(2, NEXT, deployed=NEXT + DAY)
    out = Way(3, MORNING - 2 * DAY, deployed=MORNING - DAY)
    other = around(4, "acme/web")
    assert found(done_of(about="service:api"), ways=(around(1), late, out, other)) == [(0, 2.0)]


def test_what_merged_after_it_was_done_was_not_tested_by_it():
    late = Way(1, NEXT, deployed=NEXT + DAY)
    assert found(done_of(), ways=(late,), records=(merged_of(1),)) == []
    assert found(done_of(about=late.object), ways=(late,)) == [(0, 2.0)]


def test_those_to_others_and_those_taken_back_are_no_tests():
    others = done_of(to_function="design", steps=())
    withdrawn = handoff_of(state=HandoffState.WITHDRAWN, state_at=NEXT, about="change:acme/api#1")
    assert found(others, withdrawn, ways=(around(1),), records=(merged_of(1),)) == []


def test_what_is_not_done_yet_has_no_end():
    ((place, spent),) = found(handoff_of(about="change:acme/api#1"), ways=(around(1),))
    assert (place, np.isnan(spent)) == (0, True)


def test_what_of_it_is_elsewhere_is_not_of_the_scope():
    assert testing.to_testers(scoped(done_of(about="release:vault@1")), POLICY) == ()
    assert len(testing.to_testers(scoped(done_of(about="release:vault@1"), everything=True), POLICY)) == 1


def test_what_was_qas_before_it_was_passed_on_was_a_test_of_qa():
    passed = Step("handoff.reassigned", "person/bo", NEXT, "slack", "", "design")
    one = handoff_of(to_function="design", steps=(*handoff_of().steps, passed))
    assert testing.to_testers(scoped(one), POLICY) == (one,)


# What they come to


def with_qa(*spans):
    """Of one change (began, ended, and when it was taken up), hours after nine."""
    at = [[np.nan if hours is None else (MORNING + hours * HOUR).timestamp() for hours in span] for span in spans]
    began, ended, taken = (np.array(column) for column in zip(*at, strict=True))
    return testing.WithTesters(np.zeros(len(spans), dtype=int), began, taken, ended)


def summed(qa, checks=testing.NEVER_TESTED, way=None):
    flow = flow_of(way or Way(1, MORNING + 2 * HOUR, opened=MORNING - DAY, deployed=NEXT))
    sums = testing.sums(flow, qa, checks, Calendar())
    return tuple(round(float(column[0]), 4) for column in (sums.days, sums.beside, sums.waited))


def test_its_days_are_from_handed_over_to_done_and_its_hours_until_it_was_taken_up():
    assert summed(with_qa((0, 6, 2))) == (0.25, 0.25, 2.0)


def test_two_at_once_count_once_and_the_waiting_of_each():
    assert summed(with_qa((0, 4, 1), (2, 6, 3))) == (0.25, 0.25, 2.0)


def test_checks_at_the_same_time_count_once():
    checks = with_qa((4, 12, 4))
    assert summed(with_qa((0, 6, 1)), checks)[:2] == (0.5, 0.25)


def test_only_what_went_on_beside_other_stages_is_beside_them():
    out_already = Way(1, MORNING - DAY, opened=MORNING - 2 * DAY, deployed=MORNING + 3 * HOUR)
    assert summed(with_qa((0, 6, 1)), way=out_already)[:2] == (0.25, 0.125)


def test_what_qa_is_not_through_with_is_not_known():
    days, beside, waited = summed(with_qa((0, 6, 1), (7, None, None)))
    assert np.isnan([days, beside, waited]).all()


def test_a_change_that_was_never_with_qa_has_none_of_it():
    sums = testing.sums(flow_of(around(1)), testing.NEVER_TESTED, testing.NEVER_TESTED, Calendar())
    assert all(np.isnan(column).all() for column in (sums.days, sums.beside, sums.waited))


def test_each_change_has_its_own_sums():
    many = 3
    ways = [around(n) for n in range(many)]
    at = np.array([MORNING.timestamp()] * many)
    qa = testing.WithTesters(np.arange(many), at, at + 3600, at + 7200 * np.arange(1, many + 1))
    checks = testing.WithTesters(np.array([1]), at[:1] + 90_000, at[:1], at[:1] + 93_600)
    assert np.round(testing.sums(flow_of(*ways), qa, checks, Calendar()).days * 24, 6).tolist() == [2.0, 5.0, 6.0]
