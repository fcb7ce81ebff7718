"""What does a person read about all open releases?"""

import json
from datetime import timedelta

from assistant.questions import releases
from assistant.verdicts import Verdict
from assistant.viewer import Viewer
from tests.builders import COMPANY, NOON, at, change_of, checkout, facts_of, policy_of, release_of, viewer

POLICY = policy_of(COMPANY)
FOUR, FIVE = checkout(POLICY, "2.4"), checkout(POLICY, "2.5")
HINTS = {"change:acme/api#1": ("milestone:2.4",), "change:acme/api#2": ("milestone:2.5",)}
WORK = (change_of(1), change_of(2))


def asked(*subjects, reader=None, more=0):
    return releases.Parameters(subjects, reader or viewer(policy=POLICY), ("acme/api", "acme/web"), more=more)


def answered(*records, subjects=(FOUR, FIVE), more=0, **facts):
    return releases.answer(
        facts_of(*WORK, *records, **({"hints": HINTS} | facts)), asked(*subjects, more=more), POLICY, NOON
    )


def test_each_release_has_its_own_members_verdict_and_date():
    four, five = answered(release_of("2.4", target=NOON), release_of("2.5", target=NOON + timedelta(days=9))).releases
    assert (four.name, four.verdict, four.blockers, four.top.subject) == ("checkout 2.4", Verdict.LATE, 1, "acme/api#1")
    assert (five.verdict, five.top.subject) == (Verdict.ON_TRACK, "acme/api#2")
    assert four.earliest.p50 == at("2026-11-19T16:00")
    assert four.words == "release checkout 2.4"


def test_the_nearest_target_comes_first_and_those_without_one_last():
    told = answered(release_of("2.5", target=NOON))
    assert [row.subject.version for row in told.releases] == ["2.5", "2.4"]


def test_what_has_shipped_or_was_cancelled_is_not_open():
    told = answered(release_of("2.4", shipped_at=NOON), release_of("2.5", ended="cancelled"))
    assert told.releases == ()


def test_what_concerns_all_is_said_once_and_what_concerns_one_is_left_to_its_own_answer():
    told = answered(samples={}, accounts_seen=("github/zed",))
    keys = [gap.key for gap in told.unknown]
    assert keys.count("people_unmapped") == 1
    assert "remaining_time" not in keys


def test_no_releases_and_no_events_say_how_to_connect():
    told = answered(subjects=(), events=0)
    assert [gap.key for gap in told.unknown] == ["no_events"]
    assert answered(subjects=()).unknown == ()


def test_the_needs_are_those_of_all_releases_together():
    needs = releases.needs(asked(FOUR, FIVE), POLICY, NOON)
    assert {"2.4", "2.5"} <= set(needs.release_keys)
    assert needs.release_objects == ("release:checkout@2.4", "release:checkout@2.5")
    assert needs.seen_by is None


def test_nothing_is_asked_for_that_may_not_be_seen():
    blind = Viewer("person/x", "X", sees=frozenset({"acme/web"}))
    assert releases.needs(asked(FOUR, reader=blind), POLICY, NOON).repositories == {"acme/web"}


def test_the_answer_as_data_is_plain_and_says_how_many_were_left_out():
    data = answered(more=3).as_data()
    assert data["question"] == "releases"
    assert data["more"] == 3
    assert data["releases"][0].keys() == {
        "release", "product", "version", "verdict", "because", "state", "target", "earliest", "blockers", "top",
    }  # fmt: skip
    json.dumps(data)
