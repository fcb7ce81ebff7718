"""Does each moment become one run, whoever else is at it, and does one that fails hold up no other?"""

import threading
from collections import Counter
from datetime import timedelta

import pytest
import structlog

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
    assert tick(office, NINE - MINUTE) == {"skipped": 2}  # yesterday's, when nobody was there
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
