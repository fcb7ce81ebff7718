"""Can somebody say, at a button, that what customers need of a release is there?"""

import json
import time

import pytest

from assistant.acts import plan_release, provide_enablement
from assistant.showing.handing import PROVIDE
from commands import enablement
from commands.working import OLD
from tests.builders import NOON
from tests.commands.conftest import shown
from tests.commands.handing_office import holds, office_of, reads
from tests.fakes import typed
from tests.handing import RELEASE, as_viewer


@pytest.fixture
def office(slack, sqlite_ledger):
    with office_of(slack, sqlite_ledger) as made:
        yield made


def press(office, what="support brief", release=RELEASE, user="U5", **more):
    return office.press(PROVIDE, {"release": release, "what": what}, user=user, **more)


def submit(office, user="U5", **fields):
    return office.submit({"what": typed("support brief"), "url": typed(""), **fields}, user=user)


def provided(office):
    return office.desk.ledger.get((RELEASE,))[RELEASE].provided


def errors(answer):
    return json.loads(answer.body)["errors"]


def test_the_form_names_the_release_and_what_is_missing(office):
    press(office)
    assert "For checkout 2.4." in reads(office)
    assert (holds(office, "what"), holds(office, "url")) == ("support brief", "")


def test_what_was_said_is_kept_with_who_said_it_and_where_it_is(office):
    press(office)
    submit(office, url=typed("https://docs.example/brief"))
    (one,) = provided(office)
    assert (one.what, one.by, one.url) == ("support brief", "person/eve", "https://docs.example/brief")
    assert shown(office.form["blocks"]) == "For checkout 2.4, support brief: there."


def test_a_link_is_not_needed_and_something_else_that_is_asked_for_may_be_there(office):
    press(office)
    submit(office, what=typed("Training"))
    (one,) = provided(office)
    assert (one.what, one.url) == ("training", None)


@pytest.mark.parametrize(
    ("given", "at", "said"),
    [
        ({"what": typed(" ")}, "what", "Say what is there"),
        ({"what": typed("support brif")}, "what", "did you mean 'support brief'?"),
        ({"url": typed("docs")}, "url", "no web address"),
        ({"url": typed("javascript:alert(1)")}, "url", "no web address"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(office, given, at, said):
    press(office)
    told = errors(submit(office, **given))
    assert list(told) == [at]
    assert said in told[at]
    assert provided(office) == ()


def test_whoever_may_not_say_so_reads_who_may(office):
    press(office, user="U1")
    assert "Eve Odell" in errors(submit(office, user="U1"))["what"]
    assert provided(office) == ()


def test_of_two_who_say_so_the_second_reads_who_was_first(office):
    press(office)
    submit(office)
    press(office, user="U6")
    assert "Eve Odell said so already" in errors(submit(office, user="U6"))["what"]
    assert len(provided(office)) == 1


def test_what_changes_while_it_is_saved_is_refused_at_last(office, monkeypatch):
    press(office)
    monkeypatch.setattr("commands.enablement._problems", lambda *_: {})
    submit(office, user="U1")
    assert "Eve Odell" in shown(office.form["blocks"])
    assert provided(office) == ()


def test_where_the_ledger_takes_too_long_slack_is_answered_and_the_refusal_comes_later(office, monkeypatch):
    press(office, user="U1")
    inner, decide = enablement.in_time, provide_enablement.decide
    monkeypatch.setattr(enablement, "in_time", lambda work: inner(work, 0.05))
    slow = lambda *asked: (time.sleep(0.3), decide(*asked))[1]  # noqa: E731
    monkeypatch.setattr(provide_enablement, "decide", slow)
    assert json.loads(submit(office, user="U1").body)["response_action"] == "update"
    assert "Eve Odell" in shown(office.form["blocks"])
    assert provided(office) == ()


@pytest.mark.parametrize("release", ["release:checkout@9", "release:vault@1", "", "nobody:x"])
def test_of_a_release_that_nobody_planned_or_that_is_hidden_no_form_opens(office, release):
    press(office, release=release, user="U1")
    assert office.form["callback_id"] == "told"


def test_a_hidden_release_reads_as_one_that_is_unknown(office):
    unknown = told_of(office, "release:nothing@1")
    assert unknown == enablement.GONE
    office.desk.act("plan_release", plan_release.Wish("vault", "1"), as_viewer("fay"), NOON)
    assert [told_of(office, one) for one in ("release:vault@1", "release:vault@2", "", "nobody:x")] == [unknown] * 4
    assert "Nobody has planned checkout 9 yet" in told_of(office, "release:checkout@9")


def told_of(office, release):
    press(office, release=release, user="U4")
    return reads(office)


@pytest.mark.parametrize(
    "value", ["x", "null", "[]", '{"release": ["x"], "what": {}}', '{"release": "\\ud800\\u0000"}']
)
def test_a_button_that_says_nothing_known_is_answered_calmly(office, value):
    office.press(PROVIDE, value, user="U5")
    assert reads(office) in {OLD, enablement.GONE}


def test_guests_say_nothing(office):
    press(office)
    submit(office, user="U7")
    assert "members of this workspace" in shown(office.form["blocks"])
    assert provided(office) == ()


@pytest.mark.parametrize("kept", [{}, {"release": "change:acme/api#101"}])
def test_a_form_that_was_tampered_with_is_refused(office, kept):
    press(office)
    office.form["private_metadata"] = json.dumps(kept)
    assert list(errors(submit(office))) == ["what"]
