"""A source is heard over stretches: each as long as no pause in it is too long."""

from datetime import timedelta

import pytest

from storage.facts import Needs
from storage.hearing import BACK
from storage.records import Delivery, Ignored, Taken
from tests.builders import NOON
from tests.ledgers import delivered, event, ledger_at

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def ledger(database_url):
    made = ledger_at(database_url)
    yield made
    made.close()


def heard(ledger, within=4 * DAY, now=NOON):
    return ledger.load(Needs(heard_within=within), now).heard


def tell(ledger, *days, source="pagerduty"):
    """Events so many days before noon, imported: they came in no delivery with a receipt."""
    for number, day in enumerate(days):
        told = event(key=f"{source}{number}", at=NOON - day * DAY, source=source)
        ledger.append([delivered(told, number=number, received=None, source=source)])


def days(stretches):
    return [tuple((NOON - edge) / DAY for edge in stretch) for stretch in stretches]


def test_without_being_asked_nothing_is_said(ledger):
    tell(ledger, 1)
    assert ledger.load(Needs(), NOON).heard == {}
    assert heard(ledger).keys() == {"pagerduty"}


def test_an_empty_ledger_heard_nobody(ledger):
    assert heard(ledger) == {}


def test_pauses_that_are_short_enough_are_none(ledger):
    tell(ledger, 20, 16, 13, 12.9, 12.5, 9, 5, 1)
    assert days(heard(ledger)["pagerduty"]) == [(20, 1)]


def test_a_longer_pause_makes_two_stretches(ledger):
    tell(ledger, 20, 17, 12.9, 12, 3)
    assert days(heard(ledger)["pagerduty"]) == [(20, 17), (12.9, 12), (3, 3)]


def test_each_source_is_heard_by_itself(ledger):
    tell(ledger, 9, 6)
    tell(ledger, 3, 1, source="github")
    told = heard(ledger)
    assert (days(told["pagerduty"]), days(told["github"])) == ([(9, 6)], [(3, 1)])


def test_a_delivery_counts_when_it_came_whatever_it_was_worth(ledger):
    tell(ledger, 9)
    ping = Delivery("pagerduty", "ping", {}, b"{}", NOON - 6 * DAY)
    ledger.append([Taken(ping, Ignored("A test"))])
    tell(ledger, 2.5, source="pagerduty-2")
    late = event(key="late", at=NOON - 5 * DAY, source="pagerduty")
    ledger.append([delivered(late, number=77, received=NOON - 2 * DAY, source="pagerduty")])
    assert days(heard(ledger)["pagerduty"]) == [(9, 2)]


def test_what_was_heard_before_one_looks_counts_as_its_newest_word_then(ledger):
    old = BACK / DAY + 3
    tell(ledger, old + 50, old, old - 5, 1)
    assert days(heard(ledger)["pagerduty"]) == [(old, old), (old - 5, old - 5), (1, 1)]


def test_it_takes_few_steps_however_much_is_told(ledger):
    tell(ledger, *(hours / 24 for hours in range(0, 24 * 12, 3)))
    assert days(heard(ledger)["pagerduty"]) == [(pytest.approx(11.875), 0)]
    assert len(heard(ledger, within=HOUR)["pagerduty"]) == 96
