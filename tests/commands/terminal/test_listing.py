"""Does a terminal get everything that an answer lists, in the reader's zone?"""

import io
from zoneinfo import ZoneInfo

from commands.terminal.listing import listing
from commands.terminal.painting import paint

BERLIN = ZoneInfo("Europe/Berlin")
BLOCKER = {
    "kind": "review_pending", "subject": "acme/api#101", "url": "https://forge.test/101", "owner": "Anna",
    "waiting_since": "2026-11-02T09:00:00Z", "waiting_business_hours": 12.4, "over_service_level": True,
    "next_action": "review it", "origin": "ai_heavy", "risk": None,
}  # fmt: skip
UNOWNED = {
    **BLOCKER,
    "url": None,
    "owner": None,
    "waiting_since": None,
    "waiting_business_hours": None,
    "over_service_level": False,
}
RELEASE = {
    "release": "shop 2.4",
    "verdict": "at_risk",
    "target": None,
    "earliest": {"p50": "2026-11-20T16:00:00Z"},
    "blockers": 4,
}


def painted(data: dict, most: int | None = None) -> list[list[str]]:
    out = io.StringIO()
    paint(listing(data, BERLIN, most), out)
    lines = [line for line in out.getvalue().splitlines() if line.strip(" ─━")]
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines]


def test_each_blocker_is_a_row():
    head, row = painted({"blockers": [BLOCKER]})
    assert head == ["Blocker", "What", "Owner", "Since", "Working time", "Next", "Origin", "Risk"]
    assert row == [
        "review pending", "acme/api#101", "Anna", "Mon 02 Nov 10:00", "12 h (over)", "review it",
        "ai heavy", "unknown",
    ]  # fmt: skip


def test_less_than_an_hour_is_not_rounded():
    for hours, told in ((0.18, "under 1 h"), (0.92, "under 1 h"), (1.2, "1 h"), (0.0, "under 1 h")):
        _, row = painted({"blockers": [{**BLOCKER, "waiting_business_hours": hours, "over_service_level": False}]})
        assert row[4] == told


def test_only_a_terminal_gets_links_since_it_hides_the_address():
    (wide,) = listing({"blockers": [BLOCKER]}, BERLIN, None, width=150)
    (piped,) = listing({"blockers": [BLOCKER]}, BERLIN, None)
    assert wide["rows"][1][1] == {"type": "link", "url": "https://forge.test/101", "text": "acme/api#101"}
    assert piped["rows"][1][1] == {"type": "raw_text", "text": "acme/api#101"}


def test_what_is_not_known_is_said_to_be_unknown():
    _, row = painted({"blockers": [UNOWNED]})
    assert row[1:5] == ["acme/api#101", "nobody", "unknown", "unknown"]


def test_each_release_is_a_row():
    head, row = painted({"releases": [RELEASE]})
    assert head == ["Release", "Verdict", "Target", "Earliest (50%)", "Blockers"]
    assert row == ["shop 2.4", "at risk", "none", "Fri 20 Nov 17:00", "4"]


def test_rows_beyond_the_most_are_counted():
    *rows, rest = painted({"blockers": [BLOCKER] * 5}, most=2)
    assert len(rows) == 3
    assert rest == ["and 3 more; --all lists them"]
    assert len(painted({"blockers": [BLOCKER] * 5})) == 6


def test_a_narrow_terminal_gets_the_columns_that_matter_most():
    (table,) = listing({"blockers": [BLOCKER]}, BERLIN, None, width=80)
    assert [cell["text"] for cell in table["rows"][0]] == ["Blocker", "What", "Owner", "Since", "Working time"]
    assert {len(row) for row in table["rows"]} == {5}


def test_an_answer_that_lists_nothing_has_no_table():
    assert listing({"blockers": []}, BERLIN, None) == []
    assert listing({"question": None, "said": "which?"}, BERLIN, None) == []


def test_moves_and_what_is_past_its_level_are_listed_like_blockers():
    for name, head in (("moves", "Move"), ("past_level", "Past its level")):
        first, row = painted({name: [BLOCKER]})
        assert first[:2] == [head, "What"]
        assert row[:3] == ["review pending", "acme/api#101", "Anna"]


def test_releases_that_settle_are_listed_with_their_quiet_days():
    settling = {
        "release": "shop 2.4", "state": "stabilizing", "shipped_at": "2026-11-02T09:00:00Z", "quiet_days": 3,
        "needed_days": 7, "stable_at": None,
    }  # fmt: skip
    _, row = painted({"settling": [settling]})
    assert row == ["shop 2.4", "stabilizing", "Mon 02 Nov 10:00", "3 of 7", "none"]
