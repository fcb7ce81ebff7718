"""How does a file of deliveries get in, whatever its size and whatever is wrong with its lines?"""

import gzip
import io
import json
import tracemalloc

import pytest

from storage.records import Ignored, Outcome, UnknownEvent
from storage.sources import importing
from storage.sources.importing import Import, import_files


class Store:
    """A made-up ledger that knows duplicates and remembers how much it was given at once."""

    def __init__(self, keep=True):
        self.keep = keep
        self.taken = []
        self.seen = set()
        self.batches = []

    def append(self, taken, counted=None):
        self.batches.append(len(taken))
        if self.keep:
            self.taken += taken
        return [self.outcome(one) for one in taken]

    def outcome(self, taken):
        key = (taken.delivery.source, taken.delivery.delivery_id)
        if key in self.seen:
            return Outcome.DUPLICATE
        self.seen.add(key)
        kinds = {Ignored: Outcome.IGNORED, UnknownEvent: Outcome.UNKNOWN}
        return kinds.get(
            type(taken.verdict), Outcome.MALFORMED if isinstance(taken.verdict, ValueError) else Outcome.NEW
        )


def line(number, event="milestone", **changed):
    payload = {
        "action": "created",
        "milestone": {
            "number": number, "title": f"2.{number}", "created_at": "2026-11-02T09:00:00Z",
            "updated_at": "2026-11-02T09:00:00Z",
        },
        "repository": {"full_name": "acme/api"},
    }  # fmt: skip
    headers = {"X-GitHub-Event": event, "X-GitHub-Delivery": f"d-{number}"}
    said = {"source": "github", "headers": headers, "received_at": "2026-11-02T09:00:00Z", "payload": payload}
    return json.dumps({**said, **changed}).encode() + b"\n"


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def write(tmp_path):
    def write(*lines, name="deliveries.ndjson", opened=open):
        path = tmp_path / name
        with opened(path, "wb") as file:
            file.writelines(lines)
        return path

    return write


def test_every_line_is_counted_by_what_became_of_it(store, write):
    path = write(line(1), line(2), line(1), line(3, event="ping"), line(4, event="moon"), line(5, payload=[1]), b"{\n")
    totals = import_files([path], store)
    counts = (totals.new, totals.duplicate, totals.ignored, totals.unknown, totals.malformed)
    assert counts == (2, 1, 1, 1, 2)
    assert totals.lines == 7
    assert totals.read == totals.size == path.stat().st_size


def test_bad_lines_are_named_by_file_and_number_and_the_rest_goes_in(store, write):
    first = write(line(1), b"\n", b"nonsense\n", line(2), name="a.ndjson")
    second = write(line(3, received_at="2026-11-02T09:00:00"), line(4), line(5, payload=7), name="b.ndjson")
    totals = import_files([first, second], store)
    assert [(name, number) for name, number, _ in totals.bad] == [(str(first), 3), (str(second), 1), (str(second), 3)]
    assert "zone" in totals.bad[1][2]
    assert totals.new == 3


def test_a_last_line_without_an_end_a_mark_at_the_beginning_and_windows_ends_are_no_matter(store, write):
    path = write(b"\xef\xbb\xbf" + line(1), line(2).strip() + b"\r\n", b"  \r\n", line(3).strip())
    totals = import_files([path], store)
    assert (totals.new, totals.malformed) == (3, 0)


def test_a_packed_file_is_read_by_its_content_whatever_its_name(store, write):
    path = write(line(1), b"{\n", line(2), name="deliveries.txt", opened=gzip.open)
    totals = import_files([path], store)
    assert (totals.new, totals.bad[0][1]) == (2, 2)
    assert totals.read == path.stat().st_size


def test_a_packed_file_that_breaks_off_gives_what_it_holds_and_says_where(store, write):
    path = write(*(line(number) for number in range(2_000)), opened=gzip.open)
    path.write_bytes(path.read_bytes()[:-2_000])
    totals = import_files([path], store)
    assert totals.new > 100
    assert totals.bad[-1][2] == "the archive breaks off here"


def test_a_line_longer_than_any_delivery_is_skipped_in_pieces(store, write, monkeypatch):
    monkeypatch.setattr(importing, "LONGEST", 1_000)
    path = write(line(1), b'{"x": "' + b"a" * 5_000 + b'"}\n', line(2), b"b" * 1_000)
    totals = import_files([path], store)
    assert totals.new == 2
    assert [(number, "longer" in why) for _, number, why in totals.bad] == [(2, True), (4, True)]


def test_an_empty_file_and_no_file_are_an_import_of_nothing(store, write):
    assert import_files([write()], store).lines == 0
    assert import_files([], store).lines == 0
    assert store.batches == []


def test_a_file_that_is_not_there_is_an_error_before_anything_is_taken(store, write, tmp_path):
    with pytest.raises(FileNotFoundError):
        import_files([write(line(1)), tmp_path / "missing"], store)
    assert store.taken == []


def test_lines_go_in_by_batches_and_progress_is_told_after_each(store, write, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 10)
    heard = []
    path = write(*(line(number) for number in range(1, 26)))
    import_files([path], store, progress=lambda totals: heard.append((totals.new, totals.read <= totals.size)))
    assert store.batches == [10, 10, 5]
    assert heard == [(10, True), (20, True), (25, True)]


def test_large_deliveries_make_smaller_batches(store, write, monkeypatch):
    monkeypatch.setattr(importing, "BATCH_BYTES", 3_000)
    import_files([write(*(line(n, payload={"x": "y" * 1_000}) for n in range(6)))], store)
    assert store.batches == [3, 3]


def test_an_import_that_was_stopped_is_begun_again_and_counts_once(store, write):
    path = write(*(line(number) for number in range(5)))
    import_files([path], store)
    again = import_files([path], store)
    assert (again.new, again.duplicate) == (0, 5)


def test_a_pipe_is_read_as_well(store):
    class Pipe(io.BytesIO):
        def seekable(self):
            return False

    running = Import(store)
    running.take("-", io.BufferedReader(Pipe(line(1) + b"x\n" + line(2))))
    assert (running.totals.new, running.totals.bad[0][:2]) == (2, ("-", 2))


def test_bad_lines_beyond_a_thousand_are_counted_but_not_named(store, write):
    totals = import_files([write(b"x\n" * 1_500)], store)
    assert (totals.malformed, len(totals.bad)) == (1_500, 1_000)


def peak_of(path):
    """The least memory of three imports: other threads of the test process allocate too."""
    peaks = []
    for _ in range(3):
        store = Store(keep=False)
        store.outcome = lambda _taken: Outcome.NEW
        tracemalloc.start()
        import_files([path], store)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    return min(peaks)


def test_memory_does_not_grow_with_the_file(write, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 100)
    peaks = [
        peak_of(write(*(line(n, payload={"x": "y" * 2_000}) for n in range(number)), b"bad\n" * number))
        for number in (300, 3_000)
    ]
    assert peaks[1] < peaks[0] * 1.5
