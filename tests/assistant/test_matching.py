"""Which releases of a scope may have shipped lately?"""

from datetime import timedelta

import pytest

from assistant.matching import Book, Known
from assistant.scopes import service_subject, team_subject, workspace_subject
from storage.facts import NamedRelease
from tests.builders import COMPANY, NOON, policy_of, viewer

DAY = timedelta(days=1)
POLICY = policy_of(COMPANY)
EVERYTHING = workspace_subject(POLICY)


def published(key, repository="acme/api", days_ago=1.0):
    return NamedRelease(key, f"v{key}", repository, "published", at=NOON - days_ago * DAY)


def closed(key, repository="acme/api", days_ago=1.0):
    return NamedRelease(key, key, repository, "milestone", open=False, at=NOON - days_ago * DAY)


def declared(key, product="checkout", *, is_open=True, **more):
    return NamedRelease(key, key, None, "declared", product=product, open=is_open, **more)


def lately(*named, scope=EVERYTHING, policy=POLICY, reader=None):
    book = Book(Known(named), policy, reader or viewer(policy=policy))
    return [subject.name for subject in book.shipped_lately(scope, NOON)]


def test_what_was_published_closed_or_said_to_be_shipped_comes_newest_first():
    said = declared("1.0", "billing", is_open=False, at=NOON - 2 * DAY)
    assert lately(published("2.3", days_ago=9), said, closed("2.4")) == ["checkout 2.4", "billing 1", "checkout 2.3"]


def test_what_was_declared_and_has_not_ended_may_have_shipped_too_and_comes_last():
    assert lately(declared("2.5"), declared("2.10"), published("2.4")) == [
        "checkout 2.4", "checkout 2.10", "checkout 2.5",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "named",
    [
        published("2.4", days_ago=61),
        published("2.4", days_ago=-1),
        NamedRelease("2.4", "2.4", "acme/api", "milestone", open=True),
        NamedRelease("2.4", "release/2.4", "acme/api", "branch"),
        declared("2.4", is_open=False),
    ],
)
def test_what_is_long_ago_to_come_open_or_ended_is_left_out(named):
    assert lately(named) == []


def test_several_signs_of_one_release_make_one():
    assert lately(published("2.4"), closed("2.4", "acme/web", 3), declared("2.4")) == ["checkout 2.4"]


def test_only_releases_of_the_scope_are_there():
    named = (published("2.4"), published("7.0", "acme/ledger"))
    assert lately(*named, scope=team_subject(POLICY, "money")) == ["billing 7"]
    assert lately(*named, scope=service_subject(POLICY, "web")) == ["checkout 2.4"]  # of the same product


def test_where_no_product_is_configured_the_evidence_says_whose_it_is():
    policy = policy_of('[teams.core]\nrepositories = ["acme/api"]\n')
    named = (published("2.4"), published("7.0", "acme/ledger"))
    assert lately(*named, policy=policy, scope=team_subject(policy, "core")) == ["workspace 2.4"]
    assert lately(*named, policy=policy) == ["workspace 7", "workspace 2.4"]


def test_who_may_not_see_it_is_given_none():
    policy = policy_of(COMPANY + '[access.people]\ncho = ["acme/ledger"]\n')
    reader = viewer("person/cho", policy)
    assert lately(published("2.4"), published("7.0", "acme/ledger"), policy=policy, reader=reader) == ["billing 7"]
