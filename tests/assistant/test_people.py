"""Is every account the person that it is?"""

from datetime import date

import pytest

from assistant.people import people_of
from storage.records import Account
from tests.builders import COMPANY, policy_of

TEXT = (
    COMPANY
    + '[people.dee]\nemail = "Dee@acme.example"\nzone = "Asia/Tokyo"\ndays = ["sat"]\nleave = [[2026-01-01, 2026-01-02]]\n'
)


def people(*accounts, text=TEXT):
    return people_of(policy_of(text), accounts)


@pytest.mark.parametrize("key", ["github/anna", "github/ANNA", "slack/U1", "person/anna"])
def test_every_account_of_a_person_is_that_person(key):
    known = people()
    assert known.settled(key) == "person/anna"
    assert known.name(key) == "Anna Berg"


def test_an_account_that_nobody_mapped_is_shown_by_its_login():
    owner = people().owner("github/Zed")
    assert (owner.key, owner.name) == ("github/Zed", "Zed")


def test_of_jira_nobody_reads_the_number_of_an_account():
    owner = people().owner("jira/557058:4a9c")
    assert (owner.key, owner.name) == ("jira/557058:4a9c", "somebody in Jira")
    assert people().name("jira/Jira") == "Jira", "where it does not say who did something"


def test_a_person_without_a_name_is_shown_by_their_key():
    assert people().name("github/bo") == "bo"


def test_an_account_that_its_owner_proved_is_theirs():
    known = people(Account("account:github/dd", "dd", person="person/dee"))
    assert known.settled("github/DD") == "person/dee"


def test_the_configuration_outweighs_a_proof():
    known = people(Account("account:github/anna", "anna", person="person/dee"))
    assert known.settled("github/anna") == "person/anna"


def test_somebody_unconfigured_may_prove_an_account_theirs():
    known = people(Account("account:github/zed", "zed", person="slack/U7"))
    assert known.settled("github/zed") == "slack/U7"
    assert known.same("github/zed", "slack/U7")


def test_nobody_is_the_same_as_somebody_unknown():
    assert not people().same(None, None)
    assert not people().same("github/x", "github/y")
    assert people().same("github/Anna", "slack/U1")


@pytest.mark.parametrize("key", ["github/dependabot[bot]", "github/coderabbitai", "github/robo"])
def test_bots_are_no_people(key):
    assert people(text=TEXT + '[bots]\naccounts = ["Robo"]\n').is_bot(key)
    assert not people().is_bot("github/anna")


def test_what_a_person_said_of_an_account_decides_whether_it_is_a_bot():
    known = people(
        Account("account:github/hal", "hal", is_bot=True), Account("account:github/x[bot]", "x", is_bot=False)
    )
    assert known.is_bot("github/hal")
    assert not known.is_bot("github/x[bot]")


def test_each_works_in_their_own_hours_and_the_rest_in_the_workspaces():
    calendar = people().calendar("person/dee")
    assert (calendar.zone, calendar.days) == ("Asia/Tokyo", {5})
    assert calendar.leave == ((date(2026, 1, 1), date(2026, 1, 2)),)
    assert people().calendar("github/nobody") == people().calendar()


def test_a_team_works_when_its_lead_does():
    text = '[people.lea]\nzone = "Asia/Tokyo"\n[teams.t]\nname = "The Ts"\nmembers = ["lea"]\nlead = "lea"\n'
    known = people(text=text)
    assert known.calendar("team/t").zone == "Asia/Tokyo"
    assert known.owner("team/t").name == "The Ts"
