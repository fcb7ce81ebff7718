"""A question gets what it asked for, of the repositories it may speak of, and no more."""

from datetime import timedelta

import numpy as np
import pytest

from storage.facts import Needs
from storage.gathering import MOST_WORK
from storage.records import (
    Change,
    ChangeState,
    Commit,
    Deployment,
    DeploymentState,
    Folded,
    Hint,
    Milestone,
    Publication,
    Turn,
    TurnKind,
)
from storage.state.fold import fold
from tests.builders import NOON, change_of, freeze_of, release_of, ticket_of, train_of
from tests.ledgers import delivered, event, ledger_at

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Told:
    """A ledger whose fold gives records as they were put in, so that a test says states and not events."""

    def __init__(self, url):
        self.folded = {}
        self.ledger = ledger_at(url, lambda name, events, rules: self.folded.get(name) or fold(name, events, rules))

    def put(self, record, *, hints=(), turns=(), at=NOON, actor=None):
        repository = getattr(record, "repository", None)
        self.folded[record.object] = Folded(record, turns=tuple(turns), hints=tuple(hints))
        told = event(record.object, "made.up", at=at, repository=repository, actor=actor, source="github")
        self.ledger.append([delivered(told, number=record.object, received=at)])
        return record

    def load(self, now=NOON + HOUR, **needs):
        return self.ledger.load(Needs(**needs), now)


@pytest.fixture
def told(database_url):
    made = Told(database_url)
    yield made
    made.ledger.close()


def names(records):
    return [record.object.partition(":")[2] for record in records]


def merged_change(number, at, repository="acme/api", base="main", **more):
    sha = f"{number:040x}"
    return change_of(
        number, repository, state=ChangeState.MERGED, merged_at=at, merge_sha=sha, base=base, move=None, **more
    )  # fmt: skip


def deployed(name, sha, at, **more):
    filled = {
        "repository": "acme/api", "service": None, "environment": "Production", "sha": sha, "ref": None,
        "state": DeploymentState.SUCCEEDED, "created_at": at, "finished_at": at,
    }  # fmt: skip
    return Deployment(f"deployment:github/{name}", **(filled | more))


def for_release(key, field="milestone"):
    return (Hint(field, key, key),)


def test_an_empty_ledger_gives_empty_facts(told):
    facts = told.load(release_keys=("2.4",), sample_sets={"workspace": None}, all_releases=True)
    assert (facts.changes, facts.recent_changes, facts.events) == ((), 0, 0)
    assert facts.samples == {"workspace": {}}
    assert len(facts.merged["workspace"].merged) == 0
    assert facts.freshness.newest_event == {}


def test_the_members_of_a_release_are_what_says_so_open_and_merged(told):
    told.put(change_of(1), hints=for_release("2.4"))
    told.put(merged_change(2, NOON), hints=for_release("2.4", "label"))
    told.put(ticket_of(3), hints=for_release("2.4", "branch"))
    told.put(change_of(4), hints=for_release("2.5"))
    told.put(change_of(5))
    facts = told.load(release_keys=("2.4",))
    assert names(facts.changes) == ["acme/api#1", "acme/api#2"]
    assert names(facts.tickets) == ["acme/api#3"]
    assert facts.hints["change:acme/api#2"] == ("label:2.4",)


def test_what_was_assigned_to_a_release_is_a_member_of_it(told):
    release = told.put(release_of("2.4"))
    told.put(change_of(1), hints=(Hint("assigned", release.object, "2.4"),))
    facts = told.load(release_objects=(release.object,))
    assert names(facts.changes) == ["acme/api#1"]
    assert facts.releases == (release,)


def test_a_release_brings_its_milestone_its_publication_and_its_declaration(told):
    told.put(Milestone("milestone:acme/api#3", "acme/api", 3, "Release v2.4.0", None, True, None, NOON))
    told.put(Publication("publication:acme/api@v2.4.0", "acme/api", "v2.4.0", None, None, NOON))
    told.put(release_of("2.4"))
    facts = told.load(release_keys=("2.4",))
    assert (len(facts.milestones), len(facts.publications), len(facts.releases)) == (1, 1, 1)


def test_nothing_of_a_repository_that_may_not_be_seen_is_given(told):
    for repository in ("acme/api", "acme/secret"):
        told.put(
            change_of(1, repository, depends_on=("change:acme/secret#2",)), hints=for_release("2.4"),
            turns=(Turn(TurnKind.REVIEW_PENDING, NOON, None),), actor="github/bo",
        )  # fmt: skip
        told.put(ticket_of(2, repository, labels=("blocker", "incident")))
        told.put(merged_change(3, NOON, repository))
        told.put(deployed(f"of {repository}", "a" * 40, NOON, repository=repository))
    told.put(change_of(2, "acme/secret"))
    everywhere = ("acme/api", "acme/secret")
    facts = told.load(
        repositories=frozenset({"ACME/api"}), release_keys=("2.4",), open_in=everywhere, undeployed_in=everywhere,
        blockers_in=everywhere, incidents_in=everywhere, deployments_in=everywhere, blocker_labels=("blocker",),
        incident_labels=("incident",), sample_sets={"workspace": None, "team": everywhere},
        objects=("change:acme/secret#1",),
    )  # fmt: skip
    assert names(facts.changes) == ["acme/api#1", "acme/api#3"]
    assert {ticket.repository for ticket in (*facts.tickets, *facts.incidents)} == {"acme/api"}
    assert {deployment.repository for deployment in facts.deployments} == {"acme/api"}
    assert [len(facts.samples[name]["review_pending"].began) for name in ("workspace", "team")] == [1, 1]
    assert [len(facts.merged[name].merged) for name in ("workspace", "team")] == [1, 1]
    assert facts.recent_changes == 2


def test_whoever_may_see_no_repository_gets_nothing_of_any(told):
    told.put(ticket_of(1, labels=("blocker",)), hints=for_release("2.4"), turns=[Turn(TurnKind.OPEN, NOON, None)])
    told.put(release_of("2.4"))
    asked = {"release_keys": ("2.4",), "blocker_labels": ("blocker",), "blockers_in": ("acme/api",)}
    facts = told.load(repositories=frozenset(), sample_sets={"all": None, "api": ("acme/api",)}, **asked)
    assert (facts.tickets, facts.samples) == ((), {"all": {}, "api": {}})
    assert names(facts.releases) == ["checkout@2.4"]


def test_open_changes_of_a_repository_are_given_whatever_release_they_are_for(told):
    told.put(change_of(1))
    told.put(change_of(2, state=ChangeState.ABANDONED, closed_at=NOON))
    told.put(change_of(3, "acme/web"))
    assert names(told.load(open_in=("acme/api",)).changes) == ["acme/api#1"]


def test_blocking_tickets_are_open_ones_with_a_blocking_label(told):
    told.put(ticket_of(1, labels=("Release-Blocker",)))
    told.put(ticket_of(2, labels=("bug",)))
    told.put(ticket_of(3, labels=("release-blocker",), open=False, closed_at=NOON))
    told.put(ticket_of(4, "acme/web", labels=("release-blocker",)))
    facts = told.load(blockers_in=("acme/api",), blocker_labels=("release-blocker",))
    assert names(facts.tickets) == ["acme/api#1"]


def test_incidents_are_open_or_were_closed_in_the_recent_days(told):
    told.put(ticket_of(1, labels=("incident",)))
    told.put(ticket_of(2, labels=("incident",), open=False, closed_at=NOON - 89 * DAY))
    told.put(ticket_of(3, labels=("incident",), open=False, closed_at=NOON - 91 * DAY))
    facts = told.load(now=NOON, incidents_in=("acme/api",), incident_labels=("Incident",))
    assert names(facts.incidents) == ["acme/api#1", "acme/api#2"]


def test_what_work_depends_on_comes_with_it_step_by_step(told):
    told.put(change_of(1, depends_on=("change:acme/web#2",)), hints=for_release("2.4"))
    told.put(change_of(2, "acme/web", depends_on=("change:acme/web#3", "change:acme/gone#9")))
    told.put(change_of(3, "acme/web"))
    assert names(told.load(release_keys=("2.4",)).changes) == ["acme/api#1", "acme/web#2", "acme/web#3"]
    assert names(told.load(release_keys=("2.4",), linked=False).changes) == ["acme/api#1"]


def test_a_ticket_comes_with_the_changes_that_close_it_and_the_reverse(told):
    told.put(ticket_of(1), hints=for_release("2.4"))
    told.put(change_of(2, closes=("ticket:acme/api#1",)))
    told.put(change_of(3, closes=("ticket:acme/api#4",)), hints=for_release("2.4"))
    told.put(ticket_of(4))
    facts = told.load(release_keys=("2.4",))
    assert names(facts.changes) == ["acme/api#2", "acme/api#3"]
    assert names(facts.tickets) == ["acme/api#1", "acme/api#4"]


def test_more_members_than_records_are_handed_over_are_counted(told):
    turns_off = [change_of(number) for number in range(MOST_WORK + 3)]
    for change in turns_off:
        told.folded[change.object] = Folded(change, hints=for_release("2.4"))
    made = [event(change.object, "made.up", repository="acme/api") for change in turns_off]
    told.ledger.append([delivered(*made)])
    facts = told.load(release_keys=("2.4",), linked=False)
    assert (len(facts.changes), facts.left_out) == (MOST_WORK, 3)


def test_deployments_are_the_newest_first_of_the_asked_environments(told):
    for number in range(60):
        told.put(deployed(number, f"{number:040x}", NOON + number * HOUR))
    told.put(deployed("staging", "a" * 40, NOON, environment="staging"))
    facts = told.load(deployments_in=("acme/api",), environments=("production",))
    assert [deployment.object for deployment in facts.deployments] == [
        f"deployment:github/{n}" for n in range(59, 9, -1)
    ]
    assert facts.deploying == ("acme/api",)
    assert told.load(deployments_in=("acme/web",), environments=("production",)).deploying == ()


def test_a_deployment_that_names_a_service_counts_for_the_repository_of_the_service(told):
    change = told.put(merged_change(1, NOON))
    told.put(deployed("x", change.merge_sha, NOON + HOUR, repository=None, service="Checkout"))
    asked = {"environments": ("production",), "sample_sets": {"all": None}, "services": ("checkout",)}
    facts = told.load(**asked, repository_of={"checkout": "acme/api"})
    assert len(facts.deployments) == 1
    assert facts.deploying == ("checkout",)
    assert facts.merged["all"].deployed.tolist() == [(NOON + HOUR).timestamp()]
    hidden = told.load(**asked, repository_of={"checkout": "acme/api"}, repositories=frozenset({"acme/web"}))
    assert (hidden.deployments, hidden.deploying) == ((), ())


def test_what_merged_since_the_newest_deployment_is_undeployed(told):
    changes = [told.put(merged_change(number, NOON + number * HOUR)) for number in range(1, 5)]
    told.put(deployed("x", changes[1].merge_sha, NOON + 3 * HOUR))
    facts = told.load(undeployed_in=("acme/api",), environments=("production",))
    assert names(facts.changes) == ["acme/api#3", "acme/api#4"]


def test_what_one_of_two_environments_still_lacks_is_undeployed(told):
    changes = [told.put(merged_change(number, NOON + number * HOUR)) for number in range(1, 4)]
    told.put(deployed("eu", changes[2].merge_sha, NOON + 4 * HOUR, environment="eu"))
    told.put(deployed("us", changes[0].merge_sha, NOON + 5 * HOUR, environment="us"))
    facts = told.load(undeployed_in=("acme/api",), environments=("eu", "us"))
    assert names(facts.changes) == ["acme/api#2", "acme/api#3"]


def test_without_any_deployment_whatever_merged_recently_is_undeployed(told):
    told.put(merged_change(1, NOON))
    told.put(merged_change(2, NOON - 91 * DAY))
    assert names(told.load(undeployed_in=("acme/api",)).changes) == ["acme/api#1"]


def test_samples_are_the_newest_turns_as_columns(told):
    for number in range(6):
        began = NOON - number * DAY
        turns = [Turn(TurnKind.REVIEW_PENDING, began, began + HOUR), Turn(TurnKind.READY_TO_MERGE, began + HOUR, None)]
        repository = "acme/api" if number % 2 else "acme/web"
        told.put(merged_change(number, began + 2 * HOUR, repository), turns=turns)
    sets = {"workspace": None, "team": ("ACME/api", "acme/web"), "web": ("acme/web",)}
    facts = told.load(sample_sets=sets, sample_limit=4)
    for name in ("workspace", "team"):
        sample = facts.samples[name]["review_pending"]
        assert sample.began.tolist() == [(NOON - number * DAY).timestamp() for number in range(4)]
        assert (sample.ended - sample.began).tolist() == [3600.0] * 4
        assert (sample.cleared - sample.began).tolist() == [7200.0] * 4
    assert np.isnan(facts.samples["team"]["ready_to_merge"].ended).all()
    assert len(facts.samples["web"]["review_pending"].began) == 3
    assert "dependency" not in facts.samples["team"]


def test_samples_older_than_the_asked_days_are_left_out(told):
    for number, days in enumerate((10, 400)):
        told.put(change_of(number), turns=[Turn(TurnKind.OPEN, NOON - days * DAY, None)])
    assert len(told.load(sample_sets={"all": None}).samples["all"]["open"].began) == 1


def test_the_past_of_labelled_tickets_is_a_sample_of_its_own_in_each_set(told):
    for number, repository in enumerate(("acme/api", "acme/web", "acme/web")):
        began = NOON - number * DAY
        told.put(ticket_of(number, repository, labels=("Blocker",)), turns=[Turn(TurnKind.OPEN, began, None)])
    facts = told.load(blocker_labels=("blocker",), sample_sets={"all": None, "api": ("acme/api",)}, sample_limit=2)
    assert facts.samples["all"]["blocker_bug"].began.tolist() == [NOON.timestamp(), (NOON - DAY).timestamp()]
    assert facts.samples["api"]["blocker_bug"].began.tolist() == [NOON.timestamp()]


def test_merges_carry_when_they_reached_production(told):
    first, second, third = (told.put(merged_change(number, NOON + number * HOUR)) for number in (1, 2, 3))
    told.put(merged_change(4, NOON, base="release/2.4"))
    told.put(deployed("old", first.merge_sha, NOON + 2 * HOUR))
    told.put(deployed("failed", third.merge_sha, NOON + 3 * HOUR, state=DeploymentState.FAILED))
    told.put(deployed("new", second.merge_sha, NOON + 5 * HOUR))
    told.put(deployed("unknown", "f" * 40, NOON + 6 * HOUR))
    merges = told.load(now=NOON + DAY, sample_sets={"all": None}, environments=("production",)).merged["all"]
    reached = dict(zip(merges.merged.tolist(), merges.deployed.tolist(), strict=True))
    assert reached[first.merged_at.timestamp()] == (NOON + 2 * HOUR).timestamp()
    assert reached[second.merged_at.timestamp()] == (NOON + 5 * HOUR).timestamp()
    assert np.isnan(reached[third.merged_at.timestamp()])
    assert np.isnan(reached[NOON.timestamp()])


def test_a_deployed_commit_counts_by_when_it_landed_and_may_be_said_in_short(told):
    told.put(merged_change(1, NOON))
    told.put(Commit("commit:acme/api@" + "c" * 40, "acme/api", "c" * 40, "main", NOON + HOUR))
    told.put(deployed("short", "c" * 8, NOON + 2 * HOUR))
    merges = told.load(sample_sets={"all": None}).merged["all"]
    assert merges.deployed.tolist() == [(NOON + 2 * HOUR).timestamp()]


def test_deployments_come_with_where_their_commits_landed(told):
    told.put(Commit("commit:acme/api@" + "c" * 40, "acme/api", "c" * 40, "main", NOON))
    told.put(merged_change(1, NOON + HOUR))
    told.put(deployed("whole", "c" * 40, NOON))
    told.put(deployed("short", "c" * 7, NOON))
    told.put(deployed("merge", f"{1:040x}", NOON, repository=None, service="Checkout"))
    told.put(deployed("unseen", "e" * 40, NOON))
    facts = told.load(deployments_in=("ACME/api",), repository_of={"checkout": "acme/API"}, services=("checkout",))
    assert facts.landed == {
        ("acme/api", "c" * 40): {"main": NOON}, ("acme/api", "c" * 7): {"main": NOON},
        ("acme/api", f"{1:040x}"): {"main": NOON + HOUR},
    }  # fmt: skip


def test_a_short_sha_that_two_commits_begin_with_is_neither(told):
    for end, landed in (("1", NOON), ("2", None)):
        sha = "c" * 39 + end
        told.put(Commit(f"commit:acme/api@{sha}", "acme/api", sha, "main" if landed else None, landed))
    told.put(Commit("commit:acme/web@" + "d" * 40, "acme/web", "d" * 40, "main", NOON))
    for number, sha in enumerate(("c" * 12, "c" * 6, "d" * 8, "c" * 39 + "1")):
        told.put(deployed(number, sha, NOON))
    assert set(told.load(deployments_in=("acme/api",)).landed) == {("acme/api", "c" * 39 + "1")}


def test_each_repository_of_what_was_loaded_comes_with_when_it_was_last_heard(told):
    told.put(change_of(1), hints=for_release("2.4"))
    told.put(change_of(2, "acme/Web"), hints=for_release("2.4"), at=NOON - DAY)
    told.put(change_of(3, "acme/other"))
    said = event("change:acme/Web#2", "corrected.owner", at=NOON, repository="acme/Web", source="lastmile")
    told.ledger.record([said], NOON)
    assert told.load(release_keys=("2.4",)).last_heard == {"acme/api": NOON, "acme/web": NOON - DAY}


def test_recent_changes_are_counted_with_those_that_say_no_release(told):
    told.put(change_of(1), hints=for_release("2.4"))
    told.put(change_of(2))
    told.put(change_of(3, opened_at=NOON - 91 * DAY))
    facts = told.load(now=NOON)
    assert (facts.recent_changes, facts.recent_without_release) == (2, 1)


def test_accounts_that_acted_recently_are_given_without_bots(told):
    told.put(change_of(1), actor="github/bo")
    told.put(change_of(2), actor="github/renovate[bot]")
    told.put(change_of(3), actor="github/cho", at=NOON - 100 * DAY)
    assert told.load(now=NOON).accounts_seen == ("github/bo",)


def test_what_concerns_everybody_is_always_there_until_it_is_long_over(told):
    told.put(freeze_of("freeze:now", ends_at=NOON + DAY))
    told.put(freeze_of("freeze:old", begins_at=NOON - 200 * DAY, ends_at=NOON - 190 * DAY))
    told.put(train_of())
    facts = told.load()
    assert names(facts.freezes) == ["now"]
    assert len(facts.trains) == 1


def test_releases_come_by_product_or_all(told):
    told.put(release_of("2.4"))
    told.put(release_of("2.5"))
    told.put(release_of("1.0", "courier"))
    assert names(told.load(releases_of=("Checkout",)).releases) == ["checkout@2.4", "checkout@2.5"]
    assert len(told.load(all_releases=True).releases) == 3
    assert told.load().releases == ()


def test_what_a_viewer_saw_last_comes_back_to_that_viewer_only(told):
    told.ledger.remember_seen("person/anna", "2.4", NOON, {"blockers": ["a"]})
    assert told.load(seen_by="person/anna", seen_key="2.4").seen == (NOON, {"blockers": ["a"]})
    assert told.load(seen_by="person/bo", seen_key="2.4").seen is None
    assert told.load().seen is None


def test_freshness_is_the_newest_event_and_receipt_of_each_source(told):
    told.put(change_of(1), at=NOON)
    told.put(change_of(2), at=NOON - HOUR)
    told.ledger.record([event(at=NOON - DAY)], NOON)
    freshness = told.load().freshness
    assert freshness.newest_event == {"github": NOON, "lastmile": NOON - DAY}
    assert freshness.newest_receipt == {"github": NOON}
    assert told.load().events == 1


def test_a_release_goes_by_every_name_that_anything_gives_it(told):
    told.put(Milestone("milestone:acme/api#3", "acme/api", 3, "Release v2.4.0", None, False, None, NOON))
    told.put(change_of(1), hints=for_release("2.4", "label"))
    told.put(change_of(2, "acme/web"), hints=for_release("2.4", "label"))
    told.put(release_of("2.4"))
    told.put(release_of("2.4", "courier", ended="cancelled"))
    told.put(change_of(3), hints=for_release("3"))
    found = told.ledger.named("2.4")
    assert {(name.source, name.repository, name.product, name.open) for name in found} == {
        ("declared", None, "checkout", True), ("declared", None, "courier", False),
        ("milestone", "acme/api", None, False), ("label", "acme/api", None, None), ("label", "acme/web", None, None),
    }  # fmt: skip
    assert {name.key for name in told.ledger.named(None)} == {"2.4", "3"}
    assert {name.repository for name in told.ledger.named("2.4", frozenset({"ACME/web"}))} == {None, "acme/web"}
    assert told.ledger.named("2") == ()


def test_records_are_given_back_as_they_were_folded(told):
    change = told.put(change_of(1, labels=("a", "b"), opened_at=NOON + timedelta(microseconds=123)))
    assert told.ledger.get([change.object, "change:acme/api#404"]) == {change.object: change}
    assert isinstance(told.load(objects=(change.object,)).changes[0], Change)


def test_every_ticket_opened_since_a_moment_is_loaded_and_no_older_one_or_elsewhere(told):
    told.put(ticket_of(1, opened_at=NOON - 3 * DAY))
    told.put(ticket_of(2, opened_at=NOON - DAY))
    told.put(ticket_of(3, opened_at=NOON - DAY, open=False, closed_at=NOON))
    told.put(ticket_of(4, "acme/web", opened_at=NOON - DAY))
    wanted = {"tickets_in": ("ACME/api", "acme/web"), "tickets_since": NOON - 2 * DAY}
    assert names(told.load(**wanted).tickets) == ["acme/api#2", "acme/api#3", "acme/web#4"]
    assert names(told.load(repositories=frozenset({"acme/web"}), **wanted).tickets) == ["acme/web#4"]
    assert told.load(tickets_in=("acme/api",)).tickets == ()
