"""Does the one path hold: a webhook's bytes in, an answer out, and nothing that the asker may not see?"""

import json
from datetime import UTC, datetime, timedelta

import pytest

from assistant.acts import accept_risk, correct_bot, correct_shipped, plan_release
from assistant.desk import Desk
from assistant.errors import UserError
from assistant.viewer import viewer_for
from demo.forge import Forge, stamp
from storage.ledger import open_ledger
from storage.records import Delivery
from storage.sources.judging import judge
from tests.builders import policy_of

NOW = datetime(2026, 11, 3, 10, tzinfo=UTC)  # a Tuesday
MONDAY = NOW - timedelta(days=1)
POLICY = """
[workspace]
zone = "UTC"
[people.anna]
github = ["anna"]
[people.bo]
github = ["bo"]
[products.shop]
repositories = ["acme/api", "acme/secret"]
[services.api]
repository = "acme/api"
[access.people]
bo = ["acme/api"]
"""


def learn(ledger, *forges):
    sent = [(at, n, kind, body) for f in forges for n, (at, kind, body) in enumerate(f.sent)]
    taken = [
        judge(Delivery("github", f"{body['repository']['full_name']}-{n}", {"X-GitHub-Event": kind}, json.dumps(body).encode(), at))
        for at, n, kind, body in sent
    ]  # fmt: skip
    return ledger.append(taken)


def waiting(name, reviewer="bo"):
    """A repository with one change for 2.4 that waits for a review."""
    forge = Forge(name)
    forge.milestone(MONDAY, "2.4", NOW + timedelta(days=10), "anna")
    pull = forge.pull(MONDAY, "anna", f"Sign in to {name}", "anna/sso", messages=["SSO"], milestone="2.4")
    pull.ask(MONDAY + timedelta(hours=1), "anna", reviewer)
    return forge, pull


@pytest.fixture
def policy():
    return policy_of(POLICY)


@pytest.fixture
def ledger(sqlite_url, policy):
    with open_ledger(sqlite_url, policy.fold_rules()) as opened:
        yield opened


@pytest.fixture
def desk(ledger, policy):
    return Desk(ledger, policy, lambda: NOW)


def whoever(policy, key="anna"):
    return viewer_for(policy, f"person/{key}", key.title())


def test_a_webhook_becomes_an_answer_with_whose_move_it_is(desk, ledger, policy):
    forge, pull = waiting("acme/api")
    learn(ledger, forge)
    data = desk.ask("what's blocking release 2.4", whoever(policy), NOW).answer.as_data()
    (blocker,) = data["blockers"]
    assert (blocker["kind"], blocker["subject"], blocker["owner"]) == (
        "review_pending",
        f"acme/api#{pull.number}",
        "bo",
    )
    assert blocker["waiting_since"] == stamp(MONDAY)
    assert blocker["waiting_business_hours"] == 8.0


def test_nothing_known_is_never_on_track(desk, policy):
    reply = desk.ask("what's blocking release 2.4", whoever(policy), NOW)
    assert reply.answer is None
    assert 'I know nothing called "2.4"' in reply.message.text


def test_what_a_person_may_not_see_is_in_no_part_of_their_answer(desk, ledger, policy):
    learn(ledger, waiting("acme/api")[0], waiting("acme/secret")[0])
    everything, some = (desk.ask("blocking 2.4", whoever(policy, key), NOW) for key in ("anna", "bo"))
    assert "acme/secret" in json.dumps(everything.answer.as_data())
    assert "acme/secret" not in json.dumps([some.answer.as_data(), some.message.blocks, some.message.text])


def test_asking_as_of_a_moment_uses_only_what_was_known_then(desk, ledger, policy):
    forge, pull = waiting("acme/api")
    pull.review(NOW - timedelta(hours=1), "bo", "approved")
    learn(ledger, forge)
    kinds = [
        [b["kind"] for b in desk.ask("blocking 2.4", whoever(policy), at).answer.as_data()["blockers"]]
        for at in (NOW - timedelta(hours=2), NOW)
    ]
    assert kinds == [["review_pending"], ["ready_to_merge"]]


def test_what_was_seen_is_remembered_and_compared(desk, ledger, policy):
    forge, pull = waiting("acme/api")
    learn(ledger, forge)
    first = desk.ask("blocking 2.4", whoever(policy), NOW)
    first.seen()
    pull.review(NOW, "bo", "approved")
    learn(ledger, forge)
    later = desk.ask("blocking 2.4", whoever(policy), NOW + timedelta(minutes=5)).answer.as_data()
    assert first.answer.as_data()["changed_since"] is None
    assert [(c["what"], c["before"], c["after"]) for c in later["changed_since"]["changes"]][-1] == (
        "changed", "review_pending", "ready_to_merge",
    )  # fmt: skip


def test_a_correction_holds_for_every_later_answer(desk, ledger, policy):
    forge, pull = waiting("acme/api")
    learn(ledger, forge)
    wish = correct_shipped.Wish(f"acme/api#{pull.number}", "It went out with the hotfix", at=MONDAY)
    done = desk.act(correct_shipped.NAME, wish, whoever(policy), NOW)
    assert [event.kind for event in done.events] == ["corrected.shipped"]
    assert desk.ask("blocking 2.4", whoever(policy), NOW).answer.as_data()["blockers"] == []


def test_a_reviewer_who_is_a_bot_after_all_owns_nothing(desk, ledger, policy):
    learn(ledger, waiting("acme/api", "reviews-by-ai")[0])
    assert desk.ask("blocking 2.4", whoever(policy), NOW).answer.as_data()["blockers"][0]["owner"] == "reviews-by-ai"
    desk.act(
        correct_bot.NAME, correct_bot.Wish("reviews-by-ai", is_bot=True, why="An AI reviewer"), whoever(policy), NOW
    )
    (blocker,) = desk.ask("blocking 2.4", whoever(policy), NOW).answer.as_data()["blockers"]
    assert blocker["owner"] is None


def test_a_refusal_says_who_may_and_stores_nothing(desk, ledger, policy):
    forge, pull = waiting("acme/api")
    learn(ledger, forge)
    planned = plan_release.Wish("shop", "2.4", target=NOW + timedelta(days=3), why="Promised")
    desk.act(plan_release.NAME, planned, whoever(policy), NOW)
    wish = accept_risk.Wish("release:shop@2.4", f"acme/api#{pull.number}", "Fine by me")
    with pytest.raises(UserError, match="anna"):
        desk.act(accept_risk.NAME, wish, whoever(policy, "bo"), NOW)
    assert desk.ask("blocking 2.4", whoever(policy), NOW).answer.as_data()["accepted_risks"] == []


def test_releases_lists_what_is_open_with_verdicts(desk, ledger, policy):
    learn(ledger, waiting("acme/api")[0])
    data = desk.ask("releases", whoever(policy), NOW).answer.as_data()
    assert [(row["release"], row["blockers"]) for row in data["releases"]] == [("shop 2.4", 1)]


def test_words_that_ask_nothing_are_answered_with_what_can_be_asked(desk, policy):
    reply = desk.ask("make me a sandwich", whoever(policy), NOW)
    assert reply.answer is None
    assert "which releases are open" in reply.message.text


def test_help_shows_every_question_and_status_says_that_nothing_came(desk, policy):
    assert "is checkout 2.4 on track" in desk.help(whoever(policy), NOW).message.text
    assert "Nothing was ever received" in desk.status(whoever(policy), NOW).message.text


@pytest.mark.parametrize("words", ["service acme/web", "web"])
def test_a_repository_of_no_configured_service_is_a_service_by_itself(desk, ledger, policy, words):
    learn(ledger, waiting("acme/web")[0])
    data = desk.blocking(words, whoever(policy), NOW).answer.as_data()
    assert (data["subject"]["kind"], data["subject"]["name"], len(data["blockers"])) == ("service", "acme/web", 1)
