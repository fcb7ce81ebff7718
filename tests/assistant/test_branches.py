"""Is a merged change on the branch of its release?"""

from datetime import timedelta

import pytest

from assistant.branches import Branches
from storage.records import Branch, ChangeState, Commit
from tests.builders import NOON, change_of, facts_of, merged_of

CUT = NOON - timedelta(days=3)
BRANCH = Branch("branch:acme/api:release/2.4", "acme/api", "release/2.4", exists=True, created_at=CUT)
LATER = merged_of(1, title="Fix totals (#1)", merged_at=CUT + timedelta(hours=1))


def on(change, *more, branch=BRANCH):
    return Branches(facts_of(change, branch, *more)).holds(change, "release/2.4")


def test_what_was_merged_before_the_cut_is_on_it_and_what_came_after_is_not():
    assert on(merged_of(1, merged_at=CUT)) is True
    assert on(LATER) is False


def test_what_was_merged_into_it_is_on_it():
    assert on(merged_of(1, base="release/2.4")) is True


def test_a_commit_that_landed_on_it_is_on_it():
    landed = Commit(f"commit:acme/api@{LATER.merge_sha}", "acme/api", LATER.merge_sha, branches=("main", "release/2.4"))
    assert on(LATER, landed) is True


@pytest.mark.parametrize(
    "title",
    [
        "Fix totals",
        "[release/2.4] Fix totals",
        "Backport: Fix totals (#1)",
        "Fix totals (2.4)",
        "cherry-pick Fix Totals",
    ],
)
def test_a_change_with_the_same_title_brought_it_over(title):
    assert on(LATER, merged_of(2, title=title, base="release/2.4")) is True


def test_another_title_another_branch_or_an_open_change_brought_nothing():
    assert on(LATER, merged_of(2, title="Fix taxes", base="release/2.4")) is False
    assert on(LATER, merged_of(2, title="Fix totals", base="release/2.5")) is False
    assert on(LATER, change_of(2, title="Fix totals", base="release/2.4")) is False


def test_a_branch_whose_beginning_nobody_saw_leaves_it_unknown():
    unseen = Branch(BRANCH.object, "acme/api", "release/2.4", exists=True)
    assert on(LATER, branch=unseen) is None


def test_a_release_finds_its_branch_in_each_repository_while_it_exists():
    branches = Branches(facts_of(BRANCH))
    assert branches.of_release("Acme/API", ("2.4",)) == BRANCH
    assert branches.of_release("acme/web", ("2.4",)) is None
    assert branches.of_release("acme/api", ("2.5",)) is None
    gone = Branch(BRANCH.object, "acme/api", "release/2.4", exists=False)
    assert Branches(facts_of(gone)).of_release("acme/api", ("2.4",)) is None


def test_the_open_change_that_would_bring_it_is_found():
    bringing = change_of(2, title="Fix totals", base="release/2.4")
    assert Branches(facts_of(LATER, bringing)).brought(LATER, "release/2.4", ChangeState.OPEN) == bringing
