"""Where does a release stand between planned and stable, and when is it due?"""

from datetime import timedelta

import pytest

from assistant.blockers.finding import find
from assistant.scopes import change_subject, train_subject
from assistant.standing import standing_of
from storage.records import Milestone, Publication, Size
from tests.builders import (
    COMPANY,
    NOON,
    at,
    change_of,
    deployment_of,
    merged_of,
    policy_of,
    release_of,
    situation,
    ticket_of,
    train_of,
)

POLICY = policy_of(COMPANY)
MERGED = merged_of(size=Size(1, 0, 1))
LIVE = deployment_of(MERGED.merge_sha)


def due(repository="acme/api", number=1, title="2.4", on="2026-12-01", **more):
    return Milestone(
        f"milestone:{repository}#{number}",
        repository,
        number,
        title,
        None,
        open=True,
        due_at=at(on),
        created_at=NOON,
        **more,
    )


def published(**more):
    filled = {"repository": "acme/api", "tag": "v2.4.0", "name": None, "url": None, "published_at": NOON}
    return Publication("publication:acme/api@v2.4.0", **(filled | more))


def standing(*records, **more):
    told = situation(*records, **more)
    return standing_of(told, find(told))


def test_a_release_is_planned_until_something_happens():
    assert standing(change_of()).state == "planned"
    assert standing(change_of(), release_of(scope_frozen_at=NOON)).state == "scope_frozen"


@pytest.mark.parametrize("ending", ["cancelled", "superseded"])
def test_a_release_that_ended_says_how(ending):
    assert standing(change_of(), release_of(ended=ending)).state == ending


def test_everything_in_production_is_shipped_by_its_deployments():
    told = standing(MERGED, LIVE)
    assert (told.shipped_at, told.shipped_by) == (NOON, "deployments")


def test_one_open_change_or_ticket_keeps_it_from_having_shipped():
    assert standing(MERGED, change_of(2), LIVE).shipped_at is None
    assert standing(MERGED, ticket_of(), LIVE).shipped_at is None


def test_an_incident_afterwards_does_not_unship_it():
    assert standing(MERGED, LIVE, incidents=(ticket_of(9, labels=("incident",)),)).shipped_at == NOON


def test_partly_exposed_is_shipping():
    assert standing(MERGED, deployment_of(MERGED.merge_sha, exposure=0.5)).state == "shipping"


def test_a_frozen_scope_of_which_a_part_is_out_is_shipping():
    told = standing(MERGED, change_of(2), LIVE, release_of(scope_frozen_at=NOON))
    assert told.state == "shipping"


def test_a_person_who_says_it_shipped_is_believed_first():
    told = standing(MERGED, change_of(2), release_of(shipped_at=NOON - timedelta(days=1)))
    assert (told.shipped_at, told.shipped_by) == (NOON - timedelta(days=1), "said")


def test_without_deployments_the_published_release_has_shipped():
    told = standing(MERGED, published(), deploying=())
    assert (told.shipped_at, told.shipped_by) == (NOON, "published")
    assert standing(MERGED, published()).shipped_at is None  # where deployments tell, they decide


@pytest.mark.parametrize(
    "more",
    [
        {"draft": True},
        {"prerelease": True},
        {"deleted": True},
        {"tag": "v2.5"},
        {"repository": "acme/ledger"},
        {"published_at": None},
    ],
)
def test_what_is_not_published_as_this_release_has_not_shipped(more):
    assert standing(MERGED, published(**more), deploying=()).shipped_at is None


def test_after_shipping_it_stabilizes_until_it_is_stable():
    old = ticket_of(
        9, labels=("incident",), open=False, opened_at=NOON - timedelta(days=50), closed_at=NOON - timedelta(days=49)
    )
    assert standing(MERGED, LIVE, incidents=(old,), now=NOON + timedelta(days=2)).state == "stabilizing"
    assert standing(MERGED, LIVE, incidents=(old,), now=NOON + timedelta(days=20)).state == "stable"
    assert standing(MERGED, LIVE, now=NOON + timedelta(days=20)).state == "shipped"  # nobody watched


def test_the_target_is_the_one_set_then_the_trains_then_the_milestones():
    boarded = release_of(train="train:weekly")
    assert standing(change_of(), due(), release_of(target=at("2026-11-30"))).target == at("2026-11-30")
    assert standing(change_of(), due(), boarded, train_of()).target == at("2026-11-24T14:00")
    assert standing(change_of(), due()).target == at("2026-12-01")
    assert standing(change_of()).target is None


def test_the_earliest_milestone_of_the_release_counts():
    others = (
        due("acme/web", 2, on="2026-11-25"),
        due("acme/api", 3, "2.5", "2026-11-19"),
        due("acme/ledger", 4, on="2026-11-20"),
    )
    assert standing(change_of(), due(), *others).target == at("2026-11-25")
    assert standing(change_of(), due(deleted=True)).target is None


def test_a_train_is_due_at_its_next_cutoff():
    assert standing(change_of(), train_of(), subject=train_subject(POLICY, train_of())).target == at("2026-11-24T14:00")


def test_one_change_in_production_has_shipped():
    subject = change_subject(POLICY, MERGED.object)
    assert standing(MERGED, LIVE, subject=subject).shipped_at == NOON
    assert standing(MERGED, subject=subject).state is None


def test_the_owner_is_named():
    assert standing(change_of(), release_of(owner="github/anna")).owner.name == "Anna Berg"
