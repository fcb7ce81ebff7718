"""What does somebody read of one handoff in a list, and what can they press?"""

import json
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from assistant.handoffs.listing import listed
from assistant.handoffs.sides import sides_of
from assistant.handoffs.standing import Later, standing_of
from assistant.mentioning import Naming
from assistant.people import people_of
from assistant.scopes import release_subject, service_subject
from assistant.showing.handed import row
from assistant.telling import Reader
from storage.records import HandoffState
from tests.builders import NOON
from tests.handing import CHANGE, as_viewer, company, done_of, handoff_of

POLICY = company()
PEOPLE = people_of(POLICY)


def shown(handoff=None, who="cho", later=(), under=None, **named):
    stand = standing_of(handoff or handoff_of(), later, PEOPLE, NOON, "checkout 2.4", **named)
    (one,) = listed((stand,), sides_of(as_viewer(who), POLICY, PEOPLE), PEOPLE, NOON, under)
    return row(one, Reader(ZoneInfo("UTC"), NOON), Naming(PEOPLE, NOON))


def lines(*wish, **more):
    return shown(*wish, **more).text.splitlines()


def buttons(made):
    return [one["text"]["text"] for block in made.blocks for one in block.get("elements", ())]


def menu(made):
    return [one["text"]["text"] for one in made.blocks[0].get("accessory", {}).get("options", ())]


STATES = {
    "open": handoff_of(),
    "acknowledged": handoff_of(state=HandoffState.ACKNOWLEDGED),
    "returned": handoff_of(state=HandoffState.RETURNED, returned_why="It does not start"),
    "stale": done_of(),
    "done": done_of(),
}
LANDED = (Later(CHANGE, "acme/api#101", NOON, "https://github.example/101"),)


def in_state(state, **more):
    return shown(STATES[state], later=LANDED if state == "stale" else (), **more)


# What it says


def test_it_says_what_is_needed_about_what_from_whom_to_whom_whose_move_and_by_when():
    assert lines() == [
        "*Test the payments*",
        "checkout 2.4",
        "From Engineering (Anna Berg) to QA.",
        "Waits for Cho Min to acknowledge it, since today 09:00. Due Fri 20 Nov 09:00.",
    ]


def test_what_is_in_hand_names_who_has_it():
    told = lines(replace(STATES["acknowledged"], receiver="person/bo"))
    assert told[2:] == [
        "From Engineering (Anna Berg) to QA (Bo Cole).", "Bo Cole has it in hand, since today 09:00. Due Fri 20 Nov 09:00.",
    ]  # fmt: skip


def test_what_was_returned_says_why_and_that_its_sender_moves():
    assert lines(STATES["returned"])[3].startswith("Returned today 09:00: “It does not start”. Anna Berg moves next.")


def test_what_is_stale_names_what_was_looked_at_and_what_landed_since():
    said = lines(STATES["stale"], later=LANDED)[3]
    assert said.startswith(
        "Done for build 812, and since then 1 change landed: <https://github.example/101|acme/api#101>. "
        "Cho Min has to look again."
    )


def test_what_is_overdue_says_by_how_many_working_hours():
    due = NOON - timedelta(hours=26)
    assert lines(handoff_of(due_at=due))[3].endswith("*Due Tue 17 Nov 10:00, 10 working hours ago.*")
    assert lines(handoff_of(due_at=None))[3].endswith("When it is due is not known.")


def test_what_must_be_looked_at_again_after_its_due_time_has_none_now():
    later = (replace(LANDED[0], at=NOON + timedelta(hours=1)),)
    said = lines(replace(STATES["stale"], due_at=NOON - timedelta(minutes=30)), later=later)[3]
    assert said.endswith("Cho Min has to look again.")


def test_what_does_not_hold_anything_up_says_so():
    assert lines(handoff_of(gating=False))[2].endswith("Nothing waits for it.")


def test_under_a_release_one_about_a_service_says_that_it_does_not_hold_that_up():
    release, service = release_subject(POLICY, "checkout", "2.4"), service_subject(POLICY, "api")
    about = handoff_of(about="service:api")
    assert lines(about, under=release)[2].endswith("to QA. It does not hold up checkout 2.4.")
    assert lines(replace(about, gating=False), under=release)[2].endswith("to QA. Nothing waits for it.")
    assert lines(about, under=service)[2].endswith("to QA.")
    assert lines(under=release)[2].endswith("to QA.")


def test_its_subject_is_a_link_with_its_title():
    assert lines(title="Quote cache", url="https://github.example/1")[1] == (
        "<https://github.example/1|checkout 2.4> Quote cache"
    )


def test_hostile_words_stay_words_and_long_ones_are_cut():
    said = shown(handoff_of(needed="<!channel> *x* " * 40, returned_why="<@U1>", state=HandoffState.RETURNED)).text
    assert "<!" not in said
    assert "<@" not in said
    assert len(said) < 800


# What can be pressed


@pytest.mark.parametrize(
    ("state", "who", "offered"),
    [
        ("open", "cho", ["Acknowledge", "Done…", "Return…"]),
        ("acknowledged", "bo", ["Done…", "Return…"]),
        ("stale", "cho", ["Acknowledge", "Done…", "Return…"]),
        ("returned", "anna", ["Send again…", "Withdraw…"]),
        ("returned", "cho", []),
        ("open", "anna", []),
        ("open", "eve", []),
        ("done", "cho", []),
    ],
)
def test_its_buttons_are_those_of_the_move_that_is_due(state, who, offered):
    assert buttons(in_state(state, who=who)) == offered


@pytest.mark.parametrize(
    ("state", "who", "offered"),
    [
        ("open", "cho", ["Remind me tomorrow", "Pass it on…"]),
        ("open", "anna", ["Pass it on…", "Change the due time…", "Withdraw it…"]),
        ("returned", "anna", ["Change the due time…"]),
        ("open", "eve", []),
        ("done", "anna", ["Ask for it again…"]),
        ("done", "cho", ["Take it back", "Return…"]),
        ("done", "eve", []),
    ],
)
def test_everything_else_is_in_a_menu_beside_it(state, who, offered):
    assert menu(in_state(state, who=who)) == offered


def test_a_button_carries_the_handoff_and_a_line_of_the_menu_what_to_do_too():
    made = shown()
    assert json.loads(made.blocks[1]["elements"][0]["value"]) == {"handoff": "handoff:1"}
    assert json.loads(made.blocks[0]["accessory"]["options"][1]["value"]) == {
        "handoff": "handoff:1", "do": "handoff.reassign",
    }  # fmt: skip
    assert made.object == "handoff:1"


def test_a_name_too_long_for_a_menu_has_none():
    assert menu(shown(handoff_of("handoff:" + "x" * 200))) == []
