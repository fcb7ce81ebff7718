"""When did a deployment happen that a pipeline tells of without a time?"""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from storage.sources.deployed import delivery, timed
from storage.sources.judging import judge

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
TOLD = {"service": "api", "sha": "a" * 40, "environment": "production"}


def test_without_a_time_it_happened_when_it_was_told():
    assert json.loads(timed(json.dumps(TOLD).encode(), NOW)) == {**TOLD, "at": "2026-11-02T09:00:00Z"}


def test_the_time_is_written_in_utc_whatever_the_clock_s_zone():
    elsewhere = NOW.astimezone(timezone(timedelta(hours=5)))
    assert timed(b"{}", elsewhere) == b'{"at": "2026-11-02T09:00:00Z"}'


@pytest.mark.parametrize(
    "body",
    [
        b'{"service": "api",  "at": "2026-11-01T00:00:00Z"}',
        b'{"service": "api",  "id": "run 5"}',
        b'{"service": "api",  "id": 0}',
        b"[1]",
        b"nonsense",
        b"",
        b"[" * 100_000,
    ],
)
def test_a_body_that_names_its_time_or_itself_or_nothing_at_all_stays_as_it_is(body):
    assert timed(body, NOW) == body


def test_a_commit_deployed_twice_is_two_deployments():
    first, second = delivery(TOLD, NOW), delivery(TOLD, NOW + timedelta(hours=1))
    assert first.delivery_id != second.delivery_id
    assert judge(first).verdict[0].object != judge(second).verdict[0].object


def test_a_pipeline_s_id_makes_two_tellings_one_deployment():
    told = {**TOLD, "id": "run 5", "at": None, "url": None}
    first, second = delivery(told, NOW), delivery(told, NOW + timedelta(hours=1))
    assert first.delivery_id == second.delivery_id
    [event] = judge(first).verdict
    assert (event.kind, event.object, event.at) == (
        "service.deployed", f"deployment:lastmile/api/{'a' * 40}/production/run 5", None,
    )  # fmt: skip
