"""Is the first verdict that matches the one that is given?"""

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.blockers.blocker import BlockerKind, Remaining
from assistant.forecast import Earliest, Forecast, Missing
from assistant.unknowns import Unknown, undecidable
from assistant.verdict import Judgement, in_order, judge, named_first, settled
from assistant.verdicts import Verdict
from tests.answers import a_blocker
from tests.builders import NOON

SOON, LATER, LATEST = (NOON + timedelta(days=days) for days in (1, 5, 9))
GAP = (Missing("review_pending", 3, 1),)


def left(at):
    return Remaining("end", at, at) if at else Remaining("unknown")


def gate(until=SOON, **more):
    return a_blocker(1, kind=BlockerKind.INCIDENT_OPEN, remaining=left(until), **more)


def judged(*blockers, p50=SOON, p85=SOON, target=LATER, missing=(), unknown=None):
    earliest = None if missing or p50 is None else Earliest(p50, p85)
    told = judge(blockers, Forecast(earliest, p50, tuple(blockers), missing), target, unknown)
    assert told.because
    return told


def verdict(*blockers, **given):
    return judged(*blockers, **given).verdict


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"p50": SOON, "p85": SOON}, Verdict.ON_TRACK),
        ({"p50": SOON, "p85": LATER}, Verdict.ON_TRACK),
        ({"p50": SOON, "p85": LATEST}, Verdict.AT_RISK),
        ({"p50": SOON, "p85": None}, Verdict.AT_RISK),
        ({"p50": LATEST, "p85": LATEST}, Verdict.LATE),
        ({"p50": None}, Verdict.UNKNOWN),
        ({"missing": GAP}, Verdict.UNKNOWN),
        ({"missing": GAP, "p50": LATEST}, Verdict.LATE),
        ({"unknown": "the source is silent"}, Verdict.UNKNOWN),
        ({"unknown": "the source is silent", "p50": LATEST}, Verdict.UNKNOWN),
        ({"target": None}, Verdict.NOT_READY),
        ({"target": None, "missing": GAP}, Verdict.NOT_READY),
    ],
)
def test_dates_against_the_target_decide_unless_something_that_could_is_missing(given, expected):
    assert verdict(a_blocker(), **given) is expected


@pytest.mark.parametrize("kind", [BlockerKind.INCIDENT_OPEN, BlockerKind.FREEZE, BlockerKind.BLOCKER_BUG])
def test_a_hard_gate_that_outlasts_the_target_or_is_unowned_or_has_no_target_blocks(kind):
    hard = replace(gate(), kind=kind)
    assert verdict(hard) is Verdict.ON_TRACK
    assert verdict(replace(hard, remaining=left(LATEST))) is Verdict.BLOCKED
    assert verdict(replace(hard, owners=())) is Verdict.BLOCKED
    assert verdict(hard, target=None) is Verdict.BLOCKED


@pytest.mark.parametrize(
    ("given", "more", "because"),
    [
        ({"owners": ()}, {}, "Nobody owns a hard gate: api#1 Total is wrong."),
        ({"until": LATEST}, {}, "A hard gate is expected to outlast the target: api#1 Total is wrong."),
        ({}, {"target": None}, "A hard gate stands, and there is no target to compare it with: api#1 Total is wrong."),
        ({"owners": ()}, {"target": None}, "Nobody owns a hard gate: api#1 Total is wrong."),
        ({"owners": (), "subject": "Store review"}, {}, "Nobody owns a hard gate: Total is wrong."),
    ],
)
def test_the_reason_is_a_sentence_that_names_the_gate(given, more, because):
    hard = gate(**{"title": "Total is wrong.", **given})
    told = judged(hard, **more)
    assert told.because == because
    assert told.names == hard.object


def test_a_date_that_is_missing_is_said_without_the_names_of_keys():
    lacking = (Missing("merge_conflict", 0, 1), Missing("review_pending", 3, 1))
    assert judged(missing=lacking).because == (
        "No date yet: how long resolving a conflict and a review take is unknown."
    )


def test_the_gate_that_the_reason_names_comes_first():
    unowned = a_blocker(2, owners=(), remaining=left(None))
    hard = gate(LATEST)
    order = in_order([hard, unowned])
    assert order[0] is unowned
    assert named_first(order, judged(*order)) == (hard, unowned)
    assert named_first(order, judged(unowned)) == order


def test_other_blockers_never_block_however_long_or_unowned():
    soft = a_blocker(remaining=left(LATEST), owners=())
    assert verdict(soft) is Verdict.ON_TRACK
    assert verdict(soft, target=None) is Verdict.NOT_READY


def test_a_gate_that_nobody_owns_blocks_although_something_else_is_missing():
    assert verdict(gate(None, owners=()), missing=GAP) is Verdict.BLOCKED


def test_an_owned_gate_of_unknown_length_makes_it_unknown():
    assert verdict(gate(None), missing=(Missing("incident_open", 0, 1),)) is Verdict.UNKNOWN


def test_nothing_left_without_a_target_is_ready():
    assert verdict(target=None) is Verdict.READY


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Verdict.READY, Verdict.UNKNOWN),
        (Verdict.ON_TRACK, Verdict.UNKNOWN),
        (Verdict.LATE, Verdict.LATE),
        (Verdict.NOT_READY, Verdict.NOT_READY),
    ],
)
def test_a_gap_that_unsettles_takes_back_good_news_alone_and_decides_then(before, after):
    small, doubt = Unknown("origin", "Small.", "None."), Unknown("hidden", "A part.", "Ask.", unsettles=True)
    judgement, found = settled(Judgement(before, "So it is."), (small, doubt))
    assert judgement.verdict is after
    assert judgement.because == ("A part." if after is Verdict.UNKNOWN else "So it is.")
    assert undecidable(found) == ("A part." if after is Verdict.UNKNOWN else None)
    assert found[0].key == ("hidden" if after is Verdict.UNKNOWN else "origin")


def test_the_order_is_unowned_and_gates_then_time_left_then_over_its_level_then_what_it_unblocks():
    long = a_blocker(1, remaining=left(LATEST))
    unknown = a_blocker(2, remaining=left(None))
    short = a_blocker(3, remaining=left(SOON), waiting_hours=1.0)
    over = a_blocker(4, remaining=left(SOON), waiting_hours=90.0)
    key = a_blocker(5, remaining=left(SOON), waiting_hours=1.0, unblocks=2)
    nobodys = a_blocker(6, remaining=left(SOON), owners=())
    hard = gate(SOON, object="ticket:acme/api#7")
    both = gate(SOON, object="ticket:acme/api#8", owners=())
    order = in_order([short, over, key, long, unknown, hard, nobodys, both])
    assert order[0] == both
    assert set(order[1:3]) == {nobodys, hard}
    assert order[3:] == (unknown, long, over, key, short)


def test_what_is_alike_is_ordered_by_name_so_that_the_same_facts_give_the_same_list():
    blockers = [a_blocker(n) for n in (103, 101, 102)]
    assert [b.object for b in in_order(blockers)] == sorted(b.object for b in blockers)
