"""A list of what waits says what each thing is, what to remember of it, and what could be missing."""

import json
from dataclasses import replace

from assistant import waits
from assistant.scopes import team_subject, workspace_subject
from assistant.situation import situation_of
from assistant.viewer import Viewer
from storage.facts import Freshness
from tests.answers import a_blocker
from tests.builders import COMPANY, NOON, at, change_of, facts_of, policy_of, viewer

POLICY = policy_of(COMPANY)
CORE = team_subject(POLICY, "core")
KNOWN = ("acme/api", "acme/web")


def gaps(subject=CORE, known=KNOWN, reader=None, **facts):
    made = facts_of(change_of(), **facts)
    found = situation_of(subject, made, POLICY, viewer=reader or viewer(policy=POLICY), now=NOON, heard=known)
    return [gap.key for gap in waits.unheard(found)]


def test_a_thing_as_data_is_plain_and_says_how_long_it_is_over():
    data = waits.as_data(a_blocker(waiting_hours=9.5))
    assert (data["over_business_hours"], data["over_service_level"], data["owner"]) == (1.5, True, "Anna Berg")
    json.dumps(data)
    assert waits.as_data(a_blocker(waiting_hours=None))["waiting_business_hours"] is None


def test_whatever_is_furthest_over_comes_first_then_whatever_waits_longest():
    little, much, none = a_blocker(1, waiting_hours=9), a_blocker(2, waiting_hours=30), a_blocker(3, level=None)
    longer = replace(none, object="change:acme/api#4", waiting_hours=90.0)
    order = sorted([none, little, longer, much], key=waits.most_over)
    assert [one.object[-1] for one in order] == ["2", "1", "4", "3"]


def test_what_is_remembered_is_what_was_listed_and_as_what():
    assert waits.outline([a_blocker()])["blockers"] == {"change:acme/api#101": ["acme/api#101", "review_pending"]}


def test_where_nothing_was_ever_heard_that_is_all_there_is_to_say():
    assert gaps(events=0) == gaps(known=()) == ["no_events"]


def test_a_repository_never_heard_of_a_hidden_one_and_what_was_left_out_are_said():
    assert gaps() == []
    assert gaps(known=("acme/api",)) == ["never_heard"]
    assert gaps(reader=Viewer("person/x", "X", sees=frozenset({"acme/api"}))) == ["hidden"]
    assert gaps(left_out=3) == ["too_many"]


def test_everything_that_may_be_seen_hides_nothing():
    reader = Viewer("person/x", "X", sees=frozenset({"acme/api"}))
    assert gaps(workspace_subject(POLICY), reader=reader) == []


def test_a_source_gone_quiet_decides():
    assert gaps(freshness=Freshness({"github": at("2026-10-01")}, {"github": at("2026-10-01")})) == ["stale_source"]
