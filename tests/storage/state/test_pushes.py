"""Which pushes made a change what it is, and which of them brought new content?"""

from storage.state.pushes import chain
from tests.builders import BRANCH, branch_pushed, commit_of, happened, opened, pushed, told, when


def chained(own, pushes, until=None):
    return chain(own, pushes, when("16T09:00"), until)


def content(*pushes, own=None):
    return chained(own or (opened(head_sha="a2"),), pushes).content["a2"]


FIRST = branch_pushed("16T08:00", "0" * 40, "a1", commit_of("a1", key="k1"), commit_of("a0", key="k0"), created=True)


def test_a_commit_that_is_no_merge_is_content():
    assert content(FIRST, branch_pushed("16T10:00", "a1", "a2", commit_of("m", merge=True), commit_of("a2")))


def test_merging_the_base_is_no_content():
    brought = commit_of("m", merge=True), commit_of("b7", distinct=False)
    assert not content(FIRST, branch_pushed("16T10:00", "a1", "a2", *brought))


def test_a_push_that_lists_nothing_may_be_content():
    assert content(FIRST, branch_pushed("16T10:00", "a1", "a2"))
    assert content(FIRST, branch_pushed("16T10:00", "a1", "a2", forced=True))


def test_a_rebase_brings_the_same_commits():
    copies = commit_of("c0", key="k0"), commit_of("c1", key="k1")
    assert not content(FIRST, branch_pushed("16T10:00", "a1", "a2", *copies, forced=True))


def test_a_rebase_with_one_more_commit_is_content():
    copies = commit_of("c1", key="k1"), commit_of("c2", key="k2")
    assert content(FIRST, branch_pushed("16T10:00", "a1", "a2", *copies, forced=True))


def test_two_commits_of_one_message_are_two():
    copies = commit_of("c1", key="k1"), commit_of("c2", key="k1")
    assert content(FIRST, branch_pushed("16T10:00", "a1", "a2", *copies, forced=True))


def test_an_amended_commit_is_content_when_the_change_grew():
    forced = branch_pushed("16T10:00", "a1", "a2", commit_of("c1", key="k1"), forced=True)
    grown = pushed("16T10:00", "a2", "a1", added=40, deleted=2, files=1)
    same = pushed("16T10:00", "a2", "a1", added=10, deleted=2, files=1)
    assert content(FIRST, forced, own=(opened(), grown))
    assert not content(FIRST, forced, own=(opened(), same))


def test_the_chain_goes_back_from_the_heads_that_the_change_names():
    pushes = (
        branch_pushed("10T09:00", "0" * 40, "old", commit_of("old"), created=True),  # the branch's former life
        FIRST,
        branch_pushed("16T08:30", "a1", "a2", commit_of("a2")),
    )
    made = chained((opened(head_sha="a2"),), pushes)
    assert made.heads == ("a1", "a2")
    assert [one["sha"] for one in made.commits] == ["a1", "a0", "a2"]
    assert made.missed == frozenset()


def test_a_push_that_the_change_did_not_tell_is_missed_while_it_is_open():
    pushes = FIRST, branch_pushed("16T10:00", "a1", "a2"), branch_pushed("18T10:00", "a2", "a3")
    assert len(chained((opened(),), pushes).missed) == 2
    assert chained((opened(),), pushes, until=when("17T00:00")).missed == {pushes[1].identity}
    assert (
        chained((opened(), pushed("16T10:00", "a2", "a1"), pushed("18T10:00", "a3", "a2")), pushes).missed
        == frozenset()
    )


def test_a_rewritten_commit_is_replaced_and_the_others_stay():
    pushes = FIRST, branch_pushed("16T10:00", "a1", "a2", commit_of("c1", key="k1"), forced=True)
    assert [one["sha"] for one in chained((opened(), told("16T10:00", head_sha="a2")), pushes).commits] == ["a0", "c1"]


def test_going_back_and_forth_between_two_heads_ends():
    pushes = (
        FIRST,
        branch_pushed("16T10:00", "a1", "a2", forced=True),
        branch_pushed("16T11:00", "a2", "a1", forced=True),
    )
    assert set(chained((opened(),), pushes).heads) == {"a1", "a2"}


def test_a_push_that_is_listed_again_without_its_commits_counts_once():
    rebase = branch_pushed("16T10:00", "a1", "a2", commit_of("c0", key="k0"), commit_of("c1", key="k1"), forced=True)
    again = happened(BRANCH, "branch.pushed", "16T10:01", "listed", before="a1", after="a2", forced=True, commits=None)
    made = chained((opened(head_sha="a2"),), (FIRST, rebase, again))
    assert made.content["a2"] is False
    assert len(made.commits) == 2
    assert content(FIRST, again)
