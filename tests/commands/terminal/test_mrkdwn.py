"""Does a text from Slack read well, and harmlessly, in a terminal?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.terminal.mrkdwn import harmless, one_line, read


def plain(text: str) -> str:
    return read(text, links=False).plain


def styles(text: str) -> list[tuple[str, str]]:
    found = read(text, links=True)
    return [(found.plain[span.start : span.end], str(span.style)) for span in found.spans]


def test_a_link_hides_behind_its_label_where_links_can_be_followed():
    assert styles("see <https://forge.test/1|acme/api#1>") == [("acme/api#1", "link https://forge.test/1")]


def test_a_link_is_written_out_where_they_cannot():
    assert plain("see <https://forge.test/1|acme/api#1>") == "see acme/api#1 (https://forge.test/1)"
    assert plain("<https://forge.test/1>") == "https://forge.test/1"


def test_a_bold_link_is_both():
    assert styles("*<https://forge.test|it>*") == [("it", "bold link https://forge.test")]


@pytest.mark.parametrize(
    ("text", "shown", "style"),
    [("*now*", "now", "bold"), ("_since_", "since", "italic"), ("~gone~", "gone", "strike"), ("`sha`", "sha", "cyan")],
)
def test_emphasis_becomes_style(text, shown, style):
    assert styles(text) == [(shown, style)]


@pytest.mark.parametrize("text", ["at_risk and on_track", "2*3*4", "a ~ b ~ c: :", "10:30:15"])
def test_marks_inside_words_are_text(text):
    assert plain(text) == text
    assert styles(text) == []


def test_the_three_escaped_characters_come_back_and_nothing_else_does():
    assert plain("a &lt;b&gt; &amp;amp; &#27;[2J") == "a <b> &amp; &#27;[2J"


def test_an_escaped_mention_stays_text():
    assert plain("&lt;!channel&gt; &lt;@U1&gt;") == "<!channel> <@U1>"


def test_people_channels_and_dates_read_as_words():
    assert (
        plain("<@U1> in <#C1|rel> <!subteam^S1|@web> on <!date^1700000000^{date}|14 Nov>")
        == "@U1 in #rel @web on 14 Nov"
    )


@pytest.mark.parametrize(
    "evil", ["\x1b[2J", "\x1b]0;owned\x07", "\x9b31m", "\x08\x08", "\u202e", "\u2066", "\x00", "\udc80"]
)
def test_what_a_terminal_would_obey_is_taken_out(evil):
    shown = plain(f"fix {evil} login")
    assert not any(character in shown for character in "\x1b\x9b\x07\x08\x00\u202e\u2066\udc80")
    assert shown.startswith("fix ")
    assert shown.endswith(" login")


def test_a_carriage_return_cannot_write_over_the_line():
    assert harmless("good\rbad") == "good\nbad"
    assert one_line("good\rbad\u2028worse") == "good bad worse"


@given(st.text())
def test_no_text_at_all_reaches_the_terminal_with_a_control_character(text):
    shown = plain(text)
    assert all(character == "\n" or character.isprintable() or ord(character) >= 0xA0 for character in shown)
    shown.encode()
