"""Four weeks are counted beside the four before, deployments as DORA counts them, and each week by itself."""

from datetime import timedelta

import numpy as np
import pytest

from assistant.calendar import Calendar
from assistant.delivered import delivered
from assistant.failing import carriers, failing, quiet_from
from assistant.last_mile import STAGES, passage
from assistant.weeks import weeks_before
from storage.records import TurnKind
from tests.builders import COMPANY, NOON, deployment_of, facts_of, incident_of, policy_of
from tests.delivered import DAY, HOUR, deployments_of, flow_of, weekly

POLICY = policy_of(COMPANY)
WEEKS = weeks_before(NOON, "UTC", 8)


def numbers(*ways, incidents=(), more=(), watched=(True, True)):
    out = (*deployments_of(*ways), *more)
    flow = flow_of(*sorted(ways, key=lambda way: way.merged))
    carried = carriers(flow, out, POLICY)
    failed = failing(facts_of(*out), incidents, flow, carried, POLICY)
    way = passage(flow, quiet_from(flow, carried, failed.over), Calendar())
    return delivered(way, flow, failed, WEEKS, watched)


def stage(found, name):
    return next(one for one in found.stages if one.name == name)


def test_the_stages_come_in_the_order_of_the_way():
    assert tuple(one.name for one in numbers().stages) == STAGES


def test_nothing_is_unknown_and_never_zero():
    found = numbers()
    assert {name: compared.now.value for name, compared in found.numbers.items()} == dict.fromkeys(found.numbers)
    assert {one.days.now.value for one in found.stages} == {None}
    assert {part.share for part in found.parts} == {None}


def test_a_change_counts_in_the_week_in_which_it_reached_production():
    slow = weekly(5, weeks_ago=6, deployed=WEEKS[-1].begin + DAY)
    found = stage(numbers(*slow), "deploying")
    assert [measure.n for measure in found.weekly] == [0, 0, 0, 0, 0, 0, 0, 5]
    assert (found.days.now.n, found.days.before.n) == (5, 0)


def test_the_newest_four_weeks_stand_beside_the_four_before():
    now = weekly(6, weeks_ago=2)
    before = weekly(5, weeks_ago=6, first=50, deployed=None)
    found = numbers(*now, *before)
    lead = found.numbers["change_lead_time"]
    assert (lead.now.n, lead.before.n) == (6, 5)
    assert lead.now.value == pytest.approx(26 / 24)
    assert lead.now.counted == tuple(way.object for way in sorted(now, key=lambda way: way.merged))


def test_of_four_changes_nothing_is_said():
    assert numbers(*weekly(4)).numbers["change_lead_time"].now.value is None


def test_deployments_are_counted_a_week_and_each_can_be_seen():
    found = numbers(*weekly(6, 1), *weekly(2, 3, first=20)).numbers["deployment_frequency"]
    assert (found.now.value, found.now.n) == (2.0, 8)
    assert "deployment:github/20" in found.now.counted
    assert found.before.value is None


def test_the_fail_rate_goes_from_what_is_sure_to_what_may_be():
    ways = weekly(10, 2)
    began = WEEKS[-2].begin + 4 * DAY + 15 * HOUR
    incidents = [
        incident_of("A", opened_at=began, open=False, closed_at=began + HOUR, root_causes=(ways[0].object,)),
        incident_of("B", opened_at=began, open=False, closed_at=began + HOUR),
    ]
    rate = numbers(*ways, incidents=incidents).numbers["change_fail_rate"].now
    assert rate.value == 0.1
    assert rate.high == 0.7  # Tuesday's after noon to Friday's, and what is sure
    assert rate.n == 10


def test_no_rate_is_ever_above_all_of_them():
    ways = weekly(5)
    incidents = [
        incident_of(str(n), opened_at=NOON - 3 * DAY, open=False, closed_at=NOON, root_causes=(ways[n % 5].object,))
        for n in range(50)
    ]
    rate = numbers(*ways, incidents=incidents).numbers["change_fail_rate"].now
    assert rate.value == rate.high == 1.0


def test_where_nobody_watched_the_fail_rate_is_not_known():
    rate = numbers(*weekly(6), *weekly(6, 6, first=20), watched=(False, True)).numbers["change_fail_rate"]
    assert (rate.now.value, rate.now.high, rate.now.n) == (None, None, 6)
    assert (rate.before.value, rate.before.n) == (0.0, 6)


def test_rework_is_the_share_of_deployments_that_only_mend():
    fixes = [
        deployment_of(f"{n:040x}", f"fix{n}", created_at=NOON - 3 * DAY + n * HOUR, finished_at=NOON - 3 * DAY + n * HOUR,
                      purpose="hotfix")
        for n in range(2)
    ]  # fmt: skip
    found = numbers(*weekly(6), more=fixes).numbers["rework_rate"].now
    assert (found.value, found.n, len(found.hits)) == (0.25, 8, 2)


def test_recovery_is_the_middle_of_the_failures_that_are_over():
    ways = weekly(5)
    incidents = [
        incident_of(str(n), opened_at=ways[n].out, open=False, closed_at=ways[n].out + (n + 1) * HOUR,
                    root_causes=(ways[n].object,))
        for n in range(5)
    ]  # fmt: skip
    found = numbers(*ways, incidents=incidents).numbers["recovery_time"].now
    assert (found.value, found.n) == (3.0, 5)
    assert found.counted[0].startswith("incident:pagerduty/")


def test_what_still_lasts_is_not_in_the_recovery_and_is_named():
    ways = weekly(6)
    over = [
        incident_of(str(n), opened_at=way.out, open=False, closed_at=way.out + HOUR, root_causes=(way.object,))
        for n, way in enumerate(ways[:5])
    ]
    lasting = incident_of("L", opened_at=ways[5].out, root_causes=(ways[5].object,))
    found = numbers(*ways, incidents=(*over, lasting)).numbers["recovery_time"].now
    assert (found.value, found.n, found.lasting) == (1.0, 5, ("incident:pagerduty/L",))
    assert found.as_data()["lasting"] == ["incident:pagerduty/L"]


def test_firefighting_is_the_share_of_what_merged_that_mends():
    ways = (*weekly(6), *weekly(2, first=20, fights=True))
    found = numbers(*ways).numbers["firefighting"].now
    assert (found.value, found.n, len(found.hits)) == (0.25, 8, 2)


def test_where_no_change_says_what_it_closes_nobody_knows_what_was_firefighting():
    assert numbers(*weekly(8)).numbers["firefighting"].now.value is None
    told = numbers(*weekly(8, requested=NOON - timedelta(days=90))).numbers["firefighting"].now
    assert told.value == 0.0


def test_the_time_in_review_is_shared_out_among_those_whose_move_it_was():
    ways = [
        way
        for n in range(6)
        for way in weekly(
            1, 2, first=n + 1,
            turns=((TurnKind.REVIEW_PENDING, WEEKS[-2].begin + 9 * HOUR - DAY * 3, WEEKS[-2].begin + 10 * HOUR),
                   (TurnKind.CHANGES_REQUESTED, WEEKS[-2].begin + 10 * HOUR, WEEKS[-2].begin + 12 * HOUR)),
        )
    ]  # fmt: skip
    shares = {part.name: part.share for part in numbers(*ways).parts}
    assert shares["author"] == pytest.approx(2 / 3)
    assert shares["reviewers"] == pytest.approx(1 / 3)
    assert np.isclose(sum(share or 0.0 for share in shares.values()), 1.0)
    assert shares["checks"] is None  # nobody told of any
