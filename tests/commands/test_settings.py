"""Does the process learn from its environment, and say all that is missing or wrong at once?"""

import pytest

from commands.settings import WHERE, Settings, database_url, from_environment, read_settings

SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-1-hush",
    "SLACK_SIGNING_SECRET": "hush-signing",
    "SLACK_APP_TOKEN": "xapp-1-hush",
    "GITHUB_WEBHOOK_SECRET": "hush-hook",
    "GITHUB_TOKEN": "ghp_hush",
    "LASTMILE_DEPLOY_TOKEN": "hush-deploy",
    "PAGERDUTY_WEBHOOK_SECRET": "hush-pager",
    "LASTMILE_CDEVENTS_TOKEN": "hush-events",
    "JIRA_WEBHOOK_SECRET": "hush-jira",
    "LASTMILE_DATABASE_URL": "postgresql://me:hush@db/lastmile",
}


def names(problems) -> set[str]:
    return {problem.name for problem in problems}


def test_nothing_set_is_sqlite_here_and_port_8080(tmp_path):
    made = read_settings({}, tmp_path)
    assert (made.database_url, made.port, made.config, made.wrong) == ("sqlite:///lastmile.db", 8080, None, ())
    assert made.metrics_host == "127.0.0.1"


def test_every_secret_is_read(tmp_path):
    made = read_settings(SECRETS, tmp_path)
    assert made.slack_bot_token == "xoxb-1-hush"
    assert made.slack_signing_secret == "hush-signing"
    assert made.slack_app_token == "xapp-1-hush"
    assert made.github_webhook_secret == "hush-hook"
    assert made.github_token == "ghp_hush"
    assert made.deploy_token == "hush-deploy"
    assert made.pagerduty_webhook_secret == "hush-pager"
    assert made.cdevents_token == "hush-events"
    assert made.jira_webhook_secret == "hush-jira"


@pytest.mark.parametrize("name", ["PAGERDUTY_WEBHOOK_SECRET", "LASTMILE_CDEVENTS_TOKEN", "JIRA_WEBHOOK_SECRET"])
def test_a_source_of_incidents_or_tickets_alone_is_worth_serving(tmp_path, name):
    assert read_settings({}, tmp_path).hinders_serving()
    assert not read_settings({name: "hush"}, tmp_path).hinders_serving()
    assert name in WHERE


def test_no_secret_is_in_the_repr(tmp_path):
    assert "hush" not in repr(read_settings(SECRETS, tmp_path))


def test_an_empty_variable_is_as_good_as_none(tmp_path):
    assert read_settings({"PORT": " ", "SLACK_BOT_TOKEN": ""}, tmp_path) == read_settings({}, tmp_path)


def test_a_configuration_here_is_found_and_a_named_one_wins(tmp_path):
    (tmp_path / "lastmile.toml").touch()
    (tmp_path / "other.toml").touch()
    assert read_settings({}, tmp_path).config == tmp_path / "lastmile.toml"
    assert read_settings({"LASTMILE_CONFIG": "other.toml"}, tmp_path).config == tmp_path / "other.toml"


def test_a_named_configuration_that_is_not_there_is_wrong(tmp_path):
    made = read_settings({"LASTMILE_CONFIG": "gone.toml"}, tmp_path)
    assert names(made.problems(serving=False)) == {"LASTMILE_CONFIG"}


@pytest.mark.parametrize("said", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_every_way_to_say_postgresql_means_psycopg_3(said):
    assert database_url(said) == "postgresql+psycopg://u@h/d"


def test_sqlite_stays_as_it_is():
    assert database_url("sqlite:////data/lastmile.db") == "sqlite:////data/lastmile.db"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "9" * 5000),
        ("METRICS_PORT", "٣"),
        ("SLACK_BOT_TOKEN", "xoxp-user"),
        ("SLACK_APP_TOKEN", "xoxb-wrong-one"),
        ("SLACK_API_URL", "slack.test/api"),
        ("GITHUB_API_URL", "ftp://forge.test"),
        ("LASTMILE_URL", "http://[oops"),
        ("LASTMILE_DATABASE_URL", "mysql://u@h/d"),
    ],
)
def test_a_value_that_cannot_be_used_is_wrong_and_never_repeated(tmp_path, name, value):
    made = read_settings({name: value}, tmp_path)
    assert names(made.wrong) == {name}
    assert value not in str(made.wrong[0])
    assert WHERE[name] in str(made.wrong[0])


def test_everything_missing_and_wrong_is_said_at_once(tmp_path):
    made = read_settings({"PORT": "x", "GITHUB_API_URL": "y"}, tmp_path)
    assert names(made.problems(serving=True)) == {
        "PORT", "GITHUB_API_URL", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "GITHUB_WEBHOOK_SECRET",
    }  # fmt: skip
    assert all(len(str(problem)) > len(problem.name) + 20 for problem in made.problems(serving=True))


def test_a_question_at_the_terminal_does_not_care_about_ports(tmp_path):
    assert read_settings({"PORT": "tcp://10.0.0.1:80"}, tmp_path).problems(serving=False) == ()


def test_socket_mode_needs_no_signing_secret(tmp_path):
    made = read_settings({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}, tmp_path)
    assert names(made.problems(serving=True)) == {"GITHUB_WEBHOOK_SECRET"}
    assert made.slack


def test_a_stand_in_for_slack_has_tokens_of_its_own_shape(tmp_path):
    said = {"SLACK_API_URL": "http://127.0.0.1:4003/api", "SLACK_BOT_TOKEN": "test_token", "SLACK_SIGNING_SECRET": "s"}
    made = read_settings(said, tmp_path)
    assert made.wrong == ()
    assert made.slack_api_url == "http://127.0.0.1:4003/api/"


@pytest.mark.parametrize(
    ("said", "hinders"),
    [
        ({}, True),
        ({"GITHUB_WEBHOOK_SECRET": "s"}, False),
        ({"LASTMILE_DEPLOY_TOKEN": "s"}, False),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}, False),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "GITHUB_WEBHOOK_SECRET": "s"}, True),
        ({"SLACK_SIGNING_SECRET": "s", "GITHUB_WEBHOOK_SECRET": "s"}, True),
        ({"GITHUB_WEBHOOK_SECRET": "s", "PORT": "x"}, True),
    ],
)
def test_serving_starts_with_one_thing_connected_and_none_half_or_wrong(tmp_path, said, hinders):
    assert read_settings(said, tmp_path).hinders_serving() is hinders


def test_the_environment_wins_over_the_file_beside_it(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("PORT=1111\nLASTMILE_USER=file\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORT", "2222")
    monkeypatch.delenv("LASTMILE_USER", raising=False)
    made = from_environment()
    assert (made.port, made.user) == (2222, "file")


def test_who_sits_here_is_the_systems_user_unless_said(tmp_path):
    assert read_settings({"USER": "anna"}, tmp_path).user == "anna"
    assert read_settings({"USER": "anna", "LASTMILE_USER": "bo"}, tmp_path).user == "bo"
    assert read_settings({}, tmp_path).user == Settings().user
