"""Where does a handoff stand after what people did about it, in whatever order that is told?"""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.records import HandoffState, KnownEvent, Mark, Signed, Step, TurnKind
from storage.state.fold import fold
from storage.state.handoff import FITS
from storage.state.rules import FoldRules
from tests.builders import NOON

NAME = "handoff:1"
ASKED = {"from": "engineering", "to": "qa", "about": "release:checkout@2.4", "needed": "Test the payments"}
SAID = {
    "opened": ASKED,
    "acknowledged": {},
    "done": {"looked_at": "build 812"},
    "returned": {"why": "It does not start"},
    "resent": {},
    "withdrawn": {},
    "reassigned": {"to": "design", "receiver": "person/dee"},
    "rescheduled": {"due_at": "2026-11-20T16:00:00Z"},
    "snoozed": {"until": "2026-11-19T09:00:00Z"},
}
OPEN, ACKNOWLEDGED, RETURNED = HandoffState.OPEN, HandoffState.ACKNOWLEDGED, HandoffState.RETURNED
DONE, WITH_RISK, WITHDRAWN = HandoffState.DONE, HandoffState.DONE_WITH_RISK, HandoffState.WITHDRAWN
TO = {
    OPEN: (), ACKNOWLEDGED: ("acknowledged",), RETURNED: ("returned",), DONE: ("done",), WITHDRAWN: ("withdrawn",),
}  # fmt: skip
# What a thing that happens makes of each state; what is not named leaves it as it is.
CHART = {
    "acknowledged": {OPEN: ACKNOWLEDGED, DONE: ACKNOWLEDGED},
    "done": {OPEN: DONE, ACKNOWLEDGED: DONE, DONE: DONE},
    "returned": {OPEN: RETURNED, ACKNOWLEDGED: RETURNED, DONE: RETURNED},
    "resent": {RETURNED: OPEN, DONE: OPEN},
    "withdrawn": dict.fromkeys([OPEN, ACKNOWLEDGED, RETURNED, DONE], WITHDRAWN),
    "reassigned": dict.fromkeys([OPEN, ACKNOWLEDGED, DONE], OPEN),
    "rescheduled": {},
    "snoozed": {},
    "opened": {},
}


def did(kind, minute=0, who="person/cho", **data):
    """Something done to the handoff so many minutes after noon."""
    at = NOON + timedelta(minutes=minute)
    said = SAID[kind] | data
    identity = f"{NAME}|handoff.{kind}|{at.isoformat()}|{who}|{said.get('step', '')}"
    return KnownEvent(identity, NAME, f"handoff.{kind}", at, at, "lastmile", who, None, said)


def asked(minute=0, who="person/anna", **data):
    return did("opened", minute, who, **data)


def folded(*events):
    return fold(NAME, events, FoldRules())


def handoff(*events):
    return folded(*events).record


def story(*kinds):
    """A handoff that is opened at noon, and what happens to it, a minute apart."""
    return [asked(), *(did(kind, minute) for minute, kind in enumerate(kinds, 1))]


@pytest.mark.parametrize("state", TO)
@pytest.mark.parametrize("kind", CHART)
def test_what_happens_in_a_state_leads_where_the_chart_says(state, kind):
    before = handoff(*story(*TO[state]))
    assert before.state is state
    after = handoff(*story(*TO[state], kind))
    assert after.state is CHART[kind].get(state, state)
    fits = state in FITS.get(f"handoff.{kind}", ())
    assert (len(after.steps) == len(before.steps) + 1) == fits
    if not fits:
        assert after == before


def test_all_that_was_asked_is_kept():
    made = handoff(
        asked(
            receiver="person/cho", due_at="2026-11-19T16:00:00+01:00", gating=False, checklist=["Risks"],
            links=["https://a.example"], previous="handoff:0", round="round:1", rule="1", via="slack",
        )
    )  # fmt: skip
    assert (made.from_function, made.to_function, made.sender, made.receiver) == (
        "engineering", "qa", "person/anna", "person/cho",
    )  # fmt: skip
    assert (made.about, made.needed, made.opened_at, made.state_at, made.last_at) == (
        "release:checkout@2.4", "Test the payments", NOON, NOON, NOON,
    )  # fmt: skip
    assert made.due_at == NOON + timedelta(days=1, hours=3)
    assert (made.gating, made.checklist, made.links) == (False, ("Risks",), ("https://a.example",))
    assert (made.previous, made.round, made.rule, made.repository) == ("handoff:0", "round:1", "1", None)
    assert made.steps == (
        Step("handoff.opened", "person/anna", NOON, "slack", "Test the payments", "qa", "person/cho", made.due_at),
    )


@pytest.mark.parametrize(
    ("about", "repository"),
    [
        ("change:acme/api#7", "acme/api"),
        ("ticket:jira/SHOP#12", "jira/SHOP"),
        ("service:acme/api", None),
        ("release:checkout@2.4", None),
        ("change:", None),
    ],
)
def test_it_is_of_the_repository_of_the_change_or_ticket_that_it_is_about(about, repository):
    assert handoff(asked(about=about)).repository == repository


def test_it_gates_unless_somebody_says_that_it_does_not():
    assert handoff(asked()).gating
    assert handoff(asked(gating=None)).gating


@pytest.mark.parametrize("missing", ["from", "to", "about", "needed"])
@pytest.mark.parametrize("value", [None, "", 3, ["x"]])
def test_one_that_does_not_say_what_from_whom_to_whom_is_none(missing, value):
    assert folded(asked(**{missing: value})).record is None


def test_an_act_without_a_person_behind_it_is_none():
    assert folded(asked(who=None)).record is None
    assert handoff(asked(), did("done", 1, who=None)).state is OPEN


def test_what_another_handoff_is_told_is_nothing_to_this_one():
    other = replace(did("done", 1), object="handoff:2", identity="other")
    assert handoff(asked(), other).state is OPEN


def test_the_first_opening_stands():
    made = handoff(asked(), asked(5, "person/bo", needed="Something else"))
    assert (made.sender, made.needed, len(made.steps)) == ("person/anna", "Test the payments", 1)


def test_what_came_before_it_was_opened_is_nothing():
    assert handoff(did("done", -5), asked()).state is OPEN


def test_done_names_what_was_looked_at():
    told = did(
        "done", 30, looked_at="1f2e3d", as_of="2026-11-18T12:10:00Z", head="a1", ticked=["Risks"], via="terminal",
        url="https://ci.example/812",
    )  # fmt: skip
    made = handoff(asked(), told)
    assert made.signed == Signed(
        "1f2e3d", "person/cho", NOON + timedelta(minutes=30), NOON + timedelta(minutes=10), ("Risks",), None, "a1",
        "https://ci.example/812",
    )  # fmt: skip
    assert made.steps[-1].said == "1f2e3d"
    assert handoff(asked(), did("done", 1, looked_at="")).state is OPEN


def test_what_was_looked_at_holds_nothing_that_came_after_it_was_signed():
    signed = handoff(asked(), did("done", 30, as_of="2026-12-01T00:00:00Z")).signed
    assert signed.as_of == signed.at
    assert handoff(asked(), did("done", 30)).signed.as_of == NOON + timedelta(minutes=30)


def test_done_with_a_risk_says_which():
    made = handoff(asked(), did("done", 1, risk="not on tablets"))
    assert (made.state, made.signed.risk) == (WITH_RISK, "not on tablets")
    assert made.steps[-1].said == "build 812: not on tablets"
    assert handoff(*story("done"), did("done", 9, risk="x")).state is WITH_RISK


def test_the_newest_signature_is_kept_when_it_is_opened_again():
    again = handoff(*story("done", "acknowledged"))
    assert (again.state, again.signed.looked_at) == (ACKNOWLEDGED, "build 812")
    assert (
        handoff(*story("done", "acknowledged"), did("done", 9, looked_at="build 813")).signed.looked_at == "build 813"
    )


def test_returned_says_why_until_it_is_sent_again():
    back = handoff(*story("acknowledged", "returned"))
    assert (back.state, back.returned_why) == (RETURNED, "It does not start")
    again = handoff(*story("acknowledged", "returned", "resent"))
    assert (again.state, again.returned_why, len(again.steps)) == (OPEN, None, 4)
    assert handoff(asked(), did("returned", 1, why="")).state is OPEN


def test_sent_again_it_may_have_another_due_time():
    due = "2026-11-25T12:00:00Z"
    first = asked(due_at="2026-11-19T12:00:00Z")
    again = handoff(first, did("returned", 1), did("resent", 2, due_at=due))
    assert again.due_at == again.steps[-1].until == NOON + timedelta(days=7)
    assert handoff(first, did("returned", 1), did("resent", 2)).due_at == NOON + timedelta(days=1)


def test_passed_on_it_is_open_for_whoever_has_it_now():
    made = handoff(*story("acknowledged", "reassigned"))
    assert (made.state, made.to_function, made.receiver) == (OPEN, "design", "person/dee")
    assert (made.steps[-1].to_function, made.steps[-1].receiver) == ("design", "person/dee")
    assert handoff(asked(receiver="person/cho"), did("reassigned", 1, receiver=None)).receiver is None
    assert handoff(asked(), did("reassigned", 1, to=None)).to_function == "qa"


def test_its_due_time_moves_and_nothing_else():
    made = handoff(*story("acknowledged", "rescheduled"))
    assert (made.state, made.state_at) == (ACKNOWLEDGED, NOON + timedelta(minutes=1))
    assert made.due_at == made.steps[-1].until == NOON + timedelta(days=2, hours=4)
    assert handoff(asked(), did("rescheduled", 1, due_at="soon")).due_at is None


def test_of_each_person_the_newest_snooze_holds():
    first, other = did("snoozed", 1), did("snoozed", 2, who="person/bo")
    later = did("snoozed", 3, who="Person/Cho", until="2026-11-23T09:00:00Z")
    made = handoff(asked(), first, other, later)
    assert made.snoozed == (
        Mark("person/bo", NOON + timedelta(minutes=2), NOON + timedelta(hours=21)),
        Mark("Person/Cho", NOON + timedelta(minutes=3), NOON + timedelta(days=4, hours=21)),
    )
    assert handoff(asked(), first, did("snoozed", 4, until="2026-11-18T00:00:00Z")).snoozed == ()
    assert handoff(asked(), did("snoozed", 1, until=None)).snoozed == ()


@pytest.mark.parametrize("kind", ["done", "returned", "withdrawn", "reassigned"])
def test_nobody_sleeps_through_what_came_after(kind):
    assert handoff(*story("snoozed")).snoozed
    assert handoff(*story("snoozed", kind)).snoozed == ()
    assert handoff(*story("snoozed", "acknowledged")).snoozed


def test_a_turn_lasts_from_when_it_is_asked_until_it_is_done_or_taken_back():
    (turn,) = folded(*story("acknowledged", "returned", "resent", "done")).turns
    assert (turn.kind, turn.began_at, turn.ended_at) == (TurnKind.HANDOFF_OPEN, NOON, NOON + timedelta(minutes=4))
    (lasting,) = folded(*story("returned")).turns
    assert lasting.ended_at is None
    assert [one.ended_at for one in folded(*story("withdrawn")).turns] == [NOON + timedelta(minutes=1)]
    again = folded(*story("done", "done", "acknowledged", "done")).turns
    minute = timedelta(minutes=1)
    assert [(one.began_at, one.ended_at) for one in again] == [
        (NOON, NOON + minute), (NOON + 3 * minute, NOON + 4 * minute),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["done", "acknowledged", "returned", "reassigned"])
def test_what_takes_up_a_stale_signature_is_a_turn_from_when_it_went_stale(kind):
    at = "2026-11-18T12:05:00Z"
    made = folded(asked(), did("done", 1), did(kind, 9, stale_since=at))
    _, turn = made.turns
    assert turn.began_at == made.record.steps[-1].since == NOON + timedelta(minutes=5)
    assert turn.ended_at == (NOON + timedelta(minutes=9) if kind == "done" else None)


def test_it_is_stale_no_earlier_than_it_was_signed_and_no_later_than_it_was_taken_up():
    for at, minute in (("2026-11-18T11:00:00Z", 1), ("2026-11-18T13:00:00Z", 9)):
        turn = folded(asked(), did("done", 1), did("done", 9, stale_since=at)).turns[-1]
        assert (turn.began_at, turn.ended_at) == (NOON + timedelta(minutes=minute), NOON + timedelta(minutes=9))
    assert len(folded(asked(), did("done", 1), did("done", 9, stale_since="soon")).turns) == 1
    assert len(folded(asked(), did("done", 9, stale_since="2026-11-18T12:05:00Z")).turns) == 1
    blind = did("done", 9, looked_at="", stale_since="2026-11-18T12:05:00Z")
    assert len(folded(asked(), did("done", 1), blind).turns) == 1


def test_of_one_instant_it_is_opened_before_anything_else():
    assert handoff(did("acknowledged", 0), asked()).state is ACKNOWLEDGED
    assert handoff(did("acknowledged"), asked(), did("done")).state is DONE


def test_the_order_in_which_it_was_decided_holds_whatever_the_clocks_said():
    """Bo's clock is a little late: what he decided after Cho's acknowledgement bears an earlier time."""
    events = [
        asked(step=1), did("acknowledged", 10, step=2), did("reassigned", 9, "person/bo", step=3, to="qa", receiver="person/bo"),
    ]  # fmt: skip
    made = handoff(*events)
    assert (made.state, made.receiver) == (OPEN, "person/bo")
    assert made.last_at == NOON + timedelta(minutes=10)
    late = folded(asked(5, step=1), did("done", 4, step=2)).turns
    assert late[0].began_at == late[0].ended_at


def test_where_one_does_not_say_its_step_time_decides():
    events = [asked(step=1), did("acknowledged", 10, step=2), did("reassigned", 9, receiver="person/bo", to="qa")]
    assert handoff(*events).state is ACKNOWLEDGED


# In any order

kinds = st.sampled_from([*SAID, "unheard of"])
people = st.sampled_from(["person/anna", "person/bo", "person/cho", None])
odd = st.dictionaries(
    st.sampled_from(
        ["to", "receiver", "why", "until", "due_at", "looked_at", "risk", "checklist", "step", "about", "stale_since"]
    ),
    st.sampled_from([None, "", 3, True, [], ["x", 2], {"a": 1}, "person/bo", "2026-11-19T09:00:00Z", "qa", 2**70, -1]),
    max_size=3,
)


@st.composite
def happenings(draw):
    kind, minute, who = draw(kinds), draw(st.integers(-5, 30)), draw(people)
    number = draw(st.none() | st.integers(1, 9))
    data = (SAID.get(kind, {}) | ({"step": number} if number else {})) | draw(odd)
    at = NOON + timedelta(minutes=minute)
    identity = f"{NAME}|handoff.{kind}|{at.isoformat()}|{who}|{sorted(map(repr, data.items()))}"
    return KnownEvent(identity, NAME, f"handoff.{kind}", at, at, "lastmile", who, None, data)


@given(st.lists(happenings(), max_size=12), st.randoms(use_true_random=False))
def test_any_order_and_any_duplicates_give_the_same_record(events, shuffle):
    told = [asked(), *events]
    expected = folded(*told)
    again = told + shuffle.choices(told, k=5)
    shuffle.shuffle(again)
    assert folded(*again) == expected


@given(st.lists(happenings(), max_size=12))
def test_whatever_is_told_its_story_is_one_that_the_chart_allows(events):
    made = folded(asked(-9), *events)
    state = OPEN
    for step in made.record.steps[1:]:
        kind = step.kind.removeprefix("handoff.")
        plain = DONE if state is WITH_RISK else state
        assert plain in FITS[step.kind]
        state = CHART[kind].get(plain, state)
    assert {state, made.record.state} <= {DONE, WITH_RISK} or state is made.record.state
    assert all(one.ended_at is None or one.began_at <= one.ended_at for one in made.turns)
    assert [one.ended_at is None for one in made.turns].count(True) == (state in {OPEN, ACKNOWLEDGED, RETURNED})
    assert (made.record.signed is None) == all(step.kind != "handoff.done" for step in made.record.steps)
