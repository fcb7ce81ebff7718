"""Can a pipeline say in one line what it deployed, with a database at hand and without?"""

import json

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.serving import serving

SHA = "a" * 40


@pytest.fixture
def server():
    """A stand-in for a running server; what it heard, by header and body, and the status it answers."""
    heard = {"status": 200, "requests": []}

    async def receive(request):
        heard["requests"].append((request.headers.get("authorization"), await request.json()))
        return JSONResponse({"outcome": "new"}, heard["status"])

    with serving(Starlette(routes=[Route("/webhooks/lastmile", receive, methods=["POST"])])) as url:
        yield heard | {"url": url}, heard


def exported(lastmile) -> list[dict]:
    return [json.loads(line) for line in lastmile("export").out.splitlines()]


def test_a_deployment_is_stored_in_the_database_at_hand(lastmile):
    ran = lastmile(
        "deployed", "web", SHA, "production", "--url", "https://ci.test/1", "--at", "2026-11-02T09:00:00+01:00"
    )
    assert (ran.status, ran.out) == (0, "noted: web aaaaaaaaaaaa is in production\n")
    (delivery,) = exported(lastmile)
    assert delivery["source"] == "lastmile"
    assert delivery["payload"] == {
        "service": "web", "sha": SHA, "environment": "production", "at": "2026-11-02T08:00:00Z",
        "url": "https://ci.test/1", "state": "succeeded", "by": "anna",
    }  # fmt: skip


def test_a_failed_one_and_part_of_the_customers_can_be_told(lastmile):
    assert lastmile("deployed", "web", SHA, "production", "--failed", "--id", "7").out.startswith(
        "noted: web aaaaaaaaaaaa failed in"
    )
    lastmile("deployed", "web", SHA, "production", "--exposure", "25%", "--id", "8")
    failed, partly = exported(lastmile)
    assert (failed["payload"]["state"], failed["payload"]["id"]) == ("failed", "7")
    assert (partly["payload"]["state"], partly["payload"]["exposure"]) == ("succeeded", 0.25)


def test_what_it_is_for_can_be_told(lastmile):
    lastmile("deployed", "web", SHA, "production", "--purpose", "rollback", "--id", "9")
    (delivery,) = exported(lastmile)
    assert delivery["payload"]["purpose"] == "rollback"
    assert lastmile("deployed", "web", SHA, "production", "--purpose", "fun").status == 2


def test_a_service_that_nobody_configured_is_noted_and_said(lastmile, clean):
    (clean / "lastmile.toml").write_text('[services.web]\nrepository = "acme/web"\n')
    said = lastmile("deployed", "webb", SHA, "production", "--purpose", "hotfix").out
    assert said.startswith("noted: webb aaaaaaaaaaaa is in production (hotfix)\n")
    assert "did you mean 'web'? It counts for no repository." in said
    assert "configured" not in lastmile("deployed", "web", SHA, "production").out


@pytest.mark.parametrize("part", ["2", "-0.1", "half", "150%", "nan"])
def test_a_part_of_the_customers_is_between_none_and_all(lastmile, part):
    ran = lastmile("deployed", "web", SHA, "production", f"--exposure={part}")
    assert ran.status == 2


def test_what_cannot_be_a_commit_is_said(lastmile):
    ran = lastmile("deployed", "web", "no commit at all", "production")
    assert ran.status == 2
    assert "deployed" in ran.err


def test_without_a_database_a_server_is_told_the_same(lastmile, server, monkeypatch, clean):
    told, heard = server
    monkeypatch.setenv("LASTMILE_URL", told["url"])
    monkeypatch.setenv("LASTMILE_DEPLOY_TOKEN", "hush")
    ran = lastmile("deployed", "web", SHA, "production")
    assert ran.status == 0
    ((proof, body),) = heard["requests"]
    assert proof == "Bearer hush"
    assert (body["service"], body["sha"], body["environment"], body["state"]) == ("web", SHA, "production", "succeeded")
    assert not (clean / "lastmile.db").exists()


def test_a_server_that_refuses_is_an_error_without_the_token(lastmile, server, monkeypatch):
    told, heard = server
    heard["status"] = 401
    monkeypatch.setenv("LASTMILE_URL", told["url"])
    monkeypatch.setenv("LASTMILE_DEPLOY_TOKEN", "hush")
    ran = lastmile("deployed", "web", SHA, "production")
    assert ran.status == 2
    assert "refused it (401)" in ran.err
    assert "hush" not in ran.err


def test_a_server_wants_a_token_and_an_answer(lastmile, monkeypatch):
    monkeypatch.setenv("LASTMILE_URL", "http://127.0.0.1:9")
    assert "LASTMILE_DEPLOY_TOKEN is not set" in lastmile("deployed", "web", SHA, "production").err
    monkeypatch.setenv("LASTMILE_DEPLOY_TOKEN", "hush")
    ran = lastmile("deployed", "web", SHA, "production")
    assert ran.status == 2
    assert "can't be reached" in ran.err
