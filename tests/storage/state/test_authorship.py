"""How much of a change was written by AI, as far as the evidence goes?"""

import pytest

from storage.records import Evidence
from storage.state.fold import fold
from storage.state.rules import FoldRules
from tests.builders import CHANGE, branch_pushed, commit_of, happened, opened

RULES = FoldRules()


def attribution(*commits, rules=RULES, listed=None, **shown):
    events = [opened(**shown)]
    if commits:
        events.append(branch_pushed("16T08:00", "0" * 40, "a1", *commits, created=True))
    if listed:
        events.append(happened(CHANGE, "change.commits", "16T08:30", "a1", commits=listed))
    return fold(CHANGE, events, rules).record.attribution


def mark(sure):
    return [{"rule": "agent", "confidence": sure, "detail": "an agent's branch", "whole": True}]


@pytest.mark.parametrize(("sure", "share"), [(0.95, 1.0), (0.5, 1.0), (0.4, None)])
def test_evidence_of_the_whole_makes_it_all_or_says_nothing(sure, share):
    found = attribution(evidence=mark(sure))
    assert found.share == share
    assert found.evidence == (Evidence("agent", sure, "an agent's branch", whole=True),)


def test_nothing_seen_is_unknown():
    found = attribution()
    assert (found.share, found.evidence, found.commits_seen) == (None, (), 0)


def test_the_share_is_that_of_the_commits_with_evidence_merges_left_out():
    found = attribution(
        commit_of("c1", evidence=[0.9]), commit_of("c2"), commit_of("m", merge=True), commit_of("c3"), commit_of("c4")
    )
    assert (found.share, found.commits_seen, found.commits_with_evidence) == (0.25, 4, 1)


def test_commits_of_the_base_are_not_its_own():
    assert attribution(commit_of("c1", evidence=[0.9]), commit_of("b1", distinct=False)).share == 1.0


def test_commits_without_a_mark_make_a_share_of_none_at_all():
    assert attribution(commit_of("c1"), commit_of("c2")).share == 0.0


def test_one_accepted_suggestion_is_shown_but_counts_as_nothing_known():
    found = attribution(commit_of("c1", evidence=[0.25]), commit_of("c2"))
    assert (found.share, found.commits_with_evidence, len(found.evidence)) == (None, 0, 1)


def test_sure_evidence_of_the_whole_outweighs_unmarked_commits():
    assert attribution(commit_of("c1"), evidence=mark(0.85)).share == 1.0


def test_a_label_declares_ai_work_as_the_configuration_says():
    assert attribution(labels=["AI-assisted"]).share == 1.0
    assert attribution(labels=["robots"], rules=FoldRules(ai_labels=("robots",))).share == 1.0
    assert attribution(labels=["robots"]).share is None


def test_an_organisations_own_identities_are_known_by_account_and_by_commit():
    rules = FoldRules(identities=(("*@agents.example", 0.9), ("house-agent", 0.9)))
    assert attribution(author="github/House-Agent", rules=rules).share == 1.0
    assert attribution(commit_of("c1", signers=["one@agents.example"]), commit_of("c2"), rules=rules).share == 0.5


def test_an_update_bots_work_is_neither_ais_nor_a_persons():
    found = attribution(commit_of("c1"), automation=True)
    assert (found.automation, found.share) == (True, None)
    assert attribution(commit_of("c1", automation=True)).automation
    assert not attribution(commit_of("c1", automation=True), commit_of("c2")).automation


def test_the_commits_that_the_forge_lists_for_the_head_are_believed_over_pushes():
    listed = [commit_of("c0", evidence=[0.9]), commit_of("a1")]
    assert attribution(commit_of("x1"), commit_of("x2"), listed=listed).share == 0.5
    assert attribution(commit_of("x1"), listed=[commit_of("z9", evidence=[0.9])]).share == 0.0
    assert attribution(listed=[commit_of("z9", evidence=[0.9])]).share == 1.0


def test_of_a_long_lived_branch_only_the_newest_commits_are_the_changes():
    assert attribution(commit_of("old", evidence=[0.9]), commit_of("c1"), commits=1).share == 0.0
