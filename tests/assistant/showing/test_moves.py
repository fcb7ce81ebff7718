"""What does somebody read of what waits for them?"""

from zoneinfo import ZoneInfo

import pytest

from assistant.mentioning import Naming
from assistant.people import people_of
from assistant.questions import moves
from assistant.scoped import Scoped
from assistant.scopes import team_subject, workspace_subject
from assistant.showing.moves import MOST, sheet
from assistant.showing.sheet import HEADLINE
from assistant.telling import Reader
from assistant.words import unescape
from tests.builders import COMPANY, NOON, change_of, facts_of, policy_of, ticket_of, turn, viewer

POLICY = policy_of(COMPANY)


def shown(*records, subject=None, person="person/anna", **more):
    asked = Scoped(subject or workspace_subject(POLICY), viewer(policy=POLICY), ("acme/api", "acme/web"), (), person)
    answer = moves.answer(facts_of(*records, claims=None, **more), asked, POLICY, NOON)
    return sheet(answer, Reader(ZoneInfo("UTC"), NOON), Naming(people_of(POLICY), NOON))


def waiting(number=402, kind="review_pending", hours=72.0, **more):
    return change_of(number, move=turn(kind, hours, "github/anna"), **more)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("review_pending", "review api#402 Change 402"),
        ("changes_requested", "answer the review of api#402 Change 402"),
        ("checks_failing", "mend the checks of api#402 Change 402"),
        ("merge_conflict", "resolve the conflict of api#402 Change 402"),
        ("ready_to_merge", "merge api#402 Change 402"),
    ],
)
def test_one_move_is_said_whole(kind, said):
    author = "github/bo" if kind == "review_pending" else "github/anna"
    told = shown(waiting(kind=kind, author=author))
    assert told.headline == f"👉 1 thing waits for you: {said}, 7 working hours past its service level"


def test_of_several_the_first_is_said_with_their_number():
    told = shown(waiting(1, hours=1.0), waiting(2, hours=240.0))
    assert told.headline.startswith("👉 2 things wait for you, first: review api#2")
    assert [row.object for row in told.rows] == ["change:acme/api#2", "change:acme/api#1"]


def test_a_move_within_its_level_says_nothing_of_it():
    assert shown(waiting(hours=1.0)).headline == "👉 1 thing waits for you: review api#402 Change 402"


def test_a_bug_is_to_be_fixed():
    told = shown(ticket_of(7, labels=("blocker",), assignees=("github/anna",), title="Total is wrong"))
    assert told.headline == "👉 1 thing waits for you: fix api#7 Total is wrong"


def test_long_and_hostile_titles_stay_words_and_fit():
    told = shown(waiting(title="<!channel> " * 90))
    assert len(unescape(told.headline)) <= HEADLINE
    assert "<!" not in str(told)


def test_nothing_is_said_in_that_one_sentence():
    assert shown().headline == "🟢 Nothing waits for you."
    assert shown(person="slack/U9").headline == "❔ Nothing waits for you. But not everything is known"


def test_the_scope_is_said_where_it_is_not_everything():
    assert shown().summary == ()
    assert shown(subject=team_subject(POLICY, "core")).summary == ("In *core*.",)


def test_more_than_a_days_work_is_counted():
    told = shown(*(waiting(number) for number in range(MOST + 3)))
    assert len(told.rows) == MOST
    assert told.told[0] == "and 3 more"
