"""How is a train set from Slack?"""

import json

import pytest

from tests.commands.conftest import shown
from tests.fakes import chosen, ticked, typed

FILLED = {
    "name": typed("weekly"), "product": chosen("checkout"), "weekday": chosen("2"), "time": typed("14:00"),
    "zone": typed("Europe/Berlin"), "weeks": typed("2"), "first": typed(""),
}  # fmt: skip


def save(office, **more):
    office.ask("/train", "weekly")
    return office.submit({**FILLED, **more})


def test_a_train_is_set_and_its_form_comes_back_filled(office):
    save(office)
    train = office.desk.ledger.get(("train:weekly",))["train:weekly"]
    assert (train.weekday, train.time, train.zone, train.every_weeks) == (2, "14:00", "Europe/Berlin", 2)
    office.ask("/train", "weekly")
    fields = {block["block_id"]: block["element"] for block in office.form["blocks"]}
    assert fields["weekday"]["initial_option"]["text"]["text"] == "Wednesday"
    assert fields["weeks"]["initial_value"] == "2"


def test_a_train_is_stopped_with_a_reason(office):
    save(office)
    save(office, stop=ticked("yes"), why=typed("we ship daily now"))
    assert office.desk.ledger.get(("train:weekly",))["train:weekly"].ended_at is not None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"time": typed("two")}, "time"), ({"weeks": typed("0")}, "weeks"), ({"weeks": typed("²")}, "weeks"),
        ({"first": typed("soon")}, "first"), ({"stop": ticked("yes")}, "why"),
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_said_at_its_field(office, change, field):
    told = json.loads(save(office, **change).body)
    assert told["response_action"] == "errors"
    assert set(told["errors"]) == {field}


def test_what_the_act_refuses_is_read_in_the_form(office):
    save(office, zone=typed("Mars/Olympus"))
    assert 'I know no time zone "Mars/Olympus"' in shown(office.form["blocks"])
