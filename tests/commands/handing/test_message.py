"""Does a message become a handoff with its words and a link, and nothing leave a private place unseen?"""

import pytest

from tests import fakes
from tests.commands.handing_office import fields, holds, office_of, reads, standing
from tests.fakes import typed

LINK = "https://acme.slack.com/archives/C1/p1715"
PRIVATE = "This text is from a private channel. Once you hand it off, Cho Min reads it"


@pytest.fixture
def office(slack, sqlite_ledger):
    slack.channels["C1"] = {"id": "C1", "name": "checkout"}
    with office_of(slack, sqlite_ledger) as here:
        yield here


def turn(office, text="Quotes are slow", **more):
    channel, user = more.pop("channel", None), more.pop("user", "U1")
    message = {"text": text, **more}
    return office.send(fakes.shortcut(office.slack, "handoff.from_message", message, user=user, channel=channel))


def test_its_words_and_its_link_stand_in_the_form(office):
    turn(office)
    assert len(office.slack.heard("views.open")) == 1
    assert (holds(office, "needed"), holds(office, "links")) == ("Quotes are slow", LINK)
    assert holds(office, "about") == "release checkout 2.4"
    assert "private" not in reads(office)
    office.submit_as_shown({})
    (one,) = standing(office)
    assert (one.needed, one.links) == ("Quotes are slow", (LINK,))


def test_it_reads_as_people_read_it(office):
    turn(
        office,
        "<@U2> and <!here>: see <https://x.example/a|the notes> &amp; <#C2|qa>, <#C3>, &lt;b&gt; <!subteam^S1|@qa>",
    )
    assert holds(office, "needed") == "@Bo Cole and @here: see the notes & #qa, #a channel, <b> @qa"
    assert holds(office, "links").splitlines() == [LINK, "https://x.example/a"]


def test_what_it_names_is_what_it_is_about(office):
    turn(office, "Who tests <https://github.com/acme/api/pull/101>? UTF-8 is fine")
    assert holds(office, "about") == "acme/api#101"


def test_what_somebody_may_not_see_is_not_looked_up_for_them(office):
    office.desk.policy.access.people["anna"] = ("acme/web", "acme/api")
    turn(office, "acme/secret#9 is broken")
    assert holds(office, "about") == "release checkout 2.4"


def test_its_files_are_links(office):
    turn(office, files=[{"permalink": "https://acme.slack.com/files/F1"}, {"name": "gone"}, "odd"])
    assert holds(office, "links").splitlines() == [LINK, "https://acme.slack.com/files/F1"]


@pytest.mark.parametrize("name", ["privategroup", "a-secret"])
def test_text_of_a_private_channel_is_shown_with_who_will_read_it(office, name):
    office.slack.channels["C8"] = {"id": "C8", "is_private": True}
    turn(office, "Ada is leaving", channel={"id": "C8", "name": name})
    assert PRIVATE in reads(office)
    assert "everybody who may see what it is about" in reads(office)
    assert holds(office, "needed") == "Ada is leaving"
    assert standing(office) == []
    assert office.slack.heard("chat.postMessage") == []
    office.change("handoff.form.to", {"to": fakes.chosen("customer_success"), "needed": typed("Quotes")})
    assert "Once you hand it off, Eve Odell reads it" in reads(office)
    office.submit_as_shown({})
    assert standing(office)[0].needed == "Quotes"


@pytest.mark.parametrize(
    ("channel", "info"),
    [
        ({"id": "D5", "name": "directmessage"}, {}),
        ({"id": "D5", "name": "x"}, {}),
        ({"id": "G5", "name": "mpdm-a"}, {"is_mpim": True}),
    ],
)
def test_so_is_text_of_a_direct_message(office, channel, info):
    office.slack.channels["G5"] = info
    turn(office, channel=channel)
    assert "This text is from a direct message." in reads(office)


def test_where_slack_does_not_say_it_counts_as_private(office):
    office.slack.errors["conversations.info"] = "channel_not_found"
    turn(office)
    assert PRIVATE in reads(office)


def test_the_warning_stays_when_the_form_is_shown_again(office):
    turn(office, channel={"id": "C8", "name": "privategroup"})
    office.submit_as_shown({"receiver": fakes.picked("U7")})
    assert "Gus Hart is a guest" in reads(office)
    assert "This text is from a private channel." in reads(office)


def test_without_a_link_it_says_so(office):
    office.slack.errors["chat.getPermalink"] = "message_not_found"
    turn(office)
    assert "I could not get a link to the message" in reads(office)
    assert holds(office, "links") == ""


def test_without_words_it_says_so(office):
    turn(office, "")
    assert "no words that I can read" in reads(office)
    assert holds(office, "needed") == ""


def test_a_long_message_is_cut_to_what_a_handoff_takes(office):
    turn(office, "word " * 8_000 + "https://x.example/" * 50)
    assert len(holds(office, "needed")) <= 2_000
    assert len(office.form["private_metadata"]) <= 3_000
    assert fields(office)["needed"]["element"]["max_length"] <= 3_000
    office.submit_as_shown({})
    assert len(standing(office)) == 1


def test_guests_turn_nothing_into_a_handoff(office):
    turn(office, user="U7")
    assert "members of this workspace" in reads(office)
    assert office.slack.heard("chat.getPermalink") == []


def test_a_message_of_nobody_s_shape_opens_the_form_all_the_same(office):
    turn(office, text=None, files=None, ts=None)
    assert "no words that I can read" in reads(office)
