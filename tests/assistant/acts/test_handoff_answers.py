"""Who may answer a handoff, who may decide for its sender, and what does whoever came second read?"""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.acts import ACTS
from storage.records import ChangeState, HandoffState
from tests.builders import at, change_of, release_of
from tests.handing import CHANGE, MORNING, NOON, RELEASE, Hands, as_viewer, company, handoff_of

OPEN, ACKNOWLEDGED, RETURNED = HandoffState.OPEN, HandoffState.ACKNOWLEDGED, HandoffState.RETURNED
DONE, WITH_RISK, WITHDRAWN = HandoffState.DONE, HandoffState.DONE_WITH_RISK, HandoffState.WITHDRAWN
NEXT = NOON + timedelta(days=1)
SAID = {
    "acknowledge_handoff": {},
    "finish_handoff": {"looked_at": "build 812"},
    "return_handoff": {"why": "It does not start"},
    "resend_handoff": {},
    "withdraw_handoff": {},
    "reassign_handoff": {"to_function": "design"},
    "reschedule_handoff": {"due_at": NEXT},
    "snooze_handoff": {"until": "tomorrow"},
}
RECEIVERS = ("acknowledge_handoff", "finish_handoff", "return_handoff")
SENDERS = ("resend_handoff", "withdraw_handoff", "reschedule_handoff")
EITHER = ("reassign_handoff", "snooze_handoff")
BEFORE = {  # who does what so that it stands like this
    OPEN: (),
    ACKNOWLEDGED: (("acknowledge_handoff", "bo"),),
    RETURNED: (("return_handoff", "bo"),),
    DONE: (("finish_handoff", "bo"),),
    WITHDRAWN: (("withdraw_handoff", "anna"),),
}


def standing(state=OPEN, *records, more="", **wish):
    """A company with one handoff that stands like this; what made it so was done at two minutes past ten."""
    own = Hands.with_one(*records, policy=company(more), **wish)
    for name, who in BEFORE[state]:
        outcome = own.act(name, who, MORNING + timedelta(hours=1, minutes=2), "handoff:1", **SAID[name])
        assert isinstance(outcome, tuple), outcome
    return own


def try_(own, name, who, now=NOON, **more):
    return own.act(name, who, now, "handoff:1", **(SAID[name] | more))


def refused(own, name, who, now=NOON, **more):
    outcome = try_(own, name, who, now, **more)
    assert not isinstance(outcome, tuple), outcome
    return outcome.reason


def did(own, name, who, now=NOON, **more):
    outcome = try_(own, name, who, now, **more)
    assert isinstance(outcome, tuple), outcome
    return own.handoff()


FIT = {name: RETURNED if name == "resend_handoff" else OPEN for name in SAID}


# Who may


@pytest.mark.parametrize("name", RECEIVERS)
@pytest.mark.parametrize("who", ["bo", "cho", "slack/U3", "github/bo"])
def test_whoever_acts_for_the_receiving_function_may_answer(name, who):
    assert did(standing(), name, who).steps[-1].by in {"person/bo", "person/cho", "slack/U3", "github/bo"}


@pytest.mark.parametrize("name", RECEIVERS)
@pytest.mark.parametrize("who", ["anna", "dee", "fay", "slack/U9"])
def test_nobody_else_may_and_reads_who_can(name, who):
    said = refused(standing(), name, who)
    assert said.startswith("Only Bo Cole or Cho Min may ")
    assert said.endswith(" Ask one of them.")


def test_a_receiver_who_was_named_may_answer_beside_the_function():
    named = {"receiver": "slack/U8"}
    assert did(standing(**named), "acknowledge_handoff", "slack/U8").state is ACKNOWLEDGED
    assert did(standing(**named), "acknowledge_handoff", "bo").state is ACKNOWLEDGED
    said = refused(standing(**named), "finish_handoff", "eve")
    assert said.endswith(", Bo Cole or Cho Min may say that this is done. Ask one of them.")


def test_of_many_the_function_is_named_with_some_of_them():
    many = "".join(f'[people.q{n}]\nname = "Quin {n}"\n' for n in range(1, 7))
    names = ", ".join(f'"q{n}"' for n in range(1, 7))
    more = f"{many}[functions.sre]\nmembers = [{names}]\n"
    said = "Only SRE may acknowledge this: Quin 1, Quin 2 and 4 more."
    assert refused(standing(to_function="sre", more=more), "acknowledge_handoff", "eve") == said
    said = refused(standing(to_function="sre", more=more), "snooze_handoff", "eve")
    assert said == "Only SRE (Quin 1, Quin 2 and 4 more) or Anna Berg may snooze this. Ask one of them."


UNDONE = {"acknowledge_handoff": ACKNOWLEDGED, "return_handoff": RETURNED, "resend_handoff": OPEN}


@pytest.mark.parametrize("name", UNDONE)
def test_what_is_done_may_be_taken_back_by_whoever_saw_that_it_is(name):
    who = "anna" if name == "resend_handoff" else "cho"
    own = standing(DONE)
    more = {"why": "Safari"} if name != "acknowledge_handoff" else {}
    signed = own.handoff().signed.at
    assert "Bo Cole said that it is done" in refused(own, name, who, signed=signed - timedelta(hours=1), **more)
    assert did(own, name, who, signed=signed, **more).state is UNDONE[name]
    assert refused(standing(DONE), name, "eve", signed=signed, **more).startswith("Only ")


def test_who_asks_again_for_what_is_done_says_why():
    own = standing(DONE)
    assert refused(own, "resend_handoff", "anna", signed=own.handoff().signed.at).startswith("Say what is not done")


def test_what_goes_out_again_is_due_no_sooner_than_is_usual():
    late = NOON + timedelta(days=9)  # a Friday; sixteen working hours later it is Tuesday
    assert did(standing(RETURNED), "resend_handoff", "anna", now=late).due_at == at("2026-12-01T12:00")
    far = NOON + timedelta(days=30)
    assert did(standing(RETURNED, due_at=far), "resend_handoff", "anna").due_at == far
    assert did(standing(RETURNED), "resend_handoff", "anna", due_at=NEXT).due_at == NEXT
    assert "is already past" in refused(standing(RETURNED), "resend_handoff", "anna", due_at=MORNING)


def test_of_a_function_that_nobody_is_known_of_anyone_inside_may_answer_but_the_sender():
    own = standing(to_function="sre")
    assert refused(own, "acknowledge_handoff", "anna") == "You handed this over: somebody else has to answer it."
    assert did(own, "acknowledge_handoff", "slack/U9").state is ACKNOWLEDGED
    assert "Only Dee Marsh may" in refused(standing(to_function="sre", receiver="dee"), "acknowledge_handoff", "eve")
    assert refused(standing(to_function="sre", receiver="dee"), "acknowledge_handoff", "eve").endswith("Ask them.")


def test_within_one_function_the_one_who_asked_does_not_answer():
    own = standing(by="bo", from_function="qa", receiver="cho")
    assert refused(own, "finish_handoff", "bo") == "Only Cho Min may say that this is done. Ask them."
    assert did(own, "finish_handoff", "cho").state is DONE
    alone = standing(by="bo", from_function="qa", receiver="me")
    assert did(alone, "finish_handoff", "bo").state is DONE


@pytest.mark.parametrize("name", SENDERS)
def test_the_sender_whoever_acts_for_that_function_and_who_answers_for_the_release_may_decide_for_it(name):
    release = release_of(owner="person/fay", delegates=("person/eve",))
    more = '[functions.engineering]\nmembers = ["anna", "dee"]\n'
    policy = company().model_copy(update={"functions": company().functions | _functions(more)})
    for who in ("anna", "dee", "fay", "eve"):
        own = Hands.with_one(release, policy=policy)
        for earlier, by in BEFORE[FIT[name]]:
            own.act(earlier, by, MORNING, "handoff:1", **SAID[earlier])
        assert isinstance(try_(own, name, who), tuple), who
    own = standing(FIT[name], release)
    said = refused(own, name, "bo")
    assert said.startswith("Only Anna Berg, Fay Lund or Eve Odell may ")


def _functions(text):
    from tests.builders import policy_of

    return policy_of("[people.anna]\n[people.dee]\n" + text).functions


def test_who_owns_a_release_decides_nothing_about_another():
    other = release_of("3.0", owner="person/fay")
    assert "Only Anna Berg may withdraw this. Ask them." in refused(standing(OPEN, other), "withdraw_handoff", "fay")


@pytest.mark.parametrize("name", EITHER)
@pytest.mark.parametrize("who", ["anna", "bo", "cho"])
def test_either_side_may_pass_it_on_or_put_it_off(name, who):
    assert did(standing(), name, who).steps[-1].by == f"person/{who}"


@pytest.mark.parametrize("name", EITHER)
def test_others_may_neither(name):
    assert "Only Anna Berg, Bo Cole or Cho Min may" in refused(standing(), name, "dee")


def test_what_nobody_is_known_for_anyone_may_take():
    assert (
        did(standing(to_function="sre"), "reassign_handoff", "dee", to_function=None, receiver="me").receiver
        == "person/dee"
    )


@pytest.mark.parametrize("name", SAID)
def test_guests_may_nothing_and_what_is_hidden_is_as_unknown_as_what_is_not(name):
    own = Hands(change_of(), handoff_of("handoff:9", about="release:vault@1"))
    assert "Only members of this workspace" in own.refusal(name, "gus", NOON, "handoff:9", **SAID[name])
    hidden = own.refusal(name, "cho", NOON, "handoff:9", **SAID[name])
    unknown = own.refusal(name, "cho", NOON, "handoff:none", **SAID[name])
    assert hidden == unknown == own.refusal(name, "cho", NOON, CHANGE, **SAID[name])
    assert "no such handoff that you may see" in hidden


# Where it stands

ALLOWED = {
    "acknowledge_handoff": {OPEN: ACKNOWLEDGED},
    "finish_handoff": {OPEN: DONE, ACKNOWLEDGED: DONE},
    "return_handoff": {OPEN: RETURNED, ACKNOWLEDGED: RETURNED},
    "resend_handoff": {RETURNED: OPEN},
    "withdraw_handoff": {OPEN: WITHDRAWN, ACKNOWLEDGED: WITHDRAWN, RETURNED: WITHDRAWN},
    "reassign_handoff": {OPEN: OPEN, ACKNOWLEDGED: OPEN},
    "reschedule_handoff": {OPEN: OPEN, ACKNOWLEDGED: ACKNOWLEDGED, RETURNED: RETURNED},
    "snooze_handoff": {OPEN: OPEN, ACKNOWLEDGED: ACKNOWLEDGED, RETURNED: RETURNED},
}
SECOND = {
    ACKNOWLEDGED: "Bo Cole acknowledged it at 10:02.",
    RETURNED: "Bo Cole returned it at 10:02. It waits for Anna Berg to send it again or withdraw it.",
    DONE: "Bo Cole said that it is done at 10:02.",
    WITHDRAWN: "Anna Berg withdrew it at 10:02.",
}


@pytest.mark.parametrize("state", BEFORE)
@pytest.mark.parametrize("name", SAID)
def test_what_fits_where_it_stands_happens_and_the_rest_reads_who_was_first(name, state):
    own, who = standing(state), "anna" if name in SENDERS else "cho"
    if state in ALLOWED[name]:
        assert did(own, name, who).state is ALLOWED[name][state]
    elif name == "resend_handoff" and state in {OPEN, ACKNOWLEDGED}:
        assert refused(own, name, who) == "Nobody has returned it: it is with QA."
    else:
        said = SECOND[state].replace("Anna Berg withdrew", "You withdrew") if who == "anna" else SECOND[state]
        assert refused(own, name, who) == said


def test_whoever_did_it_themselves_reads_so_in_their_own_zone():
    own = standing(ACKNOWLEDGED)
    said = own.act("acknowledge_handoff", "bo", NOON, "handoff:1", zone="Europe/Berlin").reason
    assert said == "You acknowledged it at 11:02."
    later = own.act("acknowledge_handoff", "cho", NEXT, "handoff:1").reason
    assert later == "Bo Cole acknowledged it on Wed 18 Nov at 10:02."


def test_what_happened_in_between_does_not_hide_who_made_it_stand_so():
    own = standing(ACKNOWLEDGED)
    did(own, "snooze_handoff", "cho")
    did(own, "reschedule_handoff", "anna")
    assert refused(own, "acknowledge_handoff", "cho") == "Bo Cole acknowledged it at 10:02."


@pytest.mark.parametrize(
    ("name", "state"),
    [("acknowledge_handoff", ACKNOWLEDGED), ("finish_handoff", DONE), ("return_handoff", RETURNED),
     ("withdraw_handoff", WITHDRAWN), ("reassign_handoff", OPEN)],
)  # fmt: skip
def test_a_signature_that_went_stale_may_be_answered_anew(name, state):
    own, who = standing(DONE), "anna" if name in SENDERS else "cho"
    signed = own.handoff().signed
    assert did(own, name, who, stale=signed.at).state is state


@pytest.mark.parametrize("name", ["acknowledge_handoff", "finish_handoff", "return_handoff", "reassign_handoff"])
def test_it_is_kept_since_when_it_had_gone_stale(name):
    own = standing(DONE)
    signed, since = own.handoff().signed.at, own.handoff().signed.at + timedelta(seconds=1)
    assert did(own, name, "cho", stale=signed, stale_since=since, now=NEXT).steps[-1].since == since


def test_what_was_signed_anew_since_is_not_stale():
    own = standing(DONE)
    old = own.handoff().signed.at
    did(own, "finish_handoff", "cho", stale=old, looked_at="build 813")
    assert refused(own, "finish_handoff", "bo", stale=old) == "Cho Min said that it is done at 12:00."


def test_of_a_change_its_head_at_the_signing_is_kept():
    own = Hands.with_one(about=CHANGE)
    assert did(own, "finish_handoff", "cho").signed.head == change_of().head_sha
    own.given[CHANGE] = change_of(head_sha=None, state=ChangeState.MERGED, move=None)
    assert did(own, "finish_handoff", "bo", now=NEXT, stale=own.handoff().signed.at).signed.head is None


def test_a_rule_of_the_configuration_answers_for_any_function_but_only_what_fits():
    rule = replace(as_viewer("github/dana"), by_rule=True)
    own = standing(ACKNOWLEDGED)
    wish = ACTS["acknowledge_handoff"].Wish("handoff:1", about=RELEASE, via="github")
    refusal = ACTS["acknowledge_handoff"].decide(own.records(), wish, rule, own.policy, NOON)
    assert refusal.reason == "Bo Cole acknowledged it at 10:02."
    wish = ACTS["finish_handoff"].Wish("handoff:1", "1f2e3d4", about=RELEASE, via="github")
    (event,) = ACTS["finish_handoff"].decide(own.records(), wish, rule, own.policy, NOON)
    assert (event.actor, event.data["via"]) == ("github/dana", "github")


# What is said


def test_done_names_what_was_looked_at():
    own = standing()
    for nothing in ("", "  ", "\u200b"):
        assert refused(own, "finish_handoff", "bo", looked_at=nothing) == (
            "Say what you looked at: a build, a commit or a version."
        )
    assert "web address" in refused(own, "finish_handoff", "bo", url="file:///etc")
    made = did(
        own, "finish_handoff", "bo", looked_at=" build\n812 ", risk=" no tablets ", ticked=("Rollback", "Nonsense"),
        as_of=NEXT, url="https://ci.example/812",
    )  # fmt: skip
    assert (made.state, made.signed.looked_at, made.signed.risk) == (WITH_RISK, "build 812", "no tablets")
    assert (made.signed.ticked, made.signed.as_of, made.signed.url) == (("Rollback",), NOON, "https://ci.example/812")
    assert made.signed.head is None


def test_what_was_looked_at_may_be_older_than_its_signature():
    assert did(standing(), "finish_handoff", "bo", as_of=MORNING).signed.as_of == MORNING


def test_it_goes_on_to_the_next_function_in_the_same_breath():
    from assistant.acts.hand_off import Wish

    own = standing()
    then = Wish("handoff:2", "qa", "customer_success", RELEASE, "Tell the customers")
    first, second = try_(own, "finish_handoff", "bo", then=then)
    assert (first.object, second.object) == ("handoff:1", "handoff:2")
    onward = own.handoff("handoff:2")
    assert (onward.previous, onward.sender, onward.state) == ("handoff:1", "person/bo", OPEN)
    assert ACTS["finish_handoff"].objects(ACTS["finish_handoff"].Wish("handoff:1", "x", then=then)) == (
        "handoff:1", "handoff:2", RELEASE,
    )  # fmt: skip


def test_where_it_cannot_go_on_it_is_not_done_either():
    from assistant.acts.hand_off import Wish

    own = standing()
    said = refused(own, "finish_handoff", "bo", then=Wish("handoff:2", "qa", "marketing", RELEASE, "Tell them"))
    assert 'I know no function "marketing"' in said
    assert own.handoff().state is OPEN


def test_what_goes_back_says_why():
    assert refused(standing(), "return_handoff", "bo", why="") == "Say why it goes back: what is missing, or wrong?"
    assert did(standing(), "return_handoff", "bo", why="x" * 900).returned_why == "x" * 499 + "…"


@pytest.mark.parametrize(
    ("wish", "now_with"),
    [
        ({"to_function": "Design"}, ("design", None)),
        ({"to_function": None, "receiver": "cho"}, ("qa", "person/cho")),
        ({"to_function": "qa", "receiver": "cho"}, ("qa", "person/cho")),
        ({"to_function": "engineering", "receiver": "bo"}, ("engineering", "person/bo")),
        ({"to_function": "sre", "receiver": "eve"}, ("sre", "person/eve")),
    ],
)
def test_it_is_given_to_a_person_or_a_function(wish, now_with):
    made = did(standing(ACKNOWLEDGED), "reassign_handoff", "bo", **wish)
    assert (made.to_function, made.receiver, made.state) == (*now_with, OPEN)


def test_it_goes_back_from_one_person_to_the_whole_function():
    assert did(standing(receiver="cho"), "reassign_handoff", "bo", to_function="qa").receiver is None


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"to_function": None}, "Say who is to have it: a person, or a function."),
        ({"to_function": " ", "receiver": " "}, "Say who is to have it: a person, or a function."),
        ({"to_function": "qaa"}, "I know no function \"qaa\"; did you mean 'qa'?"),
        ({"to_function": "qa"}, "It is with QA already."),
        ({"to_function": "engineering"}, "It comes from Engineering: name the person who is to have it."),
        ({"receiver": "gus"}, "Gus Hart is a guest here and can't answer a handoff."),
        ({"receiver": "zoe"}, 'I know nobody called "zoe"'),
    ],
)
def test_where_it_cannot_go_is_refused(wish, said):
    assert said in refused(standing(), "reassign_handoff", "bo", **wish)


def test_whoever_has_it_already_need_not_get_it():
    own = standing(receiver="cho")
    said = refused(own, "reassign_handoff", "bo", to_function=None, receiver="<@U3>")
    assert said == "It is with Cho Min already."


def test_its_due_time_moves_into_the_future():
    made = did(standing(), "reschedule_handoff", "anna", why="Cho is away")
    assert (made.due_at, made.steps[-1].said) == (NEXT, "Cho is away")
    assert "already past" in refused(standing(), "reschedule_handoff", "anna", due_at=NOON)
    own = standing(due_at=NEXT)
    assert refused(own, "reschedule_handoff", "anna") == "It is due Thursday 19 November 2026, 12:00 (UTC) already."


def test_a_snooze_ends_when_a_working_day_of_theirs_begins():
    (mark,) = did(standing(), "snooze_handoff", "cho").snoozed
    assert (mark.by, mark.until) == ("person/cho", at("2026-11-19T09:00"))
    (mark,) = did(standing(), "snooze_handoff", "cho", until="next week").snoozed
    assert mark.until == at("2026-11-23T09:00")


def test_every_step_says_which_it_is_and_from_where():
    own = standing(RETURNED)
    own.act("resend_handoff", "anna", NOON, "handoff:1", via="terminal")
    assert [event.data["step"] for event in own.events] == [1, 2, 3]
    assert [step.via for step in own.handoff().steps] == ["slack", "slack", "terminal"]
    assert len({event.identity for event in own.events}) == 3


def test_of_a_change_every_event_is_of_its_repository():
    own = Hands.with_one(about=CHANGE)
    did(own, "acknowledge_handoff", "cho")
    assert {event.repository for event in own.events} == {"acme/api"}


wished = st.tuples(
    st.sampled_from(sorted(SAID)),
    st.sampled_from(["anna", "bo", "cho", "dee", "fay", "gus", "slack/U9", "terminal/root"]),
    st.integers(-3, 90),
    st.booleans(),
)


@given(st.lists(wished, max_size=12))
@settings(max_examples=60)
def test_whatever_people_do_in_any_order_each_act_counts_or_says_why_not(wishes):
    """Clocks of theirs go before and after; a signature goes stale now and then."""
    own = Hands.with_one()
    for name, who, minute, stale in wishes:
        before = own.handoff()
        more = {"stale": before.signed.at} if stale and before.signed else {}
        outcome = try_(own, name, who, MORNING + timedelta(minutes=minute), **more)
        after = own.handoff()
        if isinstance(outcome, tuple):
            assert len(after.steps) == len(before.steps) + 1 == len(own.events)
            assert after.steps[-1].kind == outcome[0].kind
        else:
            assert after == before
            assert outcome.reason.endswith((".", "?"))
