"""A thing that waits is listed with whose move it is, since when, and what it needs, whatever its title holds."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.blockers.blocker import BlockerKind, NextAction, Owner
from assistant.mentioning import Naming
from assistant.people import people_of
from assistant.showing.pressing import TAKE
from assistant.showing.sheet import Sheet
from assistant.showing.things import Page, row
from assistant.telling import Reader
from assistant.words import escape
from storage.records import Attention, Mark
from tests.answers import NOW, a_blocker
from tests.assistant.showing.test_sheet import check
from tests.builders import COMPANY, policy_of

PEOPLE = people_of(policy_of(COMPANY))


def a_page(attention=None, reached=lambda _key: None):
    return Page(Reader(ZoneInfo("UTC"), NOW), Naming(PEOPLE, NOW, reached), attention or {})


def said(blocker, **more):
    return row(blocker, a_page(**more)).text


def test_a_thing_says_what_it_is_what_is_next_whose_move_it_is_and_since_when():
    assert said(a_blocker()).splitlines() == [
        "*Speed up quote cache 101* <https://github.com/acme/api/pull/101|acme/api#101>",
        "Review pending. Next: review it. Origin: mostly AI. Risk: high.",
        "Anna Berg, since Mon 2 Nov 09:04 (9 working hours), over its service level of 8 hours.",
    ]


def test_a_thing_of_nobody_says_so():
    assert "*No owner*, since" in said(a_blocker(owners=(), next_action=NextAction.FIND_REVIEWER))


def test_how_many_things_wait_for_it_is_told():
    assert "2 things wait for it." in said(a_blocker(unblocks=2))
    assert "1 thing waits for it." in said(a_blocker(unblocks=1))


def test_a_thing_that_was_snoozed_says_until_when_and_mentions_nobody():
    until = NOW + timedelta(days=1)
    attention = {"change:acme/api#101": Attention("attention:x", "change:acme/api#101", "acme/api", NOW,
                                                  snoozed=(Mark("person/anna", NOW, until),))}  # fmt: skip
    text = said(a_blocker(), attention=attention, reached=lambda _key: "U1")
    assert "snoozed until Wed 4 Nov 10:04" in text
    assert "<@U1>" not in text


def test_whose_move_it_is_is_mentioned_where_they_can_be_reached():
    assert "<@U1>, since" in said(a_blocker(), reached=lambda key: "U1" if key == "person/anna" else None)


def test_only_a_review_offers_to_be_taken():
    assert TAKE in str(row(a_blocker(), a_page()).blocks)
    assert TAKE not in str(row(a_blocker(kind=BlockerKind.MERGE_CONFLICT), a_page()).blocks)


def test_offers_are_sentences_of_the_things_own():
    text = row(a_blocker(), a_page(), offers=("Bo & Cho know its files.",)).text
    assert text.endswith("Bo &amp; Cho know its files.")


def test_a_row_knows_its_object():
    assert row(a_blocker(), a_page()).object == "change:acme/api#101"


def test_a_title_that_is_also_the_name_is_not_said_twice():
    text = said(a_blocker(title="acme/api#101"))
    assert text.startswith("*acme/api#101* <https://github.com/acme/api/pull/101|link>")


@pytest.mark.parametrize("hours", [None, 0.0, 1e9])
def test_a_wait_of_any_length_can_be_said(hours):
    assert "since" in said(a_blocker(waiting_hours=hours))


NASTY = (
    "<!channel>",
    "<@U1>",
    "*bold*",
    "a" * 5_000,
    "\u202eevil",
    "\x00\ud83d",
    "&" * 2_000,
    "شركة" * 200,
    "<http://x|y>",
    "",
)


@given(
    title=st.one_of(st.text(max_size=50), st.sampled_from(NASTY)),
    name=st.one_of(st.text(max_size=50), st.sampled_from(NASTY)),
    subject=st.one_of(st.text(max_size=50), st.sampled_from(NASTY)),
    owners=st.integers(0, 30),
    offers=st.lists(st.sampled_from(NASTY), max_size=4),
    url=st.sampled_from((None, "https://x.example/" + "p" * 900, "javascript:alert(1)", "https://x.example/>|<!here>")),
)
def test_no_words_of_a_thing_break_out_of_a_message(title, name, subject, owners, offers, url):  # noqa: PLR0917
    blocker = a_blocker(
        title=title, subject=subject, url=url, owners=tuple(Owner(f"github/{n}", name) for n in range(owners))
    )
    made = row(blocker, a_page(reached=lambda _key: None), offers=offers)
    sheet = Sheet("🚧 Web", rows=(made,) * 25)
    for message in (sheet.message(), *sheet.thread()):
        check(message)
    for outside in ("<!channel>", "<@U1>", "<!here>", "javascript:", "\u202e"):
        assert outside not in made.text
    assert escape(made.text) is not None


def test_a_row_of_what_anybody_may_answer_names_each_of_them():
    owners = (Owner("person/anna", "Anna Berg"), Owner("person/bo", "Bo"))
    assert "Anna Berg, Bo, since" in said(replace(a_blocker(), owners=owners))


# Handoffs


def handed(next_action=NextAction.TAKE_HANDOFF, **more):
    return a_blocker(
        kind=BlockerKind.HANDOFF_OPEN, object="handoff:1", subject="checkout 2.4", url=None, level=None, origin=None,
        risk=None, title="Engineering to QA: Test it", next_action=next_action, **more,
    )  # fmt: skip


def test_a_handoff_says_how_it_stands_and_by_when_it_is_due():
    told = said(handed(detail="overdue, not acknowledged yet", due_at=NOW - timedelta(hours=1)))
    assert told.splitlines()[:2] == [
        "*Engineering to QA: Test it*",
        "Handoff not done. Next: acknowledge it and do it. Overdue, not acknowledged yet. Due today 09:04.",
    ]


@pytest.mark.parametrize(
    ("action", "labels"),
    [
        (NextAction.TAKE_HANDOFF, ["Acknowledge", "Done…", "Return…"]),
        (NextAction.LOOK_AGAIN, ["Acknowledge", "Done…", "Return…"]),
        (NextAction.DO_HANDOFF, ["Done…", "Return…"]),
        (NextAction.ANSWER_HANDOFF, ["Send again…", "Withdraw…"]),
    ],
)
def test_a_handoff_has_the_buttons_of_whose_move_it_is(action, labels):
    (_, buttons) = row(handed(action), a_page()).blocks
    assert [one["text"]["text"] for one in buttons["elements"]] == labels
    assert {one["action_id"].partition(".")[0] for one in buttons["elements"]} == {"handoff"}
