"""Can somebody hand something off more easily than by writing a message?"""

import json
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from commands import handoff
from commands.handing.form import FROM, RECEIVER, TO, form
from commands.working import OLD
from tests import fakes
from tests.builders import NOON, policy_of
from tests.commands.handing_office import fields, holds, office_of, reads, standing
from tests.fakes import chosen, picked, ticked, typed
from tests.handing import CHANGE, POLICY, RELEASE, as_viewer

CHECKLIST = "What needs testing\nRisky areas\nTest data\nRollback"


@pytest.fixture
def office(slack, sqlite_ledger):
    with office_of(slack, sqlite_ledger) as here:
        yield here


def errors(answer):
    return json.loads(answer.body)["errors"]


def filled(**more):
    return {"needed": typed("Test the quotes"), **more}


def hand_off(office, user="U1", text="", **more):
    """Open the form, fill in what is needed and submit it; the acknowledgement."""
    office.ask("/handoff", text, user_id=user)
    return office.submit_as_shown(filled(**more), user=user)


def one_of(office):
    (one,) = standing(office)
    return one


# The form


def test_it_opens_at_once_and_is_filled_when_all_is_known(office):
    office.ask("/handoff")
    methods = [call.method for call in office.slack.calls if call.method.startswith("views.")]
    assert methods == ["views.open", "views.update"]
    assert office.slack.heard("views.open")[0]["view"]["blocks"][0]["text"]["text"] == "One moment…"


def test_it_opens_at_once_while_the_database_is_slow(office, monkeypatch):
    opened = threading.Event()
    office.slack.answers = lambda method, _said: opened.set() if method == "views.open" else None
    standing_ = office.desk.ledger.standing
    found = []
    monkeypatch.setattr(office.desk.ledger, "standing", lambda kind: (found.append(opened.wait(5)), standing_(kind))[1])
    office.ask("/handoff")
    assert found
    assert all(found)  # the form was open before anything was asked of the database
    assert holds(office, "about") == "release checkout 2.4"


def test_what_a_pair_usually_passes_on_stands_there_already(office):
    office.ask("/handoff")
    assert {name: holds(office, name) for name in fields(office)} == {
        "from": "engineering", "to": "qa", "receiver": "", "about": "release checkout 2.4", "needed": "",
        "due": "2026-11-20 12:00", "gating": ["yes"], "checklist": CHECKLIST, "links": "",
    }  # fmt: skip
    assert "Friday 20 November 2026, 12:00 (UTC): 16 of their working hours" in fields(office)["due"]["hint"]["text"]
    assert reads(office) == "Cho Min, on duty for QA this week, gets it by direct message."


@pytest.mark.parametrize(
    ("user", "functions"),
    [("U2", ("qa", "engineering")), ("U4", ("design", "engineering")), ("U6", ("product", "engineering"))],
)
def test_it_goes_from_the_function_of_whoever_asks(office, user, functions):
    office.ask("/handoff", user_id=user)
    assert (holds(office, "from"), holds(office, "to")) == functions


def test_who_is_of_no_function_hands_off_for_engineering(office):
    office.slack.users["U99"] = {**fakes.MEMBER, "profile": {"real_name": "Somebody"}}
    office.ask("/handoff", user_id="U99")
    assert holds(office, "from") == "engineering"


@pytest.mark.parametrize(
    ("text", "to", "about"),
    [
        ("2.4", "qa", "release checkout 2.4"), ("acme/api#101", "qa", "acme/api#101"), ("service web", "qa", "service web"),
        ("design", "design", "release checkout 2.4"), ("to customer_success", "customer_success", "release checkout 2.4"),
        ("design service web", "design", "service web"),
    ],
)  # fmt: skip
def test_words_behind_the_command_say_what_it_is_about_and_to_whom(office, text, to, about):
    office.ask("/handoff", text)
    assert (holds(office, "to"), holds(office, "about")) == (to, about)


@pytest.mark.parametrize("text", ["2.9", "qa 2.9"])
def test_what_nobody_knows_stays_as_typed_with_what_may_be_meant(office, text):
    office.ask("/handoff", text)
    assert holds(office, "about") == "2.9"
    assert 'I know nothing called "2.9".' in reads(office)


@pytest.mark.parametrize(
    ("text", "name"), [("marketing 2.4", "marketing"), ("to the sales people 2.4", "the sales people")]
)
def test_what_is_no_function_is_said_with_the_functions_there_are(office, text, name):
    office.ask("/handoff", text)
    assert (holds(office, "to"), holds(office, "about")) == ("", "release checkout 2.4")
    assert f"“{name}” is no function. There are: Engineering, Product, QA, Design," in reads(office)


def test_the_release_of_the_channel_that_comes_first_is_what_it_is_about(office):
    from tests.handing import planned

    planned(office.desk, "2.5", target=NOON + timedelta(days=2))
    office.ask("/handoff")
    assert holds(office, "about") == "release checkout 2.5"
    office.ask("/handoff", channel_id="C77")
    assert holds(office, "about") == ""  # two releases, and the channel is of neither


def test_guests_hand_nothing_off(office):
    office.ask("/handoff", user_id="U7")
    assert "members of this workspace" in reads(office)


def test_a_button_of_an_answer_opens_the_form_about_it(office):
    office.ask("/blocking", "2.4")
    office.press("handoff.new", office.button("Hand off…"))
    assert holds(office, "about") == "release checkout 2.4"
    for words in ("service api", "acme/api#101"):
        office.ask("/blocking", words)
        assert office.button("Hand off…") == {"about": words}


def test_a_shared_answer_and_one_about_a_team_have_no_such_button(office):
    office.ask("/blocking", "team core")
    assert "Hand off" not in office.read
    office.ask("/blocking", "2.4")
    office.press("blocking.share", office.button("Share in channel"))
    assert "Hand off" not in json.dumps(office.slack.heard("chat.postMessage"))


def test_others_open_the_form_with_what_they_know(office):
    class Asking:
        viewer = office.working.people.viewer
        now, people = NOON, office.working.people

    from tests.handing import as_viewer

    Asking.viewer = as_viewer("eve")
    view = form(office.desk, Asking(), {
        "from": "customer_success", "to": "design", "receiver": "person/dee", "about": RELEASE, "needed": "Pictures",
        "due": "friday 12:00", "gating": False, "checklist": ["Light", "Dark"], "round": "round:1",
    }, "From the round")  # fmt: skip
    said = fakes.shown_in(view)
    assert said["receiver"]["selected_user"] == "U4"
    assert said["about"]["value"] == "release checkout 2.4"
    assert said["checklist"]["value"] == "Light\nDark"
    assert said["gating"] == {"type": "checkboxes"}
    assert json.loads(view["private_metadata"])["round"] == "round:1"
    assert view["blocks"][0]["text"]["text"] == "From the round"


# Choosing another function or person


def test_what_the_pair_passes_on_follows_the_choice(office):
    office.ask("/handoff")
    office.change(TO, {"to": chosen("customer_success"), "needed": typed("Write the brief")})
    assert "Known limits" in holds(office, "checklist")
    assert holds(office, "due") == "2026-11-19 22:00"  # Eve works in New York
    assert holds(office, "needed") == "Write the brief"
    assert reads(office) == "Eve Odell, who leads Customer success, gets it by direct message."
    office.change(FROM, {"from": chosen("design")})
    assert holds(office, "checklist") == ""


def test_what_somebody_wrote_over_stays(office):
    office.ask("/handoff")
    said = {
        "checklist": typed("Only this"),
        "due": typed("tomorrow"),
        "gating": ticked(),
        "links": typed("https://x.example"),
    }
    office.change(TO, {"to": chosen("design"), **said})
    assert [holds(office, name) for name in ("checklist", "due", "gating", "links")] == [
        "Only this", "tomorrow", "", "https://x.example",
    ]  # fmt: skip
    assert not fields(office)["due"]["hint"]["text"].startswith("tomorrow")


def test_slack_shows_what_follows_and_keeps_what_was_typed(office):
    """Slack shows a new value only in a field of a new name, and keeps what was typed in one of the old name."""
    office.ask("/handoff")
    before = {name: block["block_id"] for name, block in fields(office).items()}
    office.change(TO, {"to": chosen("customer_success"), "due": typed("tomorrow")})
    after = {name: block["block_id"] for name, block in fields(office).items()}
    assert {name for name in before if before[name] != after[name]} == {"checklist", "gating"}
    office.change(TO, {"to": chosen("qa")})
    assert holds(office, "checklist") == CHECKLIST
    assert fields(office)["checklist"]["block_id"] not in {before["checklist"], after["checklist"]}


def test_what_slack_does_not_tell_of_untouched_fields_is_not_lost(office):
    office.ask("/handoff")
    untold = {name: {"type": "plain_text_input", "value": None} for name in ("about", "due", "checklist", "needed")}
    office.change(
        TO, {**untold, "to": chosen("customer_success"), "from": {"type": "static_select", "selected_option": None}}
    )
    assert (holds(office, "from"), holds(office, "about")) == ("engineering", "release checkout 2.4")
    assert "Known limits" in holds(office, "checklist")


def test_a_person_who_is_picked_is_named_and_their_hours_count(office):
    office.ask("/handoff")
    office.change(RECEIVER, {"receiver": picked("U5")})
    assert reads(office) == "Eve Odell gets it by direct message."
    assert holds(office, "due") == "2026-11-19 22:00"


def test_a_guest_who_is_picked_is_said_to_be_one(office):
    office.ask("/handoff")
    office.change(RECEIVER, {"receiver": picked("U7")})
    assert "Gus Hart is a guest here, or their account is deactivated." in reads(office)


def test_who_can_not_be_asked_after_is_said_so(office):
    office.ask("/handoff")
    office.slack.errors["users.info"] = "fatal_error"
    office.change(RECEIVER, {"receiver": picked("U5")})
    assert "could not ask Slack about Eve Odell" in reads(office)


def test_a_function_that_nobody_is_known_for_is_said_with_what_to_do(office):
    office.ask("/handoff")
    office.change(TO, {"to": chosen("sre")})
    assert "Nobody is on duty for SRE, it has no channel and nobody leads it" in reads(office)
    assert "Choose somebody in person." in reads(office)


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ({"is_ext_shared": True}, "People of another company read the channel of Design"),
        (None, "I am not in the channel of Design: type /invite @lastmile there."),
    ],
)
def test_a_channel_where_it_can_not_be_brought_is_said_with_what_to_do(office, channel, said):
    office.slack.channels["C3"] = channel or {}
    office.slack.errors["C3"] = None if channel else "channel_not_found"
    office.ask("/handoff", "design")
    assert said in reads(office)


def test_whoever_is_on_duty_and_gone_is_passed_over(office):
    office.slack.users["U3"] = {**office.slack.users["U3"], "deleted": True}
    office.slack.channels["C2"] = {"is_ext_shared": True}
    office.ask("/handoff")
    assert reads(office) == "Bo Cole, who leads QA, gets it by direct message."


def test_a_function_with_a_channel_alone_gets_it_there(office):
    office.ask("/handoff", "design")
    assert reads(office) == "It goes to the channel of Design."


# Handing it off


def test_it_is_handed_off_as_the_form_says(office):
    hand_off(
        office, receiver=picked("U2"), links=typed("https://a.example/x\n\n https://b.example \nhttps://a.example/x"),
        checklist=typed("One\n  Two  words \n\nOne"), gating=ticked(), due=typed("friday 15:30"),
    )  # fmt: skip
    one = one_of(office)
    assert (one.from_function, one.to_function, one.receiver, one.sender) == (
        "engineering",
        "qa",
        "person/bo",
        "person/anna",
    )
    assert (one.about, one.needed, one.gating) == (RELEASE, "Test the quotes", False)
    assert one.due_at == datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    assert one.checklist == ("One", "Two words")
    assert one.links == ("https://a.example/x", "https://b.example")
    assert one.steps[0].via == "slack"
    assert office.handing.settled == [one.object]
    assert 'Bo Cole gets "Test the quotes", about checkout 2.4, due Friday 20 November 2026, 15:30 (UTC).' in reads(
        office
    )


def test_left_as_it_stands_it_is_as_the_pair_says(office):
    hand_off(office)
    one = one_of(office)
    assert (one.receiver, one.gating, one.due_at) == (None, True, datetime(2026, 11, 20, 12, tzinfo=UTC))
    assert one.checklist == tuple(CHECKLIST.splitlines())
    assert "Cho Min, on duty for QA this week, gets it" in reads(office)


def test_an_empty_due_time_is_the_usual_one(office):
    hand_off(office, due=typed(""))
    assert one_of(office).due_at == datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "about"),
    [("2.4", RELEASE), ("Checkout 2.4", RELEASE), ("acme/api#101", CHANGE), ("#101", CHANGE), ("service api", "service:api"),
     ("https://github.com/acme/api/pull/101", CHANGE)],
)  # fmt: skip
def test_it_is_about_what_the_words_mean(office, words, about):
    hand_off(office, about=typed(words))
    assert one_of(office).about == about


def test_what_nobody_is_known_for_is_handed_off_and_said_to_reach_nobody(office):
    office.ask("/handoff")
    office.change(TO, {"to": chosen("sre")})
    office.submit_as_shown(filled())
    assert one_of(office).to_function == "sre"
    assert "I can bring it to nobody" in reads(office)


@pytest.mark.parametrize(
    ("more", "at", "said"),
    [
        ({"needed": typed("")}, "needed", "Say what is needed."),
        ({"needed": typed("x" * 2_001)}, "needed", "2,000 characters"),
        ({"about": typed("")}, "about", "Name a release"),
        ({"about": typed("2.9")}, "about", 'I know nothing called "2.9"'),
        ({"about": typed("<!channel>")}, "about", "I know nothing called"),
        ({"about": typed("team core")}, "about", "can't be handed off as a whole"),
        ({"about": typed("everything")}, "about", "can't be handed off as a whole"),
        ({"about": typed("acme/secret#9")}, "about", "I know nothing called"),
        ({"due": typed("soonish")}, "due", "is no date I can read"),
        ({"due": typed("2026-01-01")}, "due", "already past"),
        ({"to": chosen("engineering")}, "to", "stay where it is"),
        ({"links": typed("https://ok.example\njavascript:alert(1)")}, "links", "Line 2 is no web address"),
        ({"links": typed("<https://x.example|Sign in>")}, "links", "Line 1"),
        ({"links": typed("https://x.example/" + "y" * 1_000)}, "links", "Line 1"),
        ({"links": typed("\n".join(f"https://x.example/{n}" for n in range(11)))}, "links", "At most 10"),
        ({"checklist": typed("\n".join(map(str, range(21))))}, "checklist", "At most 20"),
        ({"checklist": typed("fine\n" + "x" * 201)}, "checklist", "Line 2 is too long"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_handed_off(office, more, at, said):
    office.desk.policy.access.people["anna"] = ("acme/web", "acme/api")
    told = errors(hand_off(office, **more))
    assert list(told) == [at]
    assert said in told[at]
    assert len(told[at]) <= 150
    assert standing(office) == []


def test_an_error_is_shown_at_the_field_as_it_is_called_now(office):
    office.ask("/handoff")
    office.change(TO, {"to": chosen("customer_success")})
    told = errors(office.submit_as_shown(filled(**{"checklist.1": typed("x" * 201)})))
    assert list(told) == ["checklist.1"]


def test_candidates_are_offered_at_the_field(office):
    from tests.handing import planned

    planned(office.desk, "2.5")
    assert "release checkout 2.5, release checkout 2.4" in errors(hand_off(office, about=typed("checkout")))["about"]


def test_what_is_refused_later_stands_above_the_form_as_it_was_filled_in(office):
    from tests.handing import act

    office.ask("/handoff")
    act(office.desk, "end_release", "fay", NOON, RELEASE, "cancelled", "No time")
    office.submit_as_shown(filled(due=typed("friday 15:30"), receiver=picked("U2"), links=typed("https://x.example")))
    assert "2.4 was cancelled: nothing can be handed over" in reads(office).splitlines()[0]
    assert [holds(office, name) for name in ("needed", "due", "receiver", "links", "about")] == [
        "Test the quotes", "friday 15:30", "U2", "https://x.example", "release checkout 2.4",
    ]  # fmt: skip
    assert standing(office) == []
    office.submit_as_shown({"about.1": typed("acme/api#101")})
    assert one_of(office).about == CHANGE


def test_a_guest_is_handed_nothing_and_the_draft_survives(office):
    hand_off(office, receiver=picked("U7"))
    assert "Gus Hart is a guest here" in reads(office)
    assert holds(office, "needed") == "Test the quotes"
    assert standing(office) == []


def test_who_may_not_see_it_is_handed_nothing(office):
    hand_off(office, about=typed("service safe"), receiver=picked("U4"))
    assert "Dee Marsh may not see what it is about. Choose somebody else, or leave it to QA." in reads(office)
    assert standing(office) == []


def test_the_same_form_hands_off_once(office):
    office.ask("/handoff")
    state = {**fakes.shown_in(office.form), **filled()}
    view = office.form
    for _ in range(2):
        office.send(fakes.submit(view, state))
    one_of(office)
    assert "Anna Berg handed that over already" in reads(office)


def test_a_guest_s_forged_form_hands_nothing_off(office):
    office.ask("/handoff")
    office.submit_as_shown(filled(), user="U7")
    assert "members of this workspace" in reads(office)
    assert standing(office) == []


def test_forged_values_are_refused_in_words(office):
    hand_off(office, to=chosen("<!channel>"))
    assert 'I know no function "&lt;!channel&gt;"' in reads(office)
    assert standing(office) == []


def test_where_the_ledger_takes_too_long_slack_is_answered_and_the_rest_comes_later(office, monkeypatch):
    office.ask("/handoff")
    monkeypatch.setattr(handoff, "in_time", lambda work: inner(work, 0.05))
    meant = office.desk.meant
    monkeypatch.setattr(office.desk, "meant", lambda *asked: (time.sleep(0.3), meant(*asked))[1])
    answer = office.submit_as_shown(filled(about=typed("2.9")))
    assert json.loads(answer.body)["response_action"] == "update"
    assert 'I know nothing called "2.9"' in reads(office)
    assert holds(office, "about") == "2.9"
    office.submit_as_shown({"about.1": typed("2.4")})
    assert one_of(office).about == RELEASE


inner = handoff.in_time


def test_what_breaks_while_there_is_time_is_not_hidden():
    def broken():
        raise RuntimeError

    with pytest.raises(RuntimeError):
        inner(broken)


def test_words_of_people_are_only_words(office):
    hand_off(office, needed=typed("*Look* <!channel> <http://evil|here> & more"))
    assert one_of(office).needed == "*Look* <!channel> <http://evil|here> & more"
    office.ask("/handoff", "<!channel>")
    assert "<!channel>" not in reads(office)


def test_a_company_s_own_functions_and_pairs_are_offered(slack, sqlite_ledger):
    more = """
[functions.legal]
name = "Legal & tax"
lead = "fay"
[[handoffs.pairs]]
from = "engineering"
to = "legal"
checklist = ["Licences"]
due_hours = 8
gating = false
"""
    assert policy_of(POLICY + more)
    with office_of(slack, sqlite_ledger, more) as office:
        office.ask("/handoff", "legal 2.4")
        assert (holds(office, "to"), holds(office, "checklist"), holds(office, "gating")) == ("legal", "Licences", "")
        assert holds(office, "due") == "2026-11-19 12:00"
        options = fields(office)["to"]["element"]["options"]
        assert "Legal & tax" in [option["text"]["text"] for option in options]


# What does not fit


def test_links_and_points_that_do_not_fit_are_left_out_whole_and_said(office):
    links = tuple(f"https://a.example/{number}{'q' * 400}" for number in range(10))
    made = form(office.desk, Asking(office), {"links": links, "checklist": ["x" * 200] * 20})
    said = {block["block_id"]: block["element"] for block in made["blocks"] if block["type"] == "input"}
    kept = said["links"]["initial_value"].splitlines()
    assert kept == list(links[:7])
    assert len(said["checklist"]["initial_value"].splitlines()) == 14
    told = [block["text"]["text"] for block in made["blocks"][:2]]
    assert told == [
        "6 lines of the checklist did not fit into the form: what stands there goes without.",
        "3 lines with links did not fit into the form: what stands there goes without.",
    ]


# Buttons that say what nobody wrote


@pytest.mark.parametrize("value", ["x", "null", "[]"])
def test_a_button_that_says_nothing_known_is_answered_calmly(office, value):
    office.press("handoff.new", value, user="U1")
    assert reads(office) == OLD


@pytest.mark.parametrize(
    "value",
    [
        {"about": ["x"], "from": {"a": 1}, "to": 5, "due": 7, "checklist": 3, "links": {"a": 1}, "turns": [1]},
        {"about": "x", "turns": {"a": "b"}, "round": "r" * 1_800}, {"from": "nosuch", "to": "é" * 900},
        {"receiver": "evil/../x"}, {"receiver": "<!channel>"}, {"handoff": "handoff:1", "private": "direct"},
    ],
)  # fmt: skip
def test_of_a_button_only_words_of_known_fields_are_taken(office, value):
    office.press("handoff.new", value, user="U1")
    assert office.form["callback_id"] == "handoff.save"
    assert (holds(office, "from"), holds(office, "receiver")) == ("engineering", "")
    assert not {"round", "private"} & set(json.loads(office.form["private_metadata"]))


@pytest.mark.parametrize("round_", ["round:none", "handoff:1"])
def test_a_round_that_nobody_knows_of_is_refused(office, round_):
    office.press("handoff.new", {"about": "checkout 2.4", "needed": "x", "round": round_}, user="U1")
    office.submit_as_shown({}, user="U1")
    assert "no such round that you may see" in reads(office)
    assert standing(office) == []


class Asking:
    """Whoever is shown the form."""

    def __init__(self, office):
        self.viewer, self.now, self.people = as_viewer("anna"), NOON, office.working.people
