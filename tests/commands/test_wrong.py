"""Does what a person puts right hold for every later answer?"""

import json

import pytest

from commands import wrong
from tests.commands.conftest import shown
from tests.fakes import chosen, picked, ticked, typed

PULL = "change:acme/api#101"


def put_right(office, **fields):
    office.press("wrong.open", {"blocker": PULL, "release": "release:checkout@2.4"})
    return office.submit({"why": typed("I know it"), **fields})


def change(office):
    return office.desk.ledger.get((PULL,))[PULL]


def fields_of(form):
    return {block["block_id"]: block for block in form["blocks"] if block["type"] == "input"}


def test_the_button_beside_a_change_opens_the_form_about_it(busy):
    busy.press("wrong.open", {"blocker": PULL, "release": "release:checkout@2.4"})
    fields = fields_of(busy.form)
    assert set(fields) == {"out", "owner", "origin", "shipped", "other", "linked", "bot", "why"}
    assert fields["out"]["element"]["options"][0]["text"]["text"] == "It does not belong to checkout 2.4"
    assert fields["why"]["label"]["text"] == "Why is acme/api#101 shown wrongly?"


def test_beside_a_hard_gate_nothing_is_offered_that_would_take_it_away(busy):
    busy.ask("/blocking", "2.4")
    busy.press("wrong.open", busy.button("Wrong?"))
    assert set(fields_of(busy.form)) == {"owner", "origin", "other", "linked", "bot", "why"}
    assert "let it pass by Decide…" in shown(busy.form["blocks"])


def test_an_old_form_takes_no_hard_gate_away_either(busy):
    busy.press("wrong.open", {"blocker": PULL, "release": "release:checkout@2.4"})
    old = json.loads(busy.form["private_metadata"]) | {"blocker": "ticket:acme/api#55"}
    busy.form["private_metadata"] = json.dumps(old)
    busy.submit({"why": typed("It is fine"), "out": ticked("yes"), "shipped": typed("2026-11-02")})
    assert shown(busy.form["blocks"]).count("acme/api#55 is a hard gate") == 2


def test_an_owner_put_right_is_the_owner_in_the_next_answer(busy):
    put_right(busy, owner=picked("U2"))
    assert change(busy).corrections.owner == "person/bo"
    busy.press("blocking.all", {"about": "release checkout 2.4"})
    item = busy.read.partition(" Quote cache 101 &lt;!channel&gt;* <")[2].splitlines()
    assert item[2].startswith("Bo Cole, since Mon 2 Nov 09:00 (")


def test_what_does_not_belong_is_gone_from_the_next_answer(busy):
    put_right(busy, out=ticked("yes"))
    busy.press("blocking.all", {"about": "release checkout 2.4"})
    assert "acme/api#101" not in busy.read


def test_what_is_out_already_is_gone_from_the_next_answer(busy):
    put_right(busy, shipped=typed("2026-11-02 09:00"))
    busy.press("blocking.all", {"about": "release checkout 2.4"})
    assert "acme/api#101" not in busy.read


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"origin": chosen("human_heavy")}, {"origin": "human_heavy"}),
        ({"other": typed("acme/api#55"), "linked": chosen("no")}, {"not_linked": ("ticket:acme/api#55",)}),
        ({"other": typed("acme/api#55"), "linked": chosen("yes")}, {"linked": ("ticket:acme/api#55",)}),
    ],
)
def test_origin_and_links_are_kept(busy, fields, kept):
    put_right(busy, **fields)
    for name, value in kept.items():
        assert getattr(change(busy).corrections, name) == value


def test_an_account_is_said_to_be_a_bot(busy):
    put_right(busy, bot=typed("@helper-1"))
    name = "account:github/helper-1"
    assert busy.desk.ledger.get((name,))[name].is_bot is True


def test_several_things_are_put_right_at_once_and_what_is_refused_is_said(busy):
    put_right(busy, origin=chosen("mixed"), other=typed("acme/api#999"), linked=chosen("no"))
    assert change(busy).corrections.origin == "mixed"
    assert "I know nothing of acme/api#999" in shown(busy.form["blocks"])


def test_a_form_with_nothing_filled_in_says_so(busy):
    told = json.loads(put_right(busy).body)
    assert told == {"response_action": "errors", "errors": {"why": wrong.NOTHING}}


def test_a_time_that_can_not_be_read_is_said_at_its_field(busy):
    told = json.loads(put_right(busy, shipped=typed("a while ago")).body)
    assert "is no date I can read" in told["errors"]["shipped"]


def test_a_correction_is_kept_with_who_and_why(busy):
    put_right(busy, origin=chosen("mixed"))
    (event,) = [e for e in busy.desk.ledger.history(PULL) if e.kind == "corrected.origin"]
    assert (event.actor, event.data["why"]) == ("person/anna", "I know it")
