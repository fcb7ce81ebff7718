"""Can a release's readiness be asked of every function in Slack, answered in a form, and made into what holds it up?"""

import json
import threading
from datetime import timedelta
from itertools import count

import pytest

from assistant.handoffs.rounds import next_round, wanted
from digests.delivery import Delivery, Terms
from digests.slack import SlackPoster, client_for
from storage.naming import external_object
from storage.records import ObjectKind, Readiness
from tests import fakes
from tests.builders import NOON, at
from tests.commands.conftest import shown
from tests.commands.handing_office import GUEST, fields, holds, office_of, reads, standing
from tests.fakes import chosen, typed
from tests.handing import RELEASE, handed

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
    answer(asked, waits_for="sandbox keys", by_when="friday 15:00")
    press(asked, "round.answer", "U3")
    assert (holds(asked, "readiness"), holds(asked, "waits_for"), holds(asked, "by_when")) == (
        "not_ready", "sandbox keys", "2026-11-20 15:00",
    )  # fmt: skip
    asked.submit(filled("ready"), user="U3")
    assert "*QA*: ready (Cho Min, today 12:00)" in stands(asked)


@pytest.mark.parametrize(
    ("readiness", "more", "field"),
    [
        ("ready_with_risk", {}, "risk"),
        ("not_ready", {}, "not_ready"),
        ("ready", {"not_ready": "Refunds"}, "readiness"),
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
    assert "A blocker was made of it.\n[Make it a handoff]" in stands(asked)
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


def test_a_handoff_that_was_made_stands_in_place_of_its_button(asked):
    answer(asked, waits_for="sandbox keys")
    handed(asked.desk, "engineering", by="bo", now=NOON, from_function="qa", round=ROUND)
    answer(asked, "U1", "engineering", "ready")
    assert "Handed to Engineering.\n[Make it a blocker]" in stands(asked)


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
    assert asked.read == "Only Fay Lund may close the round about checkout 2.4. Ask one of them."
    press(asked, "round.close", "U6")
    press(asked, "round.close", "U6")
    assert asked.read.startswith("Fay Lund closed the round about checkout 2.4 on Wednesday 18 November 2026, 12:00")


def test_the_button_asks_before_it_closes(asked):
    blocks = asked.slack.messages["C1"][0]["blocks"]
    (button,) = blocks[-1]["elements"]
    assert button["confirm"]["text"]["text"] == "Whoever has not answered is then shown as not answered."
