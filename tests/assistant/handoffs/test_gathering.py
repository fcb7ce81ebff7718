"""Where handoffs stand by what the ledger holds, on both databases, as of any moment."""

import re
from datetime import timedelta
from random import Random
from unittest.mock import ANY

import pytest

from assistant.errors import UserError
from assistant.handoffs.gathering import needs_of, with_handoffs
from assistant.needing import Reach
from storage.facts import Needs
from storage.ledger import open_ledger
from storage.records import HandoffState
from storage.state.rules import FoldRules
from tests.builders import NOON, branch_pushed, happened, opened, snapshot_of
from tests.handing import (
    CHANGE,
    MORNING,
    RELEASE,
    acknowledged,
    act,
    as_viewer,
    changed,
    company,
    desk_of,
    done,
    done_of,
    handed,
    handoff_of,
    moved,
    returned,
    withdrawn,
)
from tests.ledgers import as_told

POLICY = company()
FAY = as_viewer("fay")
HOUR = timedelta(hours=1)


def tell(ledger, *events):
    ledger.record([as_told(one) for one in events], max(one.at for one in events))


def merging(time="18T11:30", sha="f" * 40, **more):
    shown = snapshot_of(
        milestone="2.4", merged=True, state="closed", merged_at=f"2026-11-{time}:00Z", merge_sha=sha, **more
    )
    return happened(CHANGE, "change.merged", time, snapshot=shown)


def landing(time, sha, branch="main", *, default=True, repository="acme/api"):
    return happened(
        f"commit:{repository}@{sha}", "commit.landed", time, f"{branch}{sha}", branch=branch, default=default
    )


def state(ledger, handoff, who=FAY, now=NOON):
    return desk_of(ledger).handoff(handoff, who, now).state


# What is asked for


def test_what_they_are_about_is_asked_for_and_of_releases_only_where_one_is_done():
    needs = needs_of((handoff_of(), done_of("handoff:2", about="release:vault@1")), POLICY, Reach(FAY))
    assert needs.objects == ("handoff:1", "handoff:2", RELEASE, "release:vault@1")
    assert needs.signed_releases == {"release:vault@1": ANY}
    assert needs.signed_releases["release:vault@1"].repositories == ("acme/secret",)
    assert not needs.linked


def test_who_closes_a_ticket_is_asked_for_once_it_is_done():
    ticket = "ticket:acme/api#55"
    assert not needs_of((handoff_of(about=ticket),), POLICY, Reach(FAY)).linked
    assert needs_of((done_of(about=ticket),), POLICY, Reach(FAY)).linked


def test_other_needs_stay_as_they_are():
    needs = with_handoffs(Needs(objects=("change:acme/api#1",), release_keys=("3",)), (handoff_of(),), POLICY)
    assert (needs.objects, needs.release_keys, needs.linked) == (
        ("change:acme/api#1", "handoff:1", RELEASE), ("3",), True,
    )  # fmt: skip


# A release


def test_a_sign_off_turns_stale_when_a_member_merges_and_holds_again_once_it_is_signed_again(ledger):
    changed(ledger, milestone="2.4")
    handoff = done(ledger, handed(ledger))
    assert state(ledger, handoff) is HandoffState.DONE
    tell(ledger, merging())
    stand = desk_of(ledger).handoff(handoff, FAY, NOON)
    assert (stand.state, stand.since) == (HandoffState.STALE, MORNING + timedelta(hours=2, minutes=30))
    assert [one.name for one in stand.later] == ["acme/api#101"]
    done(ledger, handoff, "build 813", now=NOON)
    assert state(ledger, handoff) is HandoffState.DONE


def test_a_commit_on_the_branch_of_the_release_does_it_too_and_one_on_another_does_not(ledger):
    tell(ledger, branch_pushed("16T09:00", "0" * 40, "b0", branch="branch:acme/api:release/2.4", created=True))
    handoff = done(ledger, handed(ledger))
    tell(ledger, landing("18T11:20", "a" * 40), landing("18T11:30", "c" * 40, "release/2.4", default=False))
    (one,) = desk_of(ledger).handoff(handoff, FAY, NOON).later
    assert (one.object, one.name) == (f"commit:acme/api@{'c' * 40}", "acme/api@ccccccc")


# Others


def test_a_push_to_the_change_makes_it_stale(ledger):
    changed(ledger)
    handoff = done(ledger, handed(ledger, about=CHANGE))
    assert state(ledger, handoff) is HandoffState.DONE
    moved(ledger, at="18T11:30")
    stand = desk_of(ledger).handoff(handoff, FAY, NOON)
    assert (stand.state, stand.since) == (HandoffState.STALE, MORNING + timedelta(hours=2, minutes=30))
    assert (stand.about, stand.title) == ("acme/api#101", "Add a button")
    moved(ledger, "c3", at="18T11:50")
    assert desk_of(ledger).handoff(handoff, FAY, NOON).since == stand.since


def test_what_lands_on_a_service_makes_it_stale_and_the_newest_of_the_same_speaks_for_all(ledger):
    first = done(ledger, handed(ledger, about="service:api"), now=MORNING)
    tell(ledger, landing("18T09:30", "a" * 40))
    assert state(ledger, first) is HandoffState.STALE
    again = done(ledger, handed(ledger, about="service:api", now=MORNING + HOUR), now=MORNING + HOUR)
    assert [state(ledger, one) for one in (first, again)] == [HandoffState.DONE, HandoffState.DONE]
    tell(ledger, landing("18T11:30", "b" * 40))
    assert [state(ledger, one) for one in (first, again)] == [HandoffState.DONE, HandoffState.STALE]
    assert {s.handoff.object: s.state for s in desk_of(ledger).handoffs(FAY, NOON)} == {
        first: HandoffState.DONE, again: HandoffState.STALE,
    }  # fmt: skip


def test_a_ticket_is_stale_once_a_change_that_closes_it_merges(ledger):
    ticket = "ticket:acme/api#55"
    shown = {"number": 55, "title": "It breaks", "open": True, "opened_at": "2026-11-16T09:00:00Z", "labels": []}
    tell(ledger, happened(ticket, "ticket.created", "16T09:00", snapshot=shown))
    changed(ledger, closes=[ticket])
    handoff = done(ledger, handed(ledger, about=ticket))
    assert state(ledger, handoff) is HandoffState.DONE
    tell(ledger, merging(closes=[ticket]))
    stand = desk_of(ledger).handoff(handoff, FAY, NOON)
    assert (stand.state, stand.title) == (HandoffState.STALE, "It breaks")


# All of them


def test_every_open_one_is_listed_and_what_was_answered_lately(ledger):
    one, two, three = handed(ledger), acknowledged(ledger, handed(ledger)), returned(ledger, handed(ledger))
    four, five = done(ledger, handed(ledger)), withdrawn(ledger, handed(ledger))
    told = {stand.handoff.object: stand.state for stand in desk_of(ledger).handoffs(FAY, NOON)}
    assert told == {
        one: HandoffState.OPEN, two: HandoffState.ACKNOWLEDGED, three: HandoffState.RETURNED,
        four: HandoffState.DONE, five: HandoffState.WITHDRAWN,
    }  # fmt: skip


def test_what_was_answered_long_ago_is_asked_for_by_name_alone(ledger):
    done(ledger, old := handed(ledger))
    later = NOON + timedelta(days=400)
    desk = desk_of(ledger, now=later)
    assert desk.handoffs(FAY, later) == ()
    assert desk.handoff(old, FAY, later).state is HandoffState.DONE


def test_nothing_is_loaded_where_there_is_none(ledger):
    assert desk_of(ledger).handoffs(FAY, NOON) == ()


def test_one_that_is_unknown_and_one_that_may_not_be_seen_are_told_in_the_same_words(ledger):
    hidden = handed(ledger, about="service:safe")
    said = []
    for name in (hidden, "handoff:none", RELEASE):
        with pytest.raises(UserError) as refused:
            desk_of(ledger).handoff(name, as_viewer("cho"), NOON)
        said.append(str(refused.value))
    assert len(set(said)) == 1
    assert desk_of(ledger).handoffs(as_viewer("cho"), NOON) == ()


# Moments and order


def test_as_of_an_earlier_moment_it_stood_as_it_stood_then(ledger):
    changed(ledger, milestone="2.4")
    handoff = done(ledger, handed(ledger), now=MORNING + HOUR)
    tell(ledger, merging("18T11:30"))
    desk = desk_of(ledger, now=NOON)
    assert desk.handoff(handoff, FAY, MORNING + HOUR / 2).state is HandoffState.OPEN
    assert desk.handoff(handoff, FAY, MORNING + 2 * HOUR).state is HandoffState.DONE
    assert desk.handoff(handoff, FAY, NOON).state is HandoffState.STALE
    assert desk.handoffs(FAY, MORNING - HOUR) == ()


@pytest.mark.parametrize("seed", range(4))
def test_whatever_order_its_events_come_in_it_stands_the_same(ledger, tmp_path, seed):
    changed(ledger, milestone="2.4")
    one, two = done(ledger, handed(ledger)), acknowledged(ledger, handed(ledger, "customer_success"), by="eve")
    told = [opened(milestone="2.4"), merging(), landing("18T11:30", "f" * 40)]
    tell(ledger, *told)
    events = [as_told(event) for event in (*ledger.recorded(), *told)]
    Random(seed).shuffle(events)
    before = (tmp_path / "shuffled.db").as_posix()
    with open_ledger(f"sqlite:///{before}", FoldRules()) as other:
        for event in (*events, *events[:3]):
            other.record([event], NOON)
        told = desk_of(other).handoffs(FAY, NOON)
        assert {s.handoff.object: (s.state, s.since) for s in told} == {
            s.handoff.object: (s.state, s.since) for s in desk_of(ledger).handoffs(FAY, NOON)
        }
        assert {s.state for s in told} == {HandoffState.STALE, HandoffState.ACKNOWLEDGED}
        assert {one, two} == {s.handoff.object for s in told}


# Who sees what


BOTH = '[products.both]\nrepositories = ["acme/api", "acme/secret"]\n'
HIDDEN = happened(
    "change:acme/secret#9", "change.merged", "18T11:30",
    snapshot=snapshot_of(number=9, milestone="2.4", merged=True, state="closed", title="Buy Foo",
                         merged_at="2026-11-18T11:30:00Z", merge_sha="e" * 40),
)  # fmt: skip


def test_it_is_as_stale_for_whoever_may_not_look_there_who_reads_no_name(ledger):
    desk = desk_of(ledger, company(BOTH))
    handoff = done(desk, handed(desk, about="release:both@2.4"))
    tell(ledger, HIDDEN)
    seen, unseen = (desk.handoff(handoff, as_viewer(who, desk.policy), NOON) for who in ("fay", "cho"))
    assert (seen.state, unseen.state, unseen.since) == (HandoffState.STALE, HandoffState.STALE, seen.since)
    assert (seen.came, unseen.came) == ("1 change", "1 change that you may not see")
    assert not re.search("secret|#9|Foo", repr(unseen))


def test_whoever_may_not_look_there_signs_anew_all_the_same(ledger):
    desk = desk_of(ledger, company(BOTH))
    handoff = done(desk, handed(desk, about="release:both@2.4"))
    tell(ledger, HIDDEN)
    acknowledged(desk, handoff, now=NOON - HOUR / 4)
    done(desk, handoff, "build 9", now=NOON)
    assert desk.handoff(handoff, as_viewer("cho", desk.policy), NOON).state is HandoffState.DONE


def test_of_more_than_are_told_by_name_it_says_that_there_are_more(ledger):
    handoff = done(ledger, handed(ledger, about="service:api"))
    tell(ledger, *(landing(f"18T11:{minute:02}", f"{minute:040x}") for minute in range(1, 22)))
    stand = desk_of(ledger).handoff(handoff, FAY, NOON)
    assert (len(stand.later), stand.came) == (20, "more than 20 commits")
    detail = desk_of(ledger).blocking("service api", FAY, NOON).answer.blockers[0].detail
    assert detail == f"no longer holds: acme/api@{'0' * 7} and more than 19 things more came after build 812"


def test_whoever_may_know_no_name_reads_on_the_blocker_that_something_came(ledger):
    desk = desk_of(ledger, company(BOTH))
    act(desk, "plan_release", "fay", MORNING, "both", "2.4")
    done(desk, handed(desk, about="release:both@2.4"))
    tell(ledger, HIDDEN)
    answer = desk.blocking("both 2.4", as_viewer("cho", desk.policy), NOON).answer
    (blocker,) = (one for one in answer.blockers if one.kind.value == "handoff_open")
    assert blocker.detail == "no longer holds: 1 change that you may not see came after build 812"
