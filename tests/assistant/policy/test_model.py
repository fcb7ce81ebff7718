"""Do the parts of a configuration fit each other?"""

from datetime import date

import pytest

from assistant.policy import Policy, PolicyError
from tests.builders import COMPANY, policy_of


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[teams.core]\nmembers = ["ana"]', "teams.core.members names 'ana'"),
        ('[teams.core]\nlead = "zoe"', "teams.core.lead names 'zoe'"),
        ('[teams.core]\nservices = ["api"]', "teams.core.services names 'api'"),
        ('[products.p]\nteams = ["core"]', "products.p.teams names 'core'"),
        ('[services.api]\nrepository = "acme/api"\nowner = "zoe"', "services.api.owner names 'zoe'"),
        ('[access.people]\nzoe = ["acme/*"]', "access.people names 'zoe'"),
        ('[access.teams]\ncore = ["acme/*"]', "access.teams names 'core'"),
        ('[decide]\nwho = ["boss"]', "decide.who names 'boss'"),
        ('[service_levels]\nspecialists = ["zoe"]', "service_levels.specialists names 'zoe'"),
        ('[repositories."acme/api"]\nowners = ["zoe"]', "owners names 'zoe'"),
    ],
)
def test_a_name_that_nothing_defines_is_an_error(text, said):
    with pytest.raises(PolicyError) as caught:
        policy_of(text)
    assert said in str(caught.value)


def test_a_near_name_is_offered():
    with pytest.raises(PolicyError, match="did you mean 'anna'"):
        policy_of('[people.anna]\n[teams.core]\nmembers = ["ana"]')


@pytest.mark.parametrize("key", ["github = ['X']", "slack = 'X'", "email = 'X'"])
def test_an_account_is_one_persons(key):
    with pytest.raises(PolicyError, match=r"people\.bo\."):
        policy_of(f"[people.anna]\n{key}\n[people.bo]\n{key}")


def test_a_repository_is_found_in_any_case_and_an_absent_one_says_nothing():
    policy = policy_of('[repositories."Acme/Api"]\napprovals = 2')
    assert policy.repository("acme/API").approvals == 2
    assert policy.repository("acme/web").approvals is None


def test_folding_is_told_names_as_it_compares_them():
    rules = policy_of(
        '[repositories."Acme/Api"]\nrequired_checks = ["test"]\napprovals = 2\n[repositories."acme/x"]\n'
        '[bots]\naccounts = ["Robo"]\n[labels]\nai = ["AI"]\n[[attribution.identities]]\npattern = "x"\n'
    ).fold_rules()
    assert rules.bots == {"robo"}
    assert rules.required_checks == {"acme/api": ("test",)}
    assert rules.approvals == {"acme/api": 2}
    assert rules.ai_labels == ("ai",)
    assert rules.identities == (("x", 0.85),)


def test_no_required_checks_is_not_the_same_as_not_saying_which():
    assert policy_of('[repositories."a/b"]\nrequired_checks = []').fold_rules().required_checks == {"a/b": ()}
    assert policy_of('[repositories."a/b"]').fold_rules().required_checks == {}


def test_every_environment_of_a_service_is_production():
    policy = policy_of('[services.api]\nrepository = "acme/api"\nenvironments = ["Live-EU"]\ntargets = ["us"]')
    assert {"production", "live-eu", "us"} <= set(policy.production())


def test_a_policy_cannot_be_changed_once_read():
    with pytest.raises(Exception, match="frozen"):
        Policy().hours = None


def test_a_whole_company_is_read():
    policy = policy_of(COMPANY + '[repositories."acme/api"]\nattribution_since = 2026-01-01\n')
    assert policy.repository("acme/api").attribution_since == date(2026, 1, 1)
    assert policy.teams["core"].members == ("anna", "bo")
