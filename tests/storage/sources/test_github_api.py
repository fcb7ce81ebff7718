"""Is GitHub's REST API read without breaking its limits, through its bad minutes and ours?"""

import asyncio
import threading
from datetime import UTC, datetime

import gidgethub
import httpx
import pytest

from storage.sources import github_api
from storage.sources.github_api import GitHub, Stopped
from tests.serving import serving
from tests.storage.sources.fake_github import FakeGitHub

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LIST = "/repos/acme/api/things"


@pytest.fixture
def fake():
    return FakeGitHub({LIST: [{"id": n, "updated_at": "2026-11-01T00:00:00Z"} for n in range(7)], "/one": {"id": 1}})


@pytest.fixture
def waited(monkeypatch):
    """Waits pass at once, and are remembered."""
    waits = []

    async def sleep(_self, seconds):
        waits.append(seconds)

    monkeypatch.setattr(GitHub, "sleep", sleep)
    return waits


@pytest.fixture
def read(fake):
    """Run something against the fake; gives what it gave."""

    def read(doing, **changed):
        async def run(address):
            async with httpx.AsyncClient(timeout=5, follow_redirects=True) as client:
                settings = {"token": "t0ken", "base_url": address, "clock": lambda: NOW, "stop": threading.Event()}
                return await doing(GitHub(client, **{**settings, **changed}))

        with serving(fake.app) as address:
            return asyncio.run(run(address))

    return read


def ids(things):
    return [one["id"] for one in things]


def test_a_list_is_read_page_after_page_by_its_links(fake, read):
    fake.largest_page = 3
    assert ids(read(lambda github: github.listed(LIST))) == list(range(7))
    assert [asked.get("page", "1") for _, asked in fake.asked] == ["1", "2", "3"]
    assert {asked["per_page"] for _, asked in fake.asked} == {"100"}


def test_a_list_that_is_not_ours_to_read_is_empty_and_named(fake, read):
    fake.script.append(("things", 403, {}, {"message": "Resource not accessible by personal access token"}))

    async def doing(github):
        return await github.listed(LIST), await github.listed("/repos/acme/api/issues/5/timeline"), github.closed

    assert read(doing) == ([], [], {LIST, "/repos/acme/api/issues/.../timeline"})


def test_an_item_that_is_gone_is_none(read):
    assert read(lambda github: github.item("/other")) is None
    assert read(lambda github: github.item("/one")) == {"id": 1}


def test_a_wrong_token_is_an_error_at_once(fake, read, waited):
    with pytest.raises(gidgethub.BadRequest, match="Bad credentials"):
        read(lambda github: github.item("/one"), token="wrong")
    assert len(fake.asked) == 1
    assert waited == []


def test_with_the_window_used_up_the_next_request_waits_for_the_new_one(fake, read, waited):
    fake.largest_page, fake.left, fake.reset = 3, 2, NOW.timestamp() + 600

    def refill(seconds):
        fake.left = 5_000
        waited.append(("told", seconds))

    async def doing(github):
        async def sleep(seconds):
            refill(seconds)

        github.sleep = sleep
        return await github.listed(LIST)

    assert ids(read(doing)) == list(range(7))
    assert waited == [("told", 601.0)]
    assert len(fake.asked) == 3  # the third was not even tried before


@pytest.mark.parametrize(
    ("status", "headers", "message", "wait"),
    [
        (403, {"retry-after": "17"}, "You have exceeded a secondary rate limit", 17.0),
        (429, {"retry-after": "17"}, "Slow down", 17.0),
        (403, {}, "You have exceeded a secondary rate limit", 60.0),
        (429, {}, "", 60.0),
        (429, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(NOW.timestamp() + 30)}, "", 31.0),
        (403, {"x-ratelimit-limit": "60", "x-ratelimit-remaining": "0", "x-ratelimit-reset": str(NOW.timestamp() + 30)},
         "API rate limit exceeded", 31.0),
        (403, {"retry-after": "999999"}, "secondary rate limit", 3_700.0),
        (500, {}, "", 1.0),
        (502, {}, "", 1.0),
        (503, {"retry-after": "5"}, "", 5.0),
    ],
)  # fmt: skip
def test_a_not_now_is_waited_out_as_it_asks(fake, read, waited, status, headers, message, wait):  # noqa: PLR0917  a table
    fake.script.append(("one", status, headers, {"message": message}))
    assert read(lambda github: github.item("/one")) == {"id": 1}
    assert waited == [wait]


def test_a_list_goes_on_after_a_bad_minute_in_its_middle(fake, read, waited):
    fake.largest_page = 3
    fake.script.extend([("nothing", 500, {}, {})])

    async def doing(github):
        found = []
        async for one in github.items(LIST):
            if one["id"] == 2:
                fake.script.append(("things", 500, {}, {}))
            found.append(one["id"])
        return found

    assert read(doing) == list(range(7))
    assert waited == [1.0]


def test_bad_minutes_that_do_not_end_are_given_up_after_longer_and_longer_waits(fake, read, waited):
    fake.script.extend([("one", 502, {}, {})] * 20)
    with pytest.raises(gidgethub.GitHubBroken):
        read(lambda github: github.item("/one"))
    assert waited == [1.0, 2.0, 4.0, 8.0, 16.0]
    assert len(fake.asked) == 6


def test_a_limit_that_does_not_end_is_an_error_and_never_an_empty_list(fake, read, waited):
    fake.script.extend([("things", 403, {}, {"message": "secondary rate limit"})] * 20)
    with pytest.raises(gidgethub.BadRequest):
        read(lambda github: github.listed(LIST))


def test_a_connection_that_breaks_is_tried_again(read, waited, monkeypatch):
    broken = iter([True, True, False])
    request = httpx.AsyncClient.request

    async def sometimes(self, *args, **kwargs):
        if next(broken):
            message = "reset"
            raise httpx.ReadError(message)
        return await request(self, *args, **kwargs)

    monkeypatch.setattr(httpx.AsyncClient, "request", sometimes)
    assert read(lambda github: github.item("/one")) == {"id": 1}
    assert waited == [1.0, 2.0]


def test_a_repository_that_moved_is_followed(fake, read):
    fake.script.append(("old", 301, {"location": "/one"}, {"message": "Moved Permanently"}))
    assert read(lambda github: github.item("/old")) == {"id": 1}


def test_a_wait_ends_when_the_process_stops(read, monkeypatch):
    monkeypatch.setattr(github_api, "SLICE", 0.01)
    stop, heard = threading.Event(), []

    def told(seconds):
        heard.append(seconds)
        threading.Timer(0.05, stop.set).start()

    with pytest.raises(Stopped):
        read(lambda github: github.sleep(3_600), stop=stop, told=told)
    assert heard == [3_600]


def test_nothing_is_asked_once_the_process_stops(fake, read):
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        read(lambda github: github.item("/one"), stop=stop)
    assert fake.asked == []


def test_the_token_is_in_no_repr():
    from storage.sources.backfill import Access

    assert "t0ken" not in repr(Access("t0ken", "https://api.github.example", lambda: NOW))
