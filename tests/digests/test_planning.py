"""What a digest posts at its moment: to whom it speaks, what it leaves out, and when it is silent."""

from datetime import timedelta

import pytest

from digests.directory import CouldNotAsk
from digests.planning import Occasion, answered, plan, reader_of
from tests.digests.saying import DIGEST, NINE, company

LATE = timedelta(hours=2)


@pytest.fixture
def office(sqlite_ledger, monkeypatch):
    return company(sqlite_ledger, monkeypatch)


def planned(office, one, moment=NINE, **more):
    when = Occasion(moment, **({"now": moment, "until": moment + LATE} | more))
    return plan(one, DIGEST, office.desk, office.directory, when)


def words(plan):
    return [post.message["text"] for post in plan.posts]


def test_a_lead_stands_alone_and_the_rest_waits_for_it_in_its_thread(office):
    one = office.subscribed(channel="C1")
    made = planned(office, one)
    assert made.state == "posted"
    assert words(made) == ["2 things in acme/secret, acme/web", "web#1\nweb#2"]
    lead, thread = made.posts
    assert (lead.after, thread.after) == (None, lead.key)
    assert lead.key == f"{one.object}|2026-11-18T08:00:00Z|0"
    assert {(post.channel, post.cause, post.until) for post in made.posts} == {("C1", one.object, NINE + LATE)}
    assert [len(post.pictures) for post in made.posts] == [0, 1]


def test_a_channel_reads_only_what_whoever_subscribed_may_share_there(office):
    assert words(planned(office, office.subscribed(channel="C9")))[0] == "2 things in acme/web"


def test_where_people_from_outside_read_along_nothing_is_shown_that_is_not_allowed_there(office):
    office.directory.outside.add("C1")
    assert words(planned(office, office.subscribed(channel="C1")))[0] == "2 things in nothing"


def test_what_the_terminal_subscribed_shows_a_channel_what_the_channel_may_see(office):
    assert words(planned(office, office.subscribed("terminal/root", channel="C9")))[0] == "2 things in acme/web"


def test_a_person_gets_a_direct_message_as_themselves(office):
    made = planned(office, office.subscribed("person/bo"))
    assert {post.channel for post in made.posts} == {"U2"}
    assert office.tiny.asked[-1].person == "person/bo"


def test_without_words_a_channels_digest_is_about_its_team(office):
    planned(office, office.subscribed(channel="C7"))
    assert office.tiny.asked[-1].subject.words == "team web"


def test_what_was_seen_is_remembered_of_each_subscription_by_itself(office):
    one, other = office.subscribed(channel="C1"), office.subscribed(channel="C9")
    lead, thread = planned(office, one).posts
    assert thread.seen is None
    office.desk.ledger.remember_seen(*lead.seen)
    assert any("seen: " in text for text in words(planned(office, one)) + _blocks(planned(office, one)))
    assert not any("seen: " in text for text in _blocks(planned(office, other)))


def _blocks(plan):
    return [block["text"]["text"] for post in plan.posts for block in post.message["blocks"] if "text" in block]


def test_planning_alone_remembers_nothing(office):
    one = office.subscribed(channel="C1")
    planned(office, one)
    assert not any("seen: " in text for text in _blocks(planned(office, one)))


def test_where_nothing_needs_anybody_it_is_silent(office):
    office.tiny.things.clear()
    made = planned(office, office.subscribed(channel="C1", all_clear=True))
    assert (made.state, made.posts) == ("silent", ())


def test_a_silent_week_ends_in_one_line_where_that_is_wished(office):
    office.tiny.things.clear()
    wished, not_wished = office.subscribed(channel="C1", all_clear=True), office.subscribed(channel="C9")
    made = planned(office, wished, week_was_silent=True)
    assert words(made) == [
        "0 things in acme/secret, acme/web\nNothing needed anybody this week. The next one comes when something does."
    ]
    assert planned(office, not_wished, week_was_silent=True).state == "silent"


def test_whoever_asks_for_one_now_gets_it_whatever_it_says(office):
    office.tiny.things.clear()
    assert words(planned(office, office.subscribed(channel="C1"), asked=True)) == ["0 things in acme/secret, acme/web"]


def test_a_late_one_says_when_it_was_due(office):
    made = planned(office, office.subscribed(channel="C1"), now=NINE + timedelta(hours=1), late=True)
    assert "Late: this was due today 09:00" in words(made)[0]
    assert "Late" in made.posts[0].message["blocks"][-1]["elements"][0]["text"]


def test_what_it_is_about_may_go_and_then_it_is_broken(office):
    made = planned(office, office.subscribed(channel="C1", about="team gone"))
    assert (made.state, made.broken) == ("skipped", "about")


def test_a_channel_that_can_not_be_seen_breaks_it(office):
    office.directory.unseen.add("C1")
    made = planned(office, office.subscribed(channel="C1"))
    assert (made.state, made.broken) == ("skipped", "not_in_channel")


def test_while_slack_can_not_be_asked_who_reads_a_channel_nothing_is_worked_out(office):
    one = office.subscribed(channel="C1")
    office.directory.away = True
    made = planned(office, one)
    assert (made.state, made.posts, made.broken) == ("put off", (), "")
    assert office.tiny.asked == []
    assert planned(office, one, asked=True).state == "skipped"


def test_while_slack_can_not_be_asked_who_a_person_is_their_digest_waits(office, monkeypatch):
    one = office.subscribed("person/bo")
    monkeypatch.setattr(office.directory, "slack_id", away)
    made = planned(office, one)
    assert (made.state, made.broken) == ("put off", "")


def test_a_digest_does_not_wait_for_the_slack_id_of_one_whom_it_names(office, monkeypatch):
    one, asked = office.subscribed(channel="C1"), []
    monkeypatch.setattr(office.directory, "slack_id", away)
    reader = reader_of(one, office.desk.policy, office.directory, NINE)

    def told(*_all, reached, **_more):
        asked.append(reached("person/bo"))

    monkeypatch.setattr(type(office.desk), "told", told)
    answered(one, DIGEST, office.desk, office.directory, reader, Occasion(NINE, NINE, NINE))
    assert asked == [None]


def test_whoever_sleeps_by_the_zone_that_slack_gives_is_not_mentioned(office, monkeypatch):
    one, asked = office.subscribed(channel="C1"), []
    office.directory.zones |= {"U8": "Pacific/Auckland", "U9": "Europe/Berlin"}
    reader = reader_of(one, office.desk.policy, office.directory, NINE)

    def told(*_all, reached, **_more):
        asked.extend(reached(f"slack/{user}") for user in ("U7", "U8", "U9"))

    monkeypatch.setattr(type(office.desk), "told", told)
    answered(one, DIGEST, office.desk, office.directory, reader, Occasion(NINE, NINE, NINE))
    assert asked == ["U7", None, "U9"]


@pytest.mark.parametrize("more", [{}, {"channel": "C1"}])
def test_what_speaks_for_somebody_who_is_no_member_any_more_is_broken(office, more):
    one = office.subscribed("person/bo", **more)
    office.directory.guests.add("U2")
    made = planned(office, one)
    assert (made.state, made.posts, made.broken) == ("skipped", (), "guest")
    assert office.tiny.asked == []


def test_what_somebody_else_who_is_no_member_reads_is_nobodys_matter(office):
    office.directory.guests.add("U2")
    assert planned(office, office.subscribed("person/anna", channel="C1")).state == "posted"
    assert planned(office, office.subscribed("terminal/root", channel="C1", about="team web")).state == "posted"


def away(_key, _now):
    raise CouldNotAsk


def test_a_person_whom_nobody_finds_in_slack_breaks_it(office, monkeypatch):
    one = office.subscribed("person/bo")
    monkeypatch.setattr(office.directory, "slack_id", lambda key, now: None)
    assert planned(office, one).broken == "unreachable"
