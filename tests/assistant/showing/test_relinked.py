"""Does a message say who corrected what an incident came from, and nothing else of it change?"""

import pytest

from assistant.blocks import MOST_BLOCKS, section
from assistant.showing.pressing import CORRECT_LINK, labelled
from assistant.showing.relinked import relinked

INCIDENT, RELEASE = "incident:pagerduty/Q1", "release:checkout@2.4"


def said(*more, release=RELEASE):
    button = labelled("Correct the link", CORRECT_LINK, incident=INCIDENT, release=release)
    return {"text": "Things", "blocks": [section("before"), section("Down", button), *more]}


def lines(message):
    return [[e["text"] for e in block["elements"]] for block in message["blocks"] if block["type"] == "context"]


def test_the_line_stands_below_the_incident_and_its_button_is_gone():
    message = said(section("after"))
    changed = relinked(message, INCIDENT, RELEASE, "Anna: it came from there.")
    assert [block["type"] for block in changed["blocks"]] == ["section", "section", "context", "section"]
    assert "accessory" not in changed["blocks"][1]
    assert "accessory" in message["blocks"][1]  # what was handed in stays as it was
    assert lines(changed) == [["Anna: it came from there."]]
    assert changed["text"] == "Things"


def test_a_second_correction_follows_the_first_and_the_same_one_changes_nothing():
    first = relinked(said(), INCIDENT, RELEASE, "one")
    assert relinked(first, INCIDENT, RELEASE, "one") is None
    assert lines(relinked(first, INCIDENT, RELEASE, "two")) == [["one", "two"]]


def test_so_many_corrections_keep_the_newest():
    message = said()
    for number in range(14):
        message = relinked(message, INCIDENT, RELEASE, str(number))
    assert lines(message) == [[str(number) for number in range(4, 14)]]


@pytest.mark.parametrize(("incident", "release"), [("incident:pagerduty/Q2", RELEASE), (INCIDENT, "release:other@1")])
def test_another_incident_or_release_is_left_alone(incident, release):
    assert relinked(said(), incident, release, "line") is None


def test_one_that_stands_in_no_release_is_found_too():
    assert relinked(said(release=None), INCIDENT, "", "line")


@pytest.mark.parametrize("value", ["{", "3", "null", None])
def test_a_button_that_nobody_can_read_is_passed_over(value):
    message = said()
    message["blocks"][1]["accessory"]["value"] = value
    assert relinked(message, INCIDENT, RELEASE, "line") is None


def test_a_message_that_is_full_stays_as_it_is():
    assert relinked(said(*[section("x")] * (MOST_BLOCKS - 2)), INCIDENT, RELEASE, "line") is None
    assert relinked({"text": "none"}, INCIDENT, RELEASE, "line") is None


def test_a_name_too_long_for_an_id_is_shown_without_one():
    release = "release:" + "x" * 300
    assert "block_id" not in relinked(said(release=release), INCIDENT, release, "line")["blocks"][2]
