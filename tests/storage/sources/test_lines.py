"""Does a delivery survive being written as one line and read back, byte for byte?"""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from storage.records import Delivery
from storage.sources.lines import BadLine, read_line, write_line

LINE = {
    "source": "github",
    "headers": {"X-GitHub-Event": "pull_request", "X-GitHub-Delivery": "d-1"},
    "received_at": "2026-11-02T09:00:00Z",
    "payload": {"action": "opened"},
}


def line(**changed):
    return json.dumps({name: value for name, value in {**LINE, **changed}.items() if value != "gone"}).encode()


def delivery(body=b'{"a": 1}', **changed):
    said = {
        "source": "github", "delivery_id": "d-1", "headers": {"x-github-event": "push", "x-github-delivery": "d-1"},
        "body": body, "received_at": datetime(2026, 11, 2, 9, 0, 0, 123, tzinfo=UTC),
    }  # fmt: skip
    return Delivery(**{**said, **changed})


def test_a_line_as_documented_is_a_delivery():
    assert read_line(line()) == Delivery(
        "github", "d-1", {"x-github-event": "pull_request", "x-github-delivery": "d-1"},
        b'{"action": "opened"}', datetime(2026, 11, 2, 9, 0, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize("said", ["2026-11-02T10:00:00+01:00", "2026-11-02T09:00:00.000Z", "2026-11-01T23:00:00-10:00"])
def test_a_receipt_in_any_zone_is_the_same_instant(said):
    assert read_line(line(received_at=said)).received_at == datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("said", ["gone", None])
def test_history_may_come_without_a_receipt(said):
    assert read_line(line(received_at=said)).received_at is None


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (line(received_at="2026-11-02T09:00:00"), "timezone"),
        (line(received_at="yesterday"), "received_at"),
        (line(received_at=5), "received_at"),
        (line(source="gone"), "source"),
        (line(source=""), "source"),
        (line(source=7), "source"),
        (line(headers={"X-GitHub-Event": 7}), "headers"),
        (line(headers=[]), "headers"),
        (line(payload="gone"), "payload"),
        (line(payload="gone", body_base64="!"), "base64"),
        (b"{", "JSON|truncated"),
        (b"[]", "object"),
        (b"null", "object"),
        (b'{"source": "github", "payload": {} } x', "JSON"),
        (b'{"payload": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "recursion"),
        (b"\xff\xfe\x00", "JSON"),
        (line(received_at="0001-01-01T00:00:00+14:00"), "received_at"),
    ],
)
def test_a_bad_line_says_what_is_wrong_with_it(bad, why):
    with pytest.raises(BadLine, match=rf"(?i){why}"):
        read_line(bad)


def test_a_bad_line_is_never_quoted():
    with pytest.raises(BadLine) as raised:
        read_line(b'{"source": "github", "received_at": "Anna\'s secret title", "payload": {}}')
    assert "Anna" not in str(raised.value)


@pytest.mark.parametrize("odd", ['{"title": "\\ud800"}', '{"n": NaN}', '{"n": 1e999}', '{"n": ' + "9" * 400 + "}"])
def test_what_only_lenient_readers_take_is_taken(odd):
    payload = read_line(b'{"source": "github", "payload": ' + odd.encode() + b"}").body
    assert json.loads(payload) is not None


def test_a_file_that_brings_signatures_leaves_them_behind():
    read = read_line(line(headers={"X-Hub-Signature-256": "sha256=00", "Authorization": "x", "X-GitHub-Event": "push"}))
    assert read.headers == {"x-github-event": "push"}


def test_a_source_that_nobody_reads_yet_keeps_what_says_its_event_but_not_its_token():
    read = read_line(line(source="gitlab", headers={"X-Gitlab-Event": "Push Hook", "X-Gitlab-Token": "hush"}))
    assert read.headers == {"x-gitlab-event": "Push Hook"}


def test_signatures_are_not_written_even_where_they_were_stored():
    written = write_line(delivery(headers={"x-hub-signature-256": "sha256=00", "x-github-event": "push"}))
    assert b"sha256=00" not in written
    assert json.loads(written)["headers"] == {"X-GitHub-Event": "push"}


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": 1}',
        b'{"b":  [1.50, 1e3, 12345678901234567890123], "a": "\\u00e9\xc3\xa9"}',
        b"{}",
        b"",
        b"not JSON",
        b'{"a":\n1}',
        b' {"a": 1}',
        b'{"a": 1}\n',
        b"\xff",
        b'{"a": "\xff"}',
        b'{"a": "\\ud800"}',
        b"payload=%7B%7D",
        b"[" * 5_000 + b"]" * 5_000,
        b'{"a": NaN}',
        b"{}{}",
        b'{"source": "x"}, "received_at": null',
    ],
)
def test_a_body_comes_back_byte_for_byte(body):
    written = write_line(delivery(body))
    assert written.count(b"\n") == 1
    assert read_line(written) == delivery(body)


@given(some.binary() | some.recursive(some.none() | some.text() | some.floats(allow_nan=False), some.lists).map(
    lambda value: json.dumps(value).encode()
))  # fmt: skip
def test_any_body_comes_back_byte_for_byte(body):
    assert read_line(write_line(delivery(body))) == delivery(body)


@pytest.mark.parametrize(
    "one",
    [
        delivery(received_at=None),
        delivery(source="github_rest", delivery_id="rest:pull:5:2026-11-02T09:00:00Z", headers={}),
        delivery(source="lastmile", delivery_id="run 5", headers={"content-type": "application/json"}),
        delivery(delivery_id="d-2"),
    ],
    ids=["no receipt", "by REST", "a pipeline's", "another number than its header"],
)
def test_every_kind_of_delivery_comes_back_the_same(one):
    assert read_line(write_line(one)) == one
