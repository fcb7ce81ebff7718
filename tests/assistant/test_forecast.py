"""When could it ship at the earliest, and is what is missing said?"""

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.blockers.finding import find
from assistant.blockers.gates import freezes_of
from assistant.forecast import Missing, forecast
from storage.records import Estimate, External
from tests.builders import (
    COMPANY,
    NOON,
    at,
    change_of,
    freeze_of,
    merged_of,
    policy_of,
    release_of,
    situation,
    steady,
    ticket_of,
    turn,
    turns_lasting,
)

REVIEW = change_of(move=turn("review_pending", 0, "github/anna"))


def dated(*records, text=COMPANY, **more):
    told = situation(*records, policy=policy_of(text), **more)
    return forecast(find(told), freezes_of(told), told)


def remaining(told, number=101):
    return next(b.remaining for b in told.blockers if b.object.endswith(f"#{number}"))


def test_a_change_ships_after_what_like_ones_took_and_the_usual_way_to_production():
    told = dated(REVIEW)  # eight hours from Wednesday noon, then four more
    assert remaining(told).p50 == at("2026-11-19T12:00")
    assert told.earliest.p50 == told.earliest.p85 == at("2026-11-19T16:00")
    assert (remaining(told).source, remaining(told).samples) == ("workspace", 25)


def test_what_has_lasted_already_is_left_less():
    told = dated(change_of(move=turn("review_pending", 3, "github/anna")))
    assert remaining(told).p50 == at("2026-11-18T17:00")


def test_the_mover_on_leave_makes_it_later():
    text = COMPANY.replace('slack = "U1"', "leave = [[2026-11-19, 2026-11-22]]")
    assert remaining(dated(REVIEW, text=text)).p50 == at("2026-11-23T12:00")


def test_the_past_of_the_team_that_owns_the_repository_speaks_first():
    samples = {**steady()[0], "team:core": {"review_pending": turns_lasting(*[1] * 25)}}
    told = dated(REVIEW, samples=samples)
    assert (remaining(told).source, remaining(told).p50) == ("team", at("2026-11-18T13:00"))


def test_too_little_past_gives_no_date_and_says_how_little():
    told = dated(REVIEW, samples={"workspace": {"review_pending": turns_lasting(1, 2)}})
    assert told.earliest is None
    assert told.missing == (Missing("review_pending", 2, 1),)
    assert told.known_p50 == at("2026-11-18T16:00")  # no date can be earlier than the way to production
    assert remaining(told).source == "unknown"


def test_a_persons_estimate_stands_in_for_a_past_that_is_too_short_and_says_whose_it_is():
    estimate = Estimate(REVIEW.object, "person/bo", at("2026-11-20T12:00"), NOON)
    told = dated(REVIEW, release_of(estimates=(estimate,)), samples={})
    assert (remaining(told).source, remaining(told).by, remaining(told).p50) == ("estimate", "bo", estimate.until)
    assert told.earliest.p50 == at("2026-11-20T16:00")


def test_an_estimate_is_never_blended_with_a_past_that_is_long_enough():
    estimate = Estimate(REVIEW.object, "person/bo", at("2026-12-20T12:00"), NOON)
    assert remaining(dated(REVIEW, release_of(estimates=(estimate,)))).source == "workspace"


def test_an_estimate_that_has_passed_says_nothing():
    estimate = Estimate(REVIEW.object, "person/bo", NOON, NOON - timedelta(days=3))
    assert dated(REVIEW, release_of(estimates=(estimate,)), samples={}).earliest is None


def test_a_dependency_outside_of_the_release_is_waited_for_and_not_shown():
    other = change_of(7, repository="acme/ledger", move=turn("review_pending", 0, "github/cho"))
    waiting = replace(REVIEW, depends_on=(other.object,))
    told = dated(waiting, other, hints={waiting.object: ("milestone:2.4",)})
    assert [b.object for b in told.blockers] == [waiting.object]
    assert told.earliest.p50 == at("2026-11-20T16:00")  # twice eight hours, then four


def test_a_dependency_of_a_dependency_is_waited_for_too():
    last = change_of(8, repository="acme/ledger")
    other = change_of(7, repository="acme/ledger", depends_on=(last.object,))
    waiting = replace(REVIEW, depends_on=(other.object,))
    told = dated(waiting, other, last, hints={waiting.object: ("milestone:2.4",)})
    assert told.earliest.p50 == at("2026-11-23T16:00")


def test_a_dependency_that_nothing_is_known_of_gives_no_date():
    told = dated(replace(REVIEW, depends_on=("change:acme/api#404",)))
    assert told.earliest is None


def test_a_wait_outside_ends_when_it_was_said_to():
    wait = External("external:x", "release:checkout@2.4", "Legal", "person/bo", NOON, ends_at=at("2026-12-01T10:00"))
    assert dated(wait).earliest.p50 == at("2026-12-01T10:00")
    assert dated(replace(wait, ends_at=None)).missing == (Missing("external", 0, 1),)


def test_what_is_merged_takes_what_merged_things_took():
    told = dated(merged_of(merged_at=NOON - timedelta(hours=1)))
    assert told.earliest.p50 == at("2026-11-18T15:00")


def test_without_a_source_of_deployments_the_date_is_that_of_the_last_merge():
    assert dated(REVIEW, deploying=(), merged={}).earliest.p50 == at("2026-11-19T12:00")


def test_a_way_to_production_with_too_little_past_gives_no_date():
    assert dated(REVIEW, merged={}).missing == (Missing("merged", 0, 1),)


def test_incidents_and_blocker_bugs_have_a_past_of_their_own():
    bug, incident = ticket_of(1, labels=("blocker",)), ticket_of(2, labels=("incident",))
    samples = {"workspace": {"blocker_bug": turns_lasting(*[2] * 20), "incident_open": turns_lasting(*[1] * 20)}}
    told = dated(bug, samples=samples, incidents=(incident,))
    assert (remaining(told, 1).p50, remaining(told, 2).p50) == (at("2026-11-18T14:00"), at("2026-11-18T13:00"))


def test_a_freeze_that_the_expected_date_runs_into_moves_it_to_its_end():
    freeze = freeze_of(services=(), begins_at=at("2026-11-19T00:00"), ends_at=at("2026-11-25T10:00"))
    told = dated(REVIEW, freeze)
    assert told.frozen == (freeze,)
    assert told.earliest.p50 == freeze.ends_at


def test_a_freeze_before_or_after_the_expected_date_is_no_blocker():
    over = freeze_of("freeze:a", services=(), begins_at=NOON - timedelta(days=1), ends_at=at("2026-11-18T20:00"))
    after = freeze_of("freeze:b", services=(), begins_at=at("2026-11-23T00:00"), ends_at=at("2026-11-24T00:00"))
    told = dated(REVIEW, over, after)
    assert told.frozen == told.near == ()


def test_a_freeze_that_only_the_later_dates_run_into_is_near():
    samples = {"workspace": {"review_pending": turns_lasting(*[1] * 15, *[30] * 10)}}
    freeze = freeze_of(services=(), begins_at=at("2026-11-23T00:00"), ends_at=at("2026-11-28T00:00"))
    told = dated(REVIEW, freeze, samples=samples)
    assert (told.frozen, told.near) == ((), (freeze,))


def test_what_has_waited_longer_than_anything_before_has_no_date():
    samples = {"workspace": {"review_pending": turns_lasting(*[1] * 5, still=[20] * 20)}}
    told = dated(REVIEW, samples=samples)
    assert told.missing == ()
    assert told.earliest is None
    assert told.known_p50 == NOON  # what has no end is left out, and nothing ships before now


@pytest.mark.parametrize("runs", [100, 10_000])
def test_the_same_facts_give_the_same_dates(runs):
    samples = {"workspace": {"review_pending": turns_lasting(*range(1, 31))}}
    text = COMPANY + f"[forecast]\nruns = {runs}\n"
    first, second = (dated(REVIEW, change_of(2), text=text, samples=samples).earliest for _ in range(2))
    assert first == second
    assert first.p50 < first.p85
