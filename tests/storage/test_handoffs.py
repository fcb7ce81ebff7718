"""What the ledger hands over of handoffs, and of what landed after them, on both databases."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from storage.facts import MOST_LANDED, Needs, ReleaseScope
from tests.builders import NOON, branch_pushed, happened, opened, pushed, snapshot_of, told
from tests.handing import CHANGE, MORNING, RELEASE, act, changed, company, done, handed, withdrawn
from tests.ledgers import as_told

SERVICES = {key: one.repository for key, one in company().services.items()}
HOUR = timedelta(hours=1)
KEYS = {RELEASE: ReleaseScope((RELEASE, "2.4"), ("acme/api", "acme/web"))}


def tell(ledger, *events):
    ledger.record([as_told(one) for one in events], max(one.at for one in events))


def landing(time, sha, branch="main", repository="acme/api"):
    return happened(
        f"commit:{repository}@{sha}", "commit.landed", time, f"{branch}{sha}", branch=branch, default=branch == "main"
    )


def merge(number, time, milestone="2.4", repository="acme/api"):
    name = f"change:{repository}#{number}"
    shown = snapshot_of(number=number, milestone=milestone, merged=True, state="closed",
                        merged_at=f"2026-11-{time}:00Z", merge_sha=f"{number:040x}")  # fmt: skip
    return happened(name, "change.merged", time, snapshot=shown)


def load(ledger, **more):
    return ledger.load(Needs(**({"linked": False, "repository_of": SERVICES} | more)), NOON)


def names(things):
    return [one.object for one in things]


# Which handoffs


def test_what_is_loaded_brings_the_handoffs_about_it_and_no_others(ledger):
    changed(ledger)
    about = [handed(ledger, about=one) for one in (CHANGE, RELEASE, "service:api")]
    handed(ledger, about="release:checkout@2.5")
    withdrawn(ledger, handed(ledger))
    asked = {"gates": True, "objects": (CHANGE,), "release_objects": (RELEASE,), "services": ("API",)}
    assert names(load(ledger, **asked).handoffs) == sorted(about)
    assert load(ledger, **(asked | {"gates": False})).handoffs == ()
    assert len(load(ledger, handoffs=True).handoffs) == 5


def test_what_was_answered_longer_than_a_year_ago_is_left_out_whatever_is_asked(ledger):
    done(ledger, handed(ledger, now=NOON - timedelta(days=367)), now=NOON - timedelta(days=366))
    asked = {"gates": True, "release_objects": (RELEASE,)}
    assert load(ledger, **asked).handoffs == load(ledger, handoffs=True).handoffs == ()
    newer = done(ledger, handed(ledger, now=NOON - timedelta(days=365)), now=NOON - timedelta(days=364))
    assert names(load(ledger, **asked).handoffs) == names(load(ledger, handoffs=True).handoffs) == [newer]


def test_of_a_repository_that_may_not_be_seen_there_is_none(ledger):
    changed(ledger)
    handed(ledger, about=CHANGE)
    handed(ledger)
    for needs in ({"handoffs": True}, {"gates": True, "objects": (CHANGE,), "release_objects": (RELEASE,)}):
        seen = load(ledger, **needs, repositories=frozenset({"acme/web"}))
        assert [one.about for one in seen.handoffs] == [RELEASE]


def test_what_was_passed_on_about_the_same_service_comes_with_what_is_done(ledger):
    first = done(ledger, handed(ledger, about="service:api"))
    other = handed(ledger, about="service:api")
    seen = load(ledger, objects=(first,))
    assert names(seen.handoffs) == [first]
    assert names(seen.signed.handoffs) == [first, other]


def test_a_repository_that_is_asked_for_brings_the_handoffs_about_it_as_a_service(ledger):
    tell(ledger, landing("18T09:00", "a" * 40, repository="acme/web2"))
    name = handed(ledger, about="service:acme/web2")
    assert names(load(ledger, gates=True, open_in=("acme/web2",)).handoffs) == [name]


# What landed


def test_nothing_is_read_where_nothing_is_done(ledger):
    handed(ledger)
    assert load(ledger, handoffs=True).signed is None


def test_commits_on_the_default_branch_of_a_service_that_is_done_are_handed_over(ledger):
    tell(ledger, landing("18T09:30", "a" * 40), landing("18T11:30", "b" * 40), landing("18T11:40", "c" * 40, "topic"),
         landing("18T11:50", "d" * 40, repository="acme/web"))  # fmt: skip
    done(ledger, handed(ledger, about="service:api"))
    for seen in (None, frozenset({"acme/web"})):
        assert names(load(ledger, handoffs=True, repositories=seen).signed.commits) == [f"commit:acme/api@{'b' * 40}"]


def test_what_merged_into_the_repository_of_a_service_is_handed_over_though_no_push_told_of_it(ledger):
    tell(ledger, merge(1, "18T08:00", None), merge(2, "18T11:30", None))
    done(ledger, handed(ledger, about="service:api"))
    for more in ({"handoffs": True}, {"gates": True, "services": ("api",)}):
        assert names(load(ledger, **more).signed.changes) == ["change:acme/api#2"]


def test_commits_on_the_branch_of_a_release_that_is_done_are_handed_over(ledger):
    tell(ledger, branch_pushed("16T09:00", "0" * 40, "b0", branch="branch:acme/api:release/2.4", created=True),
         landing("18T11:30", "b" * 40, "release/2.4"), landing("18T11:40", "c" * 40))  # fmt: skip
    done(ledger, handed(ledger))
    for more in ({"handoffs": True}, {"gates": True, "release_objects": (RELEASE,)}):
        assert names(load(ledger, signed_releases=KEYS, **more).signed.commits) == [f"commit:acme/api@{'b' * 40}"]


def test_of_many_the_first_are_handed_over_for_each_signature(ledger):
    done(ledger, handed(ledger, about="service:api"), now=MORNING)
    done(ledger, handed(ledger, "design", about="service:api"), by="dee", now=NOON - HOUR)
    tell(ledger, *(landing(f"18T09:{minute:02}", f"{minute:040x}") for minute in range(1, 40)),
         landing("18T11:30", "f" * 40))  # fmt: skip
    found = load(ledger, handoffs=True).signed.commits
    assert MOST_LANDED + 1 < len(found) < 30  # so that it can be told that there were more
    assert found[0].landed_at == MORNING + timedelta(minutes=1)
    assert found[-1].sha == "f" * 40


def test_what_merged_into_a_release_after_it_was_signed_comes_without_the_rest_of_it(ledger):
    tell(ledger, merge(1, "18T08:00"), merge(2, "18T11:30"), merge(3, "18T11:40", "2.5"),
         merge(4, "18T11:50", repository="acme/secret"), merge(5, "18T11:50", repository="acme/web"))  # fmt: skip
    done(ledger, handed(ledger))
    seen = load(ledger, handoffs=True, signed_releases=KEYS, repositories=frozenset({"acme/api"}))
    assert names(seen.signed.changes) == ["change:acme/api#2", "change:acme/web#5"]  # whoever may see them
    assert (seen.changes, seen.left_out) == ((), 0)
    assert load(ledger, handoffs=True).signed.changes == ()


def test_what_a_person_put_into_a_release_comes_whenever_it_merged(ledger):
    tell(ledger, merge(1, "18T08:00", None))
    done(ledger, handed(ledger))
    act(ledger, "correct_release", "fay", NOON, "change:acme/api#1", RELEASE, True, "It is in")
    (change,) = load(ledger, handoffs=True, signed_releases=KEYS).signed.changes
    assert change.corrections.joined == ((RELEASE, NOON),)


# How it is told


def test_when_another_commit_came_to_head_a_change_is_kept(ledger):
    tell(ledger, opened(), pushed("16T10:00", "a2", "a1", number=101), told("16T10:30", head_sha="a2"),
         told("16T11:00", head_sha="a3"))  # fmt: skip
    (change,) = load(ledger, objects=(CHANGE,)).changes
    assert [f"{at:%H:%M}" for at in change.head_moves] == ["10:00", "11:00"]


def test_the_newest_twenty_heads_are_kept(ledger):
    tell(ledger, opened(), *(told(f"16T10:{minute:02}", head_sha=f"b{minute}") for minute in range(30)))
    (change,) = load(ledger, objects=(CHANGE,)).changes
    assert (len(change.head_moves), change.head_moves[-1].minute) == (20, 29)


@pytest.mark.parametrize("seen", [None, frozenset({"acme/web"})])
def test_how_long_handoffs_took_is_known_to_everybody_but_not_as_a_teams(ledger, seen):
    changed(ledger)
    done(ledger, handed(ledger))
    done(ledger, handed(ledger, about=CHANGE))
    handed(ledger)
    sets = {"workspace": None, "team:core": ("acme/api",)}
    samples = load(ledger, sample_sets=sets, repositories=seen).samples
    past = samples["workspace"]["handoff_open"]
    assert len(past.began) == (3 if seen is None else 2)
    assert np.nanmin(past.cleared - past.began) == HOUR.total_seconds() * 2
    assert len(samples["team:core"].get("handoff_open", replace(past, began=())).began) == (1 if seen is None else 0)


def test_each_time_that_it_was_open_counts_by_itself(ledger):
    changed(ledger)
    name = done(ledger, handed(ledger, about=CHANGE))
    tell(ledger, told("18T11:30", head_sha="b2"))
    done(ledger, name, now=NOON)
    past = load(ledger, sample_sets={"workspace": None}).samples["workspace"]["handoff_open"]
    assert list(past.cleared - past.began) == [HOUR.total_seconds() / 2, HOUR.total_seconds() * 2]  # stale, then signed
