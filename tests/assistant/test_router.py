"""Do plain words become the question that was meant?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.questions import QUESTIONS
from assistant.router import Asked, Unclear, examples, route


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("what's blocking release 2.4", "release 2.4"),
        ("What\u2019s blocking 2.4 please?", "2.4"),
        ("whats blocking 2.4", "2.4"),
        ("blocking 2.4", "2.4"),
        ("/blocking 2.4", "2.4"),
        ("<@U123> what is holding up checkout 2.4?", "checkout 2.4"),
        ("what is holding 2.4 back", "2.4"),
        ("is 2.4 on track?", "2.4"),
        ("is checkout 2.4 at risk", "checkout 2.4"),
        ("Is release 2.4 blocked right now?", "release 2.4"),
        ("when will 2.4 ship", "2.4"),
        ("when does the weekly train leave", "the weekly train"),
        ("will 2.4 be ready", "2.4"),
        ("why is acme/api#4 stuck", "acme/api#4"),
        ("status of team payments", "team payments"),
        ("what is blocking acme/api#101", "acme/api#101"),
        ("what's left for 2.4", "2.4"),
        ("who is blocking 2.4", "2.4"),
        ("2.4", "2.4"),
        ("checkout 2.4", "checkout 2.4"),
        ("v2.4.0", "v2.4.0"),
        ("#101", "#101"),
        ("https://github.com/acme/api/pull/101", "https://github.com/acme/api/pull/101"),
    ],
)
def test_whatever_asks_how_something_stands_asks_what_blocks_it(text, about):
    assert route(text) == Asked("blocking", {"about": about})


@pytest.mark.parametrize("text", ["blocking", "what's blocking", "what is blocking us?", "show blockers", "/blocking"])
def test_blocking_without_a_name_asks_which(text):
    assert route(text) == Asked("blocking", {"about": ""})


@pytest.mark.parametrize(
    "text",
    [
        "releases",
        "Releases?",
        "list open releases",
        "what's open",
        "which releases are open",
        "what is shipping",
        "/releases",
    ],
)
def test_the_open_releases_are_listed(text):
    assert route(text) == Asked("releases")


@pytest.mark.parametrize("text", ["banana", "tell me a joke", "delete everything"])
def test_what_is_not_understood_gets_questions_that_can_be_asked(text):
    told = route(text)
    assert isinstance(told, Unclear)
    assert text in told.reason
    assert 0 < len(told.suggestions) <= 3


def test_no_words_are_answered_with_every_example():
    told = route("  \n ")
    assert isinstance(told, Unclear)
    assert told.suggestions == examples()


def test_every_example_asks_its_own_question():
    for question in QUESTIONS:
        for example in question.EXAMPLES:
            asked = route(example)
            assert isinstance(asked, Asked)
            assert asked.question == question.NAME, example


@settings(deadline=None)
@given(st.text(max_size=600))
def test_any_text_at_all_is_routed_or_unclear(text):
    told = route(text)
    assert isinstance(told, Asked | Unclear)
    if isinstance(told, Unclear):
        assert told.suggestions
