"""The digest of stalled reviews is silent only where all is well and that is known."""

import io
import json
from datetime import timedelta

from assistant.desk import Desk
from assistant.questions import BY_NAME, stalled
from assistant.scoped import Scoped
from assistant.scopes import team_subject
from demo.forge import Forge, deliveries
from digests import BY_ID
from digests.stalled import quiet
from storage.facts import Freshness
from storage.sources.importing import Import
from tests.builders import COMPANY, NOON, at, change_of, facts_of, policy_of, turn, viewer

POLICY = policy_of(COMPANY)
DIGEST = BY_ID["stalled"]


def answered(*records, **more):
    asked = Scoped(team_subject(POLICY, "core"), viewer(policy=POLICY), ("acme/api", "acme/web"))
    return stalled.answer(facts_of(*records, claims=None, **more), asked, POLICY, NOON)


def within(number=1):
    return change_of(number, move=turn("review_pending", 1.0, "github/anna"))


def test_it_is_offered_to_channels_and_asks_its_question():
    assert (DIGEST.title, DIGEST.personal) == ("Stalled reviews", False)
    assert BY_NAME[DIGEST.question] is stalled


def test_reviews_within_their_level_are_no_news():
    assert quiet(answered())
    assert quiet(answered(within()))


def test_whatever_somebody_should_move_is():
    for kind, hours, movers in (
        ("review_pending", 72.0, ("github/anna",)), ("review_pending", 1.0, ()), ("ready_to_merge", 1.0, ()),
        ("changes_requested", 72.0, ()),
    ):  # fmt: skip
        assert not quiet(answered(change_of(1, move=turn(kind, hours, *movers))))


def test_that_all_of_it_went_away_is_said_once():
    late = stalled.outline(answered(change_of(1, move=turn("review_pending", 72.0))))
    assert not quiet(answered(seen=(NOON - timedelta(days=1), late)))
    assert quiet(answered(seen=(NOON - timedelta(days=1), stalled.outline(answered()))))


def test_a_source_gone_quiet_is_not_passed_over_in_silence():
    old = Freshness({"github": at("2026-10-01")}, {"github": at("2026-10-01")})
    assert not quiet(answered(freshness=old))


def test_from_the_first_push_to_the_name_of_who_could_take_it(sqlite_ledger):
    forge = Forge("acme/api")
    before, start = NOON - timedelta(days=9), NOON - timedelta(days=5)
    done = forge.pull(before, "bo", "Pay", "pay", messages=["Pay"], paths=("src/pay/a.py",))
    done.review(before + timedelta(hours=1), "cho", "approved")
    done.merge(before + timedelta(hours=2), "bo")
    waits = forge.pull(start, "bo", "Total is wrong", "total", messages=["Total"], paths=("src/pay/b.py", "README.md"))
    waits.ask(start, "bo", "anna")
    lines = b"".join(json.dumps(line).encode() + b"\n" for line in deliveries([forge], NOON))
    Import(sqlite_ledger).take("story", io.BufferedReader(io.BytesIO(lines)))
    desk = Desk(sqlite_ledger, POLICY, lambda: NOON)
    told = desk.told("stalled", "team core", viewer(policy=POLICY), NOON)
    assert told.sheet.headline == "🔴 1 review is past its service level by 12 working hours: api#102"
    assert told.sheet.rows[0].text.endswith("cho could take it and knows its files.")
    mine = desk.told("moves", "", viewer(policy=POLICY), NOON)
    assert mine.sheet.headline == (
        "👉 1 thing waits for you: review api#102 Total is wrong, 12 working hours past its service level"
    )
