"""Can somebody say, at a button, that what customers need of a release is there?"""

import json

import pytest

from assistant.showing.handing import PROVIDE
from tests.commands.conftest import shown
from tests.commands.handing_office import holds, office_of, reads
from tests.fakes import typed
from tests.handing import RELEASE


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


def test_a_link_is_not_needed_and_something_else_may_be_there(office):
    press(office)
    submit(office, what=typed("Training <!channel>"))
    (one,) = provided(office)
    assert (one.what, one.url) == ("Training <!channel>", None)
    assert "<!channel>" not in shown(office.form["blocks"])


@pytest.mark.parametrize(
    ("given", "at", "said"),
    [
        ({"what": typed(" ")}, "what", "Say what is there"),
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


@pytest.mark.parametrize("release", ["release:checkout@9", "release:vault@1", "", "nobody:x"])
def test_of_a_release_that_nobody_planned_or_that_is_hidden_no_form_opens(office, release):
    press(office, release=release, user="U1")
    assert office.form["callback_id"] == "told"


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
