"""Which person words mean, and how several are named."""

import pytest

from assistant.deciding import Refused
from assistant.persons import canonical, listed, person_meant, same_as_any
from tests.builders import DECIDERS, policy_of

POLICY = policy_of(DECIDERS)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("anna", "person/anna"),
        ("person/anna", "person/anna"),
        ("Anna Berg", "person/anna"),
        ("ANNA@acme.example", "person/anna"),
        ("@anna", "person/anna"),
        ("bo-dev", "person/bo"),
        ("github/BO-DEV", "person/bo"),
        ("<@U0ANNA>", "person/anna"),
        ("<@U0ANNA|anna>", "person/anna"),
        ("slack/U0ANNA", "person/anna"),
        ("<@U7>", "slack/U7"),
        ("@stranger", "github/stranger"),
        ("github/Stranger", "github/Stranger"),
        ("me", "person/cem"),
    ],
)
def test_people_are_meant_by_many_words(text, meant):
    assert person_meant(text, "person/cem", POLICY) == meant


@pytest.mark.parametrize(
    "text", ["", "nemo", "<!channel>", "@-", "@renovate[bot]", "slack/nope", "github/a b", "x" * 9_999]
)
def test_words_that_mean_nobody_are_refused_with_how_to_name_people(text):
    refusal = person_meant(text, "person/cem", POLICY)
    assert isinstance(refusal, Refused)
    assert "@login" in refusal.reason
    assert len(refusal.reason) < 400


def test_a_near_name_is_offered():
    assert "did you mean 'anna'? Name" in person_meant("annna", "x", POLICY).reason


def test_a_name_that_two_people_have_means_neither():
    twins = policy_of('[people.a]\nname = "Kim"\n[people.b]\nname = "Kim"')
    assert isinstance(person_meant("kim", "x", twins), Refused)


def test_accounts_of_one_person_are_the_same():
    assert canonical("github/Anna", POLICY) == "person/anna"
    assert same_as_any("slack/U0ANNA", ["person/bo", "github/anna"], POLICY)
    assert not same_as_any("slack/U7", ["person/anna"], POLICY)
    assert not same_as_any("person/anna", [], POLICY)


def test_several_people_are_named_once_each_and_many_are_counted():
    assert listed(["person/anna", "github/anna", "person/bo", "person/cem"], POLICY) == "Anna Berg, bo or cem"
    assert listed(["person/bo"], POLICY) == "bo"
    assert listed([f"github/u{number}" for number in range(9)], POLICY) == "u0, u1, u2, u3 or 5 more"
