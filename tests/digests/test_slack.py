"""What we say reaches Slack as meant, is found there again, and every no of Slack is understood."""

import base64
import socket
from datetime import UTC, datetime, timedelta

import pytest

from digests.pictures import FAILED, Pictures
from digests.poster import (
    CannotRead,
    Down,
    Limited,
    Lost,
    Refused,
    Sent,
    Unanswered,
    Unpostable,
    Unreadable,
)
from digests.slack import SlackPoster, client_for
from tests.fakes import Status, fake_slack

PNG = base64.b64decode("iVBORw0KGgo=")
HELLO = {"text": "Hello", "blocks": [{"type": "divider"}]}
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def slack():
    with fake_slack() as slack:
        yield slack


@pytest.fixture
def poster(slack):
    return poster_for(slack)


def poster_for(slack, seconds=2.0):
    client = client_for("xoxb-1", slack.url, 1)
    return SlackPoster(client, Pictures(client, seconds, sleep=lambda _seconds: None))


def test_a_message_goes_out_with_its_key_and_nothing_unfurls(slack, poster):
    sent = poster.post("C1", HELLO, None, "k1")
    (said,) = slack.heard("chat.postMessage")
    assert said["metadata"] == {"event_type": "lastmile_post", "event_payload": {"key": "k1"}}
    assert (said["unfurl_links"], said["unfurl_media"], said["parse"]) == (False, False, "none")
    assert (said["text"], said["blocks"]) == ("Hello", [{"type": "divider"}])
    assert sent == Sent(slack.standing("C1")[0]["ts"], "C1")


def test_a_person_is_written_to_in_their_direct_messages_which_are_opened_once(slack, poster):
    assert poster.post("U1", HELLO, None, "k1").channel == "D1"
    poster.post("U1", HELLO, None, "k2")
    assert len(slack.heard("conversations.open")) == 1
    assert len(slack.standing("D1")) == 2


def test_a_message_without_blocks_goes_out_as_its_text(slack, poster):
    poster.post("C1", {"text": "Hello", "blocks": []}, None, "k1")
    assert "blocks" not in slack.heard("chat.postMessage")[0]


def test_a_message_is_found_by_its_key_among_others_and_in_its_thread(slack, poster):
    lead = poster.post("C1", HELLO, None, "lead")
    reply = poster.post("C1", HELLO, lead.ts, "reply")
    for number in range(120):
        poster.post("C1", HELLO, None, f"later {number}")
    assert poster.find("C1", None, "lead", LONG_AGO) == lead
    assert poster.find("C1", lead.ts, "reply", LONG_AGO) == reply
    assert poster.find("C1", lead.ts, "other", LONG_AGO) is None
    assert poster.find("C1", None, "reply", LONG_AGO) is None
    assert poster.find("C1", None, "lead", datetime.now(UTC) + timedelta(hours=1)) is None


def test_where_more_was_posted_than_can_be_looked_through_nobody_claims_to_know(slack, poster, monkeypatch):
    monkeypatch.setattr("digests.slack._PAGES", 1)
    for number in range(101):
        poster.post("C1", HELLO, None, f"k{number}")
    with pytest.raises(CannotRead):
        poster.find("C1", None, "k0", LONG_AGO)


def test_a_message_is_changed_in_place(slack, poster):
    sent = poster.post("C1", HELLO, None, "k1")
    poster.update("C1", sent.ts, {"text": "Done", "blocks": []})
    assert [said["text"] for said in slack.standing("C1")] == ["Done"]
    with pytest.raises(Unpostable, match="message_not_found"):
        poster.update("C1", "1.0", HELLO)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("is_archived", Refused), ("not_in_channel", Refused), ("channel_not_found", Refused),
        ("restricted_action_read_only_channel", Refused), ("restricted_action", Refused),
        ("restricted_action_thread_locked", Unpostable), ("cannot_reply_to_message", Unpostable),
        ("something_nobody_heard_of", Unpostable), ("invalid_blocks", Unreadable), ("msg_too_long", Unreadable),
        ("msg_blocks_too_long", Unreadable), ("invalid_auth", Down), ("token_revoked", Down), ("missing_scope", Down),
        ("service_unavailable", Down), (Status(503), Down), ("internal_error", Unanswered),
        ("fatal_error", Unanswered), (Status(500), Unanswered), (Status(502), Unanswered),
    ],
    ids=str,
)  # fmt: skip
def test_each_no_of_slack_is_understood(slack, poster, answer, kind):
    slack.errors["chat.postMessage"] = answer
    with pytest.raises(kind) as caught:
        poster.post("C1", HELLO, None, "k1")
    assert type(caught.value) is kind


def test_a_limit_says_how_long_to_wait(slack, poster):
    slack.errors["chat.postMessage"] = [Status(429, Retry_After=17), "ratelimited"]
    with pytest.raises(Limited) as caught:
        poster.post("C1", HELLO, None, "k1")
    assert caught.value.seconds == 17
    with pytest.raises(Limited) as caught:
        poster.post("C1", HELLO, None, "k1")
    assert caught.value.seconds == 30
    assert len(slack.heard("chat.postMessage")) == 2


def test_a_slack_that_does_not_answer_in_time_leaves_us_unsure(slack, poster):
    slack.slow["chat.postMessage"] = 1.5
    with pytest.raises(Unanswered):
        poster.post("C1", HELLO, None, "k1")


def test_a_line_that_breaks_after_the_request_leaves_us_unsure():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        import threading

        def hang_up():
            peer, _ = listener.accept()
            peer.recv(65536)
            peer.close()

        threading.Thread(target=hang_up, daemon=True).start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/api/"
        with pytest.raises(Unanswered):
            SlackPoster(client_for("xoxb-1", address)).post("C1", HELLO, None, "k1")


def test_a_slack_that_cannot_be_reached_took_nothing():
    with pytest.raises(Down):
        SlackPoster(client_for("xoxb-1", "http://127.0.0.1:9/api/")).post("C1", HELLO, None, "k1")


def test_a_direct_message_that_could_not_be_opened_was_surely_not_posted(slack, poster):
    slack.errors["conversations.open"] = [Status(500), "user_disabled"]
    with pytest.raises(Down):
        poster.post("U1", HELLO, None, "k1")
    with pytest.raises(Refused):
        poster.post("U1", HELLO, None, "k1")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("missing_scope", CannotRead), ("not_in_channel", CannotRead), ("channel_not_found", CannotRead),
        ("thread_not_found", CannotRead), ("nobody_knows", CannotRead), (Status(429, Retry_After=60), Limited),
        (Status(503), Down), (Status(500), Down), ("internal_error", Down),
    ],
    ids=str,
)  # fmt: skip
def test_where_we_may_not_look_is_told_apart_from_where_we_may_look_later(slack, poster, answer, kind):
    slack.errors["conversations.history"] = answer
    with pytest.raises(kind) as caught:
        poster.find("C1", None, "k1", LONG_AGO)
    assert type(caught.value) is kind


# Pictures


def test_a_picture_is_uploaded_and_shown_first_with_words_for_who_does_not_see_it(slack, poster):
    sent = poster.post("C1", HELLO, None, "k1", [(PNG, "Last eight weeks", "Review took longer")])
    (kept,) = slack.files.values()
    assert (kept["png"], kept["alt"], kept["title"]) == (PNG, "Review took longer", "Last eight weeks")
    first, *others = slack.standing("C1")[0]["blocks"]
    assert first["slack_file"] == {"id": "F1"}
    assert (first["alt_text"], first["title"]["text"]) == ("Review took longer", "Last eight weeks")
    assert others == HELLO["blocks"]
    assert sent.said["blocks"] == [first, *others]


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal", "files.info"])
@pytest.mark.parametrize("answer", ["missing_scope", Status(500)], ids=str)
def test_a_message_whose_picture_fails_goes_without_it_and_says_so(slack, poster, method, answer):
    slack.errors[method] = answer
    sent = poster.post("C1", HELLO, None, "k1", [(PNG, "Title", "Alt")])
    (message,) = slack.standing("C1")
    assert message["blocks"][-1]["elements"][0]["text"] == FAILED
    assert sent.said["blocks"] == message["blocks"]


def test_a_picture_that_slack_never_makes_ready_is_given_up_in_time(slack):
    slack.files = type("Late", (dict,), {"__setitem__": lambda s, k, v: dict.__setitem__(s, k, v | {"late": 10**9})})()
    poster_for(slack, seconds=0.7).post("C1", HELLO, None, "k1", [(PNG, "Title", "Alt")])
    assert slack.standing("C1")[0]["blocks"][-1]["elements"][0]["text"] == FAILED


def test_a_picture_that_slack_refuses_to_show_does_not_cost_the_words(slack, poster):
    slack.errors["chat.postMessage"] = ["invalid_blocks"]
    poster.post("C1", HELLO, None, "k1", [(PNG, "Title", "Alt")])
    (message,) = slack.standing("C1")
    assert message["blocks"][0] == {"type": "divider"}
    assert message["blocks"][-1]["elements"][0]["text"] == FAILED


def test_before_each_try_to_post_it_is_asked_whether_the_post_is_still_ours(slack, poster):
    slack.errors["chat.postMessage"] = ["invalid_blocks"]
    answers = [True, False]
    with pytest.raises(Lost):
        poster.post("C1", HELLO, None, "k1", [(PNG, "Title", "Alt")], lambda: answers.pop(0))
    assert (answers, slack.standing("C1")) == ([], [])
    assert len(slack.heard("chat.postMessage")) == 1


def test_opening_and_uploading_share_one_deadline(slack):
    slack.slow |= {"conversations.open": 0.6, "files.getUploadURLExternal": 0.6}
    poster_for(slack, seconds=1.0).post("U1", HELLO, None, "k1", [(PNG, "Title", "Alt")])
    assert slack.standing("D1")[0]["blocks"][-1]["elements"][0]["text"] == FAILED
    assert slack.heard("files.completeUploadExternal") == []


def test_of_a_message_that_was_found_the_picture_is_known_again(slack, poster):
    sent = poster.post("C1", HELLO, None, "k1", [(PNG, "Title", "Alt")])
    slack.messages["C1"][0]["blocks"][0] |= {"image_url": "https://files", "image_width": 9}
    found = poster.find("C1", None, "k1", LONG_AGO)
    assert found.said["blocks"] == sent.said["blocks"]
