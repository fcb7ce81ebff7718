"""What reached nobody can be told from the outbox alone."""

from datetime import timedelta

import pytest

from digests.handoffs.unbrought import unbrought
from tests.digests.passing import ANNA, CHO, HOUR, told
from tests.handing import MORNING, acknowledged, handed, planned, reassigned, withdrawn


@pytest.fixture
def office(sqlite_ledger, monkeypatch):
    planned(sqlite_ledger)
    return told(sqlite_ledger, monkeypatch)


def found(office):
    handoffs = office.desk.ledger.handoffs(MORNING - timedelta(days=1))
    return {one.object: why for one, why in unbrought(office.outbox, handoffs)}


def test_what_stands_with_its_receiver_or_was_not_tried_yet_is_no_finding(office):
    handed(office.desk)
    assert found(office) == {}
    office.tick()
    assert found(office) == {}


@pytest.mark.parametrize("unknown", [set(), {ANNA}])
def test_what_reached_nobody_is_found_with_why_whether_or_not_its_sender_knows(office, unknown):
    office.directory.unknown = unknown
    one = handed(office.desk, "sre")
    office.tick()
    assert found(office) == {one: "nobody is on duty, there is no channel, and nobody leads the function"}


def test_what_slack_refused_is_found_with_what_it_said(office):
    one = handed(office.desk)
    office.tick(post=False)
    office.drain(refused={CHO})
    assert found(office) == {one: "Slack did not take the message: user_disabled"}


def test_once_somebody_has_it_or_nobody_needs_it_it_is_found_no_more(office):
    given, back, taken = (handed(office.desk, "sre") for _ in range(3))
    office.tick()
    assert len(found(office)) == 3
    reassigned(office.desk, given, by="anna", to_function="qa")
    withdrawn(office.desk, back)
    office.tick(MORNING + 3 * HOUR)
    assert list(found(office)) == [taken]
    acknowledged(office.desk, taken, by="bo")
    assert list(found(office)) == [taken]
