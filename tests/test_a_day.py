"""One working day of a release: its scope is frozen, functions are asked, something is returned, somebody is late.

Everything goes through signed requests and a stateful local Slack, and what is asserted is what each person reads.
"""

import json
from datetime import UTC, datetime, timedelta

import pytest

from assistant.desk import Desk
from demo.forge import Forge, deliveries
from storage.records import Delivery
from storage.sources.judging import judge
from tests.builders import policy_of
from tests.days import Clock, Day
from tests.emulated import emulated

MONDAY = datetime(2026, 11, 9, 9, tzinfo=UTC)
DUE = datetime(2026, 11, 20, 17, tzinfo=UTC)
PEOPLE = {
    "marta": "Marta Klein", "joon": "Joon Park", "quinn": "Quinn Adeyemi", "rosa": "Rosa Lind", "dana": "Dana Fox",
    "cora": "Cora Bell", "lea": "Lea Brandt",
}  # fmt: skip


def policy(room: str):
    people = "\n".join(
        f'[people.{key}]\nname = "{name}"\nemail = "{key}@tidewater.example"\ngithub = ["{key}"]'
        for key, name in PEOPLE.items()
    )
    return policy_of(f"""
[workspace]
name = "Tidewater Parcels"
zone = "UTC"
{people}
[teams.platform]
members = ["marta", "joon"]
lead = "marta"
repositories = ["tidewater/api"]
services = ["api"]
channels = ["{room}"]
[products.shop]
repositories = ["tidewater/api"]
channels = ["{room}"]
[services.api]
repository = "tidewater/api"
owner = "marta"
watched_by = ["github"]
[repositories."tidewater/api"]
approvals = 1
required_checks = []
attribution_since = 2026-01-01
[functions.engineering]
members = ["marta", "joon"]
lead = "marta"
[functions.qa]
members = ["quinn", "rosa"]
lead = "rosa"
on_duty = ["quinn"]
[functions.design]
lead = "dana"
[functions.customer_success]
members = ["cora", "lea"]
lead = "lea"
on_duty = ["cora"]
[rounds]
at_scope_freeze = true
[handoffs]
due_hours = 8
""")


def past(forge: Forge) -> None:
    """Three months in which changes take a day each and go out on the same day."""
    for number in range(60):
        at = MONDAY - timedelta(days=100) + timedelta(days=1.5 * number)
        at = at.replace(hour=10)
        pull = forge.pull(at, "joon", f"Earlier work {number}", f"joon/{number}", messages=[f"Earlier work {number}"])
        pull.ask(at + timedelta(minutes=5), "joon", "marta")
        pull.review(at + timedelta(hours=2), "marta", "approved")
        sha = pull.merge(at + timedelta(hours=3), "joon")
        forge.deploy(at + timedelta(hours=4), at + timedelta(hours=4, minutes=5), sha, "joon")


def change(forge: Forge, at: datetime, title: str) -> str:
    """One change of 2.4, from its opening to its merge; the commit that it became."""
    pull = forge.pull(
        at, "joon", title, f"joon/{title.split(maxsplit=1)[0].lower()}", messages=[title], milestone="2.4"
    )
    pull.ask(at + timedelta(minutes=1), "joon", "marta")
    pull.review(at + timedelta(minutes=20), "marta", "approved")
    return pull.merge(at + timedelta(minutes=30), "joon")


def arrive(ledger, forge: Forge, since: datetime, until: datetime) -> None:
    """Let what the forge sent between two moments arrive."""
    taken = []
    for line in deliveries([forge], until):
        received = datetime.fromisoformat(line["received_at"])
        if received > since:
            headers = line["headers"]
            body = json.dumps(line["payload"]).encode()
            taken.append(judge(Delivery("github", headers["X-GitHub-Delivery"], headers, body, received)))
    ledger.append(taken)


class Story(Day):
    """The day, with the forge in which the software is written."""

    def begin(self) -> None:
        """Months of history, one change of 2.4 that is out, and one under review."""
        self.forge = Forge("tidewater/api")
        past(self.forge)
        self.forge.milestone(MONDAY - timedelta(days=20), "2.4", DUE, "marta")
        self.sign_in = change(self.forge, MONDAY + timedelta(hours=1), "Sign-in with SSO")
        self.forge.deploy(MONDAY + timedelta(hours=2), MONDAY + timedelta(hours=3), self.sign_in, "joon")
        self.refunds = self.forge.pull(
            MONDAY + timedelta(hours=6), "joon", "Refund page", "joon/refund", messages=["Refund page"], milestone="2.4"
        )
        self.refunds.ask(MONDAY + timedelta(hours=6, minutes=1), "joon", "marta")
        self.heard = datetime(2020, 1, 1, tzinfo=UTC)
        self.hear()

    def hear(self) -> None:
        """Let arrive what the forge has sent by now."""
        arrive(self.desk.ledger, self.forge, self.heard, self.clock.now)
        self.heard = self.clock.now


def tuesday(hour: int, minute: int = 0) -> datetime:
    return MONDAY.replace(hour=hour, minute=minute) + timedelta(days=1)


def wednesday(hour: int, minute: int = 0) -> datetime:
    return tuesday(hour, minute) + timedelta(days=1)


@pytest.fixture
def day(tmp_path, ledger):
    with emulated(PEOPLE, {"release": False}, tmp_path) as slack:
        clock = Clock(tuesday(8))
        made = Story(slack, Desk(ledger, policy(slack.rooms["release"]), clock), clock)
        try:
            made.begin()
            yield made
        finally:
            made.close()


def a_scope_is_frozen_and_everybody_who_leads_is_asked(day):
    day.at(tuesday(9))
    day.type("marta", "/release", "2.4")
    day.fill("marta", {
        "Target date": "2026-11-20 17:00", "How much do customers notice?": "Nothing", "Why": "The SSO release",
        "Scope": ["Nothing more goes in"],
    })  # fmt: skip
    assert "The scope of shop 2.4 is frozen." in day.form()
    day.at(tuesday(9, 1))
    for person, function in (
        ("marta", "Engineering"), ("rosa", "QA"), ("dana", "Design"), ("lea", "Customer success"),
    ):  # fmt: skip
        read = day.news(person)
        assert f"Is *shop 2.4* ready, for {function}?" in read
        assert "Its scope is frozen; I ask each function the same. Please answer by today 17:00." in read
        assert "[Answer…]" in read
    assert day.news("quinn") == day.news("cora") == day.news("joon") == ""
    summary = day.posted("release")
    assert "4 without an answer." in summary
    assert "*QA*: no answer yet (Rosa Lind was asked)" in summary


def design_is_ready_and_qa_is_not(day):
    day.press("dana", "Answer…")
    day.fill("dana", {"Is it ready?": "Ready"})
    day.press("rosa", "Answer…")
    refused = day.fill("rosa", {"Is it ready?": "Not ready"})
    assert refused["response_action"] == "errors"
    day.fill("rosa", {
        "Is it ready?": "Not ready", "What is not ready?": "Refunds are not tested",
        "What do you wait for?": "Test data for refunds", "From whom?": "engineering", "By when?": "tomorrow 12:00",
    })  # fmt: skip
    (summary,) = day.standing("release")
    assert "1 ready; 1 not ready; 2 without an answer." in summary
    assert "*Design*: ready (Dana Fox, today 09:01)" in summary
    assert "Waits for: Test data for refunds, from engineering, by Wed 11 Nov 12:00" in summary
    assert day.posted("release") == ""  # one message, changed in place


def an_answer_becomes_a_handoff_at_the_press_of_a_button(day):
    day.press("marta", "Make it a handoff", "release")
    day.submit("marta")
    assert day.form().startswith(
        'Engineering gets "Test data for refunds; not ready: Refunds are not tested", about shop 2.4, '
    )
    read = day.news("marta")
    assert "*QA → Engineering*: shop 2.4" in read
    assert "Marta Klein asks: Test data for refunds" in read
    assert "Handed to Engineering." in day.standing("release")[0]


def what_is_handed_to_qa_goes_to_whoever_is_on_duty(day):
    day.at(tuesday(9, 30))
    day.type("marta", "/handoff", "qa 2.4")
    refused = day.fill("marta", {"What is needed?": "Test the sign-in and refunds", "By when?": "some time"})
    assert refused["response_action"] == "errors"
    assert "is no date I can read" in json.dumps(refused["errors"])
    day.fill("marta", {"What is needed?": "Test the sign-in and refunds", "By when?": "tomorrow 12:00"})
    assert "Quinn Adeyemi, on duty for QA this week, gets it by direct message." in day.form()
    assert day.news("quinn").splitlines() == [
        "*Engineering → QA*: shop 2.4", "Marta Klein asks: Test the sign-in and refunds",
        "Due *Wed 11 Nov 12:00*. It holds up shop 2.4 until it is done.", "Checklist:", "• What needs testing",
        "• Risky areas", "• Test data", "• Rollback", "*Waiting for Quinn Adeyemi* since Tue 10 Nov 09:30",
        "[Acknowledge] [Done…] [Return…] […]",
    ]  # fmt: skip
    assert day.news("rosa") == day.news("marta") == ""


def a_release_is_held_up_from_the_moment_a_handoff_is_open(day):
    day.type("marta", "/blocking", "2.4")
    read = day.answered()
    assert not read.startswith("🟢")
    assert "Test the sign-in and refunds" in read
    assert "Quinn Adeyemi" in read


def qa_returns_it_and_its_sender_sends_it_again(day):
    day.at(tuesday(10))
    day.press("quinn", "Return…")
    day.fill("quinn", {"What is missing?": "There is no test data for refunds"})
    assert day.news("quinn") == ""  # whoever acted is told nothing new
    read = day.news("marta")
    assert "*Returned* by Quinn Adeyemi, Tue 10 Nov 10:00: There is no test data for refunds" in read
    assert "[Send again…]" in read
    day.at(tuesday(10, 30))
    day.press("marta", "Send again…")
    day.fill("marta", {"What is different now?": "It is in the staging shop"})
    assert day.news("quinn") == "Marta Klein sent it again, due Wed 11 Nov 12:00: It is in the staging shop"
    assert day.news("marta") == ""
    day.at(tuesday(11))
    day.press("quinn", "Acknowledge")
    assert day.news("marta") == "Quinn Adeyemi acknowledged it."
    assert "*Acknowledged* by Quinn Adeyemi, Tue 10 Nov 11:00" in day.stands("quinn")[0]


def customer_success_gets_its_own(day):
    day.type("marta", "/handoff", "customer success 2.4")
    day.fill("marta", {"What is needed?": "Train support for refunds", "By when?": "today 15:00"})
    assert "*Engineering → Customer success*: shop 2.4" in day.news("cora")


def qa_signs_and_names_what_it_looked_at(day):
    day.at(tuesday(11, 30))
    day.press("quinn", "Done…")
    day.fill("quinn", {"What did you look at?": day.sign_in[:10], "What holds?": ["What needs testing", "Rollback"]})
    told = f"Quinn Adeyemi is done. Looked at: {day.sign_in[:10]}. Not ticked: Risky areas, Test data"
    assert day.news("marta") == told
    (card,) = day.stands("quinn")
    assert f"*Done* by Quinn Adeyemi, Tue 10 Nov 11:30. Looked at: {day.sign_in[:10]}" in card
    assert "[Acknowledge]" not in card


def a_change_lands_and_the_signature_is_stale_for_both_once(day):
    day.refunds.review(tuesday(13), "marta", "approved")
    out = day.refunds.merge(tuesday(13, 10), "joon")
    day.forge.deploy(tuesday(14, 20), tuesday(14, 25), out, "joon")
    day.at(tuesday(13, 12))
    day.hear()
    day.at(tuesday(13, 13))
    told = f"1 change came after {day.sign_in[:10]}, which Quinn Adeyemi looked at: "
    for person in ("quinn", "marta"):
        read = day.news(person)
        assert told in read, person
        assert "It is to be looked at again by Quinn Adeyemi." in read
    day.at(tuesday(13, 30))
    assert told not in day.news("quinn") + day.news("marta")
    assert "*To be looked at again* by Quinn Adeyemi" in day.stands("quinn")[0]
    day.type("marta", "/handoffs", "2.4")
    assert day.answered().startswith("🤝 shop 2.4: 3 open handoffs")


def customer_success_is_late_and_who_leads_it_is_told(day):
    day.at(tuesday(14, 30))
    day.hear()
    day.at(tuesday(15))
    assert "It was due Tue 10 Nov 15:00. Say that it is done, or return it with what is missing." in day.news("cora")
    day.at(tuesday(16, 59))
    assert "late" not in day.news("lea")
    day.at(tuesday(19))
    assert "late" not in day.news("lea")  # nobody is called in the evening
    day.at(wednesday(11))
    read = day.news("lea")
    assert "Customer success is late with shop 2.4: it was due Tue 10 Nov 15:00. You lead it." in read
    assert "I told Lea Brandt, who leads Customer success." in day.news("marta")


def missing_answers_were_chased_twice_and_are_then_not_answered(day):
    chased = [text for text in day.threads("lea") if "is still missing" in text]
    assert len(chased) == 2
    assert chased[1].endswith("I will not ask again.\n[Answer…]")
    day.at(wednesday(15, 30))
    summary = day.standing("release")[0]
    assert "*Customer success*: not answered (Lea Brandt was asked, and again twice)" in summary


def everything_is_done(day):
    last = change(day.forge, wednesday(15, 10), "Small print")
    day.at(wednesday(15, 45))
    day.hear()
    day.press("quinn", "Done…")
    day.fill("quinn", {
        "What did you look at?": last[:12],
        "What holds?": ["What needs testing", "Risky areas", "Test data", "Rollback"],
    })  # fmt: skip
    assert day.news("marta").endswith(f"Quinn Adeyemi is done. Looked at: {last[:12]}")
    day.press("cora", "Done…")
    day.fill("cora", {"What did you look at?": "the support brief of 2.4", "What holds?": ["Training"]})
    day.press("marta", "Done…")
    day.fill("marta", {"What did you look at?": "staging data of today"})


def the_release_is_on_track(day):
    day.at(wednesday(15, 50))
    day.type("marta", "/blocking", "2.4")
    read = day.answered()
    assert read.startswith("🟢 shop 2.4 is on track"), read
    assert "Small print" in read
    assert "• gone: Engineering to QA: Test the sign-in and refunds (handoff not done)" in read


def closing_the_round_says_where_each_function_stands(day):
    day.press("rosa", "Change the answer…")
    day.fill("rosa", {
        "Is it ready?": "Ready, with a risk that I accept", "Which risk do you accept?": "No load test",
        "What is not ready?": "", "What do you wait for?": "", "From whom?": "",
    })  # fmt: skip
    day.press("lea", "Answer…")
    day.fill("lea", {"Is it ready?": "Ready"})
    day.posted("release")
    day.press("marta", "Close the round", "release")
    assert day.posted("release").splitlines() == [
        "Marta Klein closed the round about *shop 2.4*. How ready it is:", "*Engineering*: not answered",
        "*QA*: ready, with a risk that Rosa Lind accepts: No load test", "*Design*: ready",
        "*Customer success*: ready",
    ]  # fmt: skip


def nothing_was_told_twice(day):
    for person in PEOPLE:
        said = [text for text in day.threads(person) if not text.endswith(("answered.", "was closed."))]
        assert len(said) == len(set(said)), person
    assert "Nothing new was handed to you." in day.home("quinn")


def test_a_day_of_a_release(day):
    for chapter in (
        a_scope_is_frozen_and_everybody_who_leads_is_asked,
        design_is_ready_and_qa_is_not,
        an_answer_becomes_a_handoff_at_the_press_of_a_button,
        what_is_handed_to_qa_goes_to_whoever_is_on_duty,
        a_release_is_held_up_from_the_moment_a_handoff_is_open,
        qa_returns_it_and_its_sender_sends_it_again,
        customer_success_gets_its_own,
        qa_signs_and_names_what_it_looked_at,
        a_change_lands_and_the_signature_is_stale_for_both_once,
        customer_success_is_late_and_who_leads_it_is_told,
        missing_answers_were_chased_twice_and_are_then_not_answered,
        everything_is_done,
        the_release_is_on_track,
        closing_the_round_says_where_each_function_stands,
        nothing_was_told_twice,
    ):
        chapter(day)
