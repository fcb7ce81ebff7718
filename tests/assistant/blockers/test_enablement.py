"""What customers need of a release holds it up until it is there."""

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.blockers.blocker import BlockerKind, NextAction
from assistant.blockers.enablement import of_enablement
from assistant.forecast import forecast
from assistant.gaps import gaps
from assistant.handoffs.enabling import UNSAID, asked_of
from assistant.policy import Policy
from assistant.scopes import team_subject
from storage.records import Estimate, HandoffState, Provided, Signed, Size
from tests.builders import NOON, change_of, merged_of, release_of, situation, turns_lasting
from tests.handing import MORNING, RELEASE, company, handoff_of

POLICY = company()
RISKY = change_of(9, size=Size(9000, 3000, 200), fix=True)
SMALL = change_of(9, size=Size(1, 0, 1))
HOUR = timedelta(hours=1)


def lacks(*records, impact="high", policy=POLICY, subject=None, **more):
    release = release_of(impact=impact, impact_at=MORNING, **more)
    return list(of_enablement(situation(release, *records, policy=policy, subject=subject)))


def named(found):
    return [one.object.rpartition("/")[2] for one in found]


def signed(*ticked, state=HandoffState.DONE, to="customer_success", gating=True, about=RELEASE, **more):
    answer = Signed("version 2.4", "person/eve", NOON - HOUR, NOON - HOUR, ticked)
    return handoff_of(
        "handoff:2",
        to_function=to,
        state=state,
        state_at=NOON - HOUR,
        signed=answer,
        gating=gating,
        about=about,
        **more,
    )


# What is asked for


def test_policy_asks_by_how_much_customers_notice():
    assert named(lacks(SMALL)) == ["release notes", "support brief", "training"]
    assert named(lacks(SMALL, impact="some")) == ["release notes"]
    assert lacks(SMALL, impact="none") == lacks(SMALL, impact=None) == []


def test_policy_asks_by_risk_as_well_each_thing_once():
    assert named(lacks(RISKY, impact="some")) == ["release notes", "support brief"]
    assert named(lacks(RISKY)) == ["release notes", "support brief", "training"]
    assert lacks(RISKY, impact="none") == []


def test_what_policy_asks_for_is_configured():
    policy = company('[enablement]\nsome = ["FAQ"]\nmedium_risk = ["faq", "webinar"]\n')
    assert named(lacks(impact="some", policy=policy)) == ["faq", "webinar"]
    assert named(lacks(SMALL, impact="some", policy=policy)) == ["faq"]


def test_unknown_risk_is_medium():
    policy = company('[enablement]\nsome = []\nmedium_risk = ["webinar"]\nhigh_risk = ["party"]\n')
    assert named(lacks(change_of(9), impact="some", policy=policy)) == ["webinar"]


def test_each_says_why_it_is_asked_for():
    assert [one.detail for one in lacks(RISKY, impact="some")] == [
        "asked for because customers notice some of it", "asked for because its risk is high",
    ]  # fmt: skip


def test_a_word_that_is_none_of_the_three_asks_for_nothing():
    assert asked_of("enormous", (), Policy()) == ()


# What is there


def test_what_somebody_says_is_there_is_there():
    there = Provided("Support  brief", "person/eve", NOON)
    assert named(lacks(SMALL, provided=(there,))) == ["release notes", "training"]


def test_what_was_ticked_in_a_done_handoff_to_customer_success_is_there():
    assert named(lacks(SMALL, signed("Training", "Support brief", "Known limits"))) == ["release notes"]


@pytest.mark.parametrize(
    "handoff",
    [signed("Training", to="qa"), signed("Training", about="release:checkout@2.5"),
     signed("Training", state=HandoffState.RETURNED), signed("Training", state=HandoffState.WITHDRAWN)],
)  # fmt: skip
def test_a_tick_elsewhere_or_of_what_is_not_done_counts_for_nothing(handoff):
    assert "training" in named(lacks(SMALL, handoff))


def test_ticks_of_a_signature_that_turned_stale_speak_while_its_handoff_blocks_by_itself():
    later = merged_of(7, NOON)
    assert named(lacks(later, signed("Training"))) == ["release notes", "support brief"]
    assert "training" in named(lacks(later, signed("Training", gating=False)))


def test_whoever_says_later_that_it_is_not_there_has_the_last_word_until_it_is_ticked_again():
    denied = (Provided("Training", "person/eve", NOON - HOUR / 2),)
    assert "training" in named(lacks(SMALL, signed("Training"), lacking=denied))
    earlier = (Provided("Training", "person/eve", NOON - 2 * HOUR),)
    assert "training" not in named(lacks(SMALL, signed("Training"), lacking=earlier))
    assert "support brief" not in named(lacks(SMALL, signed("Support brief"), lacking=denied))


def test_how_long_it_takes_is_not_borrowed_from_handoffs_and_only_an_estimate_tells():
    release = release_of(impact="some", impact_at=MORNING)
    short = {"workspace": {"handoff_open": turns_lasting(*[1.0] * 30)}}
    here = situation(release, SMALL, policy=POLICY, samples=short)
    made = forecast(list(of_enablement(here)), (), here)
    assert made.earliest is None
    (gap,) = [one for one in gaps(here, made) if one.key == "remaining_time"]
    assert gap.says == "How long getting ready what customers need takes: no past case is known."
    assert gap.next_step == "Give an estimate of it."
    estimate = Estimate("enablement:checkout@2.4/release notes", "person/eve", NOON + HOUR, NOON)
    told = situation(replace(release, estimates=(estimate,)), SMALL, policy=POLICY, samples=short)
    assert forecast(list(of_enablement(told)), (), told).earliest is not None


# Whose it is


def test_who_leads_customer_success_owns_it():
    (found, *_) = lacks(SMALL)
    assert (found.kind, found.owner, found.next_action) == (
        BlockerKind.ENABLEMENT_MISSING, "Eve Odell", NextAction.PROVIDE,
    )  # fmt: skip
    assert (found.object, found.title) == ("enablement:checkout@2.4/release notes", "Release notes for checkout 2.4")
    assert (found.waiting_since, found.hard) == (MORNING, False)


def test_who_leads_it_for_the_product_goes_first():
    policy = company('[functions.customer_success.leads]\ncheckout = "dee"\n')
    assert lacks(SMALL, policy=policy)[0].owner == "Dee Marsh"


def test_without_a_lead_the_function_owns_it_and_without_anybody_nobody_does():
    policy = company()
    entry = policy.functions["customer_success"].model_copy(update={"lead": None})
    led = policy.model_copy(update={"functions": policy.functions | {"customer_success": entry}})
    assert [one.key for one in lacks(SMALL, policy=led)[0].owners] == ["function/customer_success"]
    without = policy.model_copy(update={"functions": {}})
    assert lacks(SMALL, policy=without)[0].unowned


def test_only_a_release_that_somebody_planned_lacks_anything():
    assert list(of_enablement(situation(SMALL, policy=POLICY))) == []
    assert lacks(SMALL, subject=team_subject(POLICY, "core")) == []


# What is not said


def told(*records, policy=POLICY, **more):
    here = situation(change_of(), *records, policy=policy, **more)
    return [gap for gap in gaps(here, forecast((), (), here)) if gap.key == UNSAID]


def test_that_nobody_said_how_much_customers_notice_is_said_and_unsettles():
    for records in ((), (release_of(),)):
        (gap,) = told(*records)
        assert "How much customers notice of checkout 2.4 is not said" in gap.says
        assert "/release checkout 2.4" in gap.next_step
        assert gap.unsettles


def test_nothing_is_missing_in_what_was_said_or_where_nobody_would_enable():
    assert told(release_of(impact="none")) == []
    assert told(subject=team_subject(POLICY, "core")) == []
    assert told(policy=POLICY.model_copy(update={"functions": {}})) == []
    assert told(policy=company("[enablement]\nsome = []\nhigh = []\nhigh_risk = []\n")) == []


def test_that_high_risk_would_ask_for_more_is_said_where_the_risk_is_not_known():
    def said(*records, impact="some"):
        here = situation(release_of(impact=impact), *records, policy=POLICY)
        return [gap.says for gap in gaps(here, forecast((), (), here)) if gap.key == "enablement_risk"]

    (says,) = said(change_of(9))
    assert "though at high risk support brief would be asked for too" in says
    assert said(SMALL) == said(change_of(9), impact="high") == said(change_of(9), impact="none") == said() == []


def test_a_thing_whose_title_has_a_number_sign_is_called_by_its_title_alone():
    policy = company('[enablement]\nsome = ["docs a/b #3"]\n')
    assert lacks(SMALL, impact="some", policy=policy)[0].called == "Docs a/b #3 for checkout 2.4"
