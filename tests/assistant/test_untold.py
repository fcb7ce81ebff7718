"""Is it told apart what nobody said and what the forge has not said yet?"""

from assistant.untold import untold
from tests.builders import COMPANY, change_of, policy_of, situation

POLICY = policy_of(COMPANY)
NAMED = policy_of(COMPANY + '[repositories."acme/api"]\nrequired_checks = ["tests"]\n')


def told(*records, policy=POLICY):
    return {gap.key: gap for gap in untold(situation(*records, policy=policy))}


def test_rules_that_nobody_told_are_named_with_their_repository_and_what_is_assumed():
    gap = told(change_of(unknown=("required_checks", "approvals")))["rules_unknown"]
    assert gap.says == (
        "Nobody said which checks are required (any that fails counts) or how many approvals are needed (one is "
        "assumed): acme/api."
    )
    assert gap.in_settings
    assert "required_checks" in gap.next_step


def test_a_required_check_that_has_not_reported_is_no_unknown_rule():
    late = [change_of(n, unknown=("required_checks",)) for n in (1, 2)]
    found = told(*late, policy=NAMED)
    assert found.keys() == {"checks_unreported"}
    assert found["checks_unreported"].says == "A required check has not reported yet on 2 changes."


def test_both_may_be_in_one_release():
    here, there = (
        change_of(n, repository=f"acme/{name}", unknown=("required_checks",)) for n, name in enumerate(("api", "web"))
    )
    found = told(here, there, policy=NAMED)
    assert found["checks_unreported"].says.endswith("on 1 change.")
    assert found["rules_unknown"].says == "Nobody said which checks are required (any that fails counts): acme/web."


def test_whether_a_change_can_be_merged_is_not_known_before_the_forge_tried():
    assert told(change_of(unknown=("conflicts",)))["conflicts_unknown"].says == (
        "Whether 1 change can be merged without a conflict."
    )


def test_where_all_is_known_nothing_is_told():
    assert told(change_of()) == {}
