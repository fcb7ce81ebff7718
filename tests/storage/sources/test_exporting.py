"""Does everything that was ever learnt leave the ledger, so that another learns the same?"""

import io
import json
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from demo.forge import deliveries, write_lines
from storage.ledger import open_ledger
from storage.records import Delivery, Event, UnknownEvent
from storage.sources.backfill import Access, backfill
from storage.sources.deployed import delivery
from storage.sources.exporting import export_lines
from storage.sources.importing import import_files
from storage.sources.judging import judge
from storage.state.rules import FoldRules
from tests.serving import serving
from tests.storage.sources.fake_github import FakeGitHub, data_of
from tests.storage.sources.test_backfill import SINCE, Clock, story

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


class Place:
    """A folder with ledgers, and how to move what they know."""

    def __init__(self, folder):
        self.folder = folder
        self.opened = {}

    def ledger(self, name):
        if name not in self.opened:
            self.opened[name] = open_ledger(f"sqlite:///{self.folder / name}.db", FoldRules())
        return self.opened[name]

    def fill(self, name):
        file = self.folder / "story.ndjson"
        file.write_text("".join(write_lines(deliveries([story()], NOW))))
        import_files([file], self.ledger(name))

    def export(self, name):
        out = io.BytesIO()
        export_lines(self.ledger(name), out)
        return out.getvalue()

    def move(self, name, to):
        file = self.folder / f"{name}.ndjson"
        file.write_bytes(self.export(name))
        return import_files([file], self.ledger(to))

    def rows(self, name, columns, table):
        with sqlite3.connect(self.folder / f"{name}.db") as base:
            return sorted(base.execute(f"SELECT {columns} FROM {table}"))

    def learnt(self, name):
        """What answers are made of: states, turns, hints, links, and events with their times."""
        return {
            "state": self.rows(name, "*", "state"),
            "turn": self.rows(name, "*", "turn"),
            "hint": self.rows(name, "*", "hint"),
            "link": self.rows(name, "*", "link"),
            "event": self.rows(name, "identity, object, kind, at, known_at, source, actor, data", "event"),
        }


@pytest.fixture
def place(tmp_path):
    place = Place(tmp_path)
    yield place
    for one in place.opened.values():
        one.close()


def planned(number=4):
    name = f"release:checkout@2.{number}"
    data = {"product": "checkout", "version": f"2.{number}", "name": f"2.{number}"}
    return Event(f"{name}|release.planned|x", name, "release.planned", NOW, "lastmile", "person/anna", None, data)


def test_an_empty_ledger_that_imports_an_export_has_learnt_the_same(place):
    place.fill("first")
    totals = place.move("first", "second")
    assert totals.new == totals.lines > 40
    assert place.learnt("second") == place.learnt("first")


def test_decisions_go_along_with_who_and_when(place):
    place.fill("first")
    place.ledger("first").record([planned()], NOW + timedelta(hours=1))
    place.move("first", "second")
    assert place.learnt("second") == place.learnt("first")
    [event] = place.ledger("second").history("release:checkout@2.4")
    assert (event.actor, event.at, event.known_at) == ("person/anna", NOW, NOW + timedelta(hours=1))


def test_deployments_of_pipelines_go_along_once(place):
    told = {"service": "api", "sha": "a" * 40, "environment": "production"}
    place.ledger("first").append([judge(delivery(told, NOW))])
    assert len(place.export("first").splitlines()) == 1
    place.move("first", "second")
    assert place.learnt("second") == place.learnt("first")


def test_what_was_read_by_rest_goes_along_with_how_far_it_got(place):
    with serving(FakeGitHub(data_of(story())).app) as address:
        backfill(place.ledger("first"), "acme/api", SINCE, Access("t0ken", address, Clock()))
    place.move("first", "second")
    assert place.learnt("second") == place.learnt("first")


def test_what_nobody_understood_goes_along_byte_for_byte(place):
    bodies = [b"not JSON", b'{"a":\n1}', b'{"a": "\xff"}', b"", b'{"zen": "x"}']
    odd = [Delivery("github", f"d-{n}", {"x-github-event": "moon"}, body, NOW) for n, body in enumerate(bodies)]
    place.ledger("first").append([judge(one) for one in odd])
    place.move("first", "second")
    assert list(place.ledger("second").export()) == odd
    assert place.ledger("second").figures().deliveries == place.ledger("first").figures().deliveries


def test_a_second_import_of_the_same_export_changes_nothing(place):
    place.fill("first")
    place.ledger("first").record([planned()], NOW)
    place.move("first", "second")
    before = place.learnt("second")
    again = place.move("first", "second")
    assert (again.new, again.duplicate) == (0, again.lines)
    assert place.learnt("second") == before


def test_what_was_learnt_of_pruned_deliveries_goes_along_all_the_same(place):
    place.fill("first")
    place.ledger("first").prune(NOW - timedelta(days=57))
    place.move("first", "second")
    assert place.learnt("second") == place.learnt("first")


def test_no_signature_leaves_whatever_was_stored(place):
    headers = {"x-hub-signature-256": "sha256=secret", "authorization": "Bearer secret", "x-github-event": "ping"}
    one = Delivery("github", "d-1", headers, b'{"zen": "Keep it logically awesome."}', NOW)
    place.ledger("first").append([judge(one)])
    assert b"secret" not in place.export("first")


def test_every_line_is_one_json_object_as_documented(place):
    place.fill("first")
    first = json.loads(place.export("first").splitlines()[0])
    assert first.keys() == {"source", "headers", "received_at", "payload"}
    assert first["source"] == "github"
    assert first["headers"].keys() == {"X-GitHub-Event", "X-GitHub-Delivery"}
    assert first["received_at"].endswith("Z")


def test_progress_tells_the_number_of_lines(place):
    place.fill("first")
    heard = []
    assert export_lines(place.ledger("first"), io.BytesIO(), heard.append) == heard[-1] > 40


def test_an_empty_ledger_exports_nothing(place):
    assert place.export("first") == b""


def test_an_event_line_without_its_times_is_bad_and_changes_nothing(place):
    file = place.folder / "events.ndjson"
    event = {"identity": "x", "object": "release:a@1", "kind": "release.planned", "source": "lastmile"}
    lines = [
        {"event": {**event, "at": "2026-11-02T09:00:00Z"}},
        {"event": {**event, "at": "2026-11-02T09:00:00"}, "known_at": "2026-11-02T09:00:00Z"},
        {"event": {**event, "at": None}, "known_at": "2026-11-02T09:00:00"},
        {"event": {"identity": "x"}, "known_at": "2026-11-02T09:00:00Z"},
    ]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    totals = import_files([file], place.ledger("first"))
    assert [number for _, number, _ in totals.bad] == [1, 2, 3, 4]
    assert place.learnt("first")["event"] == []


def test_no_unknown_delivery_is_made_of_what_a_story_holds(place):
    place.fill("first")
    assert [one for one in place.ledger("first").export() if isinstance(judge(one).verdict, UnknownEvent)] == []
