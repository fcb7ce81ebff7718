"""Is what shipped quiet yet, and what started the days anew?"""

from datetime import timedelta

import pytest

from assistant.stabilization import Disturbance, disturbances_of, quiet_period, stabilize
from storage.records import Attribution, Size
from tests.builders import COMPANY, NOON, change_of, merged_of, policy_of, situation, ticket_of

DAY = timedelta(days=1)
POLICY = policy_of(COMPANY + '[repositories."acme/api"]\nattribution_since = 2026-01-01\n')
SHIPPED = NOON - 5 * DAY
SMALL = merged_of(1, size=Size(1, 0, 1))


def clock(*disturbances, changes=(SMALL,), watched=True, now=NOON):
    return stabilize(SHIPPED, changes, disturbances, POLICY, now, watched=watched)


@pytest.mark.parametrize(
    ("added", "share", "days"),
    [(1, None, 3), (100, None, 7), (1000, None, 14), (1, 0.3, 4.5), (1, 1.0, 6), (1000, 1.0, 28)],
)
def test_quiet_days_go_by_the_riskiest_change_and_by_who_wrote_it(added, share, days):
    change = merged_of(1, size=Size(added, added // 4, 1), attribution=Attribution(share))
    assert quiet_period([change], POLICY) == days * DAY


def test_unknown_origin_is_no_more_lenient_than_ai():
    assert quiet_period([SMALL], policy_of()) == quiet_period(
        [merged_of(1, size=Size(1, 0, 1), attribution=Attribution(1.0))], POLICY
    )


def test_a_whole_quiet_period_that_somebody_watched_is_stable():
    told = clock()
    assert (told.state, told.ends_at, told.quiet) == ("stable", SHIPPED + 3 * DAY, 5 * DAY)
    assert clock(watched=False).state == "unknown"


def test_before_the_period_is_over_it_stabilizes():
    assert clock(now=SHIPPED + 2 * DAY).state == "stabilizing"


def test_a_disturbance_starts_the_days_anew_when_it_is_over():
    told = clock(Disturbance("incident", NOON - 3 * DAY, NOON - 2 * DAY))
    assert (told.state, told.quiet, told.ends_at) == ("stabilizing", 2 * DAY, NOON + DAY)


def test_while_a_disturbance_lasts_no_day_is_quiet_and_no_end_is_known():
    told = clock(Disturbance("incident", NOON - DAY, None))
    assert (told.state, told.quiet, told.ends_at) == ("stabilizing", timedelta(0), None)


def test_what_was_before_shipping_disturbs_nothing():
    assert clock(Disturbance("incident", SHIPPED - DAY, SHIPPED - DAY)).restarts == ()


def causes(*records, incidents=(), tickets=()):
    told = situation(SMALL, *records, incidents=incidents)
    return [d.cause for d in disturbances_of(SHIPPED, (SMALL,), tickets, told)]


@pytest.mark.parametrize(
    ("more", "counts"),
    [
        ({"opened_at": SHIPPED + timedelta(hours=72)}, True),
        ({"opened_at": SHIPPED + timedelta(hours=73)}, False),
        ({"opened_at": SHIPPED - timedelta(hours=1)}, False),
        ({"opened_at": SHIPPED + DAY, "repository": "acme/ledger"}, False),
        ({"opened_at": NOON, "root_causes": ("change:acme/api#1",)}, True),
        (
            {
                "opened_at": NOON,
                "repository": "acme/ledger",
                "root_causes": (f"commit:acme/api@{SMALL.merge_sha[:8]}",),
            },
            True,
        ),
        ({"opened_at": NOON, "root_causes": ("commit:acme/api@ffffffff",)}, False),
    ],
)
def test_an_incident_counts_when_it_names_the_release_or_began_on_its_service_in_time(more, counts):
    assert causes(incidents=(ticket_of(9, labels=("incident",), **more),)) == (
        ["incident acme/api#9"] if counts and "repository" not in more else ["incident acme/ledger#9"] if counts else []
    )


def test_a_revert_of_its_change_or_of_its_commit_disturbs():
    assert causes(merged_of(5, reverts=(SMALL.object,))) == ["revert acme/api#5"]
    assert causes(merged_of(5, reverts=(f"commit:acme/api@{SMALL.merge_sha}",))) == ["revert acme/api#5"]
    assert causes(change_of(5, reverts=(SMALL.object,))) == []


def test_a_blocker_opened_again_disturbs_and_another_ticket_does_not():
    again = ticket_of(6, labels=("release-blocker",), reopened_at=NOON)
    assert causes(tickets=(again, ticket_of(7, reopened_at=NOON))) == ["reopened acme/api#6"]
