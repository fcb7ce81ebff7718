"""Does the one path hold: a webhook's bytes in, an answer out, and nothing that the asker may not see?"""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from assistant.acts import accept_risk, correct_bot, correct_shipped, plan_release
from assistant.desk import Desk, Reply, Told
from assistant.errors import UserError
from assistant.subject import Candidates, SubjectKind
from assistant.viewer import viewer_for
from demo.forge import Forge, stamp
from storage.ledger import open_ledger
from storage.records import Delivery, Event
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
[teams.core]
name = "Core"
repositories = ["acme/api"]
channels = ["C1"]
[teams.vault]
repositories = ["acme/secret"]
channels = ["C2", "C3"]
[teams.safe]
repositories = ["acme/secret"]
channels = ["C3"]
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


def test_what_waits_for_a_function_that_nobody_has_is_answered_with_those_there_are(desk, policy):
    reply = desk.ask("what is waiting for marketing", whoever(policy), NOW)
    assert reply.answer is None
    assert '"marketing" is no function, and I know nothing else called so.' in reply.message.text
    assert "The functions are Engineering, Product, QA, Design, Customer success, SRE." in reply.message.text
    blocked = desk.ask("what's blocking marketing", whoever(policy), NOW)
    assert "functions" not in blocked.message.text


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


# Questions about a scope


def in_channel(policy, channel, key="anna"):
    return replace(whoever(policy, key), key=f"channel/{channel}", channel=channel)


def told(desk, policy, about="", key="anna", **more):
    found = desk.told(more.pop("question", "bottleneck"), about, more.pop("viewer", whoever(policy, key)), NOW, **more)
    assert isinstance(found, Told)
    return found


@pytest.mark.parametrize(
    ("words", "kind", "name"),
    [
        ("team core", SubjectKind.TEAM, "Core"), ("core", SubjectKind.TEAM, "Core"),
        ("service api", SubjectKind.SERVICE, "api"), ("everything", SubjectKind.WORKSPACE, "everything"),
        ("ALL", SubjectKind.WORKSPACE, "everything"), ("", SubjectKind.WORKSPACE, "everything"),
        ("2.4", SubjectKind.RELEASE, "shop 2.4"),
    ],
)  # fmt: skip
def test_words_about_a_scope_mean_what_they_name(desk, ledger, policy, words, kind, name):  # noqa: PLR0917
    learn(ledger, waiting("acme/api")[0])
    subject = desk.meant(words, whoever(policy))
    assert (subject.kind, subject.name) == (kind, name)


def test_without_words_a_teams_channel_means_the_team(desk, policy):
    assert desk.meant("", in_channel(policy, "C1")).name == "Core"
    assert desk.meant("  ", in_channel(policy, "C2")).name == "vault"
    assert desk.meant("", in_channel(policy, "C3")).kind is SubjectKind.WORKSPACE
    assert desk.meant("", in_channel(policy, "C9")).kind is SubjectKind.WORKSPACE


def test_a_name_that_nothing_has_is_asked_back(desk, policy):
    assert isinstance(desk.meant("team nobody", whoever(policy)), Candidates)
    reply = desk.told("bottleneck", "team nobody", whoever(policy), NOW)
    assert isinstance(reply, Reply)
    assert reply.unsettled.as_data()["question"] == "bottleneck"
    assert reply.answer is None
    pressed = [b["value"] for block in reply.message.blocks if block["type"] == "actions" for b in block["elements"]]
    assert pressed
    assert all(json.loads(value)["question"] == "bottleneck" for value in pressed)


def test_a_question_back_in_words_asks_the_same_question_again(desk, ledger, policy):
    learn(ledger, waiting("acme/api")[0])
    asked_back = desk.ask("where is team cor stuck", whoever(policy), NOW)
    _, words = asked_back.unsettled.candidates[0]
    assert desk.answer(asked_back.unsettled.question, words, whoever(policy), NOW).answer.question == "bottleneck"


def test_a_question_about_a_scope_gives_its_answer_and_how_it_looks(desk, ledger, policy):
    forge, pull = waiting("acme/api")
    learn(ledger, forge)
    found = told(desk, policy, "team core")
    assert found.answer.as_data()["subject"] == {"kind": "team", "name": "Core"}
    assert found.sheet.rows[0].object == f"change:acme/api#{pull.number}"
    assert found.sheet.headline.startswith("🚧 Core is stuck in review") or "nothing is stuck" in found.sheet.headline


def test_a_question_asked_in_words_is_one_message(desk, ledger, policy):
    learn(ledger, waiting("acme/api")[0])
    reply = desk.ask("where is team core stuck", whoever(policy), NOW)
    assert reply.answer.as_data()["question"] == "bottleneck"
    assert reply.message.blocks[0]["type"] == "header"
    assert "acme/api#" in reply.message.text


def test_only_those_who_can_be_reached_are_mentioned(desk, ledger, policy):
    learn(ledger, waiting("acme/api")[0])
    reached = told(desk, policy, "team core", reached={"person/bo": "UBO"}.get)
    assert "<@UBO>" in str(reached.sheet.thread())
    assert "<@" not in str(told(desk, policy, "team core").sheet.thread())


def test_what_a_digest_showed_is_remembered_for_its_own_reader_only(desk, ledger, policy):
    forge, pull = waiting("acme/api")
    learn(ledger, forge)
    reader = replace(whoever(policy), key="subscription:1")
    told(desk, policy, "team core", viewer=reader).seen()
    pull.review(NOW, "bo", "approved")
    pull.merge(NOW, "anna")
    learn(ledger, forge)
    later = desk.told("bottleneck", "team core", reader, NOW + timedelta(minutes=1)).answer.moved
    assert later.anything
    assert told(desk, policy, "team core").answer.moved is None


@pytest.mark.parametrize("question", ["bottleneck", "stalled", "moves", "stabilization", "delivery"])
@pytest.mark.parametrize("now_sees", [{"inside": False, "within": frozenset()}, {"within": frozenset({"acme/api"})}])
def test_a_channel_that_outsiders_read_by_now_is_told_nothing_of_what_it_saw_before(
    desk, ledger, policy, question, now_sees
):
    learn(ledger, waiting("acme/secret")[0])
    reader = replace(whoever(policy), key="subscription:1")
    asked = {"question": question, "about": "everything", "person": "person/bo"}
    first = desk.told(**asked, viewer=reader, now=NOW)
    first.seen()
    later = desk.told(**asked, viewer=replace(reader, **now_sees), now=NOW + timedelta(minutes=1))
    said = json.dumps([later.answer.as_data(), later.sheet.headline, *(m.blocks for m in later.sheet.thread())])
    assert "acme/secret" not in said
    assert not later.answer.as_data().get("changed_since")


def test_the_verdict_of_what_is_hidden_by_now_is_not_told_either(desk, ledger, policy):
    learn(ledger, waiting("acme/api")[0], waiting("acme/secret")[0])
    desk.blocking("shop 2.4", whoever(policy), NOW).seen()
    later = desk.blocking("shop 2.4", replace(whoever(policy), within=frozenset({"acme/api"})), NOW).answer
    assert later.since is None


def test_a_scope_shows_nothing_that_its_reader_may_not_see(desk, ledger, policy):
    learn(ledger, waiting("acme/api")[0], waiting("acme/secret")[0])
    for about in ("everything", "team core", "service api"):
        found = told(desk, policy, about, "bo")
        said = json.dumps([found.answer.as_data(), found.sheet.headline, *(m.blocks for m in found.sheet.thread())])
        assert "acme/secret" not in said
    assert isinstance(desk.told("bottleneck", "team vault", whoever(policy, "bo"), NOW), Reply)


def test_a_scope_as_of_a_moment_is_what_was_known_then(desk, ledger, policy):
    forge, pull = waiting("acme/api")
    pull.review(NOW - timedelta(hours=1), "bo", "approved")
    learn(ledger, forge)
    before = desk.told("bottleneck", "team core", whoever(policy), NOW - timedelta(hours=2)).answer
    assert [move.kind for move in before.moves] == ["review_pending"]
    assert [move.kind for move in told(desk, policy, "team core").answer.moves] == ["ready_to_merge"]


def test_the_names_of_releases_are_not_looked_up_for_a_team(desk, ledger, policy, monkeypatch):
    learn(ledger, waiting("acme/api")[0])
    asked = []
    named = ledger.named
    monkeypatch.setattr(ledger, "named", lambda key, *more: asked.append(key) or named(key, *more))
    assert desk.meant("team core", whoever(policy)).name == "Core"
    assert None not in asked


def test_an_incident_is_found_by_its_id_for_whoever_may_see_it(ledger, policy):
    known = Event(
        "e", "incident:cdevents/errors-7@prod", "incident.detected", MONDAY, "cdevents", data={"title": "Slow"}
    )
    ledger.record([known], MONDAY)
    desk = Desk(ledger, policy, lambda: NOW)
    assert desk.known_incidents("incident:cdevents/errors-7", viewer_for(policy, "person/anna", "Anna")) == (
        known.object,
    )
    guest = replace(viewer_for(policy, "person/anna", "Anna"), inside=False)
    assert desk.known_incidents("incident:cdevents/errors-7", guest) == ()
