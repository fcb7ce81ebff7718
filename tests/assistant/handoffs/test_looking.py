"""Up to when what somebody looked at holds all that had landed."""

from datetime import timedelta

import pytest

from storage.records import HandoffState
from tests.builders import NOON, at, branch_pushed, happened
from tests.handing import CHANGE, as_viewer, changed, desk_of, done, handed
from tests.ledgers import as_told

FAY = as_viewer("fay")
SHA = "1f2e3d4" + "5" * 33


def tell(ledger, *events):
    ledger.record([as_told(one) for one in events], max(one.at for one in events))


def landing(time="18T08:00", sha=SHA, branch="main", *, default=True, repository="acme/api"):
    return happened(
        f"commit:{repository}@{sha}", "commit.landed", time, f"{branch}{sha}", branch=branch, default=default
    )


def published(time="17T10:00", tag="v2.4.0-rc1", repository="acme/api"):
    shown = {"tag": tag, "name": None, "published_at": f"2026-11-{time}:00Z", "draft": False, "prerelease": True}
    return happened(f"publication:{repository}@{tag}", "publication.published", time, snapshot=shown)


def looked_at(ledger, words, about="release:checkout@2.4", who=FAY):
    desk = desk_of(ledger)
    handoff = handed(ledger, about=about)
    return desk.looked_at(words, desk.handoff(handoff, FAY, NOON), who, NOON)


@pytest.mark.parametrize("words", ["1f2e3d4", f"commit {SHA}", "build 812 (1F2E3D4)"])
def test_a_commit_counts_from_when_it_landed(ledger, words):
    tell(ledger, landing())
    assert looked_at(ledger, words) == at("2026-11-18T08:00")
    assert looked_at(ledger, words, "service:api") == at("2026-11-18T08:00")


@pytest.mark.parametrize("words", ["build 812", "9a8b7c6", "", "2.9", "x" * 5000])
def test_what_nobody_knows_is_not_known(ledger, words):
    tell(ledger, landing())
    assert looked_at(ledger, words) is None


def test_a_commit_of_another_repository_is_not_of_the_scope(ledger):
    tell(ledger, landing(repository="acme/ledger"), landing(repository="acme/secret"))
    assert looked_at(ledger, "1f2e3d4") is None


def test_a_beginning_that_several_have_says_nothing(ledger):
    tell(ledger, landing(), landing(sha="1f2e3d4" + "6" * 33), landing(sha="2" * 39 + "a"))
    assert looked_at(ledger, "1f2e3d4") is None
    assert looked_at(ledger, f"1f2e3d45 and {'2' * 39}a") is None


def test_on_the_branch_of_the_release_it_counts_from_when_it_came_there(ledger):
    tell(ledger, branch_pushed("16T09:00", "0" * 40, "b0", branch="branch:acme/api:release/2.4", created=True))
    tell(ledger, landing("18T08:30", branch="release/2.4", default=False))
    assert looked_at(ledger, "1f2e3d4") == at("2026-11-18T08:30")


def test_a_published_version_counts_from_when_it_came_out(ledger):
    tell(ledger, published())
    assert looked_at(ledger, "2.4.0-rc1") == at("2026-11-17T10:00")
    assert looked_at(ledger, "the release v2.4.0-rc1 of yesterday") == at("2026-11-17T10:00")


def test_a_version_that_came_out_in_several_places_holds_what_was_there_by_the_first(ledger):
    tell(ledger, published(), published("17T12:00", repository="acme/web"))
    assert looked_at(ledger, "2.4.0-rc1") == at("2026-11-17T10:00")


@pytest.mark.parametrize(
    "words", ["2.4.0-rc1, staging 2", "2.4.0-rc1 on server 2", "(v2.4.0-rc1)", "build 2: 2.4.0-rc1."]
)
def test_a_bare_number_beside_a_version_is_no_version(ledger, words):
    tell(ledger, published("10T10:00", "v2.0"), published())
    assert looked_at(ledger, words) == at("2026-11-17T10:00")


def test_words_that_name_several_versions_name_none(ledger):
    tell(ledger, published("10T10:00", "v2.0"), published())
    assert looked_at(ledger, "2.4.0-rc1, beside v2.0") is None
    assert looked_at(ledger, "2") is None


def test_the_head_of_a_change_holds_all_that_there_is_of_it(ledger):
    changed(ledger, head_sha=SHA)
    assert looked_at(ledger, "1f2e3d4", CHANGE) == NOON


def test_signed_for_an_older_commit_it_is_stale_at_once(ledger):
    tell(ledger, landing("18T08:00"), landing("18T08:30", "a" * 39 + "1"))
    desk = desk_of(ledger)
    handoff = handed(ledger, about="service:api")
    as_of = desk.looked_at("1f2e3d4", desk.handoff(handoff, FAY, NOON), FAY, NOON)
    done(ledger, handoff, "1f2e3d4", as_of=as_of)
    stand = desk.handoff(handoff, FAY, NOON)
    assert (stand.state, stand.since) == (HandoffState.STALE, at("2026-11-18T08:30"))
    assert stand.since < NOON - timedelta(hours=1)
