"""Each function's lead is asked, chased twice while they work, and all answers stand in one message that is true now."""

from datetime import timedelta

import pytest

from digests.directory import CouldNotAsk
from digests.faults import log
from digests.rounds.unread import unread_rounds
from storage.ledger import open_ledger
from storage.records import ObjectKind, Readiness
from storage.state.rules import FoldRules
from tests.builders import at
from tests.commands.conftest import shown
from tests.handing import MORNING, RELEASE, as_viewer, company, handed, planned
from tests.rounds import ROUND, Room

SUMMARY = """\
Is checkout 2.4 ready?
Asked by Fay Lund, today 09:00. Answers are due today 17:00.
4 without an answer.
*Engineering*: no answer yet (Anna Berg was asked)
*QA*: no answer yet (Bo Cole was asked)
*Design*: nobody was asked, for nobody leads it. Set `lead` under `[functions.design]` in the configuration; \
whoever belongs to it may answer here.
*Customer success*: no answer yet (Eve Odell was asked)
[Close the round]"""


@pytest.fixture
def room(sqlite_ledger):
    return Room(sqlite_ledger)


@pytest.fixture
def asked(room):
    """A room in which a round was begun and everybody was asked."""
    room.opened()
    room.tick()
    return room


def test_each_lead_is_asked_once_and_the_answers_are_gathered_in_the_channel(ledger):
    room = Room(ledger)
    room.opened()
    assert room.tick() == 4
    assert room.tick() == 0
    assert room.reads("C1") == [SUMMARY]
    (question,) = room.reads("bo")
    assert question == (
        "Is *checkout 2.4* ready, for QA?\n"
        "Fay Lund asks each function the same. Please answer by today 17:00.\n[Answer…]"
    )
    assert room.reads("anna")
    assert not room.reads("dee")


def test_two_replicas_ask_once(database_url):
    with open_ledger(database_url, FoldRules()) as one, open_ledger(database_url, FoldRules()) as other:
        first, second = Room(one), Room(other)
        first.opened()
        assert first.asking.settle(ROUND, first.now) == 4
        assert second.asking.settle(ROUND, second.now) == 0
        first.deliver()
        second.deliver()
        assert (len(first.messages), len(second.messages)) == (4, 0)


def test_due_times_are_said_in_the_lead_s_own_zone(asked):
    (question,) = asked.reads("eve")
    assert "Please answer by today 12:00." in question


def test_whoever_leads_several_functions_reads_one_message(sqlite_ledger):
    more = '[functions.sre]\nlead = "bo"\n[rounds]\nfunctions = ["qa", "sre"]\n'
    room = Room(sqlite_ledger, company(more))
    room.opened()
    room.tick()
    (question,) = room.reads("bo")
    assert question.startswith("Is *checkout 2.4* ready, for QA and SRE?")
    assert question.endswith("[Answer for QA…] [Answer for SRE…]")


def test_an_answer_stands_in_the_summary_and_with_whoever_gave_it(asked):
    asked.later(minutes=30)
    asked.answered(
        "qa", "not_ready", not_ready="Refunds fail", waits_for="sandbox keys", whom="engineering",
        by_when=at("2026-11-19T12:00"), customers="Refunds take a day",
    )  # fmt: skip
    asked.asking.settle(ROUND, asked.now, asked)
    (summary,) = asked.reads("C1")
    assert "1 not ready; 3 without an answer." in summary
    assert (
        "*QA*: not ready (Bo Cole, today 09:30)\nNot ready: Refunds fail\n"
        "Waits for: sandbox keys, from engineering, by Thu 19 Nov 12:00\nCustomers must be told: Refunds take a day\n"
        "[Make it a blocker] [Make it a handoff]"
    ) in summary
    (mine,) = asked.reads("bo")
    assert "Not ready: Refunds fail" in mine
    assert mine.endswith("[Change the answer…]")


def test_what_people_write_is_only_words(asked):
    asked.answered("qa", "ready_with_risk", risk="<!channel> *look* <http://evil|here>")
    asked.asking.settle(ROUND, asked.now, asked)
    assert "Risk that Bo Cole accepts: &lt;!channel&gt; *look* &lt;http://evil|here&gt;" in asked.reads("C1")[0]


def test_what_is_ready_offers_nothing_to_be_made_of_it(asked):
    asked.answered("engineering", "ready", "anna", customers="Invoices look new")
    asked.tick()
    assert "Make it" not in asked.reads("C1")[0]


def test_a_blocker_or_handoff_that_was_made_stands_in_place_of_both_buttons(asked):
    asked.answered("qa", "not_ready", waits_for="sandbox keys")
    asked.act("declare_external", "fay", release=RELEASE, title="Sandbox  keys")
    asked.tick()
    assert "A blocker was made of it.\n*Design*" in asked.reads("C1")[0]
    handed(asked.desk, "engineering", by="bo", now=asked.now, from_function="qa", round=ROUND)
    asked.tick()
    assert "A blocker was made of it. Handed to Engineering.\n*Design*" in asked.reads("C1")[0]
    asked.act("close_external", "fay", release=RELEASE, title="sandbox keys")
    asked.tick()
    assert "Handed to Engineering.\n*Design*" in asked.reads("C1")[0]
    assert "Make it" not in asked.reads("C1")[0]


def test_nothing_is_updated_while_nothing_changes(asked):
    asked.tick()
    asked.tick()
    assert asked.updates == []


def test_an_update_that_slack_did_not_take_is_made_later_by_whoever_comes(asked):
    asked.down = True
    asked.answered()
    asked.tick()
    assert "no answer yet (Bo Cole" in asked.reads("C1")[0]
    asked.down = False
    asked.tick()
    assert asked.updates == []  # whoever rewrote it has a minute to show it
    asked.later(seconds=61)
    asked.tick()
    assert "*QA*: ready (Bo Cole, today 09:00)" in asked.reads("C1")[0]
    before = len(asked.updates)
    asked.tick()
    assert len(asked.updates) == before


# Chasing


def test_a_missing_answer_is_chased_twice_then_shown_as_not_answered(asked):
    asked.later(hours=3, minutes=59)
    assert asked.tick() == 0
    asked.later(minutes=2)
    assert asked.tick() == 2  # Anna and Bo; it is eight in the morning where Eve works
    assert asked.reads("bo")[1] == (
        "  <@U2> QA: your answer for *checkout 2.4* is still missing. It is due today 17:00.\n[Answer…]"
    )
    asked.tick()  # the update that says so in the summary
    assert "no answer yet (Bo Cole was asked, and again)" in asked.reads("C1")[0]
    asked.later(hours=4)
    asked.now = at("2026-11-19T09:05")  # past the end of the day in which the second chase fell
    asked.tick()
    assert asked.reads("bo")[2] == (
        "  <@U2> QA: your answer for *checkout 2.4* is still missing. It was due Wed 18 Nov 17:00. "
        "I will not ask again.\n[Answer…]"
    )
    asked.later(hours=4, minutes=1)
    asked.tick()
    assert "*QA*: not answered (Bo Cole was asked, and again twice)" in asked.reads("C1")[0]
    asked.later(hours=8)
    asked.tick()
    assert len(asked.reads("bo")) == 3


def test_nobody_is_chased_outside_of_their_working_hours(asked):
    asked.now = at("2026-11-18T18:30")  # half past one in New York: four hours of Eve's since nine there
    assert asked.tick() == 1
    assert len(asked.reads("eve")) == 2
    assert len(asked.reads("bo")) == 1
    asked.now = at("2026-11-21T12:00")  # a Saturday
    assert asked.tick() == 0


def test_the_zone_that_somebody_set_in_slack_holds_where_the_configuration_says_none(room):
    room.directory.zones["U2"] = "America/Los_Angeles"
    room.opened()
    room.tick()
    room.later(hours=5)
    room.tick()
    assert len(room.reads("bo")) == 1
    assert len(room.reads("anna")) == 2


def test_after_an_outage_the_chases_come_one_after_the_other(asked):
    asked.now = MORNING + timedelta(days=2)
    asked.tick()
    asked.tick()
    assert len(asked.reads("bo")) == 2
    asked.later(hours=4, minutes=1)
    asked.tick()
    assert len(asked.reads("bo")) == 3


def test_whoever_answered_is_not_chased_and_a_reminder_says_thanks(asked):
    asked.answered()
    asked.later(hours=5)
    asked.tick()
    assert len(asked.reads("bo")) == 1
    asked.answered("engineering", "ready", "anna")
    asked.tick()
    assert asked.reads("anna")[1] == "  Engineering for *checkout 2.4*: answered."


def test_nobody_is_chased_about_a_release_that_has_ended(asked):
    planned(asked.desk, now=asked.now)
    asked.act("end_release", "fay", release=RELEASE, ending="cancelled", why="No need")
    asked.later(hours=5)
    assert asked.tick() == 0


# Who can't be reached


def test_leads_who_cant_be_reached_are_named_with_what_to_do(room):
    room.directory.guests.add("U2")
    room.directory.unknown.add("person/anna")
    room.opened()
    room.tick()
    summary = room.reads("C1")[0]
    assert "*QA*: Bo Cole can't be reached. They are a guest, deactivated, or no member" in summary
    assert "set another `lead` under `[functions.qa]`. Whoever belongs to it may answer here." in summary
    assert (
        "*Engineering*: Anna Berg can't be reached. I don't know who they are in Slack: "
        "set `slack` or `email` under `[people.anna]`."
    ) in summary
    assert not room.reads("bo")


def test_a_lead_who_may_not_see_the_release_is_not_told_of_it(sqlite_ledger):
    policy = company()
    access = policy.access.model_copy(update={"people": {"eve": ("acme/other",)}})
    room = Room(sqlite_ledger, policy.model_copy(update={"access": access}))
    room.opened()
    room.tick()
    assert "Eve Odell can't be reached. They may not see this release" in room.reads("C1")[0]
    assert not room.reads("eve")


def test_a_lead_whom_slack_lets_nobody_write_to_is_named(room):
    room.refuses.add("U2")
    room.opened()
    room.tick()
    room.tick()
    assert "Bo Cole can't be reached. Slack does not let me write to them: ask them yourself." in room.reads("C1")[0]


def test_while_slack_cant_be_asked_nothing_is_said_and_then_all_of_it(room):
    room.directory.away = True
    room.opened()
    assert room.tick() == 0
    room.directory.away = False
    assert room.tick() == 4


def test_a_lead_of_whom_slack_does_not_say_who_they_are_is_asked_as_soon_as_it_does(room, monkeypatch):
    known = room.directory.inside

    def inside(user, now):
        if user == "U2":
            raise CouldNotAsk
        return known(user, now)

    monkeypatch.setattr(room.directory, "inside", inside)
    room.opened()
    assert room.tick() == 3
    assert "*QA*: no answer yet (Bo Cole is being asked)" in room.reads("C1")[0]
    monkeypatch.undo()
    assert room.tick() == 1
    assert "*QA*: no answer yet (Bo Cole was asked)" in room.reads("C1")[0]


def test_a_lead_who_was_asked_and_may_read_no_more_is_not_asked_again(asked):
    before = asked.reads("bo")
    asked.directory.guests.add("U2")
    asked.later(hours=5)
    asked.tick()
    assert "*QA*: Bo Cole can't be reached. They are a guest, deactivated" in asked.reads("C1")[0]
    asked.closed()
    asked.tick()
    assert asked.reads("bo") == before
    assert len(asked.reads("anna")) == 2


def test_a_lead_who_lost_sight_of_the_release_is_not_asked_again(sqlite_ledger, asked):
    policy = company()
    access = policy.access.model_copy(update={"people": {"bo": ("acme/other",)}})
    later = Room(sqlite_ledger, policy.model_copy(update={"access": access}), messages=asked.messages)
    before = later.reads("bo")
    later.later(hours=5)
    later.tick()
    assert later.reads("bo") == before
    assert "*QA*: Bo Cole can't be reached. They may not see this release" in later.reads("C1")[0]


# Where the answers are gathered


def test_where_nobody_reads_the_answers_nobody_is_asked_until_somebody_does(room):
    room.directory.outside.add("C1")
    room.directory.unknown.add("person/fay")
    room.directory.guests.add("U1")  # who leads the product's team
    room.opened()
    assert room.tick() == 0
    assert room.messages == {}
    assert room.asking.gathering(room.round(), room.now) is None
    assert "*QA*: no answer yet (Bo Cole is being asked)" in shown(
        room.asking.shown(room.round(), as_viewer("fay"), room.now).blocks
    )
    assert unread_rounds(room.ledger.outbox, [room.round()]) == (room.round(),)
    room.directory.unknown.clear()
    assert room.tick() == 3
    assert "*QA*: no answer yet (Bo Cole" in room.reads("fay")[0]
    assert unread_rounds(room.ledger.outbox, [room.round()]) == ()


def test_without_a_channel_they_are_gathered_for_whoever_began_it(room):
    room.opened(channel=None)
    room.tick()
    assert room.reads("fay")[0].startswith("Is checkout 2.4 ready?\nAsked by Fay Lund, today 09:00.")


def test_a_channel_that_another_company_reads_gets_nothing(room):
    room.directory.outside.add("C1")
    room.opened()
    room.tick()
    assert not room.reads("C1")
    assert "People of another company read the channel in which this was asked" in room.reads("fay")[0]


def test_a_channel_that_became_shared_is_not_told_what_comes_later(asked):
    asked.directory.outside.add("C1")
    asked.answered()
    asked.tick()
    assert "no answer yet (Bo Cole was asked)" in asked.reads("C1")[0]
    assert "*QA*: ready" in asked.reads("fay")[0]


def test_a_channel_that_takes_nothing_is_no_reason_to_stay_silent(room):
    room.refuses.add("C1")
    room.opened()
    room.tick()
    room.tick()
    assert "I can't write to the channel in which this was asked" in room.reads("fay")[0]


# The end


def test_whoever_began_it_is_called_once_all_have_answered(asked):
    for function, who in (("engineering", "anna"), ("qa", "bo"), ("customer_success", "eve")):
        asked.answered(function, "ready", who)
    asked.tick()
    assert asked.reads("C1")[1] == (
        "  <@U6> Everybody who was asked about *checkout 2.4* has answered. "
        "Close the round to tell how ready it is.\n[Close the round]"
    )
    asked.tick()
    assert len(asked.reads("C1")) == 2


def test_closing_tells_how_ready_each_function_is(asked):
    asked.answered("engineering", "ready", "anna")
    asked.answered("qa", "ready_with_risk", risk="Refunds are tested by hand")
    asked.answered("customer_success", "not_ready", "eve", waits_for="the release notes")
    asked.later(hours=1)
    planned(asked.desk, by="anna", now=asked.now)
    asked.closed("anna")
    asked.tick()
    summary, closing = asked.reads("C1")
    assert summary.startswith(
        "How ready checkout 2.4 is\nAsked by Fay Lund, today 09:00. Closed by Anna Berg, today 10:00.\n"
        "1 ready; 1 ready, with a risk; 1 not ready; 1 without an answer."
    )
    assert "Close the round" not in summary
    assert "Answer" not in summary.replace("Answers", "")
    assert closing == (
        "  <@U6> Anna Berg closed the round about *checkout 2.4*. How ready it is:\n"
        "*Engineering*: ready\n"
        "*QA*: ready, with a risk that Bo Cole accepts: Refunds are tested by hand\n"
        "*Design*: not answered\n"
        "*Customer success*: not ready: it waits for the release notes"
    )
    assert asked.reads("bo")[0].endswith("Closed by Anna Berg, today 10:00.")


def test_whoever_closes_it_is_not_called_by_it(asked):
    asked.closed("fay")
    asked.tick()
    assert asked.reads("C1")[1].startswith("  Fay Lund closed the round")


def test_after_the_end_nobody_is_chased(asked):
    asked.closed()
    asked.later(hours=5)
    asked.tick()
    assert len(asked.reads("bo")) == 1
    assert "*QA*: not answered (Bo Cole was asked)" in asked.reads("C1")[0]


def test_what_ended_long_ago_is_not_told_any_more(asked):
    asked.closed()
    asked.now = MORNING + timedelta(days=3)
    assert asked.tick() == 0


def test_one_that_fails_takes_no_other_down(room, monkeypatch):
    room.opened()
    room.act("open_round", "fay", round="round:other", release="release:checkout@2.5", channel="C1")
    known = room.asking.known

    def breaks(one):
        if one.object == ROUND:
            raise RuntimeError("it broke")
        return known(one)

    monkeypatch.setattr(room.asking, "known", breaks)
    assert room.tick() == 4
    assert log()


def test_a_forgotten_message_is_left_alone(asked):
    asked.ledger.forget_person("person/fay", ["slack/U6"], names=["Fay Lund"])
    asked.answered()
    asked.tick()
    assert "no answer yet (Bo Cole was asked)" in asked.reads("C1")[0]


# By itself


SCHEDULED = '[rounds]\ndays = ["wed"]\ntime = "09:30"\nwithin_days = 7\n'


def began(room):
    return room.ledger.standing(ObjectKind.ROUND)


def test_a_round_begins_on_its_day_and_is_gathered_in_the_product_s_channel(ledger):
    room = Room(ledger, company(SCHEDULED))
    planned(room.desk, target=MORNING + timedelta(days=5))
    planned(room.desk, "3.0", target=MORNING + timedelta(days=50))
    room.tick()
    assert began(room) == ()
    room.later(minutes=31)
    room.tick()
    (one,) = began(room)
    assert (one.release, one.cause, one.channel, one.by) == (RELEASE, "schedule", "C1", "lastmile/schedule")
    assert room.reads("C1")[0].startswith("Is checkout 2.4 ready?\nAsked by the schedule, today 09:31.")
    room.later(minutes=5)
    room.tick()
    assert len(began(room)) == 1


def test_two_replicas_begin_one(database_url):
    with open_ledger(database_url, FoldRules()) as one, open_ledger(database_url, FoldRules()) as other:
        first, second = Room(one, company(SCHEDULED)), Room(other, company(SCHEDULED))
        planned(first.desk, target=MORNING + timedelta(days=5))
        first.later(hours=1)
        second.later(hours=1)
        known, release = second.asking.rounds(), one.get((RELEASE,))[RELEASE]
        assert first.asking.begin_due(first.now)
        assert second.asking._begun(release, "schedule", known, second.now) is None
        assert second.asking.begin_due(second.now) == ()
        assert len(began(first)) == 1


def test_one_that_was_begun_and_closed_since_is_not_begun_again(sqlite_ledger):
    room = Room(sqlite_ledger, company(SCHEDULED))
    planned(room.desk, target=MORNING + timedelta(days=5))
    room.later(minutes=40)
    name = room.opened()
    room.closed(round_=name)
    assert room.asking.begin_due(room.now) == ()
    room.later(days=7)
    assert room.asking.begin_due(room.now)


def test_a_frozen_scope_begins_a_round_once(sqlite_ledger):
    room = Room(sqlite_ledger, company("[rounds]\nat_scope_freeze = true\n"))
    planned(room.desk)
    assert room.asking.begin_due(room.now) == ()
    room.act("freeze_scope", release=RELEASE)
    (name,) = room.asking.begin_due(room.now)
    assert room.round(name).cause == "scope_freeze"
    room.tick()
    assert "Asked because its scope is frozen, today 09:00." in room.reads("C1")[0]
    assert "Its scope is frozen; I ask each function the same." in room.reads("bo")[0]
    room.closed(round_=name)
    assert room.asking.begin_due(room.now) == ()


def test_what_did_not_begin_is_not_looked_at_each_time(sqlite_ledger, monkeypatch):
    room = Room(sqlite_ledger, company(SCHEDULED))
    planned(room.desk, target=MORNING + timedelta(days=5))
    room.later(hours=1)
    asked = []
    monkeypatch.setattr(type(room.asking), "_shipped", lambda _, release, __: asked.append(release.object) or True)
    for _ in range(3):
        assert room.asking.begin_due(room.now) == ()
        room.later(seconds=15)
    assert asked == [RELEASE]


def test_what_is_out_is_not_asked_about(sqlite_ledger):
    room = Room(sqlite_ledger, company(SCHEDULED))
    planned(room.desk, target=MORNING + timedelta(days=5))
    room.later(hours=1)
    room.act("correct_shipped", subject=RELEASE, why="It is out")
    assert room.asking.begin_due(room.now) == ()


def test_without_a_channel_the_owner_of_the_release_reads_what_the_schedule_asked(sqlite_ledger):
    more = company(SCHEDULED)
    products = {key: one.model_copy(update={"channels": ()}) for key, one in more.products.items()}
    room = Room(sqlite_ledger, more.model_copy(update={"products": products}))
    planned(room.desk, target=MORNING + timedelta(days=5))
    room.later(hours=1)
    room.tick()
    assert room.reads("fay")[0].startswith("Is checkout 2.4 ready?")


def test_answers_keep_their_readiness(asked):
    asked.answered("qa", "ready_with_risk", risk="By hand")
    assert asked.round().answers[0].readiness is Readiness.READY_WITH_RISK


def test_of_two_who_update_a_round_at_once_the_slower_leaves_what_is_true(sqlite_ledger):
    room = Room(sqlite_ledger)
    planned(room.desk)
    room.opened()
    room.tick()
    other = Room(sqlite_ledger, now=MORNING + timedelta(minutes=5), messages=room.messages)

    class Slow:
        answered = False

        def update(self, channel, ts, message):
            if channel == "C1" and not self.answered:
                self.answered = True
                other.answered("engineering", "ready", "anna")
                other.asking.settle(ROUND, other.now, other)
            room.update(channel, ts, message)

    room.later(minutes=5)
    room.answered("qa", "ready", "bo")
    room.asking.settle(ROUND, room.now, Slow())
    (post,) = [one for one in sqlite_ledger.outbox.standing([ROUND]) if one.channel == "C1"]
    assert post.shown
    assert [said for (where, _), (_, _, said) in room.messages.items() if where == "C1"] == [dict(post.message)]


def test_when_slack_asks_for_patience_rounds_wait_too(sqlite_ledger):
    room = Room(sqlite_ledger)
    planned(room.desk)
    room.opened()
    room.tick()
    room.answered("qa", "ready", "bo")
    sqlite_ledger.outbox.hold("updates", room.now + timedelta(seconds=30))
    room.tick()
    assert room.updates == []
    room.later(seconds=31)
    room.tick()
    assert room.updates


def test_an_open_round_keeps_what_was_posted_of_it(sqlite_ledger):
    room = Room(sqlite_ledger)
    planned(room.desk)
    room.opened()
    assert room.digests.lasting() == {ROUND}
    room.closed()
    assert room.digests.lasting() == frozenset()
