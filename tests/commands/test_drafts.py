"""Is what somebody wrote safe where their form is gone from the screen before it is refused?"""

import json

import pytest

from assistant.blocks import BUTTON_VALUE, MOST_BLOCKS, MOST_IN_ALL, weight
from commands import drafts, forms
from tests import fakes
from tests.builders import NOON
from tests.commands.conftest import shown
from tests.commands.handing_office import fields, holds, office_of, reads, standing
from tests.fakes import chosen, picked, ticked, typed
from tests.handing import CHANGE, RELEASE, act, handed

CHO, BO, DEE = "U3", "U2", "U4"


@pytest.fixture
def office(slack, sqlite_ledger):
    with office_of(slack, sqlite_ledger) as here:
        yield here


def closed(office, view, values, user="U1"):
    """Submit a form that is closed while it is saved: what comes by direct message."""
    office.slack.errors["views.update"] = "not_found"
    office.send(fakes.submit(view, {**fakes.shown_in(view), **values}, user=user))
    del office.slack.errors["views.update"]
    return office.slack.messages.get(user, [])


def button(said):
    return next(one for block in said["blocks"] if block["type"] == "actions" for one in block["elements"])


def refused(office, **values):
    """Hand off something about a release that is cancelled meanwhile, in a form that is closed: what comes of it."""
    office.ask("/handoff")
    act(office.desk, "end_release", "fay", NOON, RELEASE, "cancelled", "No time")
    return closed(office, office.form, values)


def test_the_refusal_and_all_that_was_written_come_by_message(office):
    (said,) = refused(office, needed=typed("Test <b> & *pay*"), receiver=picked(BO), gating=ticked())
    read = shown(said["blocks"])
    assert "2.4 was cancelled: nothing can be handed over" in read.splitlines()[0]
    assert "What is needed?\nTest <b> & *pay*\n" in read  # plain words, as they were typed
    assert f"To somebody in person\n<@{BO}>" in read
    assert "\nTo\nQA\n" in read
    assert "Checklist, a line each\nWhat needs testing\nRisky areas\nTest data\nRollback\n" in read
    assert "Does it block?" not in read  # nothing was ticked
    assert read.endswith("[Open it as you filled it in]")
    assert "was cancelled" in said["text"]
    assert standing(office) == []


def test_its_button_opens_the_form_as_it_was_filled_in(office):
    values = {"due": typed("friday 15:30"), "gating": ticked(), "links": typed("https://x.example\nhttps://y.example")}
    (said,) = refused(office, needed=typed("Wörter «testen»"), receiver=picked(BO), **values)
    pressed = button(said)
    office.press(pressed["action_id"], pressed["value"])
    names = ("from", "to", "receiver", "needed", "due", "gating", "links", "about")
    assert [holds(office, name) for name in names] == [
        "engineering", "qa", BO, "Wörter «testen»", "friday 15:30", "", "https://x.example\nhttps://y.example",
        "release checkout 2.4",
    ]  # fmt: skip
    office.submit_as_shown({"about": typed("acme/api#101")})
    (one,) = standing(office)
    assert (one.about, one.receiver, one.gating) == (CHANGE, "person/bo", False)


def test_what_a_button_cant_carry_is_there_to_be_copied(office):
    (said,) = refused(office, needed=typed("x" * 2_000))
    read = shown(said["blocks"])
    assert "x" * 2_000 in read
    assert "[" not in read


def test_the_longest_form_comes_whole_in_as_many_messages_as_it_takes(office):
    checklist, links = ("é\n" * 1_500)[:3_000], "https://x.example/" + "&" * 2_900
    view = {**office_form(office), "private_metadata": "{}"}
    state = {name: {"value": one} for name, one in fakes.shown_in(view).items()}
    state |= {
        "needed": {"value": typed("<" * 2_000)}, "checklist": {"value": typed(checklist)},
        "links": {"value": typed(links)}, "about": {"value": typed("y" * 200)},
    }  # fmt: skip
    messages = drafts.kept({**view, "state": {"values": state}}, "No.")
    assert all(weight(one.blocks) <= MOST_IN_ALL and len(one.blocks) <= MOST_BLOCKS for one in messages)
    whole = "\n".join(shown(one.blocks) for one in messages)
    assert all(part in whole for part in ("<" * 2_000, checklist.strip(), links, "y" * 200))
    assert len(messages) > 1
    assert drafts.REST in shown(messages[1].blocks)


def office_form(office):
    office.ask("/handoff")
    return office.form


def test_what_a_field_holds_is_carried_to_the_last_character():
    """A draft of just as many characters as a button takes is carried; one more is not."""
    block = forms.field("why", "Why?", forms.paragraph(longest=3_000))
    room = BUTTON_VALUE - len('{"note":{},"said":{"why":""}}')

    def carried(text):
        view = {**forms.modal("Why", "why.save", [block], {}), "state": {"values": {"why": {"value": typed(text)}}}}
        (one,) = drafts.kept(view, "No.")
        return [block for block in one.blocks if block["type"] == "actions"]

    assert carried("ü" * room)
    assert not carried("ü" * (room + 1))


def test_what_is_refused_with_nothing_written_is_only_said():
    view = forms.modal("Sure?", "sure.save", [forms.field("why", "Why?", forms.paragraph())], {})
    (one,) = drafts.kept(view, "No <b>.")
    assert shown(one.blocks) == one.text == "No &lt;b&gt;."


# The forms behind the buttons of a handoff


@pytest.fixture
def passed(office):
    office.one = handed(office.desk)
    return office


def signing(office):
    office.press("handoff.done", {"handoff": office.one}, user=CHO)
    return office.form


SIGNED = {
    "ticked": ticked("0", "2"), "looked_at": typed("build 812"), "risk": typed("Refunds"), "then": chosen("design"),
    "then_needed": typed("Pictures"),
}  # fmt: skip


def test_a_signature_that_is_refused_comes_back_and_opens_as_it_was(passed):
    view = signing(passed)
    passed.desk.policy.access.people["cho"] = ("acme/secret",)
    (said,) = closed(passed, view, SIGNED, CHO)
    assert "What holds?\nWhat needs testing\nTest data\n" in shown(said["blocks"])
    passed.desk.policy.access.people["cho"] = ("acme/web", "acme/api")
    pressed = button(said)
    passed.press(pressed["action_id"], pressed["value"], user=CHO)
    assert holds(passed, "ticked") == ["0", "2"]
    assert [holds(passed, name) for name in ("looked_at", "risk", "then", "then_needed")] == [
        "build 812", "Refunds", "design", "Pictures",
    ]  # fmt: skip
    passed.submit_as_shown({}, user=CHO)
    assert [one.state for one in standing(passed)] == ["done_with_risk", "open"]


def test_where_somebody_was_first_what_was_written_comes_back_and_the_form_says_who(passed):
    view = signing(passed)
    act(passed.desk, "withdraw_handoff", "anna", NOON, passed.one, "Not needed")
    (said,) = closed(passed, view, SIGNED, CHO)
    assert shown(said["blocks"]).startswith("Anna Berg withdrew it at 12:00.\nThis is what you wrote:\n")
    pressed = button(said)
    passed.press(pressed["action_id"], pressed["value"], user=CHO)
    assert reads(passed) == "Anna Berg withdrew it at 12:00."


def test_what_was_written_about_one_that_is_hidden_by_then_stands_where_the_form_was(passed):
    signing(passed)
    passed.desk.policy.access.people["cho"] = ("acme/secret",)
    passed.submit_as_shown(SIGNED, user=CHO)
    assert "This is what you wrote:" in reads(passed)
    assert "build 812" in reads(passed)


@pytest.mark.parametrize("value", ["nonsense", "[]", "{}", '{"said": [], "note": {}}', '{"said": {}, "note": 7}'])
@pytest.mark.parametrize("form", ["handoff.save", "handoff.done.save", "round.save"])
def test_a_button_that_carries_no_draft_is_answered_calmly(office, form, value):
    office.press(f"{form}.reopen", value)
    assert "This button says nothing that I know." in reads(office)


@pytest.mark.parametrize("form", ["handoff.done.save", "round.save"])
def test_a_button_opens_nothing_that_one_may_not_see(passed, form):
    hidden = handed(passed.desk, about="service:safe", by="fay", from_function="product")
    note = {"handoff": hidden, "round": "round:none", "function": "qa"}
    passed.press(f"{form}.reopen", json.dumps({"note": note, "said": {"looked_at": ["x"], "why": 7}}), user=CHO)
    assert "such" in reads(passed)
    assert not fields(passed)
