"""Every post is owed once, claimed by one, and never tried twice without a look."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from storage.database import Database
from storage.outbox import NOTICE, Outbox, Owed, Seen
from tests.builders import NOON
from tests.ledgers import stored

LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)
SUB = "subscription:1"


@pytest.fixture
def outbox(database_url):
    database = Database(database_url)
    yield Outbox(database)
    database.close()


def owed(key, channel="C1", **more):
    given = {"message": {"text": key, "blocks": []}, "due": NOON, "until": NOON + timedelta(hours=2)}
    return Owed(key, channel, **{**given, **more})


def claim(outbox, now=NOON, who="a", most=10, pace=None):
    return outbox.claim(now, who, LEASE, most, pace)


def keys(claimed):
    return [post.key for post in claimed]


def finish(outbox, posts, moment=NOON, sub=SUB, now=NOON, **more):
    assert outbox.claim_run(sub, moment, now, LEASE, "a")
    return outbox.finish_run(sub, moment, "a", now, "posted", posts, **more)


def states(outbox):
    return outbox.figures(NOON).posts


# Runs


def test_a_run_is_claimed_once(outbox):
    assert outbox.claim_run(SUB, NOON, NOON, LEASE, "a")
    assert not outbox.claim_run(SUB, NOON, NOON, LEASE, "b")
    assert outbox.claim_run(SUB, NOON + timedelta(days=1), NOON, LEASE, "b")


def test_a_claim_that_was_given_back_is_free_from_then_on_and_says_why(outbox):
    assert outbox.claim_run(SUB, NOON, NOON, LEASE, "a")
    assert not outbox.put_off(SUB, NOON, "b", NOON, NOON, "not mine")
    assert outbox.put_off(SUB, NOON, "a", NOON, NOON + 15 * SECOND, "Slack was away")
    assert not outbox.claim_run(SUB, NOON, NOON + 14 * SECOND, LEASE, "b")
    assert outbox.claim_run(SUB, NOON, NOON + 15 * SECOND, LEASE, "b")
    (run,) = outbox.runs([SUB], 1)
    assert (run.state, run.why) == ("claimed", "Slack was away")
    assert not outbox.put_off(SUB, NOON, "a", NOON, NOON, "lost")


def test_what_is_over_is_not_put_off(outbox):
    finish(outbox, [])
    assert not outbox.put_off(SUB, NOON, "a", NOON, NOON + LEASE, "too late")


def test_what_a_post_lets_its_readers_see_is_remembered_once_it_stands_and_is_no_part_of_its_words(database_url):
    database = Database(database_url)
    outbox, seen = Outbox(database), Seen("subscription:1", "tiny:web", NOON, {"things": ["web#1"]})
    finish(outbox, [owed("k", seen=seen), owed("l", "C2", seen=seen._replace(key="other"))])
    for post in claim(outbox):
        assert post.message == {"text": post.key, "blocks": []}
    rows = "SELECT viewer, key, outline FROM seen"
    with database.reading() as session:
        assert session.all(rows) == []
    assert outbox.over("l", "a", NOON, "failed", "is_archived")
    assert not outbox.posted("k", "somebody else", NOON, "1.0", "C1")
    assert outbox.posted("k", "a", NOON, "1.0", "C1")
    with database.reading() as session:
        assert [(viewer, key, bytes(kept)) for viewer, key, kept in session.all(rows)] == [
            ("subscription:1", "tiny:web", b'{"things":["web#1"]}')
        ]
    assert outbox.find("C1", "1.0") == ("k", {"text": "k", "blocks": []})
    database.close()


def test_of_many_that_claim_at_once_one_gets_it(outbox):
    start = threading.Barrier(8)

    def begin(number):
        start.wait(20)
        return outbox.claim_run(SUB, NOON, NOON, LEASE, f"replica {number}")

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(begin, range(8))) == [False] * 7 + [True]


def test_an_unfinished_claim_goes_to_another_when_its_lease_is_over_and_the_first_can_finish_nothing(outbox):
    outbox.claim_run(SUB, NOON, NOON, LEASE, "a")
    assert not outbox.claim_run(SUB, NOON, NOON + LEASE - SECOND, LEASE, "b")
    assert outbox.claim_run(SUB, NOON, NOON + LEASE, LEASE, "b")
    assert not outbox.finish_run(SUB, NOON, "a", NOON + LEASE, "posted", [owed("k")])
    assert states(outbox) == {}
    assert outbox.finish_run(SUB, NOON, "b", NOON + LEASE, "posted", [owed("k")])
    assert states(outbox) == {"owed": 1}


def test_a_finished_run_is_never_claimed_again(outbox):
    finish(outbox, [])
    assert not outbox.claim_run(SUB, NOON, NOON + timedelta(days=9), LEASE, "b")
    assert not outbox.finish_run(SUB, NOON, "a", NOON, "posted", [owed("k")])


def test_a_run_is_told_as_what_became_of_its_lead(outbox):
    finish(outbox, [owed("lead", cause=SUB), owed("reply", cause=SUB, after="lead")])
    assert [run.state for run in outbox.runs([SUB], 5)] == ["owed"]
    (post,) = claim(outbox)
    outbox.over(post.key, "a", NOON, "failed", "is_archived")
    assert [(run.state, run.why) for run in outbox.runs([SUB], 5)] == [("failed", "is_archived")]


def test_the_newest_runs_of_each_subscription_are_listed(outbox):
    for day in range(3):
        for sub in (SUB, "subscription:2"):
            outbox.claim_run(sub, NOON + timedelta(days=day), NOON, LEASE, "a")
            outbox.finish_run(sub, NOON + timedelta(days=day), "a", NOON, "silent", why="nothing to say")
    listed = outbox.runs([SUB, "subscription:2"], 2)
    assert [(run.moment - NOON).days for run in listed] == [2, 2, 1, 1]
    assert {run.state for run in listed} == {"silent"}
    assert outbox.runs([], 2) == ()


# Claiming posts


def test_what_is_owed_twice_under_one_key_is_owed_once(outbox):
    assert outbox.owe([owed("k"), owed("k")], NOON) == 1
    assert outbox.owe([owed("k")], NOON) == 0
    assert claim(outbox)[0].cause == NOTICE


def test_a_key_that_is_too_long_is_refused_before_anything_is_written(outbox):
    with pytest.raises(ValueError, match="301 characters"):
        outbox.owe([owed("k"), owed("x" * 301)], NOON)
    assert states(outbox) == {}


def test_a_post_is_claimed_by_one_with_all_that_it_takes(outbox):
    outbox.owe([owed("k", pictures=((b"\x89PNG", "Title", "Alt"),))], NOON)
    (post,) = claim(outbox)
    assert claim(outbox, who="b") == ()
    assert (post.key, post.to, post.thread_ts, post.unsure, post.tries) == ("k", "C1", None, False, 1)
    assert post.message == {"text": "k", "blocks": []}
    assert post.pictures == ((b"\x89PNG", "Title", "Alt"),)
    assert post.lease == NOON + LEASE


def test_two_that_claim_at_once_never_get_the_same_post_nor_one_channel(outbox):
    outbox.owe([owed(f"{channel}-{number}", f"C{channel}") for channel in range(40) for number in range(2)], NOON)
    start = threading.Barrier(4)

    def begin(number):
        start.wait(20)
        return [post for _ in range(4) for post in claim(outbox, who=f"replica {number}", most=7)]

    with ThreadPoolExecutor(4) as pool:
        claimed = [post for posts in pool.map(begin, range(4)) for post in posts]
    assert sorted(post.channel for post in claimed) == sorted(f"C{channel}" for channel in range(40))


def test_nothing_is_posted_before_it_is_due(outbox):
    outbox.owe([owed("k", due=NOON + SECOND)], NOON)
    assert claim(outbox) == ()
    assert outbox.waiting() == NOON + SECOND
    assert keys(claim(outbox, NOON + SECOND)) == ["k"]


def test_two_posts_of_a_channel_are_a_second_apart_and_other_channels_do_not_wait(outbox):
    outbox.owe([owed("1"), owed("2"), owed("3", "C2")], NOON)
    assert keys(claim(outbox)) == ["1", "3"]
    outbox.posted("1", "a", NOON + SECOND / 2, "5.5", "C1")
    assert claim(outbox, NOON + SECOND) == ()
    assert keys(claim(outbox, NOON + 3 * SECOND / 2)) == ["2"]


def test_while_one_post_of_a_channel_is_under_way_no_other_begins(outbox):
    outbox.owe([owed("1"), owed("2")], NOON)
    claim(outbox)
    assert claim(outbox, NOON + LEASE - SECOND) == ()


def test_a_reply_waits_for_its_lead_and_goes_into_its_thread(outbox):
    finish(outbox, [owed("lead", "U1"), owed("reply", "U1", after="lead")])
    assert keys(claim(outbox)) == ["lead"]
    assert outbox.posted("lead", "a", NOON, "7.7", "D1")
    (reply,) = claim(outbox, NOON + SECOND)
    assert (reply.to, reply.channel, reply.thread_ts) == ("D1", "U1", "7.7")


def test_a_lead_that_was_given_up_takes_its_replies_with_it(outbox):
    finish(outbox, [owed("lead"), owed("reply", after="lead")])
    claim(outbox)
    outbox.over("lead", "a", NOON, "skipped", "could not tell")
    assert [(gone.key, gone.why) for gone in outbox.lapse(NOON)] == [("reply", "what it belongs under was not posted")]
    assert states(outbox) == {"skipped": 2}


def test_past_its_time_a_post_is_given_up_with_why_and_never_tried(outbox):
    outbox.owe([owed("k"), owed("other", "C2")], NOON)
    claim(outbox, most=1)
    outbox.again("k", "a", NOON + SECOND, "service_unavailable")
    late = NOON + timedelta(hours=2)
    assert claim(outbox, late) == ()
    assert sorted((gone.key, gone.why) for gone in outbox.lapse(late)) == [
        ("k", "it was too late to post it: service_unavailable"), ("other", "it was too late to post it"),
    ]  # fmt: skip
    assert outbox.lapse(late) == ()


def test_the_pace_holds_for_all_together(outbox):
    outbox.owe([owed(f"k{number:02}", f"C{number}") for number in range(20)], NOON)
    assert len(claim(outbox, pace=12, most=8)) == 8
    assert len(claim(outbox, who="b", pace=12, most=8)) == 4
    assert claim(outbox, NOON + timedelta(seconds=58), pace=12) == ()
    assert len(claim(outbox, NOON + timedelta(seconds=61), pace=12, most=20)) == 12


def test_a_held_channel_waits_and_a_shorter_hold_does_not_free_it(outbox):
    outbox.owe([owed("1"), owed("2", "C2")], NOON)
    outbox.hold("C1", NOON + 30 * SECOND)
    outbox.hold("C1", NOON + 5 * SECOND)
    assert keys(claim(outbox)) == ["2"]
    assert claim(outbox, NOON + 29 * SECOND) == ()
    assert keys(claim(outbox, NOON + 30 * SECOND)) == ["1"]


# Answers


def test_an_unanswered_post_is_unsure_when_it_is_claimed_again_and_remembers_since_when(outbox):
    outbox.owe([owed("k")], NOON)
    claim(outbox)
    assert claim(outbox, NOON + LEASE - SECOND, "b") == ()
    (post,) = claim(outbox, NOON + LEASE, "b")
    assert (post.unsure, post.since, post.tries) == (True, NOON, 2)
    (post,) = claim(outbox, NOON + 2 * LEASE, "c")
    assert (post.unsure, post.since, post.tries) == (True, NOON, 3)


def test_whoever_lost_a_claim_changes_nothing(outbox):
    outbox.owe([owed("k")], NOON)
    claim(outbox)
    claim(outbox, NOON + LEASE, "b")
    later = NOON + LEASE
    assert not outbox.posted("k", "a", later, "1.1", "C1")
    assert not outbox.again("k", "a", later, "")
    assert not outbox.keep("k", "a", later, later + LEASE)
    assert not outbox.over("k", "a", later, "failed", "")
    assert outbox.posted("k", "b", later, "2.2", "C1")
    assert not outbox.posted("k", "b", later, "3.3", "C1")
    assert outbox.find("C1", "2.2") == ("k", {"text": "k", "blocks": []})


def test_a_second_try_after_a_refused_block_is_plain_and_sure(outbox):
    outbox.owe([owed("k")], NOON)
    claim(outbox)
    outbox.again("k", "a", NOON, "invalid_blocks", plain=True)
    (post,) = claim(outbox, NOON + 2 * SECOND, "b")
    assert (post.plain, post.unsure, post.tries) == (True, False, 2)


def test_an_unsure_post_is_claimed_even_past_its_time_for_it_may_stand_there(outbox):
    outbox.owe([owed("k", until=NOON + SECOND)], NOON)
    claim(outbox)
    assert outbox.lapse(NOON + LEASE) == ()
    assert [post.unsure for post in claim(outbox, NOON + LEASE)] == [True]


def test_a_claim_that_is_kept_is_nobody_elses_for_longer(outbox):
    outbox.owe([owed("k")], NOON)
    claim(outbox)
    assert outbox.keep("k", "a", NOON, NOON + 2 * LEASE)
    assert claim(outbox, NOON + LEASE, "b") == ()
    assert keys(claim(outbox, NOON + 2 * LEASE, "b")) == ["k"]


# What stands in Slack


def post_all(outbox, *keys):
    for number, key in enumerate(keys):
        outbox.owe([owed(key, f"C-{key}", pictures=((b"png", "", ""),))], NOON)
        claim(outbox)
        assert outbox.posted(key, "a", NOON + number * SECOND, f"{number}.0", f"C-{key}")


def test_what_was_posted_lately_comes_newest_first(outbox):
    names = [f"k{number:03}" for number in range(230)]
    post_all(outbox, *names)
    assert [post.key for post in outbox.lately(NOON)] == names[::-1]
    assert [post.key for post in outbox.lately(NOON + 228 * SECOND)] == ["k229", "k228"]


def test_a_posted_message_is_amended_by_one_after_the_other(outbox):
    post_all(outbox, "k")

    def more(message):
        return {**message, "text": message["text"] + "!"}

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: outbox.amend("C-k", "0.0", more, NOON), range(12)))
    assert outbox.find("C-k", "0.0") == ("k", {"text": "k" + "!" * 12, "blocks": []})


def test_an_amendment_that_changes_nothing_or_of_what_is_not_ours_gives_nothing(outbox):
    post_all(outbox, "k")
    assert outbox.amend("C-k", "0.0", lambda _message: None, NOON) is None
    assert outbox.amend("C-k", "9.9", lambda message: message, NOON) is None
    assert outbox.find("C-k", "9.9") is None


def test_what_was_said_in_place_of_what_was_owed_is_kept(outbox):
    outbox.owe([owed("k")], NOON)
    claim(outbox)
    outbox.posted("k", "a", NOON, "1.1", "C1", {"text": "plain", "blocks": []})
    assert outbox.find("C1", "1.1") == ("k", {"text": "plain", "blocks": []})


# Upkeep


def test_figures_say_what_waits_and_since_when(outbox):
    finish(outbox, [owed("1"), owed("2", "C2", due=NOON + 9 * SECOND)])
    figures = outbox.figures(NOON + SECOND)
    assert (figures.runs, figures.posts, figures.oldest) == ({"posted": 1}, {"owed": 2}, NOON)


def test_pruning_drops_what_is_over_and_leaves_what_is_owed(outbox):
    finish(outbox, [owed("1"), owed("2", "C2")])
    claim(outbox, most=1)
    outbox.posted("1", "a", NOON, "1.1", "C1")
    assert outbox.prune(NOON) == 0
    assert outbox.prune(NOON + SECOND) == 1
    assert states(outbox) == {"owed": 1}
    assert outbox.runs([SUB], 1) == ()


def test_pruning_leaves_what_was_posted_of_things_that_last(outbox):
    for key, cause in [("1", "handoff:1"), ("2", "handoff:2")]:
        outbox.owe([owed(key, f"C{key}", cause=cause)], NOON)
    for post in claim(outbox):
        outbox.posted(post.key, "a", NOON, f"{post.key}.1", post.channel)
    assert outbox.prune(NOON + SECOND, {"handoff:1"}) == 1
    assert [one.key for one in outbox.standing(["handoff:1", "handoff:2"])] == ["1"]


def test_a_hold_can_be_asked_for_until_it_is_over(outbox):
    assert outbox.held("updates", NOON) is None
    outbox.hold("updates", NOON + 30 * SECOND)
    assert outbox.held("updates", NOON + 29 * SECOND) == NOON + 30 * SECOND
    assert outbox.held("updates", NOON + 30 * SECOND) is None


def test_posts_that_speak_of_who_is_forgotten_are_emptied_and_what_is_owed_of_them_is_skipped(ledger):
    outbox = ledger.outbox
    theirs = {"text": "Whose move: Cho Lee", "blocks": [{"type": "divider"}]}
    outbox.owe([owed(f"k{number}", f"C{number}", message=theirs) for number in range(2)], NOON)
    outbox.owe([owed("others", "C3"), owed("direct", "U0CHO")], NOON)
    claim(outbox, most=1)
    outbox.posted("k0", "a", NOON, "1.1", "C0")
    ledger.forget_person("person/cho", ["slack/U0CHO"], (), ["Cho Lee"])
    assert outbox.find("C0", "1.1") is None
    assert list(outbox.lately(NOON)) == []
    assert keys(claim(outbox)) == ["others"]
    assert states(outbox) == {"posted": 1, "sending": 1, "skipped": 2}
    for gone in (b"Cho Lee", b"U0CHO"):
        assert gone not in stored(ledger)
