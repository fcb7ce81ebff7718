"""What does the ledger hold of what Jira told, in whatever order it came, and what is left after forgetting?"""

import json
import random

import pytest

from assistant.membership import is_blocker, labelled
from storage.facts import Needs
from storage.ledger import open_ledger
from storage.records import Hint, Outcome
from storage.state.rules import FoldRules
from tests.builders import at, policy_of
from tests.jira import STORY, TICKET, other, sent, tell
from tests.ledgers import states

NOW = at("2026-12-02T12:00")
MILESTONE = "milestone:jira/SHOP#10100"


@pytest.fixture
def real(database_url):
    with open_ledger(database_url, FoldRules()) as ledger:
        yield ledger


def ticket(ledger, name=TICKET):
    return ledger.get([name])[name]


def test_an_issue_is_a_ticket_with_its_status_since_when_it_has_it(real):
    tell(real, "issue__created", "issue__updated_assignee", "issue__updated_status")
    found = ticket(real)
    assert (found.title, found.type, found.priority) == ("Retry a payment that timed out", "Story", "Medium")
    assert (found.status, found.status_at) == ("Ready for QA", at("2026-11-17T10:00:00.200"))
    assert (found.repository, found.number, found.open) == ("jira/SHOP", 12, True)
    assert (found.assignees, found.names) == (("jira/557058:anna-0001",), ("Anna Berg",))
    assert found.part_of == ("ticket:jira/SHOP#1",)
    tell(real, "issue__updated_labels", "comment__created")
    assert ticket(real).status_at == at("2026-11-17T10:00:00.200"), "what leaves the status alone leaves its time alone"


def test_an_issue_that_is_done_is_closed_since_then_and_one_that_is_gone_too(real):
    tell(real, "issue__created", "issue__updated_done")
    found = ticket(real)
    assert (found.open, found.closed_at, found.closed_reason) == (False, at("2026-11-19T16:00:00.200"), "Done")
    again = {"status": {"name": "To Do", "statusCategory": {"key": "new"}}, "updated": "2026-11-20T09:00:00.000+0000"}
    late = at("2026-11-20T09:00:01")
    tell(real, sent("issue__updated_status", lambda told: told["issue"]["fields"].update(again), received=late))
    assert (ticket(real).open, ticket(real).reopened_at) == (True, at("2026-11-20T09:00"))
    tell(real, "issue__deleted")
    assert (ticket(real).open, ticket(real).closed_reason) == (False, "deleted")


def test_it_belongs_to_each_of_its_versions(real):
    more = [{"id": "10100", "name": "checkout 2.4"}, {"id": "10101", "name": "checkout 2.4.1"}]
    tell(real, sent("issue__created", lambda told: told["issue"]["fields"].update(fixVersions=more)))
    facts = real.load(Needs(release_keys=("checkout 2.4.1",)), NOW)
    assert [one.object for one in facts.tickets] == [TICKET]
    assert {release.title for release in real.named(None)} == {"checkout 2.4", "checkout 2.4.1"}


def test_a_version_is_a_milestone_whose_own_deliveries_name_no_project(real):
    tell(real, "version__created", "issue__created", "issue__updated_fix_version", "version__updated")
    found = ticket(real, MILESTONE)
    assert (found.title, found.open, found.due_at) == ("checkout 2.4", True, at("2026-12-02T12:00"))
    tell(real, "version__released")
    assert (ticket(real, MILESTONE).open, ticket(real, MILESTONE).closed_at) == (False, at("2026-12-01T15:00:00.100"))
    assert [release.open for release in real.named("checkout 2.4")] == [False]
    tell(real, "version__unreleased")
    assert ticket(real, MILESTONE).open
    tell(real, "version__deleted")
    assert ticket(real, MILESTONE).deleted


def test_links_are_known_by_key_whichever_delivery_came_first(real):
    tell(real, "issue__updated_link")
    assert ticket(real).depends_on == ("ticket:jira/SHOP#11",)
    tell(real, "issuelink__created")
    assert ticket(real).depends_on == ("ticket:jira/SHOP#11",), "what the other is called is not known yet"
    tell(real, sent("issue__created", other("PAY-14", "10014")))
    assert ticket(real).depends_on == ("ticket:jira/SHOP#11", "ticket:jira/PAY#14")
    tell(real, "issuelink__deleted")
    assert ticket(real).depends_on == ("ticket:jira/SHOP#11",)


def test_a_moved_issue_goes_on_under_its_new_key(real):
    tell(real, "issue__created", "issue__moved")
    assert (ticket(real).open, ticket(real).closed_reason) == (False, "transferred")
    assert ticket(real, "ticket:jira/PAY#3").open


def test_a_priority_and_a_kind_count_as_the_labels_of_blockers_and_bugs(real):
    marks = {"priority": {"name": "Blocker"}, "issuetype": {"name": "Bug"}}
    tell(real, sent("issue__created", lambda told: told["issue"]["fields"].update(marks)))
    policy, found = policy_of(), ticket(real)
    assert is_blocker(found, policy)
    assert labelled(found, policy.labels.bug)
    facts = real.load(Needs(blocker_labels=policy.labels.blocker, blockers_in=("jira/shop",)), NOW)
    assert [one.object for one in facts.tickets] == [TICKET]


@pytest.mark.parametrize("seed", range(12))
def test_any_order_and_any_number_of_copies_give_the_same_states(tmp_path, seed):
    story = [*STORY, "issue__moved", "version__unreleased"]
    straight = [sent(name) for name in story]
    shuffled = [*straight, *(sent(name, hook="2") for name in story), *straight]
    random.Random(seed).shuffle(shuffled)
    found = []
    for number, order in enumerate((straight, shuffled)):
        with open_ledger(f"sqlite:///{tmp_path}/{number}.db", FoldRules()) as ledger:
            for taken in order:
                ledger.append([taken])
            found.append(states(ledger))
            ledger.rebuild()
            assert states(ledger) == found[-1]
    assert found[0] == found[1]


def test_a_second_hook_counts_once(real):
    assert real.append([sent("issue__created")]) == [Outcome.NEW]
    assert real.append([sent("issue__created")]) == [Outcome.DUPLICATE]
    real.append([sent("issue__created", hook="2")])
    assert len([event for event in real.history(TICKET) if event.kind == "ticket.created"]) == 1


def test_a_project_counts_whatever_repositories_are_listed(real):
    policy = policy_of('[github]\nrepositories = ["acme/api"]\n')
    assert real.append([sent("issue__created")], policy.counts) == [Outcome.NEW]


def test_nothing_is_left_of_a_person_who_was_forgotten(real):
    tell(real, *STORY)
    real.forget_person("person/anna", ["jira/557058:anna-0001"], [], ["Anna Berg"])
    tell(real, sent("issue__updated_labels", lambda told: told["issue"]["fields"].update(summary="Again"), hook="3"))
    found = ticket(real)
    assert found.assignees[0].startswith("jira/forgotten-")
    kept = json.dumps([event.data for event in real.history(TICKET)]) + repr(found)
    kept += "".join(delivery.body.decode() for delivery in real.export())
    assert "anna-0001" not in kept
    assert "Anna Berg" not in kept


def test_nothing_is_left_of_a_project_that_was_forgotten(real):
    tell(real, *STORY)
    real.forget_repository("jira/SHOP")
    assert real.get([TICKET, MILESTONE]) == {}
    assert real.repositories() == ()
    assert not [delivery for delivery in real.export() if b"SHOP" in delivery.body]
    assert real.history("issue:jira/10012") == real.history("version:jira/10100") == ()


def test_a_release_that_an_issue_is_for_is_hinted_as_by_a_milestone():
    from storage.records import Corrections
    from storage.state.hints import hints

    assert hints(None, (), Corrections(), versions=("v2.4",)) == (Hint("milestone", "2.4", "v2.4"),)
