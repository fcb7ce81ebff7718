"""Are quiet days counted right from what sources send to what is told?"""

import json
from datetime import UTC, datetime, timedelta

import pytest

from assistant.acts import correct_link
from assistant.desk import Desk
from assistant.viewer import viewer_for
from demo.forge import Forge
from demo.pager import Page
from storage.ledger import open_ledger
from storage.records import Delivery
from storage.sources.judging import judge
from tests.builders import policy_of

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)  # a Tuesday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OUT = NOW - 4 * DAY
POLICY = """
[workspace]
zone = "UTC"
[people.anna]
github = ["anna"]
[products.shop]
repositories = ["acme/api"]
[teams.core]
members = ["anna"]
repositories = ["acme/api"]
channels = ["C1"]
[services.api]
repository = "acme/api"
incidents = ["Web shop"]
watched_by = ["pagerduty"]
"""


class Shop:
    """A repository that shipped 2.4 four days ago, and a pager; deliveries go in, answers come out."""

    def __init__(self, ledger, policy):
        self.ledger, self.policy = ledger, policy
        self.desk = Desk(ledger, policy, lambda: NOW)
        self.api, self.pages = Forge("acme/api"), []
        self.api.milestone(OUT - 9 * DAY, "2.4", None, "anna")
        pull = self.api.pull(
            OUT - 3 * HOUR, "anna", "Round totals", "anna/1", messages=["Round"], milestone="2.4", size=(3, 1, 1)
        )
        self.number, self.sha = pull.data["number"], pull.merge(OUT - 2 * HOUR, "anna")
        self.api.deploy(OUT - HOUR, OUT, self.sha, "anna")
        self.api.close_milestone(OUT + HOUR, "2.4", "anna")

    def page(self, number, at, hours, service="Web shop"):
        told = (("triggered", at), ("resolved", at + hours * HOUR))
        self.pages.append(Page(number, service, "Totals are wrong", "Anna Berg", told))

    def asked(self, about="", now=NOW):
        sent = [
            Delivery("github", f"api-{n}", {"X-GitHub-Event": kind}, json.dumps(body).encode(), at)
            for n, (at, kind, body) in enumerate(self.api.sent)
        ]
        for page in self.pages:
            for n, line in enumerate(page.deliveries(NOW)):
                at = datetime.fromisoformat(line["received_at"])
                body = json.dumps(line["payload"]).encode()
                sent.append(Delivery("pagerduty", f"page-{page.number}-{n}", line["headers"], body, at))
        self.ledger.append([judge(one) for one in sorted(sent, key=lambda one: one.received_at)])
        return self.desk.told("stabilization", about, self.viewer(), now)

    def viewer(self):
        return viewer_for(self.policy, "person/anna", "Anna", channel="C1")

    def row(self, about="", now=NOW):
        return self.asked(about, now).answer.settling[0].as_data()


@pytest.fixture
def shop(database_url):
    policy = policy_of(POLICY)
    with open_ledger(database_url, policy.fold_rules()) as ledger:
        yield Shop(ledger, policy)


def test_a_release_that_went_out_is_settling_for_whoever_asks_about_its_team_its_product_or_everything(shop):
    for about in ("", "team core", "service api", "shop 2.4", "everything"):
        row = shop.row(about)
        assert (row["release"], row["shipped_at"], row["quiet_days"], row["restarts"]) == (
            "shop 2.4", "2026-11-20T10:00:00Z", 4, [],
        )  # fmt: skip


def test_an_incident_of_its_service_starts_the_days_anew_and_a_person_takes_the_link_away(shop):
    shop.page(7, OUT + DAY, 2)
    (restart,) = shop.row()["restarts"]
    assert (restart["tier"], restart["hours_before"], restart["name"]) == ("same_service", 24.0, "Totals are wrong")
    assert shop.row()["quiet_days"] == 2
    wish = correct_link.Wish(restart["object"], restart["deployment"], linked=False, why="A customer's own mistake")
    said = shop.desk.act(correct_link.NAME, wish, shop.viewer(), NOW).text
    assert "is not linked to" in said
    assert (shop.row()["restarts"], shop.row()["quiet_days"]) == ([], 4)


def test_an_incident_of_another_service_starts_nothing_anew(shop):
    shop.page(8, OUT + DAY, 2, service="Warehouse")
    assert shop.row()["restarts"] == []


def test_a_revert_that_no_release_claims_starts_them_anew(shop):
    revert = self_revert(shop, OUT + 2 * DAY)
    (restart,) = shop.row()["restarts"]
    assert (restart["cause"], restart["name"]) == ("revert", f"acme/api#{revert}")


def self_revert(shop, at):
    """A change without a milestone that takes back what was shipped."""
    body = f"Reverts acme/api#{shop.number}"
    pull = shop.api.pull(at, "anna", 'Revert "Round totals"', "anna/2", messages=["Revert"], body=body)
    pull.merge(at + HOUR, "anna")
    return pull.data["number"]


def test_however_often_a_service_is_deployed_its_release_is_as_old_as_it_is(shop):
    for n in range(60):
        at = OUT + HOUR + n * HOUR
        shop.api.deploy(at, at, shop.api.push(at, "main", "anna", [f"More {n}"]), "anna")
    assert shop.row()["shipped_at"] == "2026-11-20T10:00:00Z"


def test_a_rollback_counts_until_it_is_out_again(shop):
    shop.api.deploy(OUT - DAY, OUT - DAY, shop.api.push(OUT - 2 * DAY, "main", "anna", ["Before"]), "anna")
    old = shop.api.sent[-2][2]["deployment"]["sha"]
    shop.api.deploy(OUT + DAY, OUT + DAY, old, "anna")
    shop.api.deploy(OUT + 2 * DAY, OUT + 2 * DAY, shop.sha, "anna")
    row = shop.row()
    assert [(one["cause"], one["tier"]) for one in row["restarts"]] == [("rollback", "explicit")]
    assert row["quiet_days"] == 2


def test_a_pager_that_is_silent_leaves_it_unknown(shop):
    later = NOW + 20 * DAY
    answer = shop.asked(now=later).answer
    assert [row.clock.state for row in answer.settling] == ["unknown"]
    assert {gap.key for gap in answer.unknown} >= {"not_watched"}


def test_the_next_look_says_what_changed(shop):
    told = shop.asked()
    assert [one.what for one in told.answer.news] == ["shipped"]
    told.seen()
    assert shop.asked().answer.news == ()
    shop.page(9, NOW - 2 * HOUR, 1)
    assert shop.asked().answer.news == ()  # later than 72 hours after it went out
    shop.page(10, OUT + 70 * HOUR, 1)
    assert [one.what for one in shop.asked().answer.news] == ["restarted"]
