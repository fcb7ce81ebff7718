"""What all acts share: bounded words, events, names."""

import unicodedata
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.deciding import cleaned, decided, repository_of, spoken, stamp
from tests.builders import NOON, viewer


@given(st.text(st.characters(), max_size=3_000), st.integers(1, 600))
def test_any_text_becomes_one_bounded_line_that_can_be_stored(text, limit):
    line = cleaned(text, limit)
    assert len(line) <= limit
    assert line.encode("utf-8").count(b"\x00") == 0
    assert not {unicodedata.category(character) for character in line} & {"Cc", "Cs", "Cn", "Zl", "Zp"}
    assert not set("\u202e\u2066\ufeff") & set(line)
    assert cleaned(line, limit) == line


def test_a_long_text_says_that_it_was_cut():
    assert cleaned("word " * 400, 20) == "word word word word…"


def test_no_text_is_an_empty_one():
    assert cleaned(None) == ""


def test_an_event_is_named_by_its_object_kind_time_and_actor():
    event = decided("change:acme/api#1", "corrected.owner", viewer(), NOON, {"owner": "x"}, about="y")
    assert event.identity == "change:acme/api#1|corrected.owner|2026-11-18T12:00:00Z|person/anna|y"
    assert (event.at, event.actor, event.repository, event.source) == (NOON, "person/anna", "acme/api", "lastmile")


def test_times_are_written_in_utc_to_the_microsecond():
    assert stamp(NOON + timedelta(microseconds=7)) == "2026-11-18T12:00:00.000007Z"


@pytest.mark.parametrize(
    ("name", "repository", "words"),
    [
        ("change:acme/api#101", "acme/api", "acme/api#101"),
        ("ticket:acme/api#5", "acme/api", "acme/api#5"),
        ("commit:acme/api@abc", "acme/api", "acme/api@abc"),
        ("repository:acme/api", "acme/api", "acme/api"),
        ("release:checkout@2.4", None, "checkout 2.4"),
        ("release:acme/api@2.4", None, "acme/api 2.4"),
        ("freeze:api/2026-11-18", None, "api/2026-11-18"),
        ("", None, ""),
    ],
)
def test_an_objects_repository_and_words_are_read_off_its_name(name, repository, words):
    assert (repository_of(name), spoken(name)) == (repository, words)
