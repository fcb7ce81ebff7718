"""Is a forge's past read for the right repositories, and said in words how it went?"""

import threading
from types import SimpleNamespace

import pytest

from commands.settings import Settings
from commands.terminal import forge
from commands.terminal.tools import Tools
from storage.sources import reconcile as reconciling
from storage.sources.reconcile import Reconciled
from tests.builders import at, policy_of

NOW = at("2026-11-02T09:00:00Z")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ()),
        ('[github]\nrepositories = ["acme/api", "acme/web"]', ("acme/api", "acme/web")),
        ('[github]\nrepositories = ["acme/*"]', ("acme/seen",)),
        ('[teams.web]\nrepositories = ["acme/web"]', ("acme/web",)),
        ('[products.shop]\nrepositories = ["Acme/Web"]\n[repositories."acme/web"]\napprovals = 1', ("Acme/Web",)),
        ('[services.api]\nrepository = "acme/api"', ("acme/api",)),
        ('[products.shop]\nrepositories = ["acme/web", "jira/SHOP"]', ("acme/web",)),
        ('[github]\nrepositories = ["acme/*"]\n[teams.x]\nrepositories = ["else/where"]', ("acme/seen",)),
    ],
)
def test_the_configured_repositories_are_those_named_anywhere_that_count(text, names):
    found = forge.configured(policy_of(text), ("acme/seen", "else/seen"))
    assert tuple(name.casefold() for name in found) == tuple(name.casefold() for name in names)


@pytest.mark.parametrize("name", ["acme", "acme/api/x", "acme/ api", "https://forge.test/acme/api", "acme/\x1b"])
def test_a_repository_is_owner_and_name(lastmile, name):
    ran = lastmile("backfill", "github", name)
    assert ran.status == 2
    assert "no repository such as acme/api" in ran.err


def test_a_forge_that_does_not_answer_is_said(lastmile, monkeypatch):
    monkeypatch.setattr("storage.sources.github_api.ATTEMPTS", 1)
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9")
    ran = lastmile("backfill", "github", "acme/api", "--since", "2026-10-01")
    assert ran.status == 2
    assert "acme/api" in ran.err


def test_reconciling_nothing_asks_what(lastmile):
    ran = lastmile("reconcile")
    assert ran.status == 2
    assert "[github] repositories" in ran.err


@pytest.fixture
def asked(monkeypatch):
    """What the reader was asked for, and what it gives back."""
    seen = []

    def read(ledger, repositories, access, *, counted=None):
        seen.append((tuple(repositories), access))
        return tuple(Reconciled(name, NOW, failed="gone") for name in repositories)

    monkeypatch.setattr(reconciling, "reconcile", read)
    return seen


def test_a_repository_that_cannot_be_read_is_said_and_counts_as_failure(lastmile, asked):
    ran = lastmile("reconcile", "acme/api", "acme/web")
    assert (ran.status, ran.out) == (1, "acme/api: gone\nacme/web: gone\n")


def test_the_running_process_reads_what_is_configured_and_stops_when_asked(asked):
    ledger = SimpleNamespace(repositories=lambda: ())
    policy = policy_of('[github]\nrepositories = ["acme/api"]')
    stopping = threading.Event()
    settings = Settings(github_token="t", github_api_url="http://forge.test")
    forge.reconcile(Tools(settings, lambda: NOW, lambda: policy, lambda: ledger, lambda: None), stopping)
    ((names, access),) = asked
    assert names == ("acme/api",)
    assert (access.token, access.base_url, access.stop) == ("t", "http://forge.test", stopping)
