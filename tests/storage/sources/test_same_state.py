"""Does a backfill over HTTP end in the state that the webhooks, signed and sent over HTTP, would have led to?"""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import datetime

import httpx
import pytest
from starlette.applications import Starlette

from demo.forge import stamp
from storage.ledger import open_ledger
from storage.records import Change, Commit
from storage.sources.backfill import Access, backfill
from storage.sources.gate import Gate
from storage.sources.github_api import GitHub
from storage.sources.webhooks import Reception
from storage.state.rules import FoldRules
from tests.serving import serving
from tests.storage.sources.fake_github import FakeGitHub, data_of
from tests.storage.sources.test_backfill import SINCE, Clock, story

SECRET = "hush"


@pytest.fixture
def ledger(tmp_path):
    """Open a ledger by name; all are closed at the end."""
    opened = {}

    def ledger(name):
        if name not in opened:
            opened[name] = open_ledger(f"sqlite:///{tmp_path / name}.db", FoldRules())
        return opened[name]

    yield ledger
    for one in opened.values():
        one.close()


@pytest.fixture(autouse=True)
def _waits_pass_at_once(monkeypatch):
    async def sleep(_self, seconds):
        pass

    monkeypatch.setattr(GitHub, "sleep", sleep)


def send_all(forge, ledger):
    """Send what the forge sent as signed webhooks over HTTP, each received when it was sent."""
    clock = []
    gate = Gate(ledger.append).start()
    reception = Reception(gate, {"github": SECRET}, lambda: clock[-1])
    with serving(Starlette(routes=reception.routes())) as address, httpx.Client() as client:
        for number, (at, event, payload) in enumerate(forge.sent):
            clock.append(at)
            body = json.dumps(payload).encode()
            signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
            headers = {
                "X-Hub-Signature-256": f"sha256={signature}", "X-GitHub-Event": event, "X-GitHub-Delivery": str(number),
            }  # fmt: skip
            answer = client.post(f"{address}/webhooks/github", content=body, headers=headers)
            assert answer.json() == {"outcome": "new"}
    assert gate.stop(10)


def read_all(forge, ledger, since=SINCE):
    with serving(FakeGitHub(data_of(forge)).app) as address:
        return backfill(ledger, forge.name, since, Access("t0ken", address, Clock()))


def records(ledger, forge):
    """Every change, ticket, milestone, publication and deployment, less what only one of the two ways tells."""
    names = [f"change:{forge.name}#{number}" for number in range(100, 120)]
    names += [f"ticket:{forge.name}#{number}" for number in range(100, 120)]
    names += [f"milestone:{forge.name}#1", f"publication:{forge.name}@v2.3.0"]
    names += [
        f"deployment:github/{payload['deployment']['id']}" for _, event, payload in forge.sent if event == "deployment"
    ]
    return {name: alike(record) for name, record in ledger.get(names).items()}


def alike(record):
    """A merged change's checks are not read again (they hold nobody up any more); last words come with each reading."""
    if isinstance(record, Change):
        return replace(record, checks=record.checks if record.move else (), unknown=())
    return record


def test_a_backfill_ends_in_the_state_that_the_webhooks_led_to(ledger):
    forge = story()
    send_all(forge, ledger("watched"))
    read_all(forge, ledger("read"))
    watched, read = records(ledger("watched"), forge), records(ledger("read"), forge)
    assert len(watched) == 5 + 2 + 1 + 1 + 1
    assert read.keys() == watched.keys()
    for name in watched:
        assert read[name] == watched[name]


@pytest.mark.parametrize("first", ["webhooks", "backfill"])
def test_both_ways_together_end_in_the_same_state_whichever_came_first(ledger, first):
    forge = story()
    send_all(forge, ledger("watched"))
    steps = [lambda: send_all(forge, ledger("both")), lambda: read_all(forge, ledger("both"))]
    for step in steps if first == "webhooks" else reversed(steps):
        step()
    both, watched = records(ledger("both"), forge), records(ledger("watched"), forge)
    assert both.keys() == watched.keys()
    for name in watched:
        assert both[name] == watched[name]


def test_commits_on_the_default_branch_are_known_either_way(ledger):
    forge = story()
    send_all(forge, ledger("watched"))
    read_all(forge, ledger("read"))
    [merged] = [payload["pull_request"] for _, event, payload in forge.sent
                if event == "pull_request" and payload["action"] == "closed" and payload["pull_request"]["merged_at"]]  # fmt: skip
    name = f"commit:{forge.name}@{merged['merge_commit_sha']}"
    found = [ledger(which).get([name])[name] for which in ("watched", "read")]
    assert all(isinstance(commit, Commit) for commit in found)
    assert {(commit.landed_on, stamp(commit.landed_at)) for commit in found} == {("main", merged["merged_at"])}


def test_a_backfill_in_two_pieces_ends_as_one_in_one(ledger):
    forge = story()
    read_all(forge, ledger("whole"))
    read_all(forge, ledger("pieces"), since=datetime.fromisoformat("2026-09-06T00:00:00Z"))
    read_all(forge, ledger("pieces"))
    assert records(ledger("pieces"), forge) == records(ledger("whole"), forge)


def test_how_far_it_got_is_known_of_the_repository(ledger):
    forge = story()
    read_all(forge, ledger("read"))
    repository = ledger("read").get([f"repository:{forge.name}"])[f"repository:{forge.name}"]
    assert (repository.backfill_since, repository.backfill_done) == (SINCE, 1.0)
    assert (repository.private, repository.default_branch) == (False, "main")


def test_forgetting_a_repository_erases_what_was_read_of_it_even_where_it_told_nothing(ledger):
    forge = story()
    forge.sent.clear()
    data = data_of(forge)
    tag = {"id": 1, "before": "0" * 40, "after": "a" * 40, "ref": "refs/tags/v1", "activity_type": "push",
           "timestamp": "2026-10-01T00:00:00Z", "actor": None}  # fmt: skip
    data[f"/repos/{forge.name}/activity"] = [tag]
    with serving(FakeGitHub(data).app) as address:
        backfill(ledger("read"), forge.name, SINCE, Access("t0ken", address, Clock()))
    assert any(b"refs/tags/v1" in one.body for one in ledger("read").export())
    ledger("read").forget_repository(forge.name)
    assert [one.body for one in ledger("read").export()] == []
