"""How does a message show what became of the things that it lists?"""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from assistant.blocks import MOST_BLOCKS, context, section
from assistant.over import Ended
from assistant.showing import pressing
from assistant.showing.attended import Line, about_of, line, listed, renewed
from assistant.telling import Reader
from storage.records import Attention, Mark
from tests.builders import NOON

PULL, OTHER = "change:acme/api#101", "change:acme/api#102"
READER = Reader(ZoneInfo("Europe/Berlin"), NOON)
LATER = NOON + timedelta(minutes=4)
NAMES = {"person/anna": "Anna Berg", "person/bo": "Bo <!channel> Cole"}


def attention(**marks):
    return Attention(f"attention:{PULL}", PULL, "acme/api", LATER, **{k: tuple(v) for k, v in marks.items()})


def told(ended=None, since=NOON, **marks):
    return line(attention(**marks), ended, since, lambda key: NAMES.get(key, key), READER)


def row(about=PULL, more=(), **kind):
    return [section(f"The row of {about}"), *pressing.attending(about, more=more, **kind)]


def message(*rows):
    return {"text": "Two things", "blocks": [block for blocks in rows for block in blocks]}


def words(changed):
    """What each block says, buttons by their number."""
    said = {"section": lambda b: b["text"]["text"], "actions": lambda b: len(b["elements"])}
    return [said.get(b["type"], lambda b: [element["text"] for element in b["elements"]])(b) for b in changed["blocks"]]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("taken", "Anna Berg takes the review, today 13:04"),
        ("acknowledged", "Anna Berg sees to it, today 13:04"),
        ("declined", "Anna Berg says that it is not theirs, today 13:04"),
    ],
)
def test_it_says_who_did_what_and_when(kind, said):
    assert told(**{kind: [Mark("person/anna", LATER)]}).did == (said,)


def test_a_snooze_says_until_when():
    (said,) = told(snoozed=[Mark("person/anna", LATER, NOON + timedelta(days=1))]).did
    assert said == "Anna Berg snoozed it until Thu 19 Nov 13:00, today 13:04"


def test_names_and_ends_are_words_and_nobody_is_mentioned():
    said = told(taken=[Mark("person/bo", LATER)], ended=Ended("<@U1>", None))
    assert said.did == ("Bo &lt;!channel&gt; Cole takes the review, today 13:04",)
    assert said.over == "Done: &lt;@U1&gt;"


def test_what_was_done_before_the_message_was_posted_is_none_of_its_news():
    assert told(taken=[Mark("person/anna", NOON - timedelta(minutes=1))]) is None
    assert line(None, None, NOON, str, READER) is None


def test_several_stand_in_the_order_in_which_they_happened():
    later = Mark("person/bo", LATER + timedelta(minutes=1))
    said = told(acknowledged=[later], taken=[Mark("person/anna", LATER)]).did
    assert [line.split(",")[0] for line in said] == [
        "Anna Berg takes the review",
        "Bo &lt;!channel&gt; Cole sees to it",
    ]


def test_the_line_stands_where_the_buttons_were_and_other_rows_keep_theirs():
    changed = renewed(message(row(), row(OTHER)), {PULL: Line(("Anna sees to it",))})
    assert words(changed) == [
        "The row of change:acme/api#101",
        ["Anna sees to it"],
        "The row of change:acme/api#102",
        4,
    ]
    assert changed["text"] == "Two things"


def test_a_button_of_the_things_own_stays():
    own = pressing.labelled("Correct the link", pressing.CORRECT_LINK, incident="i")
    changed = renewed(message(row(more=(own,))), {PULL: Line(("Anna sees to it",))})
    assert words(changed)[1:] == [["Anna sees to it"], 1]


def test_what_is_not_somebodys_can_still_be_anothers():
    changed = renewed(message(row(review=True)), {PULL: Line(("Not Anna's",), open=True)})
    assert words(changed)[1:] == [["Not Anna's"], 5]
    over = renewed(changed, {PULL: Line(("Not Anna's",), over="Done: merged", open=True)})
    assert words(over)[1:] == [["Done: merged", "Not Anna's"]]


def test_saying_it_again_changes_nothing_and_saying_more_replaces_what_was_said():
    lines = {PULL: Line(("Not Anna's",), open=True)}
    once = renewed(message(row()), lines)
    assert renewed(once, lines) is None
    more = renewed(once, {PULL: Line(("Not Anna's", "Bo takes it"))})
    assert words(more)[1:] == [["Not Anna's", "Bo takes it"]]


def test_that_it_is_over_is_said_beside_what_stands_there():
    once = renewed(message(row()), {PULL: Line(("Anna sees to it",))})
    over = renewed(once, {PULL: Line(None, "Done: merged")})
    assert words(over)[1:] == [["Done: merged", "Anna sees to it"]]
    assert renewed(over, {PULL: Line(None, "Done: merged")}) is None


def test_one_that_lists_a_thing_twice_says_it_at_both():
    lines = {PULL: Line(("Not Anna's",), open=True)}
    twice = renewed(message(row(), row()), lines)
    assert words(twice)[1::3] == [["Not Anna's"], ["Not Anna's"]]
    ids = [block["block_id"] for block in twice["blocks"] if "block_id" in block]
    assert len(set(ids)) == 2
    assert renewed(twice, lines) is None


def test_things_are_found_by_their_buttons_and_by_what_became_of_them():
    changed = renewed(message(row(), row(OTHER)), {PULL: Line(("Anna sees to it",))})
    assert listed(changed["blocks"]) == (PULL, OTHER)


def test_it_never_outgrows_what_slack_takes():
    full = [context("…")] * (MOST_BLOCKS - 2)
    changed = renewed(message(row(), full), {PULL: Line(("Not Anna's",), open=True)})
    assert len(changed["blocks"]) == MOST_BLOCKS
    assert changed["blocks"][1]["type"] == "context"
    many = Line(tuple(f"{number}" for number in range(15)), "Done: merged")
    assert len(renewed(message(row()), {PULL: many})["blocks"][1]["elements"]) == 10


def test_a_name_too_long_for_an_id_is_shown_all_the_same():
    long = "release:checkout@" + "1" * 300
    changed = renewed(message(row(long)), {long: Line(("Anna sees to it",))})
    assert "block_id" not in changed["blocks"][1]


@pytest.mark.parametrize("carried", [None, "", "{", "[]", "5", '{"about": 5}', '{"about": ""}', "{}"])
def test_a_button_that_carries_no_thing_is_of_none(carried):
    assert about_of(carried) is None
    strange = {"type": "actions", "elements": [{"action_id": pressing.TAKE, "value": carried}]}
    assert listed([strange, {"type": "actions"}, {"type": "context", "block_id": "attended:x"}]) == ()
