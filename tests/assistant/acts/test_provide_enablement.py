"""Somebody says that what customers need of a release is there, and how much they notice of it."""

from datetime import timedelta

import pytest

from assistant.acts import plan_release, provide_enablement
from tests.builders import NOON, RELEASE, office
from tests.handing import RELEASE as CHECKOUT
from tests.handing import Hands, company

DAY = timedelta(days=1)


def provided(what="training", url=None, release=CHECKOUT, **more):
    return provide_enablement.Wish(release, what, url, **more)


@pytest.fixture
def hands():
    """Fay owns checkout 2.4; Eve leads customer success."""
    here = Hands(policy=company())
    here.act("plan_release", "fay", NOON - DAY, "checkout", "2.4", impact="high")
    return here


def say(hands, *values, by="eve", now=NOON, **more):
    return hands.act("provide_enablement", by, now, CHECKOUT, *values, **more)


def refused(hands, *values, by="eve", **more):
    return hands.refusal("provide_enablement", by, NOON, CHECKOUT, *values, **more)


def test_it_is_there_with_who_when_and_where(hands):
    (event,) = say(hands, "training", "https://acme.example/t", via="slack")
    assert (event.kind, event.data["via"], event.actor) == ("release.provided", "slack", "person/eve")
    (one,) = hands.records()[CHECKOUT].provided
    assert (one.what, one.by, one.at, one.url) == ("training", "person/eve", NOON, "https://acme.example/t")


def test_it_is_called_as_policy_calls_it(hands):
    (event,) = say(hands, "  Support   BRIEF ")
    assert event.data["what"] == "support brief"


def test_what_no_release_is_asked_for_is_refused_with_what_may_be_meant(hands):
    assert refused(hands, "support brif") == (
        "No release is asked for \"support brif\"; did you mean 'support brief'? "
        "There are release notes, support brief, training."
    )
    assert refused(hands, "A webinar").startswith('No release is asked for "A webinar". There are ')
    assert hands.records()[CHECKOUT].provided == ()


@pytest.mark.parametrize("by", ["eve", "fay"])
def test_customer_success_and_those_who_decide_about_the_release_say_so(hands, by):
    assert len(say(hands, "training", by=by)) == 1


def test_others_read_who_may(hands):
    assert refused(hands, "training", by="cho") == (
        "Only Eve Odell or Fay Lund may say whether the training of checkout 2.4 is there. Ask one of them."
    )
    assert "members of this workspace" in refused(hands, "training", by="gus")


def test_where_nobody_is_known_of_customer_success_anybody_may():
    company_of_deciders = office()
    company_of_deciders.act(plan_release, plan_release.Wish("checkout", "2.4"), now=NOON - DAY)
    wish = provided(release=RELEASE)
    assert company_of_deciders.kinds(provide_enablement, wish, "person/cem") == ["release.provided"]


def test_said_twice_it_reads_who_was_first(hands):
    say(hands, "training")
    assert refused(hands, "Training", by="fay") == (
        "Eve Odell said so already: Wednesday 18 November 2026, 12:00 (UTC)."
    )
    assert len(say(hands, "training", "https://acme.example/t", by="fay")) == 1


def test_it_may_turn_out_not_to_be_there_with_a_reason(hands):
    say(hands, "training")
    assert refused(hands, "training", there=False).startswith("Say why the training does not count")
    say(hands, "training", there=False, why="The video is last year's", now=NOON + DAY)
    assert hands.records()[CHECKOUT].provided == ()
    (lacking,) = hands.records()[CHECKOUT].lacking
    assert (lacking.what, lacking.by, lacking.at) == ("training", "person/eve", NOON + DAY)


def test_what_was_only_ticked_on_a_handoff_may_be_denied_and_is_there_once_somebody_says_so_again(hands):
    assert len(say(hands, "training", there=False, why="Ticked by mistake")) == 1
    say(hands, "training", now=NOON + DAY)
    assert hands.records()[CHECKOUT].lacking == ()


def test_what_nobody_asks_for_or_says_is_there_can_not_be_denied(hands):
    said = "Nobody has said that the A webinar of checkout 2.4 is there."
    assert refused(hands, "A webinar", there=False, why="x") == said


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ((" \n\t",), "Say what is there"),
        (("training", "javascript:alert(1)"), "web address"),
        (("training", "x"), "web"),
    ],
)
def test_what_is_no_thing_or_no_address_is_refused(hands, values, reason):
    assert reason in refused(hands, *values)


def test_words_are_bounded(hands):
    (event,) = say(hands, "\u202etraining\x00", why="y" * 9999)
    assert len(event.data["why"]) <= 500
    assert len(refused(hands, "x\u202e\x00" * 5000)) < 250


def test_of_a_release_that_is_hidden_unplanned_or_cancelled_nothing_is_said(hands):
    assert "nothing of" in hands.refusal("provide_enablement", "cho", NOON, "release:vault@1", "training")
    assert "Nobody has planned" in hands.refusal("provide_enablement", "eve", NOON, "release:checkout@9", "training")
    hands.act("end_release", "fay", NOON, CHECKOUT, "cancelled", "No need")
    assert "was cancelled" in refused(hands, "training")


# How much customers notice


def plan(hands, impact, why="", by="fay"):
    return hands.act("plan_release", by, NOON, "checkout", "2.4", impact=impact, why=why)


def test_how_much_customers_notice_is_part_of_the_plan(hands):
    assert (hands.records()[CHECKOUT].impact, hands.records()[CHECKOUT].impact_at) == ("high", NOON - DAY)


def test_less_than_before_needs_a_reason_and_more_does_not(hands):
    reason = hands.refusal("plan_release", "fay", NOON, "checkout", "2.4", impact="some")
    assert reason.startswith("Customers notice a lot of 2.4: say why it is less now.")
    assert [event.kind for event in plan(hands, "some", "Half of it went")] == ["release.impact"]
    assert [event.kind for event in plan(hands, "high")] == ["release.impact"]


def test_the_same_again_is_no_news(hands):
    assert "planned like that already" in hands.refusal("plan_release", "fay", NOON, "checkout", "2.4", impact="high")


def test_only_three_words_say_how_much(hands):
    reason = hands.refusal("plan_release", "fay", NOON, "checkout", "2.4", impact="enormous")
    assert reason == "How much customers notice is none, some or high."


# Letting what is missing pass


def test_what_customers_need_is_let_through_by_name(hands):
    events = hands.act("accept_risk", "fay", NOON, CHECKOUT, "enablement:checkout@2.4/support brief", "A day later")
    assert [event.kind for event in events] == ["risk.accepted"]
    assert events[0].data["called"] == "Support brief for checkout 2.4"
    assert events[0].data["kind"] == "enablement_missing"


@pytest.mark.parametrize("name", ["enablement:checkout@2.5/training", "enablement:checkout@2.4/party", "enablement:"])
def test_of_another_release_or_what_nobody_asks_for_nothing_is_known(hands, name):
    assert "nothing of" in hands.refusal("accept_risk", "fay", NOON, CHECKOUT, name, "why")
    assert "nothing of" in hands.refusal("estimate", "fay", NOON, CHECKOUT, name, NOON + DAY)


def test_a_handoff_is_let_through_while_it_gates_and_is_not_withdrawn():
    hands = Hands.with_one()
    hands.act("plan_release", "fay", NOON - DAY, "checkout", "2.4")
    (event,) = hands.act("accept_risk", "fay", NOON, CHECKOUT, "handoff:1", "Tested by hand")
    assert (event.data["kind"], event.data["called"]) == ("handoff_open", "Engineering to QA: Test the payments")
    loose = Hands.with_one(gating=False)
    loose.act("plan_release", "fay", NOON - DAY, "checkout", "2.4")
    assert "blocks nothing" in loose.refusal("accept_risk", "fay", NOON, CHECKOUT, "handoff:1", "why")
