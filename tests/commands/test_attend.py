"""What happens when somebody presses a button below a thing that was brought to them?"""

import json
import threading
from datetime import timedelta

import pytest

from assistant.acts import take_review
from assistant.blocks import section
from assistant.showing import pressing
from assistant.viewer import viewer_for
from storage.posts import Owed
from tests.commands.conftest import NOW, arrive, shown
from tests.fakes import MEMBER

PULL, OTHER = "change:acme/api#101", "change:acme/api#102"
TS = f"{(NOW - timedelta(hours=1)).timestamp():.6f}"
GUEST = {**MEMBER, "is_restricted": True}


def row(about, **more):
    return [section(f"The row of {about}"), *pressing.attending(about, **more)]


def blocks(*abouts):
    return [block for about in abouts for block in row(about, review=True)]


def posted(office, *abouts, channel="C1", ts=TS, key="subscription:1|2026-11-03T09:00:00Z|0"):
    """A message with a row for each thing, that the assistant posted an hour ago."""
    outbox, message = office.desk.ledger.outbox, {"text": "Things", "blocks": blocks(*abouts)}
    at = NOW - timedelta(hours=1)
    outbox.owe([Owed(key, channel, message, at, NOW)], at)
    (claimed,) = outbox.claim(at, "test", timedelta(minutes=1), 1, 300)
    assert outbox.posted(claimed.key, "test", at, ts, channel)
    stand(office, message, channel, ts)


def stand(office, message, channel="C1", ts=TS):
    office.slack.messages.setdefault(channel, []).append({"ts": ts, **message})


def press(office, action, about=PULL, *, message=None, private=False, ts=TS, **more):
    container = {"type": "message", "is_ephemeral": private, "channel_id": "C1", "message_ts": ts}
    sent = {"message": message} if message else {}
    value = about if about.startswith("{") else {"about": about}
    return office.press(action, value, private=private, container=container, **sent, **more)


def updates(office):
    return office.slack.heard("chat.update")


def says(office, ts=TS):
    """What everybody reads there now."""
    (message,) = [one for one in office.slack.messages["C1"] if one["ts"] == ts]
    return shown(message["blocks"])


def attention(office, about=PULL):
    return office.desk.ledger.get((f"attention:{about}",)).get(f"attention:{about}")


@pytest.fixture
def busy(office):
    """Two changes that Cho wrote and that wait for a review, and a ticket."""
    for number in (101, 102):
        wrote(office, number, "cho")
    arrive(office.desk.ledger, "issues__opened", 55, title="Totals are wrong", body="")
    return office


def wrote(office, number, login):
    user = {"login": login, "type": "User"}
    arrive(office.desk.ledger, "pull_request__opened", number, title=f"Cache {number}", body="", user=user)


@pytest.fixture
def post(busy):
    posted(busy, PULL, OTHER)
    return busy


@pytest.mark.parametrize(
    ("action", "kind", "said"),
    [
        (pressing.ACKNOWLEDGE, "acknowledged", "Anna Berg sees to it, today 11:00"),
        (pressing.TAKE, "taken", "Anna Berg takes the review, today 11:00"),
        (pressing.TOMORROW, "snoozed", "Anna Berg snoozed it until Wed 4 Nov 09:00, today 11:00"),
        (pressing.NEXT_WEEK, "snoozed", "Anna Berg snoozed it until Mon 9 Nov 09:00, today 11:00"),
    ],
)
def test_a_press_is_kept_and_stands_in_place_of_the_buttons(post, action, kind, said):
    press(post, action)
    (mark,) = getattr(attention(post), kind)
    assert (mark.by, mark.at) == ("person/anna", NOW)
    (update,) = updates(post)
    assert (update["channel"], update["ts"]) == ("C1", TS)
    assert says(post).splitlines()[:3] == [f"The row of {PULL}", said, f"The row of {OTHER}"]
    assert post.answers == []


def test_what_is_not_theirs_can_still_be_taken_by_another(post):
    press(post, pressing.DECLINE)
    assert says(post).splitlines()[1] == "Anna Berg says that it is not theirs, today 11:00"
    assert "[Take the review]" in says(post).splitlines()[2]
    press(post, pressing.TAKE, user="U2")
    assert says(post).splitlines()[1:3] == [
        "Anna Berg says that it is not theirs, today 11:00",
        "Bo Cole takes the review, today 11:00",
    ]


def test_several_presses_on_one_message_lose_nothing(post):
    press(post, pressing.TAKE)
    press(post, pressing.ACKNOWLEDGE, OTHER, user="U2")
    assert "Anna Berg takes the review" in says(post)
    assert "Bo Cole sees to it" in says(post)
    assert "[" not in says(post)


def test_presses_at_the_same_moment_lose_nothing_either(post):
    post.slack.slow["chat.update"] = 0.2
    presses = [(pressing.TAKE, PULL, "U1"), (pressing.ACKNOWLEDGE, OTHER, "U2"), (pressing.ACKNOWLEDGE, PULL, "U2")]
    threads = [threading.Thread(target=lambda p=p: press(post, p[0], p[1], user=p[2])) for p in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    last = says(post)
    assert all(said in last for said in ("Anna Berg takes the review", "Bo Cole sees to it"))
    assert last.count("Bo Cole sees to it") == 2


def test_whoever_took_it_is_its_owner_in_every_later_answer_until_they_say_it_is_not_theirs(post):
    def owner():
        post.press("blocking.all", {"about": "release checkout 2.4"})
        return post.read.partition("Cache 101*")[2].splitlines()[2]

    earlier, wish = NOW - timedelta(minutes=30), take_review.Wish(PULL)
    post.desk.act(take_review.NAME, wish, viewer_for(post.desk.policy, "person/bo", "Bo"), earlier)
    assert owner().startswith("Bo Cole, since ")
    press(post, pressing.DECLINE, user="U2")
    assert owner().startswith("*No owner*")


def test_nobody_is_mentioned_by_it_and_names_are_words(post):
    post.slack.users["U7"] = {**MEMBER, "profile": {"real_name": "<!channel> & <@U2>"}}
    press(post, pressing.ACKNOWLEDGE, user="U7")
    assert says(post).splitlines()[1] == "&lt;!channel&gt; &amp; &lt;@U2&gt; sees to it, today 11:00"
    assert "<" not in json.dumps(updates(post))


def test_whoever_slack_alone_knows_is_called_as_slack_does(post):
    post.slack.users["U7"] = {**MEMBER, "profile": {"real_name": "Dee Roe"}}
    press(post, pressing.ACKNOWLEDGE, user="U7")
    press(post, pressing.TAKE, OTHER)
    assert "Dee Roe sees to it" in says(post)


def test_a_message_that_is_not_in_the_outbox_is_changed_as_slack_sent_it(busy):
    sent = {"text": "Shared", "blocks": blocks(PULL, OTHER)}
    stand(busy, sent)
    press(busy, pressing.TAKE, message=sent)
    press(busy, pressing.ACKNOWLEDGE, OTHER, message=sent, user="U2")  # sent before the first was shown
    assert "Anna Berg takes the review" in says(busy)
    assert "Bo Cole sees to it" in says(busy)
    assert updates(busy)[-1]["text"] == "Shared"


def test_one_that_only_its_reader_sees_is_replaced(busy):
    press(busy, pressing.TAKE, message={"text": "Yours", "blocks": blocks(PULL)}, private=True)
    (answer,) = busy.answers
    assert answer["replace_original"] is True
    assert shown(answer["blocks"]).endswith("Anna Berg takes the review, today 11:00")
    assert updates(busy) == []


def test_where_nothing_can_be_shown_in_place_it_is_said(busy):
    press(busy, pressing.TAKE)
    assert busy.read == "You take the review of acme/api#101."
    press(busy, pressing.ACKNOWLEDGE, private=True)
    assert busy.read == "You see to acme/api#101."


def test_where_slack_takes_no_update_it_is_said(post):
    post.slack.errors["chat.update"] = "cant_update_message"
    press(post, pressing.TOMORROW)
    assert post.read == "acme/api#101 is snoozed until Wednesday 4 November 2026, 09:00 (Europe/Berlin)."
    assert attention(post).snoozed


def test_a_thing_that_is_over_says_so_in_its_row_and_to_whoever_pressed(post):
    arrive(
        post.desk.ledger, "pull_request__closed_merged", 101, received=NOW,
        merged_at="2026-11-03T09:30:00Z", closed_at="2026-11-03T09:30:00Z",
    )  # fmt: skip
    press(post, pressing.TAKE)
    assert post.read == "acme/api#101 is merged already."
    assert says(post).splitlines()[:3] == [f"The row of {PULL}", "Done: merged, today 10:30", f"The row of {OTHER}"]
    assert attention(post) is None


def test_a_refusal_is_told_to_whoever_pressed_and_changes_nothing(post):
    press(post, pressing.TAKE, "ticket:acme/api#55")
    assert post.read == "acme/api#55 is no change: there is nothing to review."
    assert attention(post, "ticket:acme/api#55") is None


def test_nobody_takes_the_review_of_what_they_wrote(post):
    wrote(post, 106, "anna-acme")
    press(post, pressing.TAKE, "change:acme/api#106")
    assert post.read == "You wrote acme/api#106: somebody else has to review it."


def test_guests_may_press_nothing(post):
    post.slack.users["U8"] = GUEST
    press(post, pressing.TAKE, user="U8")
    assert "members of this workspace" in post.read
    assert attention(post) is None
    assert updates(post) == []


@pytest.mark.parametrize("about", ["change:acme/nothing#1", "release:", "change:", "account:github/x", "<!channel>"])
def test_what_is_no_thing_that_they_may_see_is_refused(post, about):
    press(post, pressing.ACKNOWLEDGE, about)
    assert "I know nothing of" in post.read
    assert "<!channel>" not in post.read


@pytest.mark.parametrize("value", ['{"about": 5}', "{}", '{"about": ""}', '{"other": "x"}', '{"about"'])
def test_a_value_that_was_tampered_with_is_refused(post, value):
    press(post, pressing.ACKNOWLEDGE, value)
    assert "says nothing that I know" in post.read
    assert updates(post) == []


def test_the_same_request_again_does_nothing_again(post):
    for _ in range(2):
        press(post, pressing.ACKNOWLEDGE, trigger_id="one")
    assert len(post.desk.ledger.history(f"attention:{PULL}")) == 1


def test_times_are_said_in_the_zone_of_its_subscription_as_of_the_day_it_was_posted(busy):
    from storage.records import Event

    data = {
        "digest": "d",
        "channel": "C1",
        "person": None,
        "days": [0],
        "time": "09:00",
        "zone": "Asia/Tokyo",
        "about": "",
    }
    set_ = Event("s", "subscription:9", "subscription.set", NOW, "lastmile", "person/anna", None, data)
    busy.desk.ledger.record([set_], NOW)
    yesterday = f"{(NOW - timedelta(hours=18)).timestamp():.6f}"
    posted(busy, PULL, ts=yesterday, key="subscription:9|x|0")
    press(busy, pressing.ACKNOWLEDGE, ts=yesterday)
    assert "Anna Berg sees to it, today 19:00" in says(busy, yesterday)  # in Tokyo that was posted this very day
