"""What does a person read who types /blocking, and what do the buttons show?"""

import json
import re

import pytest

from commands import share
from commands.people import INVITE
from storage.records import ObjectKind
from tests.commands.conftest import NOW, arrive, shown


def test_the_answer_reaches_the_one_who_asked_and_nobody_else(busy):
    assert busy.ask("/blocking", "2.4").status == 200
    (answer,) = busy.answers
    assert answer["response_type"] == "ephemeral"
    assert answer["unfurl_links"] is False
    assert "checkout 2.4" in answer["text"]
    assert busy.read.startswith("⛔ checkout 2.4 is blocked\nNobody owns a hard gate: api#55 Totals are wrong.\n")
    assert ". Quote cache 101 &lt;!channel&gt;* <https://github.com/acme/api/pull/101|acme/api#101>" in busy.read
    assert "[Show all 6] [Share in channel] [Decide…] [Edit release…] [Hand off…]" in busy.read


def test_what_was_seen_is_remembered_for_the_next_look(busy):
    busy.ask("/blocking", "2.4")
    assert "Since you looked" not in busy.read
    arrive(busy.desk.ledger, "pull_request__opened", 120, title="Late idea", body="", received=NOW)
    busy.ask("/blocking", "2.4")
    assert "*Since you looked today 11:00*" in busy.read
    assert "new: acme/api#120" in busy.read


def test_the_full_list_takes_the_place_of_the_summary_that_one_person_sees(busy):
    busy.ask("/blocking", "2.4")
    busy.press("blocking.all", busy.button("Show all 6"))
    assert busy.answers[-1]["replace_original"] is True
    assert "1 to 6 of 6 blockers" in busy.read
    assert [b["accessory"]["text"]["text"] for b in busy.answers[-1]["blocks"] if "accessory" in b] == ["Wrong?"] * 6


def test_the_full_list_under_a_shared_post_leaves_the_post_alone(busy):
    busy.press("blocking.all", {"about": "release checkout 2.4"}, private=False)
    assert busy.answers[-1]["replace_original"] is False
    assert busy.answers[-1]["response_type"] == "ephemeral"


def test_a_long_list_is_turned_page_by_page_and_back(busy):
    for number in range(200, 220):
        arrive(busy.desk.ledger, "pull_request__opened", number, title="One of many", body="")
    busy.press("blocking.all", {"about": "release checkout 2.4"})
    first = busy.read
    label = re.search(r"\[(Next, from \d+)\]", first)[1]
    busy.press("blocking.all", busy.button(label))
    assert f"{label.split()[-1]} to 26 of 26 blockers" in busy.read
    busy.press("blocking.all.top", busy.button("From the first"))
    assert busy.read == first


def test_the_way_back_leads_to_the_summary(busy):
    busy.press("blocking.all", {"about": "release checkout 2.4"})
    busy.press("blocking.first", busy.button("Summary"))
    assert "[Show all 6]" in busy.read


def test_alone_it_asks_which_and_offers_what_there_is(busy):
    busy.ask("/blocking")
    assert "What would you like to know about?" in busy.read
    busy.press("blocking.pick.0", busy.button("Release checkout 2.4"))
    assert busy.read.startswith("⛔ checkout 2.4 is blocked\n")


def test_an_unknown_name_gets_near_matches_and_no_error(busy):
    busy.ask("/blocking", "chekout 2.4")
    assert 'I know nothing called "chekout 2.4". Did you mean one of these?' in busy.read
    assert "[Release checkout 2.4]" in busy.read


def test_one_change_can_be_asked_about(busy):
    busy.ask("/blocking", "acme/api#101")
    assert busy.read.splitlines()[0] == "🟠 acme/api#101 is not ready"


def test_releases_are_listed_with_a_way_to_each(busy):
    busy.ask("/releases")
    assert "1 open release" in busy.read
    busy.press("blocking.pick.0", busy.button("What blocks it?"))
    assert busy.read.startswith("⛔ checkout 2.4 is blocked\n")


def test_a_shared_answer_is_posted_for_all_as_of_now_and_mentions_nobody(busy):
    busy.ask("/blocking", "2.4")
    busy.press("blocking.share", busy.button("Share in channel"))
    (post,) = busy.slack.heard("chat.postMessage")
    said = shown(post["blocks"])
    assert post["channel"] == "C1"
    assert "Shared by Anna Berg, as of today 11:00 (Europe/Berlin)" in said
    assert "as of today" in post["text"]
    assert "<@" not in json.dumps(post)
    assert "<!" not in said
    assert "[Wrong?]" not in said
    assert said.endswith("[Show all 6]")


def test_a_shared_answer_holds_only_what_the_channel_may_see(busy):
    arrive(busy.desk.ledger, "pull_request__opened", 7, "acme/secret", title="The secret", body="")
    busy.ask("/blocking", "2.4")
    assert "[Show all 7]" in busy.read
    busy.desk.policy.access.channels["C1"] = ("acme/api",)
    busy.press("blocking.share", {"about": "release checkout 2.4"})
    (post,) = busy.slack.heard("chat.postMessage")
    assert "acme/secret" not in json.dumps(post)
    assert shown(post["blocks"]).endswith("[Show all 6]")


@pytest.mark.parametrize("shared", [{"is_ext_shared": True}, {"is_pending_ext_shared": True}])
def test_a_channel_with_outsiders_gets_nothing_unless_it_is_named(busy, shared):
    busy.slack.channels["C1"] = shared
    busy.press("blocking.share", {"about": "release checkout 2.4"})
    assert busy.slack.heard("chat.postMessage") == []
    assert share.HIDDEN in busy.read


def test_where_the_assistant_is_not_it_says_how_to_invite_it(busy):
    busy.slack.errors["chat.postMessage"] = "not_in_channel"
    busy.press("blocking.share", {"about": "release checkout 2.4"})
    assert INVITE in busy.read


def test_a_private_channel_that_can_not_be_seen_gets_an_invitation_too(busy):
    busy.slack.errors["conversations.info"] = "channel_not_found"
    busy.press("blocking.share", {"about": "release checkout 2.4"})
    assert INVITE in busy.read


def test_the_channel_remembers_what_was_posted_there(busy):
    for _ in range(2):
        busy.press("blocking.share", {"about": "release checkout 2.4"})
    assert "*Since it was posted here today 11:00*\nnothing changed" in shown(
        busy.slack.heard("chat.postMessage")[-1]["blocks"]
    )


def test_nobody_asked_anything_leaves_no_trace(office):
    assert office.desk.ledger.standing(ObjectKind.RELEASE) == ()
