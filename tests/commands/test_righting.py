"""Can what is neither change nor ticket be put right, or does the form say where?"""

import json
from datetime import timedelta

import pytest

from assistant.acts import declare_external, declare_freeze, hand_off, plan_release
from commands import wrong
from commands.righting import righting
from storage.naming import external_object
from storage.records import Delivery, HandoffState
from storage.sources.judging import judge
from tests.builders import deployment_of, viewer
from tests.commands.conftest import NOW, shown
from tests.fakes import picked, ticked, typed

RELEASE = "release:checkout@2.4"
WAIT = external_object(RELEASE, "App store review")
FRIDAY = NOW + timedelta(days=3)


def open_form(office, blocker):
    office.press("wrong.open", {"blocker": blocker, "release": RELEASE})
    return [block["block_id"] for block in office.form["blocks"] if block["type"] == "input"]


def act(office, act, wish):
    return office.desk.act(act.NAME, wish, viewer("person/anna", office.desk.policy), NOW).events[0].object


def frozen(office):
    return act(office, declare_freeze, declare_freeze.Wish(("api",), NOW, FRIDAY, "Black week"))


def waiting(office):
    act(office, plan_release, plan_release.Wish("checkout", "2.4"))
    wish = declare_external.Wish(RELEASE, "App store review", FRIDAY, url="https://store.example/1", why="New build")
    return act(office, declare_external, wish)


def deployed(office, **more):
    body = json.dumps({"service": "api", "sha": "a" * 40, "environment": "production", **more}).encode()
    taken = judge(Delivery("lastmile", "d1", {}, body, NOW))
    office.desk.ledger.append([taken])
    return taken.verdict[0].object


def standing(office, name):
    return office.desk.ledger.get((name,))[name]


def test_a_freeze_is_lifted_with_a_reason(office):
    freeze = frozen(office)
    assert open_form(office, freeze) == ["lift", "why"]
    office.submit({"lift": ticked("yes"), "why": typed("The week is over")})
    assert standing(office, freeze).lifted_at == NOW
    assert "The freeze is lifted." in shown(office.form["blocks"])


def test_a_wait_is_over_when_its_form_says_so(office):
    wait = waiting(office)
    assert wait == WAIT
    assert open_form(office, wait) == ["over", "owner", "why"]
    office.submit({"over": ticked("yes"), "why": typed("They said yes")})
    assert standing(office, wait).closed_at == NOW


def test_a_wait_goes_to_another_owner_and_stays_as_it_was_otherwise(office):
    wait = waiting(office)
    open_form(office, wait)
    office.submit({"owner": picked("U2"), "why": typed("Bo has the account")})
    now = standing(office, wait)
    assert (now.owner, now.ends_at, now.url, now.closed_at) == ("person/bo", FRIDAY, "https://store.example/1", None)


def test_beside_a_failed_deployment_a_change_is_said_to_be_out(busy):
    deployment = deployed(busy, state="failed")
    assert open_form(busy, deployment) == ["change", "shipped", "why"]
    assert "put right where it runs" in shown(busy.form["blocks"])
    busy.submit({"change": typed("acme/api#101"), "shipped": typed("2026-11-03 09:00"), "why": typed("I saw it")})
    assert standing(busy, "change:acme/api#101").corrections.shipped_at == NOW - timedelta(hours=2)


def test_a_handoff_that_nobody_needs_is_withdrawn_with_a_reason(office):
    act(office, plan_release, plan_release.Wish("checkout", "2.4"))
    wish = hand_off.Wish("handoff:1", "engineering", "qa", RELEASE, "Test the payments")
    assert open_form(office, act(office, hand_off, wish)) == ["gone", "why"]
    assert "by its own buttons" in shown(office.form["blocks"])
    office.submit({"gone": ticked("yes"), "why": typed("It went to 2.5")})
    assert standing(office, "handoff:1").state is HandoffState.WITHDRAWN


def test_what_customers_need_is_said_to_be_there(office):
    act(office, plan_release, plan_release.Wish("checkout", "2.4", impact="high"))
    assert open_form(office, "enablement:checkout@2.4/support brief") == ["there", "url", "why"]
    office.submit({"there": ticked("yes"), "url": typed("https://acme.example/brief")})
    (there,) = standing(office, RELEASE).provided
    assert (there.what, there.url, there.by) == ("support brief", "https://acme.example/brief", "person/anna")


def test_with_nothing_ticked_nothing_is_said_to_be_there(office):
    act(office, plan_release, plan_release.Wish("checkout", "2.4", impact="high"))
    open_form(office, "enablement:checkout@2.4/training")
    assert json.loads(office.submit({}).body)["errors"] == {"why": wrong.NOTHING}


@pytest.mark.parametrize(
    ("record", "said"), [(deployment_of(exposure=0.25), "--exposure 1"), (None, "once that release has been quiet")]
)
def test_what_is_put_right_elsewhere_has_nothing_to_fill_in_but_says_where(record, said):
    offered = righting(record)
    assert offered.fields == ()
    assert said in shown(offered.says)


def test_a_form_with_nothing_to_fill_in_has_no_button_to_save(office):
    assert open_form(office, "release:checkout@2.3") == []
    assert "submit" not in office.form


def test_a_form_with_nothing_chosen_says_so(office):
    open_form(office, waiting(office))
    assert json.loads(office.submit({"why": typed("Hm")}).body)["errors"] == {"why": wrong.NOTHING}


def test_a_time_that_can_not_be_read_is_said_at_its_field(office):
    open_form(office, deployed(office, state="failed"))
    told = json.loads(
        office.submit({"change": typed("acme/api#1"), "shipped": typed("a while ago"), "why": typed("x")}).body
    )
    assert "is no date I can read" in told["errors"]["shipped"]


def test_what_is_not_known_is_told_in_the_words_for_what_is_hidden(office):
    office.press("wrong.open", {"blocker": "freeze:none", "release": RELEASE})
    assert "I know nothing of none" in shown(office.form["blocks"])
