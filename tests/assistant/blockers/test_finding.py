"""Is everything found once, and is nobody asked to do what nobody owns?"""

import pytest

from assistant.blockers.blocker import BlockerKind, NextAction
from assistant.blockers.finding import find
from tests.builders import change_of, situation, ticket_of, turn


@pytest.mark.parametrize(
    ("record", "kind", "action"),
    [
        (ticket_of(), BlockerKind.IN_PROGRESS, NextAction.ASSIGN),
        (ticket_of(labels=("release-blocker",)), BlockerKind.BLOCKER_BUG, NextAction.ASSIGN),
        (change_of(author_is_bot=True, move=turn("merge_conflict", 2)), BlockerKind.MERGE_CONFLICT, NextAction.ASSIGN),
        (change_of(move=turn("review_pending", 2)), BlockerKind.REVIEW_PENDING, NextAction.FIND_REVIEWER),
    ],
)
def test_what_nobody_owns_needs_an_owner_before_anything_else(record, kind, action):
    (found,) = find(situation(record))
    assert found.unowned
    assert (found.kind, found.next_action) == (kind, action)


def test_what_somebody_owns_is_theirs_to_do():
    (found,) = find(situation(ticket_of(labels=("release-blocker",), assignees=("github/anna",))))
    assert found.next_action is NextAction.FIX_BUG


def test_each_is_found_once_by_name():
    found = find(situation(ticket_of(labels=("release-blocker",)), change_of(2), change_of(1)))
    assert [one.object for one in found] == ["change:acme/api#1", "change:acme/api#2", "ticket:acme/api#55"]
