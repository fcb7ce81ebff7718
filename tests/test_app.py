"""Does the command line end every command as a person or a script would want?"""

import gc
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import app
from assistant.errors import UserError
from commands.terminal import doctor

ROOT = Path(__file__).parent.parent
HEAVY = (
    "alembic", "apscheduler", "gidgethub", "holidays", "httpx", "openai", "prometheus_client", "rich", "slack_bolt",
    "slack_sdk", "starlette", "structlog", "uvicorn",
)  # fmt: skip


@pytest.fixture
def failing(tmp_path, monkeypatch, capsys):
    """Run a command that raises; gives its exit status and what it printed on standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LASTMILE_DATABASE_URL", "")

    def run(error: BaseException):
        def raises(_arguments, _tools):
            raise error

        monkeypatch.setattr(doctor, "run", raises)
        return app.main(["doctor"]), capsys.readouterr().err

    return run


def outside(*words: str, cwd: Path, **more) -> subprocess.Popen:
    """Run the command line as a process of its own."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "USER": "anna"}
    return subprocess.Popen([sys.executable, "-m", "app", *words], cwd=cwd, env=environment, text=True, **more)


def test_what_the_person_did_wrong_they_read_and_nothing_else(failing):
    assert failing(UserError("There is no release 9; did you mean 2.4?")) == (
        2,
        "There is no release 9; did you mean 2.4?\n",
    )


def test_an_error_cannot_move_the_cursor(failing):
    assert "\x1b" not in failing(UserError("no release \x1b[2J"))[1]


def test_anything_else_is_one_calm_sentence_whose_reference_finds_the_log_line(failing):
    status, said = failing(RuntimeError("fire Bob"))
    *logged, calm = said.splitlines()
    (line,) = [json.loads(line) for line in logged]
    assert status == 1
    assert line["reference"] in calm
    assert line["error"] == "builtins.RuntimeError"
    assert "Bob" not in said
    assert "Traceback" not in said


def test_ctrl_c_is_130_and_silent(failing):
    assert failing(KeyboardInterrupt()) == (130, "")


def test_a_wrong_setting_stops_a_command_that_needs_it(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LASTMILE_DATABASE_URL", "mysql://me:hush@db/x")
    monkeypatch.setenv("LASTMILE_CONFIG", "gone.toml")
    assert app.main(["rebuild"]) == 2
    said = capsys.readouterr().err
    assert "LASTMILE_DATABASE_URL" in said
    assert "LASTMILE_CONFIG" in said
    assert "hush" not in said


def test_an_unknown_key_in_the_configuration_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LASTMILE_CONFIG", raising=False)
    monkeypatch.delenv("LASTMILE_DATABASE_URL", raising=False)
    (tmp_path / "lastmile.toml").write_text("[hours]\nstrat = '09:00'\n")
    assert app.main(["rebuild"]) == 2
    assert "'strat'" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["dance"], ["ask"], ["import"], ["ask", "x", "--json", "--blocks"]])
def test_a_command_that_does_not_exist_or_lacks_words_is_2(words):
    with pytest.raises(SystemExit) as left:
        app.main(words)
    assert left.value.code == 2


@pytest.mark.parametrize("command", ["ask", "serve", "doctor", "import", "export", "backfill", "reconcile", "rebuild",
                                     "prune", "forget", "deployed"])  # fmt: skip
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as left:
        app.main([command, "--help"])
    assert left.value.code == 0
    assert f"lastmile {command}" in capsys.readouterr().out


def test_a_reader_who_leaves_early_hears_no_complaint(tmp_path):
    process = outside("doctor", cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    complaint = process.stderr.read()
    assert process.wait(30) == app.PIPE_CLOSED
    assert complaint == ""


def test_nothing_heavy_is_imported_before_a_command_asks_for_it(tmp_path):
    code = f"import sys, app; print([name for name in {HEAVY!r} if name in sys.modules])"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout == "[]\n"


def test_text_that_the_terminal_cannot_show_is_replaced_and_never_a_crash(tmp_path):
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    ran = subprocess.run(
        [sys.executable, "-m", "app", "ask", "\udcff", "→", "--as", "ünknown"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 2
    assert b"no key of [people]" in ran.stderr


def test_the_whole_way_works_on_either_database(tmp_path, monkeypatch, capsys, database_url):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LASTMILE_CONFIG", raising=False)
    monkeypatch.delenv("LASTMILE_URL", raising=False)
    monkeypatch.setenv("LASTMILE_DATABASE_URL", database_url)
    assert app.main(["deployed", "web", "a" * 40, "production"]) == 0
    assert app.main(["doctor"]) == 0
    capsys.readouterr()
    assert app.main(["ask", "what's blocking web", "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) >= {"question"}
    assert app.main(["export"]) == 0
    assert json.loads(capsys.readouterr().out)["payload"]["service"] == "web"


@pytest.mark.parametrize(("words", "seldom"), [(["doctor"], False), (["ask", "releases", "--json"], True)])
def test_only_a_question_collects_garbage_seldom(tmp_path, monkeypatch, sqlite_url, words, seldom):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LASTMILE_DATABASE_URL", sqlite_url)
    usual = gc.get_threshold()
    assert app.main(words) == 0
    assert (gc.get_threshold() != usual) is seldom
