"""Which folders does a change touch?"""

from storage.state.fold import fold
from storage.state.folders import MOST_FOLDERS, folders_of
from storage.state.rules import FoldRules
from tests.builders import CHANGE, branch_pushed, commit_of, did, opened


def touching(sha, *folders, **more):
    return commit_of(sha, folders=list(folders), **more)


def folded(*events):
    return fold(CHANGE, sorted(events, key=lambda event: (event.at, event.identity)), FoldRules()).record


def test_the_folders_of_its_commits_are_those_of_the_change_the_most_touched_first():
    commits = touching("a0", "src/web"), touching("a1", "src/pay", "docs"), touching("a2", "src/pay")
    change = folded(branch_pushed("16T08:59", "00", "a1", *commits, created=True), opened())
    assert change.folders == ("src/pay", "docs", "src/web")


def test_without_a_push_no_folder_is_known():
    assert folded(opened()).folders == ()


def test_merging_the_base_branch_touches_nothing():
    commits = touching("a0", "src/pay"), touching("a1", "everything", merge=True)
    change = folded(branch_pushed("16T08:59", "00", "a1", *commits, created=True), opened())
    assert change.folders == ("src/pay",)


def test_a_list_of_commits_without_paths_is_read_beside_what_was_pushed():
    pushed = branch_pushed("16T08:59", "00", "a1", touching("a1", "src/pay"), created=True)
    listed = did("commits", "16T10:00", commits=[commit_of("a1")])
    assert folded(pushed, opened(), listed).folders == ("src/pay",)


def test_at_most_so_many_are_kept():
    many = touching("a1", *(f"src/{number:02}" for number in range(20)))
    assert len(folders_of({}, [many], [many])) == MOST_FOLDERS


def test_what_is_no_list_of_texts_says_nothing():
    assert folders_of({}, [commit_of("a1", folders="src")], [commit_of("a1", folders=[1, None])]) == ()
