"""Is every limit of Slack's kept?"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import blocks
from assistant.words import ISOLATE, RELEASED, escape, link


def test_a_cut_does_not_break_a_link_or_an_escape():
    markup = "abc " + link("https://a.example/long", "label") + " & so on"
    for limit in range(4, len(markup)):
        short = blocks.cut(markup, limit)
        assert len(short) <= limit
        assert short.count("<") == short.count(">")
        assert not re.search(r"<[^>]*…", short)


@given(st.text(max_size=60), st.integers(4, 200))
def test_a_cut_leaves_every_escape_whole(text, limit):
    markup = str(escape(text))
    short = blocks.cut(markup, limit)
    assert len(short) <= limit or short == markup
    assert re.sub(r"&(amp|lt|gt);", "", short).count("&") == 0


def test_a_cut_ends_an_isolated_stretch():
    assert blocks.cut(f"{ISOLATE}{'ש' * 50}{RELEASED}", 20).endswith(f"…{RELEASED}")


def test_plain_text_shows_what_was_written():
    assert blocks.plain(str(escape("R&D <1>")), 75)["text"] == "R&D <1>"


def test_every_block_holds_its_limit():
    long = "x" * 20_000
    assert len(blocks.header(long)["text"]["text"]) <= 150
    assert len(blocks.section(long)["text"]["text"]) <= 3_000
    assert len(blocks.button(long, "a", "v")["text"]["text"]) <= 75
    assert [len(e["text"]) <= 1_000 for e in blocks.context(long)["elements"]] == [True]


def test_small_print_says_how_many_lines_it_left_out():
    elements = blocks.context(*(f"line {n}" for n in range(14)))["elements"]
    assert len(elements) == 10
    assert elements[-1]["text"] == "and 5 more"


def test_slack_finds_no_links_or_names_of_its_own_in_a_text():
    assert blocks.mrkdwn("https://a.example @here #general")["verbatim"] is True


def test_no_text_object_is_empty():
    assert blocks.section("")["text"]["text"]
    assert blocks.plain("", 20)["text"]


def test_a_value_that_can_not_be_kept_whole_is_refused():
    with pytest.raises(ValueError, match="too long"):
        blocks.button("Wrong?", "wrong.open", "x" * 2_001)


def test_as_many_rows_are_taken_as_fit_and_at_least_one():
    row = [blocks.section("x" * 2_500)]
    assert blocks.rows_that_fit([row] * 30, [], 30) == 4
    assert blocks.rows_that_fit([[blocks.section("y")]] * 90, [blocks.divider()] * 2, 90) == 48
    assert blocks.rows_that_fit([[blocks.section("x" * 3_000)] * 9], [], 9) == 1
