"""A handoff reads as what it is to each of its readers, and Slack takes it whatever people wrote into it."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.handoffs.standing import Later, Stand
from assistant.mentioning import Naming
from assistant.people import people_of
from assistant.showing import handing
from assistant.showing.handoff import message, step_said
from assistant.telling import Reader
from assistant.words import zone_of
from storage.records import HandoffState, Mark, Step
from tests.assistant.showing.test_sheet import check
from tests.builders import NOON
from tests.digests.passing import words
from tests.handing import MORNING, company, done_of, handoff_of

POLICY = company()
TEXTS = [
    "<!channel>",
    "<@U1> & <http://evil|Sign in>",
    "`*_~",
    "\u202eabc\ud800",
    "שלום",
    " ",
    "|",
    "\n\n*x*",
    "x" * 5_000,
]
READER = Reader(zone_of("UTC"), NOON)
BERLIN = Reader(zone_of("Europe/Berlin"), NOON)
NAMING = Naming(people_of(POLICY), NOON)
HOUR = timedelta(hours=1)


def stand_of(handoff=None, state=None, **more):
    handoff = handoff or handoff_of()
    movers = (NAMING.people.owner("person/cho"),)
    filled = {"since": MORNING, "movers": movers, "about": "checkout 2.4", "url": None}
    return Stand(handoff, state or handoff.state, **(filled | more))


def stepped(kind, said="", by="person/cho", handoff=None, **more):
    handoff = handoff or handoff_of()
    step = Step(f"handoff.{kind}", by, MORNING + HOUR, more.pop("via", "slack"), said)
    return replace(handoff, steps=(*handoff.steps, step), **more)


def shown(stand, for_whom="receiver", reader=READER, **more):
    made = message(stand, more.pop("chain", (stand,)), reader, NAMING, for_whom=for_whom, **more)
    check(made)
    return words({"blocks": made.blocks})


def buttons(stand, for_whom="receiver"):
    made = message(stand, (), READER, NAMING, for_whom=for_whom)
    return [one["action_id"] for block in made.blocks if block["type"] == "actions" for one in block["elements"]]


# What it says


def test_of_what_came_back_after_it_was_due_the_deadline_of_this_turn_is_shown():
    stale = done_of(due_at=MORNING + 2 * HOUR)
    stand = stand_of(stale, HandoffState.STALE, since=NOON, deadline=NOON + 4 * HOUR)
    assert "Due *Wed 18 Nov 16:00*." in shown(stand)[2]


def test_it_says_all_that_is_needed_to_act():
    handoff = handoff_of(gating=False, receiver="person/cho", links=("https://acme.example/a", "no address"))
    stand = stand_of(handoff, about="acme/api#7", title="Pay by card", url="https://github.example/7")
    assert shown(stand)[:9] == [
        "*Engineering → QA*: <https://github.example/7|acme/api#7> Pay by card",
        "Anna Berg asks Cho Min: Test the payments",
        "Due *Fri 20 Nov 09:00*. It holds nothing up.",
        "Checklist:",
        "• What needs testing",
        "• Risky areas",
        "<https://acme.example/a|acme.example/a> · no address",
        "*Waiting for Cho Min* since Wed 18 Nov 09:00",
        "[Acknowledge]",
    ]


def test_times_are_those_of_the_reader_and_never_today():
    assert "Due *Fri 20 Nov 10:00*." in shown(stand_of(), reader=BERLIN)[2]
    assert "today" not in " ".join(shown(stand_of(handoff_of(due_at=NOON + HOUR))))


def test_what_is_overdue_says_so_and_what_has_no_due_time_too():
    assert "Was due *Wed 18 Nov 11:00*, overdue." in shown(stand_of(handoff_of(due_at=NOON - HOUR)))[2]
    assert shown(stand_of(handoff_of(due_at=None)))[2].startswith("No due time.")


def test_a_snooze_that_lasts_is_told():
    snoozed = (Mark("person/cho", MORNING, NOON + HOUR),)
    assert shown(stand_of(handoff_of(snoozed=snoozed)))[2].endswith("No reminders until Wed 18 Nov 13:00.")


@pytest.mark.parametrize(
    ("stand", "said"),
    [
        (stand_of(stepped("acknowledged", state=HandoffState.ACKNOWLEDGED)), "*Acknowledged* by Cho Min, Wed 18 Nov 10:00"),
        (
            stand_of(stepped("acknowledged", state=HandoffState.ACKNOWLEDGED, via="jira")),
            "*Acknowledged* by Cho Min, Wed 18 Nov 10:00 (by Jira)",
        ),
        (
            stand_of(stepped("withdrawn", by="person/anna", state=HandoffState.WITHDRAWN)),
            "*Withdrawn* by Anna Berg, Wed 18 Nov 10:00. There is nothing more to do.",
        ),
        (stand_of(done_of(), movers=()), "*Done* by Cho Min, Wed 18 Nov 11:00. Looked at: build 812"),
        (stand_of(done_of(risk="No load test"), movers=()), "*Done, with a risk* that Cho Min accepts, Wed 18 Nov 11:00: No load test"),
        (
            stand_of(done_of(), HandoffState.STALE, since=NOON, later=(Later("change:a/b#1", "a/b#1", NOON),)),
            "*To be looked at again* by Cho Min: 1 change came after build 812, which Cho Min looked at, Wed 18 Nov 12:00",
        ),
    ],
)  # fmt: skip
def test_the_state_is_told_with_who_and_when(stand, said):
    assert said in shown(stand)


def test_what_came_later_is_named_up_to_five_and_the_others_are_counted():
    later = tuple(Later(f"change:a/b#{n}", f"a/b#{n}", NOON) for n in range(7))
    assert "Came since: a/b#0, a/b#1, a/b#2, a/b#3, a/b#4 and 2 more" in shown(
        stand_of(done_of(), HandoffState.STALE, later=later)
    )


def test_who_is_known_to_slack_alone_is_named_by_slack():
    assert "<@U99> asks: Test the payments" in shown(stand_of(handoff_of(sender="slack/U99")))


def test_a_chain_is_one_line_and_stands_alone_without_others():
    first = stand_of(done_of("handoff:1"), movers=())
    second = stand_of(handoff_of("handoff:2", from_function="qa", to_function="customer_success", previous="handoff:1"))
    third = stand_of(handoff_of("handoff:3", from_function="engineering", to_function="sre", previous="handoff:1"))
    assert "Engineering → *QA* (done) → Customer success (open)" in shown(first, chain=(first, second))
    assert "Engineering → QA (done) → *Customer success* (open); Engineering → SRE (open)" in shown(
        second, chain=(first, second, third)
    )
    assert not any("(done)" in line for line in shown(first))


def test_a_long_chain_shows_its_end():
    chain = [stand_of(handoff_of(f"handoff:{n}")) for n in range(30)]
    assert sum(line.count("(open)") for line in shown(chain[-1], chain=chain)) == 10


def test_a_notification_says_who_wants_what():
    made = message(stand_of(), (), READER, NAMING, for_whom="receiver")
    assert made.text.splitlines()[0] == "Anna Berg hands you: Test the payments (checkout 2.4, due Fri 20 Nov 09:00)"
    made = message(stand_of(), (), READER, NAMING, for_whom="receiver", personal=False)
    assert made.text.startswith("Anna Berg hands QA:")
    made = message(stand_of(), (), READER, NAMING, for_whom="sender")
    assert made.text.startswith("Engineering to QA, checkout 2.4: open")
    assert message(stand_of(), (), READER, NAMING, for_whom="sender", text="Look").text.startswith("Look\n")


# What may be pressed


def test_the_receiver_has_the_moves_of_the_state_and_nobody_has_any_once_it_is_over():
    open_, taken = stand_of(), stand_of(handoff_of(state=HandoffState.ACKNOWLEDGED))
    stale = stand_of(done_of(), HandoffState.STALE)
    assert buttons(open_) == [handing.ACKNOWLEDGE, handing.DONE, handing.RETURN, handing.MORE]
    assert buttons(taken) == [handing.DONE, handing.RETURN, handing.MORE]
    assert buttons(stale) == [handing.ACKNOWLEDGE, handing.DONE, handing.RETURN, handing.MORE]
    over = stand_of(handoff_of(state=HandoffState.WITHDRAWN))
    assert buttons(over) == buttons(over, "sender") == buttons(stand_of(done_of()), "past") == []
    assert buttons(open_, "past") == []


def test_what_is_done_has_a_menu_to_take_it_back():
    chosen = {"receiver": [handing.TAKE_BACK, handing.RETURN], "sender": [handing.RESEND]}
    for for_whom, actions in chosen.items():
        made = message(stand_of(done_of()), (), READER, NAMING, for_whom=for_whom)
        (menu,) = made.blocks[-1]["elements"]
        assert [json.loads(one["value"])["do"] for one in menu["options"]] == actions


@pytest.mark.parametrize(
    ("kind", "state", "line", "says"),
    [
        (
            "acknowledged",
            "acknowledged",
            "Cho Min took it back: it is not done after all.",
            "*Taken back* by Cho Min, ",
        ),
        ("returned", "returned", "Cho Min returned it, which was done: Safari", "*Returned* by Cho Min, "),
        ("resent", "open", "Cho Min asked for it again, due Wed 18 Nov 12:00: Safari", "Cho Min asked for it again, "),
    ],
)
def test_that_it_is_not_done_after_all_is_said(kind, state, line, says):
    step = Step(f"handoff.{kind}", "person/cho", NOON, "slack", said="Safari", until=NOON)
    handoff = done_of(state=HandoffState(state))
    stand = stand_of(replace(handoff, steps=(*handoff.steps, step)))
    assert step_said(stand, step, READER, NAMING) == line
    assert says in message(stand, (), READER, NAMING, for_whom="receiver").text
    stale = replace(step, since=NOON)
    renewed = stand_of(replace(handoff, steps=(*handoff.steps, stale)))
    assert step_said(renewed, stale, READER, NAMING) != line


def test_the_sender_may_change_it_and_sends_what_came_back_again():
    assert buttons(stand_of(), "sender") == [handing.MORE]
    back = stand_of(handoff_of(state=HandoffState.RETURNED, returned_why="No data"))
    assert buttons(back, "sender") == [handing.RESEND, handing.MORE]
    assert buttons(back) == []
    made = message(back, (), READER, NAMING, for_whom="sender")
    menu = made.blocks[-1]["elements"][1]
    assert [json.loads(one["value"])["do"] for one in menu["options"]] == [handing.DUE, handing.WITHDRAW]
    assert json.loads(made.blocks[-1]["elements"][0]["value"]) == {"handoff": "handoff:1"}


def test_where_it_lies_no_more_it_says_where_it_went():
    assert shown(stand_of(), "past")[-1] == (
        "It is no longer yours: it went to Cho Min. There is nothing to do here any more."
    )
    assert shown(stand_of(done_of()), "past")[-1] == "There is nothing to do here any more."


# Steps


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Step("handoff.acknowledged", "person/cho", NOON, "github"), "Cho Min acknowledged it (by GitHub)."),
        (Step("handoff.withdrawn", "person/anna", NOON), "Anna Berg withdrew it"),
        (Step("handoff.reassigned", "person/bo", NOON, said="Mine", to_function="design"), "Bo Cole passed it on to Design: Mine"),
        (Step("handoff.rescheduled", "person/anna", NOON, until=NOON), "Anna Berg moved its due time to Wed 18 Nov 12:00"),
        (Step("handoff.snoozed", "person/cho", NOON, until=NOON), "Cho Min wants no reminders until Wed 18 Nov 12:00."),
        (Step("handoff.done", "person/cho", MORNING, said="build 1: No load test"), "Cho Min is done. Looked at: build 1: No load test"),
        (Step("handoff.opened", "person/anna", NOON), ""),
    ],
)  # fmt: skip
def test_each_step_is_a_line(step, said):
    assert step_said(stand_of(done_of()), step, READER, NAMING) == said


# Whatever people write


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("for_whom", ["receiver", "sender", "past"])
def test_whatever_people_write_stays_words(text, for_whom):
    handoff = stepped(
        "returned", text, handoff=handoff_of(needed=text, checklist=(text,), links=(text,)), state=HandoffState.RETURNED
    )
    stand = stand_of(handoff, title=text, about=text)
    made = message(stand, (stand, stand), READER, NAMING, for_whom=for_whom)
    check(made)
    assert "<!channel>" not in json.dumps(made.blocks)


def test_slack_takes_the_longest_of_everything():
    long = '"\\ü&' * 1_000
    handoff = done_of(
        needed=long, checklist=tuple(f"{n}{long}"[:200] for n in range(20)),
        links=tuple(f"https://acme.example/{n}/" + "x" * 900 for n in range(10)),
        from_function="f" * 300, to_function="t" * 300, risk=long, sender=f"person/{'p' * 300}",
    )  # fmt: skip
    later = tuple(Later(f"change:a/b#{n}", long, NOON, "https://x.example/" + "y" * 900) for n in range(9))
    stand = stand_of(handoff, HandoffState.STALE, title=long, about=long, later=later)
    assert "[Done…]" in shown(stand, chain=[stand] * 30, notes=(long[:500],))


def test_of_many_links_as_many_are_shown_as_there_is_room_for():
    links = tuple(f"https://acme.example/{n}/" + "x" * 900 for n in range(10))
    assert any(line.endswith(" · and 9 more") for line in shown(stand_of(handoff_of(links=links))))
