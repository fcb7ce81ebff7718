"""What does somebody read of the handoffs that are open?"""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from assistant.mentioning import Naming
from assistant.people import people_of
from assistant.questions import handoffs
from assistant.scoped import Scoped
from assistant.scopes import service_subject, workspace_subject
from assistant.showing.handoffs import MOST, sheet
from assistant.showing.sheet import HEADLINE
from assistant.telling import Reader
from storage.records import HandoffState
from tests.assistant.showing.test_sheet import check
from tests.builders import NOON, facts_of
from tests.handing import as_viewer, company, handoff_of

POLICY = company()
YESTERDAY = NOON - timedelta(days=1)


def shown(*passed, who="cho", part="", subject=None, **more):
    reader = as_viewer(who)
    asked = Scoped(subject or workspace_subject(POLICY), reader, ("acme/api",), (), reader.key, passed, part)
    answer = handoffs.answer(replace(facts_of(**more), handoffs=passed), asked, POLICY, NOON)
    return sheet(answer, Reader(ZoneInfo("UTC"), NOON), Naming(people_of(POLICY), NOON))


def headings(told):
    return [b["elements"][0]["text"] for row in told.rows for b in row.blocks if b["type"] == "context"]


def test_nothing_open_is_said_in_one_sentence():
    assert shown().headline == "🟢 No handoff is open."
    assert shown(part="mine").headline == "🟢 Nobody handed anything to Cho Min that is open."
    assert shown(subject=service_subject(POLICY, "api")).headline == "🟢 api: No handoff is open."


def test_silence_about_hidden_things_is_no_good_news():
    told = shown(subject=service_subject(POLICY, "safe")).headline
    assert told == "❔ safe: No handoff is open. But not everything is known"


def test_the_headline_counts_them_and_says_which_is_latest():
    assert shown(handoff_of(), handoff_of("handoff:2")).headline == "🤝 2 open handoffs"
    told = shown(handoff_of(due_at=YESTERDAY), handoff_of("handoff:2"))
    assert told.headline == "🔴 2 open handoffs, 1 overdue: checkout 2.4 to QA, by 8 working hours"


def test_of_a_function_the_headline_names_it():
    assert shown(handoff_of(), part="qa").headline == "🤝 QA: 1 open handoff"


def test_my_own_are_headed_by_what_waits_for_me():
    told = shown(handoff_of(due_at=YESTERDAY), handoff_of("handoff:2", state=HandoffState.ACKNOWLEDGED), part="mine")
    assert told.headline == "👉 2 handoffs wait for Cho Min, 1 to acknowledge, 1 overdue"
    assert headings(told) == ["*To acknowledge*", "*To do*"]


def test_what_is_overdue_is_counted_where_it_waits():
    mine, others = handoff_of(state=HandoffState.RETURNED), handoff_of("handoff:2", due_at=YESTERDAY)
    told = shown(mine, others, who="anna", part="mine")
    assert told.headline == "👉 1 handoff waits for Anna Berg; 1 waits for others, 1 overdue"


def test_when_only_others_move_it_says_so():
    told = shown(handoff_of(), who="anna", part="mine")
    assert told.headline == "🤝 Nothing waits for Anna Berg; 1 handoff waits for others"
    assert headings(told) == ["*Waiting for others*"]


def test_all_are_listed_below_whose_move_it_is():
    told = shown(handoff_of(), handoff_of("handoff:2"), handoff_of("handoff:3", state=HandoffState.RETURNED))
    assert headings(told) == ["*Cho Min* moves next (2)", "*Anna Berg* moves next"]
    assert [row.object for row in told.rows] == ["handoff:1", "handoff:2", "handoff:3"]


def test_many_under_one_heading_are_counted_and_every_message_fits():
    told = shown(*(handoff_of(f"handoff:{n}", needed="Test <b>&" * 60) for n in range(40)))
    assert headings(told) == [f"*Cho Min* moves next (the first {MOST} of 40)"]
    assert len(told.headline) <= HEADLINE
    for message in (told.message(), told.lead(), *told.thread()):
        check(message)


def test_what_changed_since_is_told():
    before = {"blockers": {"handoff:9": ["checkout 2.4, QA to Product", "open"]}}
    told = shown(handoff_of(), seen=(YESTERDAY, before)).told[0]
    assert told.splitlines() == [
        "*Since Tue 17 Nov 12:00*", "• gone: checkout 2.4, QA to Product (open)",
        "• new: checkout 2.4, Engineering to QA (open)",
    ]  # fmt: skip
