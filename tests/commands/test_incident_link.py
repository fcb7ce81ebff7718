"""Can whoever knows better say what an incident came from?"""

import json
from datetime import timedelta

import pytest

from assistant.acts import correct_link
from assistant.blocks import section
from assistant.deciding import Refused
from assistant.showing.pressing import CORRECT_LINK, attending, labelled
from storage.posts import Owed
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


TS = f"{(NOW - timedelta(hours=1)).timestamp():.6f}"


def listed(incident, release=RELEASE):
    return section(
        f"Incident {incident}", labelled("Correct the link", CORRECT_LINK, incident=incident, release=release)
    )


def posted(office, *incidents):
    """A message that lists incidents of the release, which the assistant posted an hour ago."""
    said = {"text": "Stabilization", "blocks": [*map(listed, incidents), *attending(RELEASE)]}
    outbox, at = office.desk.ledger.outbox, NOW - timedelta(hours=1)
    outbox.owe([Owed("subscription:1|x|1", "C1", said, at, NOW)], at)
    (claimed,) = outbox.claim(at, "test", timedelta(minutes=1), 1, 300)
    assert outbox.posted(claimed.key, "test", at, TS, "C1")
    office.slack.messages.setdefault("C1", []).append({"ts": TS, **said})


def press_there(office, incident, *, private=False, **more):
    container = {"type": "message", "is_ephemeral": private, "channel_id": "C1", "message_ts": TS}
    press(office, incident, private=private, container=container, **more)


def reads(office):
    (message,) = office.slack.messages["C1"]
    return shown(message["blocks"]).splitlines()


def test_the_post_says_what_was_corrected_in_place_of_its_button(struck):
    posted(struck, INCIDENT, LABELLED)
    press_there(struck, INCIDENT)
    submit(struck, out=ticked("yes"), other=typed("acme/api#101"))
    line = (
        "Anna Berg: it came from acme/api#101 and has nothing to do with checkout 2.4, today 11:00. "
        "It counts so from the next answer on."
    )
    assert reads(struck)[:3] == [f"Incident {INCIDENT}", line, f"Incident {LABELLED}"]
    (message,) = struck.slack.messages["C1"]
    assert [json.loads(b["accessory"]["value"])["incident"] for b in message["blocks"] if "accessory" in b] == [
        LABELLED
    ]
    assert struck.desk.ledger.outbox.find("C1", TS)[1]["blocks"] == message["blocks"]
    assert "is linked to acme/api#101." in shown(struck.form["blocks"])


def test_of_two_who_correct_it_both_are_read(struck):
    posted(struck, INCIDENT)
    press_there(struck, INCIDENT)
    first = struck.form
    submit(struck, out=ticked("yes"))
    press_there(struck, INCIDENT, user="U2")
    assert struck.form["private_metadata"] == first["private_metadata"]
    submit(struck, user="U2", other=typed("acme/api#101"))
    assert [line.partition(",")[0] for line in reads(struck)[1:3]] == [
        "Anna Berg: it has nothing to do with checkout 2.4", "Bo Cole: it came from acme/api#101",
    ]  # fmt: skip


def test_a_message_that_only_its_reader_sees_or_that_nobody_keeps_stays_as_it_is(struck):
    press_there(struck, INCIDENT)  # the outbox keeps none there
    submit(struck, out=ticked("yes"))
    posted(struck, INCIDENT)
    press_there(struck, INCIDENT, private=True)
    submit(struck, other=typed("acme/api#101"))
    assert struck.slack.heard("chat.update") == []
    assert len(reads(struck)) == 2
    assert "is linked to acme/api#101." in shown(struck.form["blocks"])


def test_where_slack_takes_no_update_it_is_kept_and_said_all_the_same(struck):
    posted(struck, INCIDENT)
    struck.slack.errors["chat.update"] = "cant_update_message"
    press_there(struck, INCIDENT)
    submit(struck, out=ticked("yes"))
    assert corrections(struck, INCIDENT).not_linked == (RELEASE,)
    assert "is not linked to checkout 2.4." in shown(struck.form["blocks"])


def test_of_two_wishes_none_is_kept_where_one_is_refused_at_last(struck, monkeypatch):
    posted(struck, INCIDENT)
    press_there(struck, INCIDENT)
    real, asked = correct_link.decide, []

    def decide(records, wish, *more):  # what was well when it was filled in no longer is when it is to be kept
        asked.append(wish)
        return Refused("Too late.") if len(asked) > 2 and not wish.linked else real(records, wish, *more)

    monkeypatch.setattr(correct_link, "decide", decide)
    submit(struck, out=ticked("yes"), other=typed("acme/api#101"))
    assert "Too late." in shown(struck.form["blocks"])
    assert (corrections(struck, INCIDENT).linked, corrections(struck, INCIDENT).not_linked) == ((), ())
    assert len(reads(struck)) == 2
