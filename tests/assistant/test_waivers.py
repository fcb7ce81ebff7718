"""Is only that let through which somebody may let through, and only while it lasts?"""

from datetime import timedelta

import pytest

from assistant.blockers.finding import find
from assistant.waivers import in_sequence, waive
from storage.records import AcceptedRisk
from tests.builders import NOON, change_of, release_of, situation, ticket_of

CHANGE, BUG = change_of(), ticket_of(labels=("release-blocker",))


def risk(blocker=CHANGE.object, kind="review_pending", by="person/anna", **more):
    return AcceptedRisk(
        blocker,
        kind,
        by,
        "behind a flag",
        NOON - timedelta(days=1),
        more.pop("until", NOON + timedelta(days=1)),
        **more,
    )


def waived(*records, **release):
    told = situation(*records, release_of(**release))
    left, through = waive(find(told), told)
    return [b.object for b in left], through, left


def test_an_accepted_risk_stands_no_more_in_the_way_and_says_who_and_why():
    left, (accepted,), _ = waived(CHANGE, accepted=(risk(),))
    assert left == []
    assert (accepted.by.name, accepted.reason, accepted.blocker.object) == ("Anna Berg", "behind a flag", CHANGE.object)
    assert accepted.expires_at == NOON + timedelta(days=1)


def test_a_deferred_item_names_where_it_went():
    left, (deferred,), _ = waived(CHANGE, deferred=(risk(deferred_to="release:checkout@2.5"),))
    assert left == []
    assert deferred.deferred_to == "release:checkout@2.5"


def test_an_expired_acceptance_lets_nothing_through():
    left, through, _ = waived(CHANGE, accepted=(risk(until=NOON),))
    assert left == [CHANGE.object]
    assert through == ()


def test_an_acceptance_without_an_end_holds():
    assert waived(CHANGE, accepted=(risk(until=None),))[0] == []


def test_an_acceptance_of_what_is_no_blocker_any_more_is_not_listed():
    assert waived(CHANGE, accepted=(risk("change:acme/api#9"),))[1] == ()


@pytest.mark.parametrize("second", [None, "person/anna", "github/Anna"])
def test_one_person_alone_never_opens_a_hard_gate(second):
    left, through, blockers = waived(BUG, accepted=(risk(BUG.object, "blocker_bug", second=second),))
    assert left == [BUG.object]
    assert through == ()
    assert blockers[0].waits_for_second


def test_two_people_open_a_hard_gate():
    left, (accepted,), _ = waived(BUG, accepted=(risk(BUG.object, "blocker_bug", second="person/bo"),))
    assert left == []
    assert accepted.second.name == "bo"


def test_what_was_accepted_before_it_became_a_hard_gate_stands_again():
    assert waived(BUG, accepted=(risk(BUG.object, "in_progress"),))[0] == [BUG.object]


def test_a_proposal_that_waits_for_its_second_is_marked_while_it_holds():
    assert waived(BUG, waiting_second=(risk(BUG.object, "blocker_bug"),))[2][0].waits_for_second
    assert not waived(BUG, waiting_second=(risk(BUG.object, "blocker_bug", until=NOON),))[2][0].waits_for_second


def test_without_a_release_nothing_is_let_through():
    told = situation(CHANGE)
    assert waive(find(told), told)[1] == ()


def test_waivers_are_listed_by_when_they_end():
    far = risk("change:acme/api#1", until=NOON + timedelta(days=9))
    never = risk("change:acme/api#2", until=None)
    near = risk("change:acme/api#3", until=NOON + timedelta(days=1))
    through = waived(*(change_of(n) for n in (1, 2, 3)), accepted=(far, never, near))[1]
    assert [accepted.blocker.subject for accepted in in_sequence(through)] == ["acme/api#3", "acme/api#1", "acme/api#2"]


def test_a_waiver_as_data_has_only_plain_values():
    (accepted,) = waived(CHANGE, accepted=(risk(),))[1]
    assert accepted.as_data() == {
        "subject": "acme/api#101", "kind": "review_pending", "url": CHANGE.url, "by": "Anna Berg",
        "reason": "behind a flag", "at": "2026-11-17T12:00:00Z", "expires_at": "2026-11-19T12:00:00Z", "second": None,
        "deferred_to": None,
    }  # fmt: skip
