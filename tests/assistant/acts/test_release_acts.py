"""Freezing a release's scope, ending it, putting it on a train."""

from datetime import time, timedelta

import pytest

from assistant.acts import board_train, end_release, end_train, freeze_scope, plan_release, set_train
from tests.builders import NOON, RELEASE, at, office, train_of

LATER = NOON + timedelta(hours=1)


def planned(*records):
    company = office(*records)
    company.act(plan_release, plan_release.Wish("checkout", "2.4"))
    return company


ACTS = [
    (freeze_scope, freeze_scope.Wish(RELEASE)),
    (end_release, end_release.Wish(RELEASE, "cancelled", "no")),
    (board_train, board_train.Wish(RELEASE, "weekly")),
]


@pytest.mark.parametrize(("act", "wish"), ACTS)
def test_only_the_owner_and_delegates_may(act, wish):
    assert "Only Anna Berg may decide" in planned(train_of()).refusal(act, wish, "person/bo")


@pytest.mark.parametrize(("act", "wish"), ACTS)
def test_guests_and_outsiders_may_not(act, wish):
    company = planned(train_of())
    assert "Only members" in company.refusal(act, wish, "person/gus")
    assert "Only members" in company.refusal(act, wish, "person/anna", inside=False)


@pytest.mark.parametrize(("act", "wish"), ACTS)
def test_a_release_that_nobody_planned_is_planned_first(act, wish):
    assert "Nobody has planned checkout 2.4 yet" in office().refusal(act, wish)


@pytest.mark.parametrize("act", [freeze_scope, board_train])
def test_a_release_of_a_hidden_product_is_unknown(act):
    wish = act.Wish("release:vault@1", **({"train": "weekly"} if act is board_train else {}))
    assert "know nothing of vault 1" in office().refusal(act, wish)


def test_a_scope_is_frozen_and_opened_again_with_a_reason():
    company = planned()
    company.act(freeze_scope, freeze_scope.Wish(RELEASE))
    assert company.release.scope_frozen_at == NOON
    assert "frozen already" in company.refusal(freeze_scope, freeze_scope.Wish(RELEASE))
    assert "Say why" in company.refusal(freeze_scope, freeze_scope.Wish(RELEASE, frozen=False))
    company.act(freeze_scope, freeze_scope.Wish(RELEASE, frozen=False, why="One more"), now=LATER)
    assert company.release.scope_frozen_at is None


def test_an_open_scope_can_not_be_opened():
    assert "open already" in planned().refusal(freeze_scope, freeze_scope.Wish(RELEASE, frozen=False, why="x"))


def test_a_release_is_cancelled_once_with_a_reason():
    company = planned()
    assert "Say why" in company.refusal(end_release, end_release.Wish(RELEASE, "cancelled", "", by="2.5"))
    company.act(end_release, end_release.Wish(RELEASE, "cancelled", "No money"), now=LATER)
    assert (company.release.ended, company.release.ended_at) == ("cancelled", LATER)
    assert "was cancelled" in company.refusal(end_release, end_release.Wish(RELEASE, "cancelled", "again"))


def test_what_supersedes_a_release_is_reason_enough():
    company = planned()
    company.act(end_release, end_release.Wish(RELEASE, "superseded", "", by="2.5"))
    assert company.events[-1].data == {"as": "superseded", "by": "2.5", "why": ""}


def test_a_release_boards_a_train_of_its_product_and_leaves_it():
    company = planned(train_of())
    company.act(board_train, board_train.Wish(RELEASE, " Weekly"))
    assert company.release.train == "train:weekly"
    assert "already" in company.refusal(board_train, board_train.Wish(RELEASE, "weekly"))
    company.act(board_train, board_train.Wish(RELEASE, None), now=LATER)
    assert company.release.train is None


@pytest.mark.parametrize("train", [train_of("nightly"), train_of(product="other"), train_of(ended_at=NOON)])
def test_a_train_that_does_not_run_for_the_product_is_not_boarded(train):
    assert "No train weekly runs for checkout" in planned(train).refusal(
        board_train, board_train.Wish(RELEASE, "weekly")
    )


# Trains


def timetable(**more):
    filled = {"name": "Weekly  Web", "product": "checkout", "weekday": 1, "time": time(14), "zone": "Europe/Berlin"}
    return set_train.Wish(**(filled | more))


def test_whoever_sets_a_train_owns_it_and_it_leaves_on_the_coming_day():
    company = office()
    company.act(set_train, timetable())
    train = company.records()["train:weekly web"]
    assert (train.owner, train.time, train.weekday, train.first_on) == ("person/anna", "14:00", 1, "2026-11-24")
    assert (train.name, train.product, train.every_weeks) == ("Weekly Web", "checkout", 1)


def test_the_coming_day_is_the_trains_own_in_its_zone():
    company = office()
    company.act(set_train, timetable(weekday=3, zone="Pacific/Auckland"), now=at("2026-11-18T12:00"))
    assert company.records()["train:weekly web"].first_on == "2026-11-19"


@pytest.mark.parametrize("who", ["person/anna", "person/bo"])
def test_the_owner_and_the_leads_of_its_product_change_and_stop_a_train(who):
    company = office()
    company.act(set_train, timetable())
    assert company.kinds(set_train, timetable(every_weeks=2), who, LATER) == ["train.set"]
    assert company.kinds(end_train, end_train.Wish("weekly web", "no more"), who, LATER) == ["train.ended"]
    assert company.records()["train:weekly web"].owner == "person/anna"


def test_nobody_else_changes_or_stops_a_train():
    company = office()
    company.act(set_train, timetable())
    assert "Only Anna Berg or bo may change this train" in company.refusal(
        set_train, timetable(weekday=2), "person/cem"
    )
    assert "Only Anna Berg or bo may stop" in company.refusal(
        end_train, end_train.Wish("weekly web", "x"), "person/cem"
    )


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"weekday": 7}, "one weekday"),
        ({"every_weeks": 0}, "1 to 26 weeks"),
        ({"every_weeks": 27}, "1 to 26 weeks"),
        ({"zone": "Mars/Base"}, "no time zone"),
        ({"zone": "/etc/passwd"}, "no time zone"),
        ({"first_on": at("2026-11-25").date()}, "not the weekday"),
        ({"name": " "}, "needs a name"),
        ({"product": "vault"}, "know nothing of a product vault"),
        ({"product": "nowhere"}, "know nothing of a product nowhere"),
        ({"owner": "nemo"}, "nobody called"),
    ],
)
def test_a_timetable_that_can_not_be_kept_is_refused(broken, said):
    assert said in office().refusal(set_train, timetable(**broken))


def test_a_name_that_a_hidden_train_has_is_taken():
    assert "is taken" in office(train_of("weekly web", product="vault")).refusal(set_train, timetable())


def test_a_train_is_stopped_once_with_a_reason():
    company = office(train_of(owner="person/anna"))
    assert "Say why" in company.refusal(end_train, end_train.Wish("weekly", ""))
    stopped = office(train_of(owner="person/anna", ended_at=NOON))
    assert "stopped already" in stopped.refusal(end_train, end_train.Wish("weekly", "x"))


@pytest.mark.parametrize("name", ["nightly", "secret"])
def test_an_unknown_and_a_hidden_train_are_refused_alike(name):
    company = office(train_of("secret", product="vault"))
    assert f"know nothing of a train {name}" in company.refusal(end_train, end_train.Wish(name, "x"))


def test_a_guest_neither_sets_nor_stops_a_train():
    company = office(train_of())
    assert "Only members" in company.refusal(set_train, timetable(), "person/gus")
    assert "Only members" in company.refusal(end_train, end_train.Wish("weekly", "x"), "person/gus")
