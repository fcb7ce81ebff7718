"""Do the parts come together to one answer about a subject?"""

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.blockers.blocker import BlockerKind
from assistant.examination import Asker, examine
from assistant.scopes import change_subject, service_subject, team_subject
from assistant.verdicts import Verdict
from storage.records import AcceptedRisk, Corrections
from tests.builders import (
    COMPANY,
    NOON,
    at,
    change_of,
    checkout,
    deployment_of,
    facts_of,
    freeze_of,
    incident_of,
    merged_of,
    policy_of,
    release_of,
    ticket_of,
    turn,
    viewer,
)

DAY = timedelta(days=1)
TARGET = release_of(target=NOON + 30 * DAY)


def examined(*records, text=COMPANY, subject=None, now=NOON, **more):
    policy = policy_of(text)
    about = subject or checkout(policy)
    return examine(about, facts_of(*records, now=now, **more), policy, Asker(viewer(policy=policy)), now)


@pytest.mark.parametrize(
    ("records", "more", "verdict"),
    [
        ([TARGET], {}, Verdict.UNKNOWN),  # nothing linked
        ([TARGET], {"events": 0}, Verdict.UNKNOWN),
        (
            [TARGET, change_of()],
            {"now": NOON + 9 * DAY, "freshness": facts_of().freshness},
            Verdict.UNKNOWN,
        ),  # gone quiet
        ([TARGET, change_of()], {"samples": {}}, Verdict.UNKNOWN),  # no past
        ([TARGET, change_of(), ticket_of(labels=("blocker",))], {}, Verdict.BLOCKED),  # a gate that nobody owns
        ([change_of(), ticket_of(labels=("blocker",), assignees=("github/bo",))], {}, Verdict.BLOCKED),  # no target
        ([release_of(target=NOON), change_of()], {}, Verdict.LATE),
        ([TARGET, change_of()], {}, Verdict.ON_TRACK),
        ([change_of()], {}, Verdict.NOT_READY),
        ([merged_of()], {"deploying": ()}, Verdict.READY),
        ([TARGET, merged_of(), deployment_of(merged_of().merge_sha)], {}, Verdict.ON_TRACK),  # shipped in time
        ([release_of(target=NOON - DAY), merged_of(), deployment_of(merged_of().merge_sha)], {}, Verdict.LATE),
        ([merged_of(), deployment_of(merged_of().merge_sha)], {}, Verdict.READY),
        ([release_of(ended="cancelled"), change_of()], {}, Verdict.NOT_READY),
    ],
)
def test_each_verdict_has_its_case(records, more, verdict):
    told = examined(*records, **more)
    assert told.judgement.verdict is verdict
    assert told.judgement.because


def test_what_has_shipped_is_blocked_by_nothing_and_open_leftovers_are_told():
    told = examined(release_of(shipped_at=NOON - DAY), change_of())
    assert told.blockers == ()
    assert told.conflicts == ("1 thing of it is still open: acme/api#101.",)
    assert told.earliest.p50 == NOON - DAY


def test_a_freeze_over_the_expected_date_is_a_blocker_with_its_end():
    freeze = freeze_of(services=(), begins_at=NOON, ends_at=NOON + 5 * DAY)
    told = examined(TARGET, change_of(), freeze)
    found = next(b for b in told.blockers if b.kind is BlockerKind.FREEZE)
    assert found.remaining.p50 == freeze.ends_at
    assert told.blockers[0] == found  # hard gates come first
    assert told.judgement.verdict is Verdict.ON_TRACK
    assert told.earliest.p50 == freeze.ends_at


def test_a_freeze_that_outlasts_the_target_blocks():
    freeze = freeze_of(services=(), begins_at=NOON, ends_at=NOON + 40 * DAY)
    assert examined(TARGET, change_of(), freeze).judgement.verdict is Verdict.BLOCKED


def test_a_freeze_that_two_people_opened_moves_no_date():
    freeze = freeze_of(services=(), begins_at=NOON, ends_at=NOON + 40 * DAY)
    waiver = AcceptedRisk(freeze.object, "freeze", "person/anna", "agreed", NOON, None, second="person/bo")
    told = examined(replace(TARGET, accepted=(waiver,)), change_of(), freeze)
    assert told.judgement.verdict is Verdict.ON_TRACK
    assert [accepted.blocker.kind for accepted in told.accepted] == [BlockerKind.FREEZE]


def test_an_accepted_risk_moves_no_date_either():
    waiver = AcceptedRisk("change:acme/api#101", "review_pending", "person/anna", "small", NOON, NOON + DAY)
    told = examined(replace(TARGET, accepted=(waiver,)), change_of())
    assert told.blockers == ()
    assert told.earliest.p50 == NOON
    assert len(told.accepted) == 1


def test_what_others_wait_for_is_counted():
    waiting = change_of(2, depends_on=("change:acme/api#101",))
    told = examined(change_of(), waiting, change_of(3, depends_on=("change:ACME/api#101",)))
    assert {b.subject: b.unblocks for b in told.blockers} == {"acme/api#101": 2, "acme/api#2": 0, "acme/api#3": 0}


BEFORE = release_of("2.3", shipped_at=NOON - 2 * DAY)


def test_a_previous_release_that_is_not_quiet_is_a_risk():
    told = examined(TARGET, BEFORE, change_of())
    assert told.risks == ("checkout 2.3 is not quiet yet: 2 of 14 quiet days.",)
    assert told.blockers[0].kind is BlockerKind.REVIEW_PENDING


@pytest.mark.parametrize(
    "other",
    [
        replace(BEFORE, shipped_at=NOON - 40 * DAY),
        release_of("2.5", shipped_at=NOON),
        release_of("1", "billing", shipped_at=NOON),
    ],
)
def test_a_quiet_a_later_or_another_products_release_is_none(other):
    assert examined(TARGET, other, change_of()).risks == ()


def test_where_the_policy_says_so_it_blocks_until_it_is_quiet_but_never_a_hotfix():
    text = COMPANY + "[stabilization]\nblocks = true\n"
    told = examined(TARGET, BEFORE, change_of(), text=text)
    assert BlockerKind.STABILIZING in {b.kind for b in told.blockers}
    assert told.risks == ()
    assert told.earliest.p50 == NOON + 12 * DAY
    hotfix = examined(replace(TARGET, name="2.4 hotfix"), BEFORE, change_of(), text=text)
    assert [b.kind for b in hotfix.blockers] == [BlockerKind.REVIEW_PENDING]


def test_a_service_is_not_ready_while_something_is_ready_for_review():
    policy = policy_of(COMPANY)
    told = examined(change_of(), merged_of(2), subject=service_subject(policy, "api"), claims=None)
    assert {b.kind for b in told.blockers} == {BlockerKind.REVIEW_PENDING, BlockerKind.AWAITING_DEPLOY}
    assert told.judgement.verdict is Verdict.NOT_READY


def test_a_service_with_nothing_waiting_is_ready_only_where_deployments_are_told():
    service = service_subject(policy_of(COMPANY), "api")
    assert examined(subject=service).judgement.verdict is Verdict.READY
    assert examined(subject=service, deploying=()).judgement.verdict is Verdict.UNKNOWN


def test_a_team_and_a_change_can_be_asked_about():
    policy = policy_of(COMPANY)
    draft = change_of(draft=True, move=turn("in_progress", 1))
    assert examined(draft, subject=team_subject(policy, "core")).blockers[0].kind is BlockerKind.IN_PROGRESS
    one = examined(change_of(), change_of(2), subject=change_subject(policy, "change:acme/api#2"))
    assert [b.subject for b in one.blockers] == ["acme/api#2"]
    assert one.earliest.p50 == at("2026-11-19T16:00")


def test_what_shipped_and_was_quiet_but_unwatched_says_what_would_change_that():
    told = examined(release_of(shipped_at=NOON - 40 * DAY), merged_of())
    assert told.standing.state == "shipped"
    gap = next(gap for gap in told.unknown if gap.key == "not_watched")
    assert gap.says.startswith("Nobody is known to watch api for incidents")
    assert not gap.decides


def test_an_incident_that_a_person_unlinked_from_the_previous_release_leaves_its_days_alone():
    page = incident_of(open=False, opened_at=NOON - DAY, closed_at=NOON - DAY)
    told = examined(TARGET, BEFORE, change_of(), incidents=(page,))
    assert told.risks == ("checkout 2.3 is not quiet yet: 1 of 14 quiet days.",)
    denied = replace(page, corrections=Corrections(not_linked=(BEFORE.object,)))
    told = examined(TARGET, BEFORE, change_of(), incidents=(denied,))
    assert told.risks == ("checkout 2.3 is not quiet yet: 2 of 14 quiet days.",)
