"""What is a change, after all that happened to it?"""

from storage.records import ChangeState, Check, CheckState, Corrections, Hint, Review, ReviewState, Size, TurnKind
from storage.state.fold import fold
from storage.state.rules import FoldRules
from tests.builders import (
    ANNA,
    BO,
    CHANGE,
    CHO,
    asked,
    branch_pushed,
    checked,
    commented,
    did,
    happened,
    opened,
    pushed,
    reviewed,
    snapshot_of,
    told,
    when,
)  # fmt: skip

RULES = FoldRules()


def folded(*events, rules=RULES):
    return fold(CHANGE, events, rules)


def record(*events, rules=RULES):
    return folded(*events, rules=rules).record


def test_the_attributes_are_those_of_the_snapshot():
    change = record(
        opened(labels=["bug"], milestone="2.4", closes=["ticket:acme/api#5"], depends_on=["change:acme/api#7"])
    )
    assert (change.object, change.repository, change.number, change.title) == (CHANGE, "acme/api", 101, "Add a button")
    assert (change.author, change.state, change.base, change.head) == (BO, ChangeState.OPEN, "main", "topic")
    assert (change.opened_at, change.last_event_at) == (when("16T09:00"), when("16T09:00"))
    assert (change.labels, change.milestone, change.size) == (("bug",), "2.4", Size(10, 2, 1))
    assert (change.closes, change.depends_on) == (("ticket:acme/api#5",), ("change:acme/api#7",))


def test_the_newest_word_on_each_attribute_holds_and_what_is_not_told_stays():
    change = record(opened(milestone="2.4"), told("16T10:00", title="Better"), told("16T11:00", milestone=None))
    assert (change.title, change.milestone, change.number) == ("Better", None, 101)


def test_what_was_done_counts_after_what_snapshots_of_the_same_second_show():
    first = happened(CHANGE, "change.labeled", "16T10:00", target="a", snapshot={"labels": ["a", "b"]})
    second = happened(CHANGE, "change.labeled", "16T10:00", target="b", snapshot={"labels": ["b"]})
    taken = happened(CHANGE, "change.unlabeled", "16T10:00", target="c", snapshot={"labels": ["a", "b", "c"]})
    assert set(record(opened(), first, second, taken).labels) == {"a", "b"}


def test_milestone_assignees_and_teams_are_told_by_what_was_done_too():
    done = [
        did("milestoned", "16T10:00", target="2.4"), did("assigned", "16T10:00", target=CHO),
        did("review_requested", "16T10:00", target="team/web"), asked("16T10:01", ANNA),
    ]  # fmt: skip
    change = record(opened(), *done)
    assert (change.milestone, change.assignees) == ("2.4", (CHO,))
    assert (change.asked, change.asked_teams) == ((ANNA,), ("web",))
    undone = did("demilestoned", "16T11:00", target="2.4"), did("unassigned", "16T11:00", target=CHO)
    change = record(opened(), *done, *undone, did("review_request_removed", "16T11:00", target="team/web"))
    assert (change.milestone, change.assignees, change.asked_teams) == (None, (), ())


def test_a_review_embedded_in_the_second_of_the_merge_does_not_open_it_again():
    merged = did("merged", "16T12:00", snapshot=snapshot_of(state="closed", merged=True, merge_sha="m1", merged_by=BO))
    change = record(opened(), merged, told("16T12:00", state="open", merged=False))
    assert (change.state, change.merged_at, change.merge_sha, change.merged_by) == (
        ChangeState.MERGED,
        when("16T12:00"),
        "m1",
        BO,
    )
    assert change.closed_at == change.merged_at
    assert change.unknown == ()


def test_what_the_forge_shows_in_the_end_counts_after_what_was_made_out_of_its_steps():
    steps = did("merged", "16T12:00", snapshot=snapshot_of(state="closed", merged=True, milestone=None))
    change = record(
        opened(), steps, told("16T12:00", merged=True, milestone="2.4", merge_sha="m1"), told("17T09:00", merged=True)
    )
    assert (change.milestone, change.merge_sha) == ("2.4", "m1")


def test_an_abandoned_change_has_an_end_and_no_merge():
    change = record(opened(), did("abandoned", "16T12:00"))
    assert (change.state, change.closed_at, change.merged_at) == (ChangeState.ABANDONED, when("16T12:00"), None)


def test_a_reopened_change_is_open():
    change = record(opened(), did("abandoned", "16T12:00"), did("reopened", "17T09:00"))
    assert (change.state, change.closed_at) == (ChangeState.OPEN, None)


def test_a_reopening_that_nobody_told_is_noticed_by_a_later_snapshot():
    assert record(opened(), did("abandoned", "16T12:00"), told("17T09:00", state="open")).state is ChangeState.OPEN


def test_what_is_merged_stays_merged():
    story = opened(), did("merged", "16T12:00"), did("reopened", "17T09:00"), told("18T09:00", state="open")
    assert record(*story).state is ChangeState.MERGED


def test_a_change_first_heard_of_by_a_review_is_known_by_its_snapshot():
    shown = happened(CHANGE, "change.updated", "18T10:00", snapshot=snapshot_of(asked=[CHO]))
    change = record(shown, reviewed("18T10:00", ANNA, "changes_requested"))
    assert (change.opened_at, change.move.kind) == (when("16T09:00"), TurnKind.CHANGES_REQUESTED)
    assert folded(shown).turns[0].began_at == when("16T09:00")


def test_without_any_snapshot_there_is_no_record_but_its_heads_are_followed():
    amount = folded(reviewed("18T10:00", ANNA), pushed("18T11:00", "a2", "a1"))
    assert (amount.record, amount.turns, amount.hints) == (None, (), ())
    assert amount.follows == ("commit:acme/api@a1", "commit:acme/api@a2")


def test_history_read_later_tells_its_only_snapshot_at_the_end():
    change = folded(
        asked("16T09:05", ANNA), did("readied", "16T12:00"), pushed("17T09:00", "a2", "a1"),
        checked("16T12:30", "failed", sha="a1"), told("18T09:00", **snapshot_of(head_sha="a2", asked=[ANNA])),
    )  # fmt: skip
    assert change.record.ready_at == when("16T12:00")
    assert [(turn.kind, turn.began_at) for turn in change.turns] == [
        (TurnKind.IN_PROGRESS, when("16T09:00")), (TurnKind.REVIEW_PENDING, when("16T12:00")),
        (TurnKind.CHECKS_FAILING, when("16T12:30")), (TurnKind.REVIEW_PENDING, when("17T09:00")),
    ]  # fmt: skip


def test_somebody_whose_request_was_taken_back_was_asked_before():
    amount = folded(did("review_request_removed", "16T12:00", target=ANNA), told("17T09:00", **snapshot_of()))
    assert amount.record.asked == ()
    first = folded(did("review_request_removed", "16T12:00", target=ANNA), told("17T09:00", **snapshot_of(draft=True)))
    assert first.turns[0].movers == (BO,)


def test_reviews_stand_by_person_and_checks_by_name_on_the_head():
    story = (
        opened(), reviewed("16T10:00", ANNA), reviewed("16T11:00", ANNA, "commented"),
        reviewed("16T12:00", CHO, "commented"), checked("16T09:30", "failed"), checked("16T10:30", "passed", sha="a2"),
        checked("16T10:20", "running", "docs", sha="a2", url="https://ci.example/1"), pushed("16T10:10", "a2", "a1"),
    )  # fmt: skip
    change = record(*story, rules=FoldRules(required_checks={"acme/api": ("test",)}))
    assert change.reviews == (
        Review(ANNA, ReviewState.APPROVED, when("16T10:00")), Review(CHO, ReviewState.COMMENTED, when("16T12:00")),
    )  # fmt: skip
    assert change.checks == (
        Check("docs", CheckState.RUNNING, when("16T10:20"), False, "https://ci.example/1"),
        Check("test", CheckState.PASSED, when("16T10:30"), True),
    )


def test_a_change_follows_every_head_it_had_and_its_branch():
    amount = folded(
        opened(head_repository="fork/api"), pushed("16T10:00", "a2", "a1"), told("16T11:00", head_sha="a3"),
    )  # fmt: skip
    assert amount.follows == ("commit:acme/api@a1", "commit:acme/api@a2", "commit:acme/api@a3", "branch:fork/api:topic")
    assert folded(opened(head_repository=None)).follows == ("commit:acme/api@a1",)


def test_hints_name_the_release_by_milestone_label_branch_and_assignment():
    assigned = happened(CHANGE, "corrected.release", "16T10:00", actor="person/anna", release="release:checkout@3")
    hints = folded(
        opened(milestone="v2.4.0", labels=["release:2.5", "Release/2.6", "bug"], base="release/2.7"), assigned
    ).hints
    assert hints == (
        Hint("assigned", "release:checkout@3", "3"), Hint("milestone", "2.4", "v2.4.0"), Hint("label", "2.5", "2.5"),
        Hint("label", "2.6", "2.6"), Hint("branch", "2.7", "2.7"),
    )  # fmt: skip


def test_a_release_it_was_said_not_to_belong_to_is_no_hint():
    said = [
        happened(CHANGE, "corrected.release", f"16T1{n}:00", release="release:checkout@3", belongs=not n)
        for n in (0, 1)
    ]
    amount = folded(opened(), *said)
    assert amount.hints == ()
    assert amount.record.corrections == Corrections(releases=(("release:checkout@3", False),))


def test_corrections_stand_beside_what_the_sources_say():
    change = record(
        opened(evidence=[{"rule": "claude", "confidence": 0.9, "detail": "", "whole": True}]),
        happened(CHANGE, "corrected.origin", "16T10:00", origin="human_heavy"),
        happened(CHANGE, "corrected.owner", "16T10:00", owner="person/cho"),
        happened(CHANGE, "corrected.shipped", "17T10:00"),
    )
    assert change.attribution.share == 1.0
    assert change.corrections == Corrections("person/cho", "human_heavy", when("17T10:00"))
    assert change.last_event_at == when("16T09:00")


def test_dependencies_named_in_comments_count_once():
    story = (
        opened(depends_on=["change:acme/api#7"]),
        commented("16T10:00", ANNA, depends_on=["change:acme/api#8", "change:acme/api#7"]),
    )
    assert record(*story).depends_on == ("change:acme/api#7", "change:acme/api#8")


def test_a_fix_is_known_by_its_title_or_label():
    assert record(opened(title="fix: crash on start")).fix
    assert record(opened(labels=["bug"])).fix
    assert not record(opened(title="Prefix the fixtures")).fix


def test_another_changes_pushes_on_the_same_branch_are_not_its_own():
    amount = folded(
        opened(), did("merged", "16T12:00"), branch_pushed("17T09:00", "a1", "z9"),
    )  # fmt: skip
    assert amount.record.head_sha == "a1"
    assert "commit:acme/api@z9" not in amount.follows
