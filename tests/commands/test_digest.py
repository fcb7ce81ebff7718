"""Can a person see to what is said unasked: have a digest, change it, pause it, remove it, look at one, send one now?"""

import json
from datetime import UTC, datetime, timedelta

import pytest

from assistant.acts import subscribe
from assistant.desk import Desk
from assistant.viewer import viewer_for
from digests import DIGESTS
from storage.records import ObjectKind
from tests.builders import policy_of
from tests.commands.conftest import NOW, POLICY, arrive, shown
from tests.fakes import MEMBER, chosen, ticked, typed

GUEST = {**MEMBER, "is_restricted": True}
STALLED = "stalled"


def open_list(office, text="", **more):
    return office.ask("/digest", text, **more)


def press(office, action, one=None, **more):
    """Press a button within the form that is open."""
    view = {**office.form, "id": "V1", "hash": "h1"}
    container = {"type": "view", "view_id": "V1"}
    value = {"subscription": one} if one else {}
    return office.press(action, value, view=view, container=container, channel=None, response_url=None, **more)


def fill(**fields):
    filled = {
        "digest": chosen(STALLED), "where": chosen("channel"), "days": ticked("0", "3"), "time": typed("08:30"),
        "zone": typed("Europe/Berlin"), "about": typed(""), "clear": ticked(),
    }  # fmt: skip
    return filled | fields


def save(office, user="U1", **fields):
    """Open the form for a new one, fill it in and submit it; the acknowledgement."""
    open_list(office, user_id=user)
    press(office, "digest.new", user=user)
    return office.submit(fill(**fields), user=user)


def errors(answer):
    return json.loads(answer.body)["errors"]


def standing(office):
    found = office.desk.ledger.standing(ObjectKind.SUBSCRIPTION)
    return [one for one in found if one.ended_at is None]


def one_of(office):
    (one,) = standing(office)
    return one


def reads(office):
    return shown(office.form["blocks"])


def fields_of(office):
    return {block["block_id"]: block for block in office.form["blocks"] if block["type"] == "input"}


def subscribed(office, by="person/anna", **more):
    """Something that somebody subscribed to, elsewhere."""
    viewer = viewer_for(office.desk.policy, by, by)
    name = f"subscription:{len(standing(office)) + 1}"
    wish = subscribe.Wish(**{"subscription": name, "digest": STALLED, "channel": "C1", **more})
    office.desk.act(subscribe.NAME, wish, viewer, NOW - timedelta(hours=1))
    return name


@pytest.fixture
def here(office):
    """An office in whose channel one digest comes."""
    subscribed(office)
    return office


# The list


def test_where_nothing_comes_it_says_so_and_offers_one(office):
    open_list(office)
    assert reads(office) == "No digest comes here yet. Press New… to choose one.\n[New…]"


def test_it_lists_what_comes_here_and_what_comes_to_oneself(office):
    subscribed(office, about="service api")
    subscribed(office, channel=None, days=(0,), time=datetime(2026, 1, 1, 7, 5, tzinfo=UTC).time(), zone="Asia/Tokyo")
    subscribed(office, channel="C2")
    subscribed(office, by="person/bo", channel=None)
    open_list(office)
    told = reads(office).splitlines()
    assert told[0] == "*In this channel*"
    assert told[1:3] == [
        "*Stalled reviews*, about service api",
        "Every weekday at 09:00 (Europe/Berlin). Next: Wed 4 Nov 09:00.",
    ]
    assert told[3] == "[Edit] [Pause] [Send one now] [Preview] [Remove]"
    assert told[4] == "*To you alone, by direct message*"
    assert told[6].startswith("On Monday at 07:05 (Asia/Tokyo). Next: ")
    assert len([line for line in told if line.startswith("*Stalled")]) == 2


def test_a_direct_message_shows_ones_own_only(here):
    open_list(here, channel_id="D1")
    assert "No digest comes here yet" in reads(here)


def test_guests_see_nothing(here):
    here.slack.users["U8"] = GUEST
    open_list(here, user_id="U8")
    assert "members of this workspace" in reads(here)


def test_words_of_others_are_only_words(office):
    name = subscribed(office)
    from assistant.acts import pause_subscription

    wish = pause_subscription.Wish(name, "<!channel> *look* <http://evil|here>")
    office.desk.act(pause_subscription.NAME, wish, viewer_for(office.desk.policy, "person/bo", "Bo"), NOW)
    open_list(office)
    assert "Paused: &lt;!channel&gt; *look* &lt;http://evil|here&gt;" in reads(office)


def test_a_list_stays_within_what_slack_takes(office):
    for number in range(45):
        subscribed(office, about=f"team {number}")
    open_list(office)
    assert len(office.form["blocks"]) <= 100
    assert "and 5 more digests" in reads(office)


# A new one


def test_a_digest_comes_to_the_channel_as_it_was_asked_for(office):
    save(office, clear=ticked("yes"), about=typed("service  API"))
    one = one_of(office)
    assert (one.digest, one.channel, one.person, one.days, one.time) == (STALLED, "C1", None, (0, 3), "08:30")
    assert (one.zone, one.about, one.all_clear, one.by) == ("Europe/Berlin", "service api", True, "person/anna")
    assert "on Monday and Thursday at 08:30" in reads(office)
    assert "[New…]" in reads(office)


def test_it_comes_to_oneself_alone(office):
    save(office, where=chosen("me"), user="U2")
    one = one_of(office)
    assert (one.channel, one.person, one.by) == (None, "person/bo", "person/bo")


def test_what_is_left_empty_is_as_the_digest_has_it(office):
    save(office, days=ticked(), time=typed(""))
    assert (one_of(office).days, one_of(office).time) == ((0, 1, 2, 3, 4), "09:00")


def test_the_zone_is_ones_own_at_first(office):
    office.slack.users["U3"] = {**MEMBER, "tz": "Asia/Tokyo", "profile": {"real_name": "Cho"}}
    open_list(office, user_id="U3")
    press(office, "digest.new", user="U3")
    assert fields_of(office)["zone"]["element"]["initial_value"] == "Asia/Tokyo"


def test_every_digest_is_offered_with_what_it_says(office):
    open_list(office)
    press(office, "digest.new")
    offered = [option["value"] for option in fields_of(office)["digest"]["element"]["options"]]
    assert offered == [one.id for one in DIGESTS]
    assert all(one.says[:40] in reads(office) for one in DIGESTS)


def test_the_name_of_a_digest_behind_the_command_opens_its_form(office):
    open_list(office, "stalled rev")
    assert fields_of(office)["digest"]["element"]["initial_option"]["value"] == STALLED


def test_in_a_direct_message_it_can_only_come_to_oneself(office):
    open_list(office, channel_id="D1")
    press(office, "digest.new")
    assert [o["value"] for o in fields_of(office)["where"]["element"]["options"]] == ["me"]
    office.submit(fill(where=chosen("channel")))  # no such choice was offered
    assert (one_of(office).channel, one_of(office).person) == (None, "person/anna")


@pytest.mark.parametrize(
    ("fields", "at", "said"),
    [
        ({"time": typed("25:00")}, "time", "like 09:00"),
        ({"time": typed("nine")}, "time", "like 09:00"),
        ({"time": typed("09:00+01:00")}, "time", "like 09:00"),
        ({"time": typed("\u0660\u0669:\u0660\u0660")}, "time", "like 09:00"),
        ({"time": typed("9:5")}, "time", "like 09:00"),
        ({"zone": typed("Berlin")}, "zone", "like Europe/Berlin"),
        ({"zone": typed("../../etc/passwd")}, "zone", "like Europe/Berlin"),
        ({"zone": typed("")}, "zone", "like Europe/Berlin"),
        ({"about": typed("team nobody")}, "about", "nobody"),
        ({"about": typed("acme/unknown")}, "about", "acme/unknown"),
        ({"digest": chosen("invented")}, "digest", "of the list"),
        ({"digest": chosen("personal")}, "where", "one person's own"),
        ({"days": ticked("7")}, "days", "days of the week"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(office, fields, at, said):
    told = errors(save(office, **fields))
    assert list(told) == [at]
    assert said in told[at]
    assert len(told[at]) <= 150
    assert standing(office) == []


def test_what_a_channel_may_not_see_is_no_scope_of_its_digest(office):
    arrive(office.desk.ledger, "pull_request__opened", 1, "acme/secret", title="x", body="")
    arrive(office.desk.ledger, "pull_request__opened", 2, "acme/web", title="x", body="")
    open_list(office, channel_id="C9")  # may see acme/web alone
    press(office, "digest.new")
    assert list(errors(office.submit(fill(about=typed("acme/secret"))))) == ["about"]
    assert "service acme/web, release acme/web 2.4" in errors(office.submit(fill(about=typed("acme/web"))))["about"]
    office.submit(fill(about=typed("service acme/web")))
    assert one_of(office).about == "service acme/web"


def test_what_is_found_out_later_stands_above_the_form_as_it_was_filled_in(office):
    save(office, days=ticked("5", "6"), time=typed("7:45"))
    assert "Nobody works on these days" in reads(office)
    fields = fields_of(office)
    assert fields["time"]["element"]["initial_value"] == "7:45"
    assert [o["value"] for o in fields["days"]["element"]["initial_options"]] == ["5", "6"]
    assert standing(office) == []
    office.submit(fill())
    assert one_of(office).days == (0, 3)


def test_the_same_one_comes_once(office):
    save(office)
    save(office)
    assert "comes here already" in reads(office)
    assert len(standing(office)) == 1


def test_a_channel_that_the_assistant_is_not_in_is_said_how_to_mend(office):
    office.slack.errors["conversations.info"] = "channel_not_found"
    save(office)
    assert "/invite @lastmile" in reads(office)
    assert standing(office) == []


def test_a_guest_subscribes_to_nothing(office):
    open_list(office)
    press(office, "digest.new")
    office.slack.users["U8"] = GUEST
    office.submit(fill(about=typed("acme/secret")), user="U8")
    assert "members of this workspace" in reads(office)
    assert standing(office) == []


# What is there already


def test_editing_starts_from_what_is_and_changes_that_one(here):
    open_list(here)
    press(here, "digest.edit", one_of(here).object)
    fields = fields_of(here)
    assert "where" not in fields
    assert fields["time"]["element"]["initial_value"] == "09:00"
    here.submit(fill(time=typed("10:15"), about=typed("service api")))
    assert (one_of(here).time, one_of(here).about, one_of(here).channel) == ("10:15", "service api", "C1")


def test_pausing_resuming_and_removing_show_the_list_again(here):
    name = one_of(here).object
    open_list(here)
    press(here, "digest.pause", name)
    assert one_of(here).paused_at == NOW
    assert "Paused" in reads(here).splitlines()[0]
    assert "[Edit] [Resume]" in reads(here)
    press(here, "digest.resume", name)
    assert one_of(here).paused_at is None
    press(here, "digest.remove", name)
    assert standing(here) == []
    assert "No digest comes here yet" in reads(here)


def test_removing_asks_first(here):
    open_list(here)
    (remove,) = [
        b for block in here.form["blocks"] for b in block.get("elements", ()) if b.get("action_id") == "digest.remove"
    ]
    assert remove["confirm"]["confirm"]["text"] == "Remove"


@pytest.mark.parametrize("action", ["edit", "pause", "resume", "remove", "send", "preview"])
@pytest.mark.parametrize("whose", ["another channel", "another person", "nobody", "forged"])
def test_what_comes_elsewhere_is_not_touched_from_here(office, action, whose):
    names = {
        "another channel": lambda: subscribed(office, by="person/bo", channel="C2"),
        "another person": lambda: subscribed(office, by="person/bo", channel=None),
        "nobody": lambda: "subscription:none",
        "forged": lambda: "release:checkout@2.4",
    }
    name = names[whose]()
    before = standing(office)
    open_list(office)
    press(office, f"digest.{action}", name)
    assert "There is no such digest here any more." in reads(office)
    assert standing(office) == before
    assert "chat.postMessage" not in {call.method for call in office.slack.calls}


def test_a_form_that_was_tampered_with_changes_nothing_elsewhere(here):
    other = subscribed(here, by="person/bo", channel="C2")
    open_list(here)
    press(here, "digest.edit", "subscription:1")
    note = json.loads(here.form["private_metadata"]) | {"subscription": other}
    here.form["private_metadata"] = json.dumps(note)
    here.submit(fill(time=typed("10:15")))
    assert "There is no such digest here any more." in reads(here)
    assert {one.time for one in standing(here)} == {"09:00"}


def test_a_preview_lies_above_the_list_is_only_shown_and_has_no_buttons(here):
    arrive(
        here.desk.ledger,
        "pull_request__opened",
        101,
        title="Cache <!channel>",
        body="",
        received=NOW - timedelta(days=9),
    )
    open_list(here)
    press(here, "digest.preview", one_of(here).object)
    assert len(here.slack.heard("views.push")) == 1
    assert "Nothing was sent" in reads(here)
    assert "<!channel>" not in reads(here)
    assert "[" not in reads(here).replace("[New…]", "")
    assert "chat.postMessage" not in {call.method for call in here.slack.calls}


def test_a_preview_for_a_channel_shows_what_the_channel_may_see(office):
    arrive(
        office.desk.ledger,
        "pull_request__opened",
        1,
        "acme/secret",
        title="Hidden",
        body="",
        received=NOW - timedelta(days=9),
    )
    subscribed(office, channel="C9")
    open_list(office, channel_id="C9")
    press(office, "digest.preview", one_of(office).object)
    assert "Hidden" not in reads(office)
    subscribed(office, channel=None)
    open_list(office, channel_id="D1")
    press(office, "digest.preview", standing(office)[-1].object)
    assert "Hidden" in reads(office)


def test_one_is_sent_now_by_way_of_the_outbox(here):
    open_list(here)
    press(here, "digest.send", one_of(here).object)
    assert "It is on its way." in reads(here)
    figures = here.desk.ledger.outbox.figures(NOW)
    assert figures.posts["owed"] >= 1


def test_it_is_the_channels_team_where_nothing_else_is_said():
    policy = policy_of(POLICY + '[teams.core]\nrepositories = ["acme/api"]\nchannels = ["C1"]\n')
    assert (
        Desk(None, policy, lambda: NOW).meant("", viewer_for(policy, "person/anna", "A", channel="C1")).name == "core"
    )
