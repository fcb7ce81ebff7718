"""Is what shipped quiet yet, and what started the days anew?"""

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.coverage import Coverage
from assistant.origin import Origin
from assistant.risk import Band
from assistant.stabilization import Cause, Disturbance, quiet_period, stabilize
from assistant.unknowns import Unknown
from storage.records import Attribution, Size
from tests.builders import COMPANY, NOON, merged_of, policy_of

DAY = timedelta(days=1)
POLICY = policy_of(COMPANY + '[repositories."acme/api"]\nattribution_since = 2026-01-01\n')
SHIPPED = NOON - 5 * DAY
SMALL = merged_of(1, size=Size(1, 0, 1))
GAP = Unknown("not_watched", "Nobody is known to watch api.", "Connect it.")


def trouble(began_at, over_at):
    return Disturbance(Cause.INCIDENT, "ticket:acme/api#9", began_at, over_at)


def clock(*disturbances, changes=(SMALL,), watched=None, now=NOON):
    return stabilize(SHIPPED, quiet_period(changes, POLICY), disturbances, now, watched or Coverage(("github",)))


@pytest.mark.parametrize(
    ("added", "share", "days"),
    [(1, None, 3), (100, None, 7), (1000, None, 14), (1, 0.3, 4.5), (1, 1.0, 6), (1000, 1.0, 28)],
)
def test_quiet_days_go_by_the_riskiest_change_and_by_who_wrote_it(added, share, days):
    change = merged_of(1, size=Size(added, added // 4, 1), attribution=Attribution(share))
    assert quiet_period([change], POLICY).needed == days * DAY


def test_a_period_says_which_change_is_the_riskiest_and_who_wrote_it_all():
    large = merged_of(2, size=Size(2000, 900, 30), attribution=Attribution(1.0))
    period = quiet_period([SMALL, large], POLICY)
    assert (period.risk, period.riskiest, period.origin) == (Band.HIGH, large, Origin.AI_HEAVY)
    nothing = quiet_period([], POLICY)
    assert (nothing.risk, nothing.riskiest, nothing.origin) == (Band.UNKNOWN, None, Origin.UNKNOWN)


def test_unknown_origin_is_no_more_lenient_than_ai():
    written_by_ai = replace(SMALL, attribution=Attribution(1.0))
    assert quiet_period([SMALL], policy_of()).needed == quiet_period([written_by_ai], POLICY).needed


def test_a_whole_quiet_period_that_somebody_watched_is_stable():
    told = clock()
    assert (told.state, told.ends_at, told.quiet) == ("stable", SHIPPED + 3 * DAY, 5 * DAY)


def test_a_whole_quiet_period_that_nobody_watched_is_unknown_and_says_why():
    told = clock(watched=Coverage((), GAP))
    assert (told.state, told.gap) == ("unknown", GAP)


def test_before_the_period_is_over_it_stabilizes_whoever_watches():
    for watched in (None, Coverage((), GAP)):
        assert clock(watched=watched, now=SHIPPED + 2 * DAY).state == "stabilizing"


def test_a_disturbance_starts_the_days_anew_when_it_is_over():
    told = clock(trouble(NOON - 3 * DAY, NOON - 2 * DAY))
    assert (told.state, told.quiet, told.ends_at) == ("stabilizing", 2 * DAY, NOON + DAY)
    assert told.quiet_since == NOON - 2 * DAY


def test_while_a_disturbance_lasts_no_day_is_quiet_and_no_end_is_known():
    told = clock(trouble(NOON - DAY, None))
    assert (told.state, told.quiet, told.ends_at, told.quiet_since) == ("stabilizing", timedelta(0), None, None)


def test_what_was_over_before_shipping_disturbs_nothing():
    assert clock(trouble(SHIPPED - DAY, SHIPPED - DAY)).restarts == ()


def test_what_began_before_shipping_and_lasted_disturbs():
    told = clock(trouble(SHIPPED - DAY, SHIPPED + DAY))
    assert (len(told.restarts), told.quiet) == (1, 4 * DAY)
