"""Who could take a review over is somebody who knows the files and has less in hand than those who are asked."""

from datetime import date, timedelta

import pytest

from assistant.blockers.changes import of_change
from assistant.offering import Offers
from assistant.scopes import team_subject
from storage.facts import Knower
from storage.records import Account, Attention, Mark, Review, ReviewState, Turn, TurnKind
from tests.builders import COMPANY, NOON, at, change_of, policy_of, situation

KEY = "change:acme/api#101"
ON_LEAVE = COMPANY.replace("[people.cho]\n", "[people.cho]\nleave = [[2026-11-16, 2026-11-20]]\n")


def knower(account, changes=3, *, files=True):
    return Knower(account, changes, NOON - timedelta(days=1), files)


def offered(*knowers, asked=(), hands=(), policy=COMPANY, now=NOON, records=(), **more):
    """The names offered for change 101 of bo's; ``asked`` are reviewers, ``hands`` what accounts have in hand."""
    moved = Turn(TurnKind.REVIEW_PENDING, NOON - timedelta(days=2), None, tuple(asked))
    attention = more.pop("attention", {})
    change = change_of(move=moved, asked=tuple(asked), **more)
    read = policy_of(policy)
    found = situation(
        change, *records, policy=read, subject=team_subject(read, "core"), now=now, attention=attention,
        familiar={KEY: tuple(knower(k) if isinstance(k, str) else k for k in knowers)}, in_hand=dict(hands),
    )  # fmt: skip
    offer = Offers(found).of(change, of_change(change, found))
    return offer and offer.names


def test_whoever_knows_the_files_is_named_at_most_two_with_least_in_hand():
    hands = {"github/anna": 4, "github/cho": 1, "github/dee": 2}
    assert offered("github/anna", "github/cho", "github/dee", hands=hands) == ("cho", "dee")


def test_of_equal_hands_whoever_knows_them_best_comes_first():
    assert offered("github/cho", "github/anna") == ("cho", "Anna Berg")


def test_nobody_who_has_as_much_in_hand_as_those_who_are_asked_is_named():
    hands = {"github/anna": 2, "github/cho": 2}
    assert offered("github/cho", asked=("github/anna",), hands=hands) is None
    assert offered("github/cho", asked=("github/anna",), hands=hands | {"github/cho": 1}) == ("cho",)


def test_what_a_person_has_in_hand_is_that_of_all_their_accounts():
    policy = COMPANY.replace('github = ["cho"]', 'github = ["cho", "cho-work"]')
    hands = {"github/anna": 2, "github/cho": 1, "github/cho-work": 1}
    assert offered("github/cho", asked=("github/anna",), hands=hands, policy=policy) is None


@pytest.mark.parametrize("account", ["github/bo", "github/Bo", "github/anna", "github/renovate[bot]"])
def test_neither_the_author_nor_who_is_asked_nor_a_bot_is_named(account):
    assert offered(account, asked=("github/anna",), hands={"github/anna": 9}) is None


def test_whoever_approved_it_already_is_not_named():
    approved = (Review("github/cho", ReviewState.APPROVED, NOON),)
    assert offered("github/cho", reviews=approved) is None
    assert offered("github/cho", reviews=(Review("github/cho", ReviewState.COMMENTED, NOON),)) == ("cho",)


def test_whoever_said_that_it_is_not_theirs_is_not_named():
    declined = Attention(f"attention:{KEY}", KEY, "acme/api", NOON, declined=(Mark("person/cho", NOON),))
    assert offered("github/cho", attention={KEY: declined}) is None


def test_an_account_that_somebody_said_is_a_bot_is_not_named():
    assert offered("github/zed", records=(Account("account:github/zed", "zed", is_bot=True),)) is None
    assert offered("github/zed") == ("zed",)


def test_whoever_does_not_work_today_is_not_named_as_far_as_is_known():
    assert date(2026, 11, 18) == NOON.date()
    assert offered("github/cho", policy=ON_LEAVE) is None
    assert offered("github/cho", policy=ON_LEAVE, now=at("2026-11-23T12:00")) == ("cho",)
    assert offered("github/zed", now=at("2026-11-22T12:00")) == ("zed",)  # a Sunday, but nothing is known of zed


def test_before_their_first_hour_somebody_still_works_today():
    assert offered("github/cho", now=at("2026-11-19T06:00")) == ("cho",)


def test_an_offer_says_whether_the_files_are_known():
    read = policy_of(COMPANY)
    change = change_of()
    for files in (True, False):
        found = situation(change, policy=read, familiar={KEY: (knower("github/cho", files=files),)})
        assert Offers(found).of(change, of_change(change, found)).files is files


def test_where_nobody_knows_it_nobody_is_named():
    assert offered() is None
