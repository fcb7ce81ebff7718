"""Does a repository's past get in, once and to its end, however often the reading is interrupted?"""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from demo.forge import Forge
from storage.records import KnownEvent, Outcome, UnknownEvent
from storage.sources import backfill as backfilling
from storage.sources.backfill import Access, Unreadable, backfill
from storage.sources.github_api import GitHub, Stopped
from storage.sources.marks import last_mark
from tests.serving import serving
from tests.storage.sources.fake_github import FakeGitHub, data_of

BEGAN = datetime(2026, 9, 1, 9, tzinfo=UTC)
SINCE = datetime(2026, 6, 1, tzinfo=UTC)
ROOT = "/repos/acme/api"


class Notebook:
    """A made-up ledger that keeps what it is given."""

    def __init__(self):
        self.taken, self.recorded, self.seen = [], [], set()

    def append(self, taken, counted=None):
        fresh = [one.delivery.delivery_id not in self.seen for one in taken]
        self.seen |= {one.delivery.delivery_id for one in taken}
        self.taken += [one for one, new in zip(taken, fresh, strict=True) if new]
        return [Outcome.NEW if new else Outcome.DUPLICATE for new in fresh]

    def record(self, events, at):
        self.recorded += [
            KnownEvent(e.identity, e.object, e.kind, e.at, at, e.source, e.actor, e.repository, e.data) for e in events
        ]
        return len(events)

    def history(self, object_name):
        return tuple(event for event in self.recorded if event.object == object_name)

    def repositories(self):
        return tuple({event.repository for event in self.recorded})

    def kinds(self):
        return [one.delivery.delivery_id.split(":")[1] for one in self.taken]

    def marks(self):
        return [event.data["done"] for event in self.recorded if event.kind == "repository.backfilled"]


class Clock:
    """Tells another second each time it is asked."""

    def __init__(self, at=datetime(2026, 11, 2, 9, tzinfo=UTC)):
        self.at = at

    def __call__(self):
        self.at += timedelta(seconds=1)
        return self.at


def at(days):
    return BEGAN + timedelta(days=days)


def story():
    """One repository in which a bit of everything happens."""
    forge = Forge("acme/api")
    forge.milestone(at(0), "2.4", at(90), "anna")
    for n in range(5):
        pull = forge.pull(
            at(1 + n), "anna", f"Change {n}", f"topic-{n}", messages=[f"Begin {n}"], milestone="2.4", draft=n == 0
        )
        pull.ask(at(2 + n), "anna", "ben")
        if n == 0:
            pull.ready(at(2.1), "anna")
        pull.comment(at(2.3 + n), "ben", "Looks promising")
        pull.review(at(2.5 + n), "ben", "changes_requested" if n == 1 else "approved")
        forge.check(at(2.6 + n), at(2.7 + n), pull, "test", "failure" if n == 2 else "success")
        if n == 3:
            sha = pull.merge(at(3 + n), "anna")
            forge.deploy(at(3.1 + n), at(3.2 + n), sha, "anna")
        if n == 4:
            pull.abandon(at(3 + n), "anna")
    forge.issue(at(4), "cleo", "Totals are off", ("bug",), "2.4", "anna").close(at(9), "anna")
    forge.issue(at(5), "cleo", "Dark mode", ("feature",))
    forge.publish(at(10), "v2.3.0", "anna")
    return forge


@pytest.fixture
def fake():
    return FakeGitHub(data_of(story()))


@pytest.fixture
def notebook():
    return Notebook()


@pytest.fixture(autouse=True)
def _waits_pass_at_once(monkeypatch):
    async def sleep(_self, seconds):
        pass

    monkeypatch.setattr(GitHub, "sleep", sleep)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def run(fake, notebook, clock):
    def run(name="acme/api", since=SINCE, token="t0ken", stop=None, **more):
        with serving(fake.app) as address:
            access = Access(token, address, clock, stop or threading.Event())
            return backfill(notebook, name, since, access, **more)

    return run


def test_everything_is_read_and_nothing_of_it_is_unknown(run, notebook):
    progress = run()
    assert sorted(set(notebook.kinds())) == [
        "activity", "check_runs", "commits", "deployment", "issue", "milestone", "pull", "release",
    ]  # fmt: skip
    assert [one.verdict for one in notebook.taken if isinstance(one.verdict, UnknownEvent | ValueError)] == []
    assert progress.outcomes == {Outcome.NEW: len(notebook.taken)}
    assert progress.unread == []


def test_what_is_read_is_kept_raw_under_a_name_of_its_own_and_without_a_receipt(run, notebook):
    run()
    pulls = [one.delivery for one in notebook.taken if one.delivery.delivery_id.startswith("rest:pull:")]
    assert len(pulls) == 5
    assert all(b'"timeline"' in pull.body and pull.received_at is None for pull in pulls)
    assert pulls[0].delivery_id == "rest:pull:101:2026-09-03T21:00:00Z"


def test_progress_is_remembered_and_told_from_nothing_to_all(run, notebook):
    heard = []
    run(progress=lambda progress: heard.append(progress.mark.done))
    assert notebook.marks()[0] == 0
    assert notebook.marks()[-1] == 1
    assert heard == sorted(heard)
    mark = last_mark(notebook.history("repository:acme/api"))
    assert (mark.since, mark.done) == (SINCE, 1)
    assert notebook.recorded[-1].data["default_branch"] == "main"


def test_marks_are_left_within_a_stage_too(run, notebook, monkeypatch):
    monkeypatch.setattr(backfilling, "EVERY", 2)
    run()
    in_pulls = [e.data for e in notebook.recorded if e.data["stage"] == "pulls"]
    assert [data["after"] is not None for data in in_pulls] == [True] * len(in_pulls)
    assert len(in_pulls) >= 2
    assert notebook.marks() == sorted(notebook.marks())


def test_reading_again_what_did_not_change_counts_nothing_twice(run, notebook):
    run()
    before = len(notebook.taken)
    again = run()
    assert len(notebook.taken) == before
    assert set(again.outcomes) == {Outcome.DUPLICATE}
    assert not again.resumed


def test_only_what_was_updated_since_is_read(run, notebook, fake):
    run(since=at(5.4))
    numbers = {path for path in fake.counts if "/pulls/" in path and path.count("/") == 5}
    assert numbers == {f"{ROOT}/pulls/{number}" for number in (104, 105)}
    assert "release" in notebook.kinds()
    run(since=at(50))
    assert fake.counts[f"{ROOT}/pulls/104"] == 1


class PlugPulledError(Exception):
    pass


@pytest.mark.parametrize(
    "stage", ["milestone", "activity", "pull", "issue", "release", "deployment", "commits", "check_runs"]
)
def test_interrupted_anywhere_it_goes_on_from_there_and_ends_with_the_same(run, fake, stage, monkeypatch, clock):
    whole = Notebook()
    with serving(fake.app) as address:
        backfill(whole, "acme/api", SINCE, Access("t0ken", address, clock))
    asked_for_whole = len(fake.asked)

    notebook = Notebook()
    append = notebook.append

    def fails(taken, counted=None):
        if any(f":{stage}:" in one.delivery.delivery_id for one in taken) and notebook.kinds().count(stage) == (
            stage == "pull"
        ):
            raise PlugPulledError
        return append(taken, counted)

    notebook.append = fails
    with serving(fake.app) as address:
        with pytest.raises(PlugPulledError):
            backfill(notebook, "acme/api", SINCE, Access("t0ken", address, clock))
        halfway = last_mark(notebook.history("repository:acme/api"))
        assert halfway.done < 1
        notebook.append = append
        fake.asked.clear()
        progress = backfill(notebook, "acme/api", SINCE, Access("t0ken", address, clock))
    assert progress.resumed
    assert progress.mark.began_at == halfway.began_at
    assert notebook.seen == whole.seen
    assert len(fake.asked) < asked_for_whole or stage == "milestone"


def test_another_since_is_another_backfill(run, notebook, fake):
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        run(stop=stop)
    run(since=SINCE - timedelta(days=1))
    assert not run(since=SINCE - timedelta(days=2)).resumed


def test_stopping_keeps_what_was_read_and_leaves_a_mark(run, notebook, monkeypatch):
    monkeypatch.setattr(backfilling, "EVERY", 1)
    stop = threading.Event()

    def told(progress):
        if progress.mark.done:
            stop.set()

    with pytest.raises(Stopped):
        run(stop=stop, progress=told)
    assert 0 < notebook.marks()[-1] < 1
    assert notebook.taken
    assert run().resumed


def test_objects_that_github_fails_to_show_are_named_and_the_rest_is_read(run, notebook, fake):
    fake.script.extend([("/issues/102/timeline", 502, {}, {})] * 6)
    progress = run()
    assert progress.unread == ["acme/api#102"]
    assert notebook.kinds().count("pull") == 4


def test_when_github_is_down_the_run_ends_and_says_so(run, notebook, fake):
    fake.script.extend([("/timeline", 502, {}, {})] * 100)
    with pytest.raises(Unreadable, match="begin again later"):
        run()
    assert 0 < notebook.marks()[-1] < 1


def test_a_repository_that_is_not_there_is_said_in_words(run, notebook):
    with pytest.raises(Unreadable, match="no repository acme/other"):
        run("acme/other")
    assert notebook.recorded == []


def test_a_wrong_token_is_said_in_words_that_do_not_hold_it(run):
    with pytest.raises(Unreadable, match="refuses GITHUB_TOKEN") as raised:
        run(token="wr0ng")
    assert "wr0ng" not in str(raised.value)


def test_lists_that_are_closed_to_us_are_named_and_the_rest_is_read(run, notebook, fake):
    del fake.data[f"{ROOT}/activity"]
    del fake.data[f"{ROOT}/deployments"]
    progress = run()
    assert progress.closed == [f"{ROOT}/activity", f"{ROOT}/deployments"]
    assert notebook.marks()[-1] == 1


def test_the_repository_is_called_as_the_forge_writes_it(run, notebook, fake):
    fake.data["/repos/Acme/API"] = fake.data[ROOT]
    assert run("Acme/API").repository == "acme/api"
    assert {event.object for event in notebook.recorded} == {"repository:acme/api"}


def test_comments_that_the_timeline_tells_are_not_asked_for_again(run, fake):
    run()
    assert f"{ROOT}/issues/101/comments" not in fake.counts
    fake.data[f"{ROOT}/issues/101/timeline"] = []
    fake.asked.clear()
    run()
    assert fake.counts[f"{ROOT}/issues/101/comments"] == 1


def test_a_change_whose_conflicts_github_had_not_worked_out_is_asked_for_once_more(run, fake):
    fake.data[f"{ROOT}/pulls/101"]["mergeable"] = None
    run()
    assert fake.counts[f"{ROOT}/pulls/101"] == 2
    assert fake.counts[f"{ROOT}/pulls/102"] == 1


def test_release_branches_are_read_beside_the_default_branch_and_topics_are_not(run, notebook, fake):
    fake.data[f"{ROOT}/branches"] += [{"name": "release/2.4"}]
    run()
    branches = [one["sha"] for path, one in fake.asked if path == f"{ROOT}/commits"]
    assert branches == ["main", "release/2.4"]
