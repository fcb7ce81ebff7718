"""What is known of a subscription after what people decided about it."""

import pytest

from storage.records import Subscription
from storage.state.fold import fold
from storage.state.rules import FoldRules
from tests.builders import happened, when

NAME = "subscription:aa"


def was(verb, moment, actor="person/anna", /, **data):
    return happened(NAME, f"subscription.{verb}", moment, actor=actor, **data)


def was_set(moment="16T09:00", actor="person/anna", /, **more):
    data = {
        "digest": "stalled", "channel": "C1", "person": None, "days": [0, 4], "time": "09:30", "zone": "Europe/Berlin",
        "about": "team web", "all_clear": True,
    }  # fmt: skip
    return was("set", moment, actor, **(data | more))


def folded(*events):
    return fold(NAME, events, FoldRules()).record


def test_it_is_what_was_set_by_whoever_set_it():
    assert folded(was_set()) == Subscription(
        NAME, "stalled", "person/anna", when("16T09:00"), when("16T09:00"), "C1", None, (0, 4), "09:30",
        "Europe/Berlin", "team web", all_clear=True,
    )  # fmt: skip


def test_direct_messages_name_their_reader_and_no_channel():
    found = folded(was_set(channel=None, person="person/anna"))
    assert (found.channel, found.person) == (None, "person/anna")


def test_a_change_holds_from_then_on_and_is_whose_it_is():
    found = folded(was_set(), was_set("17T09:00", "person/bo", time="14:00"))
    assert (found.time, found.by, found.created_at, found.since) == (
        "14:00", "person/bo", when("16T09:00"), when("17T09:00"),
    )  # fmt: skip


def test_pausing_keeps_when_and_why_of_the_first():
    found = folded(was_set(), was("paused", "17T09:00", why="Holidays"), was("paused", "18T09:00", why="Again"))
    assert (found.paused_at, found.paused_why) == (when("17T09:00"), "Holidays")


def test_what_is_resumed_is_due_from_then_on():
    found = folded(was_set(), was("paused", "17T09:00"), was("resumed", "18T09:00"))
    assert (found.paused_at, found.since) == (None, when("18T09:00"))


def test_resuming_what_runs_changes_nothing():
    assert folded(was_set(), was("resumed", "18T09:00")).since == when("16T09:00")


def test_setting_a_paused_one_lets_it_go_on():
    assert folded(was_set(), was("paused", "17T09:00"), was_set("18T09:00")).paused_at is None


def test_what_was_removed_stays_removed():
    found = folded(was_set(), was("ended", "17T09:00"), was_set("18T09:00"), was("resumed", "19T09:00"))
    assert (found.ended_at, found.since) == (when("17T09:00"), when("16T09:00"))


def test_any_order_gives_the_same():
    events = [was_set(), was("paused", "17T09:00"), was("resumed", "18T09:00")]
    assert folded(*reversed(events)) == folded(*events)


def test_nothing_is_decided_by_nobody():
    assert folded(was_set("16T09:00", None)) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"digest": ""}, {"time": "soon"}, {"time": "09:00+01:00"}, {"zone": "Mars/Base"}, {"zone": None}, {"days": []},
        {"days": [7, True, "mon"]}, {"days": "mon"}, {"channel": None},
    ],
)  # fmt: skip
def test_what_can_never_be_due_is_no_subscription_and_changes_none(wrong):
    assert folded(was_set(**wrong)) is None
    assert folded(was_set(), was_set("17T09:00", **wrong)) == folded(was_set())


def test_pausing_or_removing_what_was_never_set_makes_nothing():
    assert folded(was("paused", "16T09:00"), was("ended", "17T09:00")) is None
