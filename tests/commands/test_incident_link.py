"""Can whoever knows better say what an incident came from?"""

import json
from datetime import timedelta

import pytest

from assistant.showing.pressing import CORRECT_LINK
from storage.records import Event
from tests.commands.conftest import NOW, arrive, shown
from tests.fakes import MEMBER, ticked, typed

RELEASE, INCIDENT, LABELLED = "release:checkout@2.4", "incident:pagerduty/Q1", "ticket:acme/api#55"


@pytest.fixture
def struck(office):
    """An office that an incident struck, which PagerDuty tells of, and another, which is a labelled issue."""
    title = "Totals are <!channel> wrong"
    arrive(office.desk.ledger, "issues__opened", 55, title=title, body="", labels=[{"name": "incident"}])
    arrive(office.desk.ledger, "pull_request__opened", 101, title="Quotes", body="")
    arrive(office.desk.ledger, "pull_request__opened", 9, "acme/secret", title="Hidden", body="")
    at = NOW - timedelta(hours=3)
    data = {"title": "Payments <!channel> fail", "services": ["api"]}
    told = Event(f"{INCIDENT}|detected", INCIDENT, "incident.detected", at, "pagerduty", None, None, data)
    office.desk.ledger.record([told], at)
    return office


def press(office, incident=LABELLED, release=RELEASE, **more):
    return office.press(CORRECT_LINK, {"incident": incident, "release": release}, **more)


def submit(office, user="U1", **fields):
    return office.submit({"why": typed("I saw it"), "other": typed(""), **fields}, user=user)


def corrections(office, name=LABELLED):
    return office.desk.ledger.get((name,))[name].corrections


def errors(answer):
    return json.loads(answer.body)["errors"]


@pytest.mark.parametrize("incident", [LABELLED, INCIDENT])
def test_the_form_is_about_that_incident_and_that_release(struck, incident):
    press(struck, incident)
    told = shown(struck.form["blocks"])
    assert "&lt;!channel&gt;" in told
    assert "<!channel>" not in told
    fields = {block["block_id"]: block for block in struck.form["blocks"] if block["type"] == "input"}
    assert set(fields) == {"other", "out", "why"}
    assert fields["out"]["element"]["options"][0]["text"]["text"] == "It has nothing to do with checkout 2.4"


def test_without_a_release_there_is_none_to_take_it_from(struck):
    press(struck, release=None)
    assert "out" not in {block.get("block_id") for block in struck.form["blocks"]}


@pytest.mark.parametrize("other", ["acme/api#101", "ACME/api#101", "https://github.com/acme/api/pull/101", "#101"])
@pytest.mark.parametrize("incident", [LABELLED, INCIDENT])
def test_the_change_that_it_came_from_is_kept(struck, incident, other):
    press(struck, incident)
    submit(struck, other=typed(other))
    assert corrections(struck, incident).linked == ("change:acme/api#101",)
    assert "is linked to acme/api#101." in shown(struck.form["blocks"])


@pytest.mark.parametrize("incident", [LABELLED, INCIDENT])
def test_that_it_has_nothing_to_do_with_the_release_is_kept(struck, incident):
    press(struck, incident)
    submit(struck, out=ticked("yes"))
    assert corrections(struck, incident).not_linked == (RELEASE,)


def test_both_can_be_said_at_once(struck):
    press(struck, INCIDENT)
    submit(struck, out=ticked("yes"), other=typed("acme/api#101"))
    found = corrections(struck, INCIDENT)
    assert (found.linked, found.not_linked) == (("change:acme/api#101",), (RELEASE,))


@pytest.mark.parametrize(
    ("fields", "at", "said"),
    [
        ({}, "other", "Say what it came from"),
        ({"other": typed("acme/api#101"), "why": typed("")}, "why", "Say why"),
        ({"other": typed("acme/api#999")}, "other", "know nothing of"),
        ({"other": typed("<!channel>")}, "other", "know nothing of"),
        ({"other": typed("train:weekly")}, "other", "know nothing of"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(struck, fields, at, said):
    press(struck, INCIDENT)
    told = errors(submit(struck, **fields))
    assert list(told) == [at]
    assert said in told[at]
    assert corrections(struck, INCIDENT).linked == ()


def test_what_somebody_may_not_see_is_unknown_to_them(struck):
    from tests.builders import policy_of
    from tests.commands.conftest import POLICY

    struck.desk.policy = policy_of(POLICY + '[access.people]\nanna = ["acme/api"]\n')
    struck.working.people._policy = struck.desk.policy
    press(struck, INCIDENT)
    answer = submit(struck, other=typed("acme/secret#9"))
    assert "know nothing of" in errors(answer)["other"]


@pytest.mark.parametrize("incident", ["incident:pagerduty/none", "", "freeze:api/x", "nobody:x", "change:acme/none#1"])
def test_an_incident_that_nobody_knows_opens_no_form(struck, incident):
    press(struck, incident)
    assert "know nothing of" in shown(struck.form["blocks"])
    assert "callback_id" in struck.form
    assert struck.form["callback_id"] == "told"


def test_guests_correct_nothing(struck):
    press(struck, INCIDENT)
    struck.slack.users["U8"] = {**MEMBER, "is_restricted": True}
    submit(struck, user="U8", other=typed("acme/api#101"))
    assert "members of this workspace" in shown(struck.form["blocks"])
    assert corrections(struck, INCIDENT).linked == ()


def test_a_form_that_was_tampered_with_is_refused(struck):
    press(struck, INCIDENT)
    struck.form["private_metadata"] = json.dumps({"incident": "release:checkout@2.4", "release": ""})
    assert list(errors(submit(struck, other=typed("acme/api#101")))) == ["other"]
