"""A promise is a release's first date; it is kept by shipping until then, whatever was said later."""

import pytest

from assistant.promises import Fate, kept, promised, promises
from assistant.scoped import Scoped
from assistant.scopes import release_subject, repository_subject, team_subject, workspace_subject
from assistant.weeks import weeks_before, whole
from tests.builders import (
    COMPANY,
    NOON,
    change_of,
    checkout,
    deployment_of,
    facts_of,
    incident_of,
    merged_of,
    policy_of,
    release_of,
    ticket_of,
    viewer,
)
from tests.delivered import DAY, HOUR, Way, flow_of

POLICY = policy_of(COMPANY)
SPAN = whole(weeks_before(NOON, "UTC", 8))
CORE = team_subject(POLICY, "core")
KNOWN = ("acme/api", "acme/web", "acme/ledger")


WATCHED = policy_of(COMPANY.replace("[services.api]", '[services.api]\nwatched_by = ["github"]'))


def scoped(subject=CORE, who=None, releases=()):
    return Scoped(subject, who or viewer(policy=POLICY), KNOWN, releases)


def made(*records, subject=CORE, who=None, versions=(), policy=WATCHED, **more):
    about = scoped(subject, who, tuple(release_subject(policy, "checkout", version) for version in versions))
    return promises(facts_of(*records, **more), about, policy, SPAN, NOON)


def targeted(version="2.4", days=10, **more):
    return release_of(version, target=NOON - days * DAY, **more)


def shipped(days, number=101, **more):
    """A change of release 2.4 that went out so many days ago."""
    change = merged_of(number, merged_at=NOON - days * DAY - HOUR, **more)
    at = NOON - days * DAY
    return change, deployment_of(change.merge_sha, str(number), created_at=at, finished_at=at)


def fates(*records, **more):
    return [one.fate for one in made(*records, versions=("2.4",), **more)]


def test_what_was_out_and_quiet_from_its_first_date_on_kept_its_promise():
    (found,) = made(targeted(days=30), *shipped(31), versions=("2.4",))
    assert (found.name, found.kept, found.shipped_at) == ("checkout 2.4", True, NOON - 31 * DAY)
    assert found.quiet_since == NOON - 31 * DAY


def test_what_shipped_too_late_broke_it_whether_it_is_stable_or_not():
    assert fates(targeted(days=30), *shipped(29)) == [Fate.BROKEN]
    assert fates(targeted(days=5), *shipped(4)) == [Fate.BROKEN]


def test_what_shipped_in_time_and_is_not_stable_yet_is_not_decided():
    assert fates(targeted(days=3), *shipped(4)) == [Fate.SETTLING]


def test_what_shipped_in_time_and_was_not_watched_is_not_known():
    assert fates(targeted(days=30), *shipped(31), policy=POLICY) == [Fate.UNWATCHED]


def hurt(days, hours, **more):
    began = NOON - days * DAY
    over = {"open": False, "closed_at": began + hours * HOUR, "last_event_at": began + hours * HOUR}
    return incident_of(opened_at=began, root_causes=("change:acme/api#101",), **(over | more))


@pytest.mark.parametrize(
    ("days", "hours", "fate"),
    [(30.5, 2, Fate.KEPT), (30.5, 24, Fate.BROKEN), (29, 2, Fate.BROKEN), (5, 2, Fate.KEPT)],
    ids=["over before the date", "over after it", "begun after it", "when it had long been stable"],
)
def test_its_date_is_the_one_on_which_the_quiet_began_that_lasted(days, hours, fate):
    assert fates(targeted(days=30), *shipped(31), incidents=(hurt(days, hours),)) == [fate]


def test_while_an_incident_of_it_lasts_it_is_not_delivered():
    lasting = incident_of(opened_at=NOON - 29 * DAY, root_causes=("change:acme/api#101",))
    assert fates(targeted(days=30), *shipped(31), incidents=(lasting,)) == [Fate.BROKEN]


def test_what_was_reverted_after_its_date_broke_it():
    way, undoing = Way(101, NOON - 31 * DAY), Way(102, NOON - 28 * DAY)
    flow = {"asked": flow_of(way, undoing, undone=[(1, 0)])}
    assert fates(targeted(days=30), *shipped(31), flow=flow) == [Fate.BROKEN]


def test_without_a_source_of_deployments_nobody_can_tell_and_it_is_in_no_share():
    change = merged_of(merged_at=NOON - 31 * DAY)
    found = made(targeted(days=30), change, versions=("2.4",), deploying=())
    assert [(one.fate, one.kept) for one in found] == [(Fate.UNTOLD, None)]
    assert (kept(found).value, kept(found).n) == (None, 0)


def test_what_has_nothing_in_it_or_was_not_looked_at_is_not_known():
    assert fates(targeted()) == [Fate.UNTOLD]
    assert [one.fate for one in made(targeted(), *shipped(31))] == [Fate.UNTOLD]
    late = made(targeted(shipped_at=NOON - 9 * DAY))
    assert [one.fate for one in late] == [Fate.BROKEN]


@pytest.mark.parametrize("left", [change_of(7), merged_of(7, merged_at=NOON - DAY), ticket_of(7)])
def test_while_something_of_it_is_left_it_is_not_out(left):
    assert fates(targeted(days=3), *shipped(4), left) == [Fate.BROKEN]


def test_the_share_is_of_those_that_are_decided():
    found = made(
        targeted(days=30), *shipped(31), targeted("2.5", ended="cancelled"), targeted("2.6"), versions=("2.4",)
    )
    assert [one.fate for one in found] == [Fate.KEPT, Fate.BROKEN, Fate.UNTOLD]
    assert (kept(found).value, kept(found).n, kept(found).hits) == (0.5, 2, ("release:checkout@2.4",))


def test_a_date_that_was_moved_does_not_move_the_promise():
    before = ((NOON - 20 * DAY, "person/anna", "late", NOON - 21 * DAY),)
    found = made(release_of(target=NOON - 3 * DAY, targets_before=before, shipped_at=NOON - 4 * DAY))
    assert [(one.first, one.kept) for one in found] == [(NOON - 20 * DAY, False)]


def test_what_was_cancelled_was_promised_all_the_same():
    assert kept(made(targeted(ended="cancelled", ended_at=NOON - 12 * DAY))).value == 0.0


def test_what_somebody_said_shipped_has_to_be_quiet_too():
    assert fates(targeted(days=30, shipped_at=NOON - 31 * DAY), merged_of(merged_at=NOON - 40 * DAY)) == [Fate.KEPT]


@pytest.mark.parametrize("release", [release_of(), targeted(days=90), targeted(days=-3)])
def test_what_has_no_date_in_these_weeks_is_no_promise_of_them(release):
    assert made(release) == ()


def test_without_a_promise_nothing_is_known_of_keeping_them():
    assert kept(()).value is None


def test_only_the_scopes_products_count():
    other = targeted("1.0", product="billing")
    assert made(other) == ()
    assert len(made(other, subject=workspace_subject(POLICY))) == 1
    assert promised(repository_subject(POLICY, "acme/web"), POLICY) == ("checkout",)
    assert promised(release_subject(POLICY, "billing", "1.0"), POLICY) == ("billing",)
    assert promised(CORE, policy_of()) == ("workspace",)


def test_of_a_release_only_its_own_promise_counts():
    assert [one.name for one in made(targeted(), targeted("2.5"), subject=checkout(POLICY))] == ["checkout 2.4"]


def test_a_promise_of_what_the_reader_may_not_see_is_left_out():
    closed = policy_of(COMPANY + '[access]\ndefault = "closed"\n')
    assert made(targeted(), who=viewer("slack/U9", closed)) == ()
