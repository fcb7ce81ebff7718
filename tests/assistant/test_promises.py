"""A promise is a release's first date; it is kept by shipping until then, whatever was said later."""

import pytest

from assistant.promises import kept, promised, promises, shipped
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
    merged_of,
    policy_of,
    release_of,
    viewer,
)
from tests.delivered import DAY

POLICY = policy_of(COMPANY)
SPAN = whole(weeks_before(NOON, "UTC", 8))
CORE = team_subject(POLICY, "core")
KNOWN = ("acme/api", "acme/web", "acme/ledger")


def scoped(subject=CORE, who=None, releases=()):
    return Scoped(subject, who or viewer(policy=POLICY), KNOWN, releases)


def made(*releases, subject=CORE, out=None, who=None):
    return promises(facts_of(*releases), out or {}, scoped(subject, who), POLICY, SPAN)


def targeted(version="2.4", days=10, **more):
    return release_of(version, target=NOON - days * DAY, **more)


def test_what_shipped_by_its_first_date_kept_its_promise():
    found = made(targeted(shipped_at=NOON - 11 * DAY), targeted("2.5", shipped_at=NOON - 9 * DAY), targeted("2.6"))
    assert [(one.name, one.kept) for one in found] == [
        ("checkout 2.4", True), ("checkout 2.5", False), ("checkout 2.6", False),
    ]  # fmt: skip
    assert (kept(found).value, kept(found).n) == (pytest.approx(1 / 3), 3)
    assert kept(found).hits == ("release:checkout@2.4",)


def test_a_date_that_was_moved_does_not_move_the_promise():
    before = ((NOON - 20 * DAY, "person/anna", "late", NOON - 21 * DAY),)
    found = made(release_of(target=NOON - 3 * DAY, targets_before=before, shipped_at=NOON - 4 * DAY))
    assert [(one.first, one.kept) for one in found] == [(NOON - 20 * DAY, False)]


def test_what_was_cancelled_was_promised_all_the_same():
    assert kept(made(targeted(ended="cancelled", ended_at=NOON - 12 * DAY))).value == 0.0


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


def test_a_release_is_out_when_all_of_it_is():
    change = merged_of(1, merged_at=NOON - 12 * DAY)
    out = deployment_of(change.merge_sha, created_at=NOON - 11 * DAY, finished_at=NOON - 11 * DAY)
    about = scoped(releases=(checkout(POLICY),))
    assert shipped(facts_of(targeted(), change, out), about, POLICY, NOON) == {
        "release:checkout@2.4": NOON - 11 * DAY,
    }  # fmt: skip
    assert shipped(facts_of(targeted(), change, out, change_of(2)), about, POLICY, NOON) == {}
    assert shipped(facts_of(targeted(), change), about, POLICY, NOON) == {}


def test_a_release_that_nobody_declared_promised_nothing():
    change = merged_of(1, merged_at=NOON - 12 * DAY)
    out = deployment_of(change.merge_sha, created_at=NOON - 11 * DAY, finished_at=NOON - 11 * DAY)
    assert shipped(facts_of(change, out), scoped(releases=(checkout(POLICY),)), POLICY, NOON) == {}
