"""Does an answer say what it does not know, and the next step?"""

import re
from datetime import timedelta

import pytest

from assistant.blockers.finding import find
from assistant.forecast import Earliest, Forecast, Missing
from assistant.gaps import gaps
from assistant.scopes import change_subject, service_subject
from assistant.silence import silent_since
from assistant.viewer import Viewer
from storage.facts import Freshness
from storage.records import Branch, Repository
from tests.answers import a_blocker
from tests.builders import COMPANY, NOON, change_of, merged_of, policy_of, situation

POLICY = policy_of(COMPANY + '[repositories."acme/api"]\nattribution_since = 2026-01-01\n')
DATED = Forecast(Earliest(NOON, NOON), NOON, ())


def told(*records, forecast=DATED, **more):
    at_hand = situation(*records, policy=POLICY, **more)
    assert find(at_hand) is not None
    return {gap.key: gap for gap in gaps(at_hand, forecast)}


def test_a_full_picture_has_no_gaps():
    assert told(change_of()) == {}


def test_nothing_ever_heard_says_how_to_connect_and_decides():
    gap = told(events=0)["no_events"]
    assert gap.decides
    assert "webhook" in gap.next_step
    assert "backfill" in gap.next_step


def test_a_release_with_nothing_in_it_is_unknown():
    gap = told()["nothing_linked"]
    assert gap.decides
    assert "checkout 2.4" in gap.says


def quiet(hours, **more):
    long_ago = NOON - timedelta(hours=hours)
    return situation(
        change_of(), policy=POLICY, freshness=Freshness({"github": long_ago}, {"github": long_ago}), **more
    )


def test_a_source_gone_quiet_can_vouch_for_nothing():
    assert silent_since(quiet(96)) is None
    assert silent_since(quiet(97)) == ("github", NOON - timedelta(hours=97))
    assert {gap.key for gap in gaps(quiet(97), DATED) if gap.decides} == {"stale_source"}


def test_a_recent_reconciliation_vouches_for_a_quiet_source_where_it_is_of_every_repository():
    api, web = (
        Repository(f"repository:acme/{name}", f"acme/{name}", reconciled_at=NOON - timedelta(hours=1))
        for name in ("api", "web")
    )
    past = {"freshness": Freshness({"github": NOON - timedelta(days=30)}, {})}
    assert silent_since(situation(change_of(), api, web, **past)) is None
    assert silent_since(situation(change_of(), api, **past)) == ("github", NOON - timedelta(days=30))


def test_what_people_decided_here_does_not_show_that_a_source_is_alive():
    fresh = Freshness({"github": NOON - timedelta(days=30), "lastmile": NOON}, {"lastmile": NOON})
    assert silent_since(situation(change_of(), freshness=fresh))[0] == "github"


def test_how_long_silence_may_last_is_configured():
    assert silent_since(
        situation(
            change_of(),
            policy=policy_of("[sources]\nsilent_hours = 1"),
            freshness=Freshness({"github": NOON - timedelta(hours=2)}, {}),
        )
    )


def test_a_running_backfill_says_how_far_it_is():
    repository = Repository("repository:acme/api", "acme/api", backfill_done=0.4)
    assert told(change_of(), repository)["backfill"].says == (
        "Only 40% of the history of acme/api is read, so something may be missing here."
    )
    assert "backfill" not in told(change_of(), Repository("repository:acme/api", "acme/api", backfill_done=1.0))


def test_people_who_are_not_mapped_are_counted():
    gap = told(change_of(), accounts_seen=("github/anna", "github/zed", "yan"))["people_unmapped"]
    assert gap.says == "2 of 3 active people are not mapped: their login is shown, and the workspace's hours are used."
    assert gap.in_settings
    one = told(change_of(), accounts_seen=("github/anna", "github/zed"))["people_unmapped"]
    assert one.says.startswith("1 of 2 active people is not mapped")
    assert "people_unmapped" not in told(change_of(), accounts_seen=("github/anna",))


def test_recent_changes_of_no_release_are_counted():
    gap = told(change_of(), recent_changes=90, recent_without_release=31)["without_release"]
    assert gap.says == "31 of 90 recent changes have no release, so some blockers may be missing here."
    assert gap.next_step == "Give them a milestone or a release label."


def test_a_repository_that_never_told_of_a_deployment_is_named():
    gap = told(change_of(), deploying=("acme/web",))["no_deployment_source"]
    assert "acme/api" in gap.says
    assert not gap.decides


def test_a_service_with_nothing_open_and_no_deployments_is_unknown():
    service = service_subject(POLICY, "api")
    assert told(subject=service, deploying=())["no_deployment_source"].unsettles
    waiting = Forecast(None, NOON, (a_blocker(),))
    assert not told(change_of(), subject=service, deploying=(), forecast=waiting)["no_deployment_source"].unsettles


def test_a_branch_whose_beginning_nobody_saw_is_told():
    branch = Branch("branch:acme/api:release/2.4", "acme/api", "release/2.4", exists=True)
    says = told(merged_of(), branch)["branch_unsettled"].says
    assert says == "Whether 1 merged change reached the release's branch: nobody saw it begin."


def test_unknown_origins_are_counted():
    gap = told(change_of(), change_of(2, repository="acme/web"))["origin"]
    assert gap.says == "Whether people or AI wrote 1 of this release's 2 changes."
    assert gap.in_settings


def test_the_unknown_origin_of_one_change_is_not_counted():
    one = change_of(2, repository="acme/web")
    assert (
        told(one, subject=change_subject(POLICY, one.object))["origin"].says
        == "Whether people or AI wrote this change."
    )


@pytest.mark.parametrize(
    "more", [{"repository": "acme/api"}, {"repository": "acme/api", "depends_on": ("change:secret/x#1",)}]
)
def test_parts_that_may_not_be_shown_are_said_to_be_left_out(more):
    blind = Viewer("person/x", "X", sees=frozenset({"acme/api"}))
    gap = told(change_of(**more), reader=blind)["hidden"]
    assert "secret" not in gap.says
    assert gap.unsettles
    assert not gap.decides


def test_remaining_times_that_are_unknown_name_their_kind_and_how_little_there_is():
    lacking = Forecast(None, NOON, (), (Missing("review_pending", 7, 2),))
    assert (
        told(change_of(), forecast=lacking)["remaining_time"].says
        == "How long a review takes: 20 past cases are needed, there are 7."
    )


def test_dates_without_an_end_are_explained():
    assert "15%" in told(change_of(), forecast=Forecast(Earliest(NOON, None), NOON, ()))["open_ended"].says
    assert "half" in told(change_of(), forecast=Forecast(None, None, ()))["open_ended"].says


def test_what_was_too_much_to_look_at_is_said():
    assert told(change_of(), left_out=12)["too_many"].says.startswith("It has 12 more items")


def test_no_key_of_the_configuration_is_read_in_a_chat():
    at_hand = quiet(200, recent_changes=9, recent_without_release=9, accounts_seen=("x",), deploying=())
    for gap in gaps(at_hand, DATED):
        assert "_" not in gap.says
        assert gap.in_settings or not re.search(r"[_\[\]]", gap.next_step)


def test_every_gap_has_a_next_step_and_those_that_decide_come_first():
    at_hand = quiet(200, recent_changes=9, recent_without_release=9, accounts_seen=("x",), deploying=())
    found = gaps(at_hand, DATED)
    assert [gap.decides for gap in found] == sorted((gap.decides for gap in found), reverse=True)
    assert all(gap.next_step and gap.says.endswith(".") for gap in found)
