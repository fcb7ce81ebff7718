"""Claiming a code account, and proving it."""

import pytest

from assistant.acts import link_account
from storage.records import Account
from storage.state.account import fold_account
from storage.state.rules import FoldRules
from tests.builders import NOON, happened, office

CODE = "0123456789abcdef"
NAME = "account:github/eve-dev"


def claim(login="@Eve-Dev", code=CODE):
    return link_account.Wish(login, code)


def folded(events):
    return fold_account(NAME, events, FoldRules()).record


def test_a_claim_alone_links_nothing_and_the_proof_does():
    company = office()
    company.act(link_account, claim(), "slack/U1")
    assert folded(company.events).person is None
    proof = happened(NAME, "account.proved", NOON, code_hash=company.events[0].data["code_hash"])
    assert folded([*company.events, proof]).person == "slack/U1"


def test_the_code_itself_is_kept_nowhere():
    company = office()
    company.act(link_account, claim(), "slack/U1")
    assert CODE not in repr(company.events)
    assert CODE not in repr(claim())


def test_the_code_is_told_with_what_to_do():
    assert f"`lastmile-link: {CODE}`" in link_account.how_to_prove(CODE)


@pytest.mark.parametrize("login", ["", "a b", "renovate[bot]", "-x", "a/b", "x" * 50])
def test_what_is_no_login_of_a_person_is_refused(login):
    assert "no GitHub login" in office().refusal(link_account, claim(login))


def test_a_code_that_can_be_guessed_is_refused():
    assert "too short" in office().refusal(link_account, claim(code="1234"))


def test_an_account_that_is_known_to_be_somebodys_is_not_claimed():
    company = office(Account(NAME, "eve-dev", person="slack/U2"))
    assert "bo's account" in company.refusal(link_account, claim("bo-dev"))
    assert "yours already" in company.refusal(link_account, claim("anna"))
    assert "account. If that is wrong" in company.refusal(link_account, claim())
    assert "yours already" in company.refusal(link_account, claim(), "slack/U2")


def test_a_bots_account_is_nobodys():
    company = office(Account(NAME, "eve-dev", is_bot=True))
    assert "a bot's account" in company.refusal(link_account, claim())
    assert "a bot's account" in company.refusal(link_account, claim("coderabbitai"))


def test_a_guest_claims_nothing():
    assert "Only members" in office().refusal(link_account, claim(), "person/gus")
