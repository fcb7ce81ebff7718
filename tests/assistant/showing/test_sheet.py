"""A sheet is a headline that stands alone and a thread below it, and Slack takes every message that is made of it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.blocks import MOST_BLOCKS, Picture, context, section
from assistant.showing.pressing import attending
from assistant.showing.sheet import HEADLINE, MOST_POSTS, Row, Sheet

SLACKS_MOST = 12_000  # characters of all blocks; 13,200 were refused
SLACKS_TEXT = 3_000


def a_row(number=1, text="Something waits"):
    about = f"change:acme/api#{number}"
    return Row(text, (section(text, None, 900), *attending(about, review=True)), about)


def a_sheet(count=3, **more):
    return Sheet(
        **{
            "headline": "🚧 Web is stuck", "summary": ("*Stages*",), "rows": tuple(a_row(n) for n in range(count)),
            "told": ("*Not known*",), "fresh": "Newest event: today.", **more,
        }
    )  # fmt: skip


def texts(block):
    """Every text of a block, wherever in it."""
    if isinstance(block, dict):
        found = [block["text"]] if isinstance(block.get("text"), str) else []
        return found + [text for value in block.values() for text in texts(value)]
    return [text for one in block for text in texts(one)] if isinstance(block, list) else []


def rows_in(message):
    return [block for block in message.blocks if block["type"] == "actions"]


def check(message):
    """What Slack refuses, is not in it."""
    assert 0 < len(message.blocks) <= MOST_BLOCKS
    assert sum(len(text) for block in message.blocks for text in texts(block)) <= SLACKS_MOST
    assert sum(len(json.dumps(block, ensure_ascii=False)) for block in message.blocks) <= SLACKS_MOST
    assert len(message.text) <= SLACKS_TEXT
    assert message.text.strip()
    for block in message.blocks:
        limit = {"header": 150, "section": 3000, "context": 2000, "actions": 75}[block["type"]]
        assert all(0 < len(text) <= limit for text in texts(block))
        assert len(block.get("elements", ())) <= 25


def test_the_lead_is_the_headline_alone():
    lead = a_sheet().lead()
    assert lead.text == "🚧 Web is stuck"
    assert [block["text"]["text"] for block in lead.blocks] == ["*🚧 Web is stuck*"]


def test_a_headline_is_never_longer_than_what_can_stand_alone():
    lead = a_sheet(headline="very " * 100 + "long").lead()
    assert HEADLINE - 5 < len(lead.text) <= HEADLINE
    assert lead.text.endswith("…")


def test_the_thread_holds_everything_else_in_one_message_where_it_fits():
    (post,) = a_sheet().thread()
    said = " ".join(texts(list(post.blocks)))
    assert "Stages" in said
    assert "Not known" in said
    assert "Newest event" in said
    assert len(rows_in(post)) == 3


def test_rows_that_do_not_fit_into_one_message_go_on_in_the_next():
    posts = a_sheet(45).thread()
    assert len(posts) > 1
    assert sum(len(rows_in(post)) for post in posts) == 45
    assert "Not known" in str(posts[-1].blocks)


def test_a_thread_that_would_be_too_long_says_how_much_more_there_is():
    posts = a_sheet(400).thread()
    shown = sum(len(rows_in(post)) for post in posts)
    assert len(posts) <= MOST_POSTS + 1
    assert f"and {400 - shown} more" in str(posts[-1].blocks)


def test_rows_keep_their_buttons_beside_them():
    for post in a_sheet(60).thread():
        kinds = [block["type"] for block in post.blocks]
        assert all(kinds[place - 1] == "section" for place, kind in enumerate(kinds) if kind == "actions")


def test_one_message_holds_as_many_rows_as_fit_and_counts_the_rest():
    message = a_sheet(100).message()
    shown = len(rows_in(message))
    assert 0 < shown < 100
    assert f"and {100 - shown} more" in str(message.blocks)
    assert message.blocks[0]["type"] == "header"


def test_a_picture_goes_with_the_first_message_below_the_headline():
    picture = Picture(lambda: b"png", "Weeks", "Twelve weeks")
    posts = a_sheet(45, picture=picture).thread()
    assert [post.files for post in posts[:2]] == [(picture,), ()]
    assert a_sheet(picture=picture).message().files == (picture,)
    assert a_sheet(picture=picture).lead().files == ()


@pytest.mark.parametrize(
    "sheet",
    [
        Sheet("✅ Nothing is stuck"),
        Sheet("✅ Nothing is stuck", picture=Picture(lambda: b"png", "Weeks", "Twelve weeks")),
        Sheet("✅ Nothing is stuck", fresh="Newest event: today."),
        Sheet("✅ Nothing is stuck", rows=(a_row(),)),
    ],
    ids=["the headline", "a picture", "the small print", "one row"],
)
def test_a_sheet_of_little_is_whole(sheet):
    for message in (sheet.lead(), sheet.message(), *sheet.thread()):
        check(message)
    assert not sheet.picture or any(post.files for post in sheet.thread())


def test_what_is_said_for_screen_readers_names_the_rows():
    (post,) = a_sheet(2, rows=(a_row(1, "First waits"), a_row(2, "Second waits"))).thread()
    assert "First waits" in post.text
    assert "Second waits" in post.text


HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["<!channel> @here", "*_~`", "\u202egnp.exe", "a" * 3_500, "<https://x.example|" + "l" * 200 + ">", "&amp;" * 700,
         "\n\n•", "\ud83d", "\x00", "شركة" * 300, ""]
    ),
)  # fmt: skip
ROWS = st.builds(
    lambda text, more, number: Row(
        text, (section(text, None, 900), *(context(text) for _ in range(more)), *attending(f"change:acme/api#{number}"))
    ),
    HOSTILE, st.integers(0, 3), st.integers(0, 10**6),
)  # fmt: skip


@given(
    headline=HOSTILE.filter(lambda text: text.strip()),
    summary=st.lists(HOSTILE, max_size=20).map(tuple),
    rows=st.lists(ROWS, max_size=120).map(tuple),
    told=st.lists(HOSTILE, max_size=30).map(tuple),
    fresh=HOSTILE,
)
def test_slack_takes_every_message_whatever_the_words_are(headline, summary, rows, told, fresh):
    sheet = Sheet(headline, summary, rows, told, fresh)
    posts = sheet.thread()
    assert len(posts) <= MOST_POSTS + 5
    for message in (sheet.lead(), sheet.message(), *posts):
        check(message)
