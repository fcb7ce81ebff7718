"""Planning a release: who may, and what has to be said."""

from datetime import timedelta

import pytest

from assistant.acts import end_release, plan_release
from tests.builders import NOON, RELEASE, Office, at, office, policy_of

DUE, MOVED = at("2026-12-01T17:00"), at("2026-12-08T17:00")


def plan(version="2.4", product="checkout", **more):
    return plan_release.Wish(product, version, **more)


def planned(**more):
    """An office where anna owns 2.4, due on the first of December."""
    company = office(**more)
    company.act(plan_release, plan(target=DUE))
    return company


def test_whoever_plans_a_release_owns_it():
    company = office()
    kinds = company.kinds(plan_release, plan(target=DUE, delegates=("bo",)), "person/cem")
    assert kinds == ["release.planned", "release.targeted", "release.owned", "release.delegated"]
    assert (company.release.owner, company.release.delegates, company.release.target) == (
        "person/cem",
        ("person/bo",),
        DUE,
    )


def test_whoever_plans_a_release_may_name_another_owner():
    company = office()
    company.act(plan_release, plan(owner="@bo-dev"))
    assert company.release.owner == "person/bo"


def test_every_event_says_who_and_why():
    company = office()
    company.act(plan_release, plan(target=DUE, why="The fair"))
    assert {(event.actor, event.data["why"], event.source) for event in company.events} == {
        ("person/anna", "The fair", "lastmile")
    }


def test_spellings_of_a_version_are_one_release_written_as_it_was_first():
    company = office()
    company.act(plan_release, plan("Release v2.4.0", "CHECKOUT"))
    assert (company.release.object, company.release.version, company.release.product) == (
        RELEASE,
        "Release v2.4.0",
        "checkout",
    )


@pytest.mark.parametrize("who", ["person/bo", "person/cem", "slack/U9", "terminal/eve"])
def test_only_the_owner_and_delegates_change_a_plan(who):
    reason = planned().refusal(plan_release, plan(target=MOVED, why="later"), who)
    assert reason == "Only Anna Berg may decide about 2.4. Ask them."


@pytest.mark.parametrize("who", ["person/anna", "slack/U0ANNA", "github/ANNA"])
def test_an_owner_is_the_same_person_by_any_of_their_accounts(who):
    assert planned().kinds(plan_release, plan(name="Winter"), who) == ["release.planned"]


def test_a_delegate_may_decide():
    company = planned()
    company.act(plan_release, plan(delegates=("cem",)))
    assert company.kinds(plan_release, plan(target=MOVED, why="later"), "person/cem") == ["release.targeted"]


def test_a_guest_may_do_nothing():
    assert "Only members" in office().refusal(plan_release, plan(), "person/gus")


def test_people_of_other_workspaces_may_do_nothing():
    assert "Only members" in office().refusal(plan_release, plan(), "slack/U9", inside=False)


def test_a_hidden_product_is_refused_in_the_words_of_an_unknown_one():
    hidden = office().refusal(plan_release, plan(product="vault"))
    unknown = office().refusal(plan_release, plan(product="zebra"))
    assert hidden.replace("vault", "zebra") == unknown


def test_a_mistyped_product_gets_a_near_match():
    assert "did you mean 'checkout'?" in office().refusal(plan_release, plan(product="chekout"))


def test_a_repository_of_no_product_is_a_product_to_those_who_see_it():
    company = office()
    assert company.kinds(plan_release, plan(product="acme/tools"), "person/dee")[0] == "release.planned"
    assert "know nothing" in company.refusal(plan_release, plan(product="acme/tools"), "person/anna")


def test_without_configured_products_any_name_will_do():
    assert Office(policy_of()).kinds(plan_release, plan(product="Anything"), "slack/U1") == [
        "release.planned",
        "release.owned",
    ]


@pytest.mark.parametrize("version", ["", "  ", "\x00"])
def test_a_release_needs_a_version(version):
    assert "version" in office().refusal(plan_release, plan(version))


@pytest.mark.parametrize("product", ["", "a@b"])
def test_a_release_needs_a_product(product):
    assert "product" in Office(policy_of()).refusal(plan_release, plan(product=product))


def test_moving_a_target_needs_a_reason_and_keeps_the_old_one():
    company = planned()
    assert "1 December 2026, 17:00 (UTC): say why it moves" in company.refusal(
        plan_release, plan(target=MOVED, why=" \u200b ")
    )
    company.act(plan_release, plan(target=MOVED, why="QA is ill"), now=at("2026-11-20"))
    assert company.release.target == MOVED
    assert company.release.targets_before == ((DUE, "person/anna", "QA is ill", at("2026-11-20")),)


def test_taking_a_target_away_needs_a_reason_too():
    company = planned()
    assert "say why it moves" in company.refusal(plan_release, plan(no_target=True))
    company.act(plan_release, plan(no_target=True, why="unknown"))
    assert company.release.target is None


def test_planning_what_is_planned_already_does_nothing():
    assert "already" in planned().refusal(plan_release, plan(target=DUE))


def test_an_unknown_owner_or_delegate_is_refused_with_how_to_name_people():
    assert '"nemo"' in office().refusal(plan_release, plan(owner="nemo"))
    assert "@login" in office().refusal(plan_release, plan(delegates=("bo", "nemo")))


def test_delegates_can_be_taken_away():
    company = planned()
    company.act(plan_release, plan(delegates=("cem",)))
    assert company.kinds(plan_release, plan(delegates=())) == ["release.delegated"]
    assert company.release.delegates == ()


def test_a_cancelled_release_comes_back_with_a_reason():
    company = planned()
    company.act(end_release, end_release.Wish(RELEASE, "cancelled", "no money"), now=NOON + timedelta(hours=1))
    assert "say why it comes back" in company.refusal(plan_release, plan())
    assert company.kinds(plan_release, plan(why="money"), now=NOON + timedelta(hours=2)) == ["release.planned"]
    assert company.release.ended is None


def test_a_configured_person_may_decide_about_everything():
    company = office(more='[decide]\nwho = ["owner", "dee"]')
    company.act(plan_release, plan())
    assert "Anna Berg or dee" in company.refusal(plan_release, plan(target=DUE), "person/bo")
    assert company.kinds(plan_release, plan(target=DUE), "person/dee") == ["release.targeted"]


def test_leads_decide_where_the_configuration_says_so():
    company = office(more='[decide]\nwho = ["owner", "leads"]')
    company.act(plan_release, plan())
    assert company.kinds(plan_release, plan(target=DUE), "person/bo") == ["release.targeted"]


def test_anyone_decides_where_the_configuration_says_so():
    company = office(more='[decide]\nwho = ["anyone"]')
    company.act(plan_release, plan())
    assert company.kinds(plan_release, plan(target=DUE), "slack/U9") == ["release.targeted"]
    assert "Only members" in company.refusal(plan_release, plan(target=MOVED, why="x"), "slack/U9", inside=False)


def test_hostile_text_is_one_bounded_line():
    company = office()
    nasty = "<!channel>\x00\u202e" + "y" * 10_000 + "\n"
    company.act(plan_release, plan(name=nasty, why=nasty))
    for event in company.events:
        assert len(event.data["why"]) == 500
        assert event.data["why"].startswith("<!channel> yyy")
    assert len(company.release.name) == 120


def test_the_object_to_lock_is_the_release():
    assert plan_release.objects(plan("v2.4.0", "Checkout")) == (RELEASE,)


def test_two_acts_of_one_moment_are_two_events():
    company = office()
    company.act(plan_release, plan(target=DUE, delegates=("bo",)), now=NOON)
    assert len({event.identity for event in company.events}) == 4
