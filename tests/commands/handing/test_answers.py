"""Does each button of a handoff do what it says, on where the handoff stands by then?"""

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest

from storage.posts import Owed
from storage.records import HandoffState
from tests import fakes
from tests.builders import NOON
from tests.commands.conftest import shown
from tests.commands.handing_office import fields, holds, office_of, reads, standing
from tests.fakes import chosen, picked, ticked, typed
from tests.handing import CHANGE, RELEASE, acknowledged, done, handed, moved, returned, withdrawn

CHO, BO, ANNA, DEE, EVE, FAY = "U3", "U2", "U1", "U4", "U5", "U6"
FORMS = {
    "handoff.done": CHO,
    "handoff.return": CHO,
    "handoff.reassign": CHO,
    "handoff.due": ANNA,
    "handoff.withdraw": ANNA,
}


@pytest.fixture
def office(slack, sqlite_ledger):
    with office_of(slack, sqlite_ledger) as here:
        here.one = handed(here.desk)
        yield here


def press(office, action, user=CHO, one=None, **more):
    return office.press(f"handoff.{action}", {"handoff": one or office.one}, user=user, **more)


def fill(office, action, user=CHO, one=None, **values):
    """Press a button that opens a form, fill that in and submit it; the acknowledgement."""
    press(office, action, user, one)
    return office.submit_as_shown(values, user=user)


def errors(answer):
    return json.loads(answer.body)["errors"]


def state(office, one=None):
    return record(office, one).state


def record(office, one=None):
    name = one or office.one
    return office.desk.ledger.get((name,))[name]


# At once


def test_it_is_acknowledged(office):
    press(office, "acknowledge")
    assert state(office) is HandoffState.ACKNOWLEDGED
    assert office.read == "You have it."
    assert office.handing.settled == [office.one]
    assert record(office).steps[-1].via == "slack"


def test_the_second_reads_who_was_first_and_when(office):
    press(office, "acknowledge", BO)
    press(office, "acknowledge", CHO)
    assert office.read == "Bo Cole acknowledged it at 12:00."
    assert len(record(office).steps) == 2


def test_of_two_who_press_at_once_one_is_first(office):
    both = threading.Barrier(2)

    def pressing(user):
        both.wait(5)
        office.app.dispatch(
            fakes.signed(fakes.press(office.slack, "handoff.acknowledge", {"handoff": office.one}, user=user))
        )

    threads = [threading.Thread(target=pressing, args=(user,)) for user in (BO, CHO)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert office.working.settle(20)
    first, second = sorted((shown(answer["blocks"]) for answer in office.answers), reverse=True)
    assert first == "You have it."
    assert second in {"Bo Cole acknowledged it at 12:00.", "Cho Min acknowledged it at 12:00."}
    assert [step.kind for step in record(office).steps] == ["handoff.opened", "handoff.acknowledged"]


def test_who_may_not_reads_who_may(office):
    press(office, "acknowledge", DEE)
    assert "Only Bo Cole or Cho Min may acknowledge this." in office.read
    assert state(office) is HandoffState.OPEN


def test_a_guest_presses_in_vain(office):
    press(office, "acknowledge", "U7")
    assert "members of this workspace" in office.read


def test_a_message_that_says_it_by_now_says_enough(office):
    """Whoever pressed reads in the message itself what became of it: nothing is said beside it."""
    outbox = office.desk.ledger.outbox
    outbox.owe([Owed("k", "C2", {"text": "Open", "blocks": []}, NOON, NOON + timedelta(hours=1))], NOON)
    (claimed,) = outbox.claim(NOON, "me", timedelta(minutes=1), 5)
    outbox.posted("k", claimed.who, NOON, "17.1", "C2")
    office.handing.then = lambda: outbox.amend("C2", "17.1", lambda said: {**said, "text": "Acknowledged"}, NOON)
    container = {"type": "message", "channel_id": "C2", "message_ts": "17.1"}
    press(office, "acknowledge", private=False, container=container)
    assert state(office) is HandoffState.ACKNOWLEDGED
    assert office.answers == []
    press(office, "snooze", private=False, container=container)
    assert "You are not reminded of it until" in office.read  # which the message does not say


def test_it_is_snoozed_until_tomorrow_or_next_week(office):
    press(office, "snooze")
    assert "until Thursday 19 November 2026, 09:00" in office.read
    office.press("handoff.snooze", {"handoff": office.one, "until": "next week"}, user=CHO)
    assert "until Monday 23 November 2026, 09:00" in office.read


@pytest.mark.parametrize(
    "value",
    [
        "", "nonsense", "[]", "{}", "null", '{"handoff": 7}', '{"handoff": "release:checkout@2.4"}',
        '{"handoff": null}', '{"handoff": "handoff:\\ud800"}', '{"handoff": "handoff:\\u0000"}', "[" * 1_900,
        '{"handoff": "handoff:' + "a" * 1_900 + '"}',
    ],
)  # fmt: skip
@pytest.mark.parametrize("action", ["acknowledge", "snooze", "done"])
def test_a_button_that_says_nothing_known_is_answered_calmly(office, action, value):
    office.press(f"handoff.{action}", value, user=CHO)
    told = reads(office) if action == "done" else office.read
    assert "This button says nothing that I know." in told
    assert state(office) is HandoffState.OPEN


@pytest.mark.parametrize("action", ["acknowledge", "done", "withdraw"])
def test_one_that_is_hidden_is_as_unknown_as_none(office, action):
    hidden = handed(office.desk, about="service:safe", by="fay", from_function="product")
    for one in (hidden, "handoff:none"):
        press(office, action, CHO, one)
        told = reads(office) if action in {"done", "withdraw"} else office.read
        assert "such" in told
        assert "safe" not in told
    assert state(office, hidden) is HandoffState.OPEN


def test_from_the_form_to_the_message_and_its_button(slack, sqlite_ledger):
    """What is handed off is owed to whoever gets it; their button changes that message, and nothing is said beside."""
    with office_of(slack, sqlite_ledger, speaking=True) as office:
        office.ask("/handoff")
        office.submit_as_shown({"needed": typed("Test the quotes")})
        outbox = office.desk.ledger.outbox
        posts = outbox.claim(NOON, "me", timedelta(minutes=1), 5)
        (post,) = [one for one in posts if one.channel == CHO]
        assert "Test the quotes" in shown(post.message["blocks"])
        outbox.posted(post.key, post.who, NOON, "17.1", "D3")
        container = {"type": "message", "channel_id": "D3", "message_ts": "17.1"}
        slack.messages["D3"] = [{"ts": "17.1"}]
        (one,) = standing(office)
        press(office, "acknowledge", one=one.object, private=False, container=container, channel={"id": "D3"})
        assert state(office, one.object) is HandoffState.ACKNOWLEDGED
        (changed,) = slack.heard("chat.update")
        assert (changed["channel"], changed["ts"]) == ("D3", "17.1")
        assert office.answers == []


@pytest.mark.parametrize("note", ["", "x", "[]", "null", '{"turn": "x"}', '{"handoff": 5, "turn": "a"}'])
def test_a_form_that_says_nothing_known_is_answered_calmly(office, note):
    press(office, "return")
    office.form["private_metadata"] = note
    office.submit_as_shown({"why": typed("No test data")}, user=CHO)
    assert "such handoff that you may see" in reads(office)
    assert state(office) is HandoffState.OPEN


def test_a_form_whose_turn_is_none_begins_with_the_first(office):
    press(office, "return")
    office.form["private_metadata"] = json.dumps({"handoff": office.one, "turn": "x"})
    withdrawn(office.desk, office.one)
    office.submit_as_shown({"why": typed("No test data")}, user=CHO)
    assert "not your fault" not in reads(office)


# The menu


@pytest.mark.parametrize("action", ["acknowledge", "done", "return", "withdraw"])
def test_by_the_menu_too_one_that_is_hidden_is_as_unknown_as_none(office, action):
    hidden = handed(office.desk, about="service:safe", by="fay", from_function="product")
    told = []
    for one in (hidden, "handoff:none"):
        office.choose("handoff.more", {"do": f"handoff.{action}", "handoff": one}, user=CHO)
        told.append(office.read if action == "acknowledge" else reads(office))
    assert told[0] == told[1]
    assert "such handoff that you may see" in told[0]


def test_a_line_of_the_menu_acts_at_once_or_opens_its_form(office):
    office.choose("handoff.more", {"do": "handoff.acknowledge", "handoff": office.one}, user=CHO)
    assert state(office) is HandoffState.ACKNOWLEDGED
    assert office.slack.heard("views.open") == []
    office.choose("handoff.more", {"do": "handoff.due", "handoff": office.one}, user=ANNA)
    assert len(office.slack.heard("views.open")) == 1
    assert holds(office, "due") == "2026-11-19 17:00"


@pytest.mark.parametrize("value", [{"do": "handoff.forget", "handoff": "handoff:1"}, {}, "nonsense", "[1]"])
def test_a_line_that_nobody_knows_is_answered_calmly(office, value):
    office.choose("handoff.more", value, user=CHO)
    assert "This button says nothing that I know." in office.read


# Done


def test_the_form_shows_what_it_is_about_and_its_checklist(office):
    press(office, "done")
    assert reads(office) == "Engineering to QA, checkout 2.4: Test the payments"
    options = fields(office)["ticked"]["element"]["options"]
    assert [option["text"]["text"] for option in options] == [
        "What needs testing",
        "Risky areas",
        "Test data",
        "Rollback",
    ]
    assert "QA" not in [option["text"]["text"] for option in fields(office)["then"]["element"]["options"]]


def test_it_opens_at_once(office):
    press(office, "done")
    assert [call.method for call in office.slack.calls if call.method.startswith("views.")] == [
        "views.open",
        "views.update",
    ]


def test_it_is_done_with_what_was_looked_at_and_what_holds(office):
    fill(office, "done", looked_at=typed("build 812"), ticked=ticked("0", "2"))
    one = record(office)
    assert one.state is HandoffState.DONE
    assert (one.signed.looked_at, one.signed.by) == ("build 812", "person/cho")
    assert one.signed.ticked == ("What needs testing", "Test data")
    assert reads(office).startswith("Done, having looked at build 812.")
    assert "all that lands from now on counts as later" in reads(office)
    assert office.handing.settled == [office.one]


def test_with_a_risk_it_is_done_with_that_risk(office):
    fill(office, "done", looked_at=typed("https://ci.example/812"), risk=typed("Slow <!here> quotes"))
    one = record(office)
    assert (one.state, one.signed.risk) == (HandoffState.DONE_WITH_RISK, "Slow <!here> quotes")
    assert one.signed.url == "https://ci.example/812"
    assert "Slow &lt;!here&gt; quotes" in reads(office)


def test_a_commit_that_is_known_counts_from_when_it_landed(office):
    one = handed(office.desk, about=CHANGE)
    moved(office.desk.ledger, "1f2e3d4c5b", "18T10:00")
    looked = office.desk.looked_at
    office.desk.looked_at = lambda *asked: (
        datetime(2026, 11, 18, 10, tzinfo=UTC) if asked[0] == "1f2e3d4" else looked(*asked)
    )
    fill(office, "done", one=one, looked_at=typed("1f2e3d4"))
    assert record(office, one).signed.as_of == datetime(2026, 11, 18, 10, tzinfo=UTC)
    assert "counts as later" not in reads(office)


def test_it_is_handed_on_in_the_same_breath(office):
    fill(
        office,
        "done",
        looked_at=typed("build 812"),
        then=chosen("customer_success"),
        then_needed=typed("Write the brief"),
    )
    first, second = sorted(standing(office), key=lambda one: one.object != office.one)
    assert first.state is HandoffState.DONE
    assert (second.from_function, second.to_function, second.about) == ("qa", "customer_success", RELEASE)
    assert (second.needed, second.previous, second.sender) == ("Write the brief", office.one, "person/cho")
    assert set(office.handing.settled) == {first.object, second.object}
    assert 'Customer success gets "Write the brief"' in reads(office)


@pytest.mark.parametrize(
    ("values", "at"),
    [
        ({"looked_at": typed("")}, "looked_at"),
        ({"looked_at": typed("x"), "then": chosen("design")}, "then_needed"),
        ({"looked_at": typed("x"), "then_needed": typed("Look")}, "then"),
    ],
)
def test_what_is_missing_is_said_at_its_field(office, values, at):
    assert list(errors(fill(office, "done", **values))) == [at]
    assert state(office) is HandoffState.OPEN


def test_a_long_checklist_fits_into_boxes(office):
    items = tuple(f"{number} " + "word " * 36 for number in range(20))
    one = handed(office.desk, checklist=items)
    press(office, "done", one=one)
    boxes = [fields(office)[name]["element"]["options"] for name in ("ticked", "ticked_more")]
    assert [len(options) for options in boxes] == [10, 10]
    assert all(len(option["text"]["text"]) <= 75 for options in boxes for option in options)
    assert all(len(option["description"]["text"]) <= 75 for options in boxes for option in options)
    assert "20. 19 word" in reads(office)
    office.submit_as_shown(
        {"looked_at": typed("x"), "ticked": ticked("0"), "ticked_more": ticked("19", "77")}, user=CHO
    )
    assert [item[:3] for item in record(office, one).signed.ticked] == ["0 w", "19 "]


def test_what_is_refused_later_stands_above_the_form_as_it_was_filled_in(office):
    press(office, "done")
    withdrawn(office.desk, office.one)
    office.submit_as_shown({"looked_at": typed("build 812"), "risk": typed("Slow"), "ticked": ticked("1")}, user=CHO)
    assert "Anna Berg withdrew it" in reads(office).splitlines()[0]
    assert [holds(office, name) for name in ("looked_at", "risk", "ticked")] == ["build 812", "Slow", ["1"]]
    assert state(office) is HandoffState.WITHDRAWN


def test_a_refused_hand_on_signs_nothing_and_can_be_mended(office):
    press(office, "done")
    office.submit_as_shown({"looked_at": typed("x"), "then": chosen("nobody"), "then_needed": typed("Look")}, user=CHO)
    assert 'I know no function "nobody"' in reads(office)
    assert state(office) is HandoffState.OPEN
    office.submit_as_shown({"then.1": chosen("design")}, user=CHO)
    assert state(office) is HandoffState.DONE


def test_signing_what_went_stale_signs_it_again(office):
    one = handed(office.desk, about=CHANGE)
    done(office.desk, one)
    moved(office.desk.ledger, "c9", "18T11:30")
    fill(office, "done", one=one, looked_at=typed("c9"))
    assert record(office, one).signed.looked_at == "c9"


# The other forms


def test_it_is_returned_with_a_reason(office):
    assert list(errors(fill(office, "return", why=typed("")))) == ["why"]
    fill(office, "return", why=typed("It does not start"))
    assert (state(office), record(office).returned_why) == (HandoffState.RETURNED, "It does not start")
    assert reads(office) == "Returned: It does not start"


def test_what_was_returned_is_sent_again(office):
    returned(office.desk, office.one)
    fill(office, "resend", ANNA, why=typed("It starts"))
    assert state(office) is HandoffState.OPEN
    assert reads(office) == "Sent again, due Friday 20 November 2026, 12:00 (UTC)."


def test_when_it_is_sent_again_its_due_time_may_be_another(office):
    returned(office.desk, office.one)
    press(office, "resend", ANNA)
    assert holds(office, "due") == "2026-11-20 12:00"
    assert list(errors(office.submit_as_shown({"due": typed("yesterday")}, user=ANNA))) == ["due"]
    office.submit_as_shown({"due": typed("2026-11-25 10:00")}, user=ANNA)
    assert record(office).due_at == datetime(2026, 11, 25, 10, tzinfo=UTC)


def test_what_is_done_is_taken_back_from_its_menu(office):
    done(office.desk, acknowledged(office.desk, office.one))
    office.choose("handoff.more", {"do": "handoff.take_back", "handoff": office.one}, user=BO)
    assert state(office) is HandoffState.ACKNOWLEDGED
    assert office.read == "You have it again: it is not done after all."
    office.choose("handoff.more", {"do": "handoff.take_back", "handoff": office.one}, user=CHO)
    assert office.read == "Bo Cole acknowledged it at 12:00."


def test_what_is_done_is_returned_and_asked_for_again_with_a_reason(office):
    done(office.desk, acknowledged(office.desk, office.one))
    press(office, "return", BO)
    assert "It is done: Cho Min signed it, " in shown(office.form["blocks"])
    office.submit_as_shown({"why": typed("Safari")}, user=BO)
    assert state(office) is HandoffState.RETURNED
    one = done(office.desk, handed(office.desk))
    press(office, "resend", ANNA, one)
    assert list(errors(office.submit_as_shown({"why": typed("")}, user=ANNA))) == ["why"]
    office.submit_as_shown({"why": typed("Safari")}, user=ANNA)
    assert state(office, one) is HandoffState.OPEN
    assert reads(office) == "Asked for again, due Friday 20 November 2026, 12:00 (UTC)."


def test_a_form_from_before_it_was_done_takes_nothing_back(office):
    press(office, "return", BO)
    done(office.desk, office.one)
    office.submit_as_shown({"why": typed("Safari")}, user=BO)
    assert state(office) is HandoffState.DONE
    assert "Cho Min said that it is done at 11:00." in reads(office)


def test_it_is_withdrawn(office):
    fill(office, "withdraw", ANNA)
    assert state(office) is HandoffState.WITHDRAWN


def test_it_is_given_to_another_person_or_function(office):
    fill(office, "reassign", BO, receiver=picked(BO))
    assert (record(office).to_function, record(office).receiver) == ("qa", "person/bo")
    fill(office, "reassign", BO, to=chosen("design"), why=typed("It is about looks"))
    assert (record(office).to_function, record(office).receiver) == ("design", None)
    assert reads(office) == "Design has it now."


def test_a_guest_is_given_nothing(office):
    fill(office, "reassign", BO, receiver=picked("U7"), why=typed("Holiday"))
    assert "Gus Hart is a guest here" in reads(office).splitlines()[0]
    assert (holds(office, "receiver"), holds(office, "why")) == ("U7", "Holiday")
    assert record(office).receiver is None


def test_its_due_time_is_moved(office):
    for words, said in (("soonish", "no date"), ("2026-01-01", "already past")):
        assert said in errors(fill(office, "due", ANNA, due=typed(words)))["due"]
    fill(office, "due", ANNA, due=typed("friday 15:00"), why=typed("The fair"))
    assert record(office).due_at == datetime(2026, 11, 20, 15, tzinfo=UTC)


@pytest.mark.parametrize(("action", "user"), FORMS.items())
def test_nobody_fills_in_a_form_in_vain(office, action, user):
    """What may not be done, or not now, is said in place of the form."""
    withdrawn(office.desk, office.one)
    office.press(action, {"handoff": office.one}, user=user)
    assert "withdrew it" in reads(office)
    assert fields(office) == {}


@pytest.mark.parametrize(
    ("action", "user"),
    [("done", DEE), ("return", ANNA), ("withdraw", CHO), ("due", CHO), ("reassign", DEE), ("resend", DEE)],
)
def test_who_may_not_is_told_who_may_in_place_of_the_form(office, action, user):
    press(office, action, user)
    assert "may" in reads(office)
    assert "Only" in reads(office)
    assert fields(office) == {}


def test_what_is_done_opens_no_form_and_says_who_did_it(office):
    acknowledged(office.desk, office.one)
    done(office.desk, office.one)
    press(office, "done", BO)
    assert reads(office) == "Cho Min said that it is done at 11:00."


def test_a_forged_form_changes_nothing(office):
    press(office, "return")
    note = json.loads(office.form["private_metadata"])
    for handoff in ("release:checkout@2.4", "handoff:none", ""):
        forged = {**office.form, "private_metadata": json.dumps({**note, "handoff": handoff})}
        office.send(fakes.submit(forged, {"why": typed("x")}, user=CHO))
        assert "no such handoff" in reads(office)
    office.press("handoff.return", {"handoff": office.one}, user=CHO)
    office.submit_as_shown({"why": typed("x")}, user=DEE)
    assert "Only Bo Cole or Cho Min" in reads(office)
    assert state(office) is HandoffState.OPEN


def test_slack_s_second_delivery_of_a_press_acts_once(office):
    body = fakes.press(office.slack, "handoff.acknowledge", {"handoff": office.one}, user=CHO)
    office.send(body)
    office.send(body)
    assert len(office.answers) == 1


# On the home tab


def home(**more):
    return {
        "view": {"type": "home", "id": "VH"}, "container": {"type": "view", "view_id": "VH"}, "channel": None,
        "response_url": None, "private": False, **more,
    }  # fmt: skip


def test_from_the_home_tab_a_form_opens_as_its_own(office):
    press(office, "done", **home())
    assert len(office.slack.heard("views.open")) == 1
    assert office.slack.heard("views.push") == []
    office.submit_as_shown({"looked_at": typed("x")}, user=CHO)
    assert state(office) is HandoffState.DONE


def test_from_the_home_tab_whoever_pressed_is_told_there(office):
    press(office, "acknowledge", DEE, **home())
    assert "Only Bo Cole or Cho Min may acknowledge this." in json.dumps(
        office.slack.heard("views.publish")[-1]["view"]
    )
