"""What did a source tell us while we were not there to hear it?"""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from storage.sources.backfill import Access, backfill
from storage.sources.github_api import GitHub, Stopped
from storage.sources.reconcile import FIRST, OVERLAP, due_since, reconcile
from tests.serving import serving
from tests.storage.sources.fake_github import FakeGitHub, data_of
from tests.storage.sources.test_backfill import Clock, Notebook, story

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
SINCE = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _waits_pass_at_once(monkeypatch):
    async def sleep(_self, seconds):
        pass

    monkeypatch.setattr(GitHub, "sleep", sleep)


@pytest.fixture
def fake():
    return FakeGitHub(data_of(story()))


@pytest.fixture
def notebook():
    return Notebook()


@pytest.fixture
def run(fake, notebook):
    def run(*names, clock=None, stop=None):
        with serving(fake.app) as address:
            access = Access("t0ken", address, clock or Clock(), stop or threading.Event())
            return reconcile(notebook, names, access)

    return run


def test_a_repository_of_which_nothing_was_read_is_read_for_the_last_quarter(run, notebook):
    [done] = run("acme/api")
    assert done.since == NOW + timedelta(seconds=1) - FIRST
    assert done.failed is None
    assert "pull" in notebook.kinds()


def test_that_it_was_reconciled_is_recorded_with_when_it_began(run, notebook):
    run("acme/api")
    [event] = notebook.recorded
    assert (event.kind, event.object, event.source) == ("repository.reconciled", "repository:acme/api", "lastmile")
    assert event.data["began_at"] == "2026-11-02T09:00:01Z"
    assert event.at > NOW


def test_the_next_time_only_what_changed_since_is_read(run, notebook, fake):
    run("acme/api")
    fake.asked.clear()
    pull = fake.data["/repos/acme/api/pulls/101"]
    pull["updated_at"] = "2026-11-02T12:00:00Z"
    [done] = run("acme/api", clock=Clock(NOW + timedelta(hours=6)))
    assert done.since == NOW + timedelta(seconds=1) - OVERLAP
    assert [path for path in fake.counts if path.endswith("/timeline")] == ["/repos/acme/api/issues/101/timeline"]
    assert notebook.taken[-1].delivery.delivery_id == "rest:pull:101:2026-11-02T12:00:00Z"


def test_after_a_backfill_only_what_changed_since_its_beginning_is_read(notebook, fake):
    clock = Clock()
    with serving(fake.app) as address:
        access = Access("t0ken", address, clock)
        backfill(notebook, "acme/api", SINCE, access)
        [done] = reconcile(notebook, ["acme/api"], access)
    assert done.since == NOW + timedelta(seconds=1) - OVERLAP


def test_a_backfill_s_mark_is_left_alone(run, notebook, fake):
    stop = threading.Event()
    with serving(fake.app) as address, pytest.raises(Stopped):
        backfill(
            notebook, "acme/api", SINCE, Access("t0ken", address, Clock(), stop), progress=lambda _progress: stop.set()
        )
    marks = notebook.marks()
    run("acme/api")
    assert notebook.marks() == marks


def test_one_that_fails_takes_no_other_down_and_says_why(run, notebook):
    gone, done = run("acme/gone", "acme/api")
    assert "no repository acme/gone" in gone.failed
    assert done.failed is None
    assert {event.repository for event in notebook.recorded} == {"acme/api"}


def test_one_that_failed_is_read_from_the_same_time_again(run, notebook, fake):
    run("acme/api")
    fake.script.extend([("/milestones", 502, {}, {})] * 6)
    [failed] = run("acme/api", clock=Clock(NOW + timedelta(hours=6)))
    assert failed.failed
    assert due_since(notebook, "acme/api", NOW + timedelta(hours=12)) == failed.since


def test_how_the_configuration_writes_a_name_does_not_matter(run, notebook):
    run("acme/api")
    assert due_since(notebook, "Acme/API", NOW + timedelta(hours=6)) > NOW - FIRST


def test_it_stops_when_the_process_stops(run, notebook):
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        run("acme/api", stop=stop)
    assert notebook.recorded == []
