"""Beginning a round, answering for a function, closing it: who may, and what is refused in which words."""

from datetime import timedelta

import pytest

from assistant.handoffs.rounds import next_round
from assistant.sentences import told
from storage.records import Readiness
from tests.builders import happened, release_of
from tests.handing import MORNING, RELEASE, Hands, as_viewer, company
from tests.rounds import LEADS, ROUND, round_of

LATER, AFTER = MORNING + timedelta(hours=1), MORNING + timedelta(hours=2)


@pytest.fixture
def hands():
    return Hands(release_of(owner="person/fay"), policy=company())


@pytest.fixture
def open_one():
    """A company in which a round is open."""
    return asked()


def asked(*records, by="person/fay", release=RELEASE, leads=LEADS):
    """A company in which somebody was asked, and Fay owns the release."""
    hands = Hands(*(records or [release_of(owner="person/fay")]), policy=company())
    data = {"release": release, "leads": [list(pair) for pair in leads], "channel": "C1"}
    hands.events.append(happened(ROUND, "round.opened", "18T09:00", actor=by, **data))
    return hands


def begin(hands, by="anna", now=MORNING, **more):
    return hands.act("open_round", by, now, **({"round": ROUND, "release": RELEASE} | more))


def answer(hands, by="bo", readiness="ready", function="qa", at=LATER, **more):
    return hands.act("answer_round", by, at, ROUND, function, readiness, **more)


def refusal(outcome):
    assert not isinstance(outcome, tuple), outcome
    return outcome.reason


def found(hands):
    return hands.records()[ROUND]


def said(hands, outcome, by="anna"):
    return told(outcome, as_viewer(by, hands.policy), hands.policy)


# Beginning one


def test_who_leads_each_function_is_settled_and_kept_also_where_nobody_does(hands):
    outcome = begin(hands, channel="C1", via="slack")
    one = found(hands)
    assert one.leads == LEADS
    assert (one.by, one.channel, one.cause, one.due_at) == ("person/anna", "C1", "asked", MORNING + timedelta(hours=8))
    assert outcome[0].data["via"] == "slack"
    assert said(hands, outcome) == (
        "I ask Engineering, QA, Customer success whether checkout 2.4 is ready. Nobody leads Design: set lead under "
        "[functions.design]; until then anybody of it may answer."
    )


def test_a_product_may_have_a_lead_of_its_own():
    hands = Hands(policy=company('[functions.sre]\nlead = "anna"\nleads = { checkout = "cho" }\n'))
    begin(hands, functions=("sre",))
    assert found(hands).leads == (("sre", "person/cho"),)


def test_answers_are_due_in_working_hours(hands):
    begin(hands, now=MORNING + timedelta(hours=7))
    assert found(hands).due_at == MORNING + timedelta(days=1, hours=7)


def test_where_nobody_leads_anything_that_is_said(hands):
    outcome = begin(hands, functions=("design", "sre"))
    assert said(hands, outcome) == (
        "Nobody can be asked whether checkout 2.4 is ready. Nobody leads Design, SRE: set lead under "
        "[functions.design] and [functions.sre]; until then anybody of it may answer."
    )


def test_who_cant_be_reached_is_not_said_to_be_asked(hands):
    more = '[people.hal]\nname = "Hal Fox"\n[functions.sre]\nlead = "hal"\n'
    hands = Hands(release_of(owner="person/fay"), policy=company(more))
    assert said(hands, begin(hands, functions=("qa", "sre"))) == (
        "I ask QA whether checkout 2.4 is ready. "
        "Hal Fox can't be reached in Slack: set slack or email under [people.hal]."
    )


def test_a_release_that_nobody_planned_can_be_asked_about():
    hands = Hands(policy=company())
    begin(hands)
    assert found(hands).release == RELEASE


def test_the_second_to_begin_the_same_one_reads_who_was_first(hands):
    begin(hands)
    assert refusal(begin(hands, "bo", LATER)) == (
        "A round about checkout 2.4 was begun already, by Anna Berg on Wednesday 18 November 2026, 09:00 (UTC)."
    )


def test_two_who_begin_one_at_once_name_the_same_and_the_next_is_another():
    assert next_round(RELEASE, ()) == next_round(RELEASE, ()) == ROUND
    assert next_round(RELEASE, (round_of(),)) != ROUND
    assert next_round("release:checkout@2.5", (round_of(),)) == next_round("release:checkout@2.5", ())


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"functions": ("quality",)}, 'I know no function "quality"'),
        ({"due_at": MORNING}, "can't be due in the past"),
        ({"channel": "general"}, "is no channel id of Slack"),
        ({"release": "change:acme/api#1"}, "I know nothing of"),
        ({"round": "handoff:1"}, "I know nothing of"),
        ({"release": "release:vault@1"}, "I know nothing of vault 1 that you may see"),
    ],
)
def test_what_cant_be_asked_is_refused(hands, more, why):
    assert why in refusal(begin(hands, "cho", **more))


@pytest.mark.parametrize(
    ("more", "why"),
    [({"ended": "cancelled"}, "was cancelled"), ({"shipped_at": MORNING}, "has shipped")],
)
def test_nobody_is_asked_about_what_is_over(more, why):
    assert why in refusal(begin(Hands(release_of(**more), policy=company())))


def test_guests_begin_nothing(hands):
    assert "Only members of this workspace" in refusal(begin(hands, "gus"))


# Answering


def test_whoever_leads_or_belongs_to_a_function_answers_for_it(open_one):
    answer(open_one, "cho", customers=" Refunds\n take a day ")
    assert found(open_one).answers[0].customers == "Refunds take a day"
    answer(open_one, "bo", "not_ready", at=AFTER, not_ready="Refunds fail", whom="SRE")
    (one,) = found(open_one).answers
    assert (one.by, one.readiness, one.not_ready, one.whom) == (
        "person/bo", Readiness.NOT_READY, "Refunds fail", "SRE",
    )  # fmt: skip


def test_what_its_lead_answered_only_its_lead_changes(open_one):
    answer(open_one, "bo", "not_ready", not_ready="Safari is untested")
    assert refusal(answer(open_one, "cho")) == (
        "Bo Cole, who leads QA, answered on Wednesday 18 November 2026, 10:00 (UTC): not ready. "
        "Only they change that: tell them what you know."
    )
    answer(open_one, "bo", "ready", at=AFTER)
    assert found(open_one).answers[0].readiness is Readiness.READY


def test_whoever_leads_it_since_changes_what_was_answered_before_them():
    hands = asked(leads=(("qa", "person/dee"),))
    answer(hands, "dee")
    answer(hands, "bo", "not_ready", at=AFTER, not_ready="Refunds fail")
    assert [one.by for one in found(hands).answers] == ["person/bo"]


def test_an_answer_is_said_back(open_one):
    outcome = answer(open_one, "bo", "ready_with_risk", risk="By hand")
    assert said(open_one, outcome, "bo") == (
        "QA: ready, with a risk that you accept. You can change this until the round is closed."
    )


def test_nobody_else_answers_for_it(open_one):
    assert refusal(answer(open_one, "anna")) == "Only Bo Cole or Cho Min may answer for QA. Ask one of them."


def test_where_nobody_is_known_anybody_inside_answers():
    hands = asked(leads=(("sre", None),))
    answer(hands, "dee", function="sre")
    assert found(hands).answers[0].by == "person/dee"
    assert "Only members" in refusal(answer(hands, "gus", function="sre"))


def test_whoever_was_asked_answers_even_where_the_configuration_changed_since():
    hands = asked(leads=(("qa", "person/dee"),))
    answer(hands, "dee")
    assert found(hands).answers


@pytest.mark.parametrize(
    ("readiness", "more", "why"),
    [
        ("fine", {}, "Say whether it is ready"),
        ("ready_with_risk", {"risk": " \n"}, "Name the risk that you accept."),
        ("not_ready", {}, "Say what is not ready, or what you wait for."),
        ("ready", {"waits_for": "keys"}, "choose one of the two"),
        ("ready", {"by_when": MORNING}, "already past"),
        ("ready", {"risk": "Refunds by hand"}, "A risk goes with"),
        ("not_ready", {"not_ready": "Refunds", "risk": "Refunds by hand"}, "A risk goes with"),
    ],
)
def test_answers_that_say_too_little_or_two_things_are_refused(open_one, readiness, more, why):
    assert why in refusal(answer(open_one, "bo", readiness, **more))


def test_nothing_that_somebody_wrote_is_dropped_silently(open_one):
    answer(open_one, "bo", "ready", risk="Refunds by hand")
    assert not found(open_one).answers
    more = {"risk": "By hand", "not_ready": "Refunds", "waits_for": "keys", "whom": "SRE", "customers": "A day"}
    answer(open_one, "bo", "ready_with_risk", **more)
    assert {name: getattr(found(open_one).answers[0], name) for name in more} == more


def test_a_function_that_was_not_asked_does_not_answer(open_one):
    assert refusal(answer(open_one, function="sre")) == (
        "That function is not asked about checkout 2.4. Asked are: Engineering, QA, Design, Customer success."
    )


def test_a_round_that_is_unknown_and_one_that_is_hidden_read_the_same():
    hidden = asked(release="release:vault@1")
    assert refusal(answer(hidden, "cho")) == refusal(answer(Hands(policy=company()), "cho"))


def test_what_people_write_is_bounded(open_one):
    answer(open_one, "bo", "not_ready", not_ready="x" * 9_000, whom="y" * 9_000)
    one = found(open_one).answers[0]
    assert (len(one.not_ready), len(one.whom)) == (500, 120)


# Closing


@pytest.mark.parametrize("by", ["fay", "anna"])
def test_whoever_began_it_or_decides_about_the_release_closes_it(by):
    hands = asked(by="person/anna")
    outcome = hands.act("close_round", by, LATER, ROUND, release=RELEASE)
    assert found(hands).closed_by == f"person/{by}"
    assert said(hands, outcome) == "The round about checkout 2.4 is closed."


def test_nobody_else_closes_it(open_one):
    assert open_one.refusal("close_round", "bo", LATER, ROUND, release=RELEASE) == (
        "Only Fay Lund may close the round about checkout 2.4. Ask them."
    )


def test_one_that_began_by_itself_is_closed_by_whoever_decides_else_by_anybody_inside():
    hands = asked(by="lastmile/schedule")
    assert "Only Fay Lund" in hands.refusal("close_round", "bo", LATER, ROUND, release=RELEASE)
    alone = asked(release_of("2.5"), by="lastmile/schedule")
    assert isinstance(alone.act("close_round", "bo", LATER, ROUND, release=RELEASE), tuple)


def test_after_the_end_whoever_comes_reads_who_closed_it_and_when():
    over = round_of(closed_at=LATER, closed_by="person/fay")
    hands = Hands(over, release_of(owner="person/fay"), policy=company())
    why = (
        "Fay Lund closed the round about checkout 2.4 on Wednesday 18 November 2026, 10:00 (UTC). "
        "Begin another one to ask again."
    )
    assert refusal(answer(hands)) == why
    assert hands.refusal("close_round", "fay", LATER, ROUND, release=RELEASE) == why
