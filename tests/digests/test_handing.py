"""Everybody reads of a handoff what they have to, once, and what stands there says what is true now."""

import threading
from dataclasses import replace
from datetime import timedelta
from unittest.mock import MagicMock

import pytest

from digests.directory import Nobody
from digests.handing import Handing
from digests.poster import Down, Limited, Unpostable
from storage.records import HandoffState
from tests.builders import at
from tests.digests.passing import ANNA, BO, CHO, EVE, FAY, HOUR, Company, told, words
from tests.handing import (
    MORNING,
    acknowledged,
    act,
    as_viewer,
    changed,
    done,
    handed,
    moved,
    planned,
    reassigned,
    resent,
    returned,
    withdrawn,
)
from tests.ledgers import stored

NOT_DONE = "It was due Thu 19 Nov 17:00 and is not done."
DAY = timedelta(days=1)


@pytest.fixture
def office(sqlite_ledger, monkeypatch):
    planned(sqlite_ledger)
    return told(sqlite_ledger, monkeypatch)


# To the receiver


def test_whoever_is_on_duty_gets_one_message_with_all_that_is_needed_to_act(office):
    one = handed(office.desk, links=("https://acme.example/plan",))
    assert office.tick() == [(CHO, "Anna Berg hands you: Test the payments (checkout 2.4, due Thu 19 Nov 17:00)")]
    assert office.stands(one, CHO) == [
        [
            "*Engineering → QA*: checkout 2.4",
            "Anna Berg asks: Test the payments",
            "Due *Thu 19 Nov 17:00*. It holds up checkout 2.4 until it is done.",
            "Checklist:",
            "• What needs testing",
            "• Risky areas",
            "• Test data",
            "• Rollback",
            "<https://acme.example/plan|acme.example/plan>",
            "*Waiting for Cho Min* since Wed 18 Nov 09:00",
            "[Acknowledge]",
            "[Done…]",
            "[Return…]",
            "[Remind me tomorrow]",
            "[Pass it on…]",
        ]
    ]
    assert office.tick() == []


def test_a_named_receiver_gets_it_whoever_is_on_duty(office):
    handed(office.desk, receiver="person/bo")
    assert [where for where, _ in office.tick()] == [BO]


def test_where_nobody_is_on_duty_the_channel_of_the_function_gets_it(office):
    one = handed(office.desk, "design", needed="Look at the dialog")
    assert office.tick() == [("C3", "Anna Berg hands Design: Look at the dialog (checkout 2.4, due Thu 19 Nov 17:00)")]
    assert "*Waiting for Design* since Wed 18 Nov 09:00" in office.stands(one, "C3")[0]


def test_where_there_is_no_channel_either_whoever_leads_the_function_gets_it(office):
    handed(office.desk, "customer_success")
    assert [where for where, _ in office.tick()] == [EVE]


def test_the_message_is_put_right_in_place_and_its_thread_holds_what_others_did(office):
    one = handed(office.desk)
    office.tick()
    acknowledged(office.desk, one, now=MORNING + HOUR)
    assert [where for where, _ in office.tick(MORNING + HOUR)] == [ANNA]  # Cho knows what Cho did
    assert office.stands(one, CHO)[0][-5:] == [
        "*Acknowledged* by Cho Min, Wed 18 Nov 10:00", "[Done…]", "[Return…]", "[Remind me tomorrow]", "[Pass it on…]",
    ]  # fmt: skip
    returned(office.desk, one)
    office.tick(MORNING + 2 * HOUR)
    assert office.stands(one, CHO)[0][-2:] == [
        "*Returned* by Cho Min, Wed 18 Nov 11:00: It does not start",
        "Next: Anna Berg sends it again, or withdraws it.",
    ]
    resent(office.desk, one)
    assert office.tick(MORNING + 3 * HOUR) == [(CHO, "Anna Berg sent it again, due Fri 20 Nov 12:00: It starts now")]
    lead = "*Waiting for Cho Min*: Anna Berg sent it again, Wed 18 Nov 12:00: It starts now"
    assert lead in office.stands(one, CHO)[0]
    below = [ts for where, ts, message in office.read if where == CHO]
    assert below[0] is None
    assert below[1] is not None


def test_what_slack_shows_is_what_the_message_says(office):
    one = handed(office.desk)
    office.tick()
    withdrawn(office.desk, one)
    office.tick(MORNING + 3 * HOUR)
    channel, _, message = office.slack.updates[-1]
    assert channel == "D3"
    assert words(message) == office.stands(one, CHO)[0]
    assert words(message)[-1] == "*Withdrawn* by Anna Berg, Wed 18 Nov 12:00: Not needed. There is nothing more to do."


def test_in_a_channel_everybody_reads_each_step(office):
    one = handed(office.desk, "design")
    office.tick()
    acknowledged(office.desk, one, by="dee")
    assert ("C3", "Dee Marsh acknowledged it.") in office.tick(MORNING + HOUR)


def test_passing_it_on_brings_it_to_the_next_and_tells_whoever_had_it(office):
    one = handed(office.desk)
    office.tick()
    reassigned(office.desk, one, by="bo", receiver="person/bo", why="I know it")
    assert sorted(office.tick(MORNING + HOUR)) == [
        (ANNA, "checkout 2.4: Bo Cole took it over: I know it"),
        (BO, "Anna Berg hands you: Test the payments (checkout 2.4, due Thu 19 Nov 17:00)"),
        (CHO, "Bo Cole took it over: I know it"),
    ]
    assert office.stands(one, CHO)[0][-1] == (
        "It is no longer yours: it went to Bo Cole. There is nothing to do here any more."
    )
    acknowledged(office.desk, one, by="bo", now=MORNING + 2 * HOUR)
    assert [where for where, _ in office.tick(MORNING + 2 * HOUR)] == [ANNA]


def test_when_the_turn_of_duty_changes_what_nobody_took_goes_to_the_next(sqlite_ledger, monkeypatch):
    office = told(sqlite_ledger, monkeypatch, '[functions.sre]\non_duty = ["bo", "eve"]\n')
    one, taken = handed(office.desk, "sre"), handed(office.desk, "sre", needed="Look at the alarms")
    first = office.tick()[0][0]
    second = {BO: EVE, EVE: BO}[first]
    acknowledged(office.desk, taken, by={BO: "bo", EVE: "eve"}[first])
    office.tick(MORNING + HOUR)
    read = [where for where, text in office.tick(MORNING + 7 * DAY) if "hands you" in text]
    assert read == [second]
    assert office.stands(one, first)[0][-1].startswith("It is no longer yours")
    assert "[Done…]" in office.stands(taken, first)[0]
    read = [where for where, text in office.tick(MORNING + 14 * DAY) if "hands you" in text]
    assert read == [first]  # whose turn it is again


def test_both_sides_read_that_what_was_done_is_not_after_all(office):
    one = done(office.desk, handed(office.desk))
    office.tick(MORNING + 2 * HOUR)
    signed = office.desk.ledger.get([one])[one].signed.at
    acknowledged(office.desk, one, by="bo", now=MORNING + 3 * HOUR, signed=signed)
    read = office.tick(MORNING + 3 * HOUR)
    assert (ANNA, "Bo Cole took it back: it is not done after all.") in read
    done(office.desk, one, now=MORNING + 4 * HOUR)
    office.tick(MORNING + 4 * HOUR)
    resent(office.desk, one, "Safari", now=MORNING + 5 * HOUR, signed=MORNING + 4 * HOUR)
    read = office.tick(MORNING + 5 * HOUR)
    assert [text for _, text in read if text.endswith("Safari")] != []
    assert all(where != ANNA for where, _ in read)


# To the sender


def test_the_sender_reads_each_change_that_matters_once_in_one_thread(office):
    one = handed(office.desk)
    office.tick()
    acknowledged(office.desk, one)
    assert office.tick(MORNING + HOUR) == [(ANNA, "checkout 2.4: Cho Min acknowledged it.")]
    done(office.desk, one, ticked=("What needs testing", "Risky areas", "Test data"))
    assert office.tick(MORNING + 2 * HOUR) == [(ANNA, "Cho Min is done. Looked at: build 812. Not ticked: Rollback")]
    assert [ts is None for where, ts, _ in office.read if where == ANNA] == [True, False]
    assert office.stands(one, ANNA)[0][2:] == [
        "Checked:", "✓ What needs testing", "✓ Risky areas", "✓ Test data", "○ Rollback",
        "*Done* by Cho Min, Wed 18 Nov 11:00. Looked at: build 812", "[Ask for it again…]",
    ]  # fmt: skip


def test_the_sender_of_what_came_back_has_the_next_move_in_their_message(office):
    one = handed(office.desk)
    office.tick()
    returned(office.desk, one)
    assert office.tick(MORNING + 2 * HOUR) == [(ANNA, "checkout 2.4: Cho Min returned it: It does not start")]
    assert office.stands(one, ANNA)[0][-3:] == ["[Send again…]", "[Change the due time…]", "[Withdraw it…]"]
    withdrawn(office.desk, one)
    assert office.tick(MORNING + 3 * HOUR) == [(CHO, "Anna Berg withdrew it: Not needed")]


def test_a_risk_is_told_with_whose_it_is(office):
    one = handed(office.desk)
    office.tick()
    done(office.desk, one, risk="No load test")
    assert office.tick(MORNING + 2 * HOUR)[0][1].startswith(
        "checkout 2.4: Cho Min is done, with a risk that they accept: No load test. Looked at: build 812"
    )


def test_who_hands_something_to_themselves_is_told_in_one_message(office):
    one = handed(office.desk, receiver="person/bo", by="bo", from_function="design")
    assert [where for where, _ in office.tick()] == [BO]
    done(office.desk, one, by="bo")
    assert office.tick(MORNING + 2 * HOUR) == []


def test_what_is_old_news_is_not_told_after_an_outage(office):
    one = handed(office.desk)
    office.tick()
    acknowledged(office.desk, one)
    assert office.tick(MORNING + 2 * DAY + 2 * HOUR) != []  # what is due is still said
    assert all("acknowledged" not in message["text"].partition("\n")[0] for _, _, message in office.read)


# Stale


def test_a_signature_that_went_stale_is_told_to_both_once(office):
    changed(office.desk.ledger)
    one = handed(office.desk, about="change:acme/api#101")
    office.tick()
    done(office.desk, one)
    office.tick(MORNING + 2 * HOUR)
    moved(office.desk.ledger)
    read = office.tick(MORNING + 5 * HOUR)
    assert [where for where, _ in read] == [CHO, ANNA] or [where for where, _ in read] == [ANNA, CHO]
    ((said,),) = [{text for _, text in read}]
    assert said.startswith("1 change came after build 812, which Cho Min looked at: <https://github.example/acme/api/")
    assert said.endswith("|acme/api#101 (b2)>. It is to be looked at again by Cho Min.")
    assert "[Done…]" in office.stands(one, CHO)[0]
    moved(office.desk.ledger, "c3", "18T14:30")
    assert office.tick(MORNING + 6 * HOUR) == []
    done(office.desk, one, "build 813", now=MORNING + 6 * HOUR)
    assert office.tick(MORNING + 6 * HOUR) == [
        (
            ANNA,
            "Cho Min is done. Looked at: build 813. Not ticked: What needs testing, Risky areas, Test data, Rollback",
        )
    ]
    assert "*Done* by Cho Min, Wed 18 Nov 15:00. Looked at: build 813" in office.stands(one, CHO)[0]


# Reminders


def thursday(hour, minute=0):
    return MORNING + DAY + timedelta(hours=hour - 9, minutes=minute)


def test_that_it_is_late_stays_said_when_whoever_leads_it_has_it_or_sleeps(office):
    own, told_to = handed(office.desk, "customer_success"), handed(office.desk)
    office.tick()
    moment, before, shown = MORNING, 0, {}
    for hours in range(1, 24 * 7, 4):  # day and night
        moment = MORNING + hours * HOUR
        office.tick(moment)
        for channel, _, message in office.slack.updates[before:]:
            shown.setdefault((channel, moment.date()), []).append(words(message))
        before = len(office.slack.updates)
    assert not [where for where in shown if where[1] >= (MORNING + 3 * DAY).date()]
    assert any("is not done" in line for line in office.stands(own, ANNA)[-1])
    assert any("is not done" in line for line in office.stands(told_to, ANNA)[-1])


def test_reminders_come_before_it_is_due_and_at_due_and_then_their_lead_hears(office):
    one = handed(office.desk)
    office.tick()
    assert office.tick(thursday(12, 59)) == []
    assert office.tick(thursday(13)) == [(CHO, "Due Thu 19 Nov 17:00: 4 working hours left.")]
    assert office.tick(thursday(14)) == []
    assert office.tick(thursday(17)) == [
        (CHO, "It was due Thu 19 Nov 17:00. Say that it is done, or return it with what is missing.")
    ]
    assert office.tick(thursday(17) + 16 * HOUR) == []
    assert sorted(office.tick(thursday(13) + DAY)) == [
        (ANNA, f"checkout 2.4: {NOT_DONE} I told Bo Cole, who leads QA."),
        (BO, "QA is late with checkout 2.4: it was due Thu 19 Nov 17:00. You lead it."),
        (CHO, f"{NOT_DONE} I told Bo Cole, who leads QA."),
    ]
    assert office.tick(thursday(14) + DAY) == []
    assert (
        "Was due *Thu 19 Nov 17:00*, overdue. It holds up checkout 2.4 until it is done." in office.stands(one, BO)[0]
    )
    assert "[Done…]" in office.stands(one, BO)[0]
    done(office.desk, one, now=thursday(15) + DAY)
    office.tick(thursday(15) + DAY)
    assert "[Done…]" not in office.stands(one, BO)[0]


def test_nobody_is_reminded_outside_of_their_working_hours(office):
    handed(office.desk, "customer_success", due_at=thursday(12))  # Eve works from 14 to 22 o'clock UTC
    office.tick()
    assert office.tick(thursday(12)) == []
    assert office.tick(thursday(14)) == [
        (EVE, "It was due Thu 19 Nov 07:00. Say that it is done, or return it with what is missing.")
    ]


def test_a_snooze_mutes_reminders_and_says_so(office):
    one = handed(office.desk)
    office.tick()
    act(office.desk, "snooze_handoff", "cho", thursday(10), one, until="tomorrow")
    assert office.tick(thursday(13)) == []
    assert any("No reminders until" in line for line in office.stands(one, CHO)[0])


def test_a_later_due_time_has_reminders_of_its_own_and_the_receiver_reads_of_it(office):
    one = handed(office.desk)
    office.tick()
    office.tick(thursday(13))
    act(office.desk, "reschedule_handoff", "anna", thursday(14), one, thursday(17) + DAY, why="It took longer")
    assert office.tick(thursday(14)) == [(CHO, "Anna Berg moved its due time to Fri 20 Nov 17:00: It took longer")]
    assert office.tick(thursday(17)) == []
    assert office.tick(thursday(13) + DAY) == [(CHO, "Due Fri 20 Nov 17:00: 4 working hours left.")]


def test_where_nobody_leads_the_function_the_sender_reads_so_and_what_to_do(office):
    handed(office.desk, "design")
    office.tick()
    (said,) = [text for where, text in office.tick(thursday(13) + DAY) if where == ANNA]
    assert said.startswith(f"checkout 2.4: {NOT_DONE} I know of nobody who leads Design, so I told nobody else.")
    assert said.endswith("Hand it to somebody by name, or ask whoever looks after Last Mile to say who leads it.")


def test_a_lead_who_has_it_themselves_is_not_told_of_themselves(office):
    handed(office.desk, receiver="person/bo")
    office.tick()
    assert sorted(office.tick(thursday(13) + DAY)) == [(ANNA, f"checkout 2.4: {NOT_DONE}"), (BO, NOT_DONE)]


# Whom nothing reaches


@pytest.mark.parametrize(
    ("to", "spoil", "said"),
    [
        (
            "qa",
            {"receiver": "person/bo", "guests": {BO}},
            "they are a guest here, or their account was deactivated. Hand",
        ),
        (
            "qa",
            {"receiver": "person/bo", "unknown": {BO}},
            "I can't tell who they are in Slack. Hand it to somebody else",
        ),
        (
            "sre",
            {},
            "This reached nobody: nobody is on duty for SRE, it has no channel, and nobody leads it. Hand it to",
        ),
        ("design", {"outside": {"C3"}}, "in the channel of Design: people of another company read it. Hand it to"),
        ("design", {"unseen": {"C3"}}, "I am not in its channel. Type /invite @lastmile there and I bring it"),
    ],
)
def test_the_sender_reads_plainly_whom_it_did_not_reach_and_what_to_do(office, to, spoil, said):
    for name in ("guests", "unknown", "outside", "unseen"):
        setattr(office.directory, name, spoil.get(name, set()))
    one = handed(office.desk, to, receiver=spoil.get("receiver"))
    ((where, text),) = office.tick()
    assert where == ANNA
    assert said in text
    assert office.stands(one, ANNA)[0][-3:] == [
        "[Hand it to somebody else…]", "[Change the due time…]", "[Withdraw it…]",
    ]  # fmt: skip
    assert office.tick(MORNING + HOUR) == []


def test_a_channel_that_may_not_see_it_does_not_read_it(sqlite_ledger, monkeypatch):
    office = told(sqlite_ledger, monkeypatch, '[access.channels]\nC3 = ["acme/web"]\n')
    changed(sqlite_ledger)
    handed(office.desk, "design", about="change:acme/api#101")
    ((where, text),) = office.tick()
    assert where == ANNA
    assert "not all who read it may see what it is about" in text


def test_it_is_brought_as_soon_as_somebody_can_be_reached(office):
    office.directory.unseen = {"C3"}
    one = handed(office.desk, "design")
    office.tick()
    office.directory.unseen = set()
    assert [where for where, _ in office.tick(MORNING + HOUR)] == ["C3"]
    assert not any("invite" in line for line in office.stands(one, ANNA)[0])


def test_what_slack_refuses_is_told_and_tried_again_the_next_day(office):
    handed(office.desk)
    office.tick(post=False)
    office.drain(refused={CHO})
    ((where, text),) = office.tick(MORNING + HOUR)
    assert where == ANNA
    assert "did not reach Cho Min: Slack did not let me write there. I try again tomorrow" in text
    assert office.tick(MORNING + 2 * HOUR) == []
    assert CHO in [where for where, _ in office.tick(MORNING + DAY + 2 * HOUR)]


def test_where_the_sender_can_not_be_reached_either_that_is_kept_to_be_looked_at(office):
    office.directory.unknown = {ANNA}
    one = handed(office.desk, "sre")
    assert office.tick() == []
    (mark,) = office.outbox.standing([one])
    assert (mark.state, mark.why) == ("skipped", "nobody")


# Chains


def test_a_chain_reads_as_one_and_each_of_its_messages_says_how_far_it_is(office):
    first = handed(office.desk)
    office.tick()
    done(office.desk, first)
    second = handed(
        office.desk, "customer_success", by="cho", from_function="qa", previous=first, now=MORNING + 3 * HOUR
    )
    office.tick(MORNING + 3 * HOUR)
    assert "Engineering → QA (done) → *Customer success* (open)" in office.stands(second, EVE)[0]
    assert "Engineering → *QA* (done) → Customer success (open)" in office.stands(first, CHO)[0]
    acknowledged(office.desk, second, by="eve", now=MORNING + 4 * HOUR)
    office.tick(MORNING + 4 * HOUR)
    assert "Engineering → *QA* (done) → Customer success (acknowledged)" in office.stands(first, CHO)[0]


# Once, whoever is at it


def test_settling_right_after_an_act_leaves_nothing_for_the_tick(office):
    one = handed(office.desk)
    office.handing.settle(one, MORNING, office.slack)
    office.drain()
    assert [where for where, _, _ in office.read] == [CHO]
    acknowledged(office.desk, one)
    office.now = MORNING + HOUR
    office.handing.settle(one, office.now, office.slack)
    assert words(office.slack.updates[-1][2])[-5] == "*Acknowledged* by Cho Min, Wed 18 Nov 10:00"
    office.drain()
    assert len(office.read) == 2
    assert office.tick() == []


def test_settling_one_puts_its_whole_chain_right(office):
    first = handed(office.desk)
    office.tick()
    done(office.desk, first)
    office.tick(MORNING + 2 * HOUR)
    office.now = MORNING + 3 * HOUR
    second = handed(office.desk, "customer_success", by="cho", from_function="qa", previous=first, now=office.now)
    office.handing.settle(second, office.now, office.slack)
    assert "Engineering → *QA* (done) → Customer success (open)" in office.stands(first, CHO)[0]


def test_what_is_unknown_or_fails_disturbs_nobody(office, monkeypatch):
    office.handing.settle("handoff:none", MORNING, office.slack)
    handed(office.desk)
    monkeypatch.setattr("digests.handing.log", MagicMock)
    monkeypatch.setattr(office.desk, "handoffs", lambda *_: 1 / 0)
    office.handing.settle("handoff:none", MORNING, office.slack)
    assert office.read == []


def test_several_processes_say_everything_once(office):
    others = [Handing(office.desk, office.outbox, office.directory) for _ in range(6)]
    one = handed(office.desk)
    acknowledged(office.desk, one)
    office.now = MORNING + HOUR
    threads = [threading.Thread(target=one.tick, args=(threading.Event(), office.slack)) for one in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    office.drain()
    assert sorted(where for where, _, _ in office.read) == [ANNA, CHO]


def test_one_handoff_that_fails_holds_up_no_other(office, monkeypatch):
    broken, fine = handed(office.desk, "customer_success"), handed(office.desk)
    real = office.directory.inside
    monkeypatch.setattr("digests.handing.log", MagicMock)
    monkeypatch.setattr(office.directory, "inside", lambda user, now: 1 / 0 if user == EVE else real(user, now))
    assert [where for where, _ in office.tick()] == [CHO]
    assert office.outbox.standing([broken]) == ()
    assert office.outbox.standing([fine]) != ()


def test_where_slack_can_not_be_asked_it_is_told_as_soon_as_it_can(office):
    office.directory.offline = True
    handed(office.desk)
    assert office.tick() == []
    office.directory.offline = False
    assert [where for where, _ in office.tick(MORNING + HOUR)] == [CHO]


def test_nothing_is_said_where_there_is_no_slack(office):
    silent = Handing(office.desk, office.outbox, Nobody())
    one = handed(office.desk)
    silent.settle(one, MORNING)
    assert silent.tick(threading.Event()) == 0
    assert office.outbox.standing([one]) == ()


def test_a_process_that_stops_says_no_more(office):
    stopping = threading.Event()
    stopping.set()
    handed(office.desk)
    assert office.handing.tick(stopping, office.slack) == 0


def test_a_tick_in_which_nothing_changed_reads_and_writes_no_post(office, monkeypatch):
    for number in range(3):
        handed(office.desk, needed=f"Test {number}")
    office.tick()
    asked = []
    monkeypatch.setattr(type(office.outbox), "standing", lambda _, causes: asked.append(list(causes)) or ())
    office.tick(MORNING + timedelta(minutes=9))
    assert asked == [[], []]
    office.tick(MORNING + timedelta(minutes=11), post=False)
    assert len(asked[-1]) == 3  # once in a while all of it is looked at


def test_a_tick_before_which_nothing_was_learnt_does_not_work_out_how_all_stands(office, monkeypatch):
    handed(office.desk)
    office.tick()
    asked, stands = [], type(office.desk).handoffs
    monkeypatch.setattr(type(office.desk), "handoffs", lambda *given: asked.append(given) or stands(*given))
    for seconds in (15, 30, 45):
        office.tick(MORNING + timedelta(seconds=seconds), post=False)
    assert asked == []
    handed(office.desk, needed="Test the rest")
    assert len(office.tick(MORNING + timedelta(seconds=50))) == 1
    assert len(asked) == 1
    office.tick(MORNING + timedelta(seconds=111), post=False)
    assert len(asked) == 2


def test_the_end_of_a_working_day_disturbs_nothing_that_waits_for_no_reminder(office, monkeypatch):
    handed(office.desk, due_at=MORNING + 9 * DAY)
    office.tick()
    office.tick(MORNING + 8 * HOUR)
    asked = []
    monkeypatch.setattr(type(office.outbox), "standing", lambda _, causes: asked.append(list(causes)) or ())
    office.tick(MORNING + 8 * HOUR + timedelta(minutes=9), post=False)
    assert asked == [[]]
    office.tick(MORNING + 8 * HOUR + timedelta(minutes=9, seconds=59), post=False)
    assert asked == [[], []]


def test_what_was_pruned_is_not_told_again(office):
    one = handed(office.desk)
    acknowledged(office.desk, one)
    office.tick(MORNING + HOUR)
    later = MORNING + 61 * DAY
    office.outbox.prune(later - DAY)
    assert office.outbox.standing([one]) == ()
    fresh = Handing(office.desk, office.outbox, office.directory)
    office.now = later
    fresh.tick(threading.Event(), office.slack)
    assert office.outbox.standing([one]) == ()


# Putting right what stands


def test_what_was_rewritten_and_not_shown_is_shown_by_the_next(office):
    one = handed(office.desk)
    office.tick()
    acknowledged(office.desk, one)
    office.slack.trouble = [Down("no answer")]
    office.tick(MORNING + HOUR, post=False)
    assert office.slack.updates == []
    office.tick(MORNING + HOUR + timedelta(seconds=30), post=False)
    assert office.slack.updates == []  # whoever rewrote it has a minute to show it
    office.tick(MORNING + HOUR + timedelta(seconds=61), post=False)
    assert words(office.slack.updates[-1][2]) == office.stands(one, CHO)[0]
    before = len(office.slack.updates)
    office.tick(MORNING + HOUR + timedelta(seconds=200), post=False)
    assert len(office.slack.updates) == before


def test_a_message_that_was_deleted_is_not_tried_again_until_it_says_something_else(office):
    one = handed(office.desk)
    office.tick()
    acknowledged(office.desk, one)
    office.slack.trouble = [Unpostable("message_not_found")]
    for minutes in range(4):
        office.tick(MORNING + HOUR + timedelta(minutes=2 * minutes))
    assert [channel for channel, _, _ in office.slack.updates] == []
    done(office.desk, one)
    office.tick(MORNING + 2 * HOUR)
    assert {channel for channel, _, _ in office.slack.updates} == {"D3", "D1"}


def test_one_round_puts_only_so_many_right_and_the_next_goes_on(office, monkeypatch):
    monkeypatch.setattr("digests.handing.MOST", 2)
    many = [handed(office.desk, needed=f"Test {number}") for number in range(5)]
    office.tick()
    for one in many:
        withdrawn(office.desk, one, now=MORNING + HOUR)
    counts = []
    for minutes in range(4):
        office.tick(MORNING + HOUR + timedelta(minutes=2 * minutes), post=False)
        counts.append(len(office.slack.updates))
    assert counts == [2, 4, 5, 5]


def test_slack_asking_for_patience_loses_nothing(office):
    one = handed(office.desk)
    office.tick()
    withdrawn(office.desk, one, now=MORNING + HOUR)
    office.slack.trouble = [Limited(30)]
    office.tick(MORNING + HOUR)
    office.tick(MORNING + HOUR + timedelta(minutes=2))
    assert "*Withdrawn* by Anna Berg" in words(office.slack.updates[-1][2])[-1]


class Slower:
    """A poster whose first update of the receiver's message lands only after ``meanwhile``."""

    def __init__(self, shown, meanwhile=lambda: None):
        self.shown, self.meanwhile = shown, meanwhile

    def update(self, channel, ts, message):
        if channel == "D3":
            meanwhile, self.meanwhile = self.meanwhile, lambda: None
            meanwhile()
        self.shown[channel, ts] = message


def test_of_two_who_update_at_once_the_slower_leaves_what_is_true(office):
    one = handed(office.desk)
    office.tick()
    acknowledged(office.desk, one, now=MORNING + HOUR)
    shown, other = {}, Handing(office.desk, office.outbox, office.directory)
    soon = MORNING + HOUR + timedelta(seconds=1)

    def meanwhile():
        returned(office.desk, one, now=soon)
        other.settle(one, soon, Slower(shown))

    office.handing.settle(one, MORNING + HOUR, Slower(shown, meanwhile))
    (reads,) = [words(message) for (channel, _), message in shown.items() if channel == "D3"]
    assert reads == office.stands(one, CHO)[0]
    assert any("*Returned*" in line for line in reads)


def test_whoever_planned_before_another_rewrote_leaves_that(office):
    one = handed(office.desk)
    office.tick()
    acknowledged(office.desk, one, now=MORNING + HOUR)
    other = Handing(office.desk, office.outbox, office.directory)

    def meanwhile(step):
        if step == "planned" and not done_:
            done_.append(step)
            returned(office.desk, one, now=MORNING + HOUR)
            other.settle(one, MORNING + HOUR, office.slack)

    done_ = []
    Handing(office.desk, office.outbox, office.directory, meanwhile).settle(one, MORNING + HOUR, office.slack)
    assert any("*Returned*" in line for line in office.stands(one, CHO)[0])
    assert any("*Returned*" in line for line in words(office.slack.updates[-1][2]))


def test_once_slack_asks_for_patience_no_process_updates_anything_for_as_long(office):
    many = [handed(office.desk, needed=f"Test {number}") for number in range(5)]
    office.tick()
    for one in many:
        withdrawn(office.desk, one, now=MORNING + HOUR)
    office.slack.trouble = [Limited(30)]
    office.tick(MORNING + HOUR, post=False)
    other = Handing(office.desk, office.outbox, office.directory)
    for process in (office.handing, other):
        office.now = MORNING + HOUR + timedelta(seconds=29)
        process.tick(threading.Event(), office.slack)
        process.settle(many[0], office.now, office.slack)
    assert (office.slack.trouble, office.slack.updates) == ([], [])
    for minutes in (1, 2):
        office.tick(MORNING + HOUR + timedelta(minutes=minutes, seconds=30), post=False)
    assert len(office.slack.updates) == 5


def test_all_is_owed_before_anything_is_updated(office):
    first = handed(office.desk)
    office.tick()
    withdrawn(office.desk, first, now=MORNING + HOUR)
    others = [handed(office.desk, needed=f"Test {number}") for number in range(3)]
    owed = []

    class Watching:
        def update(self, *_):
            owed.append(len(office.outbox.standing(others)))

    office.now = MORNING + HOUR
    office.handing.tick(threading.Event(), Watching())
    assert owed == [3]


def test_what_is_open_keeps_its_message_and_its_reminders_however_long_it_takes(office):
    start = at("2027-03-01T09:00")
    one = handed(office.desk, now=start, due_at=start + 77 * DAY)
    over = handed(office.desk, needed="Test the rest", now=start)
    office.tick(start)
    withdrawn(office.desk, over, now=start + HOUR)
    office.tick(start + HOUR)
    read = []
    for day in range(1, 80):
        office.now = start + day * DAY
        office.outbox.prune(office.now - 60 * DAY, office.handing.lasting())
        read += office.tick(start + day * DAY)
    assert office.outbox.standing([over]) == ()
    assert any(where == CHO and text.startswith("It was due") for where, text in read)
    assert sum("hands you" in text for _, text in read) == 0
    assert len(office.stands(one, CHO)) == 1


# Who may see what


def test_a_channel_that_became_shared_reads_nothing_more_and_the_sender_why(office):
    one = handed(office.desk, "design")
    office.tick()
    before = office.stands(one, "C3")
    office.directory.outside = {"C3"}
    acknowledged(office.desk, one, by="dee")
    act(office.desk, "reschedule_handoff", "anna", MORNING + HOUR, one, MORNING + 3 * DAY, why="A secret reason")
    read = office.tick(MORNING + HOUR)
    assert {where for where, _ in read} == {ANNA}
    assert any("people of another company read it" in text for _, text in read)
    withdrawn(office.desk, one)
    assert office.tick(MORNING + 3 * HOUR) == []
    assert office.stands(one, "C3") == before
    assert {channel for channel, _, _ in office.slack.updates} == {"D1"}


def test_whoever_lost_access_reads_nothing_more_not_even_below_what_they_had(sqlite_ledger, office):
    changed(sqlite_ledger)
    one = handed(office.desk, about="change:acme/api#101")
    office.tick()
    before = office.stands(one, CHO)
    policy = office.desk.policy
    people = {**policy.access.people, "cho": ("acme/web",)}
    access = policy.access.model_copy(update={"people": people})
    office.desk.policy = policy.model_copy(update={"access": access})
    fresh = Company(
        office.desk, Handing(office.desk, office.outbox, office.directory), office.directory, office.slack, MORNING
    )
    act(fresh.desk, "reschedule_handoff", "anna", MORNING + HOUR, one, MORNING + 3 * DAY, why="A secret reason")
    read = fresh.tick(MORNING + HOUR)
    assert [where for where, _ in read] == ["C2"]  # whom it goes to now; Cho is on duty and may not see it
    withdrawn(fresh.desk, one)
    fresh.tick(MORNING + 3 * HOUR)
    assert CHO not in {where for where, _, _ in fresh.read}
    assert fresh.stands(one, CHO) == before
    assert "D3" not in {channel for channel, _, _ in office.slack.updates}


def test_whoever_is_no_member_any_more_reads_nothing_more(office):
    one = handed(office.desk, receiver="person/cho")
    office.tick()
    office.directory.guests = {CHO}
    withdrawn(office.desk, one)
    assert office.tick(MORNING + 3 * HOUR) == []
    assert office.slack.updates == []


def test_what_came_later_is_named_only_to_whom_may_see_it(office, monkeypatch):
    from assistant.handoffs.standing import Later
    from digests.handoffs import wording

    stand = office.desk.handoff(handed(office.desk), as_viewer("fay"), MORNING)
    later = (Later("change:acme/secret#1", "acme/secret#1", MORNING), Later("change:acme/web#2", "acme/web#2", MORNING))
    seen = wording.seen_by(as_viewer("anna"), replace(stand, state=HandoffState.STALE, later=later))
    assert [one.name for one in seen.later] == ["acme/secret#1", "acme/web#2"]
    seen = wording.seen_by(as_viewer("cho"), replace(stand, later=later))
    assert [one.name for one in seen.later] == ["", "acme/web#2"]
    assert "secret" not in f"{seen.later} {seen.came}"


def test_keys_name_nobody(office):
    one = handed(office.desk)
    acknowledged(office.desk, one)
    office.tick(MORNING + HOUR)
    assert FAY not in [where for where, _, _ in office.read]
    keys = " ".join(post.key for post in office.outbox.standing([one]))
    assert not any(name in keys for name in ("anna", "cho", CHO, ANNA))


def test_all_of_it_works_on_either_database(ledger, monkeypatch):
    planned(ledger)
    office = told(ledger, monkeypatch)
    one = handed(office.desk)
    office.tick()
    acknowledged(office.desk, one)
    office.tick(MORNING + HOUR)
    assert [where for where, _, _ in office.read] == [CHO, ANNA]
    assert "*Acknowledged* by Cho Min, Wed 18 Nov 10:00" in office.stands(one, CHO)[0]
    assert b"Test the payments" in stored(ledger)
