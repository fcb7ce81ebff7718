"""Estimates, and outside waits."""

from datetime import timedelta

import pytest

from assistant.acts import close_external, declare_external, estimate, plan_release
from tests.builders import NOON, RELEASE, at, change_of, office

LATER = NOON + timedelta(hours=1)
DUE = at("2026-12-01")
WAIT = "external:checkout@2.4/app store review"


def guess(blocker="acme/api#101", until=DUE, release=RELEASE):
    return estimate.Wish(release, blocker, until, "Gut feeling")


def wait(title="App store  review", release=RELEASE, **more):
    return declare_external.Wish(release, title, **more)


def over(title="app store review"):
    return close_external.Wish(RELEASE, title, "Approved")


def test_anyone_inside_who_sees_a_blocker_estimates_it_in_their_own_name():
    company = office(change_of())
    company.act(estimate, guess(), "person/cem")
    (one,) = company.release.estimates
    assert (one.blocker, one.by, one.until) == ("change:acme/api#101", "person/cem", DUE)


def test_an_estimate_is_of_something_seen_and_to_come():
    company = office(change_of(), change_of(9, "acme/secret"))
    assert "already past" in company.refusal(estimate, guess(until=NOON))
    assert "know nothing" in company.refusal(estimate, guess("acme/secret#9"))
    assert "know nothing" in company.refusal(estimate, guess(release="release:vault@1"))
    assert "Only members" in company.refusal(estimate, guess(), "person/gus")


def test_anyone_inside_declares_an_outside_wait_and_owns_it():
    company = office()
    company.act(declare_external, wait(ends_at=DUE, url="https://store.example/review?id=1"), "person/cem")
    found = company.records()[WAIT]
    assert (found.release, found.title, found.by, found.owner) == (
        RELEASE,
        "App store review",
        "person/cem",
        "person/cem",
    )
    assert (found.ends_at, found.url, found.began_at) == (DUE, "https://store.example/review?id=1", NOON)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"title": " "}, "Say what is waited for"),
        ({"ends_at": NOON}, "already past"),
        ({"release": "release:vault@1"}, "know nothing"),
        ({"release": "train:weekly"}, "know nothing"),
        ({"owner": "nemo"}, "nobody called"),
        *(
            ({"url": url}, "https://")
            for url in ["javascript:alert(1)", "https://", "https://a b", "https://[", "ftp://x/y"]
        ),
        ({"url": "https://x.example/" + "y" * 2_000}, "https://"),
    ],
)
def test_a_wait_that_says_nothing_true_is_refused(broken, said):
    assert said in office().refusal(declare_external, wait(**broken))


def test_declaring_the_same_wait_again_moves_its_end_and_keeps_its_beginning():
    company = office()
    company.act(declare_external, wait(owner="bo"))
    company.act(declare_external, wait(ends_at=DUE), now=LATER)
    found = company.records()[WAIT]
    assert (found.began_at, found.ends_at, found.owner) == (NOON, DUE, "person/bo")


@pytest.mark.parametrize("who", ["person/anna", "person/bo", "person/cem"])
def test_the_declarer_the_owner_and_the_releases_deciders_change_and_close_a_wait(who):
    company = office()
    company.act(plan_release, plan_release.Wish("checkout", "2.4", owner="anna"))
    company.act(declare_external, wait(owner="bo"), "person/cem")
    assert company.kinds(declare_external, wait(ends_at=DUE), who, LATER) == ["external.declared"]
    assert company.kinds(close_external, over(), who, LATER + timedelta(hours=1)) == ["external.closed"]
    assert "open wait" in company.refusal(close_external, over(), who)


def test_nobody_else_changes_or_closes_it():
    company = office()
    company.act(declare_external, wait(), "person/cem")
    assert "Only cem may close" in company.refusal(close_external, over(), "person/bo")
    assert "Only cem may change" in company.refusal(declare_external, wait(ends_at=DUE), "person/bo")
    assert "Only members" in company.refusal(close_external, over(), "person/gus")
    assert "Only members" in company.refusal(declare_external, wait("Legal"), "person/gus")


def test_a_hidden_wait_is_as_unknown_as_none():
    company = office()
    company.act(declare_external, wait("Legal", "release:vault@1"), "person/dee")
    wish = close_external.Wish("release:vault@1", "Legal")
    assert "know nothing" in company.refusal(close_external, wish, "person/anna")
