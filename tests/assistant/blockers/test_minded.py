"""Whose move is it after what people said of it themselves?"""

from datetime import timedelta

import pytest

from assistant.blockers.blocker import MACHINE, BlockerKind, NextAction
from assistant.blockers.changes import of_change
from assistant.blockers.finding import find
from assistant.situation import situation_of
from storage.records import Account, Attention, Corrections, Mark
from tests.builders import COMPANY, NOON, change_of, checkout, facts_of, policy_of, ticket_of, turn, viewer

PULL, TICKET = "change:acme/api#101", "ticket:acme/api#55"
HOUR = timedelta(hours=1)
ASKED = turn("review_pending", 4, "github/anna", "github/cho")


def attention(about=PULL, **marks):
    """What people did two hours ago, or as many hours ago as is said: taken=[("person/cho", 2)]."""
    made = {
        kind: tuple(
            Mark(who, NOON - hours * HOUR)
            for who, hours in (one if isinstance(one, tuple) else (one, 2) for one in each)
        )
        for kind, each in marks.items()
    }
    return {about: Attention(f"attention:{about}", about, "acme/api", NOON, **made)}


def situation(*records, text=COMPANY, now=NOON, **more):
    policy = policy_of(text)
    facts = facts_of(*records, **more)
    return situation_of(checkout(policy), facts, policy, viewer=viewer(policy=policy), now=now)


def review(text=COMPANY, did=None, **more):
    change = change_of(**{"move": ASKED, **more})
    return of_change(change, situation(change, text=text, attention=did or {}))


def keys(blocker):
    return [owner.key for owner in blocker.owners]


def test_whoever_took_the_review_since_the_turn_began_is_its_owner():
    found = review(did=attention(taken=["slack/U9"]))
    assert (keys(found), found.next_action) == (["slack/U9"], NextAction.REVIEW)


def test_a_review_that_was_taken_in_an_earlier_turn_is_asked_for_anew():
    assert keys(review(did=attention(taken=[("person/cho", 5)]))) == ["person/anna", "person/cho"]


def test_all_who_took_it_review_it():
    assert keys(review(did=attention(taken=["person/cho", ("person/anna", 1)]))) == ["person/cho", "person/anna"]


def test_taking_it_goes_before_what_was_corrected_and_before_who_owns_the_files():
    owned = COMPANY + '[repositories."acme/api"]\nowners = ["core"]\n'
    change = {"corrections": Corrections(owner="person/anna"), "move": turn("review_pending", 4)}
    assert keys(review(owned, attention(taken=["person/cho"]), **change)) == ["person/cho"]


def test_the_author_can_not_have_taken_it():
    assert keys(review(did=attention(taken=["person/bo"]))) == ["person/anna", "person/cho"]
    proved = Account("account:github/zed", "zed", person="person/cho")
    change = change_of(author="github/zed", move=turn("review_pending", 4, "github/anna"))
    told = situation(change, proved, attention=attention(taken=["person/cho"]))
    assert keys(of_change(change, told)) == ["person/anna"]


def test_whoever_says_that_it_is_not_theirs_is_not_asked_any_more():
    found = review(did=attention(declined=["person/anna"]))
    assert (keys(found), found.next_action) == (["person/cho"], NextAction.REVIEW)


def test_where_nobody_is_left_a_reviewer_has_to_be_found():
    found = review(did=attention(declined=["person/anna", "person/cho"]))
    assert (found.owners, found.unowned, found.next_action) == ((), True, NextAction.FIND_REVIEWER)


def test_a_team_is_asked_still_when_one_of_it_declines():
    owned = COMPANY + '[repositories."acme/api"]\nowners = ["core", "cho"]\n'
    found = review(owned, attention(declined=["person/anna", "person/cho"]), move=turn("review_pending", 4))
    assert keys(found) == ["team/core"]


def test_what_was_declined_in_an_earlier_turn_counts_no_more():
    assert keys(review(did=attention(declined=[("person/anna", 5)]))) == ["person/anna", "person/cho"]


@pytest.mark.parametrize("kind", ["checks_failing", "changes_requested", "merge_conflict", "ready_to_merge"])
def test_an_author_can_say_that_it_is_not_theirs_too(kind):
    found = review(did=attention(declined=["person/bo"]), move=turn(kind, 4))
    assert found.unowned


def test_nobody_declines_for_the_checks():
    found = review(did=attention(declined=["person/bo"]), move=turn("checks_running", 4))
    assert found.owners == (MACHINE,)


def test_a_dependency_is_the_move_of_whoever_took_the_other_and_not_of_who_declined():
    waits, other = change_of(depends_on=("change:acme/web#7",)), change_of(7, "acme/web", move=ASKED)
    taken = situation(waits, other, attention=attention("change:acme/web#7", taken=["slack/U9"]))
    assert keys(of_change(waits, taken)) == ["slack/U9"]
    declined = situation(waits, other, attention=attention(declined=[("person/anna", 0)]))
    found = of_change(waits, declined)
    assert (found.kind, keys(found)) == (BlockerKind.DEPENDENCY, ["person/cho"])


def test_a_ticket_that_its_assignee_declines_needs_an_owner():
    ticket = ticket_of(assignees=("github/anna",), labels=("release-blocker",), opened_at=NOON - 4 * HOUR)
    (found,) = find(situation(ticket, attention=attention(TICKET, declined=["person/anna"])))
    assert (found.unowned, found.next_action) == (True, NextAction.ASSIGN)
    (before,) = find(situation(ticket, attention=attention(TICKET, declined=[("person/anna", 5)])))
    assert keys(before) == ["person/anna"]


def test_acknowledging_and_snoozing_change_no_owner_and_no_count():
    did = attention(acknowledged=["person/anna"], snoozed=["person/cho"])
    assert review(did=did) == review()
