"""What does somebody read of reviews that wait too long?"""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from assistant.blocks import MOST_BLOCKS
from assistant.mentioning import Naming
from assistant.people import people_of
from assistant.questions import stalled
from assistant.scoped import Scoped
from assistant.scopes import team_subject
from assistant.showing.sheet import HEADLINE
from assistant.showing.stalled import MOST_LATE, sheet
from assistant.telling import Reader
from storage.facts import Freshness, Knower
from storage.records import Attention, Corrections, Mark
from tests.builders import COMPANY, NOON, at, change_of, facts_of, policy_of, turn, viewer

POLICY = policy_of(COMPANY)
CORE = team_subject(POLICY, "core")
REACHED = {"person/anna": "U1", "person/bo": "U2"}
KNOWS = Knower("github/cho", 3, NOON, files=True)


def answered(*records, policy=POLICY, **more):
    asked = Scoped(CORE, viewer(policy=policy), ("acme/api", "acme/web"))
    return stalled.answer(facts_of(*records, claims=None, **more), asked, policy, NOON)


def shown(*records, policy=POLICY, answer=None, **more):
    naming = Naming(people_of(policy), NOON, REACHED.get)
    return sheet(answer or answered(*records, policy=policy, **more), Reader(ZoneInfo("UTC"), NOON), naming)


def late(number=402, hours=72.0, **more):
    return change_of(number, move=turn("review_pending", hours, "github/anna"), **more)


def words(block):
    return [element["text"] for element in block["elements"]]


def test_the_headline_has_the_number_and_the_oldest_and_stands_alone():
    told = shown(late(), late(403, 240.0))
    assert told.headline == ("🔴 2 reviews are past their service level, the oldest by 47 working hours: api#403")
    assert shown(late()).headline == "🔴 1 review is past its service level by 7 working hours: api#402"


def test_a_headline_of_long_names_still_fits():
    told = shown(late(repository="acme/" + "x" * 90), *(late(n, repository="acme/api") for n in range(5)))
    assert len(told.headline) <= HEADLINE


def test_nothing_late_is_said_in_that_one_sentence():
    assert shown().headline == "🟢 Nothing is past its service level."
    assert (shown().rows, shown().told) == ((), ())


def test_nothing_late_where_nothing_was_heard_is_no_good_news():
    old = Freshness({"github": at("2026-10-01")}, {"github": at("2026-10-01")})
    told = shown(freshness=old)
    assert told.headline == "❔ Nothing is past its service level. But not everything is known"
    assert "github was last heard" in told.told[0]


@pytest.mark.parametrize(
    ("kind", "headline"),
    [
        ("review_pending", "🟠 1 change waits for a review that nobody is asked for, the oldest is api#1"),
        ("checks_failing", "🟠 1 change waits too long for the author, the oldest by 7 working hours: api#1"),
        (
            "ready_to_merge",
            "🟢 Nothing is past its service level. 1 approved change is not merged, the oldest is api#1",
        ),
    ],
)
def test_what_else_waits_is_the_headline_where_no_review_is_late(kind, headline):
    hours = 2.0 if kind == "review_pending" else 72.0
    assert shown(change_of(1, move=turn(kind, hours))).headline == headline


def test_a_row_says_what_whose_move_since_when_and_how_far_over_and_who_could_take_it():
    told = shown(late(), familiar={"change:acme/api#402": (KNOWS,)}, in_hand={"github/anna": 1})
    (row,) = told.rows
    assert "*Change 402* <https://github.example/acme/api/pull/402|acme/api#402>" in row.text
    assert "<@U1>, since Sun 15 Nov 12:00 (19 working hours), over its service level of 12 hours." in row.text
    assert row.text.endswith("cho could take it and knows its files.")
    assert row.object == "change:acme/api#402"
    labels = [button["text"]["text"] for button in row.blocks[-1]["elements"]]
    assert "Take the review" in labels


def test_two_who_could_take_it_and_know_only_the_repository_are_said_to():
    knowers = tuple(replace(KNOWS, account=name, files=False) for name in ("github/cho", "github/dee"))
    told = shown(late(), familiar={"change:acme/api#402": knowers}, in_hand={"github/anna": 1})
    assert told.rows[0].text.endswith("cho or dee could take it and know its repository.")


def test_names_and_titles_are_words_only():
    policy = policy_of(COMPANY.replace("[people.cho]", '[people.cho]\nname = "<!channel> & Co"'))
    knows = {"change:acme/api#402": (KNOWS,)}
    told = shown(late(title="<!here>"), policy=policy, familiar=knows, in_hand={"github/anna": 1})
    assert "&lt;!channel&gt; &amp; Co could take it" in told.rows[0].text
    assert "<!" not in str(told)


def test_what_is_snoozed_counts_and_mentions_nobody():
    name = "change:acme/api#402"
    mark = Mark("person/bo", NOON, NOON + timedelta(days=1))
    told = shown(late(), attention={name: Attention("attention:x", name, "acme/api", NOON, snoozed=(mark,))})
    assert told.headline.startswith("🔴 1 review")
    assert "Anna Berg" in told.rows[0].text
    assert "<@" not in told.rows[0].text
    assert "snoozed until Thu 19 Nov 12:00" in told.rows[0].text


def test_queues_and_counts_stand_above_the_rows():
    ai = Corrections(origin="ai_heavy")
    told = shown(late(), late(1, 2.0), late(2, 2.0, corrections=ai), change_of(3, move=turn("ready_to_merge", 1.0)))
    counts, queues = told.summary
    assert counts == "*core*: 3 changes wait for a review, 1 past its service level. 1 approved, not merged."
    assert "• Not known by whom, medium or unknown risk: *1* of 2 past 12 working hours" in queues
    assert "• Mostly by AI, medium or unknown risk: 1 within 12 working hours" in queues


def test_each_list_has_a_heading_and_each_thing_stands_once():
    told = shown(
        late(1), change_of(2, move=turn("review_pending", 72.0)), change_of(3, move=turn("review_pending", 1.0)),
        change_of(4, move=turn("ready_to_merge", 1.0)), change_of(5, move=turn("changes_requested", 72.0)),
    )  # fmt: skip
    headings = [words(row.blocks[0]) for row in told.rows if row.blocks[0]["type"] == "context"]
    assert headings == [
        ["*Past their service level*"], ["*Nobody is asked*"], ["*Approved, not merged*"],
        ["*Waiting too long for the author*"],
    ]  # fmt: skip
    assert [row.object[-1] for row in told.rows] == ["1", "2", "3", "4", "5"]


def test_more_than_anybody_reads_are_counted():
    told = shown(*(late(number) for number in range(40)))
    assert len(told.rows) == MOST_LATE
    assert words(told.rows[0].blocks[0]) == ["*Past their service level* (the first 15 of 40)"]
    assert all(len(message.blocks) <= MOST_BLOCKS for message in (told.message(), *told.thread()))


def test_what_changed_since_and_what_is_unknown_stand_below():
    before = stalled.outline(answered(late(1)))
    told = shown(late(2), seen=(NOON - timedelta(days=1), before))
    assert "gone: acme/api#1 (review pending)" in told.told[0]
    assert told.told[1].startswith("*Not known*")
    assert "Newest event: github" in told.fresh
