"""How is a release planned from Slack?"""

import json
from datetime import UTC, datetime, time, timedelta

import pytest

from assistant.acts import plan_release, set_train
from commands import forms
from commands.release import TITLE
from tests.builders import viewer
from tests.commands.conftest import NOW, shown
from tests.fakes import chosen, picked, ticked, typed

DECEMBER = datetime(2026, 12, 1, 16, tzinfo=UTC)
FILLED = {"product": chosen("checkout"), "version": typed("2.5"), "target": typed("1 december"), "why": typed("")}


def plan(office, **more):
    office.ask("/release", "checkout 2.5")
    return office.submit({**FILLED, **more})


def standing(office, name="release:checkout@2.5"):
    return office.desk.ledger.get((name,))[name]


def test_a_form_is_open_before_anything_is_looked_up(office):
    office.ask("/release", "checkout 2.5")
    methods = [call.method for call in office.slack.calls if call.method != "auth.test"]
    assert methods[0] == "views.open"
    assert "One moment" in shown(office.slack.heard("views.open")[0]["view"]["blocks"])
    assert methods.index("views.open") < methods.index("users.info") < methods.index("views.update")


def test_what_was_typed_is_filled_in(office):
    office.ask("/release", "checkout 2.5")
    fields = {block["block_id"]: block["element"] for block in office.form["blocks"]}
    assert fields["product"]["initial_option"]["value"] == "checkout"
    assert fields["version"]["initial_value"] == "2.5"


def test_a_release_is_planned_and_the_form_says_what_was_done(office):
    answer = plan(office, delegates=picked("U2") | {"selected_users": ["U2"]})
    assert json.loads(answer.body)["response_action"] == "update"
    release = standing(office)
    assert release.target == datetime(2026, 12, 1, 16, tzinfo=UTC)  # the end of the working day in Berlin
    assert (release.owner, release.delegates) == ("person/anna", ("person/bo",))
    assert "2.5 is due Tuesday 1 December 2026, 17:00 (Europe/Berlin)" in shown(office.form["blocks"])


def test_what_is_planned_already_is_shown_and_can_be_changed(office):
    plan(office, scope=ticked("yes"))
    office.ask("/release", "2.5")
    fields = {block["block_id"]: block["element"] for block in office.form["blocks"]}
    assert fields["target"]["initial_value"] == "2026-12-01 17:00"
    assert fields["owner"]["initial_user"] == "U1"
    assert fields["scope"]["initial_options"][0]["value"] == "yes"
    before = {
        "product": chosen("checkout"), "version": typed("2.5"), "target": typed("2026-12-01 17:00"), "owner": picked("U1"),
        "scope": ticked("yes"),
    }  # fmt: skip
    office.submit({**before, "owner": picked("U2"), "why": typed("I am on leave")})
    assert standing(office).owner == "person/bo"
    assert len(standing(office).targets_before) == 0


def test_saving_a_form_as_it_stood_changes_nothing(office):
    plan(office)
    events = len(office.desk.ledger.history("release:checkout@2.5"))
    office.ask("/release", "2.5")
    office.submit({**FILLED, "target": typed("2026-12-01 17:00"), "owner": picked("U1")})
    assert len(office.desk.ledger.history("release:checkout@2.5")) == events
    assert "Nothing was changed." in shown(office.form["blocks"])


def test_the_scope_is_frozen_by_a_tick(office):
    plan(office, scope=ticked("yes"))
    assert standing(office).scope_frozen_at == NOW


def test_moving_a_target_without_a_reason_is_refused_in_words(office):
    plan(office)
    office.ask("/release", "2.5")
    office.submit({**FILLED, "target": typed("2 december")})
    assert "say why it moves" in shown(office.form["blocks"])
    assert standing(office).target == datetime(2026, 12, 1, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [("target", "the day after never", "is no date I can read"), ("version", " ", "A release needs a version")],
)
def test_what_can_not_be_read_is_said_at_its_field(office, field, value, problem):
    answer = plan(office, **{field: typed(value)})
    told = json.loads(answer.body)
    assert told["response_action"] == "errors"
    assert problem in told["errors"][field]
    assert len(told["errors"][field]) <= 150


def test_who_may_not_decide_reads_who_may(office):
    plan(office)
    office.ask("/release", "2.5", user_id="U2")
    office.submit({**FILLED, "target": typed("2 december"), "why": typed("later")}, user="U2")
    assert "Only Anna Berg may decide" in shown(office.form["blocks"])


def test_a_form_that_was_closed_gives_its_answer_by_message(office):
    office.ask("/release", "checkout 2.5")
    office.slack.errors["views.update"] = "not_found"
    office.submit(FILLED)
    assert "2.5 is due" in office.slack.heard("chat.postMessage")[-1]["text"]


def test_the_button_opens_the_form_of_what_was_asked(busy):
    busy.ask("/blocking", "2.4")
    busy.press("release.open", busy.button("Edit release…"))
    assert busy.form["title"]["text"] == TITLE
    assert {b["block_id"]: b["element"] for b in busy.form["blocks"]}["version"]["initial_value"] == "2.4"


def test_a_form_keeps_no_more_than_slack_lets_it():
    with pytest.raises(ValueError, match="keep that much"):
        forms.modal("T", "c", [], {"x": "y" * 3_000})


def test_a_title_is_cut_to_what_slack_shows():
    assert len(forms.modal("A title that is far too long for Slack", "c", [], {})["title"]["text"]) <= 24


AS_IT_IS = {
    "product": chosen("checkout"),
    "version": typed("2.5"),
    "target": typed("2026-12-01 17:00"),
    "owner": picked("U1"),
}


def again(office, **more):
    office.ask("/release", "2.5")
    return office.submit({**AS_IT_IS, **more})


def fields_of(form):
    return {block["block_id"]: block["element"] for block in form["blocks"]}


def test_a_release_that_nobody_planned_yet_has_no_end_and_no_train_to_choose(office):
    office.ask("/release", "checkout 2.5")
    assert not {"ending", "by", "train"} & set(fields_of(office.form))


def test_a_release_is_cancelled_with_a_reason(office):
    plan(office)
    again(office, ending=chosen("cancelled"))
    assert "Say why 2.5 is cancelled" in shown(office.form["blocks"])
    again(office, ending=chosen("cancelled"), why=typed("Nobody needs it"))
    assert standing(office).ended == "cancelled"


def test_a_release_is_superseded_by_another(office):
    plan(office)
    again(office, ending=chosen("superseded"), by=typed("2.6"))
    assert standing(office).ended == "superseded"
    (event,) = [e for e in office.desk.ledger.history("release:checkout@2.5") if e.kind == "release.ended"]
    assert event.data["by"] == "2.6"


def test_what_goes_on_is_not_ended(office):
    plan(office)
    again(office, ending=chosen("on"))
    assert standing(office).ended is None
    assert "Nothing was changed." in shown(office.form["blocks"])


def test_a_release_is_put_on_a_train_of_its_product_and_taken_off(office):
    plan(office)
    office.ask("/release", "2.5")
    assert "train" not in fields_of(office.form)
    wish = set_train.Wish("weekly", "checkout", 1, time(14), "UTC")
    office.desk.act(set_train.NAME, wish, viewer("person/anna", office.desk.policy), NOW)
    again(office, train=chosen("weekly"))
    assert standing(office).train == "train:weekly"
    office.ask("/release", "2.5")
    assert fields_of(office.form)["train"]["initial_option"]["value"] == "weekly"
    office.submit({**AS_IT_IS, "train": chosen("-")})
    assert standing(office).train is None


def test_how_much_customers_notice_is_planned_too_and_stays_as_it_was(office):
    plan(office, impact=chosen("high"))
    assert standing(office).impact == "high"
    assert "Customers notice a lot of checkout 2.5." in shown(office.form["blocks"])
    office.ask("/release", "checkout 2.5")
    fields = {block["block_id"]: block["element"] for block in office.form["blocks"] if block["type"] == "input"}
    assert fields["impact"]["initial_option"]["value"] == "high"


def test_that_customers_notice_less_needs_a_reason(office):
    anna = viewer("person/anna", office.desk.policy)
    wish = plan_release.Wish("checkout", "2.5", target=DECEMBER, impact="high")
    office.desk.act(plan_release.NAME, wish, anna, NOW - timedelta(hours=1))
    plan(office, impact=chosen("none"))
    assert "say why it is less now" in shown(office.form["blocks"])
    assert standing(office).impact == "high"
    plan(office, impact=chosen("none"), why=typed("The new screens wait for 2.6"))
    assert standing(office).impact == "none"
