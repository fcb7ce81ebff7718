"""Letting a blocker through: accepted, deferred, proposed, confirmed, withdrawn."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.acts import accept_risk, defer, end_release, plan_release, withdraw_risk
from storage.records import HARD_GATES, ChangeState, Deployment, DeploymentState, External
from tests.builders import NOON, RELEASE, at, change_of, freeze_of, incident_of, office, ticket_of

LATER = "release:checkout@2.5"
CHANGE, BUG, INCIDENT, FREEZE = "acme/api#101", "acme/api#55", "acme/api#66", "freeze:api/2026-11-18"
UNTIL = at("2026-12-20")


def facing(more="", *records):
    """Anna owns 2.4, bo is her delegate; a change, a blocker bug, an incident and a freeze stand in its way."""
    company = office(
        change_of(101),
        ticket_of(55, labels=("Release-Blocker",)),
        ticket_of(66, labels=("incident",)),
        freeze_of(FREEZE),
        change_of(9, "acme/secret"),
        *records,
        more=more,
    )
    plan = plan_release.Wish("checkout", "2.4", target=at("2026-12-01"), owner="anna", delegates=("bo",))
    company.act(plan_release, plan, now=NOON - timedelta(days=1))
    return company


def accept(blocker=CHANGE, why="Small", until=UNTIL):
    return accept_risk.Wish(RELEASE, blocker, why, until)


def put_off(blocker=CHANGE, to=LATER, why="Next time"):
    return defer.Wish(RELEASE, blocker, to, why, UNTIL)


# One person


@pytest.mark.parametrize("who", ["person/anna", "person/bo"])
def test_owner_and_delegates_accept_what_is_no_hard_gate(who):
    company = facing()
    assert company.kinds(accept_risk, accept(), who) == ["risk.accepted"]
    (risk,) = company.release.accepted
    assert (risk.blocker, risk.kind, risk.by, risk.reason) == (f"change:{CHANGE}", "review_pending", who, "Small")
    assert (risk.expires_at, risk.second) == (UNTIL, None)


def test_nobody_else_does():
    assert "Only Anna Berg or bo may decide about 2.4" in facing().refusal(accept_risk, accept(), "person/cem")


def test_nothing_is_accepted_for_a_release_that_nobody_planned():
    company = office(change_of(101))
    assert "Plan it first" in company.refusal(accept_risk, accept())


def test_nothing_is_accepted_for_a_release_that_has_ended():
    company = facing()
    company.act(end_release, end_release.Wish(RELEASE, "cancelled", "no"))
    assert "was cancelled" in company.refusal(accept_risk, accept())


def test_a_reason_is_needed():
    assert "Say why" in facing().refusal(accept_risk, accept(why=" "))


def test_a_reason_is_bounded_and_cleaned():
    company = facing()
    company.act(accept_risk, accept(why="a\x00\ud800<!here>\u202e" + "z" * 9_000))
    (risk,) = company.release.accepted
    assert len(risk.reason) == 500
    assert risk.reason.startswith("a \ufffd<!here>zzz")


def test_an_end_in_the_past_is_refused():
    assert "already past" in facing().refusal(accept_risk, accept(until=NOON))


def test_without_an_end_it_is_two_weeks_after_the_target():
    company = facing()
    company.act(accept_risk, accept(until=None))
    assert company.release.accepted[0].expires_at == at("2026-12-15")


def test_without_an_end_and_past_the_target_it_is_two_weeks_from_now():
    company = facing()
    company.act(accept_risk, accept(until=None), now=at("2026-12-10"))
    assert company.release.accepted[0].expires_at == at("2026-12-24")


@pytest.mark.parametrize(
    "blocker", ["acme/secret#9", "change:acme/secret#9", "acme/api#404", "freeze:none", "nonsense"]
)
def test_what_is_hidden_or_unknown_is_refused_alike(blocker):
    reason = facing().refusal(accept_risk, accept(blocker))
    assert reason.startswith("I know nothing of")


def test_what_blocks_nothing_is_refused():
    company = facing(
        "",
        change_of(7, state=ChangeState.ABANDONED, move=None),
        ticket_of(8, open=False),
        freeze_of("freeze:old", ends_at=NOON),
    )
    for blocker in ("acme/api#7", "acme/api#8", "freeze:old"):
        assert "blocks nothing" in company.refusal(accept_risk, accept(blocker))


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        (change_of(7, state=ChangeState.MERGED, move=None), "awaiting_deploy"),
        (change_of(7, move=None), "in_progress"),
        (ticket_of(7), "in_progress"),
        (External("external:checkout@2.4/legal", RELEASE, "Legal", "person/anna", NOON), "external"),
        (
            Deployment("deployment:x/7", "acme/api", "api", "production", None, None, DeploymentState.FAILED, NOON),
            "deploy_failed",
        ),
    ],
)
def test_the_kind_of_a_blocker_comes_from_what_is_known_of_it(record, kind):
    company = facing("", record)
    company.act(accept_risk, accept(record.object))
    assert [risk.kind for risk in company.release.accepted] == [kind]


# Two people


@pytest.mark.parametrize(("blocker", "kind"), [(BUG, "blocker_bug"), (INCIDENT, "incident_open"), (FREEZE, "freeze")])
def test_a_hard_gate_is_proposed_by_one_person_and_let_through_by_a_second(blocker, kind):
    company = facing()
    assert company.kinds(accept_risk, accept(blocker, "Rollback is ready")) == ["risk.proposed"]
    assert company.release.accepted == ()
    assert company.kinds(accept_risk, accept(blocker, "", None), "person/cem", NOON + timedelta(hours=1)) == [
        "risk.accepted"
    ]
    (risk,) = company.release.accepted
    assert (risk.kind, risk.by, risk.second, risk.reason) == (kind, "person/anna", "person/cem", "Rollback is ready")
    assert (risk.expires_at, company.release.waiting_second) == (UNTIL, ())


@pytest.mark.parametrize("who", ["person/anna", "slack/U0ANNA", "github/Anna"])
def test_the_second_person_can_not_be_the_first_under_any_name(who):
    company = facing()
    company.act(accept_risk, accept(BUG))
    assert "a second person has to confirm" in company.refusal(accept_risk, accept(BUG), who)


def test_only_a_decider_may_propose():
    assert "Only Anna Berg or bo" in facing().refusal(accept_risk, accept(BUG), "person/cem")


def test_where_seconds_are_configured_nobody_else_confirms():
    company = facing('[decide]\nseconds = ["dee", "anna"]')
    company.act(accept_risk, accept(BUG))
    assert "Only dee may second" in company.refusal(accept_risk, accept(BUG), "person/bo")
    assert "Ask dee to do the same" in company.refusal(accept_risk, accept(BUG), "person/anna")
    assert company.kinds(accept_risk, accept(BUG), "person/dee") == ["risk.accepted"]


def test_a_guest_is_no_second_person():
    company = facing()
    company.act(accept_risk, accept(BUG))
    assert "Only members" in company.refusal(accept_risk, accept(BUG), "person/gus")


def test_somebody_who_may_not_see_the_blocker_is_no_second_person():
    secret = ticket_of(3, "acme/secret", labels=("incident",))
    company = facing("", secret)
    company.policy = company.policy.model_copy(
        update={"access": company.policy.access.model_copy(update={"people": {"cem": ("acme/api",)}})}
    )
    company.act(accept_risk, accept("acme/secret#3"))
    assert "know nothing" in company.refusal(accept_risk, accept("acme/secret#3"), "person/cem")


def test_a_name_at_the_terminal_that_may_be_the_first_person_is_no_second():
    company = facing()
    company.act(accept_risk, accept(BUG))
    assert "can't tell whether that is you" in company.refusal(accept_risk, accept(BUG), "terminal/anna")


def test_a_proposal_that_ran_out_is_no_proposal():
    company = facing()
    company.act(accept_risk, accept(BUG))
    late = UNTIL + timedelta(days=1)
    again = accept(BUG, "Still", late + timedelta(days=5))
    assert company.kinds(accept_risk, again, "person/bo", late) == ["risk.proposed"]
    assert [risk.by for risk in company.release.waiting_second] == ["person/bo"]


def test_the_wish_can_not_name_a_kind():
    assert not {"kind", "second", "by"} & set(accept_risk.Wish.__dataclass_fields__)


def test_a_ticket_that_is_blocker_and_incident_is_an_incident():
    company = facing("", ticket_of(5, labels=("blocker", "Incident")))
    company.act(accept_risk, accept("acme/api#5"))
    assert company.release.waiting_second[0].kind == "incident_open"


# Deferring


def test_a_blocker_is_put_off_to_another_release():
    company = facing()
    assert company.kinds(defer, put_off()) == ["risk.deferred"]
    assert [risk.deferred_to for risk in company.release.deferred] == [LATER]


def test_a_blocker_bug_is_put_off_by_two_people():
    company = facing()
    assert company.kinds(defer, put_off(BUG)) == ["risk.proposed"]
    assert company.kinds(defer, put_off(BUG), "person/cem") == ["risk.deferred"]
    assert company.release.deferred[0].second == "person/cem"


def test_a_proposed_deferral_is_not_confirmed_by_accepting():
    company = facing()
    company.act(defer, put_off(BUG))
    assert "Only Anna Berg or bo" in company.refusal(accept_risk, accept(BUG), "person/cem")


@pytest.mark.parametrize("blocker", [INCIDENT, FREEZE])
def test_an_incident_or_a_freeze_is_not_put_off(blocker):
    company = facing()
    assert "Accept it as a risk instead" in company.refusal(defer, put_off(blocker))
    assert company.release.waiting_second == ()


def test_a_blocker_is_put_off_to_another_release_that_is_still_to_come():
    company = facing()
    assert "another release" in company.refusal(defer, put_off(to=RELEASE))
    assert "another release" in company.refusal(defer, put_off(to="train:weekly"))
    assert "know nothing" in company.refusal(defer, put_off(to="release:vault@1"))
    company.act(plan_release, plan_release.Wish("checkout", "2.5"))
    company.act(end_release, end_release.Wish(LATER, "cancelled", "no"))
    assert "still to come" in company.refusal(defer, put_off())


# Withdrawing


def withdraw(blocker=CHANGE):
    return withdraw_risk.Wish(RELEASE, blocker, "No longer")


def test_what_was_let_through_can_be_taken_back():
    company = facing()
    company.act(accept_risk, accept())
    assert company.kinds(withdraw_risk, withdraw(), "person/bo") == ["risk.withdrawn"]
    assert company.release.accepted == ()


def test_the_second_person_may_take_back_what_they_confirmed():
    company = facing()
    company.act(accept_risk, accept(BUG))
    company.act(accept_risk, accept(BUG), "person/cem")
    assert company.kinds(withdraw_risk, withdraw(BUG), "person/cem") == ["risk.withdrawn"]


def test_others_may_not_take_it_back():
    company = facing()
    company.act(accept_risk, accept())
    assert "Only Anna Berg or bo" in company.refusal(withdraw_risk, withdraw(), "person/cem")


def test_there_must_be_something_to_take_back():
    assert "know nothing" in facing().refusal(withdraw_risk, withdraw())


# Whoever, whatever

PEOPLE = [
    "person/anna",
    "person/bo",
    "person/cem",
    "person/dee",
    "person/gus",
    "slack/U0ANNA",
    "slack/U9",
    "terminal/anna",
]
MOVES = st.tuples(
    st.sampled_from(PEOPLE), st.sampled_from([CHANGE, BUG, INCIDENT, FREEZE, "acme/secret#9"]), st.booleans(),
    st.sampled_from([accept_risk, defer, withdraw_risk]),
)  # fmt: skip


@given(st.lists(MOVES, max_size=12))
def test_nobody_unauthorised_gets_events_and_no_hard_gate_opens_for_fewer_than_two_people(moves):
    company = facing()
    wishes = {accept_risk: accept, defer: put_off, withdraw_risk: withdraw}
    for hour, (who, blocker, inside, act) in enumerate(moves):
        before = company.release
        outcome = company.act(act, wishes[act](blocker), who, NOON + timedelta(hours=hour), inside=inside)
        if not isinstance(outcome, tuple):
            assert company.release == before
            continue
        assert inside
        assert who != "person/gus"
        if who not in {"person/anna", "person/bo", "slack/U0ANNA"}:  # somebody who may not decide did second
            assert outcome[0].data.get("second") == who or act is withdraw_risk
    for risk in (*company.release.accepted, *company.release.deferred):
        assert risk.kind not in HARD_GATES or len({risk.by, risk.second} - {None}) == 2
        assert {risk.by, risk.second} != {"person/anna", "slack/U0ANNA"}


# Incidents of a source that knows services only


def test_an_incident_that_was_paged_takes_two_people_as_well():
    company = facing("", incident_of(services=("api",)))
    paged = accept("incident:pagerduty/PAGE1", "Rollback is ready")
    assert company.kinds(accept_risk, paged) == ["risk.proposed"]
    assert company.kinds(accept_risk, paged, "person/cem") == ["risk.accepted"]
    (risk,) = company.release.accepted
    assert (risk.blocker, risk.kind, risk.second) == ("incident:pagerduty/PAGE1", "incident_open", "person/cem")


def test_one_that_is_over_blocks_nothing_and_one_that_may_not_be_seen_is_unknown():
    over = facing("", incident_of(open=False, closed_at=NOON))
    assert "it blocks nothing" in over.refusal(accept_risk, accept("incident:pagerduty/PAGE1"))
    hidden = facing("", incident_of(services=("safe",)))
    assert "I know nothing of" in hidden.refusal(accept_risk, accept("incident:pagerduty/PAGE1"))
