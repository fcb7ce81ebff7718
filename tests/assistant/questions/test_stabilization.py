"""Which releases have shipped and are not stable yet?"""

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.questions import stabilization
from assistant.router import Asked, route
from assistant.scoped import Scoped
from assistant.scopes import release_subject, workspace_subject
from storage.facts import Facts, Freshness
from storage.records import Attention, Attribution, Repository, Size
from tests.builders import (
    COMPANY,
    NOON,
    change_of,
    deployment_of,
    facts_of,
    incident_of,
    merged_of,
    policy_of,
    release_of,
    viewer,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
POLICY = policy_of(COMPANY)
CHANGE = merged_of(1, merged_at=NOON - 3 * HOUR, size=Size(1, 0, 1), attribution=Attribution(1.0))  # needs 6 days
LIVE = deployment_of(CHANGE.merge_sha)  # since NOON
UNSEEN = deployment_of("e" * 40, "9", created_at=NOON + HOUR, finished_at=NOON + HOUR)
RELEASE = release_subject(POLICY, "checkout", "2.4")
OLD = incident_of("OLD", open=False, opened_at=NOON - 50 * DAY, closed_at=NOON - 49 * DAY)
PAGE = incident_of("PAGE2", open=False, opened_at=NOON + DAY, closed_at=NOON + DAY + HOUR)


def scoped(*versions, policy=POLICY, subject=None):
    releases = tuple(release_subject(policy, "checkout", version) for version in versions)
    return Scoped(subject or workspace_subject(policy), viewer(policy=policy), ("acme/api",), releases)


def asked(*records, after=timedelta(0), incidents=(OLD,), versions=("2.4",), seen=None, subject=None, **more):
    now = NOON + after
    more = {"freshness": Freshness({"github": now, "pagerduty": now}, {}), "seen": seen} | more
    facts = facts_of(*records, incidents=incidents, now=now, **more)
    return stabilization.answer(facts, scoped(*versions, subject=subject), POLICY, now)


def looked(answer):
    """What the reader of an answer remembers of it."""
    return answer.asked_at, stabilization.outline(answer)


def told(answer):
    return [(one.what, one.row.subject.name) for one in answer.news]


def test_a_release_that_shipped_is_listed_with_its_quiet_days_until_it_is_stable():
    (row,) = asked(CHANGE, LIVE, after=2 * DAY).settling
    data = row.as_data()
    assert (data["release"], data["quiet_days"], data["needed_days"]) == ("checkout 2.4", 2, 6.0)
    assert (data["risk"], data["origin"], data["riskiest"]["subject"]) == ("low", "ai_heavy", "acme/api#1")
    assert (data["stable_at"], data["shipped_by"]) == ("2026-11-24T12:00:00Z", "deployments")
    assert data["changes"] == [{"subject": "acme/api#1", "url": CHANGE.url}]
    assert asked(CHANGE, LIVE, after=7 * DAY).settling == ()


def test_what_has_not_shipped_is_not_listed():
    assert asked(CHANGE).settling == ()
    assert asked(change_of()).settling == ()
    assert asked(release_of(ended="cancelled"), CHANGE, LIVE).settling == ()


def test_what_somebody_said_shipped_is_listed():
    (row,) = asked(release_of(shipped_at=NOON), change_of(), after=DAY).settling
    assert row.by == "said"


def test_a_restart_is_given_with_its_cause_and_how_sure_its_link_is():
    (row,) = asked(CHANGE, LIVE, incidents=(OLD, PAGE), after=2 * DAY).settling
    (restart,) = row.as_data()["restarts"]
    assert (restart["cause"], restart["object"], restart["tier"]) == ("incident", PAGE.object, "same_service")
    assert (restart["deployment"], restart["hours_before"]) == (LIVE.object, 24.0)
    assert row.quiet_days == 0
    assert [one.object for one in row.incidents] == [PAGE.object]


def test_a_period_that_nobody_watched_ends_unknown_and_says_what_would_change_it():
    answer = asked(CHANGE, LIVE, incidents=(), after=7 * DAY)
    assert [row.clock.state for row in answer.settling] == ["unknown"]
    assert [(gap.key, gap.decides) for gap in answer.unknown] == [("not_watched", False)]
    assert told(answer) == [("unknown", "checkout 2.4")]


def test_a_source_that_fell_silent_is_told():
    answer = asked(CHANGE, LIVE, after=5 * DAY, freshness=Freshness({"github": NOON, "pagerduty": NOON}, {}))
    assert [(gap.key, gap.decides) for gap in answer.unknown] == [("stale_source", True), ("not_watched", False)]


@pytest.mark.parametrize(("records", "versions"), [((), ()), ((CHANGE, LIVE), ("2.4",))])
def test_a_source_that_fell_silent_is_told_where_nothing_is_stabilizing_too(records, versions):
    silent = {"freshness": Freshness({"github": NOON, "pagerduty": NOON + 30 * DAY}, {})}
    first = asked(*records, versions=versions, after=31 * DAY, **silent)
    assert (first.settling, first.news, first.untold) == ((), (), True)
    assert [gap.key for gap in first.unknown] == ["stale_source"]
    assert not asked(*records, versions=versions, after=32 * DAY, seen=looked(first), **silent).untold
    assert asked(*records, versions=versions, after=37 * DAY, seen=looked(first), **silent).untold


def test_where_everything_was_reconciled_since_no_source_has_to_be_heard():
    answer = asked(
        versions=(), after=31 * DAY, freshness=Freshness({"github": NOON}, {}),
        repositories=tuple(Repository(f"repository:{n}", n, reconciled_at=NOON + 31 * DAY) for n in ("acme/api",)),
    )  # fmt: skip
    assert not answer.untold


def test_nothing_heard_is_said_first():
    answer = stabilization.answer(Facts(), scoped(), POLICY, NOON)
    assert [gap.key for gap in answer.unknown] == ["no_events"]
    assert not answer.shipped


def test_where_no_repository_was_ever_heard_of_it_is_said_too():
    nobody = replace(scoped(), known=())
    assert [gap.key for gap in stabilization.answer(facts_of(), nobody, POLICY, NOON).unknown] == ["no_events"]


def test_a_release_of_which_nobody_can_tell_whether_it_shipped_stays_listed_with_the_reason():
    answer = asked(CHANGE, UNSEEN, after=DAY)
    (one,) = answer.as_data()["shipping_not_known"]
    assert (one["release"], answer.settling, answer.shipped) == ("checkout 2.4", (), False)
    assert "api runs eeeeeeeeeeee, which was never seen to land" in one["not_known"][0]["says"]
    assert [(gap.key, gap.decides) for gap in answer.unknown] == [("commit_unseen", True)]
    assert answer.untold
    assert not asked(CHANGE, UNSEEN, after=2 * DAY, seen=looked(answer)).untold


def test_one_that_shipped_before_a_commit_that_nobody_saw_stays_shipped_but_is_never_called_stable():
    early, late = asked(CHANGE, LIVE, UNSEEN, after=DAY), asked(CHANGE, LIVE, UNSEEN, after=7 * DAY)
    assert [(row.clock.state, row.clock.shipped_at) for row in early.settling] == [("stabilizing", NOON)]
    assert [gap.key for gap in early.unknown] == ["commit_unseen"]
    assert [row.clock.state for row in late.settling] == ["unknown"]
    assert late.settling[0].as_data()["not_known"]["key"] == "commit_unseen"


def test_what_went_out_after_its_quiet_days_changes_nothing_about_them():
    after = replace(UNSEEN, created_at=NOON + 6 * DAY + HOUR, finished_at=NOON + 6 * DAY + HOUR)
    assert told(asked(CHANGE, LIVE, after, after=7 * DAY)) == [("stable", "checkout 2.4")]


@pytest.mark.parametrize(
    ("records", "days", "stable"),
    [((CHANGE, LIVE), 1, False), ((CHANGE, LIVE), 30, True), ((CHANGE, LIVE, UNSEEN), 30, None), ((CHANGE,), 1, None)],
)
def test_of_the_one_release_that_is_asked_about_it_is_said_whether_it_is_stable(records, days, stable):
    answer = asked(*records, after=days * DAY, subject=RELEASE)
    assert answer.is_stable is stable
    assert answer.as_data()["is_stable"] is stable


def test_who_never_looked_is_told_what_shipped_and_what_became_stable_within_the_week():
    assert told(asked(CHANGE, LIVE, after=DAY)) == [("shipped", "checkout 2.4")]
    assert told(asked(CHANGE, LIVE, after=12 * DAY)) == [("stable", "checkout 2.4")]
    assert told(asked(CHANGE, LIVE, after=14 * DAY)) == []


def test_the_same_again_is_no_news():
    first = asked(CHANGE, LIVE, after=DAY)
    again = asked(CHANGE, LIVE, after=2 * DAY, seen=looked(first))
    assert (told(again), again.seen_at, len(again.settling)) == ([], NOON + DAY, 1)


def test_news_is_what_began_anew_what_will_be_stable_within_a_day_and_what_became_so():
    first = asked(CHANGE, LIVE, after=DAY)
    anew = asked(CHANGE, LIVE, incidents=(OLD, PAGE), after=2 * DAY, seen=looked(first))
    assert told(anew) == [("restarted", "checkout 2.4")]
    assert told(asked(CHANGE, LIVE, incidents=(OLD, PAGE), after=3 * DAY, seen=looked(anew))) == []
    assert told(asked(CHANGE, LIVE, after=5 * DAY, seen=looked(first))) == [("soon", "checkout 2.4")]
    stable = asked(CHANGE, LIVE, after=7 * DAY, seen=looked(first))
    assert (told(stable), stable.settling) == ([("stable", "checkout 2.4")], ())
    assert told(asked(CHANGE, LIVE, after=8 * DAY, seen=looked(stable))) == []


def test_while_an_incident_lasts_it_is_told_each_time():
    lasting = incident_of("PAGE3", opened_at=NOON + HOUR)
    first = asked(CHANGE, LIVE, incidents=(lasting,), after=DAY)
    again = asked(CHANGE, LIVE, incidents=(lasting,), after=2 * DAY, seen=looked(first))
    assert told(again) == [("lasting", "checkout 2.4")]
    assert (again.settling[0].clock.ends_at, again.settling[0].quiet_days) == (None, 0)


@pytest.mark.parametrize("kept", [(NOON + 99 * DAY, {"releases": {}}), (NOON, "old"), (NOON, {"rows": 1}), None])
def test_what_cannot_be_read_or_is_of_later_counts_as_never_seen(kept):
    answer = asked(CHANGE, LIVE, after=DAY, seen=kept)
    assert (answer.seen_at, told(answer)) == (None, [("shipped", "checkout 2.4")])


def test_several_releases_are_worked_out_on_the_same_facts_the_next_to_be_stable_first():
    other = release_of("2.3", shipped_at=NOON - 12 * DAY)
    answer = asked(CHANGE, LIVE, other, versions=("2.4", "2.3"), after=DAY)
    assert [row.subject.name for row in answer.settling] == ["checkout 2.3", "checkout 2.4"]


def test_it_asks_for_no_past_and_for_what_was_done_about_the_releases():
    needs = stabilization.needs(scoped("2.4"), POLICY, NOON)
    assert needs.sample_sets == {}
    assert (needs.attention, needs.seen_key, needs.incidents_in) == (
        True, "stabilization:workspace:everything", ("acme/api", "acme/web"),
    )  # fmt: skip
    mark = Attention("attention:release:checkout@2.4", "release:checkout@2.4", None, NOON)
    assert asked(CHANGE, LIVE, attention={mark.about: mark}).attention == {mark.about: mark}


def test_the_answer_is_given_as_data():
    data = asked(CHANGE, LIVE, after=DAY).as_data()
    assert data.keys() == {
        "question", "asked_at", "subject", "settling", "stable", "shipping_not_known", "is_stable", "news", "seen_at",
        "unknown", "freshness",
    }  # fmt: skip
    assert (data["question"], data["subject"]) == ("stabilization", {"kind": "workspace", "name": "everything"})


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("stabilization", ""),
        ("stabilization status of team core", "team core"),
        ("stabilization of checkout 2.4", "checkout 2.4"),
        ("stabilization checkout 2.4", "checkout 2.4"),
        ("what's stabilizing?", ""),
        ("what is settling in team core", "team core"),
        ("which releases are not stable yet", ""),
        ("how stable is 2.4", "2.4"),
        ("is checkout 2.4 stable?", "checkout 2.4"),
        ("is 2.4 stable yet", "2.4"),
        ("when will 2.4 be stable", "2.4"),
        ("quiet days of 2.4", "2.4"),
    ],
)
def test_plain_words_ask_it(text, about):
    assert route(text) == Asked("stabilization", {"about": about})
