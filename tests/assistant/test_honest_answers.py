"""Is good news given only where what was heard bears it out? From deliveries to the answer."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from assistant.acts import accept_risk, correct_link, correct_shipped, declare_external, plan_release
from assistant.desk import Desk
from assistant.viewer import viewer_for
from demo.forge import Forge
from storage.ledger import open_ledger
from storage.records import Delivery
from storage.sources.judging import judge
from tests.builders import policy_of

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)  # a Friday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BEGAN, TARGET = NOW - 4 * DAY, NOW + 20 * DAY
POLICY = """
[workspace]
zone = "UTC"
[people.anna]
github = ["anna"]
[people.bo]
github = ["bo"]
[people.cho]
github = ["cho"]
[products.shop]
repositories = ["acme/api", "acme/web"]
[teams.core]
members = ["anna"]
repositories = ["acme/api", "acme/web"]
[services.api]
repository = "acme/api"
[services.web]
repository = "acme/web"
[access.people]
bo = ["acme/api"]
"""
RELEASE = "release:shop@2.4"


class Company:
    """Two repositories and a desk: deliveries go in, answers come out."""

    def __init__(self, ledger, policy):
        self.ledger, self.policy = ledger, policy
        self.desk = Desk(ledger, policy, lambda: NOW)
        self.api, self.web = Forge("acme/api"), Forge("acme/web")
        for forge in (self.api, self.web):
            forge.milestones = {"2.4": {"number": 1, "title": "2.4", "state": "open", "due_on": None}}

    def opened(self, forge, at=BEGAN, **more):
        n = len(forge.sent)
        return forge.pull(at, "anna", f"Change {n}", f"anna/{n}", messages=[f"Work {n}"], milestone="2.4", **more)

    def merged(self, forge, at=BEGAN + HOUR):
        return self.opened(forge).merge(at, "anna")

    def shipped(self, forge, at=BEGAN + 2 * HOUR):
        sha = self.merged(forge)
        forge.deploy(at, at + HOUR, sha, "anna")
        return sha

    def bug(self, at, who="bo"):
        return self.api.issue(at, "cho", "Totals are wrong", ("release-blocker",), "2.4", who)

    def viewer(self, who):
        return viewer_for(self.policy, f"person/{who}", who.title())

    def act(self, act, wish, who="anna", at=NOW):
        return self.desk.act(act.NAME, wish, self.viewer(who), at)

    def plan(self, target=TARGET):
        self.act(plan_release, plan_release.Wish("shop", "2.4", target=target, why="Promised"), at=BEGAN)

    def ask(self, about="release shop 2.4", who="anna"):
        sent = [(at, forge, n, *rest) for forge in (self.api, self.web) for n, (at, *rest) in enumerate(forge.sent)]
        self.ledger.append([
            judge(Delivery("github", f"{forge.name}-{n}", {"X-GitHub-Event": kind}, json.dumps(body).encode(), at))
            for at, forge, n, kind, body in sorted(sent, key=lambda one: one[0])
        ])  # fmt: skip
        reply = self.desk.blocking(about, self.viewer(who), NOW)
        return reply.answer.as_data() | {"text": reply.message.text}


@pytest.fixture
def company(sqlite_url):
    policy = policy_of(POLICY)
    with open_ledger(sqlite_url, policy.fold_rules()) as ledger:
        yield Company(ledger, policy)


def gap(data, key):
    return next(gap for gap in data["unknown"] if gap["key"] == key)


def withheld(data, key):
    """Whether the verdict is unknown because of this gap, which says so and what to do, and no date is given."""
    decisive = gap(data, key)
    return (
        (data["verdict"], data["because"], data["earliest"]) == ("unknown", decisive["says"], None)
        and decisive["decides"]
        and bool(decisive["next_step"])
    )


def kinds(data):
    return [blocker["kind"] for blocker in data["blockers"]]


# What shipped


def test_everything_in_production_has_shipped(company):
    company.shipped(company.api)
    company.plan()
    data = company.ask()
    assert (data["verdict"], data["because"]) == ("on_track", "It shipped on 2026-11-16, by its deployments.")
    assert data["conflicts"] == []


def test_a_blocker_bug_that_was_open_before_it_was_deployed_keeps_it_from_having_shipped(company):
    company.bug(BEGAN)
    company.shipped(company.api)
    company.plan()
    data = company.ask()
    assert data["shipped_at"] is None
    assert data["verdict"] == "unknown"
    assert kinds(data) == ["blocker_bug"]


def test_a_blocker_bug_found_after_it_shipped_is_named_and_does_not_unship_it(company):
    company.shipped(company.api)
    bug = company.bug(NOW - DAY)
    data = company.ask()
    assert data["shipped_at"]
    assert data["conflicts"] == [f"1 thing of it is still open: acme/api#{bug.number}."]


def test_an_outside_wait_keeps_it_from_having_shipped_however_it_went_out(company):
    company.shipped(company.api)
    company.merged(company.web)
    company.web.publish(BEGAN + DAY, "v2.4", "anna")
    company.plan()
    company.act(declare_external, declare_external.Wish(RELEASE, "Store review"))
    data = company.ask()
    assert data["shipped_at"] is None
    assert kinds(data) == ["external"]


def test_a_published_release_has_not_shipped_while_its_outside_wait_lasts(company):
    company.merged(company.api)
    company.api.publish(BEGAN + DAY, "v2.4", "anna")
    assert company.ask()["shipped_at"]
    company.act(declare_external, declare_external.Wish(RELEASE, "Store review"))
    assert kinds(company.ask()) == ["external"]


def test_what_a_person_says_shipped_names_everything_that_is_left_out(company):
    bug, open_one = company.bug(BEGAN), company.opened(company.api)
    company.plan()
    company.act(declare_external, declare_external.Wish(RELEASE, "Store review"))
    company.ask()
    company.act(correct_shipped, correct_shipped.Wish(RELEASE, "It is out", at=NOW - HOUR))
    data = company.ask()
    assert data["because"] == "It shipped on 2026-11-20, as somebody said."
    (said,) = data["conflicts"]
    assert said.startswith("3 things of it are still open: ")
    assert all(name in said for name in (f"acme/api#{bug.number}", f"acme/api#{open_one.number}", "Store review"))


def test_what_was_let_through_is_told_after_it_shipped_too(company):
    company.shipped(company.api)
    left = company.opened(company.api)
    company.plan()
    company.ask()
    company.act(accept_risk, accept_risk.Wish(RELEASE, f"acme/api#{left.number}", "Not needed"))
    data = company.ask()
    assert data["shipped_at"]
    assert [risk["subject"] for risk in data["accepted_risks"]] == [f"acme/api#{left.number}"]


# Shipped by half of its repositories


def test_a_repository_that_never_told_of_a_deployment_leaves_it_unsettled_whether_it_shipped(company):
    company.shipped(company.api)
    company.merged(company.web)
    data = company.ask()
    assert data["shipped_at"] is None
    assert withheld(data, "no_deployment_source")
    assert "acme/web" in data["because"]
    assert "acme/api" not in data["because"]


def test_its_published_release_says_what_the_deployments_of_a_repository_do_not(company):
    company.shipped(company.api)
    company.merged(company.web)
    company.web.publish(BEGAN + DAY, "v2.4", "anna")
    data = company.ask()
    assert data["because"] == "It shipped on 2026-11-17, by its deployments and its published release."


def test_a_release_published_in_one_of_its_repositories_says_nothing_of_the_other(company):
    company.merged(company.api)
    company.merged(company.web)
    company.api.publish(BEGAN + DAY, "v2.4", "anna")
    assert withheld(company.ask(), "no_deployment_source")


# Ready


@pytest.mark.parametrize("about", ["service web", "team core"])
def test_what_was_never_heard_from_is_not_ready(company, about):
    company.shipped(company.api)
    data = company.ask(about)
    assert withheld(data, "never_heard")
    assert data["because"].startswith("Never heard from acme/web")
    assert "acme/web" in gap(data, "never_heard")["next_step"]


def test_bad_news_is_told_although_something_was_never_heard_from(company):
    company.opened(company.api)
    data = company.ask("team core")
    assert data["verdict"] == "not_ready"
    assert not gap(data, "never_heard")["decides"]


def test_a_service_is_ready_once_all_that_merged_is_in_production(company):
    company.shipped(company.api)
    assert company.ask("service api")["verdict"] == "ready"


def test_a_change_that_was_closed_unmerged_is_not_ready_and_says_so(company):
    pull = company.opened(company.api)
    pull.abandon(BEGAN + HOUR, "anna")
    data = company.ask(f"acme/api#{pull.number}")
    assert (data["verdict"], data["because"]) == ("not_ready", "It was closed unmerged.")
    assert data["earliest"] is None
    assert "Nothing blocks it" not in data["text"]


def test_of_a_merged_change_that_no_deployment_tells_of_it_is_unknown_whether_it_is_out(company):
    pull = company.opened(company.api)
    pull.merge(BEGAN + HOUR, "anna")
    data = company.ask(f"acme/api#{pull.number}")
    assert withheld(data, "no_deployment_source")
    assert data["because"] == ("It is not known what of acme/api is in production: nobody told of a deployment of it.")


def test_a_source_gone_quiet_gives_no_date(company):
    company.merged(company.api, BEGAN)
    company.desk = Desk(company.ledger, company.policy, lambda: NOW + 30 * DAY)
    company.ask()
    data = company.desk.blocking("release shop 2.4", company.viewer("anna"), NOW + 30 * DAY).answer.as_data()
    assert withheld(data, "stale_source")


# Dates without an end


def past_reviews(forge, lasting):
    """Reviews that were over within the hour, and twenty that still last."""
    for n in range(10):
        pull = forge.pull(BEGAN - n * HOUR, "anna", f"Old {n}", f"anna/old{n}", messages=["Old"])
        pull.ask(BEGAN - n * HOUR, "anna", "bo")
        pull.review(BEGAN - n * HOUR + timedelta(minutes=9), "bo", "approved")
        pull.merge(BEGAN - n * HOUR + timedelta(minutes=10), "anna")
    for n in range(lasting):
        forge.pull(BEGAN - 20 * DAY, "anna", f"Lasting {n}", f"anna/lasting{n}", messages=["Wait"])


def test_a_date_that_no_past_case_shows_is_unknown_and_not_late(company):
    past_reviews(company.api, 30)
    company.opened(company.api).ask(BEGAN, "anna", "bo")
    company.plan()
    data = company.ask()
    assert (data["verdict"], data["earliest"]) == ("unknown", None)
    assert gap(data, "open_ended")["decides"]


def test_what_is_known_alone_may_be_late_already(company):
    past_reviews(company.api, 30)
    company.opened(company.api).ask(BEGAN, "anna", "bo")
    company.plan(NOW + DAY)
    assert company.ask()["verdict"] == "unknown"
    late = declare_external.Wish(RELEASE, "Store review", ends_at=NOW + 9 * DAY)
    company.act(declare_external, late)
    data = company.ask()
    assert (data["verdict"], data["because"]) == ("late", "What is known alone takes until after the target.")


def test_a_target_that_has_passed_is_missed_whatever_is_unknown(company):
    past_reviews(company.api, 30)
    company.opened(company.api).ask(BEGAN, "anna", "bo")
    company.plan(NOW - DAY)
    assert company.ask()["verdict"] == "late"


# Hidden parts


def test_a_part_that_may_not_be_shown_withholds_the_good_news_from_who_may_not_see_it(company):
    company.shipped(company.api)
    company.shipped(company.web)
    company.plan()
    assert company.ask()["shipped_at"]
    data = company.ask(who="bo")
    assert withheld(data, "hidden")
    assert data["shipped_at"] is None
    assert "acme/web" not in json.dumps(data)


def test_bad_news_is_told_to_who_may_not_see_all(company):
    company.opened(company.api)
    assert company.ask(who="bo")["verdict"] == "not_ready"


def test_a_hidden_dependency_withholds_the_good_news(company):
    pull = company.opened(company.api)
    other = company.opened(company.web)
    company.plan()
    company.ask()
    company.act(
        correct_link,
        correct_link.Wish(f"acme/api#{pull.number}", f"acme/web#{other.number}", linked=True, why="It needs it"),
    )
    company.act(accept_risk, accept_risk.Wish(RELEASE, f"acme/api#{pull.number}", "Goes on without"))
    company.act(accept_risk, accept_risk.Wish(RELEASE, f"acme/web#{other.number}", "Goes on without"))
    assert company.ask(who="anna")["verdict"] == "on_track"
    assert withheld(company.ask(who="bo"), "hidden")


# One gap for one length


def test_how_long_it_takes_from_merge_to_production_is_told_once(company):
    company.shipped(company.api)
    company.merged(company.api, NOW - HOUR)
    company.opened(company.api).review(NOW - HOUR, "bo", "approved")
    told = [gap["says"] for gap in company.ask()["unknown"] if gap["key"] == "remaining_time"]
    assert len([says for says in told if "from merge to production" in says]) == 1
