"""Is somebody of the made-up company gone from everything stored, once they are forgotten?"""

import json
from datetime import datetime

import pytest

from demo.company import NOW, company
from demo.forge import deliveries
from storage.records import Delivery
from storage.sources.judging import judge
from tests.ledgers import stored


def told():
    for line in deliveries(company(), NOW):
        headers = line["headers"]
        received = datetime.fromisoformat(line["received_at"])
        body = json.dumps(line["payload"]).encode()
        yield judge(Delivery("github", headers["X-GitHub-Delivery"], headers, body, received))


@pytest.mark.timeout(180)
def test_neither_the_login_nor_the_address_of_a_forgotten_person_is_in_any_row(sqlite_ledger):
    everything = list(told())
    for start in range(0, len(everything), 500):
        sqlite_ledger.append(everything[start : start + 500])
    before = sqlite_ledger.figures()
    assert b"joon-p@tidewater.example" in stored(sqlite_ledger)
    sqlite_ledger.forget_person("person/joon", ["github/joon-p"], [], ["Joon Park"])
    left = stored(sqlite_ledger)
    assert b"joon" not in left.lower()
    assert b"marta-k@tidewater.example" in left
    after = sqlite_ledger.figures()
    assert (after.deliveries, after.events, after.objects) == (before.deliveries, before.events, before.objects)
