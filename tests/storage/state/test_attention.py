"""What did people do about a thing that was brought to them?"""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.records import KnownEvent
from storage.state.fold import fold
from storage.state.rules import FoldRules
from tests.builders import when

ABOUT = "change:acme/api#101"
NAME = f"attention:{ABOUT}"
KINDS = ("acknowledged", "snoozed", "declined", "taken")
_numbers = itertools.count(1)


def act(kind, time="16T09:00", who="person/anna", until=None, name=NAME):
    data = {"about": name.partition(":")[2]} | ({"until": when(until).isoformat()} if until else {})
    identity = f"{name}|attention.{kind}|{when(time)}|{who}"
    return KnownEvent(identity, name, f"attention.{kind}", when(time), when(time), "lastmile", who, "acme/api", data)


def folded(*events):
    return fold(NAME, events, FoldRules()).record


def whose(attention):
    return {kind: [mark.by for mark in getattr(attention, kind)] for kind in KINDS if getattr(attention, kind)}


def test_it_knows_what_it_is_about_and_where():
    found = folded(act("acknowledged", "16T09:00"), act("taken", "16T10:00", "person/bo"))
    assert (found.object, found.about, found.repository, found.last_at) == (NAME, ABOUT, "acme/api", when("16T10:00"))
    assert whose(found) == {"acknowledged": ["person/anna"], "taken": ["person/bo"]}


def test_of_each_person_the_newest_holds_oldest_first():
    found = folded(
        act("acknowledged", "16T11:00"), act("acknowledged", "16T09:00"), act("acknowledged", "16T10:00", "person/bo")
    )
    assert [(mark.by, mark.at) for mark in found.acknowledged] == [
        ("person/bo", when("16T10:00")),
        ("person/anna", when("16T11:00")),
    ]


@pytest.mark.parametrize(
    ("earlier", "later", "left"),
    [
        ("taken", "declined", {"declined"}),
        ("declined", "taken", {"taken"}),
        ("acknowledged", "declined", {"declined"}),
        ("declined", "acknowledged", {"acknowledged"}),
        ("acknowledged", "taken", {"acknowledged", "taken"}),
        ("taken", "acknowledged", {"acknowledged", "taken"}),
    ],
)
def test_a_later_opposite_act_takes_the_earlier_back(earlier, later, left):
    events = [act(earlier, "16T09:00"), act(later, "16T10:00")]
    assert set(whose(folded(*events))) == left
    assert set(whose(folded(*reversed(events)))) == left


def test_what_one_person_says_takes_back_nothing_of_another():
    found = folded(act("taken", "16T09:00"), act("declined", "16T10:00", "person/bo"))
    assert whose(found) == {"taken": ["person/anna"], "declined": ["person/bo"]}


def test_a_snooze_lasts_until_its_end_and_the_newest_says_which():
    found = folded(act("snoozed", "16T09:00", until="20T09:00"), act("snoozed", "16T10:00", until="17T09:00"))
    assert [(mark.at, mark.until) for mark in found.snoozed] == [(when("16T10:00"), when("17T09:00"))]


@pytest.mark.parametrize("later", [{"until": None}, {"until": "16T09:30"}])
def test_a_snooze_that_names_no_later_moment_ends_the_one_before(later):
    assert folded(act("snoozed", "16T09:00", until="20T09:00"), act("snoozed", "16T10:00", **later)).snoozed == ()


def test_whoever_takes_it_or_says_that_it_is_not_theirs_no_longer_snoozes_it():
    snoozed = act("snoozed", "16T09:00", until="20T09:00")
    assert folded(snoozed, act("taken", "16T10:00")).snoozed == ()
    assert folded(snoozed, act("declined", "16T10:00")).snoozed == ()
    assert len(folded(snoozed, act("acknowledged", "16T10:00")).snoozed) == 1


def test_a_person_is_the_same_in_any_case():
    assert whose(folded(act("taken", "16T09:00", "slack/U1"), act("declined", "16T10:00", "slack/u1"))) == {
        "declined": ["slack/u1"]
    }


def test_an_act_without_a_person_or_of_an_unknown_kind_is_none():
    assert folded(act("taken", who=None)) is None
    assert folded(act("applauded")) is None
    assert fold("attention:", [act("taken", name="attention:")], FoldRules()).record is None


def test_what_is_said_of_a_thing_elsewhere_is_not_said_of_it():
    other = act("taken", name="attention:change:acme/api#9")
    assert fold(NAME, [act("acknowledged"), other], FoldRules()).record.taken == ()


ACTS = st.builds(
    act,
    st.sampled_from(KINDS),
    st.integers(1, 9).map(lambda hour: f"16T0{hour}:00"),
    st.sampled_from(["person/anna", "person/bo"]),
    st.sampled_from([None, "15T09:00", "17T09:00"]),
)


@given(st.lists(ACTS, max_size=8), st.randoms())
def test_any_order_and_any_duplicates_give_the_same(events, random):
    again = [*events, *random.sample(events, len(events) // 2)]
    random.shuffle(again)
    once = {event.identity: event for event in reversed(again)}
    if len({(e.identity, str(e.data)) for e in events}) == len(once):  # the ledger keeps one event of an identity
        assert folded(*again) == folded(*events)
