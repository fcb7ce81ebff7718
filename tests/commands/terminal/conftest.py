"""How do tests type a command and read what it prints?"""

from dataclasses import dataclass

import pytest

import app

OURS = ("SLACK_", "GITHUB_", "LASTMILE_", "PORT", "HOST", "METRICS_")


@dataclass(frozen=True)
class Ran:
    """What one command did: its exit status and what it printed where."""

    status: int
    out: str
    err: str


@pytest.fixture
def clean(tmp_path, monkeypatch):
    """An empty folder to work in, with nothing of ours in the environment; gives the folder."""
    import os

    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(OURS):
            monkeypatch.delenv(name)
    monkeypatch.setenv("USER", "anna")
    return tmp_path


@pytest.fixture
def lastmile(clean, capsys):
    """Type a command in an empty folder."""

    def typed(*words: str) -> Ran:
        try:
            status = app.main(list(words))
        except SystemExit as left:
            status = left.code
        said = capsys.readouterr()
        return Ran(status, said.out, said.err)

    return typed
