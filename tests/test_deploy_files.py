"""Do the files that people deploy by speak of things that exist?"""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from dotenv import dotenv_values
from pydantic import BaseModel

import app
from assistant.policy import Policy, load_policy
from commands import settings, web
from commands.terminal import serve

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
OURS = COMPOSE["services"]["lastmile"]
READ = set(re.findall(r'(?:said\.get|checked)\(\s*"([A-Z_]+)"', Path(settings.__file__).read_text())) - {"USER"}


def test_the_example_environment_names_exactly_what_is_read():
    named = set(dotenv_values(ROOT / ".env.example"))
    assert named == READ | {"POSTGRES_PASSWORD"}


def test_the_example_environment_left_as_it_is_sets_nothing():
    made = settings.read_settings(dotenv_values(ROOT / ".env.example"), ROOT / "nowhere")
    assert made == settings.read_settings({}, ROOT / "nowhere")


def test_compose_sets_only_what_is_read():
    assert set(OURS["environment"]) <= READ


def test_compose_gives_settings_that_can_be_used(tmp_path):
    said = {**OURS["environment"], "LASTMILE_CONFIG": str(ROOT / "lastmile.example.toml")}
    made = settings.read_settings(said, tmp_path)
    assert made.wrong == ()
    assert f"{made.port}:{made.port}" in OURS["ports"]
    assert str(made.metrics_port) in OURS["expose"]
    assert made.database_url.startswith("postgresql+psycopg://lastmile:")
    assert made.database_url.endswith("@postgres/lastmile")


def test_the_mounted_configuration_is_the_one_that_is_read():
    assert f"./lastmile.toml:{OURS['environment']['LASTMILE_CONFIG']}:ro" in OURS["volumes"]


def test_the_database_that_compose_starts_is_the_one_that_is_asked():
    made = COMPOSE["services"]["postgres"]["environment"]
    address = OURS["environment"]["LASTMILE_DATABASE_URL"]
    assert address == f"postgresql://{made['POSTGRES_USER']}:{made['POSTGRES_PASSWORD']}@postgres/{made['POSTGRES_DB']}"
    assert OURS["depends_on"]["postgres"]["condition"] == "service_healthy"


def test_compose_waits_longer_than_we_take_to_stop():
    assert int(OURS["stop_grace_period"].removesuffix("s")) > serve.GRACE


@pytest.mark.parametrize("command", [OURS["command"], ["serve"], ["doctor"]])
def test_the_commands_named_exist(command):
    assert callable(app.parser().parse_args(command).run)


def test_the_image_starts_what_the_project_installs():
    assert 'ENTRYPOINT ["lastmile"]' in DOCKERFILE
    assert 'CMD ["serve"]' in DOCKERFILE
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["scripts"]["lastmile"] == "app:main"
    version = re.search(r"FROM python:(\d+\.\d+)", DOCKERFILE)
    assert version
    assert project["requires-python"] == f">={version[1]}"


def test_the_image_copies_files_that_exist_and_are_sent_to_the_builder():
    copied = [name for line in re.findall(r"^COPY (.+)$", DOCKERFILE, re.MULTILINE) for name in line.split()[:-1]]
    sent = (ROOT / ".dockerignore").read_text().split()
    for name in copied:
        assert (ROOT / name).exists(), name
        assert f"!{name}" in sent


def test_the_image_does_not_run_as_root():
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE)[-1] not in {"root", "0"}
    assert OURS["read_only"]
    assert OURS["cap_drop"] == ["ALL"]


def test_the_image_says_which_ports_and_asks_the_health_that_is_answered():
    default = settings.Settings()
    assert f"EXPOSE {default.port} {default.metrics_port}" in DOCKERFILE
    assert "/healthz" in DOCKERFILE
    assert web.health.__name__ == "health"
    assert '"/healthz"' in Path(web.__file__).read_text()


def test_the_example_configuration_loads():
    policy = load_policy(ROOT / "lastmile.example.toml")
    assert policy.people["anna"].github == ("anna-example",)


def test_the_example_configuration_shows_every_key():
    shown = tomllib.loads((ROOT / "lastmile.example.toml").read_text())
    assert sorted(missing(Policy, shown)) == []


def missing(model: type[BaseModel], shown: dict, path: str = ""):
    """Name the keys of a section, and of those within it, that an example does not show."""
    for key, field in model.model_fields.items():
        name = field.alias or key
        if name not in shown:
            yield f"{path}{name}"
        for inner in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if name in shown and isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from missing(inner, together(shown[name], inner is field.annotation), f"{path}{name}.")


def together(value: dict | list, single: bool) -> dict:
    """All the keys of one table, or of all the tables of one kind."""
    tables = [value] if single else list(value.values() if isinstance(value, dict) else value)
    return {key: found for table in tables for key, found in table.items()}
