"""Is it told where code is, who wrote it and who was heard of, from deliveries to the answer?"""

import json
from datetime import UTC, datetime, timedelta

import pytest

from assistant.acts import correct_owner, plan_release
from assistant.desk import Desk
from assistant.viewer import viewer_for
from demo.forge import Forge
from storage.ledger import open_ledger
from storage.records import Delivery
from storage.sources import deployed, marks
from storage.sources.judging import judge
from tests.builders import policy_of

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)  # a Tuesday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
THURSDAY, FRIDAY, MONDAY = NOW - 5 * DAY, NOW - 4 * DAY, NOW - DAY
NOWHERE = "0" * 40
POLICY = """
[workspace]
zone = "UTC"
[people.anna]
github = ["anna"]
[products.shop]
repositories = ["acme/api", "acme/web"]
[services.api]
repository = "acme/api"
[services.web]
repository = "acme/web"
"""


class Company:
    """Two repositories and a desk: deliveries go in, answers come out."""

    def __init__(self, ledger, policy):
        self.ledger, self.policy = ledger, policy
        self.desk = Desk(ledger, policy, lambda: NOW)
        self.api, self.web = Forge("acme/api"), Forge("acme/web")
        self.told = []
        for forge in (self.api, self.web):
            forge.milestones = {"2.4": {"number": 1, "title": "2.4", "state": "open", "due_on": None}}

    def opened(self, at, forge=None, **more):
        forge = forge or self.api
        n = len(forge.sent)
        return forge.pull(at, "anna", f"Change {n}", f"anna/{n}", messages=[f"Work {n}"], milestone="2.4", **more)

    def merged(self, at, forge=None):
        return self.opened(at - HOUR, forge).merge(at, "anna")

    def pipeline(self, at, sha, service="api"):
        self.told.append(deployed.delivery({"service": service, "sha": sha, "environment": "production"}, at))

    def branch(self, at, verb, name="release/2.4"):
        self.api.send(verb, at, "anna", {"ref": name, "ref_type": "branch", "master_branch": "main"})

    def moved(self, at, before, commits, name="release/2.4"):
        listed = [{"id": sha, "message": "Work", "timestamp": None, "author": {}, "distinct": False} for sha in commits]
        self.api.send("push", at, "anna", {
            "ref": f"refs/heads/{name}", "before": before, "after": (commits or [self.api.heads["main"]])[-1],
            "created": before == NOWHERE, "deleted": False, "forced": False, "commits": listed,
        })  # fmt: skip

    def learn(self):
        sent = [
            Delivery("github", f"{forge.name}-{n}", {"X-GitHub-Event": kind}, json.dumps(body).encode(), at)
            for forge in (self.api, self.web)
            for n, (at, kind, body) in enumerate(forge.sent)
        ]
        self.ledger.append([judge(one) for one in sorted([*sent, *self.told], key=lambda one: one.received_at)])

    def viewer(self):
        return viewer_for(self.policy, "person/anna", "Anna")

    def ask(self, about="release shop 2.4"):
        self.learn()
        return self.desk.blocking(about, self.viewer(), NOW).answer.as_data()

    def change(self, pull):
        self.learn()
        name = f"change:{pull.forge.name}#{pull.number}"
        return self.ledger.get([name])[name]


@pytest.fixture
def company(sqlite_url):
    policy = policy_of(POLICY)
    with open_ledger(sqlite_url, policy.fold_rules()) as ledger:
        yield Company(ledger, policy)


def kinds(data):
    return [blocker["kind"] for blocker in data["blockers"]]


def deciding(data):
    """The gaps that decide, by key, but for the past that no made-up company has enough of."""
    found = {gap["key"]: gap for gap in data["unknown"] if gap["decides"] and gap["key"] != "remaining_time"}
    assert (data["verdict"] == "unknown") == bool(found)
    return found


# On the release's branch


@pytest.mark.parametrize("cut", ["create", "push"])
def test_what_was_merged_after_the_cut_is_not_on_the_releases_branch(company, cut):
    company.branch(FRIDAY, cut) if cut == "create" else company.moved(FRIDAY, NOWHERE, [])
    company.merged(MONDAY)
    data = company.ask()
    assert kinds(data) == ["not_in_branch"]
    assert data["blockers"][0]["owner"] == "anna"
    assert data["blockers"][0]["detail"] == "merged to main, not on release/2.4"


def test_what_was_merged_before_the_cut_is_on_the_releases_branch(company):
    company.merged(THURSDAY)
    company.branch(FRIDAY, "create")
    data = company.ask()
    assert (kinds(data), data["verdict"]) == ([], "ready")


def test_a_branch_that_was_made_anew_holds_what_was_merged_by_then(company):
    company.branch(THURSDAY, "create")
    company.merged(FRIDAY)
    company.branch(FRIDAY + HOUR, "delete")
    company.branch(MONDAY, "create")
    assert kinds(company.ask()) == []


def test_a_merge_commit_that_was_pushed_on_to_the_branch_is_on_it(company):
    company.moved(FRIDAY, NOWHERE, [])
    sha = company.merged(MONDAY)
    company.moved(MONDAY + HOUR, "b" * 40, [sha])
    assert kinds(company.ask()) == []


def test_where_nobody_saw_the_branch_begin_good_news_is_withheld(company):
    company.moved(FRIDAY, "b" * 40, ["c" * 40])
    company.merged(MONDAY)
    data = company.ask()
    assert set(deciding(data)) == {"branch_unsettled"}
    assert data["because"] == "Whether 1 merged change reached the release's branch: nobody saw it begin."


def test_where_nobody_saw_the_branch_begin_bad_news_stands(company):
    company.moved(FRIDAY, "b" * 40, ["c" * 40])
    company.merged(MONDAY)
    company.opened(MONDAY)
    data = company.ask()
    assert data["verdict"] == "not_ready"
    assert deciding(data) == {}


# In production


def test_a_rollback_to_a_commit_that_nobody_saw_leaves_it_unknown_whether_it_is_still_there(company):
    sha = company.merged(MONDAY)
    company.api.deploy(MONDAY + HOUR, MONDAY + HOUR, sha, "anna")
    company.api.deploy(MONDAY + 2 * HOUR, MONDAY + 2 * HOUR, "e" * 40, "anna")
    data = company.ask()
    gap = deciding(data)["commit_unseen"]
    assert gap["says"] == (
        "Whether 1 merged change is still in production: since 2026-11-23 12:00 UTC api runs eeeeeeeeeeee, which was "
        "never seen to land."
    )
    assert "backfill" in gap["next_step"]
    shipped_at = "2026-11-23T11:00:00Z"  # that it was there nothing undoes that nobody knows of
    assert (data["because"], data["shipped_at"], data["blockers"]) == (gap["says"], shipped_at, [])


def test_a_service_that_runs_a_commit_nobody_saw_is_not_ready_but_unknown(company):
    company.merged(MONDAY)
    company.pipeline(MONDAY + HOUR, "e" * 40)
    assert set(deciding(company.ask("service api"))) == {"commit_unseen"}


def test_a_commit_is_settled_once_its_push_is_told(company):
    old = company.api.push(THURSDAY, "main", "anna", ["Older"])
    later = company.api.sent.pop()
    sha = company.merged(MONDAY)
    company.api.deploy(MONDAY + HOUR, MONDAY + HOUR, sha, "anna")
    company.api.deploy(MONDAY + 2 * HOUR, MONDAY + 2 * HOUR, old, "anna")
    assert set(deciding(company.ask())) == {"commit_unseen"}
    company.api.sent.append(later)
    data = company.ask()
    assert (kinds(data), deciding(data)) == (["awaiting_deploy"], {})


def test_what_was_deployed_before_the_merge_does_not_hold_it_whatever_it_is(company):
    company.pipeline(FRIDAY, "e" * 40)
    company.merged(MONDAY)
    assert kinds(company.ask()) == ["awaiting_deploy"]


def test_the_deployed_merge_of_another_change_needs_no_push_to_be_known(company):
    company.merged(FRIDAY)
    sha = company.merged(MONDAY)
    company.api.sent = [one for one in company.api.sent if one[1] != "push"]
    company.pipeline(MONDAY + HOUR, sha)
    assert company.ask()["because"] == "It shipped on 2026-11-23, by its deployments."


def test_the_beginning_of_a_sha_is_enough_where_one_commit_begins_so(company):
    old = company.api.push(THURSDAY, "main", "anna", ["Older"])
    sha = company.merged(MONDAY)
    company.pipeline(MONDAY + HOUR, sha[:7])
    assert company.ask()["shipped_at"] == "2026-11-23T11:00:00Z"
    company.pipeline(MONDAY + 2 * HOUR, old[:7])
    assert kinds(company.ask()) == ["awaiting_deploy"]


@pytest.mark.parametrize("characters", [7, 12])
def test_the_beginning_of_two_shas_names_neither(company, characters):
    sha = company.merged(MONDAY)
    company.moved(MONDAY, "b" * 40, [sha[:-1] + ("0" if sha[-1] != "0" else "1")], name="main")
    company.pipeline(MONDAY + HOUR, sha[:characters])
    assert set(deciding(company.ask())) == {"commit_unseen"}


# Heard of


def silent(company, days):
    """A change of web that waits since so many days, while api goes on."""
    pull = company.opened(NOW - days * DAY, company.web)
    company.opened(MONDAY)
    return pull


def test_a_repository_that_fell_silent_alone_is_named(company):
    silent(company, 10)
    gap = deciding(company.ask())["stale_repository"]
    assert gap["says"].startswith("Last heard too long ago to go by: acme/web (10 days ago);")
    assert gap["next_step"]


def test_a_repository_may_be_quiet_over_long_holidays(company):
    silent(company, 7)
    assert deciding(company.ask()) == {}


def test_a_repository_of_which_nothing_is_expected_may_be_silent(company):
    silent(company, 10).abandon(NOW - 9 * DAY, "anna")
    assert deciding(company.ask()) == {}


@pytest.mark.parametrize(("name", "gaps"), [("acme/web", set()), ("acme/api", {"stale_repository"})])
def test_a_reconciled_repository_vouches_for_itself_alone(company, name, gaps):
    silent(company, 10)
    company.ledger.record([marks.reconciled(name, FRIDAY, MONDAY, MONDAY)], MONDAY)
    assert set(deciding(company.ask())) == gaps


def test_a_reconciled_repository_vouches_for_no_other_of_a_silent_source(company):
    company.opened(NOW - 10 * DAY, company.web)
    company.opened(NOW - 10 * DAY)
    company.ledger.record([marks.reconciled("acme/api", FRIDAY, MONDAY, MONDAY)], MONDAY)
    assert set(deciding(company.ask())) == {"stale_source"}
    company.ledger.record([marks.reconciled("acme/web", FRIDAY, MONDAY, MONDAY)], MONDAY)
    assert deciding(company.ask()) == {}


def test_what_people_said_here_is_no_word_of_the_repository(company):
    pull = silent(company, 10)
    company.learn()
    company.desk.act(plan_release.NAME, plan_release.Wish("shop", "2.4", why="Promised"), company.viewer(), MONDAY)
    wish = correct_owner.Wish(f"acme/web#{pull.number}", "person/anna", "She has it")
    company.desk.act(correct_owner.NAME, wish, company.viewer(), MONDAY)
    assert set(deciding(company.ask())) == {"stale_repository"}


# Written by


def test_somebody_who_pushed_to_the_branch_is_an_author_and_gives_no_first_response(company):
    pull = company.opened(MONDAY)
    pull.update(MONDAY + HOUR, "cho", ["Mend it"])
    pull.comment(MONDAY + 2 * HOUR, "cho", "Done")
    assert company.change(pull).first_response_at is None
    pull.comment(MONDAY + 3 * HOUR, "bo", "Looks good")
    assert company.change(pull).first_response_at == MONDAY + 3 * HOUR


def test_who_pushed_before_it_was_opened_is_an_author_as_well(company):
    company.api.push(FRIDAY, "anna/1", "cho", ["Begin"])
    pull = company.opened(MONDAY)
    assert pull.data["head"]["ref"] == "anna/1"
    pull.review(MONDAY + HOUR, "cho", "commented")
    assert company.change(pull).first_response_at is None


def test_who_answers_first_and_helps_afterwards_gave_the_first_response(company):
    pull = company.opened(MONDAY)
    pull.comment(MONDAY + HOUR, "cho", "Let me")
    pull.update(MONDAY + 2 * HOUR, "cho", ["Mend it"])
    assert company.change(pull).first_response_at == MONDAY + HOUR


def test_who_only_brought_the_branch_up_to_date_is_no_author(company):
    pull = company.opened(MONDAY)
    pull.update(MONDAY + HOUR, "cho", ["Merge branch 'main' into anna/0"])
    pull.comment(MONDAY + 2 * HOUR, "cho", "Now look")
    assert company.change(pull).first_response_at == MONDAY + 2 * HOUR


def test_an_approval_of_a_draft_by_one_who_wrote_to_it_is_no_response(company):
    pull = company.opened(MONDAY, draft=True)
    pull.update(MONDAY + HOUR, "cho", ["Mend it"])
    pull.review(MONDAY + 2 * HOUR, "cho", "approved")
    pull.ready(MONDAY + 3 * HOUR, "anna")
    assert company.change(pull).first_response_at is None


@pytest.mark.parametrize("hours", [1, 3])
def test_checks_count_on_a_head_that_only_the_push_told_of(company, hours):
    pull = company.opened(MONDAY)
    sha = company.api.push(MONDAY + 2 * HOUR, pull.data["head"]["ref"], "anna", ["More"])
    pull.data["head"] = {**pull.data["head"], "sha": sha}
    company.api.check(MONDAY + hours * HOUR, MONDAY + hours * HOUR, pull, "test", "failure")
    assert kinds(company.ask()) == ["checks_failing"]
