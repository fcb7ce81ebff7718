"""Does a value stay words, whatever is in it?"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import jinja2
import pytest
from markupsafe import Markup

from assistant import words
from assistant.telling import Reader
from assistant.words import Words, clean, clip, escape, link, unescape, zone_of

NOW = datetime(2026, 11, 3, 10, 4, tzinfo=UTC)


def said(filter_name: str, value, zone: str = "Europe/Berlin") -> str:
    template = words._environment().from_string("{% macro it(value) %}{{ value|" + filter_name + " }}{% endmacro %}")
    return str(template.make_module({"reader": Reader(ZoneInfo(zone), NOW)}).it(value))


@pytest.mark.parametrize("text", ["<!channel>", "<@U1>", "<http://evil.example|Sign in>", "a & b", "&lt;!here&gt;"])
def test_nothing_that_slack_would_parse_survives(text):
    assert "<" not in escape(text)
    assert unescape(escape(text)) == text


def test_quotes_stay_as_they_are():
    assert escape("""it's "fine" """) == """it's "fine" """


def test_what_a_template_prints_is_escaped_once():
    assert said("clip(50)", "a & <b> 'c'") == "a &amp; &lt;b&gt; 'c'"


def test_a_misspelt_key_is_an_error_and_not_an_empty_word():
    with pytest.raises(jinja2.UndefinedError):
        Words("blocking", Reader(ZoneInfo("UTC"), NOW))("headline", object())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one\ntwo\r\nthree", "one two three"),
        ("nul\x00l", "nul l"),
        ("abc\u202edcba", "abcdcba"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("half \ud83d", "half \ufffd"),
        ("👩\u200d💻 ok", "👩\u200d💻 ok"),
        ("tag\U000e0067\U000e0062", "tag"),
    ],
)
def test_characters_that_do_not_show_as_themselves_are_neutralised(text, shown):
    assert clean(text) == shown


def test_right_to_left_words_are_isolated_from_what_stands_around_them():
    assert clean("שלום 12") == "\u2068שלום 12\u2069"  # noqa: RUF001  Hebrew is the point
    assert clean(clean("שלום")) == clean("שלום")


def test_long_text_ends_in_a_mark():
    assert clip("x" * 10_000, 20) == "x" * 19 + "…"
    assert clip("short", 20) == "short"


def test_strong_words_hold_no_asterisk_that_would_end_them():
    assert said("strong", " <b> of *all* ") == "*&lt;b&gt; of \u2217all\u2217*"
    assert said("strong(9)", "*" * 50) == "*" + "\u2217" * 8 + "…*"


def test_a_sentence_begins_large_and_ends_in_one_stop():
    assert said("sentence", "waits for acme/api#7") == "Waits for acme/api#7."
    assert said("sentence", "Done.") == "Done."


def test_a_link_is_a_web_address_with_a_clean_label():
    assert (
        link("https://a.example/x?a=1&b=2", "pull|request\n<1>")
        == "<https://a.example/x?a=1&amp;b=2|pull request &lt;1&gt;>"
    )


@pytest.mark.parametrize(
    "url",
    [None, "", "javascript:alert(1)", "ftp://a.example", "https://", "https://a b", "http://[::1", "mailto:a@b", "/x"],
)
def test_what_is_no_web_address_becomes_its_label_alone(url):
    assert link(url, "acme/api#101") == "acme/api#101"


def test_an_address_can_not_break_out_of_its_link():
    assert link("https://a.example/><!channel>|x", "y").count("<") == 1
    assert link("https://a.example/" + "x" * 2_000, "y") == "y"


def test_each_of_several_values_is_escaped_on_its_own():
    assert words.joined(["a & b", Markup("<https://x.example|x>")]) == "a &amp; b, <https://x.example|x>"


def test_a_zone_that_nobody_knows_is_utc():
    assert zone_of("Mars/Olympus").key == "UTC"
