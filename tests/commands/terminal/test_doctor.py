"""Does the doctor say what is connected, how fresh it is, what was not understood and what to do, and no secret?"""

import json

import pytest

from commands.terminal.doctor import ago, misunderstood, outgoing
from storage.figures import Figures
from storage.intake.github import IGNORED_ACTIONS
from storage.intake.jira import IGNORED_LOUDLY
from storage.outbox import OutboxFigures
from tests.builders import at
from tests.commands.terminal.lines import line, write

SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-hush",
    "SLACK_SIGNING_SECRET": "hush-signing",
    "SLACK_APP_TOKEN": "xapp-hush",
    "GITHUB_WEBHOOK_SECRET": "hush-hook",
    "GITHUB_TOKEN": "ghp_hush",
    "LASTMILE_DEPLOY_TOKEN": "hush-deploy",
    "PAGERDUTY_WEBHOOK_SECRET": "hush-pager",
    "LASTMILE_CDEVENTS_TOKEN": "hush-events",
    "JIRA_WEBHOOK_SECRET": "hush-jira",
}


def row(shown: str, first: str) -> str:
    """The line of a table that begins so."""
    return next(line for line in shown.splitlines() if line.strip().startswith(first))


def test_with_nothing_set_it_says_where_to_get_everything(lastmile):
    ran = lastmile("doctor")
    assert ran.status == 0
    for name in (
        "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "GITHUB_WEBHOOK_SECRET", "LASTMILE_CONFIG", "PAGERDUTY_WEBHOOK_SECRET",
        "LASTMILE_CDEVENTS_TOKEN", "JIRA_WEBHOOK_SECRET",
    ):  # fmt: skip
        assert name in ran.out
    assert "Nothing has come in yet" in ran.out


def test_what_is_set_is_said_and_never_shown(lastmile, monkeypatch):
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    ran = lastmile("doctor")
    assert "hush" not in ran.out + ran.err
    assert "by Socket Mode" in row(ran.out, "Slack, to be heard")
    assert "set" in row(ran.out, "GitHub webhooks")


def test_the_password_of_a_database_is_never_shown_even_where_it_cannot_be_reached(lastmile, monkeypatch):
    monkeypatch.setenv("LASTMILE_DATABASE_URL", "postgresql://me:hush@127.0.0.1:9/lastmile")
    ran = lastmile("doctor")
    assert ran.status == 1
    assert "hush" not in ran.out + ran.err
    assert "can't be used" in ran.out


def test_what_was_ignored_but_asks_for_something_to_be_done_comes_before_the_rest():
    rest = [("github", "ignored", f"why {number}", 100 - number) for number in range(30)]
    asking = ("github", "ignored", IGNORED_ACTIONS["repository", "renamed"], 1)
    jira = ("jira", "ignored", IGNORED_LOUDLY["project_updated"], 1)
    (table,) = misunderstood(Figures({}, reasons=(*rest, asking, jira)))
    assert "lastmile forget" in table["rows"][1][2]["text"]
    assert "project's key" in table["rows"][2][2]["text"]


def test_a_setting_that_is_wrong_is_shown_and_the_rest_goes_on(lastmile, monkeypatch):
    monkeypatch.setenv("PORT", "eighty")
    ran = lastmile("doctor")
    assert ran.status == 0
    assert "wrong" in row(ran.out, "PORT")


def test_a_configuration_that_cannot_be_used_is_shown(lastmile, clean):
    (clean / "lastmile.toml").write_text("[hours]\nstrat = 9\n")
    ran = lastmile("doctor")
    assert ran.status == 1
    assert "strat" in ran.out


def test_deliveries_are_counted_by_source_and_verdict(lastmile, clean):
    lastmile("import", str(write(clean / "x.ndjson", line("pull_request__opened", "1"), line("label__created", "2"))))
    ran = lastmile("doctor")
    assert row(ran.out, "github").split()[1:5] == ["1", "1", "0", "0"]
    assert "ago" in row(ran.out, "github")


def test_an_unknown_delivery_is_shown_with_its_reason_harmlessly(lastmile, clean):
    told = json.loads(line("label__created", "evil\x1b[2J"))
    told["headers"]["X-GitHub-Event"] = "holo\x1bgram"
    lastmile("import", str(write(clean / "x.ndjson", json.dumps(told).encode())))
    ran = lastmile("doctor")
    assert "unknown" in ran.out
    assert "gram" in ran.out
    assert "\x1b" not in ran.out


def test_people_who_are_not_mapped_are_named(lastmile, clean):
    lastmile("import", str(write(clean / "x.ndjson", line("pull_request__opened", "1"))))
    ran = lastmile("doctor")
    assert "recently active accounts are mapped" in ran.out


def test_digests_and_their_messages_are_counted_with_what_is_owed_since_when():
    now = at("2026-11-02T09:00:00Z")
    figures = OutboxFigures(
        {"posted": 1200, "silent": 5, "failed": 1},
        {"posted": 2000, "owed": 3, "sending": 1},
        at("2026-11-02T06:00:00Z"),
    )
    table, line = outgoing(figures, now)
    assert [[cell["text"] for cell in cells] for cells in table["rows"][1:]] == [
        ["Digests", "1,200 with something to say, 5 with nothing to say, 1 failed"],
        ["Messages", "2,000 posted, 3 owed, 1 being posted, or not answered"],
    ]
    assert line["text"]["text"] == (
        "The oldest message that is owed was due 3 hours ago. Does `lastmile serve` run, and can it reach Slack?"
    )


def test_where_nothing_is_owed_that_is_said():
    now = at("2026-11-02T09:00:00Z")
    assert outgoing(OutboxFigures({"silent": 1}, {}, None), now)[-1]["text"]["text"] == "Nothing is owed to Slack now."
    soon = outgoing(OutboxFigures({"posted": 1}, {"owed": 1}, now), now)[-1]["text"]["text"]
    assert soon == "The oldest message that is owed was due just now."


def test_before_the_first_digest_it_says_so(lastmile):
    assert "None was due yet, and nothing is owed to Slack." in lastmile("doctor").out


def test_changed_rules_ask_for_a_rebuild(lastmile, clean):
    lastmile("import", str(write(clean / "x.ndjson", line("pull_request__opened", "1"))))
    (clean / "lastmile.toml").write_text('[bots]\naccounts = ["somebody"]\n')
    assert "run `lastmile rebuild`" in lastmile("doctor").out
    lastmile("rebuild")
    assert "States are up to date" in lastmile("doctor").out


@pytest.mark.parametrize(
    ("then", "said"),
    [
        ("2026-11-02T09:00:00Z", "just now"),
        ("2026-11-02T08:59:00Z", "1 minutes ago"),
        ("2026-11-02T07:30:00Z", "90 minutes ago"),
        ("2026-11-02T06:00:00Z", "3 hours ago"),
        ("2026-10-20T09:00:00Z", "13 days ago"),
        ("2026-11-02T09:05:00Z", "just now"),
    ],
)
def test_ages_are_said_in_the_unit_that_fits(then, said):
    assert ago(at(then), at("2026-11-02T09:00:00Z")) == said


def test_what_never_happened_is_never():
    assert ago(None, at("2026-11-02T09:00:00Z")) == "never"
