"""Which rounds begin by themselves, on which days, and for which releases."""

from datetime import timedelta

import pytest

from digests.rounds.begun import beginning, newest_moment
from tests.builders import NOON, at, policy_of, release_of
from tests.handing import RELEASE, company
from tests.rounds import round_of

DAYS = '[rounds]\ndays = ["mon", "wed"]\ntime = "09:30"\nwithin_days = 7\n'
DUE = at("2026-11-18T09:30")  # a Wednesday


def begins(release=None, rounds=(), now=DUE, more=DAYS):
    one = release or release_of(target=NOON + timedelta(days=3))
    return [cause for _, cause, _ in beginning([one], rounds, company(more), now)]


@pytest.mark.parametrize(
    ("now", "moment"),
    [
        ("2026-11-18T09:29", None),  # two days after Monday's
        ("2026-11-18T09:30", DUE),
        ("2026-11-18T11:00", DUE),
        ("2026-11-19T09:30", None),
    ],
)
def test_the_newest_moment_holds_until_it_is_too_late(now, moment):
    assert newest_moment(company(DAYS), at(now)) == moment


def test_it_is_a_local_time_whatever_the_clocks_do():
    policy = policy_of('[workspace]\nzone = "Europe/Berlin"\n[rounds]\ndays = ["mon"]\ntime = "09:00"\n')
    assert newest_moment(policy, at("2026-10-19T07:05")) == at("2026-10-19T07:00")
    assert newest_moment(policy, at("2026-10-26T08:05")) == at("2026-10-26T08:00")


def test_without_a_time_it_is_when_work_begins():
    assert newest_moment(policy_of('[rounds]\ndays = ["wed"]\n'), DUE) == at("2026-11-18T09:00")


def test_nobody_is_asked_on_a_day_on_which_nobody_works():
    assert newest_moment(company(DAYS + '[hours]\nholidays = ["2026-11-18"]\n'), DUE) is None


def test_without_days_nothing_begins_by_itself():
    assert begins(more="") == []


@pytest.mark.parametrize(("days", "asked"), [(7, ["schedule"]), (8, []), (-3, ["schedule"]), (-8, [])], ids=str)
def test_a_release_is_asked_about_near_its_target_also_when_that_was_missed(days, asked):
    assert begins(release_of(target=DUE + timedelta(days=days))) == asked


@pytest.mark.parametrize(
    "more", [{"target": None}, {"ended": "cancelled"}, {"shipped_at": NOON}], ids=["no target", "ended", "shipped"]
)
def test_what_has_no_target_or_is_over_is_not_asked_about(more):
    assert begins(release_of(**({"target": NOON} | more))) == []


def test_one_that_is_open_or_began_since_is_enough():
    earlier = {"opened_at": DUE - timedelta(days=1)}
    assert begins(rounds=(round_of(**earlier),)) == []
    over = round_of(**earlier, closed_at=DUE - timedelta(hours=1))
    assert begins(rounds=(over,)) == ["schedule"]
    assert begins(rounds=(over, round_of("round:2", opened_at=DUE, closed_at=DUE))) == []
    assert begins(rounds=(round_of(release="release:checkout@9"),)) == ["schedule"]


@pytest.mark.parametrize(("hours", "asked"), [(0, ["scope_freeze"]), (47, ["scope_freeze"]), (48, [])], ids=str)
def test_a_scope_that_froze_lately_is_asked_about(hours, asked):
    frozen = release_of(scope_frozen_at=NOON - timedelta(hours=hours))
    assert begins(frozen, now=NOON, more="[rounds]\nat_scope_freeze = true\n") == asked


def test_a_scope_that_froze_again_is_asked_about_again():
    more = "[rounds]\nat_scope_freeze = true\n"
    frozen = release_of(scope_frozen_at=NOON - timedelta(hours=1))
    before = round_of(opened_at=NOON - timedelta(hours=5), closed_at=NOON - timedelta(hours=4))
    after = round_of(opened_at=NOON - timedelta(minutes=5), closed_at=NOON)
    assert begins(frozen, (before,), NOON, more) == ["scope_freeze"]
    assert begins(frozen, (before, after), NOON, more) == []


def test_the_release_comes_with_what_begins_it():
    ((release, _, moment),) = beginning([release_of(target=NOON)], (), company(DAYS), DUE)
    assert (release.object, moment) == (RELEASE, DUE)
