"""Which handoffs are open, whose move is each, and which are mine?"""

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.questions import handoffs
from assistant.router import Asked, route
from assistant.scoped import Scoped
from assistant.scopes import change_subject, release_subject, service_subject, team_subject, workspace_subject
from storage.facts import Freshness
from storage.records import HandoffState, Mark, Step
from tests.builders import NOON, change_of, facts_of, merged_of, release_of
from tests.handing import CHANGE, RELEASE, as_viewer, company, done_of, handoff_of

POLICY = company()
EVERYTHING = workspace_subject(POLICY)
KNOWN = ("acme/api", "acme/web", "acme/secret")
LATE = NOON - timedelta(hours=26)  # a Tuesday at ten: ten working hours ago


def asked(who="anna", subject=EVERYTHING, part="", person=None, passed=()):
    reader = as_viewer(who, POLICY)
    return Scoped(subject, reader, KNOWN, person=person or reader.key, handoffs=tuple(passed), part=part)


def answered(*passed, who="anna", subject=EVERYTHING, part="", records=(), person=None, policy=POLICY, **more):
    facts = replace(facts_of(*records, **more), handoffs=passed)
    return handoffs.answer(facts, asked(who, subject, part, person, passed), policy, NOON)


def names(things):
    return [one.handoff.object for one in things]


def listed(*passed, **more):
    return names(answered(*passed, **more).handoffs)


# What is listed


def test_open_acknowledged_and_returned_ones_are_listed_and_answered_ones_are_not():
    found = listed(
        handoff_of("handoff:1"), handoff_of("handoff:2", state=HandoffState.ACKNOWLEDGED),
        handoff_of("handoff:3", state=HandoffState.RETURNED), done_of("handoff:4"), done_of("handoff:5", risk="slow"),
        handoff_of("handoff:6", state=HandoffState.WITHDRAWN),
    )  # fmt: skip
    assert found == ["handoff:1", "handoff:2", "handoff:3"]


def test_what_was_signed_before_something_landed_is_open_again():
    merged = merged_of(7, merged_at=NOON - timedelta(minutes=5))
    told = answered(done_of("handoff:4"), records=(merged,))
    assert names(told.handoffs) == ["handoff:4"]
    assert told.handoffs[0].state is HandoffState.STALE
    assert told.handoffs[0].as_data()["landed_since"][0]["name"] == "acme/api#7"


def test_overdue_ones_come_first_then_whatever_is_due_next():
    found = listed(
        handoff_of("handoff:1", due_at=NOON + timedelta(days=2)), handoff_of("handoff:2", due_at=NOON - timedelta(1)),
        handoff_of("handoff:3", due_at=NOON + timedelta(hours=1)), handoff_of("handoff:4", due_at=None),
    )  # fmt: skip
    assert found == ["handoff:2", "handoff:3", "handoff:1", "handoff:4"]


def test_how_late_one_is_counts_the_working_hours_of_whoever_has_to_move():
    told = answered(handoff_of(due_at=LATE, receiver="person/eve"), handoff_of("handoff:2", due_at=LATE))
    eve, cho = told.overdue
    assert round(cho.late) == 10
    assert 0 < eve.late < 10  # her day in New York begins later


def test_one_that_is_overdue_for_a_moment_is_overdue():
    assert answered(handoff_of(due_at=NOON - timedelta(seconds=1))).overdue


def test_they_are_grouped_by_whose_move_it_is():
    told = answered(
        handoff_of("handoff:1"), handoff_of("handoff:2", to_function="design", due_at=NOON - timedelta(hours=1)),
        handoff_of("handoff:3", state=HandoffState.RETURNED), handoff_of("handoff:4", receiver="person/bo"),
        handoff_of("handoff:5"),
    )  # fmt: skip
    assert [(group.name, names(group.things)) for group in told.groups] == [
        ("Design", ["handoff:2"]),
        ("Cho Min", ["handoff:1", "handoff:5"]),
        ("Anna Berg", ["handoff:3"]),
        ("Bo Cole", ["handoff:4"]),
    ]


# Of what


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        (release_subject(POLICY, "checkout", "2.4"), ["handoff:1", "handoff:2", "handoff:4"]),
        (release_subject(POLICY, "checkout", "2.5"), ["handoff:4"]),
        (change_subject(POLICY, CHANGE), ["handoff:2"]),
        (service_subject(POLICY, "api"), ["handoff:1", "handoff:2", "handoff:4", "handoff:5"]),
        (team_subject(POLICY, "core"), ["handoff:1", "handoff:2", "handoff:4", "handoff:5"]),
    ],
)
def test_a_scope_has_those_about_itself_and_what_it_is_made_of(subject, found):
    passed = (
        handoff_of("handoff:1"), handoff_of("handoff:2", about=CHANGE, repository="acme/api"),
        handoff_of("handoff:3", about="service:safe"), handoff_of("handoff:4", about="service:api"),
        handoff_of("handoff:5", about="ticket:acme/api#9", repository="acme/api"),
    )  # fmt: skip
    assert listed(*passed, subject=subject, records=(change_of(),)) == found


def test_under_a_release_the_data_says_which_do_not_hold_it_up():
    passed = (handoff_of(), handoff_of("handoff:2", about="service:api"))
    told = answered(*passed, subject=release_subject(POLICY, "checkout", "2.4")).as_data()["handoffs"]
    assert {one["object"]: one["does_not_hold_up"] for one in told} == {"handoff:1": None, "handoff:2": "checkout 2.4"}


def test_what_one_may_not_see_is_in_no_list():
    passed = (handoff_of(about="service:safe"), handoff_of("handoff:2", about="release:vault@1"))
    assert listed(*passed, who="cho") == []


def test_of_a_function_those_that_it_sent_or_was_sent():
    passed = (
        handoff_of("handoff:1"), handoff_of("handoff:2", from_function="qa", to_function="customer_success"),
        handoff_of("handoff:3", to_function="design"),
    )  # fmt: skip
    told = answered(*passed, part="qa")
    assert (told.whose, names(told.handoffs)) == ("QA", ["handoff:1", "handoff:2"])


# Mine


def test_mine_are_to_acknowledge_to_do_and_waiting_for_others():
    told = answered(
        handoff_of("handoff:1", sender="person/fay", from_function="product", to_function="engineering"),
        handoff_of("handoff:2", receiver="person/anna", state=HandoffState.ACKNOWLEDGED, sender="person/bo"),
        handoff_of("handoff:3", state=HandoffState.RETURNED),
        handoff_of("handoff:4"),
        handoff_of("handoff:5", sender="person/bo", to_function="design"),
        part="mine",
    )
    assert (told.mine, told.whose) == (True, "Anna Berg")
    assert names(told.to_acknowledge) == ["handoff:1"]
    assert names(told.to_do) == ["handoff:2", "handoff:3"]
    assert names(told.waiting) == ["handoff:4"]
    assert len(told.handoffs) == 4


def test_a_stale_one_is_to_be_done_again_by_its_receiver_and_waited_for_by_its_sender():
    moved = done_of(about=CHANGE, repository="acme/api", head="a1")
    change = replace(change_of(), head_sha="b2")
    assert names(answered(moved, part="mine", who="cho", records=(change,)).to_do) == ["handoff:1"]
    assert names(answered(moved, part="mine", records=(change,)).waiting) == ["handoff:1"]


def test_what_a_function_was_handed_is_theirs_who_is_on_duty_else_everybodys_who_acts_for_it():
    assert names(answered(handoff_of(), who="cho", part="mine").to_acknowledge) == ["handoff:1"]
    assert listed(handoff_of(), who="bo", part="mine") == []
    assert listed(handoff_of(to_function="design"), who="dee", part="mine") == ["handoff:1"]


def test_what_somebody_acknowledged_is_theirs_and_no_longer_that_of_who_is_on_duty():
    taken = handoff_of(
        state=HandoffState.ACKNOWLEDGED, steps=(Step("handoff.acknowledged", "person/bo", NOON, "slack"),)
    )  # fmt: skip
    assert names(answered(taken, who="bo", part="mine").to_do) == ["handoff:1"]
    assert listed(taken, who="cho", part="mine") == []
    by_rule = replace(taken, steps=(Step("handoff.acknowledged", "github/zed", NOON, "github"),))
    assert names(answered(by_rule, who="cho", part="mine").to_do) == ["handoff:1"]


def test_another_persons_are_listed_as_theirs():
    told = answered(handoff_of(), who="anna", part="mine", person="person/cho")
    assert (told.whose, names(told.to_acknowledge)) == ("Cho Min", ["handoff:1"])


# Who may press what


@pytest.mark.parametrize(
    ("who", "sides"),
    [("cho", (True, False)), ("bo", (True, False)), ("anna", (False, True)), ("eve", (False, False))],
)
def test_each_reader_is_on_the_side_that_is_theirs(who, sides):
    (one,) = answered(handoff_of(about="service:api"), who=who).handoffs
    assert (one.receives, one.sends) == sides


def test_guests_are_shown_none():
    assert listed(handoff_of(), who="gus") == []


def test_whoever_answers_for_the_release_is_on_its_senders_side():
    release = release_of(owner="person/fay")
    (one,) = answered(handoff_of(), who="fay", records=(release,)).handoffs
    assert (one.receives, one.sends) == (False, True)


def test_what_goes_to_a_function_that_nobody_is_in_may_be_answered_by_anyone_but_its_sender():
    one = handoff_of(to_function="sre")
    assert answered(one, who="eve").handoffs[0].receives
    assert not answered(one, who="anna").handoffs[0].receives


# What is not known, and what changed


def test_nothing_of_it_rests_on_other_sources_unless_something_is_signed():
    silent = Freshness({"github": NOON - timedelta(days=30)}, {"github": NOON - timedelta(days=30)})
    assert answered(handoff_of(), freshness=silent).unknown == ()
    assert [gap.key for gap in answered(done_of(), freshness=silent).unknown] == ["stale_source"]


def test_a_list_of_repositories_that_are_partly_hidden_says_so():
    assert [gap.key for gap in answered(who="cho", subject=service_subject(POLICY, "safe")).unknown] == ["hidden"]


def test_what_changed_since_it_was_last_seen_is_told():
    before = handoffs.outline(answered(handoff_of("handoff:1"), handoff_of("handoff:2")))
    told = answered(
        handoff_of("handoff:1", state=HandoffState.ACKNOWLEDGED), handoff_of("handoff:3"),
        seen=(NOON - timedelta(hours=1), before),
    )  # fmt: skip
    assert {(one.what, one.subject, one.before, one.after) for one in told.since.differences} == {
        ("cleared", "checkout 2.4, Engineering to QA", "open", None),
        ("new", "checkout 2.4, Engineering to QA", None, "open"),
        ("changed", "checkout 2.4, Engineering to QA", "open", "acknowledged"),
    }


def test_each_list_is_remembered_by_itself():
    keys = {handoffs.seen_key(asked(part=part, subject=subject)) for part in ("", "mine", "qa") for subject in
            (EVERYTHING, team_subject(POLICY, "core"))}  # fmt: skip
    assert len(keys) == 6


def test_the_data_says_all_of_each():
    one = handoff_of(
        due_at=LATE, receiver="person/cho", links=("https://docs.example/plan",), snoozed=(Mark("person/cho", NOON),)
    )
    (told,) = answered(one).as_data()["handoffs"]
    assert told["about"] == {"object": RELEASE, "name": "checkout 2.4", "title": None, "url": None}
    assert (told["from"], told["to"], told["state"], told["gating"]) == ("engineering", "qa", "open", True)
    assert (told["overdue"], told["overdue_business_hours"], told["due_at"]) == (True, 10.0, "2026-11-17T10:00:00Z")
    assert told["sender"] == {"key": "person/anna", "name": "Anna Berg"}
    assert (told["owner"], told["receiver"]["name"], told["since"]) == ("Cho Min", "Cho Min", "2026-11-18T09:00:00Z")
    assert told["links"] == ["https://docs.example/plan"]


# What is asked, and loaded


@pytest.mark.parametrize(
    ("text", "part", "scope"),
    [
        ("handoffs", "", ""),
        ("which handoffs are open?", "", ""),
        ("all open handoffs", "", ""),
        ("open handoffs of release 2.4", "", "release 2.4"),
        ("what handoffs are there for checkout 2.4", "", "checkout 2.4"),
        ("handoffs of team core", "", "team core"),
        ("team core handoffs", "", "team core"),
        ("my handoffs", "mine", "everything"),
        ("show me my open handoffs", "mine", "everything"),
        ("my handoffs in 2.4", "mine", "2.4"),
        ("handoffs for me", "mine", "everything"),
        ("QA handoffs", "qa", "everything"),
        ("handoffs of customer success in 2.4", "customer_success", "2.4"),
    ],
)
def test_words_ask_for_whose_and_of_what(text, part, scope):
    told = route(text)
    assert isinstance(told, Asked)
    assert told.question == "handoffs"
    assert handoffs.parted(told.parameters["about"], POLICY) == (part, scope)


def test_a_handoffs_change_and_a_release_s_members_are_loaded():
    passed = (handoff_of(about=CHANGE),)
    wanted = handoffs.needs(asked(subject=release_subject(POLICY, "checkout", "2.4"), passed=passed), POLICY, NOON)
    assert CHANGE in wanted.objects
    assert RELEASE in wanted.release_objects
    assert "2.4" in wanted.release_keys
