"""How is a deployment freeze declared and lifted from Slack?"""

import json

import pytest

from tests.commands.conftest import shown
from tests.fakes import press, ticked, typed

FILLED = {
    "services": ticked("api"), "begins": typed("in 1 hour"), "ends": typed("friday 17:00"), "why": typed("Black Friday"),
}  # fmt: skip


def declare(office, **more):
    office.ask("/freeze")
    return office.submit({**FILLED, **more})


def lift(office, why="It went well"):
    office.ask("/freeze")
    button = next(b["accessory"] for b in office.form["blocks"] if "accessory" in b)
    view = {"id": "V1", "title": {"text": "Deployment freeze"}}
    office.send(press(office.slack, "freeze.lift", button["value"], container={"type": "view"}, view=view))
    office.submit({"why": typed(why)})


def test_a_freeze_is_declared_and_listed(office):
    declare(office)
    assert "Deployments of api are frozen from" in shown(office.form["blocks"])
    office.ask("/freeze")
    said = shown([block for block in office.form["blocks"] if block["type"] == "section"])
    assert "*api* from today 12:00 to Fri 6 Nov 17:00\nBlack Friday" in said


def test_nothing_frozen_is_said(office):
    office.ask("/freeze")
    assert "Nothing is frozen now." in shown([b for b in office.form["blocks"] if b["type"] == "section"])


def test_a_freeze_is_lifted_with_a_reason(office):
    declare(office)
    lift(office)
    (freeze,) = (office.desk.ledger.get((name,))[name] for name in ["freeze:api/2026-11-03"])
    assert freeze.lifted_at is not None
    office.ask("/freeze")
    assert "Nothing is frozen now." in shown([b for b in office.form["blocks"] if b["type"] == "section"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"begins": typed("soonish")}, "begins"), ({"ends": typed("3/4")}, "ends"), ({"ends": typed("in 10 minutes")}, "ends"),
    ],
)  # fmt: skip
def test_what_can_not_be_right_is_said_at_its_field(office, change, field):
    told = json.loads(declare(office, **change).body)
    assert told["response_action"] == "errors"
    assert set(told["errors"]) == {field}
