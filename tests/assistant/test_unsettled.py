"""Does a question back say as data what an answer would?"""

from datetime import UTC, datetime

import pytest

from assistant.desk import Desk
from assistant.router import Unclear
from assistant.subject import Candidates, Option, SubjectKind
from assistant.unsettled import unsettled
from tests.builders import policy_of, viewer

NOW = datetime(2026, 11, 3, 10, tzinfo=UTC)
TWO = (Option("Release shop 2.4", "release shop 2.4", SubjectKind.RELEASE),
       Option("Service api", "service api", SubjectKind.SERVICE))  # fmt: skip


def test_an_ambiguous_name_offers_words_that_mean_one_thing():
    data = unsettled(
        Candidates("2.4", '"2.4" could mean several things. Which one?', TWO), {"github": NOW}, NOW
    ).as_data()
    assert data == {
        "question": "blocking",
        "asked_at": "2026-11-03T10:00:00Z",
        "verdict": "unknown",
        "unknown": [{
            "key": "subject", "says": '"2.4" could mean several things. Which one?',
            "next_step": "Ask again in the words of one of the candidates.", "decides": True,
        }],
        "candidates": [
            {"label": "Release shop 2.4", "words": "release shop 2.4"}, {"label": "Service api", "words": "service api"},
        ],
        "freshness": {"github": "2026-11-03T10:00:00Z"},
    }  # fmt: skip


def test_where_nothing_is_known_the_next_step_is_to_let_something_be_known():
    (gap,) = unsettled(Candidates("2.4", "I know nothing.", known=False), {}, NOW).as_data()["unknown"]
    assert gap["next_step"].startswith("Connect a source")


def test_words_that_ask_nothing_have_no_question_but_some_to_ask():
    data = unsettled(Unclear("I did not understand.", ("releases",)), {}, NOW).as_data()
    assert (data["question"], data["unknown"][0]["says"]) == (None, "I did not understand.")
    assert data["candidates"] == [{"label": "releases", "words": "releases"}]


@pytest.mark.parametrize(("words", "question"), [("blocking 9.9", "blocking"), ("make me a sandwich", None)])
def test_the_desk_gives_it_beside_the_question_back(sqlite_ledger, words, question):
    reply = Desk(sqlite_ledger, policy_of(), lambda: NOW).ask(words, viewer(), NOW)
    assert reply.answer is None
    assert (reply.unsettled.question, reply.unsettled.asked_at) == (question, NOW)
