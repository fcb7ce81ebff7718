"""What disturbed a release after it shipped, and how sure is it that it came of that release?"""

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.disturbances import Shipped
from assistant.links import Tier
from assistant.stabilization import Cause
from storage.facts import Freshness
from storage.records import Commit, Corrections, Size
from tests.builders import (
    COMPANY,
    NOON,
    change_of,
    deployment_of,
    incident_of,
    merged_of,
    policy_of,
    situation,
    ticket_of,
    viewer,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SHIPPED = NOON - 5 * DAY
HEARD = Freshness({"github": NOON, "pagerduty": NOON}, {})
SMALL = merged_of(1, merged_at=SHIPPED - HOUR, size=Size(1, 0, 1))


def shipped(*records, incidents=(), policy=None, **more):
    told = situation(SMALL, *records, incidents=incidents, policy=policy, **more)
    return Shipped(SHIPPED, (SMALL,), told)


def found(*records, tickets=(), **more):
    each = shipped(*records, **more).disturbances(tickets)
    return [(one.cause, one.name or one.object, one.tier) for one in each]


def out(name, at, sha, **more):
    return deployment_of(sha, name, created_at=at, finished_at=at, **more)


OWN = out("1", SHIPPED, SMALL.merge_sha)


@pytest.mark.parametrize(
    ("more", "tier"),
    [
        ({"opened_at": SHIPPED + timedelta(hours=72)}, Tier.SAME_SERVICE),
        ({"opened_at": SHIPPED + timedelta(hours=73)}, None),
        ({"opened_at": SHIPPED - HOUR}, None),
        ({"opened_at": SHIPPED + DAY, "repository": "acme/ledger"}, None),
        ({"opened_at": SHIPPED + DAY, "repository": "acme/web"}, None),  # of its product, but nothing of it is there
        ({"opened_at": NOON, "root_causes": ("change:acme/api#1",)}, Tier.EXPLICIT),
        (
            {
                "opened_at": NOON,
                "repository": "acme/ledger",
                "root_causes": (f"commit:acme/api@{SMALL.merge_sha[:8]}",),
            },
            Tier.EXPLICIT,
        ),
        ({"opened_at": NOON, "root_causes": ("commit:acme/api@ffffffff",)}, None),
        ({"opened_at": SHIPPED + DAY, "root_causes": ("change:acme/api#2",)}, None),  # it names another's change
    ],
)
def test_an_incident_counts_when_it_names_the_release_or_began_on_its_service_in_time(more, tier):
    told = found(incidents=(ticket_of(9, labels=("incident",), **more),))
    name = f"{more.get('repository', 'acme/api')}#9"
    assert told == ([(Cause.INCIDENT, name, tier)] if tier else [])


@pytest.mark.parametrize(("services", "count"), [(("api",), 1), (("web",), 0)])
def test_a_commit_without_a_repository_counts_on_the_services_that_the_incident_names(services, count):
    told = incident_of(opened_at=NOON, services=services, root_causes=(f"commit:@{SMALL.merge_sha[:8]}",))
    assert found(incidents=(told,)) == [(Cause.INCIDENT, "Checkout is down", Tier.EXPLICIT)] * count


def test_an_old_deployment_that_first_brought_it_is_its_own_and_what_lies_between_is_not_guessed():
    first, later = (replace(OWN, object="deployment:github/0"), out("2", NOON, "b" * 40, purpose="hotfix"))
    told = shipped(later, first_out=(first,), incidents=(incident_of(opened_at=SHIPPED + HOUR),))
    assert list(told.deployments) == [first.object]
    assert [one.cause for one in told.disturbances(())] == [Cause.INCIDENT]


def test_where_deployments_tell_the_one_that_brought_it_counts_not_when_the_whole_shipped():
    within, after = (incident_of(opened_at=OWN.created_at + hours * HOUR) for hours in (71, 73))
    assert found(OWN, incidents=(within,)) == [(Cause.INCIDENT, "Checkout is down", Tier.SAME_SERVICE)]
    assert found(OWN, incidents=(after,)) == []


def test_a_later_deployment_of_the_service_is_not_the_releases_own():
    later = out("2", NOON - HOUR, "e" * 40)
    landed = {("acme/api", "e" * 40): {"main": NOON - 2 * HOUR}}
    assert found(OWN, later, landed=landed, incidents=(incident_of(opened_at=NOON),)) == []


def test_an_incident_of_a_source_that_names_services_counts_on_the_releases_own():
    at = SHIPPED + DAY
    assert len(found(incidents=(incident_of(opened_at=at),))) == 1
    assert found(incidents=(incident_of(opened_at=at, services=("web",)),)) == []


def test_an_incident_where_no_customer_is_disturbs_nothing():
    assert found(incidents=(incident_of(opened_at=SHIPPED + DAY, environment="staging"),)) == []


def test_who_may_not_see_it_reads_nothing_of_it():
    policy = policy_of(COMPANY + '[access.people]\ncho = ["acme/web"]\n')
    reader = viewer("person/cho", policy)
    assert found(policy=policy, reader=reader, incidents=(incident_of(opened_at=SHIPPED + DAY),)) == []


@pytest.mark.parametrize(("linked", "denied", "count"), [((), (), 1), ((), ("release:checkout@2.4",), 0)])
def test_a_person_says_that_it_is_not_of_this_release(linked, denied, count):
    said = Corrections(linked=linked, not_linked=denied)
    assert len(found(incidents=(incident_of(opened_at=SHIPPED + DAY, corrections=said),))) == count


def test_a_person_says_that_it_is_of_this_release_however_late_it_was():
    said = Corrections(linked=("release:checkout@2.4",))
    told = found(incidents=(incident_of(opened_at=NOON, corrections=said),))
    assert told == [(Cause.INCIDENT, "Checkout is down", Tier.EXPLICIT)]


def test_a_revert_of_its_change_or_of_its_commit_disturbs():
    for name in (SMALL.object, f"commit:acme/api@{SMALL.merge_sha}", f"commit:acme/api@{SMALL.merge_sha[:10]}"):
        assert found(merged_of(5, reverts=(name,))) == [(Cause.REVERT, "acme/api#5", Tier.EXPLICIT)]
    assert found(change_of(5, reverts=(SMALL.object,))) == []
    assert found(merged_of(5, reverts=("change:acme/api#77",))) == []


def test_a_blocker_opened_again_disturbs_and_another_ticket_does_not():
    again = ticket_of(6, labels=("release-blocker",), reopened_at=NOON)
    told = found(tickets=(again, ticket_of(7, reopened_at=NOON)))
    assert told == [(Cause.REOPENED, "acme/api#6", Tier.EXPLICIT)]


def test_a_hotfix_soon_after_it_shipped_disturbs_and_a_late_one_mends_something_else():
    for hours, count in ((71, 1), (73, 0)):
        other = out("2", SHIPPED + hours / 2 * HOUR, "b" * 40)
        fix = out("3", SHIPPED + hours * HOUR, "c" * 40, purpose="hotfix")
        assert found(OWN, other, fix) == [(Cause.HOTFIX, "api", Tier.SAME_SERVICE)] * count


def test_a_hotfix_of_what_it_brought_disturbs_however_late_and_one_of_another_service_never():
    fix = out("3", NOON, "c" * 40, purpose="hotfix")
    assert found(OWN, fix) == [(Cause.HOTFIX, "api", Tier.SAME_SERVICE)]
    assert found(OWN, out("3", SHIPPED + HOUR, "c" * 40, purpose="hotfix", repository="acme/web")) == []


def test_a_rollback_that_takes_it_out_disturbs_until_it_is_out_again():
    before = Commit("commit:acme/api@" + "a" * 40, "acme/api", "a" * 40, "main", SHIPPED - DAY)
    back = out("2", NOON - 2 * DAY, "a" * 40)
    (one,) = shipped(OWN, before, back).disturbances(())
    assert (one.cause, one.object, one.tier, one.over_at) == (Cause.ROLLBACK, back.object, Tier.EXPLICIT, None)
    (one,) = shipped(OWN, before, back, out("3", NOON - DAY, SMALL.merge_sha)).disturbances(())
    assert one.over_at == NOON - DAY


def test_a_rollback_that_leaves_it_out_is_of_something_else():
    later = out("2", SHIPPED + HOUR, "b" * 40)
    back = out("3", SHIPPED + 2 * HOUR, SMALL.merge_sha, purpose="rollback")
    assert found(OWN, later, back) == []


def test_a_deployment_that_brought_it_is_no_disturbance_of_it_whatever_it_is_called():
    assert found(out("1", SHIPPED, SMALL.merge_sha, purpose="hotfix")) == []


def test_the_clock_of_what_shipped_counts_it_all():
    resolved = incident_of(open=False, opened_at=SHIPPED + DAY, closed_at=SHIPPED + DAY + HOUR)
    clock = shipped(OWN, incidents=(resolved,), freshness=HEARD).clock(())
    assert (clock.state, clock.quiet, [r.object for r in clock.restarts]) == (
        "stabilizing", 4 * DAY - HOUR, [resolved.object],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "state"), [(SHIPPED - HOUR, "stable"), (SHIPPED + HOUR, "unknown"), (NOON + 30 * DAY, "unknown")]
)
def test_a_source_that_was_first_heard_after_it_shipped_does_not_make_it_stable(first, state):
    old = incident_of("OLD", open=False, opened_at=NOON - 60 * DAY, closed_at=NOON - 60 * DAY)
    heard = {"pagerduty": ((first, NOON + 31 * DAY),)}
    clock = shipped(OWN, incidents=(old,), heard=heard, now=SHIPPED + 20 * DAY).clock(())
    assert clock.state == state
    assert (clock.gap is None) is (state == "stable")
