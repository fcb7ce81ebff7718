"""Each change's way is split into the stages of the customer's clock; what is not known is no stage of nothing."""

import numpy as np
import pytest

from assistant.calendar import Calendar
from assistant.last_mile import STAGES, passage
from assistant.tested import WithTesters
from storage.records import TurnKind
from tests.builders import at
from tests.delivered import DAY, HOUR, Way, flow_of

MONDAY = at("2026-11-09T09:00")  # nine in the morning, when work begins
TUESDAY = MONDAY + DAY


def way_of(*ways, quiet=None, **more):
    flow = flow_of(*ways, **more)
    return passage(flow, np.array(quiet if quiet is not None else [np.nan] * len(ways)), Calendar())


def days(way, stage):
    return [None if np.isnan(value) else round(float(value), 3) for value in way.days[stage]]


def hours(way, stage):
    return [round(float(value), 3) for value in way.hours[stage]]


def parts(way):
    return {name: round(float(column[0]), 3) for name, column in way.parts.items() if column[0] > 0}


def test_deciding_is_from_the_request_to_the_opening():
    way = way_of(Way(1, TUESDAY, opened=MONDAY, requested=MONDAY - 7 * DAY))
    assert days(way, "deciding") == [7.0]
    assert hours(way, "deciding") == [40.0]


def test_what_nobody_asked_for_or_only_afterwards_was_not_decided_in_no_time():
    way = way_of(Way(1, TUESDAY, opened=MONDAY), Way(2, TUESDAY, opened=MONDAY, requested=MONDAY + HOUR))
    assert days(way, "deciding") == [None, None]


def test_coding_is_known_of_drafts_and_ends_when_one_was_last_left():
    drafts = (
        (TurnKind.IN_PROGRESS, MONDAY, MONDAY + 6 * HOUR),
        (TurnKind.REVIEW_PENDING, MONDAY + 6 * HOUR, MONDAY + 9 * HOUR),
        (TurnKind.IN_PROGRESS, MONDAY + 9 * HOUR, MONDAY + 12 * HOUR),
        (TurnKind.REVIEW_PENDING, MONDAY + 12 * HOUR, TUESDAY),
    )
    way = way_of(Way(1, TUESDAY, opened=MONDAY, turns=drafts), Way(2, TUESDAY, opened=MONDAY))
    assert days(way, "coding") == [0.5, None]
    assert days(way, "review") == [0.5, 1.0]
    assert parts(way) == {"reviewers": 0.0} or parts(way) == {}  # from nine in the evening to nine in the morning


def test_time_in_which_checks_were_waited_for_is_testing_not_review():
    turns = (
        (TurnKind.CHECKS_RUNNING, MONDAY, MONDAY + 6 * HOUR),
        (TurnKind.REVIEW_PENDING, MONDAY + 6 * HOUR, TUESDAY),
    )
    way = way_of(Way(1, TUESDAY, opened=MONDAY, turns=turns), Way(2, TUESDAY, opened=MONDAY))
    assert days(way, "testing") == [0.25, 0.0]
    assert days(way, "review") == [0.75, 1.0]
    assert hours(way, "review") == [2.0, 8.0]


def test_where_no_check_was_ever_waited_for_testing_is_not_known():
    assert days(way_of(Way(1, TUESDAY, opened=MONDAY)), "testing") == [None]


def test_a_repository_that_told_of_no_check_has_no_testing_whatever_others_told():
    tested = Way(1, TUESDAY, opened=MONDAY, turns=((TurnKind.CHECKS_RUNNING, MONDAY, MONDAY + 6 * HOUR),))
    way = way_of(tested, Way(2, TUESDAY, opened=MONDAY), Way(3, TUESDAY, opened=MONDAY, repository="acme/web"))
    assert days(way, "testing") == [0.25, 0.0, None]
    assert days(way, "review") == [0.75, 1.0, 1.0]
    assert np.isnan(way.parts["checks"]).tolist() == [False, False, True]


def test_a_check_that_failed_was_told_of():
    failed = Way(1, TUESDAY, opened=MONDAY, turns=((TurnKind.CHECKS_FAILING, MONDAY, MONDAY + HOUR),))
    assert days(way_of(failed), "testing") == [0.0]


def with_qa(*rows):
    """(place of the change, handed over, taken up, done)."""
    places, *times = zip(*rows, strict=True)
    columns = (np.array([at.timestamp() for at in column]) for column in times)
    return WithTesters(np.array(places), *columns)


def test_the_time_with_qa_is_testing_and_taken_from_no_other_stage():
    flow = flow_of(Way(1, TUESDAY, opened=MONDAY, deployed=TUESDAY + DAY), Way(2, TUESDAY, opened=MONDAY))
    qa = with_qa((0, TUESDAY - 6 * HOUR, TUESDAY, TUESDAY + 6 * HOUR))
    way = passage(flow, np.full(2, np.nan), Calendar(), qa)
    assert days(way, "testing") == [0.5, None]
    assert days(way, "review") == [1.0, 1.0]
    assert days(way, "deploying")[0] == 1.0
    assert np.round(way.beside, 3)[0] == 0.5
    assert np.isnan(way.beside[1])


def test_with_qa_and_with_checks_is_testing_together():
    checks = ((TurnKind.CHECKS_RUNNING, MONDAY, MONDAY + 6 * HOUR),)
    flow = flow_of(Way(1, TUESDAY, opened=MONDAY, turns=checks), Way(2, TUESDAY, opened=MONDAY))
    way = passage(flow, np.full(2, np.nan), Calendar(), with_qa((0, TUESDAY, TUESDAY + HOUR, TUESDAY + 6 * HOUR)))
    assert days(way, "testing") == [0.5, 0.0]
    assert hours(way, "testing")[0] == 1.0


def test_deploying_is_from_the_merge_to_production():
    way = way_of(Way(1, MONDAY, deployed=MONDAY + 36 * HOUR))
    assert days(way, "deploying") == [1.5]
    assert hours(way, "deploying") == [16.0]


def test_what_is_not_in_production_has_no_end_yet():
    way = way_of(Way(1, MONDAY), deployed=lambda _: np.nan)
    assert days(way, "deploying") == days(way, "stabilizing") == [None]


def test_stabilizing_is_from_production_to_the_beginning_of_the_quiet_period():
    way = way_of(
        Way(1, MONDAY, deployed=TUESDAY), Way(2, MONDAY, deployed=TUESDAY), Way(3, MONDAY, deployed=TUESDAY),
        quiet=[TUESDAY.timestamp(), (TUESDAY + DAY).timestamp(), np.nan],
    )  # fmt: skip
    assert days(way, "stabilizing") == [0.0, 1.0, None]


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        (TurnKind.REVIEW_PENDING, "reviewers"),
        (TurnKind.CHANGES_REQUESTED, "author"),
        (TurnKind.MERGE_CONFLICT, "author"),
        (TurnKind.CHECKS_FAILING, "author"),
        (TurnKind.CHECKS_RUNNING, "checks"),
        (TurnKind.READY_TO_MERGE, "merging"),
        (TurnKind.DEPENDENCY, "others"),
    ],
)
def test_the_time_in_review_is_split_by_whose_move_it_was(kind, part):
    way = way_of(Way(1, TUESDAY, opened=MONDAY, turns=((kind, MONDAY, MONDAY + 3 * HOUR),)))
    assert parts(way) == {part: 3.0}


def test_what_lasted_beyond_the_merge_counts_until_it():
    way = way_of(Way(1, TUESDAY, opened=MONDAY, turns=((TurnKind.REVIEW_PENDING, MONDAY, TUESDAY + 9 * DAY),)))
    assert parts(way) == {"reviewers": 8.0}


def test_no_changes_have_no_way():
    way = way_of()
    assert {stage: len(way.days[stage]) for stage in STAGES} == dict.fromkeys(STAGES, 0)
