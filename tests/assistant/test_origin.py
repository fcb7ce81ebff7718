"""Is unknown never taken for human?"""

from datetime import timedelta

import pytest

from assistant.origin import Coverage, Origin, covered, origin_of, origin_of_all
from storage.records import Attribution, Corrections, Evidence, Size
from tests.builders import NOON, at, change_of, policy_of

COVERED = policy_of('[repositories."acme/api"]\nattribution_since = 2026-01-01\n')
BARE = policy_of()


def made(share, added=10, **more):
    return change_of(attribution=Attribution(share), size=Size(added), **more)


@pytest.mark.parametrize(
    ("share", "with_source", "without"),
    [
        (1.0, Origin.AI_HEAVY, Origin.AI_HEAVY),
        (0.5, Origin.AI_HEAVY, Origin.AI_HEAVY),
        (0.49, Origin.MIXED, Origin.MIXED),
        (0.11, Origin.MIXED, Origin.MIXED),
        (0.1, Origin.HUMAN_HEAVY, Origin.UNKNOWN),
        (0.0, Origin.HUMAN_HEAVY, Origin.UNKNOWN),
        (None, Origin.HUMAN_HEAVY, Origin.UNKNOWN),
    ],
)
def test_little_evidence_means_people_only_where_a_source_would_have_told(share, with_source, without):
    assert origin_of(made(share), COVERED) is with_source
    assert origin_of(made(share), BARE) is without


def test_a_source_covers_only_from_its_day_on():
    assert covered("ACME/api", at("2026-01-01T00:00"), COVERED)
    assert not covered("acme/api", at("2025-12-31T23:59"), COVERED)
    assert origin_of(made(None, opened_at=at("2025-12-01")), COVERED) is Origin.UNKNOWN


def test_automation_is_neither_side():
    assert origin_of(change_of(attribution=Attribution(1.0, automation=True)), COVERED) is Origin.AUTOMATION


def test_a_persons_correction_outweighs_all_evidence():
    assert origin_of(made(1.0, corrections=Corrections(origin="human_heavy")), BARE) is Origin.HUMAN_HEAVY


def test_a_correction_that_is_no_origin_is_passed_over():
    assert origin_of(made(1.0, corrections=Corrections(origin="alien")), BARE) is Origin.AI_HEAVY


@pytest.mark.parametrize(
    ("changes", "origin"),
    [
        ([made(1.0, 10), made(None, 90)], Origin.HUMAN_HEAVY),
        ([made(1.0, 30), made(None, 70)], Origin.MIXED),
        ([made(1.0, 60), made(None, 40)], Origin.AI_HEAVY),
        ([], Origin.UNKNOWN),
    ],
)
def test_many_changes_together_count_by_their_lines(changes, origin):
    assert origin_of_all(changes, COVERED)[0] is origin


def test_automation_is_left_out_of_both_sides():
    robot = change_of(attribution=Attribution(None, automation=True), size=Size(10_000))
    assert origin_of_all([made(1.0, 10), robot], COVERED)[0] is Origin.AI_HEAVY
    assert origin_of_all([robot], COVERED)[0] is Origin.UNKNOWN


def test_a_tenth_of_unknown_lines_makes_the_whole_unknown():
    mostly_known = [made(1.0, 80), made(None, 20)]
    assert origin_of_all(mostly_known, BARE) == (Origin.UNKNOWN, Coverage(1, 2))


def test_coverage_counts_what_is_known():
    old = made(None, opened_at=NOON - timedelta(days=2000))
    assert origin_of_all([made(1.0), old], COVERED)[1] == Coverage(1, 2)


def test_weak_evidence_alone_is_neither_ai_nor_human():
    weak = Attribution(None, evidence=(Evidence("copilot_suggestion", 0.25, "one accepted suggestion", whole=False),))
    assert origin_of(change_of(attribution=weak), COVERED) is Origin.UNKNOWN
