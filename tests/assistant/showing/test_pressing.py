"""The buttons that go with a thing carry what they act on, or are not there."""

import json

from assistant.blocks import button
from assistant.showing.pressing import ACKNOWLEDGE, ATTENDING, CORRECT_LINK, DECLINE, TAKE, attending, labelled


def buttons_of(blocks):
    return [one for block in blocks for one in block["elements"]]


def test_a_thing_can_be_acknowledged_declined_and_snoozed():
    (row,) = attending("change:acme/api#101")
    assert [one["text"]["text"] for one in row["elements"]] == [
        "Acknowledge", "Not mine", "Snooze until tomorrow", "Until next week",
    ]  # fmt: skip
    assert {json.loads(one["value"])["about"] for one in row["elements"]} == {"change:acme/api#101"}


def test_only_a_review_can_be_taken():
    pressed = [one["action_id"] for one in buttons_of(attending("change:acme/api#101", review=True))]
    assert TAKE in pressed
    assert TAKE not in [one["action_id"] for one in buttons_of(attending("change:acme/api#101"))]


def test_buttons_of_the_things_own_come_first():
    own = button("Correct the link", CORRECT_LINK, "{}")
    (row,) = attending("incident:pagerduty/1", more=(own,))
    assert [one["action_id"] for one in row["elements"]][:2] == [CORRECT_LINK, ACKNOWLEDGE]


def test_every_button_that_attends_is_known_as_one():
    pressed = {one["action_id"] for one in buttons_of(attending("change:acme/api#101", review=True))}
    assert pressed == ATTENDING
    assert len(pressed) == 5


def test_the_actions_of_one_row_differ():
    pressed = [one["action_id"] for one in buttons_of(attending("change:acme/api#101", review=True))]
    assert len(set(pressed)) == len(pressed)
    assert DECLINE in pressed


def test_what_is_too_long_to_be_carried_whole_has_no_buttons():
    assert attending("change:acme/" + "x" * 2_000) == ()


def test_a_labelled_button_carries_its_values_or_is_not_there():
    made = labelled("Correct <the> link", CORRECT_LINK, incident="incident:pagerduty/1", release=None)
    assert json.loads(made["value"]) == {"incident": "incident:pagerduty/1", "release": None}
    assert made["text"]["text"] == "Correct <the> link"
    assert labelled("Correct", CORRECT_LINK, incident="x" * 3_000) is None
