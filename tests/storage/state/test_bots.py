"""Is this account a person?"""

import pytest

from storage.state.bots import Crowd, is_bot, login_of
from storage.state.rules import FoldRules


@pytest.mark.parametrize("account", ["github/dependabot[bot]", "github/CodeRabbitAI", "copilot", "github/greptileai"])
def test_well_known_bots_are_bots_whatever_their_type(account):
    assert is_bot(account, "User", FoldRules())


def test_the_forges_type_makes_a_bot():
    assert is_bot("github/anna", "Bot", FoldRules())
    assert not is_bot("github/anna", "User", FoldRules())
    assert not is_bot("github/anna", None, FoldRules())


def test_the_configured_list_makes_a_bot_in_any_case():
    assert is_bot("github/Nightly", "User", FoldRules(bots=frozenset({"nightly"})))


def test_a_persons_word_that_it_is_none_counts_most():
    assert not is_bot("github/Copilot", "Bot", FoldRules(people=frozenset({"copilot"})))


def test_a_login_is_compared_without_its_case():
    assert login_of("github/Anna") == login_of("anna") == "anna"


def test_a_crowd_knows_the_types_that_were_seen():
    crowd = Crowd(FoldRules(), {"github/robot": "Bot"})
    assert crowd.people(("github/robot", "github/anna", "github/x[bot]")) == ("github/anna",)
