"""What stands on the home tab, and does it stay true when something is pressed there?"""

from datetime import timedelta

import pytest

from assistant.showing.home import MOST
from tests.assistant.showing.test_sheet import texts
from tests.commands.conftest import NOW, shown
from tests.commands.test_handoffs import company_office, handing  # noqa: F401  fixtures
from tests.fakes import MEMBER, event
from tests.handing import handed

EARLIER = NOW - timedelta(hours=2)
CHO = {**MEMBER, "profile": {"real_name": "Cho Min"}}


@pytest.fixture
def home(handing):  # noqa: F811
    """The same office, in which Cho of QA opens the tab."""
    handing.slack.users |= {"U3": CHO, "U7": {**MEMBER, "is_restricted": True}}
    return handing


def open_tab(office, user="U3", **more):
    office.send(event("app_home_opened", user=user, channel="D3", **{"tab": "home", **more}))


def tab(office):
    """What stands on the tab now."""
    return shown(blocks(office))


def blocks(office):
    return office.slack.heard("views.publish")[-1]["view"]["blocks"]


def press(office, action, user="U3", handoff="handoff:a1"):
    view = {"id": "V9", "type": "home", "hash": "h1"}
    container = {"type": "view", "view_id": "V9"}
    return office.press(
        action, {"handoff": handoff}, user=user, view=view, container=container, channel=None, response_url=None
    )


def test_it_shows_what_is_to_be_acknowledged_done_and_waited_for(home):
    open_tab(home)
    lines = tab(home).splitlines()
    assert lines[:3] == ["Handoffs of Cho Min", "[Hand something off…]", "To acknowledge (1)"]
    assert "*Test the payments*" in lines
    assert "[Acknowledge] [Done…] [Return…]" in lines
    assert lines[-5:-1] == [
        "To do", "Nothing that you took on is open.", "Waiting for others", "Nothing that you handed off is open.",
    ]  # fmt: skip
    assert lines[-1].startswith("As of today 11:00.")
    assert home.slack.heard("views.publish")[-1]["user_id"] == "U3"


def test_whoever_handed_something_off_waits_for_others(home):
    open_tab(home, "U1")
    lines = tab(home).splitlines()
    assert "Waiting for others (2)" in lines
    assert "[Acknowledge] [Done…] [Return…]" not in lines


def test_the_other_tab_is_none_of_its_business(home):
    open_tab(home, tab="messages")
    assert home.slack.heard("views.publish") == []


def test_guests_and_people_of_other_workspaces_read_a_plain_sentence(home):
    open_tab(home, "U7")
    assert tab(home) == "This is for members of this workspace; guests and people of other workspaces see nothing here."
    home.slack.users["U8"] = {**MEMBER, "team_id": "T2"}
    open_tab(home, "U8")
    assert tab(home).startswith("This is for members")
    assert home.slack.heard("chat.postMessage") == []


def test_a_button_pressed_there_acts_and_the_tab_says_so(home):
    open_tab(home)
    press(home, "handoff.acknowledge")
    assert home.desk.ledger.get(("handoff:a1",))["handoff:a1"].state == "acknowledged"
    lines = tab(home).splitlines()
    assert lines[:2] == ["You have it.", "Handoffs of Cho Min"]
    assert "To acknowledge" in lines
    assert "To do (1)" in lines


def test_of_two_who_press_the_second_reads_there_who_was_first(home):
    press(home, "handoff.acknowledge")
    press(home, "handoff.acknowledge", user="U2")
    assert tab(home).splitlines()[0].startswith("Cho Min acknowledged it")


def test_a_form_opened_there_lies_above_it_and_saving_it_brings_it_up_to_date(home):
    press(home, "handoff.return")
    assert home.slack.heard("views.open")
    assert home.slack.heard("views.push") == []
    published = len(home.slack.heard("views.publish"))
    home.submit({"why": {"type": "plain_text_input", "value": "It does not start"}}, user="U3")
    assert home.desk.ledger.get(("handoff:a1",))["handoff:a1"].state == "returned"
    assert len(home.slack.heard("views.publish")) == published + 1
    assert "To acknowledge (1)" not in tab(home)


def test_where_there_is_no_home_tab_a_saved_form_is_saved_all_the_same(home):
    home.slack.errors["views.publish"] = "not_enabled"
    press(home, "handoff.return")
    home.submit({"why": {"type": "plain_text_input", "value": "It does not start"}}, user="U3")
    assert home.desk.ledger.get(("handoff:a1",))["handoff:a1"].state == "returned"
    assert "give your admin" not in shown(home.form["blocks"])


def test_however_much_there_is_it_is_one_view_that_slack_takes(home):
    for number in range(MOST + 8):
        handed(home.desk, handoff=f"handoff:b{number}", now=EARLIER)
        handed(home.desk, "engineering", by="cho", from_function="qa", handoff=f"handoff:c{number}", now=EARLIER)
    open_tab(home)
    assert len(blocks(home)) <= 100
    assert tab(home).count("and 9 more") == 1
    assert all(len(text) <= 3_000 for block in blocks(home) for text in texts(block))


def test_looking_at_it_is_no_look_at_the_list(home):
    open_tab(home)
    home.ask("/handoffs", "mine", user_id="U3")
    assert "Since" not in home.read
