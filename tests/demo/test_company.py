"""Is the made-up company the same in every run, and does the real intake understand all of it?"""

import json
from itertools import islice

from demo.company import NOW, company
from demo.forge import deliveries, write_lines
from storage.records import Delivery
from storage.sources.judging import judge


def told():
    return list(write_lines(deliveries(company(), NOW)))


def test_every_run_tells_the_same_story():
    assert told() == told()


def test_the_intake_understands_every_delivery():
    for line in islice(told(), 0, None, 7):
        one = json.loads(line)
        headers = one["headers"]
        taken = judge(
            Delivery("github", headers["X-GitHub-Delivery"], headers, json.dumps(one["payload"]).encode(), NOW)
        )
        assert isinstance(taken.verdict, tuple), (headers, taken.verdict)


def test_nothing_in_it_is_from_after_the_morning_it_is_told():
    assert max(json.loads(line)["received_at"] for line in told()) <= NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
