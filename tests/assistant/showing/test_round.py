"""How a round reads, and that it stays within what Slack takes whatever people write."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from assistant.blocks import MOST_BLOCKS, MOST_IN_ALL, MOST_TEXT, Message, weight
from assistant.handoffs.rounds import Place, Standing
from assistant.people import people_of
from assistant.showing.round import Gathered, closing, complete, line, question, reminder, summary
from assistant.telling import Reader
from storage.records import Readiness
from tests.commands.conftest import shown
from tests.handing import MORNING, company
from tests.rounds import answer_of, round_of

LONG = "Wörter <!channel> & mehr *davon* " * 30
MORE = "".join(f'[functions.f{number}]\nlead = "bo"\n' for number in range(60))


def gathered(*places, policy=None, **more):
    reader = Reader(ZoneInfo("UTC"), MORNING + timedelta(hours=1))
    return Gathered(round_of(**more), places, people_of(policy or company()), reader)


def answered(function="qa", **more):
    answer = answer_of(function, **more)
    return Place(function, "person/bo", Standing(answer.readiness.value), answer)


def waiting(function="qa", **more):
    return Place(function, "person/bo", Standing.WAITING, **more)


def fits(message: Message) -> bool:
    return (
        len(message.blocks) <= MOST_BLOCKS and weight(message.blocks) <= MOST_IN_ALL and len(message.text) <= MOST_TEXT
    )


@pytest.mark.parametrize("count", [0, 1, 20, 60])
@pytest.mark.parametrize("closed", [False, True])
def test_a_summary_fits_a_message_whatever_people_wrote(count, closed):
    places = [
        replace(answered(f"f{n}", not_ready=LONG[:500], waits_for=LONG[:500], customers=LONG[:500]), blocker=n % 2 > 0)
        for n in range(count)
    ]
    ended = {"closed_at": MORNING, "closed_by": "person/fay"} if closed else {}
    message = summary(gathered(*places, policy=company(MORE), **ended))
    assert fits(message)
    assert "<!channel>" not in message.text


def test_what_does_not_fit_is_counted():
    message = summary(gathered(*(waiting(f"f{n}") for n in range(60)), policy=company(MORE)))
    kept = sum("accessory" in block for block in message.blocks)
    read = shown(message.blocks)
    assert kept > 20
    assert f"and {60 - kept} more: f{kept}, " in read
    assert read.endswith("[Close the round]")


def test_long_answers_are_shortened_before_a_function_is_left_out():
    long = {"not_ready": LONG[:500], "waits_for": LONG[:500], "customers": LONG[:500]}
    places = [answered(f"f{n}", **long) for n in range(14)]
    message = summary(gathered(*places, policy=company(MORE)))
    assert fits(message)
    assert all(f"*f{n}*" in shown(message.blocks) for n in range(14))
    assert "more:" not in shown(message.blocks)


def test_functions_with_buttons_stay_longest():
    ready = [answered(f"f{n}", readiness=Readiness.READY, customers=LONG[:500]) for n in range(45)]
    message = summary(gathered(*ready, waiting("f45"), answered("f46"), policy=company(MORE)))
    assert fits(message)
    read = shown(message.blocks)
    assert "*f45*" in read
    assert "*f46*" in read
    assert "[Make it a blocker]" in read


@pytest.mark.parametrize("count", [26, 60])
def test_a_lead_of_many_functions_can_answer_them_one_after_another(count):
    places = [waiting(f"f{n}") for n in range(count)]
    made = gathered(*places, policy=company(MORE))
    for message in (question(made, places), reminder(made, places, "U2", last=False)):
        rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
        shown_ = sum(map(len, rows))
        assert fits(message)
        assert max(map(len, rows)) <= 25
        assert shown_ == count or f"there is room for {count - shown_} more." in shown(message.blocks)
    half = [answered(f"f{n}") if n < count // 2 else waiting(f"f{n}") for n in range(count)]
    (first, *_) = (b["elements"][0] for b in question(made, half).blocks if b["type"] == "actions")
    assert first["text"]["text"] == f"Answer for f{count // 2}…"


def test_answers_that_have_no_button_left_are_told_of():
    places = [answered(f"f{n}", customers=LONG[:500]) for n in range(60)]
    message = question(gathered(*places, policy=company(MORE)), places)
    assert fits(message)
    assert "There is no room here to change" in shown(message.blocks)
    assert "more answers" in shown(message.blocks)


def test_functions_without_an_answer_can_be_answered_there_until_it_is_closed():
    (button,) = [block["accessory"] for block in summary(gathered(waiting())).blocks if "accessory" in block]
    assert button["text"]["text"] == "Answer…"
    over = summary(gathered(waiting(), closed_at=MORNING, closed_by="person/fay"))
    assert not any("accessory" in block for block in over.blocks)


def test_overdue_answers_are_said_to_be_so():
    read = shown(summary(gathered(waiting(), due_at=MORNING)).blocks)
    assert "Answers are overdue since today 09:00." in read


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"waits_for": "keys", "whom": ""}, "Waits for: keys"),
        ({"waits_for": "", "not_ready": "It", "whom": "SRE"}, "Not ready: It\nFrom SRE"),
        ({"waits_for": "", "not_ready": "It", "whom": "", "by_when": MORNING}, "Not ready: It\nBy today 09:00"),
        ({"waits_for": "keys", "by_when": MORNING}, "Waits for: keys, from engineering, by today 09:00"),
    ],
)
def test_an_answer_says_what_was_filled_in_and_no_more(more, said):
    one = answered(**more)
    assert line(one, gathered(one)) == f"*QA*: not ready (Bo Cole, today 09:00)\n{said}"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (waiting(chased=2), "*QA*: no answer yet (Bo Cole was asked, and again twice)"),
        (
            Place("qa", "person/bo", Standing.NOT_ANSWERED, chased=1),
            "*QA*: not answered (Bo Cole was asked, and again)",
        ),
        (Place("qa", None, Standing.NOBODY_LEADS), "Set `lead` under `[functions.qa]` in the configuration; whoever"),
        (
            Place("qa", "person/bo", Standing.UNREACHABLE, why="refused"),
            "Slack does not let me write to them: ask them",
        ),
    ],
)
def test_a_function_without_an_answer_says_why_and_what_to_do(place, said):
    assert said in line(place, gathered(place))


def test_once_it_is_closed_nobody_is_told_to_answer():
    over = {"closed_at": MORNING, "closed_by": "person/fay"}
    for standing in (Standing.NOBODY_LEADS, Standing.UNREACHABLE):
        place = Place("qa", "person/bo", standing, why="unknown")
        assert line(place, gathered(place, **over)).startswith("*QA*: not answered; ")
        assert "may answer" not in line(place, gathered(place, **over))


def test_messages_of_every_kind_fit_and_have_words_beside_their_blocks():
    place = answered(readiness=Readiness.READY_WITH_RISK, risk=LONG[:500], customers=LONG[:500])
    one = gathered(*[place] * 30)
    for message in (
        question(one, [place] * 6), reminder(one, [waiting()], "U2", last=True), reminder(one, [place], "U2", last=True),
        complete(one, "U1"), complete(one, None), closing(one, "U1"),
    ):  # fmt: skip
        assert fits(message)
        assert message.text


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"waits_for": "keys", "whom": "", "not_ready": "Refunds fail"}, "not ready: Refunds fail; it waits for keys"),
        ({"waits_for": "keys", "by_when": MORNING}, "not ready: it waits for keys, from engineering, by today 09:00"),
        ({"waits_for": "", "whom": "", "not_ready": "Refunds fail"}, "not ready: Refunds fail"),
        (
            {"readiness": Readiness.READY_WITH_RISK, "risk": "By hand", "not_ready": "Pictures", "waits_for": "keys"},
            "ready, with a risk that Bo Cole accepts: By hand; not ready: Pictures; it waits for keys",
        ),
        (
            {"readiness": Readiness.READY, "customers": "Refunds take a day"},
            "ready\nCustomers must be told: Refunds take a day",
        ),
    ],
)
def test_at_its_end_all_of_an_answer_is_told(more, said):
    one = answered(**more)
    assert shown(closing(gathered(one, closed_by="person/fay"), None).blocks).partition("\n")[2] == f"*QA*: {said}"


def test_an_end_of_many_long_answers_fits_and_counts_what_does_not():
    places = [answered(f"f{n}", not_ready=LONG[:500], waits_for=LONG[:500], customers=LONG[:500]) for n in range(40)]
    message = closing(gathered(*places, policy=company(MORE), closed_by="person/fay"), "U1")
    assert fits(message)
    told = shown(message.blocks)
    assert told.endswith(f"and {40 - told.count('Customers must be told')} more")


def test_a_round_that_froze_scope_or_schedule_began_says_so():
    assert "Asked by the schedule" in shown(summary(gathered(by="lastmile/schedule", cause="schedule")).blocks)
    frozen = gathered(waiting(), by="lastmile/schedule", cause="scope_freeze")
    assert "Its scope is frozen; I ask each function the same." in shown(question(frozen, frozen.places).blocks)
