"""What does somebody read of what waits for a function?"""

import json
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from assistant.mentioning import Naming
from assistant.people import people_of
from assistant.questions import queues
from assistant.scoped import Scoped
from assistant.scopes import release_subject, workspace_subject
from assistant.showing.queues import MOST, sheet
from assistant.telling import Reader
from storage.records import HandoffState
from tests.assistant.showing.test_sheet import check
from tests.builders import NOON, change_of, facts_of, release_of, ticket_of, turn
from tests.handing import as_viewer, company, handoff_of

POLICY = company()
RELEASES = tuple(release_subject(POLICY, "checkout", version) for version in ("2.4", "2.3"))


def shown(part="qa", *passed, records=(), releases=(), who="cho", **more):
    asked = Scoped(workspace_subject(POLICY), as_viewer(who), ("acme/api",), releases, None, passed, part)
    answer = queues.answer(replace(facts_of(*records, **more), handoffs=passed), asked, POLICY, NOON)
    return sheet(answer, Reader(ZoneInfo("UTC"), NOON), Naming(people_of(POLICY), NOON))


def headings(told):
    return [b["elements"][0]["text"] for row in told.rows for b in row.blocks if b["type"] == "context"]


SEVERAL = (
    handoff_of("handoff:1", due_at=NOON - timedelta(hours=1)),
    handoff_of("handoff:2", state=HandoffState.ACKNOWLEDGED),
    handoff_of("handoff:3", state=HandoffState.RETURNED),
    handoff_of("handoff:4", from_function="qa", to_function="product"),
)


def test_nothing_waiting_is_said_in_one_sentence():
    told = shown("product")
    assert told.headline == "🟢 Product: nothing waits for it"
    assert (told.summary, told.rows) == (("",), ())
    assert shown("").headline == "🟢 Nothing waits for any function."


def test_where_nobody_tells_nothing_is_no_good_news():
    assert shown("customer_success", events=0).headline == "❔ Customer success: nothing is known to wait for it"


def test_the_headline_counts_what_waits_and_what_it_waits_for():
    told = shown("qa", *SEVERAL)
    assert told.headline == "🔴 QA: 2 things wait for it, 1 overdue; it waits for 1 handoff itself"
    assert told.summary == ("1 waiting for it, 1 in hand, 1 returned, 1 with others.",)
    assert headings(told) == [
        "*Waiting for it*", "*In hand*", "*Returned, for their senders to send again*", "*What it waits for*",
    ]  # fmt: skip


def test_each_handoff_has_the_buttons_of_its_reader():
    first = shown("qa", *SEVERAL).rows[0].blocks
    assert [one["text"]["text"] for one in first[2]["elements"]] == ["Acknowledge", "Done…", "Return…"]


def test_reviews_are_listed_with_theirs():
    change = change_of(1, asked_teams=("acme/testers",), move=turn("review_pending", 30))
    told = shown("qa", records=(change,))
    assert told.headline == "🤝 QA: 1 thing waits for it"
    assert headings(told) == ["*Reviews asked of its team*"]
    assert "Take the review" in str(told.rows[0].blocks)


def test_design_debt_is_named():
    records = [ticket_of(n, labels=("design debt",), title="Blurred logo") for n in range(1, 9)]
    said = shown("design", records=records).summary[0]
    assert said.startswith("Design debt noted: <https://github.example/acme/api/issues/1|acme/api#1> Blurred logo,")
    assert said.endswith("and 2 more.")
    assert shown("design").summary == ("No open ticket notes design debt.",)


def test_what_customers_lack_has_the_button_that_says_where_it_is():
    told = shown("customer_success", records=(release_of(impact="some"),), releases=RELEASES[:1], who="eve")
    (row,) = told.rows
    assert row.text.startswith("*Release notes for checkout 2.4*, missing since")
    (button,) = row.blocks[-1]["elements"]
    assert button["text"]["text"] == "It is there…"
    assert json.loads(button["value"]) == {"release": "release:checkout@2.4", "what": "release notes"}


def test_tickets_since_the_launch_are_counted_and_named():
    out = release_of("2.3", shipped_at=NOON - timedelta(days=3))
    told = shown("customer_success", records=(out, ticket_of(1, title="Slow")), releases=RELEASES[1:], claims=None)
    launched = "*checkout 2.3* shipped Sun 15 Nov 12:00 (3 days ago); since then 1 ticket was opened: "
    assert told.summary[0].splitlines() == [
        "No open release lacks anything for its customers, as far as it was said what they notice of it.",
        f"{launched}<https://github.example/acme/api/issues/1|acme/api#1> Slow.",
    ]
    assert "No launch of the last two months is known." in shown("customer_success").summary[0]


def test_where_nothing_tells_of_tickets_no_number_is_printed():
    out = release_of("2.3", shipped_at=NOON - timedelta(days=3))
    told = shown("customer_success", records=(out,), releases=RELEASES[1:], claims=None)
    assert told.headline == "❔ Customer success: nothing is known to wait for it"
    assert told.summary[0].endswith("shipped Sun 15 Nov 12:00 (3 days ago); what was reported since is not known.")
    assert "What was reported since checkout 2.3 shipped: nothing tells of tickets where it is built." in told.told[-1]


def test_of_all_functions_each_is_named():
    told = shown("", *SEVERAL)
    assert told.headline == "🤝 Most waits for QA: 2 things"
    assert told.summary[2] == "*QA*: 1 waiting for it, 1 in hand, 1 returned, 1 with others."
    assert "*QA*, waiting for it" in headings(told)


def test_beside_other_queues_each_thing_is_listed_once():
    told = shown("", *SEVERAL)
    assert sorted(row.object for row in told.rows) == ["handoff:1", "handoff:2", "handoff:3", "handoff:4"]


def test_many_are_counted_and_every_message_fits():
    told = shown("qa", *(handoff_of(f"handoff:{n}", needed="Test <b>&" * 60) for n in range(40)))
    assert headings(told) == [f"*Waiting for it* (the first {MOST} of 40)"]
    for message in (told.message(), told.lead(), *told.thread()):
        check(message)
