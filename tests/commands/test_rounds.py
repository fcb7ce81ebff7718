"""Can a release's readiness be asked of every function in Slack, answered in a form, and made into what holds it up?"""

import json
import threading
from datetime import timedelta
from itertools import count

import pytest

from assistant.acts import open_round, plan_release
from assistant.handoffs.rounds import next_round, wanted
from commands.rounds import GONE
from commands.working import OLD
from digests.asking import Asking
from digests.delivery import Delivery, Terms
from digests.directory import CouldNotAsk
from digests.slack import SlackPoster, client_for
from storage.naming import external_object
from storage.records import ObjectKind, Readiness
from tests import fakes
from tests.builders import NOON, at
from tests.commands.conftest import shown
from tests.commands.handing_office import GUEST, fields, holds, office_of, reads, standing
from tests.fakes import chosen, typed
from tests.handing import RELEASE, as_viewer, handed

ROUND = next_round(RELEASE, ())


@pytest.fixture
def office(slack, sqlite_ledger):
    with office_of(slack, sqlite_ledger) as here:
        yield here


@pytest.fixture
def asked(office):
    """An office in which Fay asked whether 2.4 is ready, and everybody has it in front of them."""
    begin(office)
    deliver(office)
    return office


def begin(office, words="2.4", user="U6", **more):
    office.ask("/handoffs", f"round {words}", user_id=user, **more)


def deliver(office):
    """Post what is owed."""
    seconds = count(0, 2)
    poster = SlackPoster(client_for("xoxb-1", office.slack.url))
    delivery = Delivery(
        office.desk.ledger.outbox, poster, lambda: NOON + timedelta(seconds=next(seconds)), Terms(pace=None)
    )
    delivery.drain(threading.Event(), patience=6)


def stands(office, place="C1", thread=0):
    """What stands in a channel, or with somebody."""
    return [shown(said["blocks"]) for said in office.slack.messages.get(place, ())][thread]


def press(office, action, user="U2", function="qa", round_=ROUND, **more):
    said = office.slack.messages["C1"][0]
    container = {"type": "message", "channel_id": "C1", "message_ts": said["ts"]}
    return office.press(
        action, {"round": round_, "function": function}, user=user, private=False, container=container, **more
    )


def filled(readiness="not_ready", **more):
    names = ("not_ready", "waits_for", "whom", "by_when", "customers", "risk")
    return {"readiness": chosen(readiness)} | {name: typed(more.get(name, "")) for name in names}


def answer(office, user="U2", function="qa", readiness="not_ready", **more):
    """Open the form by its button, fill it in and submit it; the acknowledgement."""
    press(office, "round.answer", user, function)
    return office.submit(filled(readiness, **more), user=user)


def errors(answered):
    return json.loads(answered.body)["errors"]


def the_round(office, name=ROUND):
    return office.desk.ledger.get((name,))[name]


# Beginning one


def test_a_round_begins_where_it_is_asked_for_and_everybody_is_asked(office):
    begin(office)
    assert office.read == (
        "I ask Engineering, QA, Customer success whether checkout 2.4 is ready. Nobody leads Design: set lead under "
        "[functions.design]; until then anybody of it may answer.\nThe answers are gathered here, in one message."
    )
    deliver(office)
    assert stands(office).startswith("Is checkout 2.4 ready?\nAsked by Fay Lund, today 12:00.")
    assert stands(office, "D2").startswith("Is *checkout 2.4* ready, for QA?\nFay Lund asks each function the same.")
    assert office.slack.messages.keys() == {"C1", "D1", "D2", "D5"}


def test_a_second_one_is_shown_the_first(asked):
    begin(asked, user="U1")
    assert asked.read.startswith(
        "A round about *checkout 2.4* is open already, begun by Fay Lund, today 12:00. This is how it stands.\n"
        "Is checkout 2.4 ready?"
    )
    assert "[Close the round]" in asked.read
    assert len(asked.desk.ledger.standing(ObjectKind.ROUND)) == 1


def test_after_the_first_was_closed_another_one_begins(asked):
    press(asked, "round.close", "U6")
    begin(asked)
    assert len(asked.desk.ledger.standing(ObjectKind.ROUND)) == 2


def test_in_a_direct_message_the_answers_come_to_whoever_asks(office):
    begin(office, "checkout 2.4", channel_id="D6")
    assert office.read.endswith("The answers are gathered in a message to you.")
    assert the_round(office).channel is None


def test_a_channel_that_may_not_see_the_release_does_not_gather_answers(office):
    office.slack.channels["C1"] = {"is_ext_shared": True}
    begin(office)
    assert "Not everybody in this channel may see that release" in office.read
    assert the_round(office).channel is None


def test_a_channel_that_cant_be_seen_is_said_so(office):
    office.slack.errors["conversations.info"] = "channel_not_found"
    begin(office)
    assert "/invite" in office.read
    assert not office.desk.ledger.standing(ObjectKind.ROUND)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "Say which release you ask about: `/handoffs round 2.4`."),
        ("service api", "Say which release you ask about"),
        ("9.9.9", 'I know nothing called "9.9.9"'),
    ],
)
def test_words_that_mean_no_release_are_answered_with_what_to_say(office, words, said):
    begin(office, words)
    assert said in office.read


def test_guests_begin_nothing(office):
    begin(office, user="U7")
    assert "members of this workspace" in office.read
    assert office.slack.users["U7"] is GUEST


# Answering


def test_the_form_says_who_reads_the_answer(asked):
    press(asked, "round.answer")
    assert reads(asked) == "*QA*, for *checkout 2.4*. Everybody in <#C1> reads your answer."
    assert list(fields(asked)) == ["readiness", "not_ready", "waits_for", "whom", "by_when", "customers", "risk"]


def test_the_form_says_so_where_the_answers_are_gathered_with_a_person_instead(asked):
    asked.slack.channels["C1"] = {"is_ext_shared": True}
    asked.working.people._outsiders.clear()
    press(asked, "round.answer")
    assert reads(asked).endswith("Fay Lund reads your answer, and so may whoever may see the release.")


def test_the_form_says_so_where_nobody_gathers_the_answers_or_nobody_can_tell(asked, monkeypatch):
    def unasked(*_):
        raise CouldNotAsk

    monkeypatch.setattr(Asking, "gathering", lambda *_: None)
    press(asked, "round.answer")
    assert "At the moment I reach nobody who gathers the answers." in reads(asked)
    monkeypatch.setattr(Asking, "gathering", unasked)
    press(asked, "round.answer")
    assert "I could not ask Slack just now who reads the channel" in reads(asked)


def test_an_answer_is_kept_and_stands_in_the_channel_at_once(asked):
    answer(asked, waits_for="sandbox keys", whom="Engineering", by_when="friday 15:00", customers="Refunds take a day")
    assert reads(asked) == "QA: not ready. You can change this until the round is closed."
    (one,) = the_round(asked).answers
    assert (one.by, one.readiness, one.waits_for, one.whom, one.by_when, one.via) == (
        "person/bo", Readiness.NOT_READY, "sandbox keys", "Engineering", at("2026-11-20T15:00"), "slack",
    )  # fmt: skip
    assert (
        "*QA*: not ready (Bo Cole, today 12:00)\nWaits for: sandbox keys, from Engineering, by Fri 20 Nov 15:00\n"
        "Customers must be told: Refunds take a day\n[Make it a blocker] [Make it a handoff]"
    ) in stands(asked)
    assert "[Change the answer…]" in stands(asked, "D2")


def test_an_answer_can_be_changed_from_what_it_was(asked):
    answer(asked, waits_for="sandbox keys", by_when="friday 15:00", user="U3")
    press(asked, "round.answer", "U3")
    assert (holds(asked, "readiness"), holds(asked, "waits_for"), holds(asked, "by_when")) == (
        "not_ready", "sandbox keys", "2026-11-20 15:00",
    )  # fmt: skip
    asked.desk.clock = lambda: NOON + timedelta(minutes=1)
    asked.submit(filled("ready"), user="U3")
    assert "*QA*: ready (Cho Min, today 12:0" in stands(asked)


def test_whoever_would_write_over_what_the_lead_answered_reads_who_may_before_writing_anything(asked):
    answer(asked, waits_for="sandbox keys", user="U2")
    press(asked, "round.answer", "U3")
    assert reads(asked) == (
        "Bo Cole, who leads QA, answered on Wednesday 18 November 2026, 12:00 (UTC): not ready. "
        "Only they change that: tell them what you know."
    )


@pytest.mark.parametrize(
    ("readiness", "more", "field"),
    [
        ("ready_with_risk", {}, "risk"),
        ("not_ready", {}, "not_ready"),
        ("ready", {"not_ready": "Refunds"}, "readiness"),
        ("ready", {"risk": "Refunds are tested by hand"}, "risk"),
        ("not_ready", {"not_ready": "Refunds", "by_when": "one fine day"}, "by_when"),
        ("not_ready", {"not_ready": "Refunds", "by_when": "2020-01-01"}, "by_when"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_field(asked, readiness, more, field):
    assert list(errors(answer(asked, readiness=readiness, **more))) == [field]
    assert the_round(asked).answers == ()


def test_nobody_answers_for_another_function(asked):
    press(asked, "round.answer", "U1")
    assert reads(asked) == "Only Bo Cole or Cho Min may answer for QA. Ask one of them."


def test_a_refusal_after_the_form_was_sent_stands_above_what_was_filled_in(asked):
    press(asked, "round.answer")
    form = asked.form
    press(asked, "round.close", "U6")
    asked.send(fakes.submit(form, filled(not_ready="Refunds fail"), user="U2"))
    assert reads(asked).startswith("Fay Lund closed the round about checkout 2.4 on Wednesday 18 November 2026, 12:00")
    assert holds(asked, "not_ready") == "Refunds fail"


def test_a_refusal_comes_by_message_with_all_that_was_written_where_the_form_was_closed(asked):
    press(asked, "round.answer")
    form = asked.form
    access = asked.desk.policy.access.people
    asked.slack.errors["views.update"] = "not_found"
    access["bo"] = ("acme/secret",)
    asked.send(fakes.submit(form, filled(not_ready="Refunds fail", customers="A day"), user="U2"))
    said = asked.slack.messages["U2"][-1]
    assert shown(said["blocks"]) == (
        "There is no such round that you may see.\nThis is what you wrote:\nIs it ready?\nNot ready\n"
        "What is not ready?\nRefunds fail\nWhat must customers be told?\nA day\n[Open it as you filled it in]"
    )
    del access["bo"], asked.slack.errors["views.update"]
    button = said["blocks"][-1]["elements"][0]
    asked.press(button["action_id"], button["value"], user="U2")
    assert [holds(asked, name) for name in ("readiness", "not_ready", "customers", "risk")] == [
        "not_ready", "Refunds fail", "A day", "",
    ]  # fmt: skip
    asked.submit_as_shown({}, user="U2")
    assert the_round(asked).answers[0].customers == "A day"


def test_what_was_written_about_a_round_that_is_hidden_by_then_is_not_lost(asked):
    press(asked, "round.answer")
    asked.desk.policy.access.people["bo"] = ("acme/secret",)
    asked.submit(filled(not_ready="Refunds fail"), user="U2")
    assert reads(asked).startswith("There is no such round that you may see.\nThis is what you wrote:")
    assert "Refunds fail" in reads(asked)


def test_a_form_is_not_opened_anew_once_the_round_is_closed(asked):
    press(asked, "round.close", "U6")
    asked.press("round.save.reopen", {"note": {"round": ROUND, "function": "qa"}, "said": {}}, user="U2")
    assert "closed the round about checkout 2.4" in reads(asked)


def test_a_button_of_an_old_message_acts_on_the_round_as_it_is(asked):
    press(asked, "round.close", "U6")
    press(asked, "round.answer")
    assert "closed the round about checkout 2.4" in reads(asked)


def test_a_round_that_is_not_to_be_seen_reads_as_none(asked):
    press(asked, "round.answer", round_="round:other")
    assert reads(asked) == "There is no such round that you may see."


def test_hostile_words_are_only_words(asked):
    answer(asked, readiness="ready_with_risk", risk="<!channel> <http://evil|Sign in>")
    assert "&lt;!channel&gt; &lt;http://evil|Sign in&gt;" in stands(asked)


def test_while_slack_takes_no_updates_an_answer_is_kept(asked):
    asked.slack.errors["chat.update"] = fakes.Status(503)
    answer(asked, readiness="ready")
    assert the_round(asked).answers
    assert reads(asked).startswith("QA: ready.")


# What is made of answers


def test_a_blocker_is_made_at_the_press_of_a_button(asked):
    answer(asked, waits_for="sandbox keys", whom="engineering", by_when="friday 15:00")
    press(asked, "round.block", "U6")
    assert asked.read == "checkout 2.4 waits for sandbox keys."
    name = external_object(RELEASE, "sandbox keys")
    wait = asked.desk.ledger.get((name,))[name]
    assert (wait.owner, wait.ends_at, wait.release) == ("person/anna", at("2026-11-20T15:00"), RELEASE)
    assert "A blocker was made of it.\n*Design*" in stands(asked)
    assert "[Make it" not in stands(asked)
    press(asked, "round.block", "U1")
    assert asked.read == "It is a blocker already: `/blocking checkout 2.4` shows it."


def test_a_blocker_is_owned_by_the_person_who_is_waited_for(asked):
    answer(asked, waits_for="the price list", whom="Dee Marsh")
    press(asked, "round.block", "U6")
    name = external_object(RELEASE, wanted(the_round(asked).answers[0]))
    assert asked.desk.ledger.get((name,))[name].owner == "person/dee"


def test_a_blocker_of_words_that_mean_nobody_here_is_owned_by_whoever_made_it(asked):
    answer(asked, waits_for="the price list", whom="the vendor")
    press(asked, "round.block", "U6")
    name = external_object(RELEASE, "the price list")
    assert asked.desk.ledger.get((name,))[name].owner == "person/fay"


def test_a_handoff_is_filled_in_from_an_answer(asked):
    answer(asked, waits_for="sandbox keys", whom="Engineering", by_when="friday 15:00")
    press(asked, "round.handoff")
    assert (holds(asked, "from"), holds(asked, "to"), holds(asked, "needed")) == ("qa", "engineering", "sandbox keys")
    assert (holds(asked, "about"), holds(asked, "due")) == ("release checkout 2.4", "2026-11-20 15:00")
    asked.submit_as_shown({}, user="U2")
    (one,) = standing(asked)
    assert (one.round, one.from_function, one.to_function, one.about) == (ROUND, "qa", "engineering", RELEASE)


@pytest.mark.parametrize(("whom", "said"), [("marketing <!here>", True), ("", False)])
def test_to_whom_it_goes_is_chosen_where_an_answer_says_nobody_who_is_known(asked, whom, said):
    answer(asked, waits_for="sandbox keys", whom=whom)
    press(asked, "round.handoff")
    assert holds(asked, "from") == "qa"
    assert not holds(asked, "to")
    assert "Choose to which function it goes." in reads(asked)
    assert ("“marketing &lt;!here&gt;” is no function, and nobody I know. Choose to" in reads(asked)) is said
    asked.submit_as_shown({"to": {"selected_option": {"value": "design"}}}, user="U2")
    assert [one.to_function for one in standing(asked)] == ["design"]


def test_a_handoff_that_was_made_stands_in_place_of_its_button(asked):
    answer(asked, waits_for="sandbox keys")
    handed(asked.desk, "engineering", by="bo", now=NOON, from_function="qa", round=ROUND)
    answer(asked, "U1", "engineering", "ready")
    assert "Handed to Engineering.\n*Design*" in stands(asked)
    assert "[Make it" not in stands(asked)


def test_both_what_is_not_ready_and_what_is_waited_for_are_handed_on_and_become_a_blocker(asked):
    answer(asked, not_ready="Refunds fail " * 12, waits_for="sandbox keys")
    press(asked, "round.handoff")
    assert holds(asked, "needed") == "sandbox keys; not ready: " + ("Refunds fail " * 12).strip()
    press(asked, "round.block", "U6")
    name = external_object(RELEASE, wanted(the_round(asked).answers[0]))
    wait = asked.desk.ledger.get((name,))[name]
    assert wait.title.startswith("sandbox keys; not ready: Refunds fail")
    assert "A blocker was made of it." in stands(asked)


def test_to_a_person_it_goes_in_person(asked):
    answer(asked, waits_for="the price list", whom="Eve Odell")
    press(asked, "round.handoff")
    assert (holds(asked, "to"), holds(asked, "receiver")) == ("customer_success", "U5")


def test_of_an_answer_that_names_nothing_now_nothing_is_made(asked):
    answer(asked, waits_for="sandbox keys")
    answer(asked, readiness="ready")
    press(asked, "round.block", "U6")
    assert "names nothing any more" in asked.read
    press(asked, "round.handoff", "U6")
    assert "names nothing any more" in reads(asked)


# Closing it


def test_closing_tells_the_channel_how_ready_each_function_is(asked):
    answer(asked, readiness="ready_with_risk", risk="Refunds are tested by hand")
    press(asked, "round.close", "U6")
    assert asked.read == "The round about checkout 2.4 is closed."
    assert stands(asked).startswith("How ready checkout 2.4 is\nAsked by Fay Lund, today 12:00. Closed by Fay Lund")
    deliver(asked)
    assert stands(asked, thread=1) == (
        "Fay Lund closed the round about *checkout 2.4*. How ready it is:\n"
        "*Engineering*: not answered\n"
        "*QA*: ready, with a risk that Bo Cole accepts: Refunds are tested by hand\n"
        "*Design*: not answered\n*Customer success*: not answered"
    )


def test_whoever_may_not_close_it_reads_who_may_and_the_second_reads_who_did(asked):
    press(asked, "round.close", "U2")
    assert asked.read == "Only Fay Lund may close the round about checkout 2.4. Ask them."
    press(asked, "round.close", "U6")
    press(asked, "round.close", "U6")
    assert asked.read.startswith("Fay Lund closed the round about checkout 2.4 on Wednesday 18 November 2026, 12:00")


def test_the_button_asks_before_it_closes(asked):
    blocks = asked.slack.messages["C1"][0]["blocks"]
    (button,) = blocks[-1]["elements"]
    assert button["confirm"]["text"]["text"] == "Whoever has not answered is then shown as not answered."


@pytest.mark.parametrize("action", ["answer", "close", "block", "handoff"])
@pytest.mark.parametrize("value", ["x", "null", "[1]", '{"round": 1}', '{"round": "round:\\ud800", "function": ["a"]}'])
def test_a_button_that_says_nothing_known_is_answered_calmly(asked, action, value):
    asked.press(f"round.{action}", value, user="U2")
    told = reads(asked) if action in {"answer", "handoff"} else asked.read
    assert told in {OLD, GONE}


@pytest.mark.parametrize("action", ["answer", "close", "block", "handoff"])
def test_a_round_that_is_hidden_is_as_unknown_as_none(asked, action):
    release = "release:vault@1"
    asked.desk.act("plan_release", plan_release.Wish("vault", "1"), as_viewer("fay"), NOON)
    hidden = next_round(release, ())
    asked.desk.act("open_round", open_round.Wish(hidden, release), as_viewer("fay"), NOON)
    for one in (hidden, "round:none"):
        press(asked, f"round.{action}", user="U3", round_=one)
        assert (reads(asked) if action in {"answer", "handoff"} else asked.read) == GONE
