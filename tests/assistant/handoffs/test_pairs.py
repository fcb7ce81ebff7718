"""What is usual from one function to another, and by when?"""

import pytest

from assistant.handoffs.pairs import Pair, pair_of, usual_due
from tests.builders import at, policy_of
from tests.handing import company

THURSDAY = at("2026-11-19T12:00")
OWN = '[[handoffs.pairs]]\nfrom = "engineering"\nto = "qa"\nchecklist = ["Risks"]\ndue_hours = 4\ngating = false\n'


@pytest.mark.parametrize(
    ("from_function", "to_function", "checklist", "gating"),
    [
        ("engineering", "qa", ("What needs testing", "Risky areas", "Test data", "Rollback"), True),
        ("design", "engineering", ("Components", "States", "Accessibility"), False),
        (
            "engineering",
            "customer_success",
            ("What changes for customers", "Who asked for it", "Training", "Support brief", "Known limits"),
            True,
        ),
        ("product", "sre", (), True),
    ],
)
def test_a_pair_has_its_usual_checklist_and_gates_as_is_usual(from_function, to_function, checklist, gating):
    assert pair_of(from_function, to_function, company()) == Pair(checklist, 16, gating)


def test_what_is_configured_of_a_pair_takes_the_place_of_what_is_usual():
    assert pair_of("engineering", "qa", company(OWN)) == Pair(("Risks",), 4, gating=False)
    assert pair_of("qa", "engineering", company(OWN)) == Pair((), 16, gating=True)
    assert pair_of("design", "engineering", policy_of("[handoffs]\ndue_hours = 2")).due_hours == 2


def due(hours, to_function="qa", receiver=None, now=THURSDAY, more=""):
    return usual_due(Pair((), hours, gating=True), to_function, receiver, company(more), now)


def test_it_is_due_after_so_many_working_hours():
    assert due(4) == at("2026-11-19T16:00")
    assert due(16) == at("2026-11-23T12:00")  # Friday is a working day, the weekend is none
    assert due(4, now=THURSDAY.replace(second=3, microsecond=5)) == at("2026-11-19T16:00:03")


def test_they_are_the_hours_of_whoever_receives_it():
    assert due(1, "customer_success") == at("2026-11-19T15:00")  # Eve leads it, in New York
    assert due(1, "customer_success", "person/anna") == at("2026-11-19T13:00")
    assert due(1, "sre") == at("2026-11-19T13:00")  # nobody: the workspace's
    assert due(1, "sre", "slack/U9") == at("2026-11-19T13:00")
    away = '[functions.sre]\non_duty = ["ken"]\n[people.ken]\nstart = "20:00"\nend = "23:00"\n'
    assert due(1, "sre", more=away) == at("2026-11-19T21:00")


def test_for_somebody_who_works_no_more_hours_are_hours():
    forever = '[people.ken]\nleave = [["2026-01-01", "2199-12-31"]]\n'
    assert due(3, receiver="person/ken", more=forever) == at("2026-11-19T15:00")
