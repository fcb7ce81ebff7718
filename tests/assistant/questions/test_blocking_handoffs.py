"""A release is held to its handoffs and to what customers need: what it says as these come and go."""

from datetime import timedelta

import pytest

from assistant.verdicts import Verdict
from tests.builders import NOON, happened, snapshot_of
from tests.handing import (
    CHANGE,
    MORNING,
    RELEASE,
    act,
    as_viewer,
    changed,
    desk_of,
    done,
    handed,
    planned,
)
from tests.ledgers import as_told

FAY = as_viewer("fay")
TARGET = NOON + timedelta(days=9)
HOUR = timedelta(hours=1)
MERGED = happened(
    CHANGE, "change.merged", "18T08:00",
    snapshot=snapshot_of(milestone="2.4", merged=True, state="closed", merged_at="2026-11-18T08:00:00Z",
                         merge_sha="f" * 40),
)  # fmt: skip


def history(ledger, days=1, count=40):
    """Handoffs of the past two months, each of which took so many days."""
    told = []
    for number in range(count):
        began, name = MORNING - timedelta(days=3 + number), f"handoff:{number:04x}"
        said = {"from": "engineering", "to": "qa", "about": "release:checkout@2.3", "needed": "Test it"}
        told.append(happened(name, "handoff.opened", began, actor="person/anna", **said))
        if (ended := began + timedelta(days=days)) < NOON:
            told.append(happened(name, "handoff.done", ended, actor="person/cho", looked_at="build 1"))
    ledger.record([as_told(one) for one in told], NOON)


@pytest.fixture
def release(ledger):
    """Planned for in nine days, nothing of it open, customers notice nothing."""
    changed(ledger, milestone="2.4")
    ledger.record([as_told(MERGED)], MERGED.at)
    planned(ledger, target=TARGET, impact="none")
    return ledger


def asked(ledger, who=FAY, now=NOON, policy=None):
    return desk_of(ledger, policy, now=now).blocking("checkout 2.4", who, now).answer


def kinds(answer):
    return [str(one.kind) for one in answer.blockers]


def test_the_verdict_is_unknown_while_nobody_knows_how_long_handoffs_take(release):
    handed(release)
    answer = asked(release)
    assert (answer.verdict, kinds(answer)) == (Verdict.UNKNOWN, ["handoff_open"])
    assert answer.because == "No date yet: how long a handoff takes is unknown."


def test_with_a_past_to_compare_with_it_has_a_date_and_is_on_track(release):
    history(release)
    handed(release)
    answer = asked(release)
    assert (answer.verdict, kinds(answer)) == (Verdict.ON_TRACK, ["handoff_open"])
    assert answer.blockers[0].remaining.samples >= 20
    assert answer.earliest.p50 > NOON


def test_it_is_late_where_such_handoffs_take_longer_than_there_is_time(release):
    history(release, days=20)
    handed(release)
    assert asked(release).verdict is Verdict.LATE


def test_who_sees_only_a_part_reads_the_same_date(release):
    history(release)
    handed(release)
    dates = {asked(release, who).earliest.p50 for who in (FAY, as_viewer("cho"))}
    assert len(dates) == 1


def test_a_persons_estimate_is_a_date_too_and_is_told_as_theirs(release):
    name = handed(release)
    text = act(release, "estimate", "bo", NOON, RELEASE, name, NOON + timedelta(days=1)).text
    assert text.startswith("Your estimate: Engineering to QA: Test the payments is gone by")
    answer = asked(release)
    assert (answer.verdict, answer.blockers[0].remaining.by) == (Verdict.ON_TRACK, "Bo Cole")


def test_done_it_holds_nothing_up_any_more_and_stale_it_does_again(release):
    name = done(release, handed(release), now=MORNING - HOUR / 2)
    assert kinds(asked(release)) == []
    shown = snapshot_of(number=7, milestone="2.4", merged=True, state="closed",
                        merged_at="2026-11-18T11:00:00Z", merge_sha="e" * 40)  # fmt: skip
    release.record([as_told(happened("change:acme/api#7", "change.merged", "18T11:00", snapshot=shown))], NOON)
    answer = asked(release)
    assert kinds(answer) == ["handoff_open"]
    assert answer.blockers[0].detail == "no longer holds: acme/api#7 came after build 812"
    done(release, name, "build 813", now=NOON)
    assert kinds(asked(release)) == []


def test_an_accepted_handoff_is_let_through_with_its_name_and_withdrawn_blocks_again(release):
    name = handed(release)
    said = act(release, "accept_risk", "fay", NOON, RELEASE, name, "Tested by hand").text
    assert said.startswith("Engineering to QA: Test the payments is an accepted risk of checkout 2.4")
    answer = asked(release)
    assert (kinds(answer), [one.blocker.object for one in answer.accepted_risks]) == ([], [name])
    said = act(release, "withdraw_risk", "fay", NOON + HOUR, RELEASE, name).text
    assert said == "Engineering to QA: Test the payments blocks checkout 2.4 again."
    assert kinds(asked(release, now=NOON + HOUR)) == ["handoff_open"]


def test_until_somebody_says_how_much_customers_notice_nothing_is_on_track(ledger):
    changed(ledger, milestone="2.4")
    ledger.record([as_told(MERGED)], MERGED.at)
    planned(ledger, target=TARGET)
    answer = asked(ledger)
    assert answer.verdict is Verdict.UNKNOWN
    assert "impact_unsaid" in [gap.key for gap in answer.unknown]
    act(ledger, "plan_release", "fay", NOON, "checkout", "2.4", impact="none")
    assert "impact_unsaid" not in [gap.key for gap in asked(ledger).unknown]


def test_what_customers_need_holds_it_up_until_it_is_there(release):
    act(release, "plan_release", "fay", MORNING, "checkout", "2.4", impact="high")
    assert sorted(one.title for one in asked(release).blockers) == [
        "Release notes for checkout 2.4", "Support brief for checkout 2.4", "Training for checkout 2.4",
    ]  # fmt: skip
    assert {one.owner for one in asked(release).blockers} == {"Eve Odell"}
    act(release, "provide_enablement", "eve", NOON, RELEASE, "release notes", "https://acme.example/notes")
    handoff = handed(release, "customer_success", checklist=("Training", "Support brief"))
    done(release, handoff, "2.4", by="eve", now=NOON, ticked=("Training", "Support brief"))
    assert kinds(asked(release)) == []


def test_something_that_customers_need_may_be_accepted_as_missing(release):
    act(release, "plan_release", "fay", MORNING, "checkout", "2.4", impact="some")
    (blocker,) = asked(release).blockers
    said = act(release, "accept_risk", "fay", NOON, RELEASE, blocker.object, "They come a day later").text
    assert said.startswith("Release notes for checkout 2.4 is an accepted risk")
    assert kinds(asked(release)) == []


def test_as_of_an_earlier_moment_it_says_what_was_known_then(release):
    handed(release, now=NOON)
    assert kinds(asked(release, now=NOON + HOUR)) == ["handoff_open"]
    desk = desk_of(release, now=NOON + HOUR)
    assert kinds(desk.blocking("checkout 2.4", FAY, NOON - HOUR).answer) == []


def test_what_has_shipped_is_not_held_up_and_what_is_open_still_is_told(release):
    handed(release)
    act(release, "correct_shipped", "fay", NOON, RELEASE, "It is out", NOON)
    answer = asked(release)
    assert (answer.blockers, answer.shipped_at) == ((), NOON)
    assert answer.conflicts == ("1 thing of it is still open: Engineering to QA: Test the payments.",)
    assert "impact_unsaid" not in [gap.key for gap in answer.unknown]


def test_a_handoff_of_the_workspace_s_service_is_told_by_the_service(release):
    handed(release, about="service:api")
    answer = desk_of(release).blocking("service api", FAY, NOON).answer
    assert "handoff_open" in kinds(answer)
    assert "handoff_open" not in kinds(asked(release))


def test_its_loading_takes_few_statements_more(release, monkeypatch):
    from storage.database import Session

    counted = []
    handed(release)
    done(release, handed(release))
    run = Session.all
    monkeypatch.setattr(Session, "all", lambda self, sql, values=(): counted.append(sql) or run(self, sql, values))
    asked(release)
    about = [sql for sql in counted if "relation = 'about'" in sql or "s.kind = 'commit'" in sql]
    assert 1 <= len(about) <= 2
