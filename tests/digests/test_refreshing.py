"""Does what was posted stay true?"""

from datetime import timedelta
from threading import Event

import pytest

from assistant.blocks import section
from assistant.policy import Policy
from assistant.showing import pressing
from digests import refreshing
from digests.poster import Down, Limited
from digests.refreshing import posted_at, refresh
from storage.posts import Owed
from storage.records import ChangeState, Folded
from storage.state.fold import fold
from tests.builders import NOON, at, change_of, merged_of, ticket_of
from tests.ledgers import delivered, event, ledger_at

PULL, OTHER, TICKET = "change:acme/api#101", "change:acme/api#102", "ticket:acme/api#55"
HOUR = timedelta(hours=1)


class Poster:
    """Takes updates, and keeps what it was sent; ``trouble`` is what it raises instead, once each."""

    def __init__(self, *trouble):
        self.sent, self.trouble, self.meanwhile = [], list(trouble), lambda: None

    def update(self, channel, ts, message):
        if self.trouble:
            raise self.trouble.pop()
        self.sent.append((channel, ts, said(message)))
        self.meanwhile()


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(refreshing, "EACH", timedelta(0))


@pytest.fixture
def ledger(sqlite_url):
    given = {}
    with ledger_at(
        sqlite_url, lambda n, events, rules: Folded(given[n]) if n in given else fold(n, events, rules)
    ) as opened:
        opened.given = given
        for record in (change_of(101), change_of(102), ticket_of(55)):
            put(opened, record)
        yield opened


def put(ledger, record):
    ledger.given[record.object] = record
    number = f"{record.object}{record}"
    ledger.append([delivered(event(record.object, "made.up", number, source="github"), number=number)])


def post(ledger, *abouts, when=NOON, channel="C1", ts=None):
    """A message with a row for each thing, posted at a moment."""
    blocks = [block for about in abouts for block in (section(about), *pressing.attending(about))]
    ts, key = ts or f"{when.timestamp():.6f}", f"subscription:1|{when}|{channel}"
    ledger.outbox.owe([Owed(key, channel, {"text": "Things", "blocks": blocks}, when, when + HOUR)], when)
    (claimed,) = ledger.outbox.claim(when, "test", HOUR, 1, 300)
    assert ledger.outbox.posted(claimed.key, "test", when, ts, channel)
    return ts


def said(message):
    return [
        b["text"]["text"] if b["type"] == "section" else b["elements"][0].get("text") for b in message["blocks"]
        if b["type"] != "actions"
    ]  # fmt: skip


def test_a_row_whose_thing_is_over_says_so_in_place_once(ledger):
    ts = post(ledger, PULL, OTHER)
    poster = Poster()
    assert refresh(ledger, Policy(), poster, NOON + HOUR) == 0
    put(ledger, merged_of(101, NOON + timedelta(minutes=4)))
    assert refresh(ledger, Policy(), poster, NOON + HOUR) == 1
    assert poster.sent == [("C1", ts, [PULL, "Done: merged, today 12:04", OTHER])]
    assert refresh(ledger, Policy(), poster, NOON + HOUR) == 0
    put(ledger, change_of(102, state=ChangeState.ABANDONED, closed_at=NOON + HOUR))
    refresh(ledger, Policy(), poster, NOON + 2 * HOUR)
    assert poster.sent[1][2] == [PULL, "Done: merged, today 12:04", OTHER, "Done: closed unmerged, today 13:00"]


def test_what_somebody_did_about_it_stands_beside_that(ledger):
    from assistant.acts.attending import attended
    from tests.builders import viewer

    ts = post(ledger, PULL)
    ledger.record([attended(PULL, "attention.taken", viewer(), NOON, {})], NOON)
    amended = refreshing.became(*_found(ledger, ts), ledger, str, refreshing.reader_of("", ts, ledger, Policy()), NOON)
    ledger.outbox.amend("C1", ts, lambda message: refreshing.renewed(message, amended), NOON)
    put(ledger, merged_of(101, NOON))
    poster = Poster()
    assert refresh(ledger, Policy(), poster, NOON + HOUR) == 1
    (block,) = [b for b in ledger.outbox.find("C1", ts)[1]["blocks"] if b["type"] == "context"]
    assert [element["text"] for element in block["elements"]] == [
        "Done: merged, today 12:00",
        "person/anna takes the review, today 12:00",
    ]


def _found(ledger, ts):
    return (ledger.outbox.find("C1", ts)[1],)


def test_a_post_older_than_a_day_is_left_as_it_was(ledger):
    post(ledger, PULL, when=NOON - timedelta(hours=25))
    put(ledger, merged_of(101, NOON))
    assert refresh(ledger, Policy(), Poster(), NOON) == 0


def test_all_kinds_of_things_come_to_an_end(ledger):
    post(ledger, TICKET)
    put(ledger, ticket_of(55, open=False, closed_at=NOON))
    poster = Poster()
    refresh(ledger, Policy(), poster, NOON + HOUR)
    assert poster.sent[0][2] == [TICKET, "Done: closed, today 12:00"]


@pytest.mark.parametrize("trouble", [Down("no answer"), Limited(30)])
def test_one_that_slack_does_not_take_stops_no_other(ledger, trouble):
    post(ledger, PULL, channel="C1")
    post(ledger, PULL, when=NOON + timedelta(seconds=5), channel="C2")
    put(ledger, merged_of(101, NOON))
    poster = Poster(trouble)
    assert refresh(ledger, Policy(), poster, NOON + HOUR) == 2
    assert [channel for channel, _, _ in poster.sent] == ["C1"]


def test_what_was_pressed_while_it_was_shown_is_shown_too(ledger):
    ts = post(ledger, PULL, OTHER)
    put(ledger, merged_of(101, NOON))
    poster = Poster()

    def press():
        poster.meanwhile = lambda: None
        ledger.outbox.amend("C1", ts, lambda m: {**m, "blocks": [*m["blocks"], section("pressed")]}, NOON)

    poster.meanwhile = press
    refresh(ledger, Policy(), poster, NOON + HOUR)
    assert poster.sent[-1][2][-1] == "pressed"


def test_a_process_that_stops_shows_no_more(ledger):
    stopping = Event()
    stopping.set()
    post(ledger, PULL)
    put(ledger, merged_of(101, NOON))
    assert refresh(ledger, Policy(), Poster(), NOON + HOUR, stopping) == 0


def test_one_round_shows_only_so_many_and_the_next_goes_on(ledger, monkeypatch):
    monkeypatch.setattr(refreshing, "MOST", 1)
    for second in range(0, 6, 3):
        post(ledger, PULL, when=NOON + timedelta(seconds=second), channel=f"C{second}")
    put(ledger, merged_of(101, NOON))
    poster = Poster()
    assert [refresh(ledger, Policy(), poster, NOON + HOUR) for _ in range(3)] == [1, 1, 0]


def test_a_posts_name_says_when_it_was_posted():
    assert posted_at("1763467200.000100") == at("2025-11-18T12:00:00.000100")
    assert posted_at("nan") == posted_at("") == at("1970-01-01")
