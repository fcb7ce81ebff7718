"""What does the process need to be told by its environment, and what of that is missing or wrong?

Everything comes from environment variables or a ``.env`` beside where the process starts; what is set in the
environment wins. Nothing else in the project reads either.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from assistant.errors import UserError

SLACK_API_URL = "https://slack.com/api/"
GITHUB_API_URL = "https://api.github.com"
DATABASE_URL = "sqlite:///lastmile.db"
CONFIG_FILE = "lastmile.toml"


@dataclass(frozen=True, slots=True)
class Problem:
    """One setting that is missing or wrong: its name, what is the matter, and where to get a right one."""

    name: str
    what: str
    where: str

    def __str__(self) -> str:
        """One line that a person can act on; never holds the value."""
        return f"{self.name} {self.what}. {self.where}"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment said, with defaults; a secret is never part of its repr.

    ``config`` is None where nobody named a file and there is no ./lastmile.toml. ``wrong`` lists what was set and
    could not be used; its default stands in for it.
    """

    database_url: str = field(default=DATABASE_URL, repr=False)
    config: Path | None = None
    user: str = "someone"
    port: int = 8080
    host: str = "0.0.0.0"  # noqa: S104  webhooks come from outside; every route checks a signature
    metrics_port: int = 9464
    metrics_host: str = "127.0.0.1"
    slack_bot_token: str | None = field(default=None, repr=False)
    slack_signing_secret: str | None = field(default=None, repr=False)
    slack_app_token: str | None = field(default=None, repr=False)
    slack_api_url: str = SLACK_API_URL
    github_webhook_secret: str | None = field(default=None, repr=False)
    github_token: str | None = field(default=None, repr=False)
    github_api_url: str = GITHUB_API_URL
    deploy_token: str | None = field(default=None, repr=False)
    pagerduty_webhook_secret: str | None = field(default=None, repr=False)
    cdevents_token: str | None = field(default=None, repr=False)
    jira_webhook_secret: str | None = field(default=None, repr=False)
    server_url: str | None = None
    wrong: tuple[Problem, ...] = ()

    @property
    def slack(self) -> bool:
        """Whether Slack can reach the process, by socket or by signed request."""
        return bool(self.slack_bot_token and (self.slack_app_token or self.slack_signing_secret))

    def problems(self, *, serving: bool) -> tuple[Problem, ...]:
        """All that is missing or wrong for serving, or (not serving) wrong for a command at the terminal."""
        if serving:
            return self.wrong + self._missing()
        return tuple(p for p in self.wrong if p.name in {"LASTMILE_DATABASE_URL", "LASTMILE_CONFIG", "LASTMILE_URL"})

    def demand_usable(self) -> None:
        """Raise UserError where something set wrongly stands in the way of a command at the terminal."""
        if problems := self.problems(serving=False):
            raise UserError("\n".join(map(str, problems)))

    def hinders_serving(self) -> bool:
        """Whether there is no point in starting: something is wrong, Slack is half set, or nothing is connected."""
        half = bool(self.slack_bot_token or self.slack_signing_secret or self.slack_app_token) and not self.slack
        secrets = (
            self.github_webhook_secret, self.deploy_token, self.pagerduty_webhook_secret, self.cdevents_token,
            self.jira_webhook_secret,
        )  # fmt: skip
        nothing = not (self.slack or any(secrets))
        return bool(self.wrong) or half or nothing

    def _missing(self) -> tuple[Problem, ...]:
        by_socket = self.slack_app_token is not None
        return tuple(
            Problem(name, "is not set", WHERE[name])
            for name, present in (
                ("SLACK_BOT_TOKEN", self.slack_bot_token),
                ("SLACK_SIGNING_SECRET", self.slack_signing_secret or by_socket),
                ("GITHUB_WEBHOOK_SECRET", self.github_webhook_secret),
            )
            if not present
        )


WHERE: Mapping[str, str] = {
    "SLACK_BOT_TOKEN": "Slack: api.slack.com/apps, your app, OAuth & Permissions, Bot User OAuth Token (xoxb-...)",
    "SLACK_SIGNING_SECRET": (
        "Slack: api.slack.com/apps, your app, Basic Information, Signing Secret"
        " (or set SLACK_APP_TOKEN for Socket Mode)"
    ),
    "SLACK_APP_TOKEN": (
        "Slack: api.slack.com/apps, your app, Basic Information, App-Level Tokens, scope connections:write (xapp-...)"
    ),
    "SLACK_API_URL": f"An http(s) address that ends in a slash, such as {SLACK_API_URL}",
    "GITHUB_WEBHOOK_SECRET": (
        "Choose it yourself (openssl rand -hex 32) and give GitHub the same: repository or organisation,"
        " Settings, Webhooks, Secret"
    ),
    "GITHUB_TOKEN": (
        "GitHub: Settings, Developer settings, Fine-grained tokens, read access to contents, issues, pull requests,"
        " checks, statuses, deployments"
    ),
    "LASTMILE_DEPLOY_TOKEN": "Choose it yourself (openssl rand -hex 32) and give your pipelines the same",
    "PAGERDUTY_WEBHOOK_SECRET": (
        "PagerDuty: Integrations, Generic Webhooks (v3), New Webhook; it shows the secret once, when it is made"
    ),
    "JIRA_WEBHOOK_SECRET": (
        "Choose it yourself (openssl rand -hex 32) and give Jira the same: Settings, System, Webhooks, Secret"
    ),
    "LASTMILE_CDEVENTS_TOKEN": (
        "Choose it yourself (openssl rand -hex 32) and give it to whoever sends CDEvents, as a bearer token"
    ),
    "GITHUB_API_URL": f"An http(s) address, such as {GITHUB_API_URL}",
    "LASTMILE_DATABASE_URL": "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME",
    "LASTMILE_CONFIG": "The path of your TOML file; lastmile.example.toml shows every key",
    "LASTMILE_URL": "The http(s) address of a running `lastmile serve`",
    "PORT": "A number from 0 to 65535; 0 takes any free one",
    "METRICS_PORT": "A number from 0 to 65535; 0 takes any free one",
}


def from_environment() -> Settings:
    """Read the settings of this process: its environment over ``.env`` in the present directory."""
    here = Path.cwd()
    return read_settings({**_dotenv(here / ".env"), **os.environ}, here)


def read_settings(environ: Mapping[str, str], directory: Path) -> Settings:
    """Make settings of variables; relative paths count from ``directory``; an empty variable is as good as none."""
    said = {name: value.strip() for name, value in environ.items() if value and value.strip()}
    wrong: list[Problem] = []

    def checked(name: str, default: str, right: Callable[[str], bool], what: str) -> str:
        value = said.get(name, default)
        if right(value):
            return value
        wrong.append(Problem(name, what, WHERE[name]))
        return default

    api = checked("SLACK_API_URL", SLACK_API_URL, _is_web, "is no http(s) address")
    genuine = api == SLACK_API_URL  # stand-ins for Slack hand out tokens of their own shape
    return Settings(
        database_url=database_url(checked("LASTMILE_DATABASE_URL", DATABASE_URL, _is_database, "names no database")),
        config=_config(said.get("LASTMILE_CONFIG"), directory, wrong),
        user=said.get("LASTMILE_USER") or said.get("USER") or "someone",
        port=int(checked("PORT", "8080", _is_port, "is no port")),
        host=said.get("HOST", "0.0.0.0"),  # noqa: S104  as above
        metrics_port=int(checked("METRICS_PORT", "9464", _is_port, "is no port")),
        metrics_host=said.get("METRICS_HOST", "127.0.0.1"),
        slack_bot_token=checked("SLACK_BOT_TOKEN", "", _starts("xoxb-", genuine), "does not start with xoxb-") or None,
        slack_signing_secret=said.get("SLACK_SIGNING_SECRET"),
        slack_app_token=checked("SLACK_APP_TOKEN", "", _starts("xapp-", genuine), "does not start with xapp-") or None,
        slack_api_url=api.rstrip("/") + "/",
        github_webhook_secret=said.get("GITHUB_WEBHOOK_SECRET"),
        github_token=said.get("GITHUB_TOKEN"),
        github_api_url=checked("GITHUB_API_URL", GITHUB_API_URL, _is_web, "is no http(s) address").rstrip("/"),
        deploy_token=said.get("LASTMILE_DEPLOY_TOKEN"),
        pagerduty_webhook_secret=said.get("PAGERDUTY_WEBHOOK_SECRET"),
        cdevents_token=said.get("LASTMILE_CDEVENTS_TOKEN"),
        jira_webhook_secret=said.get("JIRA_WEBHOOK_SECRET"),
        server_url=checked("LASTMILE_URL", "", _is_web_or_empty, "is no http(s) address").rstrip("/") or None,
        wrong=tuple(wrong),
    )  # fmt: skip


def database_url(said: str) -> str:
    """The address for SQLAlchemy: ``postgres://`` and ``postgresql://`` both mean psycopg 3."""
    return re.sub(r"^postgres(?:ql)?://", "postgresql+psycopg://", said)


def _dotenv(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    from dotenv import dotenv_values

    return {name: value for name, value in dotenv_values(file).items() if value is not None}


def _config(said: str | None, directory: Path, wrong: list[Problem]) -> Path | None:
    file = directory / (said or CONFIG_FILE)
    if file.is_file():
        return file
    if said:
        wrong.append(Problem("LASTMILE_CONFIG", "names no file", WHERE["LASTMILE_CONFIG"]))
    return None


def _is_web(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _is_web_or_empty(value: str) -> bool:
    return not value or _is_web(value)


def _is_database(value: str) -> bool:
    return re.match(r"sqlite:///.|postgres(ql)?(\+psycopg)?://.", value) is not None


def _is_port(value: str) -> bool:
    return re.fullmatch(r"[0-9]{1,5}", value) is not None and int(value) < 2**16


def _starts(prefix: str, genuine: bool) -> Callable[[str], bool]:  # noqa: FBT001  one private caller
    return lambda value: not value or not genuine or value.startswith(prefix)
