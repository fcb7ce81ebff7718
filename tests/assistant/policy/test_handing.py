"""Does whoever configures functions, handoffs, rounds and enablement learn what is wrong with it?"""

import pytest

from assistant.policy import Policy, PolicyError
from assistant.policy.loading import parse_policy
from tests.handing import POLICY, company

PAIR = '[[handoffs.pairs]]\nfrom = "engineering"\nto = "qa"\n'
RULE = '[[handoffs.rules]]\nsource = "jira"\ndoes = "open"\nfrom = "engineering"\nto = "qa"\n'


def problems(text):
    with pytest.raises(PolicyError) as caught:
        parse_policy(text)
    return str(caught.value)


def test_the_defaults_are_those_that_the_readme_names():
    policy = Policy()
    assert (policy.handoffs.due_hours, policy.handoffs.remind_hours, policy.handoffs.escalate_hours) == (16, 4, 4)
    assert policy.rounds.functions == ("engineering", "qa", "design", "customer_success")
    assert (policy.rounds.at_scope_freeze, policy.rounds.days, policy.rounds.time) == (False, (), None)
    assert policy.enablement.high == ("release notes", "support brief", "training")
    assert policy.functions == {}


def test_a_whole_company_of_functions_is_read():
    policy = company(PAIR + "due_hours = 8\n" + RULE + 'status = "Ready for QA"\nin = ["jira/SHOP"]\n')
    assert policy.functions["qa"].on_duty == ("cho",)
    (pair,), (rule,) = policy.handoffs.pairs, policy.handoffs.rules
    assert (pair.from_function, pair.to_function, pair.due_hours, pair.gating) == ("engineering", "qa", 8, True)
    assert (rule.from_function, rule.where, rule.status) == ("engineering", ("jira/SHOP",), "Ready for QA")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[[handoffs.pairs]]\nform = "qa"\nto = "qa"',
            "unknown key 'form' in [handoffs.pairs.0]; did you mean 'from'?",
        ),
        (PAIR + 'from_function = "qa"', "unknown key 'from_function' in [handoffs.pairs.0]; did you mean 'from'?"),
        (RULE + 'status = "x"\ntoo = "qa"', "unknown key 'too' in [handoffs.rules.0]; did you mean 'to'?"),
        (RULE + 'status = "x"\ninn = ["a/b"]', "unknown key 'inn' in [handoffs.rules.0]; did you mean 'in'?"),
        (PAIR + 'checklists = ["x"]', "did you mean 'checklist'?"),
        ('[functions.qa]\nmember = ["bo"]', "unknown key 'member' in [functions.qa]; did you mean 'members'?"),
        ('[rounds]\nfunction = ["qa"]', "unknown key 'function' in [rounds]; did you mean 'functions'?"),
        ("[enablement]\nsom = []", "unknown key 'som' in [enablement]; did you mean 'some'?"),
        ("[handoffs]\ndue_hour = 3", "unknown key 'due_hour' in [handoffs]; did you mean 'due_hours'?"),
    ],
)
def test_an_unknown_key_is_answered_with_the_one_that_its_writer_may_use(text, said):
    assert said in problems(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[functions.qa]\nmembers = ["zoe"]', "functions.qa.members names 'zoe'"),
        ('[functions.qa]\nlead = "zoe"', "functions.qa.lead names 'zoe'"),
        ('[functions.qa]\non_duty = ["zoe"]', "functions.qa.on_duty names 'zoe'"),
        ('[functions.qa]\nleads = { shop = "zoe" }', "functions.qa.leads names 'shop'"),
        ('[rounds]\nfunctions = ["legal"]', "rounds.functions names 'legal'"),
        ('[[handoffs.pairs]]\nfrom = "engineering"\nto = "qaa"', "did you mean 'qa'?"),
        (RULE.replace('"qa"', '"legal"') + 'label = "x"', "handoffs.rules names 'legal'"),
        (RULE.replace("jira", "github") + 'review = "approved"\nby = "legal"', "handoffs.rules names 'legal'"),
    ],
)
def test_a_name_that_nothing_defines_is_an_error(text, said):
    assert said in problems(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[functions.qa]\nchannel = "#testing"', "'#testing' is no channel id of Slack, which is like C0123456789"),
        ("[handoffs]\ndue_hours = 0", "handoffs.due_hours"),
        ("[handoffs]\nremind_hours = -1", "handoffs.remind_hours"),
        (PAIR + "due_hours = 0", "handoffs.pairs.0.due_hours"),
        (PAIR + PAIR, "from 'engineering' to 'qa' stands in two [[handoffs.pairs]]"),
        (PAIR + f"checklist = {['point'] * 21}", "handoffs.pairs.0.checklist"),
        (PAIR + f"checklist = ['{'x' * 201}']", "handoffs.pairs.0.checklist.0"),
        (PAIR + "checklist = ['']", "handoffs.pairs.0.checklist.0"),
        (RULE, "a rule says exactly one of status, label or review"),
        (RULE + 'status = "x"\nlabel = "y"', "a rule says exactly one of status, label or review"),
        (RULE + 'review = "approved"', "only github tells of reviews"),
        (RULE.replace('"qa"', '"engineering"') + 'status = "x"', "a rule opens a handoff from one function to another"),
        (RULE.replace("open", "close") + 'status = "x"', "handoffs.rules.0.does"),
        (RULE.replace("jira", "linear") + 'status = "x"', "handoffs.rules.0.source"),
        ('[rounds]\ndays = ["someday"]', "rounds.days.0: 'someday' is no day of the week"),
        ("[rounds]\nwithin_days = 0", "rounds.within_days"),
        ('[enablement]\nhigh = [""]', "enablement.high.0"),
        (f"[enablement]\nsome = ['{'x' * 81}']", "enablement.some.0"),
    ],
)
def test_a_value_that_cannot_be_is_named(text, said):
    assert said in problems(text)


def test_a_function_of_the_company_s_own_may_be_named_everywhere():
    policy = parse_policy(
        '[people.zoe]\n[functions.legal]\nlead = "zoe"\n[rounds]\nfunctions = ["legal"]\n'
        '[[handoffs.pairs]]\nfrom = "legal"\nto = "product"\n'
    )
    assert policy.rounds.functions == ("legal",)


def test_a_function_may_finish_or_return_what_it_passes_on_within_itself():
    rule = RULE.replace('"qa"', '"engineering"').replace("open", "done") + 'status = "x"'
    assert parse_policy(rule).handoffs.rules[0].does == "done"


def test_the_company_of_these_tests_is_one():
    assert company().functions.keys() == {"engineering", "product", "qa", "design", "customer_success"}
    assert "sre" not in POLICY
