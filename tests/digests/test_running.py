"""Does each moment become one run, whoever else is at it, and does one that fails hold up no other?"""

import threading
from collections import Counter
from datetime import timedelta

import pytest
import structlog
from freezegun import freeze_time

from app import clock
from assistant.acts import pause_subscription
from assistant.viewer import viewer_for
from digests.speaking import Digests
from tests.builders import at
from tests.digests.saying import DECLARED, NINE, company

GO_ON = threading.Event()
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def office(ledger, monkeypatch):
    return company(ledger, monkeypatch)


def another(office, **more):
    """A second replica over the same database."""
    return Digests(office.desk, office.desk.ledger.outbox, office.directory, DECLARED, **more)


def tick(office, now=None, digests=None):
    office.now = now or office.now
    return dict((digests or office.digests).tick(GO_ON))


def test_what_is_due_is_posted_once_by_whoever_comes_first(office):
    one, other = office.subscribed(channel="C1"), office.subscribed(channel="C2")
    assert tick(office, NINE - MINUTE) == {"skipped": 10}  # of a week, when nobody was there
    assert tick(office, NINE) == {"posted": 2}
    assert tick(office, NINE + MINUTE) == tick(office, NINE + MINUTE, another(office)) == {}
    assert office.states(one)[NINE] == office.states(other)[NINE] == "owed"
    assert len(office.owed()) == 4


def test_replicas_at_it_together_post_each_once(office):
    for number in range(12):
        office.subscribed(channel=f"C{number}0", at=NINE - MINUTE)
    replicas, done = [another(office) for _ in range(3)], Counter()
    threads = [threading.Thread(target=lambda it=it: done.update(it.tick(GO_ON))) for it in replicas]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert done == {"posted": 12}
    assert len(office.owed()) == 24


def test_one_that_fails_is_over_with_a_reference_and_the_others_go_on(office):
    broken, fine = office.subscribed(channel="C1", at=NINE - HOUR), office.subscribed(channel="C2", at=NINE - HOUR)
    office.tiny.breaks.add(broken.object)
    with structlog.testing.capture_logs() as logs:
        assert tick(office) == {"failed": 1, "posted": 1}
    (run,) = office.desk.ledger.outbox.runs([broken.object], 1)
    (line,) = [line for line in logs if line["log_level"] == "error"]
    assert run.why == f"it could not be worked out, reference {line['reference']}"
    assert office.states(fine) == {NINE: "owed"}
    office.tiny.breaks.clear()
    assert tick(office, NINE + MINUTE) == {}


def test_a_silent_one_is_over_and_owes_nothing(office):
    office.tiny.things.clear()
    one = office.subscribed(channel="C1", at=NINE - HOUR)
    assert tick(office) == {"silent": 1}
    assert (office.states(one), office.owed()) == ({NINE: "silent"}, [])


def test_what_was_missed_while_down_comes_late_and_says_so(office):
    office.subscribed(channel="C1", at=NINE - HOUR)
    assert tick(office, NINE + HOUR) == {"posted": 1}
    assert "Late: this was due today 09:00" in office.owed()[0].message["text"]


def test_what_is_too_late_is_left_out_once_and_logged(office):
    one = office.subscribed(channel="C1", at=NINE - HOUR)
    with structlog.testing.capture_logs() as logs:
        assert tick(office, NINE + 3 * HOUR) == {"skipped": 1}
    assert [(line["event"], line["subscription"]) for line in logs] == [("left out", one.object)]
    assert tick(office, NINE + 3 * HOUR + MINUTE) == tick(office, office.now, another(office)) == {}
    assert office.states(one) == {NINE: "skipped"}


def test_every_missed_moment_of_a_week_is_kept_as_left_out_and_logged_by_one_of_all(office):
    one = office.subscribed(channel="C1")
    monday = at("2026-11-23T11:00")
    with structlog.testing.capture_logs() as logs:
        assert tick(office, monday) == {"skipped": 5}
        assert tick(office, monday, another(office)) == {}
    days = [f"2026-11-{day}T08:00:00+00:00" for day in (17, 18, 19, 20, 23)]
    assert [line["due"] for line in logs] == days
    assert list(office.states(one).values()) == ["skipped"] * 5


def test_a_missed_moment_that_a_dying_process_held_is_left_out_once_its_claim_is_over(office):
    one = office.subscribed(channel="C1", at=NINE - HOUR)
    late = NINE + 2 * HOUR
    assert office.desk.ledger.outbox.claim_run(one.object, NINE, late - MINUTE / 2, MINUTE, "somebody who died")
    assert tick(office, late) == {}
    assert tick(office, late + MINUTE) == {"skipped": 1}
    assert tick(office, late + 2 * MINUTE) == {}


def test_one_that_can_not_be_left_out_holds_up_no_other_and_is_left_out_by_the_next_tick(office, monkeypatch):
    broken, fine = office.subscribed(channel="C1", at=NINE - HOUR), office.subscribed(channel="C2", at=NINE - HOUR)
    finish = office.digests.outbox.finish_run

    def failing(subscription, *rest):
        if subscription == broken.object:
            raise OSError("the database went away")
        return finish(subscription, *rest)

    monkeypatch.setattr(office.digests.outbox, "finish_run", failing)
    with structlog.testing.capture_logs():
        assert tick(office, NINE + 3 * HOUR) == {"skipped": 1}
    assert office.states(fine) == {NINE: "skipped"}
    monkeypatch.setattr(office.digests.outbox, "finish_run", finish)
    assert tick(office, NINE + 3 * HOUR + 2 * MINUTE) == {"skipped": 1}
    assert office.states(broken) == {NINE: "skipped"}


def test_one_whose_end_could_not_be_kept_is_tried_again_once_its_claim_is_over(office, monkeypatch):
    one = office.subscribed(channel="C1", at=NINE - HOUR)

    finish = office.digests.outbox.finish_run

    def failing(*_all):
        raise OSError("the database went away")

    monkeypatch.setattr(office.digests.outbox, "finish_run", failing)
    with structlog.testing.capture_logs():
        assert tick(office) == {"failed": 1}
    monkeypatch.setattr(office.digests.outbox, "finish_run", finish)
    assert tick(office, NINE + MINUTE / 2) == {}
    assert tick(office, NINE + MINUTE) == {"posted": 1}
    assert office.states(one) == {NINE: "owed"}


def test_one_that_can_not_be_claimed_holds_up_no_other(office, monkeypatch):
    broken, fine = office.subscribed(channel="C1", at=NINE - HOUR), office.subscribed(channel="C2", at=NINE - HOUR)
    claim = office.digests.outbox.claim_run

    def failing(subscription, *rest):
        if subscription == broken.object:
            raise OSError("the database went away")
        return claim(subscription, *rest)

    monkeypatch.setattr(office.digests.outbox, "claim_run", failing)
    with structlog.testing.capture_logs():
        assert tick(office) == {"failed": 1, "posted": 1}
    monkeypatch.setattr(office.digests.outbox, "claim_run", claim)
    assert tick(office, NINE + MINUTE) == {"posted": 1}
    assert list(office.states(fine)) == [NINE]


# Slack can't be asked


def test_while_slack_can_not_be_asked_a_run_waits_and_then_comes(office):
    one = office.subscribed(channel="C1", at=NINE - HOUR)
    office.directory.away = True
    with structlog.testing.capture_logs() as logs:
        assert tick(office) == {"put off": 1}
    assert [(line["event"], line["log_level"], line["subscription"]) for line in logs] == [
        ("put off", "warning", one.object)
    ]
    assert tick(office, NINE + timedelta(seconds=14)) == {}
    office.directory.away = False
    assert tick(office, NINE + timedelta(seconds=15)) == {"posted": 1}
    assert office.find(one).paused_at is None
    assert len(office.owed()) == 2


def test_another_process_takes_over_what_was_put_off(office):
    office.subscribed(channel="C1", at=NINE - HOUR)
    office.directory.away = True
    tick(office)
    office.directory.away = False
    assert tick(office, NINE + MINUTE, another(office)) == {"posted": 1}
    assert tick(office, NINE + 2 * MINUTE) == {}


def test_slack_is_asked_less_and_less_often_and_in_the_end_it_is_left_out_with_why(office):
    one = office.subscribed(channel="C1", at=NINE - HOUR)
    office.directory.away = True
    with structlog.testing.capture_logs() as logs:
        for quarter in range(2 * 60 * 4 + 4):
            tick(office, NINE + quarter * MINUTE / 4)
    assert 20 < office.directory.asked < 45
    (run,) = office.desk.ledger.outbox.runs([one.object], 5)
    assert (run.state, run.why) == ("skipped", "Slack could not be asked who reads it")
    assert [line["event"] for line in logs][-1] == "left out"
    office.directory.away = False
    assert tick(office, NINE + 3 * HOUR) == {}
    assert office.owed() == []


@pytest.mark.parametrize(("seconds", "expected"), [(-1, "posted"), (0, "skipped")])
def test_it_may_come_until_the_last_moment(office, seconds, expected):
    office.subscribed(channel="C1", at=NINE - HOUR)
    office.directory.away = True
    with structlog.testing.capture_logs():
        tick(office, NINE + 2 * HOUR - MINUTE)
    office.directory.away = False
    with freeze_time(NINE + 2 * HOUR + timedelta(seconds=seconds)):
        assert tick(office, clock()) == {expected: 1}


def test_when_slack_is_away_a_tick_does_not_ask_for_all_of_a_thousand(office):
    for number in range(9):
        office.subscribed(channel=f"C{number}0", at=NINE - HOUR)
    office.directory.away = True
    with structlog.testing.capture_logs():
        assert tick(office) == {"put off": 3}
        assert tick(office, NINE + timedelta(seconds=1)) == {"put off": 3}
    office.directory.away = False
    assert tick(office, NINE + MINUTE) == {"posted": 9}


# What was seen


def seen(office, one):
    who = viewer_for(office.desk.policy, "person/anna", "A")
    return office.digests.told("tiny", "", who, office.now, channel="C1", subscription=one.object).answer.seen


def test_what_was_posted_has_been_seen_and_what_is_owed_has_not(office):
    one = office.subscribed(channel="C1", at=NINE - HOUR)
    tick(office)
    assert seen(office, one) is None
    office.owed()
    assert seen(office, one) == {"things": ["web#1", "web#2"]}


def test_what_was_given_up_or_refused_has_not_been_seen(office):
    one, outbox = office.subscribed(channel="C1", at=NINE - HOUR), office.desk.ledger.outbox
    tick(office)
    (lead,) = outbox.claim(NINE, "test", MINUTE, 10)
    assert outbox.over(lead.key, "test", NINE, "failed", "is_archived")
    assert seen(office, one) is None


def test_what_is_found_to_stand_after_a_crash_has_been_seen(office):
    one, outbox = office.subscribed(channel="C1", at=NINE - HOUR), office.desk.ledger.outbox
    tick(office)
    outbox.claim(NINE, "died", MINUTE, 10)
    (lead,) = outbox.claim(NINE + 2 * MINUTE, "test", MINUTE, 10)
    assert lead.unsure
    assert set(lead.message) == {"text", "blocks"}
    assert outbox.posted(lead.key, "test", NINE + 2 * MINUTE, "1.0", "C1")
    assert seen(office, one) == {"things": ["web#1", "web#2"]}


def test_what_a_dying_process_claimed_is_taken_over_when_its_claim_is_over(office):
    one = office.subscribed(channel="C1", at=NINE - HOUR)
    assert office.desk.ledger.outbox.claim_run(one.object, NINE, NINE, MINUTE, "somebody who died")
    assert tick(office, NINE) == tick(office, NINE + MINUTE / 2) == {}
    assert tick(office, NINE + 2 * MINUTE) == {"posted": 1}


def test_whoever_took_longer_than_their_claim_held_owes_nothing_and_remembers_nothing(office):
    one = office.subscribed(channel="C1", at=NINE - HOUR)

    def lose(step):
        if step == "planned":
            assert office.desk.ledger.outbox.claim_run(one.object, NINE, NINE + 2 * MINUTE, MINUTE, "another")

    slow = another(office, reached=lose)
    tick(office, NINE, slow)
    assert office.owed() == []
    assert office.desk.ledger.outbox.finish_run(one.object, NINE, "another", NINE + 2 * MINUTE, "silent")
    told = office.digests.told(
        "tiny", "", viewer_for(office.desk.policy, "person/anna", "A"), NINE, subscription=one.object
    )
    assert told.answer.seen is None


def test_the_steps_of_a_run_are_told_in_order(office):
    office.subscribed(channel="C1", at=NINE - HOUR)
    steps = []
    tick(office, NINE, another(office, reached=steps.append))
    assert steps == ["claimed", "planned", "owed"]


def test_what_is_paused_is_not_due_and_what_is_broken_pauses(office):
    paused, broken = (
        office.subscribed(channel="C1", at=NINE - HOUR),
        office.subscribed(channel="C2", at=NINE - HOUR, about="team x"),
    )
    anna = viewer_for(office.desk.policy, "person/anna", "Anna")
    office.desk.act("pause_subscription", pause_subscription.Wish(paused.object), anna, NINE - MINUTE)
    assert tick(office) == {"skipped": 1}
    assert office.find(broken).paused_why.startswith("What it is about has gone")
    assert office.states(paused) == {}


def test_a_whole_silent_week_ends_in_an_all_clear_and_one_with_news_does_not(office):
    office.tiny.things.clear()
    monday = at("2026-11-16T08:00")
    one = office.subscribed(channel="C1", at=monday - HOUR, all_clear=True)
    ended = [tick(office, monday + day * DAY) for day in range(5)]
    assert ended == [{"silent": 1}] * 4 + [{"posted": 1}]
    for day in range(7, 12):
        office.tiny.things[:] = ["web#1"] if day == 8 else []
        tick(office, monday + day * DAY)
    assert office.states(one)[monday + 11 * DAY] == "silent"


def test_a_week_in_which_one_was_missed_is_not_called_clear(office):
    office.tiny.things.clear()
    monday = at("2026-11-16T08:00")
    office.subscribed(channel="C1", at=monday - HOUR, all_clear=True)
    ended = [tick(office, monday + day * DAY) for day in (0, 1, 2, 4)]
    assert ended == [{"silent": 1}] * 3 + [{"skipped": 1, "silent": 1}]


def test_a_stop_is_heard_between_two_runs(office):
    for number in range(3):
        office.subscribed(channel=f"C{number}0", at=NINE - HOUR)
    stopping = threading.Event()
    digests = another(office, reached=lambda step: stopping.set() if step == "owed" else None)
    assert digests.tick(stopping) == {"posted": 1}
    assert tick(office) == {"posted": 2}


def test_a_rehearsal_shows_what_a_tick_would_post_and_does_nothing(office):
    one = office.subscribed(channel="C1", at=NINE - HOUR)
    for _ in range(2):
        ((subscription, plan),) = office.digests.rehearse()
        assert (subscription, plan.state, len(plan.posts)) == (one, "posted", 2)
    assert (office.states(one), office.owed()) == ({}, [])
    tick(office)
    assert list(office.digests.rehearse()) == []


def test_a_digest_that_is_no_longer_declared_is_passed_over(office):
    office.subscribed(channel="C1", at=NINE - HOUR)
    assert tick(office, NINE, Digests(office.desk, office.desk.ledger.outbox, office.directory, {})) == {}
