"""Is a change in the release that it says it is for, and only there?"""

import pytest

from assistant.membership import for_another, members_of
from assistant.scopes import change_subject, service_subject, team_subject, train_subject, workspace_subject
from assistant.viewer import Viewer
from storage.records import ChangeState, Corrections
from tests.builders import COMPANY, change_of, checkout, facts_of, merged_of, policy_of, ticket_of, train_of, turn

POLICY = policy_of(COMPANY)
ALL = Viewer("person/anna", "Anna")


def members(*records, subject=None, viewer=ALL, **more):
    return members_of(subject or checkout(POLICY), facts_of(*records, **more), POLICY, viewer)


def numbers(found):
    return [item.number for item in (*found.changes, *found.tickets)]


@pytest.mark.parametrize(
    "claim", ["milestone:2.4", "label:v2.4", "branch:2.4.0", "milestone:Checkout 2.4", "milestone:checkout-v2.4"]
)
def test_milestone_label_and_branch_make_a_member(claim):
    assert numbers(members(change_of(), ticket_of(), claims=claim)) == [101, 55]


@pytest.mark.parametrize("claim", ["milestone:2.5", "milestone:2.41", "milestone:Billing 2.4", None])
def test_another_releases_work_is_no_member(claim):
    assert numbers(members(change_of(), claims=claim)) == []


def test_the_same_version_of_another_product_is_no_member():
    assert numbers(members(change_of(repository="acme/ledger"))) == []


def test_a_person_can_put_a_change_in_and_take_it_out():
    put = change_of(1, repository="acme/ledger", corrections=Corrections(releases=(("release:checkout@2.4", True),)))
    taken = change_of(2, corrections=Corrections(releases=(("release:Checkout@2.4", False),)))
    assert numbers(members(put, taken)) == [1]


def test_merged_changes_are_members_and_abandoned_ones_are_not():
    assert numbers(members(merged_of(1), change_of(2, state=ChangeState.ABANDONED, move=None))) == [1]


def test_an_open_change_that_closes_an_open_member_ticket_comes_with_it():
    closer = change_of(7, closes=("ticket:acme/api#55",))
    claims = {"hints": {"ticket:acme/api#55": ("milestone:2.4",)}}
    assert numbers(members(closer, ticket_of(), **claims)) == [7, 55]
    wrong = change_of(7, closes=("ticket:acme/api#55",), corrections=Corrections(not_linked=("ticket:acme/api#55",)))
    assert numbers(members(wrong, ticket_of(), **claims)) == [55]
    assert numbers(members(merged_of(7, closes=("ticket:acme/api#55",)), ticket_of(), **claims)) == [55]


def test_a_link_that_a_person_made_counts_like_one_in_the_text():
    closer = change_of(7, corrections=Corrections(linked=("ticket:acme/api#55",)))
    assert numbers(members(closer, ticket_of(), hints={"ticket:acme/api#55": ("milestone:2.4",)})) == [7, 55]


def test_what_claims_two_releases_is_shown_as_a_contradiction():
    both = {"hints": {"change:acme/api#101": ("milestone:2.4", "label:2.5")}}
    assert members(change_of(), **both).conflicts == ("acme/api#101 is claimed by 2.4 (milestone) and 2.5 (label).",)


def test_one_release_said_twice_is_no_contradiction():
    assert members(change_of(), hints={"change:acme/api#101": ("milestone:2.4", "label:v2.4.0")}).conflicts == ()


def test_what_may_not_be_seen_is_no_member():
    blind = Viewer("person/x", "X", sees=frozenset({"acme/web"}))
    assert numbers(members(change_of(1), change_of(2, repository="acme/web"), viewer=blind)) == [2]


def test_a_services_next_is_what_is_ready_or_merged():
    draft = change_of(2, draft=True, move=turn("in_progress"))
    elsewhere = change_of(4, repository="acme/web")
    service = service_subject(POLICY, "api")
    assert numbers(members(change_of(1), draft, merged_of(3), elsewhere, subject=service, claims=None)) == [1, 3]


def test_a_train_takes_the_whole_product_and_a_team_its_drafts_too():
    draft = change_of(2, draft=True, move=turn("in_progress"))
    train = train_subject(POLICY, train_of())
    assert numbers(members(change_of(1), draft, change_of(4, repository="acme/web"), subject=train)) == [1, 4]
    assert numbers(members(change_of(1), draft, subject=team_subject(POLICY, "core"))) == [1, 2]


def test_everything_in_hand_belongs_to_the_workspace_drafts_among_it():
    draft = change_of(2, draft=True, move=turn("in_progress"))
    everywhere = [change_of(1), draft, change_of(3, repository="acme/ledger"), merged_of(4)]
    assert numbers(members(*everywhere, subject=workspace_subject(POLICY), claims=None)) == [1, 2, 4, 3]


def test_one_change_is_itself():
    subject = change_subject(POLICY, "change:acme/api#1")
    assert numbers(members(change_of(1), change_of(2), subject=subject)) == [1]


def test_a_ticket_of_no_release_is_not_for_another():
    release = checkout(POLICY)
    assert not for_another(ticket_of(), release, {})
    assert not for_another(ticket_of(), release, {"ticket:acme/api#55": ("milestone:2.4", "label:2.5")})
    assert for_another(ticket_of(), release, {"ticket:acme/api#55": ("label:2.5",)})
