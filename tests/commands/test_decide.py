"""How is it decided in Slack that something need not block?"""

import json

import pytest

from commands import decide
from tests.commands.conftest import shown
from tests.fakes import chosen, typed

PULL, BUG = "change:acme/api#101", "ticket:acme/api#55"


@pytest.fixture
def planned(busy):
    busy.ask("/release", "checkout 2.4")
    busy.submit({"product": chosen("checkout"), "version": typed("2.4"), "target": typed("13 november")})
    busy.ask("/release", "checkout 2.5")
    busy.submit({"product": chosen("checkout"), "version": typed("2.5")})
    return busy


def decided(office, user="U1", **fields):
    office.press("decide.open", {"about": "release checkout 2.4"}, user=user)
    return office.submit(fields, user=user)


def release(office):
    return office.desk.ledger.get(("release:checkout@2.4",))["release:checkout@2.4"]


def test_the_form_offers_the_blockers_and_the_other_releases(planned):
    planned.press("decide.open", {"about": "release checkout 2.4"})
    fields = {block["block_id"]: block["element"] for block in planned.form["blocks"]}
    assert {PULL, BUG} <= {option["value"] for option in fields["blocker"]["options"]}
    assert [option["text"]["text"] for option in fields["to"]["options"]] == ["checkout 2.5"]


def test_an_accepted_risk_is_kept_with_name_and_reason_and_shown(planned):
    decided(planned, way=chosen("accept"), blocker=chosen(PULL), why=typed("behind a flag"))
    (risk,) = release(planned).accepted
    assert (risk.blocker, risk.by, risk.reason) == (PULL, "person/anna", "behind a flag")
    planned.ask("/blocking", "2.4")
    assert "acme/api#101> by Anna Berg until Fri 27 Nov: behind a flag" in planned.read


def test_a_hard_gate_waits_for_a_second_person_whom_the_channel_is_asked_for(planned):
    decided(planned, way=chosen("accept"), blocker=chosen(BUG), why=typed("known <!here>"))
    assert release(planned).accepted == ()
    (post,) = planned.slack.heard("chat.postMessage")
    assert "Anna Berg asks to let acme/api#55 pass for checkout 2.4: known &lt;!here&gt;" in shown(post["blocks"])
    assert "somebody else has to confirm" in shown(post["blocks"])
    assert "I asked in the channel for a second person" in shown(planned.form["blocks"])
    planned.press("decide.confirm", post["blocks"][-1]["elements"][0]["value"], user="U2", private=False)
    (risk,) = release(planned).accepted
    assert (risk.by, risk.second, risk.reason) == ("person/anna", "person/bo", "known <!here>")
    assert planned.answers[-1]["replace_original"] is True
    assert "[Confirm]" not in planned.read


def test_nobody_confirms_their_own(planned):
    decided(planned, way=chosen("accept"), blocker=chosen(BUG), why=typed("known"))
    (post,) = planned.slack.heard("chat.postMessage")
    planned.press("decide.confirm", post["blocks"][-1]["elements"][0]["value"], private=False)
    assert release(planned).accepted == ()
    assert planned.answers[-1]["replace_original"] is False
    assert "You proposed this; a second person has to confirm it." in planned.read


def test_a_channel_that_may_not_see_the_blocker_is_not_asked(planned):
    planned.desk.policy.access.channels["C1"] = ("acme/web",)
    decided(planned, way=chosen("accept"), blocker=chosen(BUG), why=typed("known"))
    assert planned.slack.heard("chat.postMessage") == []
    assert "It needs a second person. I could not ask in the channel" in shown(planned.form["blocks"])


def test_where_the_assistant_may_not_write_the_person_asks_for_themselves(planned):
    planned.slack.errors["chat.postMessage"] = "not_in_channel"
    decided(planned, way=chosen("accept"), blocker=chosen(BUG), why=typed("known"))
    assert "ask somebody yourself" in shown(planned.form["blocks"])


def test_a_change_is_deferred_to_another_release(planned):
    decided(planned, way=chosen("defer"), blocker=chosen(PULL), to=chosen("release:checkout@2.5"), why=typed("no time"))
    (deferred,) = release(planned).deferred
    assert deferred.deferred_to == "release:checkout@2.5"
    planned.ask("/blocking", "2.4")
    assert "deferred to checkout 2.5 by Anna Berg" in planned.read


def test_an_estimate_is_shown_as_somebody_s_own(planned):
    decided(planned, way=chosen("estimate"), blocker=chosen(PULL), until=typed("friday 17:00"))
    assert release(planned).estimates[0].by == "person/anna"


def test_an_outside_wait_is_declared_and_closed(planned):
    decided(planned, way=chosen("external"), title=typed("App store review"), until=typed("friday 17:00"))
    planned.ask("/blocking", "2.4")
    planned.press("blocking.all", {"about": "release checkout 2.4"})
    assert "App store review" in planned.read
    decided(planned, way=chosen("closed"), title=typed("App store review"))
    planned.press("blocking.all", {"about": "release checkout 2.4"})
    assert "App store review" not in planned.read


def test_a_decision_is_taken_back(planned):
    decided(planned, way=chosen("accept"), blocker=chosen(PULL), why=typed("behind a flag"))
    decided(planned, way=chosen("withdraw"), blocker=chosen(PULL))
    options = [
        o
        for b in planned.slack.heard("views.update")[-2]["view"]["blocks"]
        if b["block_id"] == "blocker"
        for o in b["element"]["options"]
    ]
    assert "acme/api#101 (let through)" in [option["text"]["text"] for option in options]
    assert release(planned).accepted == ()


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"way": "accept", "blocker": PULL}, "why"), ({"way": "accept", "why": "x"}, "blocker"),
        ({"way": "defer", "blocker": PULL, "why": "x"}, "to"), ({"way": "estimate", "blocker": PULL}, "until"),
        ({"way": "external"}, "title"), ({"way": "accept", "blocker": PULL, "why": "x", "until": "nonsense"}, "until"),
        ({"way": "accept", "blocker": PULL, "why": "x", "until": "2026-01-01"}, "until"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_at_its_field(planned, fields, missing):
    filled = {name: chosen(v) if name in {"way", "blocker", "to"} else typed(v) for name, v in fields.items()}
    told = json.loads(decided(planned, **filled).body)
    assert told["response_action"] == "errors"
    assert set(told["errors"]) == {missing}


def test_what_is_no_release_has_nothing_to_decide(busy):
    busy.press("decide.open", {"about": "acme/api#101"})
    assert decide.NO_RELEASE in shown(busy.form["blocks"]).replace("&gt;", ">")
